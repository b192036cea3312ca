/** Every Poly device that the contract holds for: each family of the lab, over each way to speak to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, type TestContext } from 'vitest';
import type { Baseline, Transport } from '../../../main/contract/device.ts';
import { asOtjError, OtjError } from '../../../main/contract/errors.ts';
import type { Driver, EndpointTarget, RunnableStep, StepSupport, Wish } from '../../../main/endpoints/driver.ts';
import { polyGroup } from '../../../main/endpoints/poly/group/driver.ts';
import { polyTrio } from '../../../main/endpoints/poly/trio/driver.ts';
import { polyVideoOs } from '../../../main/endpoints/poly/videoos/driver.ts';
import type { PolyFacts } from '../../../main/endpoints/poly/videoos/facts.ts';
import { answerEws } from '../../lab/ews.ts';
import { type HttpsHost, startHttpsHost } from '../../lab/https-host.ts';
import { startPoly } from '../../lab/poly/poly.ts';
import type { LabDevice, LabMeeting, PolyGroupSpec, PolySpec, PolyTrioSpec, World } from '../../lab/types.ts';
import { createWorld } from '../../lab/world.ts';
import { PLACE } from '../../support/place.ts';

export const OLD = { server: 'otj.pexip.example.net', username: 'svc-fjord', password: 'Old-Secret-1234567890' };
export const NEW = { server: 'otj1.example.com', username: 'otj-fjord', password: 'New-Secret-1234567890' };
const ADMIN_PASSWORD = 'Device-Admin-7654321';
const MAILBOX = 'fjord@example.com';
const SECRETS = [OLD.password, NEW.password, ADMIN_PASSWORD];

export const WISH: Wish = {
  mailbox: MAILBOX,
  login: { username: NEW.username, password: NEW.password },
  server: NEW.server,
  takeMacros: [],
  leaveMacros: [],
  accepted: ['restart'],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

/** Of this place, as several test files use it. */
const NET = `127.170.${PLACE}`;
const PORTS = { httpsPort: 19_443, sshPort: 19_022, telnetPort: 19_024 };
let hosts = 1;
const address = () => `${NET}.${(hosts++ % 250) + 1}`;

type Spec = PolySpec | PolyGroupSpec | PolyTrioSpec;
type Without<S> = Omit<S, 'address' | 'calendar'>;

export interface Subject {
  name: string;
  driver: Driver<PolyFacts>;
  transport: Transport | 'auto';
  username: string;
  /** What can prove a registration there. */
  proof: 'status' | 'meetings' | 'none';
  spec: Without<PolySpec> | Without<PolyGroupSpec> | Without<PolyTrioSpec>;
}

const base = { serial: '8L0000000072', mac: '00:E0:DB:00:00:72', systemName: 'Fjord', pollMs: 50, ...PORTS };
const admin = { username: 'admin', password: ADMIN_PASSWORD };
const videoos = { ...base, kind: 'poly-videoos', model: 'StudioX50', software: '4.2.0', admin } as const;
const group = {
  ...base,
  kind: 'poly-group',
  model: 'RealPresence Group 500',
  software: 'Release - 6.2.2.8-670021',
  admin,
} as const;
const trio = {
  ...base,
  kind: 'poly-trio',
  serial: '64167F0A0B01',
  mac: '64:16:7F:0A:0B:01',
  model: 'Trio 8800',
  software: '7.2.2.1094 28-Feb-22 15:29',
  admin: { username: 'Polycom', password: ADMIN_PASSWORD },
  pace: { outageMs: 300, newCertificate: false },
} as const;

