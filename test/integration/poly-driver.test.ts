/** The VideoOS driver against the lab's device, which pulls its calendar from two small Exchange look-alikes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Baseline } from '../../main/contract/device.ts';
import { asOtjError, type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { EndpointTarget, RunnableStep, Seen, StepSupport, Wish } from '../../main/endpoints/driver.ts';
import { polyVideoOs } from '../../main/endpoints/poly/videoos/driver.ts';
import type { PolyFacts } from '../../main/endpoints/poly/videoos/facts.ts';
import { parseJson } from '../../main/endpoints/poly/videoos/replies.ts';
import { openSession } from '../../main/endpoints/poly/videoos/session.ts';
import { answerEws } from '../lab/ews.ts';
import { type HttpsHost, startHttpsHost } from '../lab/https-host.ts';
import { startPolyVideoOs } from '../lab/poly/videoos.ts';
import type { LabDevice, LabMeeting, PolySpec, World } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';

const OLD = { server: 'otj.pexip.example.net', username: 'svc-fjord', password: 'Old-Secret-1234567890' };
const NEW = { server: 'otj1.example.com', username: 'otj-fjord', password: 'New-Secret-1234567890' };
const ADMIN = { username: 'admin', password: 'Device-Admin-7654321' };
const MAILBOX = 'fjord@example.com';

const LOGIN = { username: NEW.username, password: NEW.password };
const WISH: Wish = {
  mailbox: MAILBOX,
  login: LOGIN,
  server: NEW.server,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

/** Loopback addresses of this process, so that two test runs beside each other do not meet. */
const NET = `127.111.${PLACE}`;

let world: World;
let device: LabDevice;
let servers: HttpsHost[];
let meetings: LabMeeting[];

/** An Exchange look-alike that knows one account, under its name in the lab. */
async function startCalendar({ server, username, password }: typeof OLD, address: string): Promise<void> {
  const host = await startHttpsHost({
    address,
    port: 0,
    certificateNames: [server],
    handler: (request, response) =>
      answerEws(request, response, {
        realm: server,
        login: (name, secret) => (name === username && secret === password ? MAILBOX : undefined),
        meetings: () => meetings,
        served: () => undefined,
      }),
  });
  world.names.set(server, { address, port: host.port });
  servers.push(host);
}

async function startDevice(change: Partial<PolySpec> = {}): Promise<void> {
  device = await startPolyVideoOs(
    {
      kind: 'poly-videoos',
      address: `${NET}.1`,
      httpsPort: 18_443,
      serial: '8L0000000072',
      mac: '00:E0:DB:00:00:72',
      model: 'StudioX50',
      systemName: 'Fjord',
      software: '4.2.0',
      admin: ADMIN,
      calendar: { enabled: true, mailbox: MAILBOX, domain: '', ...OLD },
      pollMs: 50,
      ...change,
    },
    world,
  );
}

beforeEach(async () => {
  world = createWorld();
  servers = [];
  const start = new Date(Date.now() + 600_000).toISOString();
  const organizer = { name: 'Ada', email: 'ada@example.com' };
  meetings = [{ id: 'm1', subject: 'Plan', organizer, start, minutes: 30, alias: 'plan@example.com' }];
  await startCalendar(OLD, `${NET}.2`);
  await startCalendar(NEW, `${NET}.3`);
});

afterEach(async () => {
  await device.stop();
  for (const server of servers) await server.stop();
});

function target(change: Partial<EndpointTarget> = {}): EndpointTarget {
  return {
    family: 'poly-videoos',
    address: device.spec.address,
    sshPort: 22,
    httpsPort: device.spec.httpsPort,
    transport: 'auto',
    lastTransport: null,
    legacy: false,
    ...ADMIN,
    trust: { check: () => undefined },
    timeoutMs: 3_000,
    proofMs: 5_000,
    proofEveryMs: 50,
    ...change,
  };
}

interface VisitOptions {
  undo?: Baseline;
  wish?: Wish;
  signal?: AbortSignal;
  target?: Partial<EndpointTarget>;
  /** Runs between the first look of `calendar.set` and its effect. */
  beforeApply?: () => void;
  /** What the engine believes of the device. */
  believe?: (facts: PolyFacts) => PolyFacts;
}

