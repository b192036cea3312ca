/** Numbers, times and durations as the chosen language writes them. Unit symbols are the same in all of them. */

let locale = 'en-GB';
let formats = makeFormats(locale);

/** For all that is written from now on. */
export function writeAs(tag: string): void {
  if (tag === locale) return;
  locale = tag;
  formats = makeFormats(tag);
}

function makeFormats(tag: string) {
  return {
    count: new Intl.NumberFormat(tag),
    tenth: new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    percent: new Intl.NumberFormat(tag, { style: 'percent' }),
    time: new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    day: new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' }),
    list: new Intl.ListFormat(tag, { type: 'conjunction' }),
    collator: new Intl.Collator(tag, { numeric: true, sensitivity: 'base' }),
  };
}

/** A number and its unit never part at the end of a line. */
const SPACE = '\u00a0';

/** `1,204` */
export function count(value: number): string {
  return formats.count.format(value);
}

/** `2.4`; one digit behind the point. */
export function tenths(value: number): string {
  return formats.tenth.format(value);
}

/** @param share 0 to 1 */
export function percent(share: number): string {
  return formats.percent.format(share);
}

/** `0.4 s`, `38 s`, `2 min 5 s`, `3 h 12 min`. @param ms milliseconds */
export function duration(ms: number): string {
  if (ms < 10_000) return `${formats.tenth.format(Math.max(0, ms) / 1000)}${SPACE}s`;
  return wholeDuration(ms);
}

/** The same in whole seconds, for displays that count. @param ms milliseconds */
export function wholeDuration(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds}${SPACE}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${SPACE}min${SPACE}${seconds % 60}${SPACE}s`;
  return `${count(Math.floor(seconds / 3600))}${SPACE}h${SPACE}${Math.floor((seconds % 3600) / 60)}${SPACE}min`;
}

/** The same for what lasts long: whole days beyond two, `41 d 3 h`. @param ms milliseconds */
export function longDuration(ms: number): string {
  const hours = Math.floor(Math.max(0, ms) / 3_600_000);
  if (hours < 48) return wholeDuration(ms);
  return `${count(Math.floor(hours / 24))}${SPACE}d${SPACE}${hours % 24}${SPACE}h`;
}

/** `14 kB`. @param value bytes */
export function bytes(value: number): string {
  if (value < 1000) return `${count(value)}${SPACE}B`;
  const [size, unit] = value < 1_000_000 ? [value / 1000, 'kB'] : [value / 1_000_000, 'MB'];
  return `${size < 10 ? tenths(size) : count(Math.round(size))}${SPACE}${unit}`;
}

/** `14:02:11`. @param at ISO 8601 or milliseconds since 1970 */
export function clock(at: string | number): string {
  return formats.time.format(new Date(at));
}

/** `23 Nov 2026`. @param at ISO 8601 or milliseconds since 1970 */
export function day(at: string | number): string {
  return formats.day.format(new Date(at));
}

/** `14:02:11` on the day itself, else `23 Nov 2026, 14:02:11`. @param at ISO 8601 or milliseconds since 1970 */
export function moment(at: string | number, now: number = Date.now()): string {
  return day(at) === day(now) ? clock(at) : `${day(at)}, ${clock(at)}`;
}

/** `Fjord, Skog and Elv` */
export function listOf(names: readonly string[]): string {
  return formats.list.format(names);
}

/** Order of names as people expect it: 2 before 10, accents aside. */
export function compareNames(a: string, b: string): number {
  return formats.collator.compare(a, b);
}
