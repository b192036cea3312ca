/** The browser host over real sockets: who gets in, what is answered to others, and how it ends. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppEvent } from '../../main/contract/events.ts';
import { type BrowserServer, serveBrowser } from '../../main/hosts/browser.ts';
import { Entrance } from '../../main/hosts/entrance.ts';
import { EventStream } from '../../main/hosts/eventStream.ts';
import { TestBackend } from '../support/testBackend.ts';

let folder: string;
let backend: TestBackend;
let server: BrowserServer;
let counts: number[];
let late: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-browser-'));
  mkdirSync(join(folder, 'window/assets'), { recursive: true });
  writeFileSync(join(folder, 'window/index.html'), '<p>the window</p>');
  writeFileSync(join(folder, 'secret.html'), 'not for the window');
  backend = new TestBackend();
  counts = [];
  late = 0;
  server = await serveBrowser({
    backend,
    folder: join(folder, 'window'),
    pagesOpen: (count) => counts.push(count),
    cameLate: () => late++,
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What the page keeps for itself; of the last one that came in. */
let key = '';

/** Comes in as a browser does. @returns the cookie */
async function enter(): Promise<string> {
  const welcome = await fetch(server.invite());
  key = /<meta name="key" content="([\w-]{43})">/.exec(await welcome.text())?.[1] ?? '';
  return welcome.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

interface Question {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request, byte for byte as it is given. */
function raw({ method = 'GET', path = '/', headers = {}, body = '' }: Question): Promise<string> {
  const { hostname, port, host } = new URL(server.origin);
  const all = { host, connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`),
    );
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)));
    socket.on('close', () => resolve(answer));
  });
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

async function call(cookie: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/call`, {
    method: 'POST',
    headers: { cookie, origin: server.origin, 'content-type': 'application/json', 'x-otj-key': key, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('the way in', () => {
  it('works once, and leads on by itself', async () => {
    const address = server.invite();
    expect(server.awaited).toBe(true);
    const welcome = await fetch(address, { redirect: 'manual' });
    expect(welcome.status).toBe(200);
    expect(await welcome.text()).toContain('<script src="/welcome.js"></script>');
    const { port } = new URL(server.origin);
    expect(welcome.headers.getSetCookie()[0]).toMatch(
      new RegExp(`^otj-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(server.awaited).toBe(false);
    const again = await fetch(address);
    expect(again.status).toBe(401);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(await again.text()).toContain('from the program');
    expect(late).toBe(1);
  });

  it('is not found by guessing', async () => {
    server.invite();
    for (const token of ['', 'guess', '%00', 'A'.repeat(43)]) {
      expect((await fetch(`${server.origin}/enter/${token}`)).status, token).toBe(401);
    }
    expect(late).toBe(0);
    expect(server.awaited).toBe(true);
  });

  it('is not used up by a look at it', async () => {
    const address = server.invite();
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(405);
    expect((await fetch(address)).status).toBe(200);
  });

  it('is void as soon as there is a newer one, or after a minute', async () => {
    const old = server.invite();
    server.invite();
    expect((await fetch(old)).status).toBe(401);
    let now = 0;
    const entrance = new Entrance(() => now);
    const [first, second] = [entrance.issue(), entrance.issue()];
    expect(entrance.enter(first)).toBe('late');
    now = 59_999;
    expect(entrance.open).toBe(true);
    expect(entrance.enter(second)).toBe('welcome');
    const third = entrance.issue();
    now += 60_000;
    expect(entrance.open).toBe(false);
    expect(entrance.enter(third)).toBe('late');
  });
});

describe('a request is refused', () => {
  it('without the cookie, or with a wrong one', async () => {
    await enter();
    const name = `otj-${new URL(server.origin).port}`;
    for (const cookie of ['', `${name}=`, `${name}=${'A'.repeat(43)}`, 'otj=x']) {
      for (const path of ['/', '/events', '/report.html', '/index.html'])
        expect(statusOf(await raw({ path, headers: { cookie } })), path).toBe(401);
      const answer = await call(cookie, { name: 'app.state' });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ ok: false, problem: { code: 'INTERNAL' } });
    }
    expect(backend.calls).toEqual([]);
  });

  it('with the cookie alone, which other ports of this computer are shown too', async () => {
    const cookie = await enter();
    for (const wrong of ['', 'A'.repeat(43), cookie.split('=')[1] ?? '']) {
      const answer = await call(cookie, { name: 'app.state' }, { 'x-otj-key': wrong });
      expect(answer.status).toBe(401);
      expect(statusOf(await raw({ path: `/events?key=${wrong}`, headers: { cookie } }))).toBe(401);
    }
    expect(statusOf(await raw({ path: '/events', headers: { cookie } }))).toBe(401);
    expect(backend.calls).toEqual([]);
    expect(counts).toEqual([]);
  });

  it.each(['localhost', 'evil.example', '127.0.0.1', '127.0.0.1:1', '[::1]', ''])(
    'for the host name %j',
    async (host) => {
      const cookie = await enter();
      const status = statusOf(await raw({ headers: { cookie, host } }));
      expect([400, 421]).toContain(status);
      // Not even an invitation is accepted under another name.
      const { pathname } = new URL(server.invite());
      expect([400, 421]).toContain(statusOf(await raw({ path: pathname, headers: { host } })));
      expect(server.awaited).toBe(true);
    },
  );

  it.each(['http://evil.example', 'null', 'http://127.0.0.1', 'http://localhost:80', 'file://'])(
    'from the page of %s',
    async (origin) => {
      const cookie = await enter();
      for (const path of ['/', '/events']) {
        expect(statusOf(await raw({ path, headers: { cookie, origin } }))).toBe(403);
      }
      expect((await call(cookie, { name: 'app.state' }, { origin })).status).toBe(403);
      expect(backend.calls).toEqual([]);
    },
  );

  it('without an origin, when it is a call', async () => {
    const cookie = await enter();
    const body = '{"name":"app.state"}';
    const headers = { cookie, 'content-type': 'application/json', 'content-length': String(body.length) };
    expect(statusOf(await raw({ method: 'POST', path: '/call', headers, body }))).toBe(403);
    expect(backend.calls).toEqual([]);
  });

  it('by other methods', async () => {
    const cookie = await enter();
    for (const [method, path] of [
      ['POST', '/'],
      ['PUT', '/call'],
      ['OPTIONS', '/call'],
      ['DELETE', '/events'],
      ['HEAD', '/'],
    ] as const) {
      expect(statusOf(await raw({ method, path, headers: { cookie, origin: server.origin } })), method).toBe(405);
    }
  });

  it.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/%2e%2e%2fsecret.html',
    '/assets/..%5c..%5csecret.html',
    '/assets/%252e%252e/secret.html',
    '//secret.html',
    '/index.html%00',
    'http://127.0.0.1/../secret.html',
  ])('when it leads out of the window: %s', async (path) => {
    const cookie = await enter();
    const answer = await raw({ path, headers: { cookie } });
    expect([400, 404]).toContain(statusOf(answer));
    expect(answer).not.toContain('not for the window');
  });
});

describe('a call', () => {
  it('is answered as the services answer it', async () => {
    const cookie = await enter();
    const answer = await call(cookie, { name: 'rooms.next', input: { after: null } });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ ok: true, output: 'did rooms.next' });
    expect(await (await call(cookie, { name: 'app.state' })).json()).toMatchObject({ ok: true });
    expect(backend.calls).toEqual([
      ['rooms.next', { after: null }],
      ['app.state', undefined],
    ]);
  });

  it.each<[string, string | object, number, Record<string, string>]>([
    ['no JSON', '{', 400, {}],
    ['no name', { input: 1 }, 400, {}],
    ['a list', [], 400, {}],
    ['the type of a form', 'name=app.state', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['the type of a text', '{"name":"app.state"}', 415, { 'content-type': 'text/plain' }],
    ['a type that only begins right', '{"name":"app.state"}', 415, { 'content-type': 'application/jsonp' }],
  ])('is refused when it is %s', async (_what, body, status, headers) => {
    const answer = await call(await enter(), body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ ok: false, problem: { code: 'USAGE' } });
    expect(backend.calls).toEqual([]);
  });

  it('may be large, but not without end', async () => {
    const cookie = await enter();
    const sized = (bytes: number) => {
      const frame = '{"name":"rooms.import","input":""}';
      return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
    };
    const most = 32 * 1024 * 1024;
    expect((await call(cookie, sized(most))).status).toBe(200);
    const given = backend.calls.length;
    const headers = { cookie, origin: server.origin, 'content-type': 'application/json', 'x-otj-key': key };
    const long = { ...headers, 'content-length': String(most + 1) };
    expect(statusOf(await raw({ method: 'POST', path: '/call', headers: long, body: 'x' }))).toBe(413);
    // In pieces, without a word of how long it will be.
    const body = new Blob([sized(most + 1)]).stream();
    const pieces = await fetch(`${server.origin}/call`, { method: 'POST', headers, body, duplex: 'half' });
    expect(pieces.status).toBe(413);
    expect(backend.calls.length).toBe(given);
  });
});

describe('pages', () => {
  it('come with a strict policy', async () => {
    const cookie = await enter();
    const page = await fetch(server.origin, { headers: { cookie } });
    expect([page.status, await page.text()]).toEqual([200, '<p>the window</p>']);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of ['/events', '/enter/x', '/nothing']) {
      const refused = await fetch(server.origin + path);
      expect(refused.headers.get('content-security-policy'), path).toMatch(/^default-src 'none'/);
      expect(refused.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('include the report', async () => {
    backend.replies.set('report.html', { ok: true, output: { html: '<p>report</p>' } });
    const page = await fetch(`${server.origin}/report.html`, { headers: { cookie: await enter() } });
    expect(await page.text()).toBe('<p>report</p>');
    expect(page.headers.get('content-security-policy')).toMatch(/style-src 'unsafe-inline'; .*; sandbox;/);
  });
});

describe('events', () => {
  const list: AppEvent = { type: 'list' };

  it('reach every page that listens', async () => {
    const cookie = await enter();
    const leave = new AbortController();
    const open = await fetch(`${server.origin}/events?key=${key}`, { headers: { cookie }, signal: leave.signal });
    expect(open.headers.get('content-type')).toBe('text/event-stream');
    const reader = open.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toMatchObject({ value: ': here\n\n' });
    backend.tell(list, { type: 'devices' });
    expect(await reader?.read()).toMatchObject({ value: 'data: [{"type":"list"},{"type":"devices"}]\n\n' });
    expect(counts).toEqual([1]);
    leave.abort();
    await expect.poll(() => counts).toEqual([1, 0]);
    expect(backend.heard).toBe(0);
  });

  it('wait for a slow page, merged, and give up on one that is lost', async () => {
    const written: string[] = [];
    let room = Promise.withResolvers<void>();
    let lost = 0;
    const stream = new EventStream(
      (text) => {
        written.push(text);
        return room.promise;
      },
      () => lost++,
    );
    const rooms = { type: 'site', site: null } satisfies AppEvent;
    for (let n = 0; n < 1000; n++) stream.send([rooms]);
    stream.send([list]);
    expect(written).toEqual(['data: [{"type":"site","site":null}]\n\n']);
    const first = room;
    room = Promise.withResolvers();
    first.resolve();
    await expect.poll(() => written.length).toBe(2);
    expect(written[1]).toBe('data: [{"type":"site","site":null},{"type":"list"}]\n\n');
    expect(lost).toBe(0);
    stream.send(Array.from({ length: 10_001 }, () => list));
    expect(lost).toBe(1);
    stream.stop();
    room.resolve();
  });

  it('end with the program', async () => {
    const cookie = await enter();
    const open = await fetch(`${server.origin}/events?key=${key}`, { headers: { cookie } });
    const over = open.text().catch(() => 'cut off');
    await expect.poll(() => counts).toEqual([1]);
    await server.close();
    await over;
    expect(counts).toEqual([1, 0]);
  });
});
