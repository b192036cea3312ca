/** Jobs that look and change no room: discover, check, compare; and the practice site, which makes its own. */
import { checkSchema } from '../../contract/jobs.ts';
import { addressesOf } from '../../discovery/ranges.ts';
import type { Room } from '../../site/rooms.ts';
import { runChecks } from '../checks.ts';
import { compareRoom } from '../compare.ts';
import { discover, type Found } from '../discover.ts';
import { readDrift } from '../drift.ts';
import type { OpenSite } from '../openSite.ts';
import { startPractice } from '../practice.ts';
import { startOnSite, type Work } from './onSite.ts';

export interface DiscoverWish {
  /** Ranges as typed; none = the addresses of the room list. */
  ranges: readonly string[];
  sshPort: number;
  httpsPort: number;
}

/** @returns the job's id. Throws USAGE for a bad range, NOTHING_TO_DO, JOB_RUNNING, SITE_BUSY. */
export function startDiscover(open: OpenSite, wish: DiscoverWish, total: number): number {
  return startOnSite(open, { kind: 'discover', total, pausable: false }, async ({ site, job, moved }) => {
    const roomAt = new Map(site.rooms.endpoints().map(({ address, roomId }) => [address, roomId]));
    const result = await discover(site, {
      ...wish,
      signal: job.signal,
      progress(looked, of, found) {
        if (found) job.item(foundItem(found, roomAt.get(found.address) ?? null));
        job.progress(looked, of);
      },
    });
    for (const { room, address } of result.silent)
      job.item({ roomId: roomAt.get(address) ?? null, about: room, what: 'silent', words: address, problem: null });
    moved(...result.found.flatMap(({ address }) => roomAt.get(address) ?? []));
    open.emit({ type: 'devices' });
    return { kind: 'discover', looked: result.looked, found: result.found.length, silent: result.silent };
  });
}

/** How many addresses a search would look at. Throws USAGE for a bad range. */
export function addressCount({ site }: OpenSite, ranges: readonly string[]): number {
  return ranges.length > 0 ? new Set(ranges.flatMap(addressesOf)).size : site.rooms.endpoints().length;
}

function foundItem({ address, evidence }: Found, roomId: number | null): Parameters<Work['job']['item']>[0] {
  return { roomId, about: address, what: 'found', words: evidence, problem: null };
}

/** @returns the job's id. Throws JOB_RUNNING. */
export function startCheck({ site, jobs }: OpenSite): number {
  const total = checkSchema.shape.id.options.length;
  return jobs.start({ kind: 'check', total, pausable: false }, async (job) => {
    const checks = await runChecks(site, {
      signal: job.signal,
      checked: ({ status }) => job.count(status === 'fail'),
    });
    return { kind: 'check', checks, at: new Date().toISOString() };
  });
}

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startDrift(open: OpenSite, rooms: readonly Room[]): number {
  return startOnSite(open, { kind: 'drift', total: rooms.length, pausable: false }, async ({ site, job }) => {
    const { rows } = await readDrift(site, { rooms, signal: job.signal });
    job.progress(rooms.length, rooms.length);
    return { kind: 'drift', differ: rows.length };
  });
}

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startCompare(open: OpenSite, room: Room): number {
  return startOnSite(open, { kind: 'compare', total: 1, pausable: false }, async ({ site, job, moved }) => {
    try {
      const compared = await compareRoom(site, room, job.signal);
      job.count(false);
      return { kind: 'compare', ...compared };
    } finally {
      // Who the device is, and whether its login was refused, was learned in any case.
      moved(room.id);
    }
  });
}

/** @returns the job's id. Throws JOB_RUNNING. */
export function startPracticeSite(open: OpenSite, wish: { rooms: number; trouble: boolean }): number {
  return open.jobs.start({ kind: 'practice', total: wish.rooms, pausable: false }, async (job) => {
    job.waitFor('devices-starting', wish.rooms);
    const { path, passphrase } = await startPractice(open, wish, job.signal);
    job.progress(wish.rooms, wish.rooms);
    return { kind: 'practice', path, passphrase };
  });
}
