/** What was found, as lines of one table: what is stored, and what the search that goes on has told. Pure. */
import type { Job, JobItem } from '../../../main/contract/jobs.ts';
import type { Family } from '../../../main/contract/plan.ts';
import type { DeviceRow } from '../../../main/contract/rooms.ts';

export interface SeenLine {
  address: string;
  family: Family | null;
  evidence: string;
  roomId: number | null;
  /** ISO 8601 */
  at: string;
}

/** Devices that were recognised first, then the newest; each address once. */
export function seenLines(devices: readonly DeviceRow[], items: readonly JobItem[]): SeenLine[] {
  const lines = new Map<string, SeenLine>();
  for (const { address, family, sighting, roomId, seenAt } of devices)
    if (seenAt !== null) lines.set(address, { address, family, evidence: sighting ?? '', roomId, at: seenAt });
  for (const { what, about, words, roomId, at } of items) {
    if (what !== 'found') continue;
    const known = lines.get(about);
    // What is stored knows the family as well; it comes when the search has ended.
    if (known && known.at >= at) continue;
    lines.set(about, { address: about, family: known?.family ?? null, evidence: words, roomId, at });
  }
  const isStrange = ({ family, roomId }: SeenLine) => Number(family === null && roomId === null);
  return [...lines.values()].sort((a, b) => isStrange(a) - isStrange(b) || Date.parse(b.at) - Date.parse(a.at));
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
