import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { AccessScope } from '../../main/contract/microsoft/access.ts';
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
import { permissionsOf } from '../../main/microsoft/identity/permissions.ts';
import type { TenantFacts } from '../../main/microsoft/mailboxes/facts.ts';
import { judge, judgeGroup, worstOf } from '../../main/microsoft/mailboxes/judge.ts';
import { readTenant } from '../../main/microsoft/mailboxes/read.ts';
import { SCOPES } from '../../main/microsoft/mailboxes/scopes.ts';
import { directoryRoutes } from '../lab/microsoft/graph/directory.ts';
import { mailboxRoutes } from '../lab/microsoft/graph/mailboxes.ts';
import { type GraphLab, startGraphLab } from '../lab/microsoft/graph/server.ts';
import { Tenant } from '../lab/microsoft/graph/tenant.ts';
import { codeOf } from '../support/codeOf.ts';
import { type TestTokens, testTokens } from '../support/graphTokens.ts';
import { GROUP, mailboxTenant } from '../support/mailboxTenant.ts';

let tokens: TestTokens;
const open: (() => Promise<void>)[] = [];
let lab: GraphLab;
let graph: Graph;

beforeAll(async () => {
  tokens = await testTokens();
});
beforeEach(() => {
  tokens.granted = null;
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(tenant: Tenant): Promise<void> {
  const routes = [...directoryRoutes(tenant), ...mailboxRoutes(tenant)];
  lab = await startGraphLab({ ...tokens.rules, address: '127.0.0.1', port: 0, routes });
  graph = openGraph({ baseUrl: lab.url, ca: lab.certificate }, tokens, { retryMs: 5 });
  open.push(
    () => lab.stop(),
    () => graph.close(),
  );
}

const at = (name: string) => `${name}@contoso.example`;

function read(mailboxes: string[], group: string | null = GROUP): Promise<TenantFacts> {
  return readTenant(graph, { mailboxes, group, signal: new AbortController().signal });
}

/** What is said of one mailbox, by check: status and reason, and the words where there are some. */
function judged(facts: TenantFacts, mailboxes: string[], mailbox: string, scope: AccessScope = 'policy') {
  const told = facts.mailboxes[mailboxes.indexOf(mailbox)];
  if (!told) throw new Error(`${mailbox} was not asked for`);
  const group = judgeGroup(facts.group, GROUP);
  const findings = judge(told, { mailbox, scope, group, access: null });
  return {
    worst: worstOf(findings),
    ...Object.fromEntries(findings.map(({ check, status, reason }) => [check, `${status} ${reason}`])),
    words: Object.fromEntries(findings.flatMap(({ check, words }) => (words ? [[check, words]] : []))),
  };
}

/** A group that is too large to be read through for a few rooms, which are direct members. */
function crowd(count: number) {
  const tenant = new Tenant();
  const group = tenant.addGroup({ name: 'All', mail: GROUP });
  const rooms = Array.from({ length: count }, (_, n) => at(`room-${n}`));
  tenant.join(group, ...rooms.map((upn) => tenant.addRoom({ upn })), tenant.addGroup({ name: 'Inner' }));
  const others = Array.from({ length: 2_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  tenant.join(group, ...others.map((id) => ({ id })));
  return { tenant, group, rooms };
}

it('asks for permissions that the sign-in asks for, and no others', () => {
  const asked = [...new Set(Object.values(SCOPES).flat())].sort();
  expect(
    permissionsOf(['check'])
      .map(({ scope }) => scope)
      .sort(),
  ).toEqual(asked);
});

describe('what is told of each kind', () => {
  const mailboxes = [
    ...[
      'fjord',
      'hidden',
      "o'neil",
      'nested',
      'outside',
      'old-alias',
      'renamed',
      'closed',
      'person',
      'shared',
      'beamer',
      'bare',
      'gone',
      'never',
    ].map(at),
  ];

  it('is right, each with its evidence', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    const facts = await read(mailboxes);
    const say = (name: string, scope?: AccessScope) => judged(facts, mailboxes, at(name), scope);
    expect(say('fjord')).toMatchObject({
      worst: 'pass',
      exists: 'pass found',
      kind: 'pass room',
      account: 'pass sign-in-blocked',
      calendar: 'pass readable',
      member: 'pass direct',
      processing: 'unchecked no-script',
      place: 'pass listed',
      words: { place: 'Oslo, 8' },
    });
    expect(say('hidden')).toMatchObject({ worst: 'warn', kind: 'pass room', place: 'warn hidden' });
    expect(say("o'neil")).toMatchObject({ worst: 'pass', exists: 'pass found', member: 'pass direct' });
    expect(say('nested')).toMatchObject({ worst: 'pass', member: 'pass nested' });
    expect(say('nested', 'rbac')).toMatchObject({ worst: 'fail', member: 'fail nested-only' });
    expect(say('outside')).toMatchObject({ worst: 'fail', member: 'fail not-member' });
    expect(say('old-alias')).toMatchObject({
      exists: 'warn alias',
      kind: 'pass room',
      member: 'pass direct',
      place: 'pass listed',
      words: { exists: at('alias') },
    });
    expect(say('renamed')).toMatchObject({ worst: 'pass', exists: 'pass found', words: { exists: at('room-17') } });
    expect(say('closed')).toMatchObject({ worst: 'warn', calendar: 'warn denied' });
    expect(say('closed').words.calendar).toMatch(/Access to OData is disabled.*request-id/);
    expect(say('person')).toMatchObject({ worst: 'fail', kind: 'fail person', account: 'pass sign-in-open' });
    expect(say('shared')).toMatchObject({ kind: 'fail shared' });
    expect(say('beamer')).toMatchObject({ kind: 'fail equipment' });
    expect(say('bare')).toMatchObject({ kind: 'fail no-mailbox', calendar: 'fail no-mailbox', exists: 'pass found' });
    expect(say('gone')).toMatchObject({ worst: 'fail', exists: 'fail deleted', calendar: 'unchecked no-account' });
    expect(say('never')).toMatchObject({ worst: 'fail', exists: 'fail missing', member: 'unchecked no-account' });
    expect(facts.places).toHaveLength(8);
    expect(lab.counts.refused).toBe(0);
  });

  it('is not "nobody" where the answer was not understood', async () => {
    for (const body of [{}, { value: [{ id: 7 }] }]) {
      const { tenant } = mailboxTenant();
      await start(tenant);
      lab.behaviour.faults = [{ on: 'GET /users', part: true, status: 200, body }];
      const facts = await read([at('never')]);
      expect(judged(facts, [at('never')], at('never'))).toMatchObject({ exists: 'unchecked failed' });
    }
  });

  it('is of the one to whom the invitations go, not of who signs in by that name', async () => {
    const tenant = new Tenant();
    tenant.add({ upn: at('fjord'), mail: at('somebody') });
    tenant.addRoom({ upn: at('room-9'), mail: at('fjord') });
    await start(tenant);
    const facts = await read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ exists: 'pass found', kind: 'pass room' });
  });

  it('takes fifteen aliases to a question, each told of its own room', async () => {
    const tenant = new Tenant();
    const names = Array.from({ length: 30 }, (_, n) => `r${n}`);
    for (const name of names) tenant.addRoom({ upn: at(`p-${name}`), aliases: [at(name)] });
    await start(tenant);
    const facts = await read(names.map(at));
    for (const name of names)
      expect(judged(facts, names.map(at), at(name)).words).toMatchObject({ exists: at(`p-${name}`) });
    expect(lab.asked.filter(({ what }) => what === 'GET /users')).toHaveLength(6);
  });

  it('the list of rooms keeps odd names as they are', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    const { places } = await read([at('fjord')]);
    if (places instanceof OtjError) throw places;
    expect(places.find(({ mailbox }) => mailbox === at('stranger'))?.name).toBe("‮x\n'; $(Remove-Mailbox x) `y`");
  });
});

