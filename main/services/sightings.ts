/** Puts what was seen on the network on record: which device it is, what the facts say together, where they disagree. */
import type { Conflict, Fact } from '../contract/evidence.ts';
import { isPoly } from '../contract/plan.ts';
import { conflictsOf, current, seenOf } from '../discovery/conflicts.ts';
import { evidenceOf, judge } from '../discovery/verdict.ts';
import type { Endpoint, Ports } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { isBegun } from './begun.ts';
import { owesUpdate } from './owes.ts';

export interface Sighted {
  address: string;
  facts: readonly Fact[];
}

export interface Recorded {
  endpoint: Endpoint;
  /** Where the device was before, when it has moved. */
  movedFrom: string | null;
}

/**
 * The device is the one with this serial number, else the one with this MAC address, else the one at this address. A
 * device that is known elsewhere has moved, with its room, its keys and its backup, unless somebody else is known here:
 * then both stay where they are, and the conflict is told. So do they where the room is begun or on Infinity, until a
 * login or the pinned certificate has proven that it is the device.
 * @param ports where it was looked at; null = it spoke by itself
 */
export function recordSighting(site: Site, { address, facts }: Sighted, ports: Ports | null): Recorded {
  return site.db.transaction(() => {
    const at = new Date().toISOString();
    const { evidence, rooms } = site;
    const here = rooms.endpointAt(address);
    const named = identified(site, facts, here);
    const known = named?.known;
    let movedFrom: string | null = null;
    let id: number;
    if (known && known.id !== here?.id && mayTake(here, known, facts) && mayMove(site, named, facts)) {
      if (here) evidence.absorb(here.id, known.id);
      movedFrom = known.address;
      evidence.move(known.id, address);
      id = known.id;
      if (known.roomId !== null) owesUpdate(site, rooms.get(known.roomId));
    } else {
      const { sshPort, httpsPort } = site.settings;
      id = here?.id ?? evidence.add(address, ports ?? { sshPort, httpsPort });
    }
    if (ports) evidence.setPorts(id, ports);
    evidence.note(id, address, facts, at);
    summarise(site, id, at);
    const endpoint = rooms.endpoint(id);
    if (!endpoint) throw new Error('the device that was just recorded is not there');
    return { endpoint, movedFrom };
  });
}

/** A device, and the word by which facts name it. */
interface Named {
  known: Endpoint;
  by: Fact;
}

/**
 * The one device that these facts name, wherever it is known to be; null when they name none or several.
 * @param here what is known at the address: taken for somebody else so far, it is the device after all once that is proven
 */
function identified(site: Site, facts: readonly Fact[], here: Endpoint | null): Named | null {
  for (const name of ['serial', 'mac'] as const) {
    const by = name === 'serial' ? serialFact(facts) : facts.find((fact) => fact.name === name);
    if (!by) continue;
    const all = site.evidence.known(name, by.value);
    const [one, ...others] = all.length > 1 ? all.filter(({ id }) => id !== here?.id) : all;
    if (!one) continue;
    const named = { known: one, by };
    if (others.length > 0 || (all.length > 1 && !isProven(site, named, facts))) return null;
    // The same card in another device, or a card that was given on.
    if (name === 'mac' && contradicts(one, facts)) return null;
    return named;
  }
  return null;
}

/**
 * Whether the device itself has said so to somebody who logged in, or has shown the certificate that is pinned for it,
 * whose key nobody else has. Everything else can be said by whoever is in the network: a table of neighbours most easily.
 */
function isProven(site: Site, { known, by }: Named, facts: readonly Fact[]): boolean {
  const pin = site.rooms.pinOf(known.id, 'tls');
  return (
    facts.some(({ source, name, value }) => source === 'login' && name === by.name && value === by.value) ||
    (pin !== null && facts.some(({ source, name, value }) => source === 'tls' && name === 'sha256' && value === pin))
  );
}

/** Infinity would be told to go to the new address, and work would go on there. */
function mayMove(site: Site, named: Named, facts: readonly Fact[]): boolean {
  const { roomId } = named.known;
  const room = roomId === null ? null : site.rooms.get(roomId);
  const isAtStake = room !== null && (isBegun(site, room) || site.outbox.entry(room.id) !== null);
  return !isAtStake || isProven(site, named, facts);
}

/**
 * The serial number that a device tells of itself. Of strangers it is no name: half the media servers of the world have
 * the one that their maker forgot to set.
 */
function serialFact(facts: readonly Fact[]): Fact | undefined {
  const told = facts.filter(({ name }) => name === 'serial');
  const byLogin = told.find(({ source }) => source === 'login');
  return byLogin ?? (judge(facts).ours ? told[0] : undefined);
}

function serialOf(facts: readonly Fact[]): string | undefined {
  return serialFact(facts)?.value;
}

function contradicts({ serial }: Endpoint, facts: readonly Fact[]): boolean {
  const told = serialOf(facts);
  return serial !== null && told !== undefined && serial !== told;
}

/** Whether a device that is known elsewhere may take the place of what is known here. */
function mayTake(here: Endpoint | null, known: Endpoint, facts: readonly Fact[]): boolean {
  if (here === null) return true;
  const isStranger = here.roomId === null && here.model === null;
  return isStranger && (here.serial === null || here.serial === known.serial) && !contradicts(here, facts);
}

function summarise(site: Site, id: number, at: string): void {
  const { evidence, rooms } = site;
  const endpoint = rooms.endpoint(id);
  if (!endpoint) return;
  // What was told at another address was true of the device, but it may be the word of whoever had the address.
  const facts = current(evidence.factsOf(id).filter(({ address }) => address === endpoint.address));
  const verdict = judge(facts);
  const elsewhere = [...new Set([endpoint.serial, serialOf(facts)])]
    .flatMap((serial) => (serial ? evidence.known('serial', serial) : []))
    .filter((other) => other.id !== id)
    .map(({ address }) => address);
  const { kind, ours, family } = verdict;
  // "Poly" in a list is no word against any of its families.
  const known = endpoint.familyGuessed && isPoly(family) ? { ...endpoint, family: null } : endpoint;
  const conflicts = [...conflictsOf(facts, known, verdict, elsewhere), ...heldMove(site, endpoint, facts)];
  // A family that a list has told stays, but a sign against it is no reason to set another.
  const isDoubtful = conflicts.some(({ about }) => about === 'kind');
  evidence.summarise(
    id,
    {
      kind,
      ours,
      family: isDoubtful ? null : family,
      sighting: evidenceOf(facts, verdict),
      seen: seenOf(facts),
      conflicts,
    },
    at,
  );
}

/** A room's device that may be here now, and stays where it is until that is proven. */
function heldMove(site: Site, endpoint: Endpoint, facts: readonly Fact[]): Conflict[] {
  for (const by of [serialFact(facts), ...facts.filter(({ name }) => name === 'mac')]) {
    if (!by) continue;
    const known = site.evidence.known(by.name as 'serial' | 'mac', by.value).find(({ id }) => id !== endpoint.id);
    if (!known || mayMove(site, { known, by }, facts)) continue;
    const room = known.roomId === null ? null : site.rooms.get(known.roomId);
    return [{ about: 'move', words: `${by.source}: ${by.value}, the device of ${room?.name} at ${known.address}` }];
  }
  return [];
}
