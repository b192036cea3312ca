/** xAPI words, apart from any transport: building a command line, and reading replies whatever their details. Pure. */
import { OtjError } from '../../contract/errors.ts';
import type { Link } from '../driver.ts';

export type XapiValue = string | number | boolean;
/** A repeated parameter is a list. */
export type XapiParams = Record<string, XapiValue | readonly XapiValue[]>;

const LONGEST_TOLD = 40;

/**
 * What both transports offer: the same calls, and the same shapes of what comes back, whether it came as JSON or as XML.
 * Leaves are read with `leaf`, lists with `asList`. Every reply is read; an unknown shape throws ODD_REPLY.
 */
export interface Xapi {
  readonly link: Link;
  /** A status or configuration subtree, without wrappers; undefined when the codec has none. */
  get(tree: 'Status' | 'Configuration', path: string): Promise<unknown>;
  /** @returns the result of the command, without wrappers. Throws REFUSED with the codec's reason. */
  command(path: string, params?: XapiParams, body?: string): Promise<Record<string, unknown>>;
  /** Sets one configuration, e.g. `NetworkServices HTTP Mode`. Throws REFUSED with the codec's reason. */
  set(path: string, value: XapiValue): Promise<void>;
  /** Ends the session on the codec and the connection; never throws. */
  close(): Promise<void>;
}

/**
 * One line for tsh. Values in double quotes with `"` and `\` escaped JSON style (Cisco jsxapi).
 * Throws ODD_REPLY for a line break or NUL in a value: it would start another command.
 */
