/** The places of a site as a screen sees them: whether they are written, what is owed, and what stood there before. */
import type { PlaceChange, PlacesView } from '../../contract/microsoft/places.ts';
import { USUAL } from '../../microsoft/places/place.ts';
import type { PlaceRecord } from '../../site/places.ts';
import type { Site } from '../../site/site.ts';
import { placesSettings } from './settings.ts';
import { owedPlaces } from './update.ts';

/** Rooms that are named; beyond these a number says enough. */
const MOST = 500;

export function placesView(site: Site): PlacesView {
  const names = new Map(site.rooms.all().map(({ id, name }) => [id, name]));
  const records = site.places.all();
  const isWanting = ({ problem, theirs, sending }: PlaceRecord) =>
    problem !== null || theirs.length > 0 || sending !== null;
  const rooms = records.toSorted((a, b) => Number(isWanting(b)) - Number(isWanting(a)));
  return {
    settings: placesSettings(site),
    usual: USUAL,
    owed: owedPlaces(site).length,
    written: records.filter((record) => oursOf(record).length > 0).length,
    rooms: rooms.slice(0, MOST).map((record) => ({
      ...{ roomId: record.roomId, room: names.get(record.roomId) ?? '', ours: oursOf(record) },
      ...{ theirs: record.theirs, problem: record.problem, at: record.at },
    })),
  };
}

function oursOf({ ours: { before, written, tags } }: PlaceRecord): PlaceChange[] {
  const names = Object.entries(written) as ['videoDeviceName', string | null][];
  return [
    ...names.map(([property, after]) => ({ property, before: before[property] ?? null, after })),
    ...tags.map((tag) => ({ property: 'tags' as const, before: null, after: tag })),
  ];
}
