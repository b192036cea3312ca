/** What is read out of a codec's replies, however it words them. */
import { describe, expect, it } from 'vitest';
import { clockOf } from '../../main/endpoints/cisco/facts/clock.ts';
import { isInCloud } from '../../main/endpoints/cisco/facts/outside.ts';
import { readFacts } from '../../main/endpoints/cisco/facts.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import { codeOf } from '../support/codeOf.ts';
import { codecOf as codec, type Replies, type Tree, UNIT } from '../support/treeCodec.ts';

const told = async (replies: Replies) => new Map((await readFacts(codec(replies))).told.map((one) => [one.key, one]));

describe('a codec that is linked with Webex Edge', () => {
  it.each(['Off', 'Auto', 'Webex', 'CUCM'])('is no cloud codec with Provisioning Mode %s', async (Mode) => {
    const Webex = { Status: 'Registered', DeveloperId: 'abc' };
    const replies = { Status: { Webex }, Configuration: { Provisioning: { Mode, WebexEdge: 'On' } } };
    const { outside } = await readFacts(codec(replies));
    expect([isInCloud(outside), outside.manager?.name]).toEqual([false, Mode === 'CUCM' ? 'CUCM' : 'Webex Edge']);
  });
});

describe('the facts of a codec', () => {
  it('are there as far as it tells them', async () => {
    const facts = await readFacts(codec({}));
    expect(facts).toMatchObject({
      identity: { serial: 'FOC1', model: 'Cisco Room Kit', mac: null },
      macros: null,
      users: null,
      panels: [],
      allowedHosts: null,
      clock: null,
      calls: 0,
      starting: false,
      outside: { manager: null, webex: { status: null }, upgrade: null },
    });
    expect(Object.values(facts.settings).every((value) => value === null)).toBe(true);
  });

  it('are no more than its version, when that is too old', async () => {
    const old = codec({ Status: { SystemUnit: { Software: { Version: 'TC7.3.3.c84180a' } } } });
    expect(await codeOf(() => readFacts(old))).toBe('UNSUPPORTED');
    // A command that such a shell does not know may never be answered.
    const hanging: Xapi = { ...old, command: () => new Promise(() => undefined) };
    expect(await codeOf(() => readFacts(hanging))).toBe('UNSUPPORTED');
  });

  it('tell no macros where the software or the product has none, and that they may not be read elsewhere', async () => {
    const macros = async (version: string, model: string) =>
      (
        await readFacts(
          codec({ Status: { SystemUnit: { ...UNIT, ProductId: model, Software: { Version: version } } } }),
        )
      ).macros;
    expect(await macros('ce8.3.7.0', 'Cisco TelePresence SX80')).toEqual([]);
    expect(await macros('ce9.15.17.4', 'Cisco TelePresence SX10')).toEqual([]);
    expect(await macros('ce9.15.17.4', 'Cisco TelePresence SX80')).toBeNull();
  });

  it.each([
    [{ NumberOfActiveCalls: '1' }, 1],
    [{ NumberOfInProgressCalls: '2' }, 2],
    [{ NumberOfActiveCalls: '1', NumberOfInProgressCalls: '1' }, 2],
    [{ NumberOfActiveCalls: '0', NumberOfSuspendedCalls: '1' }, 1],
    [{ NumberOfActiveCalls: '0' }, 0],
    [{ NumberOfActiveCalls: 'odd' }, null],
    [{}, null],
  ])('count calls in %j', async (State: Tree, calls) => {
    const facts = await readFacts(codec({ Status: { SystemUnit: { ...UNIT, State } } }));
    expect(facts).toMatchObject({ calls, inCall: (calls ?? 0) > 0 });
  });

  it.each([
    ['nothing of being active', { Roles: [{ Role: { Value: 'Admin' } }] }, ['Admin']],
    ['its roles without a wrapper', { Role: [{ Value: 'Admin' }, { Value: 'User' }] }, ['Admin', 'User']],
    ['its one role so', { Role: { Value: 'Admin' } }, ['Admin']],
    ['its roles as one record', { Roles: { Role: [{ id: '1', Value: 'Admin' }] } }, ['Admin']],
  ])('read a user of whom is told %s', async (_what, user, roles) => {
    const User = { Username: { Value: 'otj-push' }, ...user };
    const commands = { 'UserManagement User List': { status: 'OK', User } };
    expect((await readFacts(codec({ commands }))).users).toMatchObject([{ username: 'otj-push', roles, active: true }]);
  });

  it.each([
    [{ System: 'Initializing' }, true],
    [{ Subsystem: { Application: 'Initializing' } }, true],
    [{ System: 'InCall', Subsystem: { Application: 'Initialized' } }, false],
  ])('tell from %j whether it is starting', async (State: Tree, starting) => {
    const facts = await readFacts(codec({ Status: { SystemUnit: { ...UNIT, State } } }));
    expect(facts.starting).toBe(starting);
  });

  it('read users with what keeps them out', async () => {
    const User = [
      { Username: { Value: 'admin' }, Active: { Value: 'True' }, Roles: [{ Role: { Value: 'Admin' } }] },
      {
        Username: { Value: 'old' },
        Active: { Value: 'False' },
        Blocked: { Value: 'True' },
        PassphraseExpired: { Value: 'True' },
      },
    ];
    const replies = { commands: { 'UserManagement User List': { status: 'OK', User } } };
    expect((await readFacts(codec(replies))).users).toMatchObject([
      { username: 'admin', roles: ['Admin'], active: true, blocked: false, passphraseExpired: false },
      { username: 'old', roles: [], active: false, blocked: true, passphraseExpired: true },
    ]);
    expect((await told(replies)).get('users')?.value).toBe(
      'admin (Admin), old (inactive, blocked, passphrase expired)',
    );
  });

  it.each([
    ['none', {}, []],
    ['one that is no list', { Hostname: { id: '1', Expression: { Value: 'a' } } }, [{ id: '1', expression: 'a' }]],
    [
      'with their own numbers',
      { Hostname: [{ id: '1', Id: { Value: '7' }, Expression: 'a' }] },
      [{ id: '7', expression: 'a' }],
    ],
    [
      'with how many there are',
      { ResultInfo: { TotalRows: { Value: '1' } }, Hostname: [{ id: '1', Expression: { Value: 'a' } }] },
      [{ id: '1', expression: 'a' }],
    ],
    ['of a shape that nobody knows', { Hostname: [{ Pattern: { Value: 'a' } }] }, null],
  ])('read allowed hosts: %s', async (_name, result, expected) => {
    const commands = { 'HttpClient Allow Hostname List': { status: 'OK', ...result } };
    expect((await readFacts(codec({ commands }))).allowedHosts).toEqual(expected);
  });

  it('keep no secret of a branch, and tell none', async () => {
    const facts = await readFacts(
      codec({
        Configuration: {
          NetworkServices: {
            HTTP: { Mode: 'HTTPS', Proxy: { Password: 'S3CR3T-1' } },
            SNMP: { CommunityName: 'S3CR3T-2' },
          },
          Provisioning: { Mode: 'TMS', Password: 'S3CR3T-3', LoginName: 'S3CR3T-4' },
        },
      }),
    );
    expect(facts.settings['NetworkServices HTTP Mode']).toBe('HTTPS');
    expect(JSON.stringify(facts)).not.toContain('S3CR3T');
  });
});

