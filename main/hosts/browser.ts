/**
 * The window over loopback HTTP: calls by POST, events by SSE, and the same pages as in the desktop app. Other programs
 * and pages on this computer can reach the port as well, so nothing is answered without the cookie, and nothing that was
 * asked for by another page.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import type { Bridge } from '../contract/bridge.ts';
import { OtjError } from '../contract/errors.ts';
import { Entrance } from './entrance.ts';
import { EventStream } from './eventStream.ts';
import { makePages, ownHeaders, type Page, type Pages, textPage } from './pages.ts';

/** Room lists are given in a call; the longest ones have some thousand rows. */
const LARGEST_BODY = 32 * 1024 * 1024;
const AGAIN = 'Open OTJ Migrator again from the program that runs it.';
/** The page keeps the key for its own tab and goes on by itself: after a redirect a browser would hold the cookie back. */
const WELCOME_SCRIPT = `sessionStorage.setItem('otj-key', document.querySelector('meta[name=key]').content);
location.replace('/');
`;
const welcome = (key: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="key" content="${key}"><title>OTJ Migrator</title><script src="/welcome.js"></script></html>`;

const callSchema = z.object({ name: z.string(), input: z.unknown().optional() });

type Env = { Bindings: HttpBindings };

export interface BrowserHostOptions {
  backend: Bridge;
  /** The window as it was built. */
  folder: string;
  /** Told how many pages are connected, each time that changes. */
  pagesOpen?(count: number): void;
  /** Somebody came with an address that was good once. */
  cameLate?(): void;
}

export interface BrowserServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** A new address that opens the window once, within a minute; those before are void. */
  invite(): string;
  /** Whether an invitation waits to be used. */
  readonly awaited: boolean;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function serveBrowser(options: BrowserHostOptions): Promise<BrowserServer> {
  const entrance = new Entrance();
  const host = new BrowserHost(options, entrance);
  const server = createServer(getRequestListener((request, env) => host.app.fetch(request, env)));
  const port = await listen(server);
  host.port = port;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    invite: () => `${origin}/enter/${entrance.issue()}`,
    get awaited() {
      return entrance.open;
    },
    close: () => close(server),
  };
}

class BrowserHost {
  readonly app = new Hono<Env>();
  port = 0;
  private readonly backend: Bridge;
  private readonly options: BrowserHostOptions;
  private readonly entrance: Entrance;
  private readonly pages: Pages;
  private open = 0;

  constructor(options: BrowserHostOptions, entrance: Entrance) {
    this.backend = options.backend;
    this.options = options;
    this.entrance = entrance;
    this.pages = makePages(options.folder, () => this.backend.call('report.html', undefined));
    this.route();
  }

  private route(): void {
    const { app } = this;
    app.onError((_error, c) => refuse(c, 500, 'Something went wrong while this was answered.'));
    app.use(async (c, next) => this.stranger(c) ?? next());
    app.get('/enter/:token', (c) => this.enter(c, c.req.param('token')));
    app.use(async (c, next) => (this.entrance.knows(getCookie(c, this.cookie)) ? next() : refuse(c, 401, AGAIN)));
    const onError = (c: Context) => refuse(c, 413, 'Too much was sent at once.');
    app.get('/welcome.js', () =>
      respond({ status: 200, headers: ownHeaders('text/javascript; charset=utf-8'), body: WELCOME_SCRIPT }),
    );
    app.use('/call', async (c, next) =>
      this.entrance.hasKey(c.req.header('x-otj-key')) ? next() : refuse(c, 401, AGAIN),
    );
    app.use('/events', async (c, next) => (this.entrance.hasKey(c.req.query('key')) ? next() : refuse(c, 401, AGAIN)));
    app.post('/call', bodyLimit({ maxSize: LARGEST_BODY, onError }), (c) => this.call(c));
    app.get('/events', (c) => this.events(c));
    app.all('*', async (c) => respond(await this.pages(c.req.method, new URL(c.req.url).pathname)));
  }

  /** Cookies are shared by all ports of an address; so this one is named by its port. */
  private get cookie(): string {
    return `otj-${this.port}`;
  }

  /**
   * The name must be the address itself: a name from elsewhere may be led here (DNS rebinding). A page from elsewhere
   * gives itself away by its Origin, which every browser sends with a POST.
   */
  private stranger(c: Context<Env>): Response | null {
    const { method, path } = c.req;
    if (method !== 'GET' && !(method === 'POST' && path === '/call'))
      return refuse(c, 405, 'Only GET is answered here.');
    const host = `127.0.0.1:${this.port}`;
    if (c.req.header('host') !== host) return refuse(c, 421, 'This is not the name of this program.');
    const origin = c.req.header('origin');
    const ours = origin === `http://${host}` || (origin === undefined && method === 'GET');
    return ours ? null : refuse(c, 403, 'Another page may not ask here.');
  }

  private enter(c: Context<Env>, token: string): Response {
    const verdict = this.entrance.enter(token);
    if (verdict !== 'welcome' && !this.entrance.knows(getCookie(c, this.cookie))) {
      if (verdict === 'late') this.options.cameLate?.();
      return refuse(c, 401, `This address has been used, or is too old. ${AGAIN}`);
    }
    setCookie(c, this.cookie, this.entrance.pass, { httpOnly: true, sameSite: 'Strict', path: '/' });
    for (const [name, value] of Object.entries(ownHeaders('text/html; charset=utf-8'))) c.header(name, value);
    return c.body(welcome(this.entrance.key));
  }

  private async call(c: Context<Env>): Promise<Response> {
    if (!/^application\/json(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
      return refuse(c, 415, 'A call is JSON.');
    }
    const given = callSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!given.success) return refuse(c, 400, 'A call has a name and an input.');
    return respond(jsonPage(200, await this.backend.call(given.data.name, given.data.input)));
  }

  private events(c: Context<Env>): Response {
    for (const [name, value] of Object.entries(ownHeaders('text/event-stream'))) c.header(name, value);
    return stream(c, async (out) => {
      const gone = Promise.withResolvers<void>();
      out.onAbort(gone.resolve);
      const events = new EventStream(
        (text) => out.write(text),
        () => c.env.outgoing.destroy(),
      );
      const stop = this.backend.listen((batch) => events.send(batch));
      this.count(1);
      events.greet();
      await gone.promise;
      stop();
      events.stop();
      this.count(-1);
    });
  }

  private count(change: 1 | -1): void {
    this.open += change;
    this.options.pagesOpen?.(this.open);
  }
}

/** A caller reads a reply, a person reads a sentence. */
function refuse(c: Context, status: number, words: string): Response {
  if (c.req.path !== '/call') return respond(textPage(status, words));
  const code = status === 401 || status === 500 ? 'INTERNAL' : 'USAGE';
  return respond(jsonPage(status, { ok: false, problem: new OtjError(code, words).toProblem() }));
}

function jsonPage(status: number, content: unknown): Page {
  return { status, headers: ownHeaders('application/json'), body: JSON.stringify(content) };
}

function respond({ status, headers, body }: Page): Response {
  return new Response(body, { status, headers });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
