/** Replies of a codec's web server, good and bad, and patience with it; the server does as a test tells it. */
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../main/contract/errors.ts';
import type { XmlApi } from '../../main/endpoints/cisco/https/xmlApi.ts';
import { leaf, textAt } from '../../main/endpoints/cisco/xapi.ts';
import {
  type Answer,
  apiThatAnswers,
  BEGIN,
  codeOf,
  END,
  isApi,
  PAGE,
  start,
  UPTIME,
  uptime,
  Web,
} from './cisco-web.ts';

describe('readings that are asked for together', () => {
  const LEAVES: Record<string, string> = { 'HTTP Mode': 'HTTPS', 'SSH Mode': 'On', 'NTP Mode': 'Auto' };
  const services = `<NetworkServices><HTTP><Mode>HTTPS</Mode></HTTP><SSH><Mode>On</Mode></SSH><NTP><Mode>Auto</Mode></NTP></NetworkServices>`;
  const whole = { body: `<Configuration>${services}<Macros><Mode>On</Mode></Macros></Configuration>` };
  const refusal = { body: '<Configuration status="Error"><Reason>no</Reason></Configuration>' };
  const setting = async (api: XmlApi, path: string) => leaf(await api.get('Configuration', path));

  it('go as one where they lie near each other, and no further up than need be', async () => {
    const web = await apiThatAnswers(whole);
    const api = await start(web.target());
    const paths = [
      ...Object.keys(LEAVES).map((path) => `NetworkServices ${path}`),
      'Macros Mode',
      'NetworkServices No Such',
    ];
    expect(await Promise.all(paths.map((path) => setting(api, path)))).toEqual([
      'HTTPS',
      'On',
      'Auto',
      'On',
      undefined,
    ]);
    expect(await setting(api, 'Macros Mode')).toBe('On');
    const at = 'GET /getxml?location=/Configuration';
    expect(web.log).toEqual([BEGIN, `${at}/NetworkServices`, `${at}/Macros/Mode`, `${at}/Macros/Mode`]);
    await api.close();
  });

  it('go alone when they are refused together', async () => {
    const web = await Web.start((request) => {
      if (!isApi(request)) return undefined;
      return request.path.endsWith('/NetworkServices') || request.path.endsWith('/SSH/Mode') ? refusal : whole;
    });
    const api = await start(web.target());
    const [http, ssh, ntp] = Object.keys(LEAVES).map((path) => setting(api, `NetworkServices ${path}`));
    expect(await Promise.all([http, codeOf(() => ssh), ntp])).toEqual(['HTTPS', 'REFUSED', 'Auto']);
    await api.close();
  });

  it('tell what is so after they were asked for, and after any command before them', async () => {
    let mode = 'Off';
    const web = await Web.start(async ({ path }) => {
      if (path === '/putxml') {
        mode = 'On';
        return { body: '<Configuration><Success/></Configuration>' };
      }
      const body = `<Configuration><Macros><Mode>${mode}</Mode></Macros></Configuration>`;
      return path.startsWith('/getxml') ? { body } : undefined;
    });
    const api = await start(web.target());
    const before = setting(api, 'Macros Mode');
    const change = api.set('Macros Mode', 'On');
    const after = setting(api, 'Macros Mode');
    expect([await before, await change, await after]).toEqual(['Off', undefined, 'On']);
    expect(web.log.slice(1).map((line) => line.split(' ', 1)[0])).toEqual(['GET', 'POST', 'GET']);
    await api.close();
  });
});

describe('a codec that asks for patience', () => {
  it('gets it: the request is sent again after the time it names', async () => {
    const web = await Web.start((request, number) =>
      isApi(request) && number < 4 ? { status: 503, headers: { 'retry-after': '0' } } : undefined,
    );
    const api = await start(web.target());
    await api.command('Macros Macro Save', { Name: 'm' }, 'x').catch(() => undefined);
    await api.close();
    expect(web.log).toEqual([BEGIN, 'POST /putxml', 'POST /putxml', 'POST /putxml', END]);
  });

  it('is told after four tries, and left alone', async () => {
    const web = await apiThatAnswers({ status: 503, headers: { 'retry-after': '0' } });
    const api = await start(web.target());
    expect(await codeOf(() => uptime(api))).toBe('RATE_LIMITED');
    expect(await codeOf(() => uptime(api))).toBe('RATE_LIMITED');
    await api.close();
    expect(web.log).toEqual([BEGIN, UPTIME, UPTIME, UPTIME, UPTIME, END]);
  });

  it('gets a second when it names no time', async () => {
    const seen: number[] = [];
    const web = await Web.start((request) => {
      if (!isApi(request)) return undefined;
      seen.push(performance.now());
      return seen.length === 1
        ? { status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }
        : undefined;
    });
    const api = await start(web.target());
    expect(await uptime(api)).toBe('7');
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThan(900);
  });
});