export function commandLine(path: string, params: XapiParams, resultId: string): string {
  const words = Object.entries(params).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${typeof one === 'string' ? quote(one) : title(one)}`),
  );
  return [`xCommand ${path}`, ...words, `| resultId="${resultId}"`].join(' ');
}

/** One line that sets a configuration. Throws ODD_REPLY as `commandLine` does. */
export function configurationLine(path: string, value: XapiValue, resultId: string): string {
  return `xConfiguration ${path}: ${typeof value === 'string' ? quote(value) : title(value)} | resultId="${resultId}"`;
}

/**
 * Reads the JSON reply to a set: an accepted one holds nothing but its id (Cisco jsxapi, tests), or the value that was
 * set. Throws REFUSED when an error is named anywhere in it, ODD_REPLY for anything else.
 */
export function confirmSet(reply: Record<string, unknown>, path: string, value: XapiValue): void {
  const { ResultId: _id, ...told } = reply;
  const failure = failureIn(told);
  if (failure) throw refusal(path, failure);
  if (Object.keys(told).length === 0) return;
  const { Configuration, ...others } = told;
  const echo = Object.keys(others).length === 0 ? leaf(subtree({ Configuration }, 'Configuration', path)) : undefined;
  if (echo?.toLowerCase() !== title(value).toLowerCase()) throw new OtjError('ODD_REPLY', `${path}: ${brief(reply)}`);
}

const MAX_NESTED = 64;
const MAX_REASON = 200;

/** The first record in a reply that says of itself that it is an error, or what an `ActionError` holds. */
export function failureIn(node: unknown, depth = 0): Record<string, unknown> | undefined {
  if (depth > MAX_NESTED || !isRecord(node)) return undefined;
  if ('ActionError' in node) return isRecord(node.ActionError) ? node.ActionError : {};
  if (/error/i.test(leaf(node.status) ?? '') || leaf(node.error)?.toLowerCase() === 'true') return node;
  for (const child of Object.values(node).flatMap(asList)) {
    const found = failureIn(child, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** A failure as an error, with the codec's reason wherever it stands. */
export function refusal(what: string, failure: unknown): OtjError {
  const fields = isRecord(failure) ? ['Reason', 'Error', 'Description', 'Cause', 'Value', 'status'] : [];
  const words = fields.map((field) => isRecord(failure) && leaf(failure[field])?.trim()).find((text) => text);
  return new OtjError('REFUSED', `${what}: ${(words || 'error').slice(0, MAX_REASON)}`);
}

export function quote(value: string): string {
  if (/\p{Cc}/u.test(value)) throw new OtjError('ODD_REPLY', 'a value holds a line break or control character');
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

function title(value: XapiValue): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/**
 * The result of a command out of a JSON reply. The key is the last two words of the path and `Result`, in any case, or
 * plain `Result` for an unknown command: success under any other name is another command's. Throws REFUSED or ODD_REPLY.
 */
export function commandResult(reply: Record<string, unknown>, path: string): Record<string, unknown> {
  const response = sole(reply.CommandResponse);
  if (!isRecord(response)) throw new OtjError('ODD_REPLY', brief(reply));
  const results = Object.entries(response)
    .filter(([key]) => /result$/i.test(key))
    .map(([key, result]): [string, unknown] => [key, sole(result)]);
  // A failure counts whatever it is called.
  for (const [, result] of results)
    if (isRecord(result) && /^(parameter)?error$/i.test(leaf(result.status) ?? '')) throw refusal(path, result);
  const words = path.split(' ');
  // Two words are seen; more of the same path name it all the more.
  const names = words.map((_word, at) => `${words.slice(at - words.length).join('')}Result`.toLowerCase());
  const expected = new Set(words.length > 1 ? names.slice(0, -1) : names);
  const own = results.find(([key]) => expected.has(key.toLowerCase())) ?? results.find(([key]) => key === 'Result');
  if (isRecord(own?.[1]) && leaf(own[1].status)?.toUpperCase() === 'OK') return own[1];
  throw new OtjError('ODD_REPLY', brief(reply));
}

/**
 * The subtree at `path` of a JSON reply to xStatus or xConfiguration; undefined when there is no value.
 * Throws REFUSED when the codec names an error.
 */
export function subtree(reply: Record<string, unknown>, tree: 'Status' | 'Configuration', path: string): unknown {
  const response = sole(reply.CommandResponse);
  const failed = sole((isRecord(response) ? response[tree] : undefined) ?? reply[tree]);
  if (isRecord(failed) && /^error$/i.test(leaf(failed.status) ?? ''))
    throw new OtjError('REFUSED', `${tree} ${path}: ${leaf(failed.Reason) ?? 'error'}`);
  let node: unknown = reply[tree];
  for (const word of path.split(' ')) {
    if (node === undefined) return undefined;
    node = /^\d+$/.test(word) ? item(node, word) : child(node, word);
  }
  return node;
}

/**
 * What is below a name; through a list of one, which some software writes where another has no list. Names are the same
 * in any case to a codec, which answers with its own spelling whatever was asked; attributes, in lower case, are no names.
 */
export function child(node: unknown, word: string): unknown {
  const at = sole(node);
  if (!isRecord(at)) return undefined;
  if (Object.hasOwn(at, word)) return at[word];
  const key = word.toLowerCase();
  return Object.entries(at).find(([name]) => name.toLowerCase() === key && /^[A-Z]/.test(name))?.[1];
}

/** The element of a list of one; anything else as it is. */
export function sole(node: unknown): unknown {
  return Array.isArray(node) && node.length === 1 ? node[0] : node;
}

/** An element of a list by its id; a codec with one element may give the bare object. */
function item(node: unknown, id: string): unknown {
  const list = asList(node);
  return (
    list.find((one) => isRecord(one) && String(leaf(one.id) ?? '') === id) ?? (list.length === 1 ? list[0] : undefined)
  );
}

/** Text of a leaf: `{"Value":"x"}`, a bare string, number or boolean, also as the only one of a list; else undefined. */
export function leaf(from: unknown): string | undefined {
  const node = sole(from);
  if (typeof node === 'string') return node;
  if (typeof node === 'number' || typeof node === 'boolean') return String(node);
  if (isRecord(node) && 'Value' in node) return leaf(node.Value);
  return undefined;
}

/** Text of the leaf at a path of names below `node`. */
export function textAt(node: unknown, ...path: string[]): string | undefined {
  let at = node;
  for (const word of path) at = child(at, word);
  return leaf(at);
}

/** Lists with one element come as the element, absent ones as nothing. */
export function asList(node: unknown): unknown[] {
  return node === undefined || node === null ? [] : Array.isArray(node) ? node : [node];
}

export function isTrue(node: unknown): boolean {
  return leaf(node)?.toLowerCase() === 'true';
}

export function isRecord(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** The shape of a reply, for a person to look at. Long texts stay out: they may be macros, which hold tokens. */
function brief(reply: unknown): string {
  const short = (_key: string, value: unknown) =>
    typeof value === 'string' && value.length > LONGEST_TOLD ? `${value.length} characters` : value;
  return JSON.stringify(reply, short).slice(0, 200);
}
