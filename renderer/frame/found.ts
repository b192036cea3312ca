/** What the palette finds for what was typed. Pure, and quick with 10,000 rooms. */
import type { RoomRow } from '../../main/contract/rooms.ts';

/** Lower case without accents, so that `malmo` finds Malmö. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

export interface Sought<T> {
  text: string;
  of: T;
}

/** Each room with all that it may be found by, made once per list. */
export function soughtRooms(rooms: readonly RoomRow[]): Sought<RoomRow>[] {
  return rooms.map((of) => ({
    // A hostile list may hold names of any length; what is typed is short.
    text: folded([of.name, of.address, of.serial, of.mailbox].map((part) => (part ?? '').slice(0, 200)).join('\n')),
    of,
  }));
}

/**
 * Those that hold every word that was typed: first whose first line begins with it, then whose first line holds it all.
 * @param most how many to give; `more` tells how many were left out
 */
export function found<T>(sought: readonly Sought<T>[], typed: string, most: number): { hits: T[]; more: number } {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const start = words.join(' ');
  const ranks: [T[], T[], T[]] = [[], [], []];
  for (const { text, of } of sought) {
    if (!words.every((word) => text.includes(word))) continue;
    const [name = ''] = text.split('\n', 1);
    const rank = name.startsWith(start) ? 0 : words.every((word) => name.includes(word)) ? 1 : 2;
    ranks[rank].push(of);
  }
  const all = ranks.flat();
  return { hits: all.slice(0, most), more: Math.max(0, all.length - most) };
}
