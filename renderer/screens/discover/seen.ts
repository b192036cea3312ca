/** What was found, as lines of one table: what is stored, and what the search that goes on has told. Pure. */
import type { Job, JobItem } from '../../../main/contract/jobs.ts';
import type { DeviceRow } from '../../../main/contract/rooms.ts';

export interface SeenLine extends Pick<DeviceRow, 'address' | 'kind' | 'ours' | 'roomId' | 'conflicts'> {
  /** null = it is not stored yet. */
  deviceId: number | null;
  evidence: string;
  /** ISO 8601 */
  at: string;
}

/** Room systems first, then what was not recognised, then what is not ours; the newest first. Each address once. */
export function seenLines(devices: readonly DeviceRow[], items: readonly JobItem[]): SeenLine[] {
  const lines = new Map<string, SeenLine>();
  for (const { id, address, kind, ours, sighting, roomId, seenAt, conflicts } of devices)
    if (seenAt !== null)
      lines.set(address, {
        deviceId: id,
        address,
        kind,
        ours,
        evidence: sighting ?? '',
        roomId,
        at: seenAt,
        conflicts,
      });
  for (const { what, about, words, roomId, at } of items) {
    if (what !== 'found') continue;
    const known = lines.get(about);
    // What is stored knows the kind as well; it comes a moment later.
    if (known && known.at >= at) continue;
    const { deviceId = null, kind = null, ours = null, conflicts = [] } = known ?? {};
    lines.set(about, { deviceId, address: about, kind, ours, evidence: words, roomId, at, conflicts });
  }
  const rank = ({ ours, roomId }: SeenLine) => (ours || roomId !== null ? 0 : ours === null ? 1 : 2);
  return [...lines.values()].sort((a, b) => rank(a) - rank(b) || Date.parse(b.at) - Date.parse(a.at));
}

/** Sooner than this nothing can be said. */
const LEAST_MS = 3_000;

/** @returns milliseconds, or null while it cannot be told. @param now milliseconds since 1970 */
export function timeLeft(
  { startedAt, done, total }: Pick<Job, 'startedAt' | 'done' | 'total'>,
  now: number,
): number | null {
  const elapsed = now - Date.parse(startedAt);
  if (elapsed < LEAST_MS || done === 0 || total === 0) return null;
  return (elapsed / done) * (total - done);
}
