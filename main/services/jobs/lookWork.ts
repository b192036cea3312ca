/** Jobs that look and change no room: discover, check, compare; and the practice site, which makes its own. */
import type { Problem } from '../../contract/errors.ts';
import { checkSchema } from '../../contract/jobs.ts';
import type { SearchWish } from '../../site/evidence.ts';
import type { Room } from '../../site/rooms.ts';
import { runChecks } from '../checks.ts';
import { compareRoom } from '../compare.ts';
import { confirmIdentities } from '../confirm.ts';
import { discover } from '../discover.ts';
import { readDrift } from '../drift.ts';
import type { OpenSite } from '../openSite.ts';
import { startPractice } from '../practice.ts';
import { startOnSite } from './onSite.ts';

export interface DiscoverWish extends SearchWish {
  /** Leaves out so many of the first addresses: they were looked at before. */
  from: number;
  /** Log in afterwards to what was recognised. */
  confirm: boolean;
}

/** A screen fetches the devices anew at most this often while they are found, milliseconds. */
const TELL_DEVICES_MS = 1_500;

/** @param total addresses. @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startDiscover(open: OpenSite, wish: DiscoverWish, total: number): number {
  const left = total - wish.from;
  return startOnSite(open, { kind: 'discover', total: left, pausable: false }, async ({ site, job, moved }) => {
    let toldAt = performance.now();
    const devices = (always: boolean) => {
      if (!always && performance.now() - toldAt < TELL_DEVICES_MS) return;
      toldAt = performance.now();
      open.emit({ type: 'devices' });
    };
    const trouble = (about: string, words: string, problem: Problem | null = null) =>
      job.item({ roomId: null, about, what: 'trouble', words, problem });
    const recognised = new Set<string>();
    const result = await discover(site, {
      ...wish,
      signal: job.signal,
      progress: ({ looked }) => job.progress(looked - wish.from, left),
      found({ address, family, evidence, roomId }) {
        if (family) recognised.add(address);
        job.item({ roomId, about: address, what: 'found', words: evidence, problem: null });
        if (roomId !== null) moved(roomId);
        devices(false);
      },
      trouble: (words) => trouble('', words),
    });
    const { looked, noRoute, answered, recognised: named, ours, silent } = result;
    const roomIds = new Map(site.rooms.endpoints().map(({ address, roomId }) => [address, roomId]));
    for (const { room, address } of silent)
      job.item({ roomId: roomIds.get(address) ?? null, about: room, what: 'silent', words: address, problem: null });
    devices(true);
    const confirmed = wish.confirm && !job.signal.aborted ? await confirm() : null;
    return { kind: 'discover', looked, noRoute, found: answered, recognised: named, ours, confirmed, silent };

    async function confirm(): Promise<number> {
      const told = await confirmIdentities(site, recognised, {
        signal: job.signal,
        confirmed({ endpoint, problem }) {
          if (problem) trouble(endpoint.address, problem.words ?? problem.happened, problem);
          if (endpoint.roomId !== null) moved(endpoint.roomId);
          devices(false);
        },
      });
      devices(true);
      return told;
    }
  });
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
export function startDrift(open: OpenSite, rooms: readonly Room[], asPrepared: boolean): number {
  return startOnSite(open, { kind: 'drift', total: rooms.length, pausable: false }, async ({ site, job }) => {
    const drift = await readDrift(site, { rooms, signal: job.signal, asPrepared });
    open.keepDrift(job.id, drift);
    job.progress(rooms.length, rooms.length);
    return { kind: 'drift', differ: drift.rows.length };
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