describe('what is told of a codec', () => {
  it('is in its own values, with a warning where one is due', async () => {
    const seen = await told({
      Status: {
        SystemUnit: { ...UNIT, Uptime: '4711' },
        NetworkServices: { NTP: { Status: 'NotSynced', CurrentAddress: '10.0.0.2' } },
        Webex: { Status: 'Registered', DeveloperId: 'DEV-1' },
        Provisioning: { Status: 'Provisioned', Software: { UpgradeStatus: { Phase: 'Installing' } } },
      },
      Configuration: {
        Macros: { Mode: 'On', EvaluateTranspiled: 'False' },
        NetworkServices: { HTTP: { Mode: 'Off' }, HTTPS: { VerifyClientCertificate: 'On' } },
      },
    });
    expect(
      Object.fromEntries([...seen].map(([key, { value, warn }]) => [key, warn ? `! ${value}` : value])),
    ).toMatchObject({
      generation: 'RoomOS 11',
      uptime: '4711s',
      ntp: '! NotSynced, 10.0.0.2',
      macros: 'On',
      'macro-start': 'On (default)',
      'macro-engine': 'EvaluateTranspiled False, QuickJSEngine On (default)',
      http: '! Off',
      tls: '! TLSv1.2 (default), VerifyClientCertificate On',
      webex: '! Registered',
      'webex-id': 'DEV-1',
      upgrade: '! Installing',
      bookings: '0',
    });
    expect(seen.has('http-client')).toBe(false);
    expect(seen.has('clock')).toBe(false);
  });

  it('warns of software that nobody has seen, and says nothing of settings that it does not show', async () => {
    const seen = await told({ Status: { SystemUnit: { ...UNIT, Software: { Version: 'ce30.1.1' } } } });
    expect(seen.get('generation')).toMatchObject({ value: 'RoomOS 26?', warn: true });
    expect(seen.has('macros')).toBe(false);
  });

  it('is one short line each, whatever the codec says', async () => {
    const Status = { Webex: { Status: `Reg\r\n\u001b[31m${'x'.repeat(900)}` }, Provisioning: { Status: 'a\u2028b' } };
    for (const { value } of (await told({ Status })).values()) {
      expect(value).not.toMatch(/[\p{Cc}\p{Zl}]/u);
      expect(value.length).toBeLessThanOrEqual(300);
    }
  });
});

