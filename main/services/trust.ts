/**
 * A device that shows another key than the one it was known by: taken over on a technician's word, once the device has
 * proven by its serial number that it is the same one.
 */
import { OtjError } from '../contract/errors.ts';
import type { TrustStore } from '../endpoints/driver.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { openDevice } from '../migration/openDevice.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { InfinityLink } from './infinityLink.ts';
import { buildTask } from './tasks.ts';

type KeyKind = 'ssh' | 'tls';

/** Keys that a device has shown while it told the serial number that is known. */
export interface ProvenKeys {
  endpoint: Endpoint;
  serial: string;
  keys: readonly { kind: KeyKind; before: string | null; now: string }[];
}

/**
 * Signs in once and compares the serial number. Changes nothing on the device, and pins nothing yet.
 * @param shown the one new key that the technician has seen, SHA-256; null = whichever the device shows
 * Throws NO_ADDRESS, BY_HAND, CREDENTIAL_MISSING; TRUST_CHANGED when it shows yet another key; IDENTITY_MISMATCH for
 * another device, or where no serial number is known to compare with; what signing in throws.
 */
export async function proveKeys(
  site: Site,
  room: Room,
  { shown, signal }: { shown: string | null; signal: AbortSignal },
): Promise<ProvenKeys> {
  const known = site.rooms.endpointOf(room.id);
  if (!known) throw new OtjError('NO_ADDRESS', room.name);
  if (known.serial === null) throw new OtjError('IDENTITY_MISMATCH', 'no serial number is known to compare with');
  const link = new InfinityLink(site, signal);
  try {
    // Of an undo, because a migration would want the room's entry on Infinity first; nothing is written either way.
    const options = { kind: 'undo', oldPassword: null, signal, dryRun: true, insist: false } as const;
    const task = await buildTask(site, link, room, options);
    const trust = new NewKeys(site, known.id, shown);
    const context = { site, gate: new LoginGate(), devices: new Map<string, Room>(), signal };
    const { session, facts } = await openDevice(task, context, {
      connect: () => task.driver.connect({ ...task.target, trust }, signal),
      read: (opened) => opened.readFacts(),
    });
    await session.close();
    return { endpoint: known, serial: facts.identity.serial, keys: trust.seen() };
  } finally {
    await link.close();
  }
}

/** Makes the proven keys the pinned ones. @returns those that are new */
export function pinKeys(site: Site, { endpoint, keys }: ProvenKeys): ProvenKeys['keys'] {
  const fresh = keys.filter(({ before, now }) => before !== now);
  site.db.transaction(() => {
    for (const { kind, now } of fresh) site.rooms.pin(endpoint.id, kind, now);
  });
  return fresh;
}

/** Leaves it to the next visit to pin what it finds, when the serial number is right then. Throws NO_ADDRESS. */
export function forgetKeys(site: Site, room: Room): Endpoint {
  const device = site.rooms.endpointOf(room.id);
  if (!device) throw new OtjError('NO_ADDRESS', room.name);
  site.db.transaction(() => {
    for (const kind of ['ssh', 'tls'] as const) site.rooms.pin(device.id, kind, null);
  });
  return device;
}

/** Lets one new key of each kind pass, and only that one for the rest of the visit. */
class NewKeys implements TrustStore {
  private readonly site: Site;
  private readonly endpointId: number;
  private readonly shown: string | null;
  private readonly keys = new Map<KeyKind, { before: string | null; now: string }>();

  constructor(site: Site, endpointId: number, shown: string | null) {
    this.site = site;
    this.endpointId = endpointId;
    this.shown = shown;
  }

  check(kind: KeyKind, sha256: string): void {
    const first = this.keys.get(kind);
    const before = first?.now ?? this.site.rooms.pinOf(this.endpointId, kind);
    const isNew = before !== null && before !== sha256;
    if (isNew && (first || (this.shown !== null && this.shown !== sha256)))
      throw new OtjError('TRUST_CHANGED', `${kind}: known ${before}, shown ${sha256}`);
    if (!first) this.keys.set(kind, { before, now: sha256 });
  }

  seen(): ProvenKeys['keys'] {
    return [...this.keys].map(([kind, key]) => ({ kind, ...key }));
  }
}
