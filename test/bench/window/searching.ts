/** Typing into the search: from each key to what the table shows for it. */
import { bar, rounded, say, sayTable } from '../bars.ts';
import type { BenchPage } from './browser.ts';
import { median, quantile } from './figures.ts';
import type { OpenSetting, Part } from './part.ts';
import { countOf, WORDS } from './rooms.ts';

const KEY_MS = 50;
/** Slow enough for each key to stand alone. */
const SLOWLY_MS = 120;
/** A practised typist in the middle of a word. */
const FAST_MS = 60;

export interface Typed {
  keys: number[];
  /** From the last key of a word that was typed fast. */
  words: number[];
  /** Of the page's main thread for one key that stood alone, all that follows from it included; milliseconds. */
  cpuMs: number;
}

type List = OpenSetting['list'];

/** Types each word letter by letter, takes it back letter by letter, and types it again fast. */
export async function typeWords(page: BenchPage, list: List, times: number): Promise<Typed> {
  const typed: Typed = { keys: [], words: [], cpuMs: 0 };
  await page.page.focus('[data-search]');
  for (const word of Array.from({ length: times }, () => WORDS).flat()) {
    const keys = keysOf(list, word);
    const before = await page.cpu();
    typed.keys.push(...(await page.type([...keys.there, ...keys.back], SLOWLY_MS)));
    typed.cpuMs += (await page.cpu()) - before;
    const fast = await page.type(keys.there, FAST_MS);
    typed.words.push(fast.at(-1) ?? Number.NaN);
    await page.page.keyboard.press('Escape');
  }
  typed.cpuMs /= typed.keys.length;
  return typed;
}

/** Throws when a key would change nothing: its effect could not be seen. */
function keysOf(list: List, word: string) {
  const counts = Array.from({ length: word.length + 1 }, (_, length) => countOf(list, word.slice(0, length)));
  if (new Set(counts).size < counts.length || counts.includes(0)) throw new Error(`"${word}" does not narrow the list`);
  const there = [...word].map((key, at) => ({ key, rooms: counts[at + 1] ?? 0 }));
  const back = counts
    .slice(0, -1)
    .reverse()
    .map((rooms) => ({ key: 'Backspace', rooms }));
  return { there, back };
}

export async function measureSearching({ page, list, sizes }: OpenSetting): Promise<Part> {
  const typed = await typeWords(page, list, sizes.words);
  return { show: () => showTyped('Searching', typed), bars: typedBars('', typed) };
}

export function showTyped(title: string, { keys, words, cpuMs }: Typed): void {
  say(`\n${title}: from the key to the second frame after the table has changed, milliseconds`);
  sayTable(
    ['', 'times', 'median', 'p95', 'longest'],
    Object.entries({ 'a key': keys, 'the last key of a word': words }).map(([name, times]) => [
      name,
      times.length,
      ...[median(times), quantile(times, 0.95), Math.max(...times)].map(rounded),
    ]),
  );
  say(`The page's main thread worked ${rounded(cpuMs)} ms for each key and the time after it.`);
}

/** @param when follows the name of each */
export function typedBars(when: string, { keys, words }: Typed) {
  return [
    bar(`key to filtered table${when}, p95 ms`, quantile(keys, 0.95), 'lower', KEY_MS),
    bar(`word to filtered table${when}, longest ms`, Math.max(...words), 'lower', KEY_MS),
  ];
}
