/** Where sources disagree about one device, and what it shows of itself. Pure; nothing is decided here. */
import type { Conflict, KeptFact, Seen } from '../contract/evidence.ts';
import type { Family } from '../contract/plan.ts';
import { KINDS } from './rules.ts';
import { nameOf, type Verdict } from './verdict.ts';

/** What a room list or a login has said of the device. */
export interface Known {
  family: Family | null;
  serial: string | null;
  mac: string | null;
  model: string | null;
}

/** Which source is believed first. */
const ORDER: readonly string[] = ['login', 'sip', 'ssdp', 'tls', 'arp', 'mdns', 'http', 'dns'];

/** The newest word of each source on each thing, best source first. @param facts those of the present address, newest first */
export function current(facts: readonly KeptFact[]): KeptFact[] {
  const newest = new Map<string, KeptFact>();
  for (const fact of facts) {
    const key = `${fact.source} ${fact.name}`;
    if (!newest.has(key)) newest.set(key, fact);
  }
  const rank = ({ source }: KeptFact) => (ORDER.includes(source) ? ORDER.indexOf(source) : ORDER.length);
  return [...newest.values()].sort((a, b) => rank(a) - rank(b));
}

/** @param facts as `current` has them */
export function seenOf(facts: readonly KeptFact[]): Seen {
  const told = (name: string) => facts.find((fact) => fact.name === name && fact.source !== 'login')?.value ?? null;
  return {
    serial: told('serial'),
    mac: told('mac'),
    model: told('model'),
    software: told('software'),
    name: told('name'),
  };
}

/**
 * @param facts as `current` has them
 * @param elsewhere addresses where a device with the same serial number is known, too
 */
export function conflictsOf(
  facts: readonly KeptFact[],
  known: Known,
  { kind, rival }: Verdict,
  elsewhere: readonly string[],
): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const about of ['serial', 'mac', 'model'] as const) {
    const words = [
      ...(known[about] ? [{ source: 'known', value: known[about] }] : []),
      ...facts.filter(({ name }) => name === about),
    ];
    const [first] = words;
    if (first && words.some(({ value }) => !isSame(about, value, first.value)))
      conflicts.push({ about, words: words.map(({ source, value }) => `${source}: ${value}`).join(', ') });
  }
  if (kind && rival) conflicts.push({ about: 'kind', words: `${nameOf(kind)}, or ${rival}` });
  const family = kind ? (KINDS.get(kind)?.family ?? null) : null;
  if (kind && known.family && family !== known.family)
    conflicts.push({ about: 'kind', words: `known: ${known.family}, seen: ${nameOf(kind)}` });
  if (elsewhere.length > 0) conflicts.push({ about: 'address', words: `also known at ${elsewhere.join(', ')}` });
  return conflicts;
}

/** Sources write models in many ways: `Cisco-RoomKit` is `Cisco Room Kit`, and `RealPresenceGroup500` has a 500. */
function isSame(about: string, a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (one === undefined || other === undefined || one === other) return true;
  return about === 'model' && (one.includes(other) || other.includes(one));
}
