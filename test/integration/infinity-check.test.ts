/** The readiness list against a Management Node that is not as it should be, and one with ten thousand entries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { lookAtCertificate } from '../../main/services/certificate.ts';
import { runChecks } from '../../main/services/checks.ts';
import { Site } from '../../main/site/site.ts';
import { PASSWORD, type RawNode, type Row, startRawNode } from './infinity-server.ts';

const ADDRESS = '127.0.0.1';
const never = new AbortController().signal;

let world: RawNode;
let folder: string;
let site: Site;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-infinity-check-'));
  world = await startRawNode();
  site = await Site.create(join(folder, 'a.otjsite'), 'rain on a tin roof', {});
  const shown = await lookAtCertificate(ADDRESS, world.port);
  const infinity = { address: ADDRESS, port: world.port, group: 'Oslo', pin: shown?.sha256 ?? null };
  // The one server plays the Conferencing Node as well.
  site.saveSettings({ infinity, nodePort: world.port });
  site.saveCredential('infinity', null, 'admin', PASSWORD);
});
afterAll(async () => {
  site.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

const uri = (resource: string, id: number) => `${resource}${id}/`;
const rows = (part: Record<string, Row[]>): Record<string, Row[]> => ({
  [RESOURCE.manager]: [{ id: 1, name: 'manager', version: '41 (82100.0.0)' }],
  [RESOURCE.licences]: [{ id: 1, otj_count: 1, otj_total: 9 }],
  [RESOURCE.groups]: [
    { id: 3, name: 'Oslo', system_location: uri(RESOURCE.locations, 1), mjx_integration: uri(RESOURCE.profiles, 4) },
  ],
  [RESOURCE.profiles]: [{ id: 4, name: 'OTJ', graph_deployment: uri(RESOURCE.graphDeployments, 5), ep_username: '' }],
  [RESOURCE.graphDeployments]: [
    { id: 5, name: 'Graph', oauth_token_url: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' },
  ],
  [RESOURCE.rules]: [{ id: 6, name: 'r', meeting_type: 'teams', mjx_integration: uri(RESOURCE.profiles, 4) }],
  [RESOURCE.nodes]: [
    {
      id: 7,
      name: 'conf-1',
      hostname: 'localhost',
      domain: 'example',
      address: ADDRESS,
      system_location: uri(RESOURCE.locations, 1),
    },
  ],
  [RESOURCE.nodeStates]: [
    { id: 1, name: 'conf-1', configuration_id: 7, system_location: 'Oslo', sync_status: 'SYNCED' },
  ],
  [RESOURCE.alarms]: [],
  [RESOURCE.endpoints]: [],
  ...part,
});

beforeEach(() => {
  world.asked.length = 0;
  world.before = () => undefined;
  world.rows = rows({});
});

async function checks(part: Record<string, Row[]> = {}): Promise<Map<Check['id'], Check>> {
  world.rows = rows(part);
  const list = await runChecks(site, { signal: never, checked: () => undefined });
  return new Map(list.map((check) => [check.id, check]));
}

describe('the readiness list', () => {
  it('finds in order what is', async () => {
    const all = await checks();
    const odd = [...all.values()].filter(({ id, status }) => id.startsWith('infinity.') && status !== 'pass');
    // The server's certificate is made out to another name, and `localhost.example` is in no name server.
    expect(odd.map(({ id, reason }) => [id, reason])).toEqual([
      ['infinity.reach', 'reach-names'],
      ['infinity.nodeCertificates', 'certificates-names'],
    ]);
    expect(all.get('infinity.location')?.evidence).toBe('Oslo');
  });

  it.each<[string, Record<string, Row[]>, Check['id'], Partial<Check>]>([
    [
      'a version that is too old for Graph',
      { [RESOURCE.manager]: [{ id: 1, version: '27 (1)' }] },
      'infinity.version',
      { status: 'fail', reason: 'version-old' },
    ],
    [
      'a version without One-Touch Join',
      {
        [RESOURCE.manager]: [{ id: 1, version: '20 (1)' }],
        [RESOURCE.profiles]: [{ id: 4, name: 'OTJ', exchange_deployment: uri(RESOURCE.exchangeDeployments, 5) }],
      },
      'infinity.version',
      { status: 'fail', reason: 'version-no-otj', count: 23 },
    ],
    [
      'a version that cannot be read',
      { [RESOURCE.manager]: [{ id: 1, version: 'unknown' }] },
      'infinity.version',
      { status: 'warn', reason: 'version-odd' },
    ],
    ['no version', { [RESOURCE.manager]: [{ id: 1 }] }, 'infinity.version', { status: 'warn' }],
    ['no licence counts', { [RESOURCE.licences]: [] }, 'infinity.licences', { status: 'warn' }],
    ['no group of that name', { [RESOURCE.groups]: [] }, 'infinity.group', { status: 'fail' }],
    ['a group without a profile', { [RESOURCE.profiles]: [] }, 'infinity.profile', { status: 'fail' }],
    [
      'a profile without a calendar',
      { [RESOURCE.profiles]: [{ id: 4, name: 'OTJ' }] },
      'infinity.calendar',
      { status: 'fail' },
    ],
    ['a calendar that is gone', { [RESOURCE.graphDeployments]: [] }, 'infinity.calendar', { status: 'fail' }],
    [
      'a token address of another sign-in',
      { [RESOURCE.graphDeployments]: [{ id: 5, name: 'Graph', oauth_token_url: 'https://example.com/token' }] },
      'infinity.calendar',
      {
        status: 'warn',
        reason: 'calendar-token-url',
        place: { path: ['One-Touch Join', 'OTJ O365 Graph Integrations'], assumed: true },
      },
    ],
    [
      'no rule',
      { [RESOURCE.rules]: [{ id: 6, enabled: false, mjx_integration: uri(RESOURCE.profiles, 4) }] },
      'infinity.rules',
      { status: 'warn', count: 0 },
    ],
    [
      'a default account',
      { [RESOURCE.profiles]: [{ id: 4, name: 'OTJ', ep_username: 'otj' }] },
      'infinity.account',
      { status: 'pass', reason: 'account-default', evidence: 'otj' },
    ],
    [
      'an entry without any account',
      {
        [RESOURCE.endpoints]: [
          { id: 9, name: 'Bare', endpoint_type: 'CISCO', mjx_endpoint_group: uri(RESOURCE.groups, 3) },
        ],
      },
      'infinity.account',
      { status: 'warn', reason: 'account-missing', count: 1, evidence: 'Bare' },
    ],
    ['no node', { [RESOURCE.nodes]: [] }, 'infinity.nodes', { status: 'fail' }],
    [
      'a state of replication that is not known',
      { [RESOURCE.nodeStates]: [{ id: 1, name: 'conf-1', configuration_id: 7, sync_status: 'CONFIGURING' }] },
      'infinity.replication',
      { status: 'warn', reason: 'replication-other', evidence: 'conf-1: CONFIGURING' },
    ],
    [
      'no state of replication',
      { [RESOURCE.nodeStates]: [] },
      'infinity.replication',
      { status: 'warn', reason: 'replication-untold' },
    ],
    [
      'an alarm',
      {
        [RESOURCE.alarms]: [
          { id: 1, name: 'node_down', instance: 'conf-1' },
          { id: 2, name: 'old', acknowledged: true },
        ],
      },
      'infinity.alarms',
      { status: 'warn', reason: 'alarms-some', count: 1, evidence: 'node_down conf-1' },
    ],
    [
      'an alarm of the calendar',
      { [RESOURCE.alarms]: [{ id: 1, name: 'otj', details: 'Graph: cannot sign in' }] },
      'infinity.calendar',
      { status: 'warn', reason: 'calendar-alarm' },
    ],
  ])('tells %s', async (_what, part, id, wanted) => {
    expect((await checks(part)).get(id)).toMatchObject(wanted);
  });

  it('reads each kind of calendar, and whether somebody has signed in for it', async () => {
    const exchange = {
      [RESOURCE.profiles]: [
        { id: 4, name: 'OTJ', exchange_deployment: { resource_uri: uri(RESOURCE.exchangeDeployments, 5) } },
      ],
    };
    const of = async (part: Row) =>
      (await checks({ ...exchange, [RESOURCE.exchangeDeployments]: [{ id: 5, name: 'Ex', ...part }] })).get(
        'infinity.calendar',
      );
    expect(await of({ authentication_method: 'NTLM' })).toMatchObject({ status: 'pass', reason: 'calendar-exchange' });
    // Microsoft 365 has a say only where Graph is asked.
    expect((await checks(exchange)).get('microsoft')).toMatchObject({ status: 'pass', reason: 'access-none' });
    expect((await checks()).get('microsoft')?.status).toBe('unchecked');
    expect(await of({ authentication_method: 'OAUTH', oauth_refresh_token: '' })).toMatchObject({
      reason: 'calendar-sign-in',
    });
    // Where the reply does not tell, nothing is claimed.
    expect(await of({ authentication_method: 'OAUTH' })).toMatchObject({ status: 'pass' });
  });

  it('tells apart what the account may not read, and keeps the rest', async () => {
    world.before = ({ path }) => (path === RESOURCE.alarms ? { status: 403, body: { error: 'no' } } : undefined);
    const all = await checks();
    expect(all.get('infinity.alarms')).toMatchObject({
      status: 'warn',
      reason: 'forbidden',
      problem: { code: 'INFINITY_FORBIDDEN' },
    });
    expect(all.get('infinity.licences')?.status).toBe('pass');
  });

  it('says nothing good of what it could not read', async () => {
    world.before = ({ path }) => (path === RESOURCE.endpoints ? { status: 200, body: { things: [] } } : undefined);
    const all = await checks();
    for (const id of ['infinity.account', 'infinity.entries', 'infinity.licences'] as const)
      expect(all.get(id), id).toMatchObject({ status: 'warn', reason: 'unread', problem: { code: 'INFINITY_ODD' } });
  });

  it('leaves unchecked what builds on a login that is refused', async () => {
    world.before = () => ({ status: 401 });
    const all = await checks();
    expect(all.get('infinity.login')).toMatchObject({ status: 'fail', problem: { code: 'INFINITY_LOGIN' } });
    expect(
      [...all.values()].filter(({ id, status }) => id.startsWith('infinity.') && status === 'unchecked'),
    ).toHaveLength(14);
    expect(world.asked).toHaveLength(1);
    // a refused login is tried again only when it is stored anew
    site.saveCredential('infinity', null, 'admin', PASSWORD);
  });

  it('names rooms whose entry somebody else has made, before a run meets it', async () => {
    expect((await checks()).get('infinity.entries')).toMatchObject({ status: 'pass', reason: 'entries-ours' });
    const place = { building: '', floor: '', address: '10.0.0.9', serial: null, family: 'cisco-roomos' as const };
    site.rooms.upsert({ name: 'Fjord', mailbox: 'fjord@example.com', ...place }, { sshPort: 22, httpsPort: 443 });
    const made = { id: 7, name: 'By hand', room_resource_email: 'Fjord@Example.com', api_username: 'x' };
    const told = (await checks({ [RESOURCE.endpoints]: [made] })).get('infinity.entries');
    expect(told).toMatchObject({ status: 'warn', reason: 'entries-foreign', count: 1, evidence: 'Fjord' });
  });

  it('takes fewer than ten requests and the pages of ten thousand entries', async () => {
    const entries = Array.from({ length: 10_000 }, (_, at) => ({
      id: at + 1,
      name: `R${at}`,
      room_resource_email: `r${at}@x.example`,
    }));
    const all = await checks({ [RESOURCE.endpoints]: entries });
    expect(all.get('infinity.licences')?.status).toBe('pass');
    const pages = world.asked.filter(({ path }) => path === RESOURCE.endpoints).length;
    expect(pages).toBe(10);
    expect(world.asked.length - pages).toBeLessThan(10);
    expect(world.asked.every(({ method }) => method === 'GET')).toBe(true);
  });
});
