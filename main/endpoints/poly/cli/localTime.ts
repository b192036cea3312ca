/**
 * Reads what a device says behind `Local Time is:`. That there is such a line is known (public adapters), its form is not: so
 * only a date that can be meant in one way counts, and a time without its zone has as many readings as there are zones. Pure.
 */

/** Hours, and minutes unless they are none, behind `UTC`; both without it, where a shorter number may be of the date. */
const OFFSET = /(?:GMT|UTC)\s*(?<sign>[+-])(?<h>\d{1,2})(?::?(?<m>\d{2}))?\b|(?<sign>[+-])(?<h>\d{2}):?(?<m>\d{2})\b/
  .source;
const TIME = new RegExp(
  String.raw`(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap])\.?m\.?\b)?(?:\s*(?:${OFFSET}|(?<utc>GMT|UTC|Z)\b(?!\s*[+-]\d)))?`,
  'i',
);
const ISO = /\b(\d{4})-(\d{2})-(\d{2})/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = new RegExp(`\\b(${MONTHS.join('|')})[a-z]*\\b`, 'i');
const YEAR = /\b(20\d{2})\b/;
const DAY = /(?:^|[\s,/.-])(\d{1,2})(?=$|[\s,/.-]|st|nd|rd|th)/;

const MINUTE = 60_000;
/** No zone is further away from UTC, minutes. */
const FURTHEST = 14 * 60;
/** Minutes before UTC (negative) or after it: whole hours, and the others that are in use somewhere. */
const ZONES: readonly number[] = [
  ...Array.from({ length: 27 }, (_, at) => (at - 12) * 60),
  ...[-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765],
];

/** @returns what it may mean, milliseconds since 1970, the nearest to now first; empty for words that are not understood */
export function readingsOf(words: string, now: number): number[] {
  const text = words.slice(0, 200);
  const time = TIME.exec(text);
  const date = dateIn(text);
  if (!time || !date) return [];
  const [, hour = '', minute = '', second = '0', half] = time;
  const { utc, sign, h = '0', m = '0' } = time.groups ?? {};
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hour);
  const asUtc = Date.UTC(...date, hours, Number(minute), Number(second));
  if (hours > 23 || Number(minute) > 59 || Number(second) > 60 || Number.isNaN(asUtc)) return [];
  if (utc) return [asUtc];
  if (sign) {
    const minutes = Number(h) * 60 + Number(m);
    return minutes > FURTHEST || Number(m) > 59 ? [] : [asUtc - (sign === '-' ? -minutes : minutes) * MINUTE];
  }
  const away = (one: number) => Math.abs(one - now);
  return ZONES.map((zone) => asUtc - zone * MINUTE).toSorted((a, b) => away(a) - away(b));
}

/** Year, month from 0, day; null where the order of the numbers would have to be guessed. */
function dateIn(text: string): [number, number, number] | null {
  const iso = ISO.exec(text);
  const rest = text.replace(TIME, ' ');
  const month = iso ? Number(iso[2]) - 1 : MONTHS.indexOf(MONTH.exec(rest)?.[1]?.toLowerCase() ?? '');
  const year = Number((iso ?? YEAR.exec(rest))?.[1]);
  const day = Number(iso ? iso[3] : DAY.exec(rest)?.[1]);
  return month >= 0 && month < 12 && year > 0 && day >= 1 && day <= 31 ? [year, month, day] : null;
}
