/**
 * The HTTP API of a codec (Cisco's HttpApi guide on https://roomos.cisco.com): who asks, what is asked, what is
 * answered. Sockets, TLS and faults are the web server's.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parsePutXml } from './bookings.ts';
import { commandPaths, execute } from './execute.ts';
import { actionError, asTyped, readRequests, runRequests } from './http-documents.ts';
import type { Codec } from './model.ts';
import { RateLimit } from './rate-limit.ts';
import type { Caller, Request } from './request.ts';
import { type Element, element, fromShape, pathWords } from './tree.ts';
import { type Account, REFUSALS } from './users.ts';
import { atLeast, major } from './version.ts';
import { buildXml, numbered, parseXml, replyDocument } from './xml.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  cookie: string | undefined;
  authorization: string | undefined;
  remoteAddress: string;
  body: string;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** The request as a person would type it. */
  asked?: string;
}

type Visitor = { account: Account; sessionId?: string };

/** [assumed]. */
const SESSION_LIMIT = 'The maximum number of sessions is reached';
const SIGN_IN_PAGE = '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>\n';
const DOCUMENTS: Record<string, 'Status' | 'Configuration'> = {
  '/status.xml': 'Status',
  '/configuration.xml': 'Configuration',
};
const API = ['/getxml', '/putxml', '/bookingsputxml', '/command.xml', '/valuespace.xml', ...Object.keys(DOCUMENTS)];
const SESSION = ['/xmlapi/session/begin', '/xmlapi/session/end'];

export function signInPage(): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: SIGN_IN_PAGE };
}

export function isApi(path: string): boolean {
  return API.includes(path) || SESSION.includes(path);
}

