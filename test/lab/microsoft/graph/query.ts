/** What stands behind the question mark: the few forms of OData that are used, and a refusal of all others, as Graph refuses them. */
import { createHash } from 'node:crypto';
import { type Call, fault, type Reply } from './route.ts';

export type Row = Readonly<Record<string, unknown>>;

export class Query {
  readonly #values = new Map<string, string>();

  constructor(text: string) {
    for (const part of text.split('&')) {
      if (part === '') continue;
      const [name = '', ...rest] = part.split('=');
      this.#values.set(decodeURIComponent(name).toLowerCase(), decodeURIComponent(rest.join('=').replaceAll('+', ' ')));
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }
}

interface ListOptions<T> {
  /** `$top` when it is absent, and the most that is taken. */
  page: number;
  most: number;
  /** Properties that may stand in a filter. */
  filters?: readonly string[];
  /** Properties given when there is no `$select`; all when absent. */
  usual?: readonly string[];
  /** Makes the rows of one page, where the list itself holds something else. */
  shape?: (item: T) => Row;
}

/** A list as the call wants it: filtered, selected, one page of it with a link to the next. */
export function listReply<T = Row>(
  call: Call,
  rows: readonly T[],
  { page, most, filters = [], usual, shape = (item) => item as Row }: ListOptions<T>,
): Reply {
  const filter = call.query.get('$filter');
  let kept = rows;
  if (filter !== undefined) {
    const fits = filterOf(filter, filters);
    if (fits === null) return fault(400, 'Request_UnsupportedQuery', 'Unsupported or invalid query filter clause.');
    kept = rows.filter((row) => fits(shape(row)));
  }
  const top = call.query.get('$top');
  const size = top === undefined ? page : Number(top);
  if (!Number.isInteger(size) || size < 1) return fault(400, 'BadRequest', 'Invalid $top.');
  const skip = skipOf(call);
  if (skip === null) return fault(400, 'Directory_ExpiredPageToken', 'The specified page token value is not valid.');
  const end = skip + Math.min(size, most);
  const body: Record<string, unknown> = { '@odata.context': `${call.base}/$metadata#${call.path.slice(1)}` };
  if (call.query.get('$count') === 'true') body['@odata.count'] = kept.length;
  if (end < kept.length) body['@odata.nextLink'] = nextLink(call, end);
  body.value = kept.slice(skip, end).map((row) => selected(shape(row), call.query.get('$select'), usual));
  return { status: 200, body };
}

/** Only what was asked for; `@odata` names stay. */
export function selected(row: Row, select: string | undefined, usual?: readonly string[]): Row {
  const names = select === undefined ? usual : select.split(',').map((name) => name.trim());
  if (!names) return row;
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => name.startsWith('@odata.') || wanted.has(name.toLowerCase()) || name === 'id',
    ),
  );
}

/** A token of the page says where it goes on, and for which question. */
function nextLink({ base, path, query }: Call, at: number): string {
  const kept = ['$select', '$filter', '$top', '$count', '$expand', '$orderby'].flatMap((name) => {
    const value = query.get(name);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  const token = Buffer.from(`${at} ${sealOf(path, query, at)}`).toString('base64url');
  return `${base}${path}?${[...kept, `$skiptoken=${token}`].join('&')}`;
}

function skipOf({ path, query }: Call): number | null {
  const token = query.get('$skiptoken');
  if (token === undefined) return 0;
  const [at = '', seal] = Buffer.from(token, 'base64url').toString().split(' ');
  return seal === sealOf(path, query, Number(at)) ? Number(at) : null;
}

function sealOf(path: string, query: Query, at: number): string {
  const about = [path.toLowerCase(), query.get('$filter') ?? '', query.get('$top') ?? '', at].join('\n');
  return createHash('sha256').update(about).digest('base64url').slice(0, 16);
}

/** Clauses that the directory takes in one filter. Source: filter-query-parameter of Microsoft Graph. */
const MOST_CLAUSES = 15;
const VALUE = String.raw`'(?:[^']|'')*'|true|false|null|-?\d+`;
const EQ = new RegExp(String.raw`^([\w/]+)\s+eq\s+(${VALUE})$`, 's');
const IN = new RegExp(String.raw`^([\w/]+)\s+in\s+\(\s*((?:${VALUE})(?:\s*,\s*(?:${VALUE}))*)\s*\)$`, 's');
const ANY = /^(\w+)\/any\((\w+):\s*\2\s+eq\s+('(?:[^']|'')*')\)$/s;

/** One condition: the property is one of the values, or, with `any`, holds one of them. */
export interface Clause {
  name: string;
  values: readonly unknown[];
  any: boolean;
}

/** `eq`, `in`, `any(x:x eq …)`, joined by `or`. Null for what the directory does not take. */
export function clausesOf(text: string, allowed: readonly string[]): Clause[] | null {
  const clauses: Clause[] = [];
  for (const clause of splitOr(text)) {
    const any = ANY.exec(clause);
    const many = any ? null : IN.exec(clause);
    const one = any || many ? null : EQ.exec(clause);
    const name = (any ?? many ?? one)?.[1];
    if (name === undefined || !allowed.includes(name)) return null;
    const values = (any?.[3] ?? many?.[2] ?? one?.[2] ?? '').match(new RegExp(VALUE, 'gs'))?.map(literalOf) ?? [];
    clauses.push({ name, values, any: any !== null });
  }
  const count = clauses.reduce((sum, { values }) => sum + values.length, 0);
  return count > MOST_CLAUSES ? null : clauses;
}

function filterOf(text: string, allowed: readonly string[]): ((row: Row) => boolean) | null {
  const clauses = clausesOf(text, allowed);
  if (!clauses) return null;
  const tests = clauses.map(({ name, values, any }) => {
    const wanted = new Set(values.map(folded));
    return (row: Row) => {
      const value = fieldOf(row, name);
      return any ? Array.isArray(value) && value.some((item) => wanted.has(folded(item))) : wanted.has(folded(value));
    };
  });
  return (row) => tests.some((test) => test(row));
}

/** At `or` outside of quotes. */
function splitOr(text: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    if (!quoted && /^\s+or\s+/i.test(text.slice(at))) {
      parts.push(text.slice(from, at));
      at += (/^\s+or\s+/i.exec(text.slice(at))?.[0].length ?? 1) - 1;
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
}

function literalOf(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return JSON.parse(text);
}

function fieldOf(row: Row, name: string): unknown {
  return name.split('/').reduce<unknown>((value, part) => (value as Row | undefined)?.[part], row);
}

/** The directory compares texts without regard to case. */
function folded(value: unknown): string {
  return typeof value === 'string' ? `s${value.toLowerCase()}` : JSON.stringify(value ?? null);
}
