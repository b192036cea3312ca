import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { Calendars } from '../calendars.ts';
import { BodyTooLarge, basicOf, type HttpsHost, readBody, startHttpsHost, Way } from '../https-host.ts';
import type { World } from '../types.ts';
import { type Behaviour, RateLimit } from './behaviour.ts';
import { type Call, configuration, notFound, type Reply } from './configuration.ts';
import { CONFIGURATION, STATUS } from './fields.ts';
import { OAuth } from './oauth.ts';
import { type Contact, status } from './status.ts';
import type { Store } from './store.ts';

export interface AdminAccount {
  username: string;
  password: string;
  /** An administrator role without write permission gets 403. */
  mayWrite: boolean;
  /** A role without rights on One-Touch Join gets 403 for all of it. */
  mayRead?: false;
  /** Its password is over: refused, or sent to the page where it is changed (which of them is assumed). */
  expired?: 'refused' | 'redirected';
}

export interface ManagementOptions {
  world: World;
  address: string;
  port: number;
  certificateNames: string[];
  accounts: AdminAccount[];
  store: Store;
  behaviour: Behaviour;
  calendars: Calendars;
  contacts: Map<number, Contact>;
  version: string;
  /** Counted up with each request; `token`: questions for a token among them. */
  requests: { all: number; token: number };
}

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** The Management Node's API over HTTPS. */
export async function startManagement(options: ManagementOptions): Promise<HttpsHost> {
  const { behaviour } = options;
  const rate = new RateLimit();
  const way = new Way();
  const oauth = new OAuth();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = performance.now();
    options.requests.all += 1;
    if (request.url === TOKEN_PATH) options.requests.token += 1;
    if (behaviour.hang > 0) {
      behaviour.hang -= 1;
      return;
    }
    // What has come at the same time is noted as here before this is worked on.
    await turn();
    const reply = await outcome(request);
    const arrive = reply ? answering(response, reply) : () => void request.socket.destroy();
    // All of it together: what the work here has taken is no part of the way.
    await way.walk(arrived, options.world.latencyMs, arrive);
  }

  /** undefined: it is done, and the reply to it gets lost. */
  async function outcome(request: IncomingMessage): Promise<Reply | undefined> {
    const early = turnedAway();
    if (early) return early;
    const isWrite = !READING.includes(request.method ?? '') && request.url !== TOKEN_PATH;
    const trouble = isWrite ? chance(behaviour.chaos) : undefined;
    if (trouble === '429') return tooMany(0);
    if (trouble === '503') return unavailable;
    const reply = await answer(request);
    if (!isWrite || reply.status >= 300) return reply;
    if (behaviour.failAfterSaving > 0 || trouble === '500') {
      behaviour.failAfterSaving = Math.max(0, behaviour.failAfterSaving - 1);
      options.world.log('infinity: a saved change, answered with 500');
      return { status: 500, body: { error: 'Internal error' } };
    }
    if (behaviour.loseReplies > 0 || trouble === 'lost') {
      behaviour.loseReplies = Math.max(0, behaviour.loseReplies - 1);
      options.world.log('infinity: a saved change, its reply lost');
      return undefined;
    }
    return reply;
  }

  /** What comes before any look at the request. */
  function turnedAway(): Reply | undefined {
    if (behaviour.proxyPages > 0) {
      behaviour.proxyPages -= 1;
      return { status: behaviour.proxyStatus, page: PROXY_PAGE };
    }
    const wait = rate.refuse(behaviour.ratePerMinute);
    if (wait !== undefined) return tooMany(wait);
    if (behaviour.tooMany > 0) {
      behaviour.tooMany -= 1;
      return tooMany(0);
    }
    if (behaviour.maintenance) return unavailable;
    if (behaviour.unavailable > 0) {
      behaviour.unavailable -= 1;
      return unavailable;
    }
    return undefined;
  }

  async function answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', `https://${request.headers.host ?? 'manager'}`);
    const text = await readBody(request).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) return undefined;
      throw error;
    });
    if (text === undefined) return { status: 413, body: { error: 'Body too large' } };
    const method = request.method ?? 'GET';
    if (url.pathname === TOKEN_PATH && behaviour.oauth && method === 'POST') {
      return oauth.token(new URLSearchParams(text), url.href, behaviour.tokenSeconds, nowSeconds());
    }
    if (!url.pathname.startsWith('/api/admin/')) return notFound;

    const account = accountOf(request);
    if (!account) return REFUSED;
    if (account.expired === 'refused') return { ...REFUSED, body: { error: 'Your password has expired' } };
    if (account.expired) return { status: 302, headers: { Location: '/admin/password_change/' } };
    if (!url.pathname.endsWith('/')) return notFound;
    if (account.mayRead === false && url.pathname.includes('/mjx_'))
      return { status: 403, body: { error: 'Permission denied' } };
    if (!account.mayWrite && !READING.includes(method)) return { status: 403, body: { error: 'Permission denied' } };

    const call: Call = { method, path: url.pathname, parameters: url.searchParams, body: undefined };
    if (text !== '') {
      try {
        call.body = JSON.parse(text);
      } catch {
        return { status: 400, body: { error: 'Invalid JSON' } };
      }
    }
    if (call.path.startsWith(STATUS)) return status(call, options);
    if (!call.path.startsWith(CONFIGURATION)) return notFound;
    const reply = configuration(call, {
      store: options.store,
      behaviour,
      created: (resource, row) => {
        if (resource.name !== 'oauth2_client') return undefined;
        const { clientId, privateKey } = oauth.register();
        return {
          row: { ...row, client_id: clientId },
          shownOnce: { client_id: clientId, private_key_jwt: privateKey },
        };
      },
    });
    if (reply.headers?.Location && behaviour.location === 'absolute') {
      return { ...reply, headers: { ...reply.headers, Location: new URL(reply.headers.Location, url).href } };
    }
    return reply;
  }

  type Rights = Pick<AdminAccount, 'mayWrite' | 'mayRead' | 'expired'>;

  function accountOf(request: IncomingMessage): Rights | undefined {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return behaviour.oauth ? clientOf(bearer) : undefined;
    const given = basicOf(request);
    return options.accounts.find((one) => one.username === given?.username && one.password === given.password);
  }

  /** What the role of the OAuth2 client that holds a token may do. */
  function clientOf(token: string): Rights | undefined {
    const id = oauth.holder(token, nowSeconds());
    const client = options.store.rows('oauth2_client').find((row) => id !== undefined && row.client_id === id);
    const role = options.store.follow(client?.role);
    return role && { mayWrite: role.name !== READ_ONLY };
  }

  function nowSeconds(): number {
    return Math.floor((Date.now() + behaviour.clockOffsetMs) / 1000);
  }

  /** Makes a reply out, and returns what sends it. */
  function answering(response: ServerResponse, { status, headers, body, page }: Reply): () => void {
    const type = body !== undefined ? 'application/json' : page !== undefined ? 'text/html' : null;
    const text = body === undefined ? page : JSON.stringify(body, behaviour.valuesAs === 'texts' ? asText : undefined);
    return () => {
      const date = new Date(Date.now() + behaviour.clockOffsetMs).toUTCString();
      response.writeHead(status, { ...headers, ...(type && { 'Content-Type': type }), Date: date }).end(text);
    };
  }

  const host = await startHttpsHost({ ...options, handler: handle });
  // A token lives in the memory of the platform.
  const { start } = host;
  host.start = () => {
    oauth.revokeAll();
    return start();
  };
  return host;
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

const TOKEN_PATH = '/oauth/token/';
/** Name of the role whose clients may only look. */
export const READ_ONLY = 'Read-only';
const REFUSED: Reply = { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Management Node"' } };
const unavailable: Reply = { status: 503, body: { error: 'Service unavailable' } };
const tooMany = (seconds: number): Reply => ({
  status: 429,
  headers: { 'Retry-After': String(seconds) },
  body: { error: 'Too many requests' },
});
const PROXY_PAGE = '<!DOCTYPE html>\n<html><head><title>Web gateway</title></head><body>Blocked.</body></html>';

const TROUBLES = ['lost', '500', '429', '503'] as const;

function chance(share: number): (typeof TROUBLES)[number] | undefined {
  return Math.random() < share ? TROUBLES[Math.floor(Math.random() * TROUBLES.length)] : undefined;
}
