/** What a job did so far, from its last full answer and from what was told since. Pure. */
import type { JobItem } from '../../../main/contract/jobs.ts';

/**
 * @param older lines of the last full answer, oldest first
 * @param live lines that were told since the page was opened, oldest first
 * @returns all of them once, newest first
 */
export function newestFirst(older: readonly JobItem[], live: readonly JobItem[]): JobItem[] {
  const known = new Set(older.map(keyOf));
  return [...older, ...live.filter((item) => !known.has(keyOf(item)))].reverse();
}

/** One room may have several lines in one moment, but not two alike. */
export function keyOf({ at, roomId, about, what }: JobItem): string {
  return `${at} ${what} ${roomId ?? about}`;
}
