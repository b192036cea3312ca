/** Puts together what a visit to a room needs: driver, pinned target, login, wish, and Infinity's own step. */
import type { Accepted, MacroText } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { type Change, type DrivenFamily, type Family, isByHand } from '../contract/plan.ts';
import type { Look } from '../discovery/host.ts';
import { ciscoRoomOs } from '../endpoints/cisco/driver.ts';
import type { Driver, EndpointTarget, RunnableStep, ServerLook, TrustStore } from '../endpoints/driver.ts';
import { polyGroup } from '../endpoints/poly/group/driver.ts';
import { polyTrio } from '../endpoints/poly/trio/driver.ts';
import { polyVideoOs } from '../endpoints/poly/videoos/driver.ts';
import type { RoomTask } from '../migration/roomVisit.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { lookOnce } from './discover.ts';
import { isReached, typeOnInfinity, webexId } from './entryWish.ts';
import { assertMayDeliver, deliverEntry, deliverRemoval, mayOweEntry } from './infinity.ts';
import type { InfinityLink } from './infinityLink.ts';
import { lookAtNode } from './readiness/nodeLook.ts';
import { mayBeOnInfinity, roomLogin, oldPassword as sealedOldPassword } from './roomLogin.ts';
import { recordSighting } from './sightings.ts';

/** What drivers there are. Devices of other families are moved by hand. */
const DRIVERS: Record<DrivenFamily, Driver> = {
  'cisco-roomos': ciscoRoomOs,
  'poly-videoos': polyVideoOs,
  'poly-group': polyGroup,
  'poly-trio': polyTrio,
};

/** Throws BY_HAND. */
export function driverOf(family: Family): { driver: Driver; purpose: DrivenFamily } {
  if (isByHand(family)) throw new OtjError('BY_HAND');
  return { driver: DRIVERS[family], purpose: family };
}

export interface TaskOptions {
  kind: 'migrate' | 'undo';
  /** The calendar password from before, typed for an undo. */
  oldPassword: string | null;
  signal: AbortSignal;
  /** A dry run writes nothing to Infinity. */
  dryRun: boolean;
  /** The technician asks for another try in spite of a refused login or an unfinished undo. */
  insist: boolean;
  /** Objections accepted for this piece of work, beside those kept with the room. */
  accept?: readonly Accepted[];
  /** Macros that somebody has saved since and that an undo may overwrite: the texts that a person has seen. */
  overwrite?: readonly MacroText[];
}

/**
 * Throws NO_ADDRESS, UNKNOWN_DEVICE, CREDENTIAL_MISSING, NOT_PREPARED; the room is not touched then.
 */
export async function buildTask(site: Site, link: InfinityLink, room: Room, options: TaskOptions): Promise<RoomTask> {
  const { kind, oldPassword, signal, dryRun, insist, accept = [], overwrite = [] } = options;
  if (kind === 'migrate' && room.work === 'undo' && isUnfinished(room) && !insist)
    throw new OtjError('UNDO_UNFINISHED');
  const endpoint = await knownEndpoint(site, room, signal);
  const { driver, purpose } = driverOf(endpoint.family);
  const { id, refused, version, username, password } = site.credential(purpose, room.id);
  if (!insist && site.rooms.refusedLogin(endpoint.id) === version)
    throw new OtjError('LOGIN_REFUSED', 'refused before');
  if (!insist && refused) throw new OtjError('CREDENTIAL_PAUSED', `as ${username}`);
  const { tidyHttpClient, httpsOnly, clearBookings } = site.settings;
  const trust = new FirstUse(site, endpoint.id);
  const target = targetOf(site, endpoint, { username, password, trust });
  const server = driver.needsEntryFirst && kind === 'migrate' ? await entryFirst(site, link, { room, dryRun }) : null;
  return {
    kind,
    room,
    endpoint,
    driver,
    target,
    login: { id, version },
    confirmTrust: () => trust.confirm(),
    ...(server === null ? {} : { lookAtServer: (authority) => lookAtServer(site, link, server, authority) }),
    wish: {
      mailbox: room.mailbox,
      login: roomLogin(site, room, endpoint.family),
      server,
      takeMacros: room.takeMacros,
      takeTexts: room.takeTexts,
      leaveMacros: room.leaveMacros,
      accepted: [...new Set([...room.accepted, ...accept])],
      tidyHttpClient,
      httpsOnly,
      clearBookings,
      oldPassword: oldPassword ?? (kind === 'undo' ? sealedOldPassword(site, room) : null),
      overwriteMacros: overwrite,
    },
    entry:
      kind === 'undo'
        ? removalStep(site, link, room)
        : entryStep(site, link, { room, needsEntryFirst: driver.needsEntryFirst }),
    async beforeChanges() {
      // Where Infinity has the entry as wished, as after `entryFirst`, it need not be asked.
      if (kind === 'migrate' && !hasEntry(site, room)) await assertMayDeliver(site, link, { room, keep: !dryRun });
    },
  };
}

