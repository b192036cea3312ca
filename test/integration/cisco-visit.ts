/** A lab codec and visits to it, as the engine makes them but without a site file. */
import { afterAll, afterEach, vi } from 'vitest';
import type { BackupItem, Baseline } from '../../main/contract/device.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { PlannedStep } from '../../main/contract/plan.ts';
import { ciscoRoomOs } from '../../main/endpoints/cisco/driver.ts';
import type { EndpointTarget, RunnableStep, StepSupport, Wish } from '../../main/endpoints/driver.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { neighbours, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';

export const ADMIN = { username: 'admin', passphrase: 'Device "Admin" \\ 7654321', roles: ['Admin' as const] };
export const GUEST = { username: 'guest', passphrase: 'Guest-Secret-1234', roles: ['User' as const] };
export const WISH: Wish = {
  mailbox: 'fjord@example.com',
  login: { username: 'otj-push', password: 'New-Secret-1234567890' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};
export const PORTS = { sshPort: 3022, httpsPort: 9643 };

/** Loopback addresses of this process, so that test files and test runs beside each other do not meet. */
const NET = `127.77.${PLACE}`;
let devices = 0;
const running: LabDevice[] = [];
afterEach(async () => {
  for (const device of running.splice(0)) await device.stop();
});

/** One that is stopped behind the test. */
export async function codec(change: Partial<CodecSpec> = {}): Promise<LabDevice> {
  const device = await launch(change);
  running.push(device);
  return device;
}

/**
 * Starts codecs that are stopped behind the last test of the `describe` in which it is called: for tests that run beside
 * each other.
 */
export function launcher(): typeof launch {
  const started: LabDevice[] = [];
  afterAll(async () => {
    await Promise.all(started.map((device) => device.stop()));
  });
  return async (change) => {
    const device = await launch(change);
    started.push(device);
    return device;
  };
}

/** `expect.poll` cannot tell its test where several run at once. */
export async function until(check: () => unknown): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000, interval: 20 });
}

function launch(change: Partial<CodecSpec> = {}): Promise<LabDevice> {
  const number = ++devices;
  const spec: CodecSpec = {
    kind: 'codec',
    address: `${NET}.${number}`,
    ...PORTS,
    serial: `FOC2222LAB${number}`,
    mac: '00:50:60:00:00:02',
    model: 'Cisco Room Kit Pro',
    systemName: 'Fjord',
    software: 'ce26.4.1.0.0123456789a',
    users: [ADMIN, GUEST],
    macros: [...neighbours, ...otjMacroPair({ tenant: 'fjord', token: 'service-token', pollMs: 60_000 })],
    panels: [{ panelId: 'lights', name: 'Lights' }],
    settings: { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
    ...change,
  };
  return startCodec(spec, createWorld());
}

export function target({ spec }: LabDevice, change: Partial<EndpointTarget> = {}): EndpointTarget {
  return {
    family: 'cisco-roomos',
    address: spec.address,
    ...PORTS,
    transport: 'auto',
    lastTransport: null,
    legacy: false,
    username: ADMIN.username,
    password: ADMIN.passphrase,
    trust: { check: () => undefined },
    timeoutMs: 4_000,
    proofMs: 0,
    proofEveryMs: 50,
    ...change,
  };
}

type Account = { username: string; failedLogins: number; roles: string[] };
type Snapshot = {
  macros: { name: string; content: string; active: boolean }[];
  users: Account[];
  runtime: { active: string[] };
  sessions: number;
};

export function snapshot(device: LabDevice): Snapshot {
  return device.snapshot() as unknown as Snapshot;
}

export function account(device: LabDevice, username: string): Account | undefined {
  return snapshot(device).users.find((user) => user.username === username);
}

/** What must be the same before and after: all but the order of macros and what only looking moves. */
export function comparable(device: LabDevice) {
  const { macros, users, runtime, sessions: _sessions, ...rest } = device.snapshot() as unknown as Snapshot;
  const byName = <T extends { name: string }>(a: T, b: T) => a.name.localeCompare(b.name);
  return {
    ...rest,
    macros: macros.toSorted(byName),
    users: users.map((user) => ({ ...user, failedLogins: 0 })),
    active: runtime.active.toSorted(),
  };
}

/** What a site file keeps of one device between visits. */
export class Memory {
  baseline: Baseline | null = null;
  readonly done: string[] = [];

  save(items: readonly BackupItem[]): void {
    this.baseline ??= { items };
  }
}

interface VisitOptions {
  undo?: boolean;
  wish?: Wish;
  target?: Partial<EndpointTarget>;
  signal?: AbortSignal;
  before?: (step: RunnableStep) => unknown;
  isEntryOwed?: boolean;
}

/** Connect, read, plan, back up, and each step looked at, done, looked at again. @returns words and steps done */
export async function visit(device: LabDevice, memory: Memory, options: VisitOptions = {}) {
  const { undo = false, wish = WISH, signal = new AbortController().signal } = options;
  const session = await ciscoRoomOs.connect(target(device, options.target), signal);
  const words: string[] = [];
  const done: string[] = [];
  try {
    const facts = await session.readFacts();
    const planned: PlannedStep[] =
      undo && memory.baseline
        ? ciscoRoomOs.planUndo(facts, wish, memory.baseline)
        : ciscoRoomOs.plan(facts, wish, memory.baseline);
    const support: StepSupport = {
      get baseline() {
        return memory.baseline;
      },
      async addBackup(...items) {
        memory.baseline = { items: [...(memory.baseline?.items ?? []), ...items] };
      },
      wasDone: () => false,
      meantAt: () => null,
      isEntryOwed: () => options.isEntryOwed ?? false,
    };
    for (const step of session.bind(planned, facts, wish, support)) {
      // The first change comes after the backup, as in the engine.
      if (step.plan.stage !== 'check') memory.save(session.backupOf(facts));
      await options.before?.(step);
      let seen = await step.inspect();
      if (!seen.holds && step.apply) {
        await step.apply();
        done.push(step.plan.id);
        seen = await step.inspect();
      }
      words.push(seen.words);
      if (!seen.holds && !step.wait) throw seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words);
    }
    return { facts, words, done };
  } finally {
    await session.close();
  }
}
