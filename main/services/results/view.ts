/** The results of a site as a screen sees them: where they go, what is owed, and what needs a person. */
import { OtjError } from '../../contract/errors.ts';
import type { ResultRoom, ResultsView, ResultTake } from '../../contract/microsoft/results.ts';
import { conflictMark } from '../../microsoft/results/merge.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { owedToList } from '../debts.ts';
import { resultsSettings } from './settings.ts';

/** Rooms of which something is told; beyond these a number says enough. */
const MOST_ROOMS = 500;

export function resultsView(site: Site): ResultsView {
  const { results } = site;
  const owed = new Map(results.owed().map((one) => [one.roomId, one.since]));
  const files = results.files();
  const names = new Map(site.rooms.all().map(({ id, name }) => [id, name]));
  const told = new Map<number, ResultRoom>();
  for (const { roomId, problem, conflict, keptOut } of results.all()) {
    const status = keptOut ? 'left' : conflict ? 'conflict' : problem && owed.has(roomId) ? 'failed' : null;
    const since = owed.get(roomId) ?? null;
    const mark = conflict && conflictMark(conflict);
    if (status) told.set(roomId, { roomId, room: names.get(roomId) ?? '', status, since, problem, conflict, mark });
  }
  for (const [roomId, since] of owed)
    if (!told.has(roomId))
      told.set(roomId, {
        ...{ roomId, room: names.get(roomId) ?? '', status: 'owed', since },
        ...{ problem: null, conflict: null, mark: null },
      });
  const order = ['conflict', 'failed', 'left', 'owed'];
  const rooms = [...told.values()].toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return {
    settings: resultsSettings(site),
    owed: owedToList(site),
    ...results.publishedCount(),
    rooms: rooms.slice(0, MOST_ROOMS),
    files,
  };
}

/**
 * All or none; the next publish acts by it. Throws NOTHING_TO_DO, RESULTS_MOVED.
 * @param shown marks of what the person saw; null = whatever is there
 */
export function decideResults(
  site: Site,
  rooms: readonly Pick<Room, 'id' | 'name'>[],
  take: ResultTake,
  shown: readonly string[] | null,
): void {
  site.db.transaction(() => {
    for (const { id, name } of rooms) {
      const conflict = site.results.of(id)?.conflict;
      if (conflict && shown && !shown.includes(conflictMark(conflict))) throw new OtjError('RESULTS_MOVED', name);
      if (!site.results.decide(id, take)) throw new OtjError('NOTHING_TO_DO', `nothing is to be decided about ${name}`);
    }
  });
}