describe('a codec of the Webex cloud', () => {
  it.each(['Auto', 'Webex'])('is provisioned from there, also in Provisioning Mode %s', async (Mode) => {
    const Provisioning = { Status: 'Provisioned', Server: 'wdm-a.wbx2.com' };
    const replies = {
      Status: { Webex: { Status: 'Registered' }, Provisioning },
      Configuration: { Provisioning: { Mode } },
    };
    const { outside } = await readFacts(codec(replies));
    expect([outside.manager, isInCloud(outside)]).toEqual([null, true]);
  });

  it('is managed on the premises where somebody set an address for that', async () => {
    const Provisioning = { Mode: 'Auto', ExternalManager: { Address: 'tms.example.com' } };
    const { outside } = await readFacts(
      codec({ Status: { Webex: { Status: 'Registered' } }, Configuration: { Provisioning } }),
    );
    expect([outside.manager?.address, isInCloud(outside)]).toEqual(['tms.example.com', false]);
  });
});

describe('who administers a codec', () => {
  it.each([
    [{ Mode: 'TMS', ExternalManager: { Address: '10.0.0.9' } }, {}, { name: 'TMS', address: '10.0.0.9' }],
    [{ Mode: 'CUCM' }, {}, { name: 'CUCM', address: null }],
    [{ Mode: 'VCS' }, {}, { name: 'VCS', address: null }],
    [{ Mode: 'Edge' }, {}, { name: 'Edge', address: null }],
    [
      { Mode: 'Auto', ExternalManager: { Address: 'tms.example.com' } },
      {},
      { name: 'provisioning server', address: 'tms.example.com' },
    ],
    [
      { Mode: 'Auto' },
      { Status: 'Provisioned', Server: '10.0.0.8' },
      { name: 'provisioning server', address: '10.0.0.8' },
    ],
    [{ Mode: 'Webex', WebexEdge: 'On' }, {}, { name: 'Webex Edge', address: null }],
    [{ Mode: 'Auto' }, { Status: 'Failed', Server: '10.0.0.8' }, null],
    [{ Mode: 'Off', ExternalManager: { Address: '10.0.0.9' } }, {}, null],
    [{ Mode: 'Auto', ExternalManager: { Address: '' } }, { Status: 'Idle' }, null],
    [{}, {}, null],
  ] as const)('is told by %j and %j', async (configuration, status, manager) => {
    const replies = { Configuration: { Provisioning: configuration }, Status: { Provisioning: status } };
    expect((await readFacts(codec(structuredClone(replies) as Replies))).outside.manager).toEqual(manager);
  });

  it.each([
    ['Registered', null, true],
    ['Registering', null, false],
    ['Disabled', null, false],
    [null, null, false],
    ['Registered', { name: 'Webex Edge', address: null }, false],
  ])('is the cloud when Webex is %s and the manager %j: %s', (status, manager, cloud) => {
    expect(isInCloud({ webex: { status, developerId: null }, manager })).toBe(cloud);
  });
});

describe("a codec's clock", () => {
  const NOW = Date.parse('2026-07-01T10:00:00Z');
  it.each([
    ['2026-07-01T10:00:00Z', null, 0],
    ['2026-07-01T12:00:30+02:00', null, 30_000],
    ['2026-07-01T12:00:30+0200', null, 30_000],
    ['2026-07-01 10:06:00', null, 360_000],
    ['2026-07-01 12:00:00', 'Europe/Oslo', 0],
    ['2026-07-01T10:00:00', 'Europe/Oslo', 0],
    ['2026-07-01 06:10:00', 'America/New_York', 600_000],
    ['2026-07-01 10:00:01', 'No/Such_Zone', 1_000],
    ['2020-01-01T00:00:00Z', 'Europe/Oslo', Date.parse('2020-01-01T00:00:00Z') - NOW],
  ])('%s in %s is %d ms ahead', (text, zone, offsetMs) => {
    expect(clockOf(text, zone, NOW)?.offsetMs).toBe(offsetMs);
  });

  it.each(['', 'yesterday', '12:00', '2026-13-45T99:99:99Z', '1', '2026-07-01T10:00:00Z and more'])(
    'is not known from %j',
    (text) => expect(clockOf(text, null, NOW)).toBeNull(),
  );

  it('is asked for its zone only where it names none', async () => {
    const time = (SystemTime: string) =>
      codec({ Status: { Time: { SystemTime } }, Configuration: { Time: { Zone: 'Etc/UTC' } } });
    const [plain, zoned] = [time('2026-07-01 10:00:00'), time('2026-07-01T10:00:00Z')];
    await readFacts(plain);
    await readFacts(zoned);
    expect(plain.asked).toContain('Configuration Time Zone');
    expect(zoned.asked).not.toContain('Configuration Time Zone');
  });
});
