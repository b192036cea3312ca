/** The job of a sync: what is owed to Infinity, if wished the rooms that had waited only for it, then the team's list and the places. */
import { asOtjError } from '../../contract/errors.ts';
import type { JobResult } from '../../contract/jobs.ts';
import type { PlaceOutcome } from '../../contract/microsoft/places.ts';
import type { PilotConsent } from '../../migration/pilotGate.ts';
import type { OpenSite } from '../openSite.ts';
import { owedRooms, updatePlaces } from '../places/update.ts';
import { resultsSettings } from '../results/settings.ts';
import { roomsFreedBySync, type SyncItem, sync } from '../sync.ts';
import { allOwed, owedOf, startOnSite, type Work } from './onSite.ts';
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
  const total = allOwed(open.site);
  return startOnSite(open, { kind: 'sync', total, pausable: false }, (work) => settle(work, wish));
}

async function settle(work: Work, { waitMs, finish, look = false, pilots }: SyncWish): Promise<JobResult> {
  const { site, job } = work;
  const infinity = await sync(site, {
    signal: job.signal,
    waitMs,
    look,
    delivered: (item) => delivered(work, item),
    waiting: (rooms) => job.waitFor('infinity', rooms),
  }).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  job.waitFor(null);
  const freed = infinity ? [] : roomsFreedBySync(site);
  try {
    if (finish && freed.length > 0 && !job.signal.aborted) {
      job.goOverRooms(freed);
      await runRooms(work, { kind: 'migrate', rooms: freed, ...(pilots ? { pilots } : {}) });
    }
  } finally {
    // Last, so that no room waits for a list that is out of reach, and with what was done just now.
    await publishOwed(work);
    await placeOwed(work);
  }
  if (infinity) throw infinity.thrown;
  return { kind: 'sync', owed: allOwed(site), freed: freed.map(({ id }) => id) };
}

/** Neither waits for the other: what keeps the list from being told is an item of the job, and stays owed. */
async function publishOwed(work: Work): Promise<void> {
  const { site, job } = work;
  const list = resultsSettings(site)?.list.name;
  if (list === undefined || job.signal.aborted || site.results.owedCount() === 0) return;
  try {
    await publishOn(work, null);
  } catch (thrown) {
    const problem = asOtjError(thrown).toProblem();
    job.item({ roomId: null, about: list, what: 'failed', words: problem.words ?? '', problem });
  }
}

/** The places of rooms that are migrated by now, where that is switched on: nothing of anybody's is written over. */
async function placeOwed({ site, job }: Work): Promise<void> {
  const rooms = job.signal.aborted ? [] : owedRooms(site);
  if (rooms.length === 0) return;
  const told = (outcome: PlaceOutcome) => {
    placeTold(job, outcome);
    job.count(outcome.problem !== null);
  };
  try {
    await updatePlaces(site, { mode: 'write', policy: 'fill', rooms, signal: job.signal, told });
  } catch (thrown) {
    const problem = asOtjError(thrown).toProblem();
    job.item({ roomId: null, about: 'Microsoft 365 Places', what: 'failed', words: problem.words ?? '', problem });
  }
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
