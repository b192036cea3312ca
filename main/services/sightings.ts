/** Puts what was seen on the network on record: which device it is, what the facts say together, where they disagree. */
import type { Fact } from '../contract/evidence.ts';
import { conflictsOf, current, seenOf } from '../discovery/conflicts.ts';
import { evidenceOf, judge } from '../discovery/verdict.ts';
import type { Endpoint, Ports } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { owesUpdate } from './inventory.ts';

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
 * then both stay where they are, and the conflict is told.
 * @param ports where it was looked at; null = it spoke by itself
 */
export function recordSighting(site: Site, { address, facts }: Sighted, ports: Ports | null): Recorded {
  return site.db.transaction(() => {
    const at = new Date().toISOString();
    const { evidence, rooms } = site;
    const here = rooms.endpointAt(address);
    const known = identified(site, facts);
    let movedFrom: string | null = null;
    let id: number;
    if (known && known.id !== here?.id && mayTake(here, known, facts)) {
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

/** The one device that these facts name, wherever it is known to be; null when they name none or several. */
function identified({ evidence }: Site, facts: readonly Fact[]): Endpoint | null {
  for (const by of ['serial', 'mac'] as const) {
    const value = by === 'serial' ? serialOf(facts) : facts.find(({ name }) => name === by)?.value;
    if (!value) continue;
    const all = evidence.known(by, value);
    if (all.length > 1) return null;
    const [one] = all;
    // The same card in another device, or a card that was given on.
    if (one && by === 'mac' && contradicts(one, facts)) return null;
    if (one) return one;
  }
  return null;
}

/**
 * The serial number that a device tells of itself. Of strangers it is no name: half the media servers of the world have
 * the one that their maker forgot to set.
 */
function serialOf(facts: readonly Fact[]): string | undefined {
  const told = facts.filter(({ name }) => name === 'serial');
  const byLogin = told.find(({ source }) => source === 'login');
  return byLogin ? byLogin.value : judge(facts).ours ? told[0]?.value : undefined;
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
  const conflicts = conflictsOf(facts, endpoint, verdict, elsewhere);
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