export const SUBJECTS: readonly Subject[] = [
  { name: 'VideoOS', driver: polyVideoOs, transport: 'auto', username: 'admin', proof: 'status', spec: videoos },
  { name: 'Group over REST', driver: polyGroup, transport: 'auto', username: 'admin', proof: 'meetings', spec: group },
  {
    name: 'Group over SSH',
    driver: polyGroup,
    transport: 'ssh',
    username: 'admin',
    proof: 'meetings',
    spec: { ...group, cli: { echo: true, tooQuick: 'lost', passwordEcho: true, clearsDomain: false } },
  },
  {
    name: 'Group over telnet',
    driver: polyGroup,
    transport: 'telnet',
    username: 'admin',
    proof: 'meetings',
    spec: { ...group, settings: { 'sec.telnet.enable': 'True' }, cli: { quotes: 'always', tooQuick: 'garbled' } },
  },
  {
    name: 'Trio with Basic',
    driver: polyTrio,
    transport: 'auto',
    username: 'Polycom',
    proof: 'none',
    spec: { ...trio, auth: 'basic' },
  },
  {
    name: 'Trio with Digest',
    driver: polyTrio,
    transport: 'auto',
    username: 'Polycom',
    proof: 'none',
    spec: { ...trio, auth: 'digest' },
  },
];

/** Runs the suite for each of them. */
export function eachPoly(suite: (subject: Subject) => void, of: (subject: Subject) => boolean = () => true): void {
  // Beside each other too: on a command line there is nothing but waiting.
  for (const subject of SUBJECTS.filter(of)) describe.concurrent(subject.name, () => suite(subject));
}

export interface Bench {
  world: World;
  meetings: LabMeeting[];
  device: LabDevice;
}

/**
 * Tests run beside each other, since a command line mostly waits: so each has its own devices, by its context.
 * Two calendar servers, the old and the new one, and a device that had its calendar at the old one.
 */
export async function startBench(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  subject: Subject,
  change: Partial<Spec> = {},
): Promise<Bench> {
  const { spec } = subject;
  const world = createWorld();
  const start = new Date(Date.now() + 600_000).toISOString();
  const organizer = { name: 'Ada', email: 'ada@example.com' };
  const meetings = [{ id: 'm1', subject: 'Plan', organizer, start, minutes: 30, alias: 'plan@example.com' }];
  const servers = [await startCalendar({ world, meetings }, OLD), await startCalendar({ world, meetings }, NEW)];
  const server = spec.kind === 'poly-trio' ? `https://${OLD.server}/EWS/Exchange.asmx` : OLD.server;
  const calendar = { enabled: true, mailbox: MAILBOX, domain: '', ...OLD, server };
  const device = await startPoly({ ...spec, address: address(), calendar, ...change } as Spec, world);
  onTestFinished(async () => {
    await device.stop();
    for (const host of servers) await host.stop();
  });
  return { world, meetings, device };
}

/** An Exchange look-alike that knows one account, under its name in the lab. */
async function startCalendar(
  bench: Omit<Bench, 'device'>,
  { server, username, password }: typeof OLD,
): Promise<HttpsHost> {
  const at = address();
  const host = await startHttpsHost({
    address: at,
    port: 0,
    certificateNames: [server],
    handler: (request, response) =>
      answerEws(request, response, {
        realm: server,
        login: (name, secret) => (name === username && secret === password ? MAILBOX : undefined),
        meetings: () => bench.meetings,
        served: () => undefined,
      }),
  });
  bench.world.names.set(server, { address: at, port: host.port });
  return host;
}

export function target({ device }: Bench, subject: Subject, change: Partial<EndpointTarget> = {}): EndpointTarget {
  return {
    family: subject.driver.family,
    address: device.spec.address,
    ...PORTS,
    transport: subject.transport,
    lastTransport: null,
    legacy: false,
    username: subject.username,
    password: ADMIN_PASSWORD,
    trust: { check: () => undefined },
    timeoutMs: 5_000,
    proofMs: 5_000,
    proofEveryMs: 50,
    ...change,
  };
}

export type Outcome = 'done' | 'already' | 'owed';

