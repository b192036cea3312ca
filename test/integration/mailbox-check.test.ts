/** The check of mailboxes against a tenant: what is told of each kind, of addresses that are odd, and of the group. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { AccessScope } from '../../main/contract/microsoft/access.ts';
import { permissionsOf } from '../../main/microsoft/identity/permissions.ts';
import { judgeGroup } from '../../main/microsoft/mailboxes/judge.ts';
import { SCOPES } from '../../main/microsoft/mailboxes/scopes.ts';
import { Tenant } from '../lab/microsoft/graph/tenant.ts';
import { at, judged, mailboxLab } from '../support/mailboxLab.ts';
import { GROUP, mailboxTenant } from '../support/mailboxTenant.ts';

const tenants = mailboxLab();

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
    await tenants.start(tenant);
    const facts = await tenants.read(mailboxes);
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
    expect(tenants.lab.counts.refused).toBe(0);
  });

  it('is not "nobody" where the answer was not understood', async () => {
    for (const body of [{}, { value: [{ id: 7 }] }]) {
      const { tenant } = mailboxTenant();
      await tenants.start(tenant);
      tenants.lab.behaviour.faults = [{ on: 'GET /users', part: true, status: 200, body }];
      const facts = await tenants.read([at('never')]);
      expect(judged(facts, [at('never')], at('never'))).toMatchObject({ exists: 'unchecked failed' });
    }
  });

  it('is of the one to whom the invitations go, not of who signs in by that name', async () => {
    const tenant = new Tenant();
    tenant.add({ upn: at('fjord'), mail: at('somebody') });
    tenant.addRoom({ upn: at('room-9'), mail: at('fjord') });
    await tenants.start(tenant);
    const facts = await tenants.read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ exists: 'pass found', kind: 'pass room' });
  });

  it('takes fifteen aliases to a question, each told of its own room', async () => {
    const tenant = new Tenant();
    const names = Array.from({ length: 30 }, (_, n) => `r${n}`);
    for (const name of names) tenant.addRoom({ upn: at(`p-${name}`), aliases: [at(name)] });
    await tenants.start(tenant);
    const facts = await tenants.read(names.map(at));
    for (const name of names)
      expect(judged(facts, names.map(at), at(name)).words).toMatchObject({ exists: at(`p-${name}`) });
    expect(tenants.lab.asked.filter(({ what }) => what === 'GET /users')).toHaveLength(6);
  });

  it('the list of rooms keeps odd names as they are', async () => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    const { places } = await tenants.read([at('fjord')]);
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
    await tenants.start(tenant);
    const asked = 'mail' in second ? at('fjord') : at('other');
    const facts = await tenants.read([asked]);
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
    await tenants.start(tenant);
    tenants.lab.behaviour.faults = [
      { on: 'deletedItems', status: 403, body: { error: { code: 'Authorization_RequestDenied' } } },
    ];
    const mailboxes = [at('gone'), at('never')];
    const facts = await tenants.read(mailboxes);
    for (const mailbox of mailboxes) {
      const said = judged(facts, mailboxes, mailbox);
      expect(said).toMatchObject({ worst: 'fail', exists: 'fail missing-or-deleted', member: 'unchecked no-account' });
      expect(said.words.exists).toContain('Authorization_RequestDenied');
    }
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
    await tenants.start(tenant);
    const facts = await tenants.read([at('fjord')]);
    const { status, reason } = judgeGroup(facts.group, GROUP);
    expect(`${status} ${reason}`).toBe(said);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({
      member: status === 'pass' ? 'pass direct' : 'unchecked group-unfit',
    });
  });

  it('that is kept on-premises serves, with a word of warning; one that is not there is told', async () => {
    const tenant = new Tenant();
    tenant.join(tenant.addGroup({ name: 'G', mail: GROUP, onPremises: true }), tenant.addRoom({ upn: at('fjord') }));
    await tenants.start(tenant);
    const facts = await tenants.read([at('fjord')]);
    expect(judgeGroup(facts.group, GROUP)).toMatchObject({ status: 'warn', reason: 'on-premises' });
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ member: 'pass direct' });
    const other = await tenants.read([at('fjord')], "none'; of@them");
    expect(judgeGroup(other.group, 'none')).toMatchObject({ status: 'fail', reason: 'missing' });
    expect(judgeGroup((await tenants.read([at('fjord')], null)).group, '')).toMatchObject({ reason: 'unset' });
  });

  it.each(['base64', 'text', 'number'] as const)('is counted by an answer in the form %s', async (textParts) => {
    const { tenant, rooms } = crowd(2);
    await tenants.start(tenant);
    tenants.lab.behaviour.textParts = textParts;
    expect(judgeGroup((await tenants.read(rooms)).group, GROUP).members).toBe(2_003);
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
    await tenants.start(tenant);
    const facts = await tenants.read(rooms);
    expect(facts.mailboxes.map(({ member }) => member)).toEqual(
      rooms.map((_, n) => (['no', 'direct', 'nested'] as const)[n % 3]),
    );
    expect(judgeGroup(facts.group, GROUP).members).toBe(50_005);
    expect(tenants.lab.asked.filter(({ what }) => /GET \/groups\/[^/]+\/(m|transitiveM)embers$/.test(what))).toEqual(
      [],
    );
    expect(tenants.lab.counts.requests).toBeLessThanOrEqual(10);
  });

  it('in which a room is, nobody knows how: a pass where nested ones serve, else unchecked', async () => {
    const { tenant, rooms } = crowd(2);
    await tenants.start(tenant);
    tenants.lab.behaviour.faults = [
      { on: 'memberOf', part: true, status: 403, body: { error: { code: 'Denied' } }, times: 2 },
    ];
    const facts = await tenants.read(rooms);
    expect(tenants.lab.behaviour.faults).toEqual([]);
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
    await tenants.start(tenant);
    const facts = await tenants.read(rooms);
    expect(judged(facts, rooms, rooms[0] ?? '', 'rbac')).toMatchObject({ worst: 'pass', member: 'pass direct' });
  });

  it('is read by pages for many rooms; members that are new may not be told yet', async () => {
    const tenant = new Tenant();
    const group = tenant.addGroup({ name: 'G', mail: GROUP });
    const rooms = Array.from({ length: 60 }, (_, n) => tenant.addRoom({ upn: at(`room-${n}`) }));
    tenant.join(group, ...rooms);
    await tenants.start(tenant);
    const names = rooms.map(({ upn }) => upn);
    expect(new Set((await tenants.read(names)).mailboxes.map(({ member }) => member))).toEqual(new Set(['direct']));
    tenants.lab.behaviour.consistencyMs = 60_000;
    expect(new Set((await tenants.read(names)).mailboxes.map(({ member }) => member))).toEqual(new Set(['no']));
  });
});
