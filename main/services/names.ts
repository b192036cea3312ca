/** How like the name that a device has is to the name that a room has. Pure. */
import { distance } from 'fastest-levenshtein';

/** Shorter words have too few letters to be misspelt and still be known. */
const LEAST_FUZZY = 4;
/** `Fjrod` for `Fjord` counts, `Skog` for `Skot` does not. */
const LEAST_WORD = 0.6;
const LEAST_WHOLE = 0.8;
/** A number that is not the same is another room, whatever else is alike. */
const OTHER_NUMBER = 0.4;

/** What device names say besides the room: it speaks neither for nor against. */
const OF_DEVICES: ReadonlySet<string> = new Set([
  ...[
    'cisco',
    'webex',
    'tandberg',
    'roomos',
    'codec',
    'plus',
    'kit',
    'mini',
    'bar',
    'pro',
    'board',
    'desk',
    'ex',
    'mx',
    'sx',
  ],
  ...['poly', 'polycom', 'studio', 'x30', 'x32', 'x50', 'x52', 'x70', 'x72', 'g7500', 'g62', 'videoos'],
  ...['vc', 'video', 'endpoint', 'system', 'device', 'pexip', 'otj'],
]);

/** A name taken apart. */
export interface Name {
  words: readonly string[];
  /** All words without anything between them. */
  whole: string;
  numbers: string;
}

export function nameOf(text: string): Name {
  const all = words(text);
  const whole = all.join('');
  return { words: all, whole, numbers: (whole.match(/\p{N}+/gu) ?? []).join(' ') };
}

/**
 * How much of the room's words the device says, less for other words that it says besides: `Fjord` is `Fjord` (1),
 * likely `Tall Fjord`, and hardly one of ten words in a banner. A misspelt word counts in part, a number only as it is.
 * @param place words of the room's building and floor, which a device may say besides
 * @returns 0 to 1, in hundredths
 */
export function likeness(said: Name, wanted: Name, place: ReadonlySet<string> = new Set()): number {
  if (wanted.words.length === 0 || said.words.length === 0) return 0;
  const left = new Set(said.words);
  let common = 0;
  for (const word of wanted.words) {
    const best = closest(word, left);
    if (!best) continue;
    common += best.ratio;
    left.delete(best.word);
  }
  const besides = [...left].filter((word) => !OF_DEVICES.has(word) && !place.has(word)).length;
  let byWords = (common / wanted.words.length) * (1 / (1 + 0.15 * besides));
  if (wanted.words.some((word) => /\p{N}/u.test(word) && !said.words.includes(word))) byWords *= OTHER_NUMBER;
  return Math.round(Math.max(byWords, byWhole(said, wanted)) * 100) / 100;
}

/** `MoteromFjord2` has no words that `Møterom Fjord 2` has, and is the same. */
function byWhole(said: Name, wanted: Name): number {
  if (said.numbers !== wanted.numbers) return 0;
  const ratio = alike(said.whole, wanted.whole);
  return ratio >= LEAST_WHOLE ? ratio * 0.98 : 0;
}

function closest(word: string, among: ReadonlySet<string>): { word: string; ratio: number } | null {
  if (among.has(word)) return { word, ratio: 1 };
  if (word.length < LEAST_FUZZY || /\p{N}/u.test(word)) return null;
  let best: { word: string; ratio: number } | null = null;
  for (const other of among) {
    if (other.length < LEAST_FUZZY || Math.abs(other.length - word.length) > 2 || /\p{N}/u.test(other)) continue;
    const ratio = alike(word, other);
    if (ratio >= LEAST_WORD && (!best || ratio > best.ratio)) best = { word: other, ratio };
  }
  return best;
}

function alike(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : 1 - distance(a.slice(0, 200), b.slice(0, 200)) / longest;
}

/** What Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  œ: 'oe',
};

/** Lower-case words without accents: `Møterom-Ålesund 2` is `moterom`, `alesund`, `2`. */
export function words(text: string): string[] {
  const plain = text
    .slice(0, 500)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[øæßłđðþœ]/g, (letter) => LETTERS[letter] ?? letter);
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
