/** What a prepare did, read from its lines. Pure. */
import type { JobItem } from '../../../main/contract/jobs.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';

export interface TakenField {
  field: string;
  before: string;
  after: string;
}

/** `entry 12; name: Fjord → Fjord 2; …`; what follows a semicolon begins a field only if it looks like one. */
export function takenFields(words: string): TakenField[] {
  return words.split(/; (?=[a-z_]+: )/).flatMap((part) => {
    const [, field, before, after] = /^([a-z_]+): (.*?) → (.*)$/s.exec(part) ?? [];
    return field !== undefined && before !== undefined && after !== undefined ? [{ field, before, after }] : [];
  });
}

const AS_WISHED: TakenField = { field: '', before: '=', after: '=' };

export interface TakenRow extends TakenField {
  key: string;
  roomId: number | null;
  room: string;
}

export function takenRows(items: readonly JobItem[]): TakenRow[] {
  return items
    .filter(({ what }) => what === 'taken-over')
    .flatMap(({ about, roomId, words }) => {
      const fields = takenFields(words);
      // it was as wished already
      return (fields.length > 0 ? fields : [AS_WISHED]).map((one) => ({
        ...one,
        key: `${roomId}/${one.field}`,
        roomId,
        room: about,
      }));
    });
}

/** Rooms that a prepare would write: those on no entry yet, with a device to name in it. */
export function toPrepare(rooms: readonly RoomRow[]): { ids: number[]; left: number; noAddress: number } {
  const left = rooms.filter(({ onInfinity, state }) => !onInfinity && state !== 'undone');
  const ids = left.filter(({ address }) => address !== null).map(({ id }) => id);
  return { ids, left: left.length, noAddress: left.length - ids.length };
}
