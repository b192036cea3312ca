/** What a prepare did, read from its lines. Pure. */
import type { Drift } from '../../../main/contract/infinity.ts';
import type { JobItem } from '../../../main/contract/jobs.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { isWritten } from '../../../main/contract/takeOver.ts';

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

export interface PrepareScope {
  /** Rooms to look at: all that have a device to name in their entry. */
  ids: number[];
  /** Of these a prepare would write so many, as far as is known before Infinity is asked. */
  open: number;
  /** Rooms without an entry, and of them those without a device. */
  left: number;
  noAddress: number;
  /** Entries that were not as the site wants them when Infinity was asked last. */
  differ: number;
}

/** @param drift all rooms as compared last; null = never */
export function toPrepare(rooms: readonly RoomRow[], drift: Pick<Drift, 'rows'> | null): PrepareScope {
  const meant = rooms.filter(({ state }) => state !== 'undone');
  const ready = meant.filter(({ address }) => address !== null);
  const left = meant.filter(({ onInfinity }) => !onInfinity);
  const noAddress = left.filter(({ address }) => address === null).length;
  const taken = drift?.rows.filter(({ writes }) => writes) ?? [];
  const written = taken.filter(isWritten);
  const open = left.length - noAddress + known(written);
  return { ids: ready.map(({ id }) => id), open, left: left.length, noAddress, differ: known(taken) };

  function known(rows: Drift['rows']): number {
    const ids = new Set(rows.map(({ roomId }) => roomId));
    return ready.filter(({ id, onInfinity }) => onInfinity && ids.has(id)).length;
  }
}
