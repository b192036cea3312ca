/** Words of a room's buttons and facts, in the chosen language. */
import i18next from 'i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { duration } from '../../i18n/format.ts';
import type { Deed } from './deed.ts';

export function deedWord(deed: Deed, { state, code }: Pick<RoomRow, 'state' | 'code'>): string {
  if (deed.do === 'check') {
    if (deed.insist) return i18next.t('room:deed.insist');
    const isFirst = state === 'not started' || code === 'NO_ADDRESS';
    return i18next.t(isFirst ? 'room:deed.check' : 'room:deed.checkAgain');
  }
  if (deed.do === 'retry' && deed.insist) return i18next.t('room:deed.insist');
  if (deed.do === 'inCall') return i18next.t(deed.undo ? 'room:deed.inCallUndo' : 'room:deed.inCall');
  return i18next.t(`room:deed.${deed.do}`);
}

/** `Oslo · floor 3`; a bare number says that it is a floor. */
export function placeWords({ building, floor }: Pick<RoomRow, 'building' | 'floor'>): string {
  const shown = /^-?\d+$/.test(floor.trim()) ? i18next.t('room:floor', { floor: floor.trim() }) : floor;
  return [building, shown].filter(Boolean).join(' · ');
}

/** What is over sooner has no length that a person could compare, milliseconds. */
const INSTANT_MS = 50;

/** `under 0.1 s`, `0.4 s`, `2 min 5 s`. @param ms milliseconds */
export function tookWords(ms: number): string {
  return ms < INSTANT_MS ? i18next.t('room:steps.instant') : duration(ms);
}

/** `3f9c 12ab`: enough of a hash to compare by eye. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 8).replace(/(.{4})(?=.)/g, '$1\u00a0');
}

/** A SHA-256 in groups of four, which can be read out. */
export function fingerprint(sha256: string): string {
  return sha256.replace(/(.{4})(?=.)/g, '$1 ');
}
