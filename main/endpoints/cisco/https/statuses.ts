/** What a codec's web server means by a status, a header or a page; its XML is read elsewhere. Pure. */
import { OtjError } from '../../../contract/errors.ts';
import type { HttpReply } from '../../transports/http.ts';
import {
  demandsPassphrase,
  loginRefused,
  tellsDuplicate,
  tellsSessionLimit,
  told,
} from '../../transports/loginOutcome.ts';

/** Cookies and longest wait that are believed. */
const MAX_COOKIE_CHARS = 4_096;
const MAX_WAIT_MS = 30_000;
/** nginx, which codecs run, answers so with status 400; [assumed] that they leave its page as it is. */
const CERTIFICATE_PAGE = /SSL certificate/i;

/**
 * The answer to a login. @returns the session's cookies; null = firmware without sessions (200 without a cookie; 404
 * [assumed] where it does not even know the place), where every request carries the password: then nobody has looked at it yet, see `judgeFirstReading`. Throws LOGIN_REFUSED, ACCOUNT_LOCKED,
 * ACCOUNT_EXPIRED, PASSPHRASE_CHANGE, SESSION_LIMIT, DUPLICATE_SESSION and as `judgeReply`.
 */
export function judgeLogin(reply: HttpReply, where: string): string | null {
  const { status } = reply;
  if (status === 200 || status === 204) {
    // Whoever is shown a page to sign in is not signed in, whatever is set beside it.
    if (isPage(reply.text) || isServedAsPage(reply)) throw new OtjError('ODD_REPLY', 'session begin: a web page');
    const cookies = sessionCookies(reply);
    if (cookies !== null || status === 200) return cookies;
    throw new OtjError('ODD_REPLY', `session begin: HTTP ${status} without a cookie`);
  }
  if (status === 404) return null;
  refuseLogin(reply, where);
  throw trouble(reply, 'session begin');
}

/**
 * The answer to the first reading where there are no sessions: the codec's word on the password, as `judgeLogin`.
 * [assumed] that 403 refuses the login here as well. Throws as `judgeLogin`; ODD_REPLY for what is no XML.
 */
export function judgeFirstReading(reply: HttpReply, where: string): void {
  refuseLogin(reply, where);
  const text = judgeReply(reply, { where, hasCookie: false });
  if (!/^\s*(<\?xml[^>]*>\s*)?<[a-z]/i.test(text)) throw new OtjError('ODD_REPLY', 'the first reading is no XML');
}

/**
 * The answer to a request. @returns its body. Throws NOT_ADMIN, STARTING, RATE_LIMITED, SESSION_LIMIT,
 * CLIENT_CERTIFICATE, ODD_REPLY; where the password was sent, what `judgeLogin` throws for a refused one.
 */
export function judgeReply(reply: HttpReply, { where, hasCookie }: { where: string; hasCookie: boolean }): string {
  const { status, text, isUtf8 } = reply;
  if (status === 401 && !hasCookie) throw refusal(reply, where);
  if (status === 401 || status === 403) throw new OtjError('NOT_ADMIN', `HTTP ${status} ${quote(text)}`.trim());
  if (status !== 200) throw trouble(reply, 'the codec');
  if (isPage(text)) throw new OtjError('ODD_REPLY', 'a web page in place of the API');
  if (text.trim() === '') throw new OtjError('ODD_REPLY', 'an empty reply');
  if (!isUtf8) throw new OtjError('ODD_REPLY', 'the reply is not UTF-8');
  return text;
}

/** Whether a reply asks to come later; anything about sessions needs a person. */
export function isBusy({ status, text }: HttpReply): boolean {
  const said = plain(text);
  return status === 503 && !tellsSessionLimit(said) && !tellsDuplicate(said);
}

/** How long a reply asks to wait, milliseconds, bounded; null when it does not tell in seconds. */
export function retryAfterMs({ headers }: HttpReply): number | null {
  const value = [headers['retry-after'] ?? ''].flat()[0]?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? Math.min(Number(value) * 1_000, MAX_WAIT_MS) : null;
}

/** Whether a body is a page for people. */
export function isPage(text: string): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html)[\s>]/i.test(text);
}

function isServedAsPage({ headers, text }: HttpReply): boolean {
  return text.trim() !== '' && /\bx?html\b/i.test([headers['content-type'] ?? ''].flat().join());
}

/** Throws when the reply is a word against the login itself. */
function refuseLogin(reply: HttpReply, where: string): void {
  const { status, text } = reply;
  const isGood = status === 200 || status === 204;
  if (!isGood && tellsDuplicate(plain(text)))
    throw new OtjError('DUPLICATE_SESSION', `HTTP ${status} ${quote(text)}`.trim());
  if (!isGood && tellsSessionLimit(plain(text)))
    throw new OtjError('SESSION_LIMIT', `HTTP ${status} ${quote(text)}`.trim());
  if (status === 401 || status === 403) throw refusal(reply, where);
}

function refusal({ status, text }: HttpReply, where: string): OtjError {
  const said = plain(text);
  // [assumed] Over HTTPS a codec that only wants a new passphrase says no more than that the login is refused.
  const also = status === 401 ? ', or the passphrase must be changed first' : '';
  const error = loginRefused(`HTTP ${status} ${said}`, where);
  return error.code === 'LOGIN_REFUSED' && demandsPassphrase(said)
    ? new OtjError('PASSPHRASE_CHANGE', error.words)
    : error.code === 'LOGIN_REFUSED' && also
      ? new OtjError('LOGIN_REFUSED', `${error.words ?? where}${also}`)
      : error;
}

function trouble({ status, text }: HttpReply, who: string): OtjError {
  if (status === 502) return new OtjError('STARTING', 'HTTP 502');
  if (status === 503 && tellsDuplicate(plain(text)))
    return new OtjError('DUPLICATE_SESSION', `HTTP 503 ${quote(text)}`);
  if (status === 503)
    return tellsSessionLimit(plain(text))
      ? new OtjError('SESSION_LIMIT', `HTTP 503 ${quote(text)}`)
      : new OtjError('RATE_LIMITED', 'HTTP 503');
  if (status === 400 && CERTIFICATE_PAGE.test(text)) return new OtjError('CLIENT_CERTIFICATE', 'HTTP 400');
  const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : quote(text);
  return new OtjError('ODD_REPLY', `${who}: HTTP ${status} ${what}`.trim());
}

/**
 * `SessionId=…`, and whatever is set beside it; null without one.
 * [assumed] that newer firmware may put a word before that name.
 */
function sessionCookies({ headers }: HttpReply): string | null {
  const pairs = [headers['set-cookie'] ?? []]
    .flat()
    .flatMap((cookie) => /^\s*([\w-]+=[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]+)/.exec(cookie)?.[1] ?? []);
  const cookie = pairs.join('; ');
  return pairs.some((pair) => /^\w*SessionId=/i.test(pair)) && cookie.length <= MAX_COOKIE_CHARS ? cookie : null;
}

/** A little of a body of plain words; markup may be anything. */
function quote(text: string): string {
  return /^\s*</.test(text) ? '' : told(text).slice(0, 80);
}

/** The words of a page or plain text: style sheets speak of blocks too. */
function plain(text: string): string {
  return text
    .slice(0, 16_384)
    .replace(/<(style|script)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>?/g, ' ');
}