describe('an address of more than one account', () => {
  it.each([
    ['as primary address', { upn: at('second'), mail: at('fjord') }],
    ['as alias', { upn: at('second'), aliases: [at('other')] }],
  ])('is told with both of them, and neither is looked at: %s', async (_what, second) => {
    const tenant = new Tenant();
    const room = tenant.addRoom({ upn: at('fjord'), aliases: [at('other')] });
    tenant.join(tenant.addGroup({ name: 'G', mail: GROUP }), room);
    tenant.add(second);
    await start(tenant);
    const asked = 'mail' in second ? at('fjord') : at('other');
    const facts = await read([asked]);
    expect(judged(facts, [asked], asked)).toMatchObject({
      worst: 'fail',
      exists: 'fail ambiguous',
      kind: 'unchecked which-account',
      calendar: 'unchecked which-account',
      words: { exists: `${at('fjord')}, ${at('second')}` },
    });
  });
});

describe('an account that is not there', () => {
  it('may have been deleted, where the list of deleted ones may not be read', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    lab.behaviour.faults = [
      { on: 'deletedItems', status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
    ];
    const mailboxes = [at('gone'), at('never')];
    const facts = await read(mailboxes);
    for (const mailbox of mailboxes) {
      const said = judged(facts, mailboxes, mailbox);
      expect(said).toMatchObject({ worst: 'fail', exists: 'fail missing-or-deleted', member: 'unchecked no-account' });
      expect(said.words.exists).toContain('Authorization_RequestDenied');
    }
  });
});

