/**
 * The one reader of error replies of the Management API. Pure and total: any text gives a result, never a throw.
 * The wording of the messages is not stable between versions, so nothing may decide by it; it is for people.
 */

export interface ErrorBody {
  /** `html` means that something other than the API answered, such as a proxy. */
  kind: 'empty' | 'text' | 'json' | 'html';
  /** What was said, as sent and not yet redacted; `field` is the API's field name when one is named. */
  items: { field: string | null; text: string }[];
}

/** Longest reply that is looked into as JSON, characters. */
const MAX_JSON = 1024 * 1024;
const MAX_ITEMS = 20;
const MAX_DEPTH = 8;

/** Wrappers whose name says nothing about a field; seen in go-infinity-sdk's error reader, and usual for Django. */
const NOT_FIELDS = new Set(['error', 'details', 'detail', 'message', 'error_message', '__all__', 'non_field_errors']);
/** Server internals: long, of no use to a technician. */
const SKIPPED = new Set(['traceback']);

/** Whether a body is a web page. Judged by its text, since API replies without a body are also labelled text/html. */
export function isHtml(text: string): boolean {
  return /^[\s\uFEFF]*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|title|h1)\b/i.test(
    text.slice(0, 4096),
  );
}

/**
 * Reads an error body: per-field lists, the same nested under the resource's name, `error`/`details`,
 * `message`/`detail`, `error_message`, plain text, a web page, or nothing.
 */
export function parseErrorBody(text: string): ErrorBody {
  if (text.trim() === '') return { kind: 'empty', items: [] };
  if (isHtml(text)) return { kind: 'html', items: titleOf(text) };
  const json = text.length <= MAX_JSON ? parseJson(text) : undefined;
  if (json === undefined) return { kind: 'text', items: [{ field: null, text }] };
  const items: ErrorBody['items'] = [];
  collect(json, { field: null, depth: 0, items });
  return { kind: 'json', items };
}

function collect(value: unknown, at: { field: string | null; depth: number; items: ErrorBody['items'] }): void {
  const { field, depth, items } = at;
  if (items.length >= MAX_ITEMS || depth > MAX_DEPTH || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_ITEMS)) collect(item, { field, depth: depth + 1, items });
  } else if (typeof value === 'object') {
    for (const key of Object.keys(value).slice(0, 100)) {
      if (SKIPPED.has(key)) continue;
      const inner: unknown = Reflect.get(value, key);
      collect(inner, { field: NOT_FIELDS.has(key) ? field : key, depth: depth + 1, items });
    }
  } else if (String(value).trim() !== '') {
    items.push({ field, text: String(value) });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function titleOf(html: string): ErrorBody['items'] {
  const title = /<(title|h1)\b[^>]{0,200}>([^<]{1,300})/i.exec(html.slice(0, 65_536))?.[2]?.trim();
  return title ? [{ field: null, text: title }] : [];
}
