/** The job on the tenant's places: a look, a write, or putting back. */
import { OtjError } from '../../contract/errors.ts';
import type { Parsed } from '../../contract/methods.ts';
import type { PlaceOutcome } from '../../contract/microsoft/places.ts';
import { connectionOf } from '../connection.ts';
import type { OpenSite } from '../openSite.ts';
import { assertPlacesOn } from '../places/settings.ts';
import { roomsFor, updatePlaces } from '../places/update.ts';
import type { LiveJob } from './job.ts';
import { chosenRooms, readySite, startOnSite } from './onSite.ts';

/** @returns the job's id. Throws PLACES_OFF, M365_NOT_SET, VAULT_LOCKED, NOTHING_TO_DO, ROOM_UNKNOWN, USAGE, JOB_RUNNING, SITE_BUSY. */
export function startPlaces(open: OpenSite, { mode, rooms: named, overwrite }: Parsed<'jobs.places'>): number {
  const site = readySite(open);
  if (mode !== 'undo') assertPlacesOn(site);
  connectionOf(site);
  if (overwrite && (mode !== 'write' || named === null)) throw new OtjError('USAGE', 'rooms to write over are named');
  const rooms = chosenRooms(site, named, () => roomsFor(site, mode));
  return startOnSite(open, { kind: 'places', total: rooms.length, pausable: false }, async ({ job }) => {
    const policy = overwrite ? 'overwrite' : 'replace';
    const told = (outcome: PlaceOutcome) => {
      placeTold(job, outcome);
      job.count(outcome.problem !== null);
    };
    return { kind: 'places', ...(await updatePlaces(site, { mode, policy, rooms, signal: job.signal, told })) };
  });
}

/** A line for each room that was changed, or could not be. */
export function placeTold(job: LiveJob, { roomId, room, what, changes, problem }: PlaceOutcome): void {
  if (what === 'same' || what === 'differs') return;
  const words = changes.map(({ property, before, after }) => `${property}: ${before ?? '–'} → ${after ?? '–'}`);
  job.item({
    ...{ roomId, about: room, what: problem ? ('failed' as const) : ('placed' as const), problem },
    words: problem ? (problem.words ?? '') : words.join(', '),
  });
}