/** A visit as the engine makes it: facts, plan, and each step looked at, done, looked at again. */
async function visit(options: VisitOptions = {}): Promise<{ facts: PolyFacts; seen: Record<string, Seen> }> {
  const { undo, wish = WISH, signal = new AbortController().signal } = options;
  const session = await polyVideoOs.connect(target(options.target), signal);
  try {
    const read = await session.readFacts();
    const facts = options.believe?.(read) ?? read;
    const plan = undo ? polyVideoOs.planUndo(facts, wish, undo) : polyVideoOs.plan(facts, wish, null);
    const support: StepSupport = {
      baseline: undo ?? null,
      addBackup: async () => {},
      wasDone: () => false,
      meantAt: () => null,
      isEntryOwed: () => false,
    };
    const seen: Record<string, Seen> = {};
    for (const step of session.bind(plan, facts, wish, support))
      seen[step.plan.id] = await runStep(step, options.beforeApply);
    return { facts, seen };
  } finally {
    await session.close();
  }
}

async function runStep(step: RunnableStep, beforeApply?: () => void): Promise<Seen> {
  let seen = await step.inspect();
  if (!seen.holds && step.apply) {
    beforeApply?.();
    await step.apply();
    seen = await step.inspect();
  }
  const end = Date.now() + (step.wait?.forMs ?? 0);
  while (!seen.holds && Date.now() < end) {
    await sleep(step.wait?.everyMs);
    seen = await step.inspect();
  }
  for (const secret of [OLD.password, NEW.password, ADMIN.password]) expect(JSON.stringify(seen)).not.toContain(secret);
  if (!seen.holds) throw seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words);
  return seen;
}

async function look(): Promise<{ facts: PolyFacts; baseline: Baseline }> {
  const session = await polyVideoOs.connect(target(), new AbortController().signal);
  try {
    const facts = await session.readFacts();
    return { facts, baseline: { items: session.backupOf(facts) } };
  } finally {
    await session.close();
  }
}
const facts = async () => (await look()).facts;
const baselineNow = async () => (await look()).baseline;

/** The facts once the device has come to a calendar state. */
async function settled(state: PolyFacts['calendar']['status']['state']): Promise<PolyFacts> {
  for (let round = 0; round < 60; round++) {
    const now = await facts();
    if (now.calendar.status.state === state) return now;
    await sleep(50);
  }
  throw new Error(`never ${state}: ${JSON.stringify((await facts()).calendar.status)}`);
}

async function fails(code: ErrorCode, work: Promise<unknown>): Promise<OtjError> {
  const error = asOtjError(
    await work.then(
      () => new Error('did not fail'),
      (thrown: unknown) => thrown,
    ),
  );
  expect(error.code, error.message).toBe(code);
  for (const secret of [OLD.password, NEW.password, ADMIN.password]) expect(error.message).not.toContain(secret);
  return error;
}

/** Everything the device keeps, with a hash in place of the password. */
const settingsOf = (of: LabDevice) => structuredClone(of.snapshot().settings);
const values = ({ calendar }: PolyFacts) => calendar.values;

describe('migration', () => {
  it('moves the calendar, proves it, and does nothing the second time', async () => {
    await startDevice();
    const before = await settled('registered');
    expect(before).toMatchObject({
      identity: { serial: '8L0000000072', mac: '00:E0:DB:00:00:72', model: 'StudioX50', software: '4.2.0' },
      inCall: false,
      provisioning: { managed: false },
    });
    expect(before.calendar).toMatchObject({ conflict: null });
    expect(Object.values(values(before))).toContain(OLD.server);
    expect(JSON.stringify(before)).not.toContain(OLD.password);

    const { seen } = await visit();
    expect(Object.keys(seen)).toEqual([
      'check.fit',
      'calendar.set',
      'device.restart-if-asked',
      'calendar.registered',
      'calendar.meeting',
    ]);
    expect(seen['calendar.meeting']?.words).toContain('lists a meeting');
    const after = await facts();
    expect(Object.values(values(after))).toEqual(expect.arrayContaining([NEW.server, NEW.username, MAILBOX]));

    const again = await visit({
      beforeApply: () => {
        throw new Error('wrote again');
      },
    });
    expect(again.seen['calendar.registered']?.holds).toBe(true);
    expect(values(await facts())).toEqual(values(after));
  });

  it('leaves no session behind', async () => {
    await startDevice();
    await visit();
    await fails('NOT_ARRIVED', visit({ wish: { ...WISH, server: 'nowhere.example.com' }, target: { proofMs: 100 } }));
    const session = await openSession(target(), new AbortController().signal);
    const list = await session.read({ path: '/rest/current/session/sessions' }, parseJson);
    await session.close();
    expect(list).toMatchObject({ sessionList: [expect.anything()] });
  });

  it('tells an empty calendar as such', async () => {
    meetings = [];
    await startDevice();
    const { seen } = await visit();
    expect(seen['calendar.meeting']?.words).toContain('calendar is empty');
  });

  it('does not take a wrong calendar password for success', async () => {
    await startDevice();
    await settled('registered');
    const wish = { ...WISH, login: { username: NEW.username, password: 'Wrong-Secret-0987654321' } };
    const error = await fails('NOT_ARRIVED', visit({ wish, target: { proofMs: 1_000 } }));
    expect(error.words).not.toContain(wish.login.password);
    // The right one then mends it, although every readable setting was as wished already.
    expect((await visit()).seen['calendar.registered']?.holds).toBe(true);
  });
});

