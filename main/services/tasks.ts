/** Puts together what a visit to a room needs: driver, pinned target, login, wish, and Infinity's own step. */
import { OtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import { probe } from '../discovery/fingerprint.ts';
import { ciscoRoomOs } from '../endpoints/cisco/driver.ts';
import type { Driver, EndpointTarget, RunnableStep, TrustStore } from '../endpoints/driver.ts';
import { polyVideoOs } from '../endpoints/poly/videoos/driver.ts';
import type { RoomTask } from '../migration/roomVisit.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { deliverEntry, deliverRemoval, type InfinityLink, mayOweEntry } from './infinity.ts';
import { roomLogin } from './roomLogin.ts';

const DRIVERS: Record<Family, Driver> = { 'cisco-roomos': ciscoRoomOs, 'poly-videoos': polyVideoOs };

export interface TaskOptions {
  kind: 'migrate' | 'undo';
  /** The calendar password from before, typed for an undo. */
  oldPassword: string | null;
  signal: AbortSignal;
  /** A dry run writes nothing to Infinity. */
  dryRun: boolean;
}

/**
 * Throws NO_ADDRESS, UNKNOWN_DEVICE, CREDENTIAL_MISSING, NOT_PREPARED; the room is not touched then.
 */
export async function buildTask(site: Site, link: InfinityLink, room: Room, options: TaskOptions): Promise<RoomTask> {
  const { kind, oldPassword, signal, dryRun } = options;
  const endpoint = await knownEndpoint(site, room, signal);
  const driver = DRIVERS[endpoint.family];
  const { id, proven, username, password } = site.credential(endpoint.family, room.id);
  const { timeoutMs, proofMs, proofEveryMs } = site.settings;
  const target: EndpointTarget = {
    family: endpoint.family,
    address: endpoint.address,
    sshPort: endpoint.sshPort,
    httpsPort: endpoint.httpsPort,
    username,
    password,
    trust: pinOnFirstUse(site, endpoint.id),
    timeoutMs,
    proofMs,
    proofEveryMs,
  };
  const server =
    driver.needsEntryFirst && kind === 'migrate' ? await entryFirst(site, link, { room, endpoint, dryRun }) : null;
  return {
    kind,
    room,
    endpoint,
    driver,
    target,
    login: { id, proven },
    wish: {
      mailbox: room.mailbox,
      login: roomLogin(site, room, endpoint.family),
      server,
      takeMacros: room.takeMacros,
      oldPassword,
    },
    entry: kind === 'undo' ? removalStep(site, link, room) : entryStep(site, link, { room, endpoint, driver }),
  };
}

type KnownEndpoint = Endpoint & { family: Family };

/** The room's endpoint with its family, looked up at the address without a login when no list or sweep told it. */
async function knownEndpoint(site: Site, room: Room, signal: AbortSignal): Promise<KnownEndpoint> {
  const endpoint = site.rooms.endpointOf(room.id);
  if (!endpoint) throw new OtjError('NO_ADDRESS');
  const { family, address, sshPort, httpsPort } = endpoint;
  if (family) return { ...endpoint, family };
  const sighting = await probe(address, { sshPort, httpsPort, timeoutMs: site.settings.timeoutMs, signal });
  if (!sighting) throw new OtjError('UNREACHABLE', address);
  if (!sighting.family) throw new OtjError('UNKNOWN_DEVICE', sighting.evidence);
  site.rooms.sight(address, sighting.family, sighting.evidence, { sshPort, httpsPort });
  return { ...endpoint, family: sighting.family };
}

function pinOnFirstUse({ rooms }: Site, endpointId: number): TrustStore {
  return {
    check(kind, sha256) {
      const known = rooms.pinOf(endpointId, kind);
      if (known === null) rooms.pin(endpointId, kind, sha256);
      else if (known !== sha256) throw new OtjError('TRUST_CHANGED', `${kind}: known ${known}, shown ${sha256}`);
    },
  };
}

type EntryOf = { room: Room; endpoint: Endpoint };

/**
 * A device that pulls must find its login on Infinity, so the entry comes before anything on the device.
 * @returns the Conferencing Node to point it at. Throws NOT_PREPARED when Infinity is away and was never told.
 */
async function entryFirst(
  site: Site,
  link: InfinityLink,
  { room, endpoint, dryRun }: EntryOf & { dryRun: boolean },
): Promise<string> {
  const known = site.outbox.entry(room.id);
  if (known?.server && !site.outbox.owedOf(room.id).includes('entry')) return known.server;
  if (dryRun) throw new OtjError('NOT_PREPARED', 'a dry run writes nothing to Infinity');
  try {
    const { server } = await deliverEntry(site, link, room, endpoint);
    if (server) return server;
  } catch (thrown) {
    if (thrown instanceof OtjError && mayOweEntry(thrown))
      throw new OtjError('NOT_PREPARED', thrown.words, { cause: thrown });
    throw thrown;
  }
  throw new OtjError('NOT_PREPARED');
}

function entryStep(
  site: Site,
  link: InfinityLink,
  { room, endpoint, driver }: EntryOf & { driver: Driver },
): RunnableStep {
  return {
    plan: { id: 'entry', stage: 'entry', title: 'Enter the room on Infinity', changes: [] },
    async inspect() {
      const entry = site.outbox.entry(room.id);
      const owed = site.outbox.owedOf(room.id).includes('entry');
      if (!entry || owed) return { holds: false, words: 'not on Infinity yet' };
      return { holds: true, words: `Infinity entry ${entry.entryId}, read back ${entry.deliveredAt}` };
    },
    apply: async () => void (await deliverEntry(site, link, room, endpoint)),
    ...(driver.needsEntryFirst ? {} : { mayOwe: mayOweEntry }),
  };
}

/** Undo: Infinity must not go on pushing to, or waiting for, a device that is with the Service again. */
function removalStep(site: Site, link: InfinityLink, room: Room): RunnableStep {
  return {
    plan: { id: 'entry-removal', stage: 'entry', title: 'Take the room off Infinity again', changes: [] },
    async inspect() {
      const entry = site.outbox.entry(room.id);
      return entry
        ? { holds: false, words: `Infinity entry ${entry.entryId}` }
        : { holds: true, words: 'no entry of ours on Infinity' };
    },
    apply: () => deliverRemoval(site, link, room),
    mayOwe: mayOweEntry,
  };
}