describe('an error of Graph’s own', () => {
  const first = (on: string, times: number) =>
    [true, false].map((part) => ({ on, status: 500, times, part, body: { error: { code: 'UnknownError' } } }));

  it.each(['/places', '/groups', '/users', 'deletedItems', '/calendarView', '/members', '$batch'])(
    'that passes is not noticed: %s',
    async (on) => {
      const { tenant } = mailboxTenant();
      await start(tenant);
      lab.behaviour.faults = first(on, 2);
      const mailboxes = [at('fjord'), at('gone')];
      const facts = await read(mailboxes);
      expect(judged(facts, mailboxes, at('fjord'))).toMatchObject({ worst: 'pass', calendar: 'pass readable' });
      expect(judged(facts, mailboxes, at('gone'))).toMatchObject({ exists: 'fail deleted' });
    },
  );

  it.each([500, 503])('that stays takes only its own part with it: %i', async (status) => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    lab.behaviour.faults = ['/places', '/groups'].flatMap((on) => first(on, 99).map((one) => ({ ...one, status })));
    const facts = await read([at('fjord')]);
    expect(facts.places).toMatchObject({ code: status === 500 ? 'M365_FAILED' : 'M365_UNREACHABLE' });
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({
      exists: 'pass found',
      kind: 'pass room',
      calendar: 'pass readable',
      member: 'unchecked failed',
      place: 'unchecked failed',
    });
  });

  it('to everything notes nothing', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    lab.behaviour.faults = first('', 999);
    expect(await codeOf(() => read([at('fjord')]))).toBe('M365_FAILED');
  });
});

describe('replies that are not quite as documented', () => {
  it('name rooms all the same: numbers as texts, null, nothing', async () => {
    const tenant = new Tenant();
    const odd = [
      { capacity: '12', floorNumber: '3', building: 7 },
      { capacity: null, floorNumber: null, floorLabel: null, building: null, displayName: null },
      { capacity: 'many', floorNumber: {}, floorLabel: 4 },
    ];
    for (const [n, place] of odd.entries()) tenant.addRoom({ upn: at(`room-${n}`), place });
    await start(tenant);
    const { places } = await read([at('room-0')]);
    expect(places).toMatchObject([
      { mailbox: at('room-0'), capacity: 12, floor: '3', building: '7' },
      { mailbox: at('room-1'), capacity: null, floor: '', name: '' },
      { mailbox: at('room-2'), capacity: null, floor: '4' },
    ]);
  });

  it('of one account leave the others of the same question', async () => {
    const tenant = new Tenant();
    const names = ['fjord', 'skog'];
    for (const name of names) tenant.addRoom({ upn: at(name), hidden: true });
    await start(tenant);
    const row = { id: 'a', userPrincipalName: null, mail: at('fjord'), accountEnabled: 'no', assignedLicenses: null };
    lab.behaviour.faults = [{ on: 'GET /users', part: true, status: 200, body: { value: [row, null] } }];
    const facts = await read(names.map(at));
    expect(judged(facts, names.map(at), at('fjord'))).toMatchObject({
      exists: 'pass found',
      account: 'unchecked untold',
    });
    expect(judged(facts, names.map(at), at('skog'))).toMatchObject({ exists: 'unchecked failed' });
  });
});