describe('what stops a room before anything is changed', () => {
  const unchanged = async (code: ErrorCode, options: VisitOptions = {}) => {
    const before = settingsOf(device);
    expect(before).toMatchObject({ 'cal.ews.server': OLD.server });
    await fails(code, visit(options));
    expect(settingsOf(device)).toEqual(before);
  };

  it('a wrong login', async () => {
    await startDevice();
    await unchanged('LOGIN_REFUSED', { target: { password: 'Not-The-Password-1' } });
  });

  it('a call', async () => {
    await startDevice({ faults: { inCall: true } });
    expect((await facts()).inCall).toBe(true);
    await unchanged('IN_CALL');
  });

  it('a call that begins between the look and the write', async () => {
    await startDevice();
    await unchanged('IN_CALL', { beforeApply: () => device.setFaults({ inCall: true }) });
  });

  it('a management server', async () => {
    await startDevice({ provisioningServer: 'rm.example.com' });
    await unchanged('MANAGED');
  });

  it('another device at the address', async () => {
    await startDevice();
    const believe = (read: PolyFacts) => ({ ...read, identity: { ...read.identity, serial: '8L0000009999' } });
    await unchanged('IDENTITY_MISMATCH', { believe });
  });

  it('a user name that is too long', async () => {
    await startDevice();
    await unchanged('VALUE_TOO_LONG', { wish: { ...WISH, login: { ...WISH.login, username: 'u'.repeat(65) } } });
  });

  it('a web page in place of the API', async () => {
    await startDevice({ faults: { htmlInsteadOfApi: true } });
    await unchanged('ODD_REPLY');
  });

  it('another certificate', async () => {
    await startDevice();
    const trust = {
      check: () => {
        throw new OtjError('TRUST_CHANGED', 'other fingerprint');
      },
    };
    await unchanged('TRUST_CHANGED', { target: { trust } });
  });

  it.each<[ErrorCode, PolySpec['faults']]>([
    ['TIMEOUT', { hung: true }],
    ['UNREACHABLE', { off: true }],
  ])('%s', async (code, faults) => {
    await startDevice(faults ? { faults } : {});
    await unchanged(code, { target: { timeoutMs: 500 } });
  });

  it('half a reply', async () => {
    await startDevice();
    device.setFaults({ truncateAt: 20 });
    const error = asOtjError(await visit().catch((thrown: unknown) => thrown));
    expect(['CONNECTION_LOST', 'ODD_REPLY']).toContain(error.code);
  });
});

describe('interruption', () => {
  it('carries on after a write whose answer was lost', async () => {
    await startDevice();
    await settled('registered');
    const beforeApply = () => device.setFaults({ dropOnce: '/rest/config' });
    await fails('CONNECTION_LOST', visit({ beforeApply }));
    const { seen } = await visit();
    expect(seen['calendar.registered']?.holds).toBe(true);
    expect(Object.values(values(await facts()))).toContain(NEW.server);
  });

  it('is never cut off in the middle of a write by a stop', async () => {
    await startDevice();
    await visit();
    const goal = settingsOf(device);
    const reached = new Set<string>();
    world.latencyMs = 6;
    for (let ms = 2; ms < 120; ms += 8) {
      await visit({ undo: await oldBaseline(), wish: { ...WISH, oldPassword: OLD.password } });
      const stop = new AbortController();
      const beforeApply = () => setTimeout(() => stop.abort(), ms);
      const outcome = await visit({ signal: stop.signal, beforeApply }).then(
        () => 'done',
        (thrown: unknown) => asOtjError(thrown).code,
      );
      reached.add(outcome);
      expect(settingsOf(device)).toEqual(goal);
    }
    expect([...reached]).toEqual(['done']);
  });
});

