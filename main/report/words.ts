/** Words and numbers of the hand-over report, the same in every format. All functions are pure and total. */
import type { RoomState } from '../contract/plan.ts';
import type { ReportRoom } from './model.ts';

/** Stands where nothing is known. */
export const NOTHING = '—';

/** From finished to untouched; the order of counts and bars. */
export const STATE_ORDER: readonly RoomState[] = [
  'migrated',
  'awaiting sync',
  'needs attention',
  'in progress',
  'ready',
  'not started',
  'undone',
];

const FAMILY_WORDS: Readonly<Record<string, string>> = {
  'cisco-roomos': 'Cisco RoomOS',
  'poly-videoos': 'Poly VideoOS',
  'poly-group': 'Poly RealPresence Group',
  'poly-trio': 'Poly Trio',
  'poly-hdx': 'Polycom HDX (by hand)',
  'poly-debut': 'RealPresence Debut (by hand)',
};

const STATUS_WORDS: Readonly<Record<string, string>> = {
  done: 'done',
  already: 'was so already',
  owed: 'left for sync',
  failed: 'failed',
  running: 'cut off',
  waiting: 'waiting',
};

/** `38 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`; tenths below ten seconds. */
export function durationWords(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return NOTHING;
  if (ms > 0 && ms < 50) return 'under 0.1 s';
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(minutes / 60), 24, 'd', 'h');
}

function pair(total: number, per: number, large: string, small: string): string {
  const rest = total % per;
  const whole = `${Math.floor(total / per)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** Local time as `2026-11-23 14:02:11`; a text that is no ISO time comes back as it is, so that nothing is lost. */
export function localTime(iso: string): string {
  const date = dateOf(iso);
  if (!date) return iso;
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')}`;
}

/** Only the local day, `2026-11-23`. */
export function localDay(iso: string): string {
  return dateOf(iso) ? localTime(iso).slice(0, 10) : iso;
}

/** The laptop's time zone and what it was worth at that moment: `Europe/Oslo, UTC+01:00`. */
export function zoneWords(iso: string): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const minutes = -(dateOf(iso) ?? new Date(0)).getTimezoneOffset();
  if (zone === 'UTC') return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${zone}, UTC${minutes < 0 ? '−' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function dateOf(iso: string): Date | null {
  // Date.parse alone takes almost anything for a date, even `1`.
  if (!/^\d{4}-\d\d-\d\dT/.test(iso)) return null;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `14 kB` as people say it; exact below one thousand bytes. */
export function sizeWords(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return NOTHING;
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1000;
  if (kilo < 1000) return `${kilo < 10 ? kilo.toFixed(1) : Math.round(kilo)} kB`;
  return `${(kilo / 1000).toFixed(1)} MB`;
}

/** `1 room`, `3 rooms`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The device in a few words, its model before its family. */
export function deviceWords(room: Pick<ReportRoom, 'model' | 'family'>): string {
  return room.model || (room.family === null ? '' : familyWords(room.family)) || NOTHING;
}

/** A bare number says that it is a floor; any other name of one stays as it is. */
export function floorWords(floor: string): string {
  return /^-?\d+$/.test(floor.trim()) ? `floor ${floor.trim()}` : floor;
}

/** `Cisco RoomOS`; a family not known here keeps its own name. */
export function familyWords(family: string): string {
  return Object.hasOwn(FAMILY_WORDS, family) ? (FAMILY_WORDS[family] ?? family) : family;
}

/** What became of a step. */
export function statusWords(status: string): string {
  return Object.hasOwn(STATUS_WORDS, status) ? (STATUS_WORDS[status] ?? status) : status;
}

/** A room that left the old service and is not yet proven to be served by Infinity. */
export function isUnproven(room: ReportRoom): boolean {
  return room.cutoverAt !== null && room.servedAt === null && room.state !== 'undone';
}

/** How long the room was without OTJ, or why that is not known. */
export function withoutOtjWords(room: ReportRoom): string {
  if (room.withoutOtjMs !== null) return durationWords(room.withoutOtjMs);
  return isUnproven(room) ? 'not proven yet' : NOTHING;
}

/** `2 by hand, 1 owed`: what is left in a room after the tool's own work. */
export function remainingWords(room: ReportRoom): string {
  const open = room.manual.filter((step) => step.tickedAt === null).length;
  const parts = [open > 0 ? `${open} by hand` : '', room.owed.length > 0 ? `${room.owed.length} owed` : ''];
  return parts.filter(Boolean).join(', ');
}

/**
 * Text of a device or a person in which all that would act unseen is shown by its number: control characters,
 * direction overrides, zero-width characters. Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: showing them is what this is for.
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
      (char) => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
    );
}

/** The same in one line, for a heading or a cell. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** At most `most` characters as a reader counts them, with `…` where something was left out. */
export function clip(text: string, most: number): string {
  // Cheap way out first: segmenting ten thousand short names costs more than all the rest of the page.
  if (text.length <= most) return text;
  const segments = new Intl.Segmenter().segment(text.slice(0, most * 16));
  const kept: string[] = [];
  for (const { segment } of segments) {
    if (kept.length === most) return `${kept.join('').trimEnd()}…`;
    kept.push(segment);
  }
  // Fewer readers' characters than units: an emoji counts once. Only a text beyond the slice is cut here.
  return text.length > most * 16 ? `${kept.join('')}…` : text;
}
