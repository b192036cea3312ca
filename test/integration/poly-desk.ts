/** A VideoOS device of the lab for each test, the calendars that it may ask, and a visit to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Baseline } from '../../main/contract/device.ts';
import { asOtjError, type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { EndpointTarget, RunnableStep, Seen, StepSupport, Wish } from '../../main/endpoints/driver.ts';
import { polyVideoOs } from '../../main/endpoints/poly/videoos/driver.ts';
import type { PolyFacts } from '../../main/endpoints/poly/videoos/facts.ts';
import { answerEws } from '../lab/ews.ts';
import { type HttpsHost, startHttpsHost } from '../lab/https-host.ts';
import { startPolyVideoOs } from '../lab/poly/videoos.ts';
import type { LabDevice, LabMeeting, PolySpec, World } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';

export const OLD = { server: 'otj.pexip.example.net', username: 'svc-fjord', password: 'Old-Secret-1234567890' };
export const NEW = { server: 'otj1.example.com', username: 'otj-fjord', password: 'New-Secret-1234567890' };
const ADMIN = { username: 'admin', password: 'Device-Admin-7654321' };
export const MAILBOX = 'fjord@example.com';

const LOGIN = { username: NEW.username, password: NEW.password };
export const WISH: Wish = {
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

export let world: World;
export let device: LabDevice;
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

/** What both calendars hold from now on. */
export function setMeetings(wanted: LabMeeting[]): void {
  meetings = wanted;
}

export async function startDevice(change: Partial<PolySpec> = {}): Promise<void> {
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

export function target(change: Partial<EndpointTarget> = {}): EndpointTarget {
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

export interface VisitOptions {
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
export async function visit(options: VisitOptions = {}): Promise<{ facts: PolyFacts; seen: Record<string, Seen> }> {
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
export const facts = async () => (await look()).facts;
export const baselineNow = async () => (await look()).baseline;

/** The facts once the device has come to a calendar state. */
export async function settled(state: PolyFacts['calendar']['status']['state']): Promise<PolyFacts> {
  for (let round = 0; round < 60; round++) {
    const now = await facts();
    if (now.calendar.status.state === state) return now;
    await sleep(50);
  }
  throw new Error(`never ${state}: ${JSON.stringify((await facts()).calendar.status)}`);
}

export async function fails(code: ErrorCode, work: Promise<unknown>): Promise<OtjError> {
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
export const settingsOf = (of: LabDevice) => structuredClone(of.snapshot().settings);
export const values = ({ calendar }: PolyFacts) => calendar.values;

/** What a backup of the device in its first state holds, made from its present one. */
export async function oldBaseline(): Promise<Baseline> {
  const { items } = await baselineNow();
  const swap = (text: string) => text.replaceAll(NEW.server, OLD.server).replaceAll(NEW.username, OLD.username);
  return { items: items.map((item) => ({ ...item, content: swap(item.content) })) };
}
