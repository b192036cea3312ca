/**
 * The REST session against a small scripted server: what is sent, byte for byte, and how odd answers end.
 * The lab's device is a fuller one; this one does only what a test tells it to.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { EndpointTarget } from '../../main/endpoints/driver.ts';
import { openVideoOs, polyVideoOs } from '../../main/endpoints/poly/videoos/driver.ts';
import { parseSystem } from '../../main/endpoints/poly/videoos/replies.ts';
import { openSession, type RestSession } from '../../main/endpoints/poly/videoos/session.ts';
import { type HttpsHost, readBody, startHttpsHost } from '../lab/https-host.ts';
import { Web } from './cisco-web.ts';

interface Heard {
  what: string;
  body: string;
  headers: IncomingHttpHeaders;
}
type Answer = { status: number; body: string; cookies?: string[]; cut?: boolean };

const PASSWORD = 'Hush-1234567890';
const SYSTEM = JSON.stringify({ serialNumber: 'S1', state: 'READY', model: 'StudioX50' });
const loggedIn = (id: string): Answer => ({
  status: 200,
  body: JSON.stringify({ success: true, session: { sessionId: id }, loginStatus: { loginResult: 'NOLOCKOUT' } }),
  cookies: ['XSRF-TOKEN=token1; Path=/; Secure'],
});

let host: HttpsHost;
let heard: Heard[];
let script: (request: Heard) => Answer;
const open: RestSession[] = [];

beforeEach(async () => {
  heard = [];
  host = await startHttpsHost({
    address: '127.0.71.1',
    port: 0,
    certificateNames: ['poly'],
    async handler(request, response) {
      const entry = {
        what: `${request.method} ${request.url}`,
        body: await readBody(request),
        headers: request.headers,
      };
      heard.push(entry);
      const { status, body, cookies, cut } = script(entry);
      if (cut) return void response.socket?.destroy();
      response.writeHead(status, cookies ? { 'set-cookie': cookies } : {}).end(body);
    },
  });
});

afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
  await host.stop();
});

function target(): EndpointTarget {
  return {
    family: 'poly-videoos',
    address: host.address,
    sshPort: 22,
    httpsPort: host.port,
    transport: 'auto',
    lastTransport: null,
    legacy: false,
    username: 'admin',
    password: PASSWORD,
    trust: { check: () => undefined },
    timeoutMs: 2_000,
    proofMs: 2_000,
    proofEveryMs: 50,
  };
}

async function login(): Promise<RestSession> {
  const session = await openSession(target(), new AbortController().signal);
  open.push(session);
  return session;
}

const isLogin = ({ body }: Heard): boolean => body.includes('"Login"');
const logins = (): Heard[] => heard.filter(isLogin);

async function failure(work: Promise<unknown>): Promise<OtjError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof OtjError)) throw new Error('expected an OtjError', { cause: thrown });
  expect(`${thrown.message} ${thrown.words}`).not.toContain(PASSWORD);
  return thrown;
}

describe('login', () => {
  it('sends what is documented, echoes the newest token, and says goodbye', async () => {
    let turn = 1;
    script = (request) => {
      if (isLogin(request)) return loggedIn('PS42');
      turn += 1;
      return { status: 200, body: SYSTEM, cookies: [`XSRF-TOKEN=token${turn}; Path=/`] };
    };
    const session = await login();
    await session.read({ path: '/rest/system' }, parseSystem);
    await session.read({ path: '/rest/system' }, parseSystem);
    await session.close();
    expect(heard.map(({ what }) => what)).toEqual([
      'POST /rest/session',
      'GET /rest/system',
      'GET /rest/system',
      'POST /rest/session',
    ]);
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ user: 'admin', password: PASSWORD, action: 'Login' });
    expect(heard[0]?.headers.cookie).toBeUndefined();
    expect(heard[1]?.headers.cookie).toBe('session_id=PS42; XSRF-TOKEN=token1');
    expect(heard[1]?.headers['x-xsrf-token']).toBe('token1');
    expect(heard[2]?.headers.cookie).toBe('session_id=PS42; XSRF-TOKEN=token2');
    expect(heard[2]?.headers['x-xsrf-token']).toBe('token2');
    expect(JSON.parse(heard[3]?.body ?? '')).toEqual({ action: 'Logout' });
  });

  it.each<[string, Answer]>([
    ['LOGIN_REFUSED', { status: 403, body: `{"success":false,"user":"${PASSWORD}"}` }],
    ['LOGIN_REFUSED', { status: 401, body: '' }],
    ['LOGIN_REFUSED', { status: 200, body: '{"success":false}' }],
    ['ACCOUNT_LOCKED', { status: 200, body: '{"success":false,"loginStatus":{"loginResult":"LOCKOUT"}}' }],
    ['ODD_REPLY', { status: 200, body: '<html>sign in</html>' }],
    ['ODD_REPLY', { status: 200, body: '{"success":true}' }],
    ['ODD_REPLY', { status: 503, body: 'starting' }],
    ['UNKNOWN_DEVICE', { status: 404, body: '' }],
    ['CONNECTION_LOST', { status: 200, body: '', cut: true }],
  ])('ends as %s after one try', async (code, answer) => {
    script = () => answer;
    expect((await failure(login())).code).toBe(code);
    expect(logins()).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });

  it('takes SessionAlreadyActive as logged in once the device answers to it', async () => {
    script = (request) =>
      isLogin(request)
        ? { status: 412, body: '{"reason":"SessionAlreadyActive"}', cookies: ['session_id=PS7; Path=/'] }
        : { status: request.headers.cookie?.includes('PS7') ? 200 : 403, body: SYSTEM };
    const session = await login();
    expect((await session.read({ path: '/rest/system' }, parseSystem)).serial).toBe('S1');
    expect(logins()).toHaveLength(1);
  });

  it('does not take it when the device answers to somebody else only', async () => {
    script = (request) =>
      isLogin(request) ? { status: 400, body: 'SessionAlreadyActive' } : { status: 403, body: '' };
    expect((await failure(login())).code).toBe('ODD_REPLY');
    expect(logins()).toHaveLength(1);
    expect(heard.some(({ body }) => body.includes('Logout'))).toBe(false);
  });
});

describe('work', () => {
  it('renews an expired session once and repeats the request', async () => {
    let expired = true;
    script = (request) => {
      if (isLogin(request)) return loggedIn(`PS${logins().length}`);
      if (request.body.includes('Logout')) return { status: 403, body: '' };
      const answer = { status: expired ? 403 : 200, body: SYSTEM };
      expired = false;
      return answer;
    };
    const session = await login();
    expect((await session.read({ path: '/rest/system' }, parseSystem)).serial).toBe('S1');
    expect(logins()).toHaveLength(2);
    expect(heard.at(-1)?.headers.cookie).toContain('session_id=PS2');
  });

  it('calls it a lack of rights when a fresh session is refused too, and spends no more logins on it', async () => {
    script = (request) => (isLogin(request) ? loggedIn('PS1') : { status: 403, body: '' });
    const session = await login();
    const ask = { path: '/rest/config', body: { names: [] } };
    expect((await failure(session.read(ask, parseSystem))).code).toBe('NOT_ADMIN');
    expect((await failure(session.read(ask, parseSystem))).code).toBe('NOT_ADMIN');
    expect(await session.readIfOffered(ask, parseSystem)).toBeNull();
    expect(logins()).toHaveLength(2);
  });

  it('sends no password again once a renewed login was refused', async () => {
    script = (request) => (isLogin(request) && logins().length === 1 ? loggedIn('PS1') : { status: 401, body: '' });
    const session = await login();
    for (let round = 0; round < 3; round++)
      expect((await failure(session.read({ path: '/rest/system' }, parseSystem))).code).toBe('LOGIN_REFUSED');
    expect(logins()).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['ODD_REPLY', { status: 200, body: '<html></html>' }],
    ['ODD_REPLY', { status: 200, body: SYSTEM.slice(0, 20) }],
    ['ODD_REPLY', { status: 500, body: `{"echo":"${PASSWORD}"}` }],
    ['REFUSED', { status: 400, body: `bad ${PASSWORD} and ${PASSWORD.slice(0, 7)}` }],
    ['RATE_LIMITED', { status: 429, body: '' }],
  ])('tells %s and no secret', async (code, answer) => {
    script = (request) => (isLogin(request) ? loggedIn('PS1') : answer);
    const session = await login();
    const error = await failure(session.read({ path: '/rest/system' }, parseSystem));
    expect(error.code).toBe(code);
    expect(error.words).not.toContain(PASSWORD.slice(0, 7));
  });

  it('asks a lost GET once more, but never a POST', async () => {
    let lost = 0;
    script = (request) => {
      if (isLogin(request)) return loggedIn('PS1');
      if (request.what === 'GET /rest/system' && lost++ > 0) return { status: 200, body: SYSTEM };
      return { status: 200, body: '', cut: true };
    };
    const session = await login();
    expect((await session.read({ path: '/rest/system' }, parseSystem)).serial).toBe('S1');
    const write = { path: '/rest/config', body: { vars: [] } };
    expect((await failure(session.read(write, parseSystem))).code).toBe('CONNECTION_LOST');
    expect(heard.filter(({ what }) => what === 'POST /rest/config')).toHaveLength(1);
  });

  it('logs out even when the work was cancelled', async () => {
    script = (request) => (isLogin(request) ? loggedIn('PS1') : { status: 200, body: SYSTEM });
    const stop = new AbortController();
    const session = await polyVideoOs.connect(target(), stop.signal);
    stop.abort();
    await session.close();
    expect(heard.at(-1)?.body).toContain('Logout');
  });
});

it('agrees to old encryption only where it is allowed, and tells it', async () => {
  const answers = ({ body }: { body: string }) => ({ body: body.includes('"Login"') ? loggedIn('PS1').body : SYSTEM });
  const web = await Web.start(answers, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  const { address, port: httpsPort } = web;
  const { signal } = new AbortController();
  const old = { ...target(), address, httpsPort };
  expect((await failure(openVideoOs(old, signal))).code).toBe('LEGACY_NEEDED');
  expect(web.requests).toEqual([]);
  const way = await openVideoOs({ ...old, legacy: true }, signal);
  expect([way.link.weakness, (await way.readSystem()).serial]).toEqual(['agreed TLSv1.1', 'S1']);
  await way.close();
});
