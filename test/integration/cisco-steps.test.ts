/** What the steps do to a codec of the lab, over both transports: how it is afterwards, and that an undo leaves no trace. */
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../main/contract/device.ts';
import { offeredTls, provesLogin } from '../../main/endpoints/cisco/apiLogin.ts';
import { ciscoRoomOs } from '../../main/endpoints/cisco/driver.ts';
import { textHash } from '../../main/endpoints/cisco/otj/texts.ts';
import { Visit } from '../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget, Wish } from '../../main/endpoints/driver.ts';
import { newPassword } from '../../main/services/roomLogin.ts';
import { GENERATIONS, TC7 } from '../lab/cisco/generations.ts';
import {
  cameraPresets,
  meetingControls,
  neighbours,
  OTJ_MACRO,
  OTJ_MACRO_SETTINGS,
  otjMacroPair,
} from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { ciscoFacts } from '../support/ciscoFacts.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { PLACE } from '../support/place.ts';
import { codecOf } from '../support/treeCodec.ts';
import {
  ADMIN,
  account,
  comparable,
  GUEST,
  launcher,
  Memory,
  snapshot,
  target,
  until,
  visit,
  WISH,
} from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';

let devices = 0;
const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token', pollMs: 60_000 });
const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
/** A list takes regular expressions. */
const OTJ_HOSTS = '.*\\.otj\\.pexip\\.io';
const TIDY: Wish = { ...WISH, tidyHttpClient: true };
const TRANSPORTS: Transport[] = ['ssh', 'https'];

// Beside each other, because what a visit over HTTPS mostly does is wait.
const launch = launcher();
const start = (change: Partial<CodecSpec> = {}) => launch({ address: `127.113.${PLACE}.${++devices}`, ...change });
const over = (transport: Transport, change: Partial<EndpointTarget> = {}) => ({ target: { transport, ...change } });
const otjMacros = (device: LabDevice) => snapshot(device).macros.filter(({ name }) => OTJ.includes(name));
const settingOf = (device: LabDevice, path: string) => (device.snapshot().settings as Record<string, string>)[path];
const planned = async (device: LabDevice, wish = WISH) => {
  const session = await ciscoRoomOs.connect(target(device), new AbortController().signal);
  try {
    const facts = await session.readFacts();
    return {
      facts,
      ids: ciscoRoomOs.plan(facts, wish, null).map(({ id }) => id),
      titles: ciscoRoomOs.plan(facts, wish, null).map(({ title }) => title),
      manual: ciscoRoomOs.manualSteps(facts, wish),
    };
  } finally {
    await session.close();
  }
};
/** The old macros have really started, so that an undo has something to bring back. */
const running = async (device: LabDevice) => {
  await until(() => expect(snapshot(device).runtime.active).toContain(OTJ_MACRO));
  return comparable(device);
};
const sorted = (value: ReturnType<typeof comparable>) => ({
  ...value,
  allowedHosts: (value as unknown as { allowedHosts: string[] }).allowedHosts.toSorted(),
});

