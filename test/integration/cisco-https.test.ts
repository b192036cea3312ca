/** A session on a codec's web server: its login, its cookie and its end; the server does as a test tells it. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { XmlApi } from '../../main/endpoints/cisco/https/xmlApi.ts';
import { NoLoginTried } from '../../main/endpoints/transports/loginOutcome.ts';
import {
  type Answer,
  apiThatAnswers,
  BEGIN,
  codeOf,
  END,
  isApi,
  PAGE,
  PASSWORD,
  PRODUCT,
  type Request,
  start,
  told,
  UPTIME,
  uptime,
  Web,
} from './cisco-web.ts';

describe('a session', () => {
  it('is begun with the password and ended; all between carries its cookie only', async () => {
    const web = await Web.start();
    const api = await start(web.target());
    expect(api.link).toEqual({ transport: 'https', weakness: null });
    expect(await uptime(api)).toBe('7');
    await api.command('Macros Macro Get', { Content: true });
    await api.close();
    expect(web.log).toEqual([BEGIN, UPTIME, 'POST /putxml', END]);
    expect(web.requests[0]?.as).toBe(`basic admin:${PASSWORD}`);
    expect(new Set(web.requests.slice(1).map(({ as }) => as))).toEqual(new Set(['SessionId=abc001']));
    expect(web.sessions.size).toBe(0);
  });

  it('sends one request after the other, however many are asked for together', async () => {
    let at = 0;
    let most = 0;
    const web = await Web.start(async () => {
      most = Math.max(most, ++at);
      await new Promise((resolve) => setTimeout(resolve, 5));
      at--;
      return undefined;
    });
    const api = await start(web.target());
    const seen = await Promise.all(Array.from({ length: 20 }, () => api.command('Macros Macro Get')));
    await api.close();
    expect(seen).toEqual(Array(20).fill({ status: 'OK' }));
    expect(web.requests).toHaveLength(22);
    expect(most).toBe(1);
    expect(web.sessions.size).toBe(0);
  });

  it('ends when all that was asked for is answered, and answers nothing more', async () => {
    const web = await Web.start();
    const api = await start(web.target());
    const reads = [uptime(api), uptime(api), uptime(api)];
    await api.close();
    expect(await Promise.all(reads)).toEqual(['7', '7', '7']);
    expect(web.log.at(-1)).toBe(END);
    expect(await codeOf(() => uptime(api))).toBe('CANCELLED');
    await api.close();
    expect(web.log.filter((line) => line === END)).toHaveLength(1);
  });

  it('ends after errors of every kind', async () => {
    for (const answer of [{ status: 500 }, { body: 'x' }, { cut: 'before' }, { status: 502 }] satisfies Answer[]) {
      const web = await apiThatAnswers(answer);
      const api = await start(web.target());
      expect(await codeOf(() => uptime(api))).toBeDefined();
      await api.close();
      expect(web.sessions.size).toBe(0);
    }
  });

  it('keeps the cookies that are set beside it', async () => {
    const cookies = ['lang=en; Path=/', 'SecureSessionId=0a1b; Path=/; Secure'];
    const web = await Web.start(({ path }) =>
      path.endsWith('begin') ? { status: 204, headers: { 'set-cookie': cookies } } : { body: '<Status/>' },
    );
    const api = await start(web.target());
    await uptime(api);
    expect(web.requests.at(-1)?.as).toBe('lang=en; SecureSessionId=0a1b');
  });
});

describe('a login', () => {
  it.each([
    ['refused', 401, '401 Unauthorized\n', 'LOGIN_REFUSED'],
    ['forbidden', 403, '', 'LOGIN_REFUSED'],
    ['refused with a page', 401, PAGE, 'LOGIN_REFUSED'],
    ['of a locked account', 401, 'User is blocked', 'ACCOUNT_LOCKED'],
    ['of a locked account on a page', 403, '<html><body>Account locked</body></html>', 'ACCOUNT_LOCKED'],
    ['with an expired passphrase', 401, 'Passphrase expired', 'ACCOUNT_EXPIRED'],
    ['that asks for a new passphrase', 403, 'Passphrase change required', 'PASSPHRASE_CHANGE'],
    ['beyond the limit of sessions', 503, 'Maximum number of sessions reached', 'SESSION_LIMIT'],
    ['while the user has a session', 403, 'Duplicate session for this user', 'DUPLICATE_SESSION'],
    ['while the user has one, told as busy', 503, 'User is already logged in', 'DUPLICATE_SESSION'],
    ['beyond the limit of sessions of a user', 403, 'Too many sessions', 'SESSION_LIMIT'],
    ['while the codec starts', 502, PAGE, 'STARTING'],
    ['sent elsewhere', 302, '', 'ODD_REPLY'],
    ['done without a cookie', 204, '', 'ODD_REPLY'],
    ['answered with a page', 200, PAGE, 'ODD_REPLY'],
    ['answered with a page in XML', 200, `<?xml version="1.0"?>\n${PAGE}`, 'ODD_REPLY'],
    [
      'at a server that wants a certificate',
      400,
      '<html><center>No required SSL certificate was sent</center></html>',
      'CLIENT_CERTIFICATE',
    ],
  ])('%s is tried once and told', async (_name, status, body, code) => {
    const web = await Web.start(() => ({
      status,
      body: status === 204 ? '' : body,
      headers: { location: 'https://127.0.0.1/' },
    }));
    const error = await told(() => start(web.target()));
    expect(error?.code).toBe(code);
    expect(error).not.toBeInstanceOf(NoLoginTried);
    expect(web.log).toEqual([BEGIN]);
  });

  it.each([
    ['a session', { 'set-cookie': 'SessionId=0a1b; Path=/' }, PAGE],
    ['its type', { 'content-type': 'text/html; charset=UTF-8' }, '<!-- codec --><html>Sign in</html>'],
  ])('answered with a page and %s is none', async (_name, headers, body) => {
    const web = await Web.start(() => ({ headers, body }));
    expect(await codeOf(() => start(web.target()))).toBe('ODD_REPLY');
    expect(web.log).toEqual([BEGIN]);
  });

  it('tells no password that the codec repeats', async () => {
    const web = await Web.start(({ as }) => ({ status: 401, body: `refused: ${as}` }));
    expect(await codeOf(() => start(web.target()))).toBe('LOGIN_REFUSED');
  });

  it('was not tried when nothing is there, or another device than known', async () => {
    const web = await Web.start();
    const trust = {
      check() {
        throw new OtjError('TRUST_CHANGED', 'tls: known aa, shown bb');
      },
    };
    for (const target of [web.target({ httpsPort: 9 }), web.target({ trust })])
      expect(await told(() => start(target))).toBeInstanceOf(NoLoginTried);
    expect(await codeOf(() => start(web.target({ httpsPort: 9 })))).toBe('UNREACHABLE');
    expect(await codeOf(() => start(web.target({ trust })))).toBe('TRUST_CHANGED');
    expect(await told(() => start(web.target(), AbortSignal.abort()))).toBeInstanceOf(NoLoginTried);
    expect(web.requests).toEqual([]);
  });

  it('pins the certificate', async () => {
    const web = await Web.start();
    const pins: string[] = [];
    const trust = { check: (kind: string, sha256: string) => void pins.push(`${kind} ${sha256}`) };
    await (await start(web.target({ trust }))).close();
    const socket = connectTls({ host: web.address, port: web.port, rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const raw = socket.getPeerX509Certificate()?.raw ?? '';
    socket.destroy();
    expect(pins[0]).toBe(`tls ${createHash('sha256').update(raw).digest('hex')}`);
  });

  it('that is cancelled under way leaves no session behind', async () => {
    const stop = new AbortController();
    const web = await Web.start(async ({ path }) => {
      if (!path.endsWith('begin')) return undefined;
      stop.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return undefined;
    });
    expect(await codeOf(() => start(web.target(), stop.signal))).toBe('CANCELLED');
    await expect.poll(() => web.log, { timeout: 5_000 }).toEqual([BEGIN, END]);
    expect(web.sessions.size).toBe(0);
  });

  it('that is cancelled while there is no connection was none', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.63.251.1', resolve));
    onTestFinished(() => void silent.close());
    const at = silent.address();
    const httpsPort = typeof at === 'object' && at ? at.port : 0;
    const stop = new AbortController();
    silent.once('connection', (socket) => {
      socket.on('error', () => undefined);
      stop.abort();
    });
    const web = await Web.start();
    const error = await told(() => start(web.target({ address: '127.63.251.1', httpsPort }), stop.signal));
    expect(error).toMatchObject({ code: 'CANCELLED' });
    expect(error).toBeInstanceOf(NoLoginTried);
  });

  it('that is cancelled in a wait ends', async () => {
    const stop = new AbortController();
    const web = await Web.start(() => {
      setTimeout(() => stop.abort(), 50);
      return { status: 503, headers: { 'retry-after': '30' } };
    });
    expect(await codeOf(() => start(web.target(), stop.signal))).toBe('CANCELLED');
    expect(web.log).toEqual([BEGIN]);
  });
});

describe('firmware without sessions', () => {
  const noSessions = ({ path }: Request) => (path.endsWith('begin') ? { status: 200 } : undefined);

  it('is spoken to with the password, once a second', async () => {
    let last = Number.NEGATIVE_INFINITY;
    // What a codec does when more than that comes, without its patience.
    const web = await Web.start((request) => {
      const now = performance.now();
      const tooSoon = now - last < 900;
      last = now;
      return tooSoon ? { status: 503 } : noSessions(request);
    });
    const api = await start(web.target());
    expect([await uptime(api), await uptime(api)]).toEqual(['7', '7']);
    await api.close();
    expect(web.log).toEqual([BEGIN, PRODUCT, UPTIME, UPTIME]);
    expect(web.requests.every(({ as }) => as.startsWith('basic '))).toBe(true);
  });

  it('is met as well where the place to begin one is not known', async () => {
    const web = await Web.start(({ path }) => (path.endsWith('begin') ? { status: 404, body: PAGE } : undefined));
    const api = await start(web.target());
    expect(await uptime(api)).toBe('7');
    await api.close();
    expect(web.log).toEqual([BEGIN, PRODUCT, UPTIME]);
  });

  it('is not taken for there where nothing of the API is known', async () => {
    const web = await Web.start(() => ({ status: 404, body: PAGE }));
    expect(await codeOf(() => start(web.target()))).toBe('ODD_REPLY');
    expect(web.log).toEqual([BEGIN, PRODUCT]);
  });

  it.each([
    ['a refused password', { status: 401, body: '401 Unauthorized' }, 'LOGIN_REFUSED'],
    ['a forbidden login', { status: 403 }, 'LOGIN_REFUSED'],
    ['a locked account', { status: 401, body: PAGE.replace('Sign in', 'User is blocked') }, 'ACCOUNT_LOCKED'],
    ['the limit of sessions', { status: 403, body: 'Too many sessions' }, 'SESSION_LIMIT'],
    ['a page for everything', { body: PAGE }, 'ODD_REPLY'],
    ['no XML', { body: '{"login":"/web/signin"}' }, 'ODD_REPLY'],
    ['nothing', { body: '' }, 'ODD_REPLY'],
    ['another place', { status: 302, headers: { location: '/web/signin' } }, 'ODD_REPLY'],
    ['that it starts', { status: 502 }, 'STARTING'],
  ] satisfies [string, Answer, ErrorCode][])(
    'that tells %s at the first reading has let nobody in',
    async (_name, answer, code) => {
      const web = await Web.start((request) => noSessions(request) ?? answer);
      const error = await told(() => start(web.target()));
      expect(error?.code).toBe(code);
      expect(error).not.toBeInstanceOf(NoLoginTried);
      expect(web.log).toEqual([BEGIN, PRODUCT]);
    },
  );

  it.each([
    ['a refused password', { status: 401, body: '401 Unauthorized' }, 'LOGIN_REFUSED'],
    ['a role that is too low', { status: 403 }, 'NOT_ADMIN'],
  ] satisfies [string, Answer, ErrorCode][])(
    'tells %s later, and a refused password is not sent again',
    async (_name, answer, code) => {
      const web = await Web.start((request, number) => noSessions(request) ?? (number > 2 ? answer : undefined));
      const api = await start(web.target());
      expect(await codeOf(() => uptime(api))).toBe(code);
      if (code === 'LOGIN_REFUSED') expect(await codeOf(() => uptime(api))).toBe(code);
      expect(web.log).toEqual([BEGIN, PRODUCT, UPTIME]);
    },
  );

  it('is left alone when the login is cancelled before the first reading', async () => {
    const stop = new AbortController();
    const web = await Web.start((request) => {
      setTimeout(() => stop.abort(), 50);
      return noSessions(request);
    });
    expect(await codeOf(() => start(web.target(), stop.signal))).toBe('CANCELLED');
    // The second that the first reading would have waited, and more.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(web.log).toEqual([BEGIN]);
  });
});

describe('a session that is over', () => {
  const save = (api: XmlApi) => api.command('Macros Macro Save', { Name: 'm' }, 'x');

  it.each([
    ['a page', { body: PAGE }],
    ['a refusal', { status: 401, body: '401 Unauthorized' }],
  ] satisfies [string, Answer][])('told by %s is begun anew for a reading', async (_name, answer) => {
    const web = await Web.start((request, number) => (number === 3 && isApi(request) ? answer : undefined));
    const api = await start(web.target());
    expect([await uptime(api), await uptime(api), await uptime(api)]).toEqual(['7', '7', '7']);
    await api.close();
    expect(web.log).toEqual([BEGIN, UPTIME, UPTIME, END, BEGIN, UPTIME, UPTIME, END]);
    expect(web.sessions.size).toBe(0);
  });

  it('cuts off a command that may have had its effect, and is not used again', async () => {
    const web = await Web.start((_request, number) => (number === 2 ? { body: PAGE } : undefined));
    const api = await start(web.target());
    expect(await codeOf(() => save(api))).toBe('CONNECTION_LOST');
    expect(await codeOf(() => uptime(api))).toBe('CONNECTION_LOST');
    await api.close();
    expect(web.log).toEqual([BEGIN, 'POST /putxml', END]);
    expect(web.sessions.size).toBe(0);
  });

  it('is begun anew once for each reading: then it is no session that is missing', async () => {
    const page = await apiThatAnswers({ body: PAGE });
    const api = await start(page.target());
    expect(await codeOf(() => uptime(api))).toBe('ODD_REPLY');
    await api.close();
    expect(page.log).toEqual([BEGIN, UPTIME, END, BEGIN, UPTIME, END]);
    const refusing = await apiThatAnswers({ status: 401 });
    const other = await start(refusing.target());
    expect(await codeOf(() => uptime(other))).toBe('NOT_ADMIN');
    await other.close();
  });

  it('is the end when the password is not good any more', async () => {
    const web = await Web.start((request, number) => {
      if (number === 2) return { body: PAGE };
      return request.path.endsWith('begin') && number > 1 ? { status: 401 } : undefined;
    });
    const api = await start(web.target());
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(() => uptime(api))));
    expect(codes).toEqual(Array(3).fill('LOGIN_REFUSED'));
    await api.close();
    expect(web.log).toEqual([BEGIN, UPTIME, END, BEGIN]);
  });
});
