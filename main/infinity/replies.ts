/** What is wrong with a reply of the Management Node, as one error of the catalogue. Pure. */
import { OtjError } from '../contract/errors.ts';
import type { HttpReply } from '../endpoints/transports/http.ts';
import { isHtml, parseErrorBody } from './errorBody.ts';
import { isObjectPath } from './paths.ts';
import { redact, wordsOf } from './redact.ts';

export interface Asked {
  method: string;
  path: string;
}

/**
 * @param secrets what was sent in confidence and must not come back in words
 * @returns null for a success, and for a 404 of an object that is looked for or removed
 */
export function problemOf(asked: Asked, reply: HttpReply, secrets: readonly string[]): OtjError | null {
  const { status, text, headers } = reply;
  const success = status >= 200 && status < 300;
  const about = `HTTP ${status} to ${asked.method} ${short(asked.path)}`;
  if (success) return isHtml(text) ? new OtjError('INFINITY_ODD', `${titled(text, secrets)}; ${about}`) : null;
  const body = parseErrorBody(text);
  const said = wordsOf(body, secrets);
  const words = said ? `${said} (${about})` : about;
  if (status === 401) {
    // of a router or a proxy it is the realm that gives it away
    const realm = /realm="([^"]{1,80})"/i.exec(String(headers['www-authenticate'] ?? ''))?.[1];
    return new OtjError('INFINITY_LOGIN', realm ? `${words}, from "${redact(realm, secrets)}"` : words);
  }
  if (status === 429) return new OtjError('RATE_LIMITED', words);
  if (status === 500 || (status >= 502 && status <= 504)) return new OtjError('INFINITY_UNREACHABLE', words);
  if (status >= 300 && status < 400) {
    const to = redact(String(headers.location ?? ''), secrets).slice(0, 200);
    return new OtjError('INFINITY_ODD', `redirected to ${to || 'nowhere'}; ${about}`);
  }
  // 407 is a proxy's own refusal, so what stands in between is the trouble
  if (body.kind === 'html' || status < 200 || status >= 500 || status === 407)
    return new OtjError('INFINITY_ODD', words);
  if (status === 403) return new OtjError('INFINITY_FORBIDDEN', words);
  if (status === 404 && (asked.method === 'GET' || asked.method === 'DELETE'))
    return isObjectPath(asked.path) ? null : new OtjError('INFINITY_ODD', words);
  return new OtjError('INFINITY_REFUSED', words);
}

function titled(text: string, secrets: readonly string[]): string {
  const title = wordsOf(parseErrorBody(text), secrets);
  return title ? `a web page, "${title}"` : 'a web page';
}

/** A path as people know it: without the part that all have in common, and without its query. */
export function short(path: string): string {
  return path.replace(/^\/api\/admin\//, '').replace(/\?.*$/, '');
}