describe.concurrent.each(TRANSPORTS)('over %s', (transport) => {
  it('a codec is moved, and its undo leaves no trace', async () => {
    const device = await start();
    const before = await running(device);
    const memory = new Memory();
    const { facts } = await visit(device, memory, over(transport));
    expect(facts.told.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'generation',
        'uptime',
        'clock',
        'ntp',
        'macros',
        'http',
        'ssh',
        'tls',
        'users',
        'panels',
      ]),
    );
    expect(otjMacros(device)).toEqual([]);
    expect(snapshot(device).runtime.active.filter((name) => OTJ.includes(name))).toEqual([]);
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    await visit(device, memory, { ...over(transport), undo: true });
    expect(comparable(device)).toEqual(before);
    await until(() => expect(snapshot(device).sessions).toBe(0));
  });

  it('what only the old macro needed is tidied up on request, and back after an undo', async () => {
    const allowedHosts = ['mail.example.com', OTJ_HOSTS, 'cisco-macros.pexip.io'];
    const device = await start({ allowedHosts, macros: [cameraPresets, ...PAIR] });
    const before = await running(device);
    const memory = new Memory();
    const { done } = await visit(device, memory, { ...over(transport), wish: TIDY });
    expect(done).toEqual(expect.arrayContaining(['tidy.http-client', 'tidy.hosts']));
    expect(settingOf(device, 'HttpClient Mode')).toBe('Off');
    expect(device.snapshot().allowedHosts).toEqual(['mail.example.com']);
    const again = await visit(device, memory, { ...over(transport), wish: TIDY });
    expect(again.done.filter((id) => id.startsWith('tidy'))).toEqual([]);
    await visit(device, memory, { ...over(transport), wish: TIDY, undo: true });
    expect(sorted(comparable(device))).toEqual(sorted(before));
  });

  it('old meetings are taken off on request', async () => {
    const device = await start();
    await running(device);
    await putMeetings(device, 'old-1', 'old-2');
    const memory = new Memory();
    const { done } = await visit(device, memory, { ...over(transport), wish: { ...WISH, clearBookings: true } });
    expect(done).toContain('bookings.clear');
    expect(device.snapshot().bookings).toEqual([]);
  });

  it('a codec in a call is left alone until the technician says so', async () => {
    const device = await start({ faults: { inCall: true } });
    const before = comparable(device);
    expect(await codeOf(() => visit(device, new Memory(), over(transport)))).toBe('IN_CALL');
    expect(comparable(device)).toEqual(before);
    await visit(device, new Memory(), { ...over(transport), wish: { ...WISH, accepted: ['call'] } });
    expect(otjMacros(device)).toEqual([]);
  });

  it('a codec that restarts in the middle is carried on with, and undone to what it was', async () => {
    const device = await start({ faults: { rebootOn: 'Macro Remove', bootMs: 600 } });
    const before = await running(device);
    const memory = new Memory();
    const code = await codeOf(() => visit(device, memory, over(transport, { timeoutMs: 1_500 })));
    expect(['CONNECTION_LOST', 'TIMEOUT', 'UNREACHABLE', 'STARTING']).toContain(code);
    await until(async () => expect(await codeOf(() => visit(device, memory, over(transport)))).toBeUndefined());
    expect(otjMacros(device)).toEqual([]);
    expect(snapshot(device).runtime.active.filter((name) => OTJ.includes(name))).toEqual([]);
    await visit(device, memory, { ...over(transport), undo: true });
    await running(device);
    expect(comparable(device)).toEqual(before);
  });
});

describe.concurrent.each(['ce9', 'roomos10', 'roomos11', 'roomos26'] as const)('a codec with %s', (name) => {
  it('is moved and undone, and tells its generation', async () => {
    const device = await start(GENERATIONS[name]);
    const before = await running(device);
    const memory = new Memory();
    const { facts } = await visit(device, memory, { wish: TIDY });
    expect(facts.firmware).toMatchObject({ id: name, known: true });
    expect(facts.told.find(({ key }) => key === 'generation')).toMatchObject({ warn: false });
    expect(otjMacros(device)).toEqual([]);
    await visit(device, memory, { wish: TIDY, undo: true });
    expect(comparable(device)).toEqual(before);
  });
});

