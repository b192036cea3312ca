/** A small practice site in this process with a site file for it, so that a test can look at and turn both. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../main/contract/progress.ts';
import { takenOver } from '../../main/contract/takeOver.ts';
import { readDrift } from '../../main/services/drift.ts';
import { importRooms, roomsNamed } from '../../main/services/inventory.ts';
import { type PreparedRoom, prepare } from '../../main/services/prepare.ts';
import { type RunResult, run } from '../../main/services/run.ts';
import { sync } from '../../main/services/sync.ts';
import type { Endpoint, Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import type { Row } from '../lab/infinity/validate.ts';
import { type Practice, startPractice } from '../lab/practice.ts';
import type { LabDevice } from '../lab/types.ts';
import { PLACE } from '../support/place.ts';
import { tempSite } from '../support/siteFile.ts';
import { account } from './cisco-visit.ts';

export interface Ground {
  practice: Practice;
  site: Site;
  room(name: string): Room;
  endpoint(name: string): Endpoint;
  device(name: string): LabDevice;
  /** What Infinity has under the room's mailbox. */
  entries(name: string): Row[];
  prepare(...names: string[]): Promise<PreparedRoom[]>;
  run(...names: string[]): Promise<RunResult>;
  undo(...names: string[]): Promise<RunResult>;
  /** @param stopAfter stops, as Ctrl-C does, once this many things were delivered */
  sync(stopAfter?: number): Promise<string[]>;
  list(text: string): void;
}

const NET = '127.78';
/** Ports of this place, as several test files use it. */
const SSH = 20_000 + 2 * PLACE;
const PORTS = { ssh: SSH, https: SSH + 1 };

export async function startGround(): Promise<Ground> {
  const practice = await startPractice({
    rooms: 4,
    seed: 'regressions',
    replicationMs: 0,
    ports: PORTS,
    networks: { devices: NET, core: `${NET}.250` },
  });
  onTestFinished(async () => {
    await practice.estate.stop();
    if (practice.temporaryCsv) rmSync(practice.temporaryCsv, { force: true });
  });
  const { infinity, logins, roomsCsv } = practice.document;
  const { hostname, port } = new URL(infinity.url);
  const pin = createHash('sha256').update(new X509Certificate(infinity.certificate).raw).digest('hex');
  const site = await tempSite({
    sshPort: PORTS.ssh,
    httpsPort: PORTS.https,
    timeoutMs: 4_000,
    proofMs: 0,
    proofEveryMs: 50,
    infinity: { address: hostname, port: Number(port), group: infinity.group, pin },
  });
  importRooms(site, readFileSync(roomsCsv));
  site.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
  site.saveCredential('poly-videoos', null, logins.poly.username, logins.poly.password);
  site.saveCredential('infinity', null, infinity.username, infinity.password);

  const room = (name: string) => known(roomsNamed(site, [name])[0]);
  const endpoint = (name: string) => known(site.rooms.endpointOf(room(name).id));
  const work = (kind: 'migrate' | 'undo', names: string[]) =>
    run(site, {
      kind,
      rooms: roomsNamed(site, names),
      technician: 'Ada',
      pilots: 'first',
      signal: never(),
      listen: () => undefined,
    });
  return {
    practice,
    site,
    room,
    endpoint,
    device: (name) => known(practice.estate.devices.get(endpoint(name).address)),
    entries: (name) =>
      practice.estate.infinity.store
        .rows('mjx_endpoint')
        .filter((row) => row.room_resource_email === room(name).mailbox),
    async prepare(...names) {
      const rooms = roomsNamed(site, names);
      const agreed = takenOver((await readDrift(site, { rooms, signal: never() })).rows);
      return (await prepare(site, { rooms, agreed, signal: never(), done: () => undefined })).rooms;
    },
    run: (...names) => work('migrate', names),
    undo: (...names) => work('undo', names),
    async sync(stopAfter = Infinity) {
      const stop = new AbortController();
      const told: string[] = [];
      await sync(site, {
        signal: stop.signal,
        waitMs: 0,
        delivered({ kind, problem }) {
          told.push(problem ? `${kind} ${problem.code}` : kind);
          if (told.length >= stopAfter) stop.abort();
        },
        waiting: () => undefined,
      }).catch((thrown: unknown) => {
        if (!stop.signal.aborted) throw thrown;
      });
      return told;
    },
    list: (text) => void importRooms(site, Buffer.from(text)),
  };
}

export const never = () => new AbortController().signal;
export const silent = (_event: RunEvent) => undefined;

function known<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('not there');
  return value;
}

type Macro = { name: string; content: string; active: boolean };
type CodecState = { macros: Macro[]; users: { username: string; roles: string[] }[]; runtime: { active: string[] } };

/** What an undo must bring back of a codec; not meetings, which come and go. */
export function core(device: LabDevice) {
  const { macros, users, runtime, ...rest } = device.snapshot() as CodecState & Record<string, unknown>;
  const { settings, panels } = rest;
  return {
    settings,
    panels,
    macros: macros.toSorted((a, b) => a.name.localeCompare(b.name)),
    users: users.map(({ username, roles }) => `${username} ${roles.join('+')}`),
    active: runtime.active.toSorted(),
  };
}

export function macroNames(device: LabDevice): string[] {
  return core(device).macros.map(({ name }) => name);
}

/** Logins that a device has refused. */
export function refusals(device: LabDevice): number {
  return account(device, 'admin')?.failedLogins ?? 0;
}
