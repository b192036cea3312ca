import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { problemSchema } from '../../main/contract/rooms.ts';
import { type Graph, type GraphRequest, openGraph } from '../../main/microsoft/graph/graph.ts';
import { supportText } from '../../renderer/design/support.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/microsoft/graph/behaviour.ts';
import { listReply, type Row } from '../lab/microsoft/graph/query.ts';
import { fault, type Route } from '../lab/microsoft/graph/route.ts';
import { type GraphLab, startGraphLab } from '../lab/microsoft/graph/server.ts';
import { codeOf } from '../support/codeOf.ts';
import { type TestTokens, testTokens } from '../support/graphTokens.ts';

const NEEDS = ['Thing.ReadWrite'];
const made: unknown[] = [];
let etag = 1;

const things: Row[] = Array.from({ length: 25 }, (_, at) => ({ id: String(at), name: `thing ${at}` }));
const routes: Route[] = [
  {
    method: 'GET',
    pattern: '/things',
    workload: 'directory',
    needs: NEEDS,
    handle: (call) => listReply(call, things, { page: 10, most: 10, filters: ['name'] }),
  },
  {
    method: 'POST',
    pattern: '/things',
    workload: 'directory',
    needs: NEEDS,
    handle({ body }) {
      made.push(body);
      return { status: 201, body };
    },
  },
  {
    method: 'PATCH',
    pattern: '/things/{id}',
    workload: 'directory',
    needs: NEEDS,
    handle({ headers, params }) {
      if (headers['if-match'] !== `"${etag}"`) return fault(412, 'notAllowed', 'ETag does not match');
      return { status: 200, headers: { etag: `"${++etag}"` }, body: { id: params.id } };
    },
  },
  {
    method: 'GET',
    pattern: '/users/{user}/calendarView',
    workload: 'outlook',
    needs: ['Calendars.Read'],
    handle: ({ params }) =>
      params.user === 'nobody'
        ? fault(404, 'ErrorInvalidUser', "The requested user 'nobody' is invalid.")
        : { status: 200, body: { value: [], user: params.user } },
  },
];

let tokens: TestTokens;
let lab: GraphLab;
let graph: Graph;

beforeAll(async () => {
  tokens = await testTokens();
  lab = await startGraphLab({ ...tokens.rules, address: '127.0.0.1', port: 0, routes });
});
afterAll(() => lab?.stop());
afterEach(() => graph.close());
beforeEach(() => {
  // a wait that a test was told holds for that test alone
  graph = openGraph({ baseUrl: lab.url, ca: lab.certificate }, tokens, { retryMs: 5 });
  Object.assign(lab.behaviour, DEFAULT_BEHAVIOUR, { faults: [] });
  Object.assign(lab.counts, { requests: 0, parts: 0, refused: 0, crowded: 0, mostOpen: 0 });
  tokens.granted = null;
  tokens.lifeS = 3600;
  tokens.asked.length = 0;
  made.length = 0;
  lab.asked.length = 0;
});

const list: GraphRequest = { method: 'GET', path: '/things', scopes: NEEDS };
const create: GraphRequest = { method: 'POST', path: '/things', body: { name: 'new' }, scopes: NEEDS };
const calendar = (user: string): GraphRequest => ({
  method: 'GET',
  path: `/users/${user}/calendarView`,
  scopes: ['Calendars.Read'],
});
const problem = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (thrown: unknown) => thrown as OtjError,
  );
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('one request', () => {
  it('goes with a token and an id of its own, and brings the id of Microsoft', async () => {
    const answer = await graph.ask<{ value: Row[] }>(list);
    expect(answer.body.value).toHaveLength(10);
    expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lab.asked[0]?.headers['client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(tokens.asked).toEqual([{ scopes: NEEDS, claims: undefined }]);
  });

  it('is sent with If-Match, and tells a change by somebody else', async () => {
    const change = (tag: string) =>
      graph.ask({ method: 'PATCH', path: '/things/1', body: {}, headers: { 'If-Match': tag }, scopes: NEEDS });
    const { etag: next } = await change(`"${etag}"`);
    expect(next).toBe(`"${etag}"`);
    expect(await problem(change('"0"'))).toMatchObject({ code: 'M365_CHANGED' });
  });

  it('keeps the request id with the problem, and copies it for support', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 403, headers: { 'request-id': 'id-1' }, body: {} }];
    const told = (await problem(graph.ask(list))).toProblem();
    expect(told).toMatchObject({ code: 'M365_FORBIDDEN', requestId: 'id-1' });
    expect(problemSchema.parse(JSON.parse(JSON.stringify(told)))).toEqual(told);
    expect(supportText(told, told.happened, null)).toContain('request-id: id-1\n');
    lab.behaviour.faults = [{ on: 'POST /things', status: 504, headers: { 'request-id': 'id-2' }, body: {} }];
    expect((await problem(graph.ask(create))).toProblem()).toMatchObject({ code: 'M365_UNCERTAIN', requestId: 'id-2' });
  });

  it('tells a missing permission with the words and the request id of Graph', async () => {
    tokens.granted = ['Other.Read'];
    const error = await problem(graph.ask(list));
    expect(error.code).toBe('M365_FORBIDDEN');
    expect(error.words).toMatch(/Authorization_RequestDenied: .*HTTP 403 to GET \/things; request-id [0-9a-f-]{36}$/);
  });

  it('shows no token in an error, and no line breaks or marks that turn the writing', async () => {
    lab.behaviour.faults = [
      { on: 'GET /things', status: 400, body: { error: { code: 'Bad', message: 'a\n\u001b[31mb\u202Ec' } } },
    ];
    const error = await problem(graph.ask(list));
    expect(error.words).toContain('Bad: a [31mb c');
    expect(JSON.stringify([error.words, error.message, error.stack])).not.toContain('eyJ');
  });
});