/** What a backup of the device in its first state holds, made from its present one. */
async function oldBaseline(): Promise<Baseline> {
  const { items } = await baselineNow();
  const swap = (text: string) => text.replaceAll(NEW.server, OLD.server).replaceAll(NEW.username, OLD.username);
  return { items: items.map((item) => ({ ...item, content: swap(item.content) })) };
}

describe('a restart that the device asks for', () => {
  const asks = { calendarNeedsReboot: true, pace: { outageMs: 600, newCertificate: false } };
  const agreed = { ...WISH, accepted: ['restart' as const] };

  it('is made after a word only, is seen by its running time or its absence, and not made again', async () => {
    await startDevice(asks);
    await settled('registered');
    await fails('RESTART_NEEDED', visit());
    expect(device.snapshot()).toMatchObject({ rebootNeeded: true, restarts: 0 });
    const { seen } = await visit({ wish: agreed });
    expect(seen['device.restart-if-asked']?.words).toBe('restarted, and back as the same device');
    expect(seen['calendar.meeting']?.words).toContain('lists a meeting');
    const again = await visit({ wish: agreed });
    expect(again.seen['device.restart-if-asked']?.words).toBe('the device asks for no restart');
    expect(device.snapshot()).toMatchObject({ rebootNeeded: false, restarts: 1, sessions: 0 });
  });
});

describe('undo', () => {
  it('brings everything back when the old password was typed', async () => {
    await startDevice();
    await settled('registered');
    const before = settingsOf(device);
    const baseline = await baselineNow();
    await visit();
    expect(settingsOf(device)).not.toEqual(before);
    const { seen } = await visit({ undo: baseline, wish: { ...WISH, oldPassword: OLD.password } });
    expect(Object.keys(seen)).toEqual([
      'check.undo',
      'calendar.restore',
      'device.restart-if-asked',
      'calendar.restored',
    ]);
    expect(settingsOf(device)).toEqual(before);
    expect((await facts()).calendar.status.state).toBe('registered');
  });

  it('says that the old password is missing, with all else back, and can be finished later', async () => {
    await startDevice();
    const before = await settled('registered');
    const baseline = await baselineNow();
    await visit();
    await fails('OLD_PASSWORD_NEEDED', visit({ undo: baseline, target: { proofMs: 500 } }));
    expect(values(await facts())).toEqual(values(before));
    await visit({ undo: baseline, wish: { ...WISH, oldPassword: OLD.password } });
    expect((await facts()).calendar.status.state).toBe('registered');
  });

  it('needs no password for a calendar that was off', async () => {
    await startDevice({
      calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
    });
    const before = await facts();
    const baseline = await baselineNow();
    await visit();
    const { seen } = await visit({ undo: baseline });
    expect(seen['calendar.restored']?.words).toContain('off, as before');
    expect(values(await facts())).toEqual(values(before));
  });

  it('has nothing to do on a device that was never changed', async () => {
    await startDevice();
    await settled('registered');
    const beforeApply = () => expect.unreachable('wrote');
    const { seen } = await visit({ undo: await baselineNow(), beforeApply });
    expect(seen['calendar.restored']?.holds).toBe(true);
  });
});

describe('what a person has to see to', () => {
  it('a clock that is off, and then it goes ahead', async () => {
    await startDevice({ faults: { clockOffsetMs: 3_600_000 } });
    await fails('CLOCK_WRONG', visit());
    expect((await facts()).told).toContainEqual(expect.objectContaining({ key: 'clock', warn: true }));
    expect((await visit({ wish: { ...WISH, accepted: ['clock'] } })).seen['calendar.registered']?.holds).toBe(true);
  });

  it('the mode of another provider, in which the calendar never registers', async () => {
    await startDevice({ faults: { teamsMode: true } });
    const error = await fails('PROVIDER_MODE', visit());
    expect(error.words).toMatch(/teams/i);
    await fails('NOT_ARRIVED', visit({ wish: { ...WISH, accepted: ['provider'] }, target: { proofMs: 300 } }));
  });

  it('a management server, which is to be told', async () => {
    await startDevice({ provisioningServer: 'rm.example.com' });
    const now = await facts();
    expect(polyVideoOs.manualSteps(now, WISH)).toEqual(['manager']);
    const { seen } = await visit({ wish: { ...WISH, accepted: ['manager'] } });
    expect(seen['calendar.registered']?.holds).toBe(true);
  });
});
