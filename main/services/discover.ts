/** Looks for endpoints at addresses, records what was seen, and tells how it fits the room list. */

import type { Sighting } from '../discovery/fingerprint.ts';
import { addressesOf } from '../discovery/ranges.ts';
import { sweep } from '../discovery/sweep.ts';
import type { Site } from '../site/site.ts';

export interface Found extends Sighting {
  /** Room that the list puts at this address. */
  room: string | null;
}

export interface DiscoverResult {
  looked: number;
  found: Found[];
  /** Rooms whose address did not answer. */
  silent: { room: string; address: string }[];
}

export interface DiscoverOptions {
  /** Ranges as typed; none = the addresses of the room list. */
  ranges: readonly string[];
  sshPort: number;
  httpsPort: number;
  signal: AbortSignal;
  progress(looked: number, of: number, found: Found | null): void;
}

/** No login is tried, so nothing can be locked out. Throws USAGE for a bad range. */
export async function discover(site: Site, options: DiscoverOptions): Promise<DiscoverResult> {
  const { ranges, sshPort, httpsPort, signal, progress } = options;
  const names = new Map(site.rooms.all().map(({ id, name }) => [id, name]));
  const listed = site.rooms.endpoints();
  const roomAt = new Map(
    listed.map(({ address, roomId }) => [address, roomId === null ? null : (names.get(roomId) ?? null)]),
  );
  const addresses =
    ranges.length > 0 ? [...new Set(ranges.flatMap(addressesOf))] : listed.map(({ address }) => address);
  const answered = new Set<string>();
  let looked = 0;
  const sightings = await sweep(addresses, { sshPort, httpsPort, timeoutMs: LOOK_MS, signal }, (address, sighting) => {
    looked++;
    if (sighting) answered.add(address);
    progress(looked, addresses.length, sighting && { ...sighting, room: roomAt.get(address) ?? null });
  });
  site.db.transaction(() => {
    for (const { address, family, evidence } of sightings)
      site.rooms.sight(address, family, evidence, { sshPort, httpsPort });
  });
  const asked = new Set(addresses);
  return {
    looked,
    found: sightings.map((sighting) => ({ ...sighting, room: roomAt.get(sighting.address) ?? null })),
    silent: [...roomAt].flatMap(([address, room]) =>
      room && asked.has(address) && !answered.has(address) ? [{ room, address }] : [],
    ),
  };
}

/** A device on the same site answers well within this; a host that does not is not worth a technician's time. */
const LOOK_MS = 2_000;