describe('a refusal for the rate', () => {
  it('is waited for and repeated, a POST as well, because it was not done', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 429, headers: { 'Retry-After': '0' }, times: 2 }];
    await graph.ask(create);
    expect(made).toHaveLength(1);
    expect(lab.counts).toMatchObject({ requests: 3, refused: 2 });
  });

  it('that wants a longer wait than a minute is told at once, with its time', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 429, headers: { 'Retry-After': '900' } }];
    const error = await problem(graph.ask(list));
    expect(error.code).toBe('M365_BUSY');
    const at = Date.parse(/not before (\S+Z)/.exec(error.words ?? '')?.[1] ?? '');
    expect(at - Date.now()).toBeGreaterThan(880_000);
    expect(lab.counts.requests).toBe(1);
  });

  it('that does not end is told', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 503, times: 9 }];
    expect(await codeOf(() => graph.ask(list))).toBe('M365_UNREACHABLE');
    expect(lab.counts.requests).toBe(4);
  });
});

describe('an answer that got lost', () => {
  it('of a POST is not asked for again: it may have been done', async () => {
    lab.behaviour.faults = [{ on: 'POST /things', drop: true, afterDone: true }];
    expect(await codeOf(() => graph.ask(create))).toBe('M365_UNCERTAIN');
    lab.behaviour.faults = [{ on: 'POST /things', status: 504, afterDone: true }];
    expect(await codeOf(() => graph.ask(create))).toBe('M365_UNCERTAIN');
    expect(made).toHaveLength(2);
  });

  it('of a POST that may be repeated, and of a GET, is', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 504, times: 1, afterDone: true }];
    await graph.ask({ ...create, repeatable: true });
    expect(made).toHaveLength(2);
    lab.behaviour.faults = [{ on: '/things', drop: true }];
    expect((await graph.ask(list)).status).toBe(200);
  });
});

describe('a 401', () => {
  it('brings a new token with what the challenge claims, once', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    lab.behaviour.faults = [{ on: '/things', status: 401, headers: { 'WWW-Authenticate': challenge } }];
    expect((await graph.ask(list)).status).toBe(200);
    expect(tokens.asked.map((one) => one.claims)).toEqual([undefined, claims]);
  });

  it('without a challenge brings one that was not kept', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 401 }];
    expect((await graph.ask(list)).status).toBe(200);
    expect(tokens.asked.filter(({ fresh }) => fresh)).toHaveLength(1);
    const sent = lab.asked.map(({ headers }) => headers.authorization);
    expect(new Set(sent).size).toBe(2);
  });

  it('of a part of a batch does so too, once for all that were refused with the same', async () => {
    lab.behaviour.faults = [{ on: '/calendarView', part: true, status: 401, times: 30 }];
    const answers = await graph.batch(Array.from({ length: 60 }, (_, at) => calendar(`room-${at}`)));
    expect(answers.every((one) => !(one instanceof OtjError))).toBe(true);
    expect(tokens.asked.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(lab.counts.parts).toBe(90);
  });

  it('of a part that stays is told in its place', async () => {
    lab.behaviour.faults = [{ on: '/calendarView', part: true, status: 401, times: 2 }];
    const [first] = await graph.batch([calendar('room-1')]);
    expect(first).toMatchObject({ code: 'M365_SIGN_IN_NEEDED' });
    expect(lab.counts.parts).toBe(2);
  });

  it('that stays wants a sign-in', async () => {
    tokens.lifeS = -60;
    expect(await codeOf(() => graph.ask(list))).toBe('M365_SIGN_IN_NEEDED');
    expect(lab.counts.requests).toBe(2);
  });
});

