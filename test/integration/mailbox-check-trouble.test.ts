/** The check of mailboxes in bad weather: errors, odd replies, permissions that are missing, and what ends the whole. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { openGraph } from '../../main/microsoft/graph/graph.ts';
import { permissionsOf } from '../../main/microsoft/identity/permissions.ts';
import { readTenant } from '../../main/microsoft/mailboxes/read.ts';
import { SCOPES } from '../../main/microsoft/mailboxes/scopes.ts';
import { Tenant } from '../lab/microsoft/graph/tenant.ts';
import { codeOf } from '../support/codeOf.ts';
import { at, judged, mailboxLab } from '../support/mailboxLab.ts';
import { GROUP, mailboxTenant } from '../support/mailboxTenant.ts';

const tenants = mailboxLab();

describe('an error of Graph’s own', () => {
  const first = (on: string, times: number) =>
    [true, false].map((part) => ({ on, status: 500, times, part, body: { error: { code: 'UnknownError' } } }));

  it.each(['/places', '/groups', '/users', 'deletedItems', '/calendarView', '/members', '$batch'])(
    'that passes is not noticed: %s',
    async (on) => {
      const { tenant } = mailboxTenant();
      await tenants.start(tenant);
      tenants.lab.behaviour.faults = first(on, 2);
      const mailboxes = [at('fjord'), at('gone')];
      const facts = await tenants.read(mailboxes);
      expect(judged(facts, mailboxes, at('fjord'))).toMatchObject({ worst: 'pass', calendar: 'pass readable' });
      expect(judged(facts, mailboxes, at('gone'))).toMatchObject({ exists: 'fail deleted' });
    },
  );

  it.each([500, 503])('that stays takes only its own part with it: %i', async (status) => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    tenants.lab.behaviour.faults = ['/places', '/groups'].flatMap((on) =>
      first(on, 99).map((one) => ({ ...one, status })),
    );
    const facts = await tenants.read([at('fjord')]);
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
    await tenants.start(tenant);
    tenants.lab.behaviour.faults = first('', 999);
    expect(await codeOf(() => tenants.read([at('fjord')]))).toBe('M365_FAILED');
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
    await tenants.start(tenant);
    const { places } = await tenants.read([at('room-0')]);
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
    await tenants.start(tenant);
    const row = { id: 'a', userPrincipalName: null, mail: at('fjord'), accountEnabled: 'no', assignedLicenses: null };
    tenants.lab.behaviour.faults = [{ on: 'GET /users', part: true, status: 200, body: { value: [row, null] } }];
    const facts = await tenants.read(names.map(at));
    expect(judged(facts, names.map(at), at('fjord'))).toMatchObject({
      exists: 'pass found',
      account: 'unchecked untold',
    });
    expect(judged(facts, names.map(at), at('skog'))).toMatchObject({ exists: 'unchecked failed' });
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
    await tenants.start(tenant);
    tenants.tokens.granted = all().filter((one) => one !== scope);
    const facts = await tenants.read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject(expected);
    if (scope === 'Place.Read.All') expect(facts.places).toBeInstanceOf(OtjError);
  });

  it('which the sign-in already knows of costs no request', async () => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    const token = tenants.tokens.token.bind(tenants.tokens);
    const graphOf = (missing: string) =>
      openGraph(
        { baseUrl: tenants.lab.url, ca: tenants.lab.certificate },
        {
          token: (scopes, options) =>
            scopes.includes(missing)
              ? Promise.reject(new OtjError('M365_CONSENT_NEEDED', missing))
              : token(scopes, options),
        },
      );
    const other = graphOf('Calendars.Read.Shared');
    tenants.closing(() => other.close());
    const facts = await readTenant(other, {
      mailboxes: [at('fjord')],
      group: GROUP,
      signal: new AbortController().signal,
    });
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({
      calendar: 'unchecked not-permitted',
      words: { calendar: 'Calendars.Read.Shared' },
    });
    expect(tenants.lab.asked.some(({ what }) => what.includes('calendarView'))).toBe(false);
  });
});

describe('what ends the whole', () => {
  it('a sign-in that ended, without results', async () => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    tenants.tokens.lifeS = -60;
    expect(await codeOf(() => tenants.read([at('fjord')]))).toBe('M365_SIGN_IN_NEEDED');
    tenants.tokens.lifeS = 3600;
  });

  it('a stop, and nothing goes on behind it', async () => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    tenants.lab.behaviour.latencyMs = 20;
    const stop = new AbortController();
    const mailboxes = Array.from({ length: 400 }, (_, n) => at(`room-${n}`));
    const work = codeOf(() => readTenant(tenants.graph, { mailboxes, group: GROUP, signal: stop.signal }));
    await expect.poll(() => tenants.lab.counts.requests).toBeGreaterThan(0);
    stop.abort();
    expect(await work).toBe('CANCELLED');
    const then = tenants.lab.counts.requests;
    await tenants.graph.ask({ method: 'GET', path: '/places/microsoft.graph.room', scopes: SCOPES.places });
    expect(tenants.lab.counts.requests).toBe(then + 1);
  });

  it('a limit of the directory is waited for, as it asks', async () => {
    const { tenant } = mailboxTenant();
    await tenants.start(tenant);
    tenants.lab.behaviour.faults = [
      { on: '/users', part: true, status: 429, headers: { 'Retry-After': '0' }, times: 3 },
    ];
    const facts = await tenants.read([at('fjord')]);
    expect(judged(facts, [at('fjord')], at('fjord'))).toMatchObject({ worst: 'pass' });
    expect(tenants.lab.counts.refused).toBeGreaterThan(0);
  });
});