/** One look at each node in one piece of work: many rooms go to the same one, and a name server may be far away. */
const looks = new WeakMap<InfinityLink, Map<string, Promise<ServerLook | null>>>();

function lookAtServer(
  { settings }: Site,
  link: InfinityLink,
  name: string,
  authority: string | null,
): Promise<ServerLook | null> {
  const seen = looks.get(link) ?? new Map<string, Promise<ServerLook | null>>();
  looks.set(link, seen);
  const key = `${name}\n${authority ?? ''}`;
  const look = seen.get(key) ?? handshake();
  seen.set(key, look);
  return look;

  async function handshake(): Promise<ServerLook | null> {
    const node = { fqdn: name, address: null, ...(authority ? { ca: authority } : {}) };
    const { certificate } = await lookAtNode(node, settings.nodePort, new AbortController().signal);
    if (!certificate) return null;
    const { namesIt, trusted, subject, issuer } = certificate;
    return { name, namesIt, trusted, subject, issuer };
  }
}

export type KnownEndpoint = Endpoint & { family: Family };

export function targetOf(
  { settings }: Site,
  { family, address, sshPort, httpsPort, transport: chosen, lastTransport, legacy }: KnownEndpoint,
  login: Pick<EndpointTarget, 'username' | 'password' | 'trust'>,
): EndpointTarget {
  const { timeoutMs, proofMs, proofEveryMs, telnetPort } = settings;
  // Chosen for a Group that the list called so then; no other family is spoken to without encryption.
  const transport = chosen === 'telnet' && family !== 'poly-group' ? 'auto' : chosen;
  const device = { family, address, sshPort, httpsPort, transport, lastTransport, legacy };
  return { ...device, ...login, telnetPort, timeoutMs, proofMs, proofEveryMs };
}

/**
 * The room's endpoint with its family, looked up at the address without a login when no list or sweep told it, or a list
 * no more than the vendor: a login of the likeliest family may lock an account of a device of another. Throws NO_ADDRESS,
 * UNREACHABLE, TIMEOUT, UNKNOWN_DEVICE, CANCELLED.
 */
async function knownEndpoint(site: Site, room: Room, signal: AbortSignal): Promise<KnownEndpoint> {
  const endpoint = site.rooms.endpointOf(room.id);
  if (!endpoint) throw new OtjError('NO_ADDRESS');
  const { family, familyGuessed, address, sshPort, httpsPort } = endpoint;
  if (family && !familyGuessed) return { ...endpoint, family };
  const look = await lookOnce(address, { sshPort, httpsPort }, signal);
  if (!look) throw new OtjError('UNREACHABLE', address);
  const { endpoint: seen } = recordSighting(site, look, { sshPort, httpsPort });
  if (!seen.family || seen.familyGuessed)
    throw new OtjError(isMute(look) ? 'TIMEOUT' : 'UNKNOWN_DEVICE', seen.sighting ?? '');
  return { ...seen, family: seen.family };
}

/** It takes connections and says nothing on them, as a device does that hangs: that tells nothing of what it is. */
function isMute({ facts }: Look): boolean {
  return facts.every(
    ({ source, name, value }) => source === 'tcp' || (name === 'trouble' && value.endsWith('TIMEOUT')),
  );
}

/**
 * Trust on first use. A new key counts for this visit only until the device has told its serial number: the key of a
 * wrong device at the address must not be taken for the right one's later.
 */
export class FirstUse implements TrustStore {
  private readonly site: Site;
  private readonly endpointId: number;
  private readonly seen = new Map<'ssh' | 'tls', string>();
  private confirmed = false;

  constructor(site: Site, endpointId: number) {
    this.site = site;
    this.endpointId = endpointId;
  }

  check(kind: 'ssh' | 'tls', sha256: string): void {
    const known = this.seen.get(kind) ?? this.site.rooms.pinOf(this.endpointId, kind);
    if (known !== null && known !== sha256)
      throw new OtjError('TRUST_CHANGED', `${kind}: known ${known}, shown ${sha256}`);
    this.seen.set(kind, sha256);
    // Shared with what other rooms write just then. A disk that takes no pin ends the visit at its next step.
    if (this.confirmed) this.site.db.durably(() => this.pin()).catch(() => undefined);
  }

  confirm(): void {
    this.confirmed = true;
    this.pin();
  }