describe('what is not Graph', () => {
  it('a page of the network in between is told apart', async () => {
    const body = '<!doctype html><title>Guest Wi-Fi</title>';
    lab.behaviour.faults = [{ on: '/things', status: 200, headers: { 'Content-Type': 'text/html' }, body }];
    const error = await problem(graph.ask(list));
    expect(error).toMatchObject({ code: 'M365_PORTAL' });
    expect(error.words).toContain('Guest Wi-Fi');
  });

  it('a redirect is not followed', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 302, headers: { Location: 'https://elsewhere.example/' } }];
    const error = await problem(graph.ask(list));
    expect(error.code).toBe('M365_PORTAL');
    expect(error.words).toContain('elsewhere.example');
    expect(lab.counts.requests).toBe(1);
  });

  it('a server with another certificate gets no token', async () => {
    const other = openGraph({ baseUrl: lab.url, ca: null }, tokens, { retryMs: 1 });
    expect(await codeOf(() => other.ask(list))).toBe('M365_UNTRUSTED');
    expect(lab.counts.requests).toBe(0);
    await other.close();
  });

  it('an address without https is refused', () => {
    expect(() => openGraph({ baseUrl: 'http://127.0.0.1/v1.0', ca: null }, tokens)).toThrow(/SETTING_UNFIT/);
  });

  it('half a JSON is odd', async () => {
    lab.behaviour.faults = [{ on: '/things', status: 200, body: '{"value":[' }];
    expect(await codeOf(() => graph.ask(list))).toBe('M365_ODD');
  });
});

describe('pages', () => {
  it('are followed to the end', async () => {
    expect(await all(graph.pages(list))).toHaveLength(25);
    expect(lab.counts.requests).toBe(3);
  });

  it('are not followed to another host or another version, and what is no link is no end', async () => {
    for (const link of ['https://evil.example/v1.0/things', lab.url.replace('/v1.0', '/beta/things'), 'odd', 5, {}])
      await (async () => {
        lab.behaviour.faults = [{ on: '/things', status: 200, body: { value: [], '@odata.nextLink': link } }];
        expect(await codeOf(() => all(graph.pages(list)))).toBe('M365_ODD');
      })();
    expect(lab.counts.requests).toBe(5);
  });

  it('that go round in a ring end', async () => {
    lab.behaviour.faults = [
      { on: '/things', status: 200, body: { value: [], '@odata.nextLink': `${lab.url}/things` }, times: 5 },
    ];
    expect(await codeOf(() => all(graph.pages(list)))).toBe('M365_ODD');
  });
});

