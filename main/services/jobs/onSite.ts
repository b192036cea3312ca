/** What all work on the open site has in common: it holds the file while it goes on, and tells rooms as they change. */
import { OtjError } from '../../contract/errors.ts';
import type { JobResult } from '../../contract/jobs.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import type { OpenSite } from '../openSite.ts';
import type { JobStart, LiveJob } from './job.ts';

/** While work goes on, a screen is told of debts at most this often, milliseconds: to count them goes over all migrated rooms. */
const DEBTS_EVERY_MS = 250;

/** What a piece of work is given. */
export interface Work {
  open: OpenSite;
  site: Site;
  job: LiveJob;
  /** Tells the present rows of rooms, and the site where its debts are others now. */
  moved(...roomIds: number[]): void;
}

/** The open site with its secrets at hand and nothing going on. Throws SITE_NONE, JOB_RUNNING, VAULT_LOCKED. */
export function readySite({ site, jobs }: OpenSite): Site {
  jobs.assertIdle();
  // Asked for its own sake: it throws while the site is locked.
  void site.vault;
  return site;
}

/**
 * Starts work that changes rooms. No other process works on the file until it has ended.
 * @returns the job's id. Throws JOB_RUNNING, SITE_BUSY, DISK.
 */
export function startOnSite(open: OpenSite, start: JobStart, work: (given: Work) => Promise<JobResult>): number {
  const { site, jobs } = open;
  jobs.assertIdle();
  site.takeLock();
  const debts = new DebtsTold(open);
  const moved = (...roomIds: number[]) => {
    open.roomsChanged(roomIds);
    debts.moved();
  };
  return jobs.start(start, async (job) => {
    try {
      return await work({ open, site, job, moved });
    } finally {
      debts.end();
      site.releaseLock();
      // Without anybody at work on it, a room that is still in progress is one that was cut off.
      const cutOff = job.detail().rooms.filter(({ state }) => state === 'in progress');
      open.roomsChanged(cutOff.map(({ roomId }) => roomId));
      open.siteChanged();
    }
  });
}

/** Tells the site where its debts are others now, not each time, but always the last. */
class DebtsTold {
  private readonly open: OpenSite;
  private owed: number;
  private countedAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;

  constructor(open: OpenSite) {
    this.open = open;
    this.owed = owedOf(open.site);
  }

  moved(): void {
    if (this.timer) return;
    const wait = this.countedAt + DEBTS_EVERY_MS - performance.now();
    if (wait <= 0) this.tell();
    else this.timer = setTimeout(() => this.tellLater(), wait);
  }

  /** Whoever ends the work tells how the site is then. */
  end(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  private tell(): void {
    const now = owedOf(this.open.site);
    this.countedAt = performance.now();
    if (now === this.owed) return;
    this.owed = now;
    this.open.siteChanged();
  }

  private tellLater(): void {
    this.timer = null;
    try {
      this.tell();
    } catch {
      // A file that cannot be read stops the work itself, which says so.
    }
  }
}

/** To Infinity and to the team's list. */
export function owedOf({ outbox, results }: Site): number {
  return outbox.owedCount() + results.owedCount();
}

/** Rooms by id, or those that this kind of work is waiting for. Throws ROOM_UNKNOWN, NOTHING_TO_DO. */
export function chosenRooms({ rooms }: Site, ids: readonly number[] | null, waiting: () => Room[]): Room[] {
  // Named twice is meant once: two visits to one device at a time would fight.
  const chosen = ids
    ? [...new Set(ids)].map((id) => {
        const room = rooms.get(id);
        if (!room) throw new OtjError('ROOM_UNKNOWN', String(id));
        return room;
      })
    : waiting();
  if (chosen.length === 0) throw new OtjError('NOTHING_TO_DO');
  return chosen;
}