describe('the group', () => {
  it.each([
    ['microsoft365', 'fail microsoft365'],
    ['distribution', 'fail distribution'],
    ['mail-security', 'pass fit'],
  ] as const)('of the kind %s', async (kind, said) => {
    const tenant = new Tenant();
    const group = tenant.addGroup({ name: 'G', mail: GROUP, kind });
    tenant.join(group, tenant.addRoom({ upn: at('fjord') }));
    await start(tenant);
    const facts = await read([at('fjord')]);
    const { status, reason } = judgeGroup(facts.group, GROUP);
    expect(`${status} ${reason}`).toBe(said);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({
      member: status === 'pass' ? 'pass direct' : 'unchecked group-unfit',
    });
  });

  it('that is kept on-premises serves, with a word of warning; one that is not there is told', async () => {
    const tenant = new Tenant();
    tenant.join(tenant.addGroup({ name: 'G', mail: GROUP, onPremises: true }), tenant.addRoom({ upn: at('fjord') }));
    await start(tenant);
    const facts = await read([at('fjord')]);
    expect(judgeGroup(facts.group, GROUP)).toMatchObject({ status: 'warn', reason: 'on-premises' });
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ member: 'pass direct' });
    const other = await read([at('fjord')], "none'; of@them");
    expect(judgeGroup(other.group, 'none')).toMatchObject({ status: 'fail', reason: 'missing' });
    expect(judgeGroup((await read([at('fjord')], null)).group, '')).toMatchObject({ reason: 'unset' });
  });

  it.each(['base64', 'text', 'number'] as const)('is counted by an answer in the form %s', async (textParts) => {
    const { tenant, rooms } = crowd(2);
    await start(tenant);
    lab.behaviour.textParts = textParts;
    expect(judgeGroup((await read(rooms)).group, GROUP).members).toBe(2_003);
  });

  it('of 50,000 members is not read through for twelve rooms, and nested ones are found', async () => {
    const tenant = new Tenant();
    const group = tenant.addGroup({ name: 'All', mail: GROUP });
    const inner = tenant.addGroup({ name: 'Inner', mail: 'inner@contoso.example' });
    tenant.join(
      group,
      ...Array.from({ length: 50_000 }, (_, n) => ({ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` })),
    );
    tenant.join(group, inner);
    const rooms = Array.from({ length: 12 }, (_, n) => at(`room-${n}`));
    for (const [n, upn] of rooms.entries()) {
      const room = tenant.addRoom({ upn });
      if (n % 3 !== 0) tenant.join(n % 3 === 1 ? group : inner, room);
    }
    await start(tenant);
    const facts = await read(rooms);
    expect(facts.mailboxes.map(({ member }) => member)).toEqual(
      rooms.map((_, n) => (['no', 'direct', 'nested'] as const)[n % 3]),
    );
    expect(judgeGroup(facts.group, GROUP).members).toBe(50_005);
    expect(lab.asked.filter(({ what }) => /GET \/groups\/[^/]+\/(m|transitiveM)embers$/.test(what))).toEqual([]);
    expect(lab.counts.requests).toBeLessThanOrEqual(10);
  });

  it('in which a room is, nobody knows how: a pass where nested ones serve, else unchecked', async () => {
    const { tenant, rooms } = crowd(2);
    await start(tenant);
    lab.behaviour.faults = [{ on: 'memberOf', part: true, status: 403, body: { error: { code: 'Denied' } }, times: 2 }];
    const facts = await read(rooms);
    expect(lab.behaviour.faults).toEqual([]);
    expect(judged(facts, rooms, rooms[1] ?? '', 'policy')).toMatchObject({ worst: 'pass', member: 'pass inside' });
    const rbac = judged(facts, rooms, rooms[1] ?? '', 'rbac');
    expect(rbac).toMatchObject({ worst: 'unchecked', member: 'unchecked failed' });
    expect(rbac.words.member).toContain('Denied');
  });

  it('is the last of more groups than one page has', async () => {
    const { tenant, group, rooms } = crowd(2);
    const first = tenant.account(rooms[0] ?? '');
    for (let n = 0; n < 1_000 && first; n++) tenant.join(tenant.addGroup({ name: `before ${n}` }), first);
    tenant.toEnd(group);
    await start(tenant);
    const facts = await read(rooms);
    expect(judged(facts, rooms, rooms[0] ?? '', 'rbac')).toMatchObject({ worst: 'pass', member: 'pass direct' });
  });

  it('is read by pages for many rooms; members that are new may not be told yet', async () => {
    const tenant = new Tenant();
    const group = tenant.addGroup({ name: 'G', mail: GROUP });
    const rooms = Array.from({ length: 60 }, (_, n) => tenant.addRoom({ upn: at(`room-${n}`) }));
    tenant.join(group, ...rooms);
    await start(tenant);
    const names = rooms.map(({ upn }) => upn);
    expect(new Set((await read(names)).mailboxes.map(({ member }) => member))).toEqual(new Set(['direct']));
    lab.behaviour.consistencyMs = 60_000;
    expect(new Set((await read(names)).mailboxes.map(({ member }) => member))).toEqual(new Set(['no']));
  });
});

describe('a permission that is missing', () => {
  const all = () => permissionsOf(['check']).map(({ scope }) => scope);
  it.each([
    ['User.Read.All', { exists: 'pass found', account: 'unchecked not-permitted', calendar: 'pass readable' }],
    ['MailboxSettings.Read', { exists: 'pass found', kind: 'pass room', member: 'pass direct' }],
    ['GroupMember.Read.All', { exists: 'pass found', member: 'unchecked not-permitted', place: 'pass listed' }],
    ['Place.Read.All', { exists: 'pass found', kind: 'pass room', member: 'pass direct', calendar: 'pass readable' }],
    ['Calendars.Read.Shared', { exists: 'pass found', calendar: 'warn denied', member: 'pass direct' }],
  ])('%s leaves the other checks standing', async (scope, expected) => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    tokens.granted = all().filter((one) => one !== scope);
    const facts = await read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject(expected);
    if (scope === 'Place.Read.All') expect(facts.places).toBeInstanceOf(OtjError);
  });

  it('which the sign-in already knows of costs no request', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    const token = tokens.token.bind(tokens);
    const graphOf = (missing: string) =>
      openGraph(
        { baseUrl: lab.url, ca: lab.certificate },
        {
          token: (scopes, options) =>
            scopes.includes(missing)
              ? Promise.reject(new OtjError('M365_CONSENT_NEEDED', missing))
              : token(scopes, options),
        },
      );
    const other = graphOf('Calendars.Read.Shared');
    open.push(() => other.close());
    const facts = await readTenant(other, {
      mailboxes: [at('fjord')],
      group: GROUP,
      signal: new AbortController().signal,
    });
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({
      calendar: 'unchecked not-permitted',
      words: { calendar: 'Calendars.Read.Shared' },
    });
    expect(lab.asked.some(({ what }) => what.includes('calendarView'))).toBe(false);
  });
});

describe('what ends the whole', () => {
  it('a sign-in that ended, without results', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    tokens.lifeS = -60;
    expect(await codeOf(() => read([at('fjord')]))).toBe('M365_SIGN_IN_NEEDED');
    tokens.lifeS = 3600;
  });

  it('a stop, and nothing goes on behind it', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    lab.behaviour.latencyMs = 20;
    const stop = new AbortController();
    const mailboxes = Array.from({ length: 400 }, (_, n) => at(`room-${n}`));
    const work = codeOf(() => readTenant(graph, { mailboxes, group: GROUP, signal: stop.signal }));
    await expect.poll(() => lab.counts.requests).toBeGreaterThan(0);
    stop.abort();
    expect(await work).toBe('CANCELLED');
    const then = lab.counts.requests;
    await graph.ask({ method: 'GET', path: '/places/microsoft.graph.room', scopes: SCOPES.places });
    expect(lab.counts.requests).toBe(then + 1);
  });

  it('a limit of the directory is waited for, as it asks', async () => {
    const { tenant } = mailboxTenant();
    await start(tenant);
    lab.behaviour.faults = [{ on: '/users', part: true, status: 429, headers: { 'Retry-After': '0' }, times: 3 }];
    const facts = await read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ worst: 'pass' });
    expect(lab.counts.refused).toBeGreaterThan(0);
  });
});