describe('a batch', () => {
  it('takes twenty at once, tells each answer in its place, and lets one fail alone', async () => {
    const users = Array.from({ length: 45 }, (_, at) => (at === 30 ? 'nobody' : `room-${at}`));
    const answers = await graph.batch<{ user: string }>(users.map(calendar));
    expect(answers).toHaveLength(45);
    expect(lab.counts).toMatchObject({ requests: 3, parts: 45 });
    for (const [at, answer] of answers.entries()) {
      if (at === 30) expect(answer).toMatchObject({ code: 'M365_NOT_FOUND', graphCode: 'ErrorInvalidUser' });
      else expect(answer).toMatchObject({ status: 200, body: { user: `room-${at}` } });
    }
  });

  it('sends parts again that were turned away, together with those that still wait', async () => {
    lab.behaviour.faults = [
      { on: '/calendarView', part: true, status: 429, headers: { 'Retry-After': '0' }, times: 12 },
    ];
    const answers = await graph.batch(Array.from({ length: 100 }, (_, at) => calendar(`room-${at}`)));
    expect(answers.every((one) => !(one instanceof OtjError))).toBe(true);
    expect(lab.counts.parts).toBe(112);
    expect(lab.counts.requests).toBeLessThanOrEqual(7);
  });

  describe('for Outlook', () => {
    const rooms = (count: number) => Array.from({ length: count }, (_, at) => calendar(`room-${at}`));

    it('goes alone at first, and four at once where the limit is for each mailbox', async () => {
      lab.behaviour.outlookScope = 'mailbox';
      lab.behaviour.serviceMs = 3;
      await graph.batch(rooms(40));
      expect(lab.counts).toMatchObject({ requests: 2, mostOpen: 1 });
      await graph.batch(rooms(400));
      expect(lab.counts).toMatchObject({ crowded: 0, refused: 0, requests: 22, mostOpen: 4 });
    });

    it('goes alone again, and stays so, where the limit is for the app', async () => {
      lab.behaviour.serviceMs = 3;
      lab.behaviour.retryAfterS = 0;
      const answers = await graph.batch(rooms(200));
      expect(answers.every((one) => !(one instanceof OtjError))).toBe(true);
      // one more at once was tried, and no more than its parts turned away
      expect(lab.counts.crowded).toBeGreaterThan(0);
      expect(lab.counts.crowded).toBeLessThanOrEqual(60);
      Object.assign(lab.counts, { crowded: 0, mostOpen: 0, requests: 0 });
      await graph.batch(rooms(200));
      expect(lab.counts).toMatchObject({ crowded: 0, requests: 10, mostOpen: 1 });
    });

    it('is never too much for a small site', async () => {
      lab.behaviour.serviceMs = 3;
      await graph.batch(rooms(60));
      expect(lab.counts).toMatchObject({ crowded: 0, requests: 3 });
    });
  });

  it('tells the parts whose permission is missing, and the others as well', async () => {
    tokens.granted = ['Calendars.Read'];
    const answers = await graph.batch([calendar('room-1'), list]);
    expect(answers[0]).toMatchObject({ status: 200 });
    expect(answers[1]).toMatchObject({ code: 'M365_FORBIDDEN' });
  });

  it('does not repeat a create whose answer got lost', async () => {
    lab.behaviour.faults = [{ on: 'POST /$batch', drop: true, afterDone: true }];
    expect(await codeOf(() => graph.batch([create]))).toBe('M365_UNCERTAIN');
    lab.behaviour.faults = [{ on: 'POST /things', part: true, status: 504, afterDone: true }];
    const [answer] = await graph.batch([create]);
    expect(answer).toMatchObject({ code: 'M365_UNCERTAIN' });
    expect(made).toHaveLength(2);
  });

  it('holds back all for a service that names a wait for a part', async () => {
    lab.behaviour.faults = [{ on: '/calendarView', part: true, status: 429, headers: { 'Retry-After': '30' } }];
    const stop = new AbortController();
    const work = codeOf(() => graph.batch([calendar('room-1')], stop.signal));
    await expect.poll(() => lab.counts.parts).toBe(1);
    const held = codeOf(() => graph.ask(calendar('room-2'), stop.signal));
    // the directory is another service, and comes later than the held one would
    expect((await graph.ask(list)).status).toBe(200);
    expect((await graph.ask(list)).status).toBe(200);
    expect(lab.asked.filter(({ what }) => what.includes('calendarView'))).toHaveLength(1);
    stop.abort();
    expect([await work, await held]).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('that is wanted much later leaves what was told, and nothing more is sent', async () => {
    const rooms = Array.from({ length: 100 }, (_, at) => calendar(`room-${at}`));
    const answers = await graph.batch(rooms, undefined, (_, at) => {
      if (at !== 19) return;
      lab.behaviour.faults = [{ on: 'POST /$batch', status: 429, headers: { 'Retry-After': '600' }, times: 9 }];
    });
    expect(answers.slice(0, 20).every((one) => !(one instanceof OtjError))).toBe(true);
    expect(answers.at(-1)).toMatchObject({ code: 'M365_BUSY' });
    const sent = lab.counts.requests;
    expect(await codeOf(() => graph.ask(calendar('room-1')))).toBe('M365_BUSY');
    expect(lab.counts.requests).toBe(sent);
  });

  it('leaves a part that would have to wait for long, with its time', async () => {
    lab.behaviour.faults = [{ on: '/calendarView', part: true, status: 429, headers: { 'Retry-After': '600' } }];
    const [first, second] = await graph.batch([calendar('room-1'), calendar('room-2')]);
    expect(first).toMatchObject({ code: 'M365_BUSY' });
    expect(second).toMatchObject({ status: 200 });
  });

  it('ends at once when it is stopped', async () => {
    lab.behaviour.faults = [{ on: '/calendarView', part: true, status: 429, headers: { 'Retry-After': '30' } }];
    const stop = new AbortController();
    const work = codeOf(() => graph.batch([calendar('room-1')], stop.signal));
    await expect.poll(() => lab.counts.parts).toBe(1);
    stop.abort();
    expect(await work).toBe('CANCELLED');
  });
});

it('never more than four requests at once', async () => {
  lab.behaviour.latencyMs = 5;
  await Promise.all(Array.from({ length: 30 }, () => graph.ask(list)));
  expect(lab.counts.mostOpen).toBeLessThanOrEqual(4);
});