describe.concurrent('software before macros', () => {
  const CE8 = { ...GENERATIONS.ce8, macros: [], panels: [], settings: {} };

  it('has nothing to take, and gets its account all the same', async () => {
    const device = await start({ ...CE8, tls: { min: 'TLSv1', max: 'TLSv1.2' } });
    const memory = new Memory();
    const { facts, done } = await visit(device, memory, over('ssh', { legacy: true }));
    expect(facts).toMatchObject({ macros: [], firmware: { id: 'ce8' } });
    expect(done).toEqual(['account']);
    await visit(device, memory, { ...over('ssh', { legacy: true }), undo: true });
    expect(account(device, 'otj-push')).toBeUndefined();
  });

  it('is refused before any change where Infinity could not speak to its web server', async () => {
    const device = await start(CE8);
    const before = comparable(device);
    expect(await codeOf(() => visit(device, new Memory(), over('ssh', { legacy: true })))).toBe('TLS_TOO_OLD');
    expect(comparable(device)).toEqual(before);
  });

  it('is refused with the reason when it is TC', async () => {
    const device = await start({ ...TC7, macros: [], panels: [], settings: {} });
    const error = await errorOf(() => visit(device, new Memory(), over('ssh', { legacy: true })));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', words: expect.stringContaining('TC7.3.3') });
  });

  it('is taken for the newest when nobody has seen it yet, with a warning', async () => {
    const device = await start({ software: 'ce31.1.0.0.0123456789a' });
    const { facts } = await visit(device, new Memory());
    expect(facts.told.find(({ key }) => key === 'generation')).toMatchObject({ value: 'RoomOS 26?', warn: true });
    expect(otjMacros(device)).toEqual([]);
  });
});

