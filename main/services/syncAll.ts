/**
 * A sync as a whole, for both hosts: what Infinity is owed; if wished, the rooms that had waited only for that; then what Microsoft 365
 * is owed. That comes last, so that no room waits for a list that is out of reach, and the list hears of what was done just now.
 * Trouble of one part keeps no other from its turn.
 */
import { asOtjError, type Problem } from '../contract/errors.ts';
import type { PlaceOutcome } from '../contract/microsoft/places.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { owedToList } from './debts.ts';
import { owedRooms, updatePlaces } from './places/update.ts';
import { resultsSettings } from './results/settings.ts';
import { roomsFreedBySync, type SyncOptions, sync } from './sync.ts';

export interface WholeSync {
  infinity: SyncOptions;
  /** Infinity's part is over, well or not. */
  over(): void;
  /** Migrates these rooms; null = that is not wished. */
  finish: ((rooms: readonly Room[]) => Promise<unknown>) | null;
  /** Publishes all that the list is owed, and tells it. Throws what deliverResults() throws. */
  publish(list: string): Promise<unknown>;
  placed(outcome: PlaceOutcome): void;
  /** What kept a whole part from being told; `about` names it. It stays owed. */
  failed(part: 'list' | 'places', about: string, problem: Problem): void;
}

/** @returns the rooms that had waited only for their entry. Throws what sync() and `finish` throw, when all has had its turn */
export async function syncAll(site: Site, whole: WholeSync): Promise<Room[]> {
  const { infinity, finish } = whole;
  const trouble = await sync(site, infinity).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  whole.over();
  const freed = trouble ? [] : roomsFreedBySync(site);
  try {
    if (finish && freed.length > 0 && !infinity.signal.aborted) await finish(freed);
  } finally {
    await publishOwed(site, whole);
    await placeOwed(site, whole);
  }
  if (trouble) throw trouble.thrown;
  return freed;
}

async function publishOwed(site: Site, { infinity: { signal }, publish, failed }: WholeSync): Promise<void> {
  const list = resultsSettings(site)?.list.name;
  if (list === undefined || signal.aborted || owedToList(site) === 0) return;
  try {
    await publish(list);
  } catch (thrown) {
    failed('list', list, asOtjError(thrown).toProblem());
  }
}

/** The places of rooms that are migrated by now, where that is switched on: nothing of anybody's is written over. */
async function placeOwed(site: Site, { infinity: { signal }, placed, failed }: WholeSync): Promise<void> {
  const rooms = signal.aborted ? [] : owedRooms(site);
  if (rooms.length === 0) return;
  try {
    await updatePlaces(site, { mode: 'write', policy: 'fill', rooms, signal, told: placed });
  } catch (thrown) {
    failed('places', 'Microsoft 365 Places', asOtjError(thrown).toProblem());
  }
}