export interface VisitOptions {
  undo?: Baseline;
  wish?: Wish;
  target?: Partial<EndpointTarget>;
  /** Runs between the first look of a step and its effect. */
  beforeApply?: (step: string) => void;
  /** Runs before a step is looked at for the first time. */
  beforeStep?: (step: string, stage: string) => void;
  /** Steps that an earlier visit's journal has as done. */
  done?: readonly string[];
  /** Settings among the changes of those. */
  changed?: readonly string[];
  /** When it meant steps, epoch milliseconds; those that it has as done are taken for just meant. */
  meant?: Readonly<Record<string, number>>;
}

export interface Visited {
  facts: PolyFacts;
  baseline: Baseline;
  transport: Transport;
  outcome: Record<string, Outcome>;
  words: string;
}

/** A visit as the engine makes it: facts, plan, and each step looked at, done, looked at again; always closed. */
export async function visit(bench: Bench, subject: Subject, options: VisitOptions = {}): Promise<Visited> {
  const { undo, wish = WISH, beforeStep, beforeApply = () => undefined, done = [], changed = [], meant = {} } = options;
  const { driver } = subject;
  const session = await driver.connect(target(bench, subject, options.target), new AbortController().signal);
  try {
    const facts = await session.readFacts();
    const baseline = { items: session.backupOf(facts) };
    const plan = undo ? driver.planUndo(facts, wish, undo) : driver.plan(facts, wish, null);
    const support: StepSupport = {
      baseline: undo ?? baseline,
      addBackup: async () => {},
      wasDone: (id, setting) => done.includes(id) && (setting === undefined || changed.includes(setting)),
      meantAt: (id) => meant[id] ?? (done.includes(id) ? Date.now() : null),
      isEntryOwed: () => false,
    };
    const outcome: Record<string, Outcome> = {};
    const words: string[] = [];
    for (const step of session.bind(plan, facts, wish, support)) {
      beforeStep?.(step.plan.id, step.plan.stage);
      const [ended, said] = await runStep(step, beforeApply);
      outcome[step.plan.id] = ended;
      words.push(said);
    }
    const told = JSON.stringify([facts, baseline, plan, words]);
    for (const secret of SECRETS) expect(told).not.toContain(secret);
    return { facts, baseline, transport: session.link.transport, outcome, words: words.join('\n') };
  } finally {
    await session.close();
  }
}

async function runStep(step: RunnableStep, beforeApply: (id: string) => void): Promise<[Outcome, string]> {
  let seen = await step.inspect();
  if (seen.holds) return [step.apply ? 'already' : 'done', seen.words];
  if (step.apply) {
    beforeApply(step.plan.id);
    await step.apply();
    seen = await step.inspect();
  }
  const end = Date.now() + (step.wait?.forMs ?? 0);
  while (!seen.holds && Date.now() < end) {
    await sleep(step.wait?.everyMs);
    seen = await step.inspect();
  }
  if (seen.holds) return ['done', seen.words];
  if (step.wait && !seen.problem) return ['owed', seen.words];
  throw seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words);
}

/** The error of some work, which must have failed and must not tell a secret. */
export async function failure(work: Promise<unknown>): Promise<OtjError> {
  const error = asOtjError(
    await work.then(
      (result) => new Error(`did not fail: ${JSON.stringify(result)}`),
      (thrown: unknown) => thrown,
    ),
  );
  for (const secret of SECRETS) expect(error.message).not.toContain(secret);
  return error;
}

/** Everything the device keeps, with a hash in place of each secret. */
export const settingsOf = ({ device }: Bench): unknown => structuredClone(device.snapshot().settings);

/** Nothing of ours is left open on the device; a Trio has no sessions. */
export const noSessionLeft = ({ device }: Bench) => until(() => device.snapshot().sessions ?? 0, 0);

/** The calendar is registered, by the device's inner state, which no way tells in full. */
export const registered = ({ device }: Bench) =>
  until(() => (device.snapshot().calendar as { status: string }).status, 'registered');

/** As `expect.poll`, which does not know whose it is among tests beside each other. */
async function until<T>(look: () => T, wanted: T): Promise<void> {
  const end = Date.now() + 10_000;
  while (look() !== wanted && Date.now() < end) await sleep(20);
  expect(look()).toBe(wanted);
}
