import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Calendars } from '../calendars.ts';
import { BodyTooLarge, basicOf, type HttpsHost, pause, readBody, startHttpsHost } from '../https-host.ts';
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
}

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** The Management Node's API over HTTPS. */
export function startManagement(options: ManagementOptions): Promise<HttpsHost> {
  const { behaviour } = options;
  const rate = new RateLimit();
  const oauth = new OAuth();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (behaviour.hang > 0) {
      behaviour.hang -= 1;
      return;
    }
    await pause(options.world.latencyMs);
    const wait = rate.refuse(behaviour.ratePerMinute);
    if (wait !== undefined) {
      send(response, { status: 429, headers: { 'Retry-After': String(wait) }, body: { error: 'Too many requests' } });
      return;
    }
    if (behaviour.unavailable > 0) {
      behaviour.unavailable -= 1;
      send(response, { status: 503, body: { error: 'Service unavailable' } });
      return;
    }
    const reply = await answer(request);
    const saved = !READING.includes(request.method ?? '') && reply.status < 300;
    if (saved && behaviour.loseReplies > 0) {
      behaviour.loseReplies -= 1;
      options.world.log('infinity: a saved change, its reply lost');
      request.socket.destroy();
      return;
    }
    send(response, reply);
  }

  async function answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', `https://${request.headers.host ?? 'manager'}`);
    const text = await readBody(request).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) return undefined;
      throw error;
    });
    if (text === undefined) return { status: 413, body: { error: 'Body too large' } };
    const method = request.method ?? 'GET';
    if (url.pathname === '/oauth/token/' && behaviour.oauth && method === 'POST') {
      return oauth.token(new URLSearchParams(text), url.href);
    }
    if (!url.pathname.startsWith('/api/admin/')) return notFound;

    const account = accountOf(request);
    if (!account) {
      return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Management Node"' } };
    }
    if (!url.pathname.endsWith('/')) return notFound;
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

  function accountOf(request: IncomingMessage): { mayWrite: boolean } | undefined {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return behaviour.oauth && oauth.holds(bearer) ? { mayWrite: true } : undefined;
    const given = basicOf(request);
    return options.accounts.find((one) => one.username === given?.username && one.password === given.password);
  }

  return startHttpsHost({ ...options, handler: handle });
}

function send(response: ServerResponse, reply: Reply): void {
  const headers: Record<string, string> = { ...reply.headers };
  const body = reply.body === undefined ? '' : JSON.stringify(reply.body);
  if (body) headers['Content-Type'] = 'application/json';
  response.writeHead(reply.status, headers).end(body);
}
