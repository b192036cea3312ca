/** The job of a sync: what is owed to Infinity, if wished the rooms that had waited only for it, then the team's list and the places. */
import type { JobResult } from '../../contract/jobs.ts';
import type { PilotConsent } from '../../migration/pilotGate.ts';
import type { Room } from '../../site/rooms.ts';
import { debtsOf } from '../debts.ts';
import type { OpenSite } from '../openSite.ts';
import { owedPlaces } from '../places/update.ts';
import { resultsSettings } from '../results/settings.ts';
import type { SyncItem } from '../sync.ts';
import { syncAll } from '../syncAll.ts';
import { owedOf, startOnSite, type Work } from './onSite.ts';
import { placeTold } from './placesWork.ts';
import { publishOn } from './publishWork.ts';
import { runRooms } from './roomWork.ts';

export interface SyncWish {
  /** How long to wait for Infinity to reach the rooms, milliseconds. */
  waitMs: number;
  /** Migrate the rooms then that had waited only for their entry. */
  finish: boolean;
  /** Log in to codecs that Infinity has not reached in time, to learn why. */
  look?: boolean;
  /** Which of these rooms somebody watches as the first of their kind. */
  pilots?: PilotConsent;
}

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startSync(open: OpenSite, wish: SyncWish): number {
  // Report files are counted by nobody on their way.
  const total = owedOf(open.site) + owedPlaces(open.site).length;
  return startOnSite(open, { kind: 'sync', total, pausable: false }, (work) => settle(work, wish));
}

async function settle(work: Work, { waitMs, finish, look = false, pilots }: SyncWish): Promise<JobResult> {
  const { site, job } = work;
  const freed = await syncAll(site, {
    infinity: {
      ...{ signal: job.signal, waitMs, look },
      delivered: (item) => delivered(work, item),
      waiting: (rooms) => job.waitFor('infinity', rooms),
    },
    over() {
      job.waitFor(null);
      expectRest(work);
    },
    finish: finish ? (rooms) => migrate(work, rooms, pilots) : null,
    publish: () => publishOn(work, null),
    placed(outcome) {
      placeTold(job, outcome);
      job.count(outcome.problem !== null);
    },
    failed: (_part, about, problem) =>
      job.item({ roomId: null, about, what: 'failed', words: problem.words ?? '', problem }),
  });
  const { toInfinity, toList, toPlaces } = debtsOf(site);
  return { kind: 'sync', owed: toInfinity + toList + toPlaces, freed: freed.map(({ id }) => id) };
}

async function migrate(work: Work, rooms: readonly Room[], pilots?: PilotConsent): Promise<void> {
  work.job.goOverRooms(rooms);
  try {
    await runRooms(work, { kind: 'migrate', rooms, ...(pilots ? { pilots } : {}) });
  } finally {
    expectRest(work);
  }
}

/** What was done for Infinity and by the run is news for the list and the places, whose turn is next: it counts as well. */
function expectRest({ site, job }: Work): void {
  const { done, total } = job.view;
  const toList = resultsSettings(site) ? site.results.owedCount() : 0;
  job.progress(done, Math.max(total, done + toList + owedPlaces(site).length));
}

function delivered({ site, job, moved }: Work, { room, kind, problem, adopted }: SyncItem): void {
  const entry = site.outbox.entry(room.id);
  const evidence = kind === 'contact' ? [entry?.lastContact, entry?.lastNode] : entry && [`entry ${entry.entryId}`];
  job.item({
    roomId: room.id,
    about: room.name,
    what: problem ? 'failed' : kind === 'contact' ? 'contact' : adopted ? 'taken-over' : 'delivered',
    words: problem ? (problem.words ?? '') : (evidence ?? []).filter(Boolean).join(', '),
    problem,
  });
  job.count(problem !== null);
  // An entry that is written at last is followed by a debt of its own: Infinity's word that it got there.
  const { done, failed, total } = job.view;
  job.progress(done, Math.max(total, done - failed + owedOf(site)));
  moved(room.id);
}