export class HttpApi {
  readonly #codec: Codec;
  readonly #basicLimit = new RateLimit(1, 30);
  readonly #cookieLimit = new RateLimit(15, 90);

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const path = request.url.pathname;
    if (path === '/') return { status: 302, headers: { location: '/web/signin' } };
    if (path.startsWith('/web')) return signInPage();
    if (!isApi(path)) return plain(404, 'Not Found');
    const visitor = await this.#admit(request);
    if (!('account' in visitor)) return visitor;
    switch (path) {
      case '/xmlapi/session/begin':
        return this.#begin(request, visitor);
      case '/xmlapi/session/end':
        if (visitor.sessionId !== undefined) this.#codec.sessions.close(visitor.sessionId);
        return { status: visitor.sessionId === undefined ? 200 : 204 };
      case '/putxml':
        return this.#put(request, callerOf(visitor));
      case '/bookingsputxml':
        return this.#putBookings(request, visitor);
      default:
        return this.#get(request, callerOf(visitor));
    }
  }

  /** A cookie goes before Basic; a cookie that is no longer good gets the sign-in page with status 200. */
  async #admit(request: HttpRequest): Promise<Visitor | HttpAnswer> {
    const { users, sessions } = this.#codec;
    const sessionId = /(?:^|;\s*)SessionId=([^;]+)/.exec(request.cookie ?? '')?.[1];
    const basic = /^Basic\s+(.+)$/i.exec(request.authorization ?? '')?.[1];
    if (sessionId !== undefined) {
      if (!(await this.#queue(this.#cookieLimit))) return plain(503, 'Service Unavailable');
      const session = sessions.use(sessionId);
      const account = session && users.get(session.username);
      if (account) return { account, sessionId };
      if (request.url.pathname === '/xmlapi/session/end') return { status: 200 };
      if (basic === undefined) return signInPage();
    }
    if (basic === undefined) return unauthorized();
    if (!(await this.#queue(this.#basicLimit))) return plain(503, 'Service Unavailable');
    const [username = '', ...passphrase] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    const login = users.login(username, passphrase.join(':'), 'Web');
    // That it must be changed is said to nobody who knows only HTTP [assumed].
    if (login.kind !== 'welcome') return unauthorized(login.kind === 'refused' ? REFUSALS[login.why] : '');
    const { account } = login;
    // The manuals of CE 8 and 9 let only administrators use the XML API.
    if (!atLeast(this.#codec.version, 10) && !account.roles.includes('Admin')) return plain(403, 'Forbidden');
    return { account };
  }

  async #queue(limit: RateLimit): Promise<boolean> {
    if (major(this.#codec.version) < 10) return true;
    const delay = limit.take();
    if (delay === undefined) return false;
    if (delay > 0) await wait(delay, undefined, { ref: false });
    return true;
  }

  #begin(request: HttpRequest, { account }: Visitor): HttpAnswer {
    if (request.method !== 'POST') return plain(405, 'Method Not Allowed');
    // [assumed]: cookies came with CE 8. One who asks for one before that gets nothing, but no error either.
    if (!atLeast(this.#codec.version, 8)) return { status: 200 };
    const session = this.#codec.sessions.open(account.username, 'Web', request.remoteAddress);
    if (!session) return plain(503, SESSION_LIMIT);
    account.lastLogin = { address: request.remoteAddress, time: session.since.replace('T', ' ').slice(0, 19) };
    return { status: 204, headers: { 'set-cookie': `SessionId=${session.id}; Path=/; Secure; HttpOnly` } };
  }

  async #put({ method, body }: HttpRequest, caller: Caller): Promise<HttpAnswer> {
    if (method !== 'POST') return plain(405, 'Method Not Allowed');
    const requests = readRequests(this.#codec, body);
    const asked = requests.map(asTyped).join('\n');
    return { ...this.#xml(await runRequests(this.#codec, caller, requests)), asked };
  }

  #putBookings({ method, body }: HttpRequest, { account }: Visitor): HttpAnswer {
    if (method !== 'POST') return plain(405, 'Method Not Allowed');
    if (!account.roles.includes('Admin')) return plain(403, 'Forbidden');
    const root = parseXml(body);
    const bookings = root?.name === 'Bookings' ? parsePutXml(root) : 'No bookings in document';
    if (typeof bookings === 'string') return this.#xml(actionError(bookings));
    this.#codec.bookings.replace(bookings);
    return this.#xml(element('success'));
  }

  async #get({ url }: HttpRequest, caller: Caller): Promise<HttpAnswer> {
    if (url.pathname === '/command.xml') return this.#xml(commandDocument(this.#codec, caller));
    if (url.pathname === '/valuespace.xml') return this.#xml(element('Valuespace'));
    const [first = '', ...path] = pathWords(url.searchParams.get('location') ?? '');
    const whole = DOCUMENTS[url.pathname];
    const document = whole ?? (['Status', 'Configuration'] as const).find((one) => one === first);
    if (!document) return this.#xml(element('EmptyResult'));
    const request: Request = { kind: 'get', document, path: whole ? [] : path };
    const reply = await execute(this.#codec, caller, request);
    const root = reply.kind === 'no-match' ? element('EmptyResult') : replyDocument(reply, this.#codec);
    return { ...this.#xml(root), asked: asTyped(request) };
  }

  #xml(root: Element): HttpAnswer {
    const headers = { 'content-type': 'text/xml; charset=UTF-8' };
    const body = buildXml(this.#codec.spec.numbersAll ? numbered(root) : root);
    return { status: 200, headers, body: `<?xml version="1.0"?>\n${body}\n` };
  }
}

function callerOf({ account }: Visitor): Caller {
  return { username: account.username, roles: account.roles };
}

function commandDocument(codec: Codec, caller: Caller): Element {
  const root = element('Command');
  for (const path of commandPaths(codec, caller.roles)) {
    let here = root;
    for (const word of path.split(' ')) {
      let next = here.children.find((child) => child.name === word);
      if (!next) {
        [next] = fromShape({ [word]: {} });
        if (!next) break;
        here.children.push(next);
      }
      here = next;
    }
    here.attributes.command = 'True';
  }
  return root;
}

function plain(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=UTF-8' }, body: `${status} ${text}\n` };
}

function unauthorized(words = ''): HttpAnswer {
  const { status, headers, body } = plain(401, words === '' ? 'Unauthorized' : `Unauthorized\n${words}`);
  return { status, headers: { ...headers, 'www-authenticate': 'Basic realm="CISCO-Endpoint"' }, body: body ?? '' };
}
