/**
 * Texts within answers, found where they stand, so that each can be replaced and all around them stays byte for byte: JSON,
 * XML documents, web pages. Total: what cannot be read is lines of plain text.
 */

/** @param path names joined by `/`, see kinds.ts. @returns what stands there from now on */
export type Rewrite = (value: string, path: string) => string;

export interface Rewriter {
  leaf: Rewrite;
  /** A name of a place; it is only shown. */
  name(name: string): void;
  /** A line of text outside of any object. */
  line(text: string): string;
  /** What was sent, but for a document. */
  request(text: string): string;
}

/** One token of valid JSON; what stands between texts, numbers and marks is left alone. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],:]|[^"{}[\],:\d-]+/y;

/** An object or list on the way to a value. */
interface Frame {
  /** The name under which it stands; null in a list, whose places have none. */
  at: string | null;
  /** What it holds. */
  node: unknown;
  isList: boolean;
  /** Of an object: the name whose value comes next. */
  key: string | null;
  /** Of a list: which of its items comes next. */
  index: number;
}

/**
 * Texts and numbers of JSON. A `value` beside a `name` stands at the place that is named there, as settings do in lists.
 * @param json valid
 */
export function rewriteJson(json: string, { leaf, name }: Rewriter): string {
  const whole: unknown = JSON.parse(json);
  const frames: Frame[] = [];
  let result = '';
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(json); match; match = TOKEN.exec(json)) {
    const [token] = match;
    const frame = frames.at(-1);
    if (token === '{' || token === '[') {
      const node = frame ? childOf(frame) : whole;
      frames.push({
        at: frame?.isList ? null : (frame?.key ?? null),
        node,
        isList: token === '[',
        key: null,
        index: 0,
      });
    } else if (token === '}' || token === ']') frames.pop();
    else if (token === ',' && frame) {
      frame.key = null;
      frame.index++;
    } else if (token.startsWith('"') && frame && !frame.isList && frame.key === null) {
      frame.key = parseText(token);
      name(frame.key);
    } else if (/^["\d-]/.test(token)) {
      const path = pathOf([...frames.map(({ at }) => at), frame ? placeIn(frame) : null]);
      result += token.startsWith('"') ? rewrittenText(token, path, leaf) : rewrittenNumber(token, path, leaf);
      continue;
    }
    result += token;
  }
  return result;
}

function childOf({ node, isList, key, index }: Frame): unknown {
  if (Array.isArray(node)) return isList ? node[index] : null;
  if (typeof node !== 'object' || node === null || key === null) return null;
  return Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : null;
}

const VALUES: ReadonlySet<string | null> = new Set(['value', 'requestedValue']);

function placeIn({ node, isList, key }: Frame): string | null {
  if (isList) return null;
  const named = VALUES.has(key) && typeof node === 'object' && node !== null && 'name' in node ? node.name : null;
  return typeof named === 'string' ? named : key;
}

function rewrittenText(token: string, path: string, leaf: Rewrite): string {
  const value = parseText(token);
  const rewritten = leaf(value, path);
  return rewritten === value ? token : JSON.stringify(rewritten);
}

function rewrittenNumber(token: string, path: string, leaf: Rewrite): string {
  const rewritten = leaf(token, path).replace(/^(-?)0(?=\d)/, '$11');
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(rewritten) ? rewritten : JSON.stringify(rewritten);
}

function parseText(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === 'string' ? value : '';
}

/** Of an attribute so many characters may be one text: a certificate may stand in one. */
const TAG =
  /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<[!?][^>]*>|<(\/?)([\w.:-]+)((?:[^<>"']|"[^"]{0,32768}"|'[^']{0,32768}')*?)(\/?)>/g;
const ATTRIBUTE = /([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** A document, or a page for people. */
export function rewriteXml(xml: string, { leaf, name, line }: Rewriter): string {
  const way: string[] = [];
  let result = '';
  let at = 0;
  const text = (raw: string) => (raw.trim() === '' ? raw : escapeLike(raw, leaf(unescapeXml(raw), pathOf(way))));
  for (const match of xml.matchAll(TAG)) {
    const [tag, closing, element = '', attributes = '', alone] = match;
    result += text(xml.slice(at, match.index));
    at = match.index + tag.length;
    if (/^<!\[CDATA\[[\s\S]*\]\]>$/.test(tag)) result += `<![CDATA[${leaf(tag.slice(9, -3), pathOf(way))}]]>`;
    else if (/^<!--[\s\S]*-->$/.test(tag)) result += `<!--${leaf(tag.slice(4, -3), 'Comment')}-->`;
    else if (!element) result += line(tag);
    else if (closing) {
      way.pop();
      result += tag;
    } else {
      name(element);
      const kept = attributes.replace(ATTRIBUTE, (_all, attribute: string, sign: string, quoted: string) => {
        name(attribute);
        const inner = quoted.slice(1, -1);
        const value = escapeLike(inner, leaf(unescapeXml(inner), pathOf([...way, element, attribute])));
        // A line end as it is would be read as a blank there.
        if (value !== inner) return `${attribute}${sign}${quoted[0]}${value.replaceAll('\n', '&#10;')}${quoted[0]}`;
        return `${attribute}${sign}${quoted[0]}${value}${quoted[0]}`;
      });
      result += `<${element}${kept}${alone}>`;
      if (!alone) way.push(element);
    }
  }
  return result + text(xml.slice(at));
}

const WRAPPERS: ReadonlySet<string> = new Set(['CommandResponse', 'Command', 'XmlDoc']);

function pathOf(way: readonly (string | null)[]): string {
  const names = way.filter((name) => name !== null && name !== 'Value');
  return (WRAPPERS.has(names[0] ?? '') ? names.slice(1) : names).join('/');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, named) => {
    if (named) return ENTITIES[named.toLowerCase()] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The raw text where nothing changed; else with the entities that XML asks for. */
function escapeLike(raw: string, value: string): string {
  if (value === unescapeXml(raw)) return raw;
  const marks: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
    '\r': '&#13;',
  };
  return value.replace(/[&<>"'\r]/g, (mark) => marks[mark] ?? mark);
}