describe.concurrent('a codec whose web server is off', () => {
  it('gets it switched on before the account is signed in as, and off again by an undo', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'Off' } });
    const before = await running(device);
    const memory = new Memory();
    const { done } = await visit(device, memory);
    expect(done.slice(0, 2)).toEqual(['settings.http', 'account']);
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTPS');
    // Over HTTPS it would end the very link on which it is done.
    const error = await errorOf(() => visit(device, memory, { ...over('https'), undo: true }));
    expect(error).toMatchObject({ code: 'NOT_CONFIRMED', words: expect.stringContaining('undo over SSH') });
    await visit(device, memory, { ...over('ssh'), undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it.each(['ssh', 'https'] as const)('has plain HTTP beside it off only where that is wished: %s', async (way) => {
    const device = await start({ settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'HTTP+HTTPS' } });
    const before = await running(device);
    const [unasked, memory] = [new Memory(), new Memory()];
    await visit(device, unasked, over(way));
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTP+HTTPS');
    await visit(device, unasked, { ...over(way), undo: true });
    const { done } = await visit(device, memory, { ...over(way), wish: { ...WISH, httpsOnly: true } });
    expect(done).toContain('settings.http');
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTPS');
    await visit(device, memory, { ...over(way), undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it('is waited for where it takes a moment to be there', async () => {
    const device = await start({ faults: { off: true } });
    const settings = { ...ciscoFacts([]).settings, 'NetworkServices HTTP Mode': 'Off' };
    const facts = ciscoFacts([], { settings });
    const xapi: Xapi = {
      ...codecOf({}),
      set: async () => void setTimeout(() => device.setFaults({}), 700),
    };
    const support = {
      baseline: null,
      addBackup: async () => undefined,
      wasDone: () => false,
      meantAt: () => null,
      isEntryOwed: () => false,
    };
    const steps = ciscoRoomOs.plan(facts, WISH, null);
    const bound = bindSteps(new Visit({ xapi, target: target(device) }, facts, WISH, support, steps));
    await bound.find(({ plan }) => plan.id === 'settings.http')?.apply?.();
    expect(await offeredTls(target(device))).toMatch(/^TLSv1\.[23]$/);
  });

  it('is left off when a cloud codec has it so', async () => {
    const device = await start({
      webex: { status: 'Registered', developerId: 'DEV-1' },
      settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'Off' },
    });
    await visit(device, new Memory());
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('Off');
    expect(otjMacros(device)).toEqual([]);
  });
});

describe.concurrent('what surrounds the codec', () => {
  it('is told of a cloud codec: the macros go, no account is made, and Infinity wants its id', async () => {
    const device = await start({ webex: { status: 'Registered', developerId: 'DEV-1' } });
    const before = await running(device);
    const memory = new Memory();
    const { ids, manual, facts } = await planned(device);
    expect(ids).toContain('check.webex');
    expect(manual).toEqual(['webex-entry']);
    expect(facts.told).toContainEqual({ key: 'webex-id', value: 'DEV-1', warn: false });
    await visit(device, memory);
    expect(otjMacros(device)).toEqual([]);
    expect(account(device, 'otj-push')).toBeUndefined();
    await visit(device, memory, { undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it('keeps a managed codec from being changed until the technician has accepted it', async () => {
    const device = await start({ manager: { mode: 'TMS', address: '10.0.0.9' } });
    const before = comparable(device);
    const error = await errorOf(() => visit(device, new Memory()));
    expect(error).toMatchObject({ code: 'MANAGED', words: expect.stringContaining('TMS at 10.0.0.9') });
    expect(comparable(device)).toEqual(before);
    expect((await planned(device)).manual).toEqual(['manager']);
    await visit(device, new Memory(), { wish: { ...WISH, accepted: ['manager'] } });
    expect(otjMacros(device)).toEqual([]);
  });

  it.each([6, -6])(
    'keeps a codec whose clock is %d minutes off from being changed until that is accepted',
    async (minutes) => {
      const device = await start({ faults: { clockOffsetMs: minutes * 60_000 } });
      const before = comparable(device);
      expect(await codeOf(() => visit(device, new Memory()))).toBe('CLOCK_WRONG');
      expect(comparable(device)).toEqual(before);
      await visit(device, new Memory(), { wish: { ...WISH, accepted: ['clock'] } });
      expect(otjMacros(device)).toEqual([]);
    },
  );

  it('bears a clock that is four minutes off', async () => {
    const device = await start({ faults: { clockOffsetMs: 240_000 } });
    expect(await codeOf(() => visit(device, new Memory()))).toBeUndefined();
  });
});

describe.concurrent('before any change', () => {
  it.each([
    ['new software is being installed', { faults: { upgrading: true } }, 'UPGRADING'],
    [
      'clients need a certificate',
      { settings: { 'Macros Mode': 'On', 'NetworkServices HTTPS VerifyClientCertificate': 'On' } },
      'CLIENT_CERTIFICATE',
    ],
    ['the name is taken', { users: [ADMIN, { ...GUEST, username: 'otj-push' }] }, 'ACCOUNT_TAKEN'],
    [
      'a macro is not surely one',
      { macros: [{ name: 'otj-macro', content: 'console.log(1)', active: true }] },
      'MACRO_UNCERTAIN',
    ],
  ] as const)('a codec is refused when %s', async (_name, change, code) => {
    const device = await start(change as unknown as Partial<CodecSpec>);
    const before = comparable(device);
    const memory = new Memory();
    expect(await codeOf(() => visit(device, memory, over('ssh')))).toBe(code);
    expect(comparable(device)).toEqual(before);
    expect(memory.baseline).toBeNull();
  });

  it('a macro that XML cannot carry is left to SSH', async () => {
    const content = `${PAIR[1]?.content}//\u0001`;
    const device = await start({ macros: [{ name: OTJ_MACRO, content, active: true }, ...PAIR.slice(0, 1)] });
    expect(['MACRO_UNFIT', 'ODD_REPLY']).toContain(await codeOf(() => visit(device, new Memory(), over('https'))));
    expect(otjMacros(device)).toHaveLength(2);
    await visit(device, new Memory(), over('ssh'));
    expect(otjMacros(device)).toEqual([]);
  });

  it('a macro that the technician leaves stays, running as before', async () => {
    const device = await start();
    const before = await running(device);
    const memory = new Memory();
    await visit(device, memory, { wish: { ...TIDY, leaveMacros: OTJ } });
    expect(otjMacros(device)).toHaveLength(2);
    expect(comparable(device).active).toEqual(before.active);
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
  });
});

describe.concurrent('tidying', () => {
  it('leaves HttpClient and the last entry of its list to another macro that needs them', async () => {
    const device = await start({ allowedHosts: [OTJ_HOSTS], macros: [meetingControls, ...PAIR] });
    await visit(device, new Memory(), { wish: TIDY });
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
    // An empty list would open every host to that macro.
    expect(device.snapshot().allowedHosts).toEqual([OTJ_HOSTS]);
    expect(otjMacros(device)).toEqual([]);
  });

  it('is not done unasked', async () => {
    const device = await start({ allowedHosts: [OTJ_HOSTS], macros: [...PAIR] });
    await visit(device, new Memory());
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
    expect(device.snapshot().allowedHosts).toEqual([OTJ_HOSTS]);
  });

  it.each(['HttpClient Mode', 'Hostname Remove'])('is carried on with after the link broke at %s', async (dropOnce) => {
    const device = await start({ allowedHosts: ['a.example.com', OTJ_HOSTS], macros: [...PAIR] });
    const before = await running(device);
    const memory = new Memory();
    device.setFaults({ dropOnce });
    const first = await codeOf(() => visit(device, memory, { ...over('ssh'), wish: TIDY }));
    // The fault may have struck at a reading of the same name.
    expect(['CONNECTION_LOST', undefined]).toContain(first);
    await visit(device, memory, { ...over('ssh'), wish: TIDY });
    expect(settingOf(device, 'HttpClient Mode')).toBe('Off');
    expect(device.snapshot().allowedHosts).toEqual(['a.example.com']);
    await visit(device, memory, { ...over('ssh'), wish: TIDY, undo: true });
    expect(sorted(comparable(device))).toEqual(sorted(before));
  });
});

describe.concurrent('a macro of somebody else under the name of one that was taken', () => {
  const OWN = '// written anew by the customer';

  it('keeps the undo from being begun, until a technician says so; then it is in the backup', async () => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    await typed(device, `xCommand Macros Macro Save Name: "${OTJ_MACRO}" Overwrite: True Transpile: False`, OWN);
    const before = comparable(device);
    const error = await errorOf(() => visit(device, memory, { undo: true }));
    expect(error).toMatchObject({ code: 'MACRO_IN_THE_WAY', words: OTJ_MACRO });
    expect(comparable(device)).toEqual(before);
    const own = otjMacros(device).find(({ name }) => name === OTJ_MACRO)?.content ?? '';
    const seen = (text: string) => ({ ...WISH, overwriteMacros: [{ name: OTJ_MACRO, sha256: textHash(text) }] });
    // A word that was given for another text does not count for this one.
    const stale = { undo: true, wish: seen(`${own}// and a line more`) };
    expect(await codeOf(() => visit(device, memory, stale))).toBe('MACRO_IN_THE_WAY');
    expect(comparable(device)).toEqual(before);
    await visit(device, memory, { undo: true, wish: seen(own) });
    expect(otjMacros(device).map(({ content }) => content)).not.toContain(OWN);
    expect(memory.baseline?.items).toContainEqual({ kind: 'overwritten', name: OTJ_MACRO, content: OWN });
  });

  it('is not overwritten either when it was saved while the undo was going on', async () => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    const save = `xCommand Macros Macro Save Name: "${OTJ_MACRO}" Overwrite: True Transpile: False`;
    const before = async ({ plan }: { plan: { id: string } }) =>
      plan.id === `undo.macro:${OTJ_MACRO}` ? typed(device, save, OWN) : undefined;
    expect(await codeOf(() => visit(device, memory, { undo: true, before }))).toBe('MACRO_IN_THE_WAY');
    expect(otjMacros(device).some(({ content }) => content.startsWith(OWN))).toBe(true);
  });
});

describe.concurrent('the policy for passphrases', () => {
  const POLICY = 'UserManagement PasswordPolicy';
  const strict = Object.fromEntries(
    ['Digits', 'Lowercase', 'Special', 'Uppercase'].map((of) => [`${POLICY} Complexity Minimum${of}`, '4']),
  );

  it('that demands most takes the passphrases that are made for rooms', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', ...strict } });
    const login = { username: 'otj-push', password: newPassword() };
    await visit(device, new Memory(), { wish: { ...WISH, login } });
    expect(await provesLogin(target(device), login)).toContain('OK');
  });

  it('that refuses one is told before any change, with its rule', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', [`${POLICY} Complexity MinimumLength`]: '30' } });
    const before = comparable(device);
    const error = await errorOf(() => visit(device, new Memory()));
    expect(error).toMatchObject({ code: 'PASSPHRASE_POLICY', words: expect.stringContaining('MinimumLength: 30') });
    expect(comparable(device)).toEqual(before);
  });

  it('that ends them is told in the plan, with the facts, and left to a person', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', [`${POLICY} MaxLifetime`]: '30' } });
    const { facts, ids, manual, titles } = await planned(device);
    expect(ids).toContain('check.lifetime');
    expect(titles.join()).toMatch(/ends after 30 days, on \d{4}-\d\d-\d\d/);
    expect(manual).toEqual(['passphrase-end']);
    expect(facts.told).toContainEqual({ key: 'passphrase-life', value: '2592000s', warn: true });
    await visit(device, new Memory());
    expect(otjMacros(device)).toEqual([]);
  });
});

describe.concurrent('our account', () => {
  const user = `Username: "otj-push" YourPassphrase: ${JSON.stringify(ADMIN.passphrase)}`;

  it.each([
    ['inactive', 'Active: False'],
    ['without its role', 'RemoveRole: Admin AddRole: User'],
    ['asked for a new passphrase', 'PassphraseChangeRequired: True'],
  ])('is mended in place when it is %s', async (_name, change) => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    // Only an account that was not made anew has kept this.
    await typed(device, `xCommand UserManagement User Modify ${user} ShellLogin: True ${change}`);
    expect((await visit(device, memory)).done).toContain('account');
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    expect(account(device, 'otj-push')).toMatchObject({ shellLogin: true, active: true });
  });

  it.each([
    ['alone', ''],
    ['and made it inactive', 'Active: False'],
  ])('is made anew when somebody else has set its passphrase %s', async (_name, change) => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    await typed(device, `xCommand UserManagement User Modify ${user} ShellLogin: True ${change}`);
    await typed(device, `xCommand UserManagement User Passphrase Set ${user} NewPassphrase: "Somebody-Changed-1"`);
    expect((await visit(device, memory)).done).toContain('account');
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    expect(account(device, 'otj-push')).toMatchObject({ shellLogin: false });
  });
});