  private pin(): void {
    for (const [kind, sha256] of this.seen)
      if (this.site.rooms.pinOf(this.endpointId, kind) === null) this.site.rooms.pin(this.endpointId, kind, sha256);
  }
}

/** Whether the work begun last on the room has not come to its end. */
export function isUnfinished({ state }: Room): boolean {
  return state === 'in progress' || state === 'needs attention';
}

/**
 * A device that pulls must find its login on Infinity, so the entry comes before anything on the device.
 * @returns the Conferencing Node to point it at. Throws NOT_PREPARED when Infinity is away and was never told.
 */
export async function entryFirst(
  site: Site,
  link: InfinityLink,
  { room, dryRun }: { room: Room; dryRun: boolean },
): Promise<string> {
  const known = site.outbox.entry(room.id);
  if (known?.server && isCurrent(site, room)) return known.server;
  if (dryRun) throw new OtjError('NOT_PREPARED', 'a dry run writes nothing to Infinity');
  try {
    const { server } = await deliverEntry(site, link, { room });
    if (server) return server;
  } catch (thrown) {
    if (thrown instanceof OtjError && mayOweEntry(thrown))
      throw new OtjError('NOT_PREPARED', thrown.words, { cause: thrown });
    throw thrown;
  }
  throw new OtjError('NOT_PREPARED');
}

/** Nothing is owed that would write the room's entry or take it away. */
function isCurrent({ outbox }: Site, { id }: Room): boolean {
  return !outbox.owedOf(id).some((kind) => kind === 'entry' || kind === 'entry-removal');
}

/** Whether Infinity has the room's entry as wished, as far as is known here, by what the device has told up to now. */
export function hasEntry(site: Site, room: Room): boolean {
  const entry = site.outbox.entry(room.id);
  if (!entry || !isCurrent(site, room)) return false;
  const endpoint = site.rooms.endpointOf(room.id);
  return !endpoint?.family || isReached({ ...endpoint, family: endpoint.family }, entry);
}

export function entryStep(
  site: Site,
  link: InfinityLink,
  { room, needsEntryFirst }: { room: Room } & Pick<Driver, 'needsEntryFirst'>,
): RunnableStep {
  let changes: Change[] | null = null;
  return {
    plan: {
      id: 'entry',
      stage: 'entry',
      title: 'Enter the room on Infinity',
      // As it is when the plan is made: the device has told by then what its entry must be like, and nothing is written yet.
      get changes() {
        changes ??= [entryChange(site, room)];
        return changes;
      },
    },
    async inspect() {
      const entry = site.outbox.entry(room.id);
      if (!entry || !hasEntry(site, room)) return { holds: false, words: 'not on Infinity as wished yet' };
      const before = entry.before ? ', was there before us' : '';
      return { holds: true, words: `Infinity entry ${entry.entryId}${before}, read back ${entry.deliveredAt}` };
    },
    apply: async () => void (await deliverEntry(site, link, { room })),
    ...(needsEntryFirst ? {} : { mayOwe: mayOweEntry }),
  };
}

function entryChange(site: Site, room: Room): Change {
  const known = site.outbox.entry(room.id);
  const before = known ? `entry ${known.entryId}` : null;
  return {
    setting: 'Infinity entry',
    before,
    after: hasEntry(site, room) ? before : [room.name, room.mailbox, ...deviceWords(site, room)].join(', '),
  };
}

function deviceWords(site: Site, room: Room): string[] {
  const endpoint = site.rooms.endpointOf(room.id);
  if (!endpoint?.family) return [];
  const isCloud = typeOnInfinity({ ...endpoint, family: endpoint.family }) === 'WEBEX';
  const id = webexId(endpoint);
  return [endpoint.address, ...(isCloud ? [`type WEBEX, ${id ? `device id ${id}` : 'device id not told'}`] : [])];
}

/** Undo: Infinity must not go on pushing to, or waiting for, a device that is with the Service again. */
function removalStep(site: Site, link: InfinityLink, room: Room): RunnableStep {
  return {
    plan: { id: 'entry-removal', stage: 'entry', title: 'Take the room off Infinity again', changes: [] },
    async inspect() {
      const entry = site.outbox.entry(room.id);
      // An entry whose writing was cut off may be on Infinity without being on record here.
      if (!mayBeOnInfinity(site, room)) return { holds: true, words: 'no entry of ours on Infinity' };
      return { holds: false, words: entry ? `Infinity entry ${entry.entryId}` : 'an entry may have been written' };
    },
    apply: () => deliverRemoval(site, link, room),
    // Whatever Infinity's trouble is, it must not keep the room from getting its old service back.
    mayOwe: () => true,
  };
}
