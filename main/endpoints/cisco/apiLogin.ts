/**
 * Signs in to a codec over HTTPS as the account made for Infinity and reads its bookings: the way a Conferencing Node
 * will come. Source: Cisco API reference guide (session begin/end) and public clients of /putxml.
 */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';
import { type HttpReply, openHttp } from '../transports/http.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  parseTagValue: false,
});
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

type Login = { username: string; password: string };

/**
 * One login try. @returns the codec's words. Throws LOGIN_REFUSED when the account does not get in, NOT_ADMIN when it may
 * not read bookings, ODD_REPLY, and the transport's errors.
 */
export async function provesLogin(
  target: Pick<EndpointTarget, 'address' | 'httpsPort' | 'trust' | 'timeoutMs'>,
  { username, password }: Login,
): Promise<string> {
  const { address, httpsPort, trust, timeoutMs } = target;
  const link = openHttp({ address, port: httpsPort, timeoutMs, tls: { pin: trust } });
  try {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const begun = await link.request({ method: 'POST', path: '/xmlapi/session/begin', headers: { authorization } });
    if (begun.status === 401 || begun.status === 403)
      throw new OtjError('LOGIN_REFUSED', `as ${username}: HTTP ${begun.status}`);
    // 200 without a cookie is firmware without sessions: the password is right, each request carries it.
    const cookie = sessionCookie(begun);
    if (!cookie && begun.status !== 200)
      throw new OtjError(begun.status === 503 ? 'RATE_LIMITED' : 'ODD_REPLY', `session: HTTP ${begun.status}`);
    const headers: Record<string, string> = cookie ? { cookie } : { authorization };
    try {
      const body = builder.build({ Command: { Bookings: { List: { '@command': 'True' } } } }) as string;
      const reply = await link.request({
        method: 'POST',
        path: '/putxml',
        headers: { ...headers, 'content-type': 'text/xml' },
        body,
      });
      return bookingsWords(reply, username);
    } finally {
      // Sessions do not end by themselves and their number is limited.
      if (cookie) await link.request({ method: 'POST', path: '/xmlapi/session/end', headers }).catch(() => undefined);
    }
  } finally {
    await link.close();
  }
}

function sessionCookie({ headers }: HttpReply): string | null {
  const cookies = [headers['set-cookie'] ?? []].flat();
  return cookies.map((cookie) => /^(SessionId=[^;]+)/.exec(cookie)?.[1]).find((found) => found !== undefined) ?? null;
}

/** HTTP 200 says nothing: only a BookingsListResult with status OK does. */
function bookingsWords({ status, text }: HttpReply, username: string): string {
  if (status === 401 || status === 403) throw new OtjError('NOT_ADMIN', `as ${username}: HTTP ${status}`);
  const result = status === 200 && !/^\s*<!doctype html/i.test(text) ? resultOf(text) : undefined;
  if (result === 'OK') return `signed in over HTTPS as ${username}; BookingsListResult status OK`;
  if (result === 'Error') throw new OtjError('NOT_ADMIN', `as ${username}: Bookings List status Error`);
  throw new OtjError('ODD_REPLY', `Bookings List: HTTP ${status} ${text.slice(0, 80)}`);
}

function resultOf(xml: string): string | undefined {
  try {
    const parsed = parser.parse(xml) as {
      Command?: { BookingsListResult?: { '@status'?: string }; Result?: { '@status'?: string } };
    };
    return parsed.Command?.BookingsListResult?.['@status'] ?? parsed.Command?.Result?.['@status'];
  } catch {
    return undefined;
  }
}
