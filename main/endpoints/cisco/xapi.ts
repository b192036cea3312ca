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
 * Reads the JSON reply to a set: an accepted one holds nothing but its id (Cisco jsxapi, tests). Throws REFUSED when the
 * codec names an error for the path or the value.
 */
export function confirmSet(reply: Record<string, unknown>, path: string): void {
  let node = subtree(reply, 'Configuration', path);
  if (node === undefined) return;
  if (Array.isArray(node)) node = node[0];
  if (isRecord(node) && leaf(node.error)?.toLowerCase() === 'true')
    throw new OtjError('REFUSED', `${path}: ${leaf(node) ?? 'error'}`);
}

export function quote(value: string): string {
  if (/\p{Cc}/u.test(value)) throw new OtjError('ODD_REPLY', 'a value holds a line break or control character');
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

function title(value: number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/**
 * The result of a command out of a JSON reply. The key is the last two words of the path and `Result`, or plain
 * `Result` for an unknown command. Throws REFUSED or ODD_REPLY.
 */
export function commandResult(reply: Record<string, unknown>, path: string): Record<string, unknown> {
  const response = reply.CommandResponse;
  if (!isRecord(response)) throw new OtjError('ODD_REPLY', brief(reply));
  const expected = `${path.split(' ').slice(-2).join('')}Result`;
  const result =
    response[expected] ?? response.Result ?? Object.entries(response).find(([key]) => key.endsWith('Result'))?.[1];
  if (!isRecord(result)) throw new OtjError('ODD_REPLY', brief(reply));
  const status = leaf(result.status);
  if (status === 'OK') return result;
  if (status === 'Error' || status === 'ParameterError') {
    const reason = ['Reason', 'Error', 'Description', 'Cause'].map((key) => leaf(result[key])).find((text) => text);
    throw new OtjError('REFUSED', `${path}: ${reason ?? status}`);
  }
  throw new OtjError('ODD_REPLY', brief(reply));
}

/**
 * The subtree at `path` of a JSON reply to xStatus or xConfiguration; undefined when there is no value.
 * Throws REFUSED when the codec names an error.
 */
export function subtree(reply: Record<string, unknown>, tree: 'Status' | 'Configuration', path: string): unknown {
  const response = reply.CommandResponse;
  const failed = (isRecord(response) ? response[tree] : undefined) ?? (isRecord(reply[tree]) ? reply[tree] : undefined);
  if (isRecord(failed) && leaf(failed.status) === 'Error')
    throw new OtjError('REFUSED', `${tree} ${path}: ${leaf(failed.Reason) ?? 'error'}`);
  let node: unknown = reply[tree];
  for (const word of path.split(' ')) {
    if (node === undefined) return undefined;
    node = /^\d+$/.test(word) ? item(node, word) : isRecord(node) ? child(node, word) : undefined;
  }
  return node;
}

/** Names are the same in any case to a codec, which answers with its own spelling whatever was asked. */
function child(node: Record<string, unknown>, word: string): unknown {
  const key = word.toLowerCase();
  return node[word] ?? Object.entries(node).find(([name]) => name.toLowerCase() === key)?.[1];
}

/** An element of a list by its id; a codec with one element may give the bare object. */
function item(node: unknown, id: string): unknown {
  const list = asList(node);
  return (
    list.find((one) => isRecord(one) && String(leaf(one.id) ?? '') === id) ?? (list.length === 1 ? list[0] : undefined)
  );
}

/** Text of a leaf: `{"Value":"x"}`, a bare string, number or boolean; undefined otherwise. */
export function leaf(node: unknown): string | undefined {
  if (typeof node === 'string') return node;
  if (typeof node === 'number' || typeof node === 'boolean') return String(node);
  if (isRecord(node) && 'Value' in node) return leaf(node.Value);
  return undefined;
}

/** Text of the leaf at a path of names below `node`. */
export function textAt(node: unknown, ...path: string[]): string | undefined {
  let at = node;
  for (const word of path) at = isRecord(at) ? at[word] : undefined;
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
