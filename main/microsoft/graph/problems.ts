/** What is wrong with an answer of Graph, as one error of the catalogue. Pure. */
import { type ErrorCode, OtjError } from '../../contract/errors.ts';
import { parseJson } from './json.ts';

/** Characters of the other side's words that are kept. */
const MOST_WORDS = 400;

/** An answer as it came, of a request of its own or of a part of a batch. */
export interface Told {
  status: number;
  /** Lower-case names. */
  header(name: string): string | null;
  text: string;
}

export interface Asked {
  method: string;
  path: string;
}

/** A problem that Graph has told, with its own code, by which callers may decide. */
export class GraphError extends OtjError {
  /** Such as `ErrorAccessDenied`; empty when it named none. */
  readonly graphCode: string;
  readonly status: number;

  constructor(code: ErrorCode, told: { status: number; graphCode: string; requestId: string | null }, words: string) {
    super(code, words, { requestId: told.requestId === null ? null : plain(told.requestId, 80) });
    this.graphCode = told.graphCode;
    this.status = told.status;
  }
}

/** Null for a success. */
export function problemOf(asked: Asked, told: Told): GraphError | null {
  const { status, text } = told;
  const page = isPage(told);
  if (status >= 200 && status < 300 && !page) return null;
  const { code: graphCode, message, innerId } = errorIn(text);
  const requestId = told.header('request-id') ?? innerId;
  // the front door of Microsoft shows a page of its own when what is behind it fails
  const isFront = status >= 500 && status !== 511;
  const isPortal = !isFront && (page || (status >= 300 && status < 400) || status === 407 || status === 511);
  const code = isPortal ? 'M365_PORTAL' : codeOf(status, graphCode);
  const said = [graphCode, message].filter((one) => one !== '').join(': ');
  const told3xx = status >= 300 && status < 400 ? `redirected to ${hostOf(told.header('location'))}` : '';
  const words = [
    page ? `a web page${titleOf(text)}` : plain(said || told3xx, MOST_WORDS),
    `HTTP ${status} to ${asked.method} ${shortPath(asked.path)}`,
    requestId === null ? '' : `request-id ${plain(requestId, 80)}`,
  ].filter((one) => one !== '');
  return new GraphError(code, { status, graphCode, requestId }, words.join('; '));
}

/** Codes of a 409 that was met because somebody wrote at the same time; SharePoint says so also without an `If-Match`. */
const CROSSED = ['resourcemodified', 'conflict', 'editconflict'];

function codeOf(status: number, graphCode: string): ErrorCode {
  if (status === 401) return 'M365_SIGN_IN_NEEDED';
  if (status === 403) return 'M365_FORBIDDEN';
  if (status === 404 || status === 410) return 'M365_NOT_FOUND';
  if (status === 412 || (status === 409 && CROSSED.includes(graphCode.toLowerCase()))) return 'M365_CHANGED';
  if (status === 429) return 'M365_BUSY';
  if (status >= 502 && status <= 504) return 'M365_UNREACHABLE';
  if (isUndecided(status)) return 'M365_FAILED';
  return status >= 400 ? 'M365_REFUSED' : 'M365_ODD';
}

/** Answers of the 500s that say that nothing was done: not offered, turned away, another HTTP, no space left. */
const UNDONE: ReadonlySet<number> = new Set([501, 503, 505, 507]);

/** Whether what was asked for may have been done all the same. */
export function isUndecided(status: number): boolean {
  return status >= 500 && !UNDONE.has(status);
}

/** Graph's own code and message of an error body; empty ones when it is none. */
function errorIn(text: string): { code: string; message: string; innerId: string | null } {
  const error = field(parseJson(text), 'error');
  const inner = field(error, 'innerError') ?? field(error, 'innererror');
  const id = field(inner, 'request-id');
  return {
    code: plain(stringOf(field(error, 'code')), 100),
    message: plain(stringOf(field(error, 'message')), MOST_WORDS),
    innerId: typeof id === 'string' ? id : null,
  };
}

/** Graph answers with JSON. What begins as a page was made by something else, whatever its type says. */
function isPage({ text, header }: Told): boolean {
  const html = /^text\/html\b/i.test(header('content-type') ?? '');
  return /^[\s\uFEFF]*</.test(text.slice(0, 4096)) || (html && text.trim() !== '');
}

function titleOf(text: string): string {
  const title = /<title\b[^>]{0,200}>([^<]{1,200})/i.exec(text.slice(0, 65_536))?.[1];
  return title === undefined ? '' : `, "${plain(title, 100)}"`;
}

function hostOf(location: string | null): string {
  return plain(URL.parse(location ?? '')?.host ?? 'nowhere', 100);
}

/** Without the query, which is long and says little. */
export function shortPath(path: string): string {
  return plain(path.replace(/\?.*$/s, ''), 200);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** On one line and without what moves a cursor or turns the writing around. */
export function plain(words: string, most: number): string {
  return [...words.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')].slice(0, most).join('').trim();
}
