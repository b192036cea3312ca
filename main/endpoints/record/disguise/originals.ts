/** What must not be left in a recording, and where it still stands. Pure. */
import type { Vocabulary } from './words.ts';

export interface Known {
  text: string;
  kind: string;
}

/** Kinds that have a form of their own, whatever words they are made of; from this length on. */
const FORMED: ReadonlySet<string> = new Set(['address', 'mac', 'serial']);
const SHORTEST_FORMED = 6;
/** Shorter ones count as whole words only: they stand within many a word by chance. */
const SHORTEST_WITHIN = 5;
/** Of what an index is made, so that a site's thousands of names cost little. */
const GRAM = 4;

/** Finds originals in texts, in any case. */
export class Originals {
  private readonly known: readonly Known[];

  constructor(known: readonly Known[], vocabulary: Vocabulary) {
    const telling = known
      .map(({ text, kind }) => ({ text: text.trim().toLowerCase(), kind }))
      .filter(({ text, kind }) => (FORMED.has(kind) ? text.length >= SHORTEST_FORMED : !vocabulary.isCommon(text)));
    const byText = new Map(telling.toReversed().map((one) => [one.text, one]));
    // The longest first: a name may hold another one.
    this.known = [...byText.values()].sort((a, b) => b.text.length - a.text.length);
  }

  /** Those that can stand in these texts at all: a far shorter list to look for. */
  within(texts: readonly string[]): Originals {
    const grams = new Set<string>();
    const whole = texts.join('\0').toLowerCase();
    for (let at = 0; at + GRAM <= whole.length; at++) grams.add(whole.slice(at, at + GRAM));
    const few: Originals = Object.create(Originals.prototype);
    const known = this.known
      .filter(({ text }) => text.length < GRAM || grams.has(text.slice(0, GRAM)))
      .filter(({ text }) => whole.includes(text));
    return Object.assign(few, { known });
  }

  /** Whether any of them stands in the text. @returns its kind; null = none does */
  findIn(text: string): string | null {
    const low = text.toLowerCase();
    return this.known.find((one) => placesOf(low, one.text).length > 0)?.kind ?? null;
  }

  replaceIn(text: string, standIn: (original: string, kind: string) => string): string {
    const low = text.toLowerCase();
    // A text whose small letters are of another length cannot be cut by their places.
    if (low.length !== text.length) return this.findIn(text) === null ? text : standIn(text, 'text');
    const taken: { start: number; end: number; kind: string }[] = [];
    for (const { text: original, kind } of this.known)
      for (const start of placesOf(low, original)) {
        const end = start + original.length;
        if (taken.every((other) => end <= other.start || start >= other.end)) taken.push({ start, end, kind });
      }
    let result = '';
    let at = 0;
    for (const { start, end, kind } of taken.sort((a, b) => a.start - b.start)) {
      result += text.slice(at, start) + standIn(text.slice(start, end), kind);
      at = end;
    }
    return result + text.slice(at);
  }
}

function placesOf(text: string, original: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(original); at >= 0; at = text.indexOf(original, at + 1))
    if (isWhole(text, at, original)) places.push(at);
  return places;
}

function isWhole(text: string, at: number, original: string): boolean {
  const digits = /^[\d.]+$/.test(original);
  if (original.length >= SHORTEST_WITHIN && !digits) return true;
  const inside = digits ? /[\d.]/ : /[\p{L}\p{N}]/u;
  return !inside.test(text[at - 1] ?? '') && !inside.test(text[at + original.length] ?? '');
}