describe('a reply', () => {
  it.each([
    ['an empty body', { body: '' }, 'ODD_REPLY'],
    ['blanks', { body: ' \n' }, 'ODD_REPLY'],
    ['words', { body: 'OK' }, 'ODD_REPLY'],
    ['half a document', { body: '<Status><SystemUnit>' }, 'ODD_REPLY'],
    ['a redirect', { status: 302, headers: { location: '/web/signin' } }, 'ODD_REPLY'],
    ['no content', { status: 204 }, 'ODD_REPLY'],
    ['not found', { status: 404, body: 'Not Found' }, 'ODD_REPLY'],
    ['an error of the server', { status: 500, body: PAGE }, 'ODD_REPLY'],
    ['a codec that starts', { status: 502, body: PAGE }, 'STARTING'],
    ['a role that is too low', { status: 403, body: 'Forbidden' }, 'NOT_ADMIN'],
    ['bytes that are not UTF-8', { body: Buffer.from('<Status><A>\xe6</A></Status>', 'latin1') }, 'ODD_REPLY'],
    ['deep nesting', { body: '<a>'.repeat(100_000) }, 'ODD_REPLY'],
    ['another document', { body: '<Configuration/>' }, 'ODD_REPLY'],
    ['half the bytes', { body: `<Status>${'x'.repeat(5_000)}</Status>`, cut: 'within' }, 'CONNECTION_LOST'],
    ['no byte', { cut: 'before' }, 'CONNECTION_LOST'],
    ['more than any sane one', { body: Buffer.alloc(50 * 1024 * 1024, 'x') }, 'REPLY_TOO_LARGE'],
    ['a refusal', { body: '<ActionError><Reason>no</Reason></ActionError>' }, 'REFUSED'],
  ] satisfies [string, Answer, ErrorCode][])(
    'with %s has its code, and the session is ended',
    async (_name, answer, code) => {
      const web = await apiThatAnswers(answer);
      const api = await start(web.target());
      expect(await codeOf(() => uptime(api))).toBe(code);
      await api.close();
      expect(web.log[0]).toBe(BEGIN);
      expect(web.log.at(-1)).toBe(END);
      expect(web.sessions.size).toBe(0);
    },
  );

  it('with trouble of its own does not spoil the next one', async () => {
    for (const answer of [{ body: '<x' }, { status: 404 }, { status: 403 }, { body: Buffer.alloc(40 << 20, 'x') }]) {
      const web = await Web.start((_request, number) => (number === 2 ? answer : undefined));
      const api = await start(web.target());
      expect(await codeOf(() => uptime(api))).toBeDefined();
      expect(await uptime(api)).toBe('7');
      await api.close();
    }
  });

  it('that is lost is asked for once more when it only tells', async () => {
    const web = await Web.start((_request, number) => (number === 2 || number === 4 ? { cut: 'before' } : undefined));
    const api = await start(web.target());
    expect(await uptime(api)).toBe('7');
    await api.command('Macros Macro Get');
    expect(web.log).toEqual([BEGIN, UPTIME, UPTIME, 'POST /putxml', 'POST /putxml']);
    await api.close();
  });

  it('that is lost after a command with an effect is not asked for again', async () => {
    const web = await Web.start(({ path }) => (path === '/putxml' ? { cut: 'before' } : undefined));
    for (const work of [
      (api: XmlApi) => api.command('Macros Macro Save', { Name: 'm' }, 'x'),
      (api: XmlApi) => api.command('HttpClient Get', { Url: 'http://127.0.0.1' }),
      (api: XmlApi) => api.set('Macros Mode', 'On'),
    ]) {
      web.requests.length = 0;
      const api = await start(web.target());
      expect(await codeOf(() => work(api))).toBe('CONNECTION_LOST');
      expect(await codeOf(() => uptime(api))).toBe('CONNECTION_LOST');
      await api.close();
      expect(web.log).toEqual([BEGIN, 'POST /putxml', END]);
    }
  });

  it('that does not come is timed out, and nothing waits behind it', async () => {
    const web = await Web.start((request) => (isApi(request) ? new Promise(() => undefined) : undefined));
    const api = await start(web.target({ timeoutMs: 400 }));
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(() => uptime(api))));
    expect(codes).toEqual(['TIMEOUT', 'TIMEOUT', 'TIMEOUT']);
    await api.close();
    expect(web.log).toEqual([BEGIN, UPTIME, END]);
  });

  it('carries a macro of a megabyte both ways', async () => {
    const macro = 'const a = "<&>\'\\"; // æ 🎥\r\n'.repeat(36_000);
    let saved = '';
    const web = await Web.start(({ body, path }) => {
      if (path !== '/putxml') return undefined;
      if (body.includes('<Save')) {
        saved = /<body>([\s\S]*)<\/body>/.exec(body)?.[1] ?? '';
        return { body: '<Command><MacroSaveResult status="OK"/></Command>' };
      }
      return {
        body: `<Command><MacroGetResult status="OK"><Macro item="1"><Content>${saved}</Content></Macro></MacroGetResult></Command>`,
      };
    });
    const api = await start(web.target());
    await api.command('Macros Macro Save', { Name: 'm' }, macro);
    const result = await api.command('Macros Macro Get', { Content: true });
    await api.close();
    expect(textAt(result, 'Macro', 'Content') === macro).toBe(true);
  });

  it('to what cannot be sent is not waited for', async () => {
    const web = await Web.start();
    const api = await start(web.target());
    expect(await codeOf(() => api.command('Macros Macro Save', { Name: 'm' }, 'a\0b'))).toBe('MACRO_UNFIT');
    expect(await codeOf(() => api.command('Macros Macro Get', { Name: 'a\nb' }))).toBe('ODD_REPLY');
    expect(await codeOf(() => api.get('Status', '../../x'))).toBe('XAPI_LINE');
    expect(web.log).toEqual([BEGIN]);
    await api.close();
  });
});