describe.concurrent('a manager that puts things back', () => {
  it('is found out by the proof that follows, or by the next look', async () => {
    const device = await start({ macros: [...neighbours, ...PAIR], manager: { mode: 'TMS', pushesBackMs: 1 } });
    const wish: Wish = { ...WISH, accepted: ['manager'] };
    const code = await codeOf(() => visit(device, new Memory(), { wish }));
    expect(code === undefined || code === 'NOT_CONFIRMED').toBe(true);
    await until(() => expect(otjMacros(device)).toHaveLength(2));
    expect((await planned(device, wish)).ids).toContain(`macro.remove:${OTJ_MACRO}`);
  });
});

async function typed(device: LabDevice, line: string, body?: string): Promise<void> {
  const shell = await Shell.open(device.spec as CodecSpec, ADMIN, { keep: true });
  try {
    await (await shell.json()).ask(line, body);
  } finally {
    shell.end();
  }
}

async function putMeetings(device: LabDevice, ...ids: string[]): Promise<void> {
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const Bookings = ids.map((Id) => ({
    Id,
    Title: 'Plan',
    Number: 'plan@example.com',
    Protocol: 'SIP',
    Organizer: { Name: 'Ada' },
    Time: { StartTime: start, Duration: 30 },
  }));
  await typed(device, 'xCommand Bookings Put', JSON.stringify({ Bookings }));
}
