/** What codecs answered, made fit to be looked at. Pure. */
import type { JobItem } from '../../main/contract/jobs.ts';
import { visible } from '../screens/room/diff/lines.ts';

/** Longer answers are clipped on the screen; the copy has them whole. Characters. */
const LONGEST_SHOWN = 60_000;

/** Characters that act unseen are shown as numbers, line by line. */
export function shownAnswer(words: string): string {
  const clipped = words.length > LONGEST_SHOWN ? `${words.slice(0, LONGEST_SHOWN)}…` : words;
  return clipped
    .split(/\r?\n/)
    .map((line) => visible(line))
    .join('\n');
}

/** The first line that says something, for a list of many answers. */
export function firstLine(words: string): string {
  const line = words.split(/\r?\n/).find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  return visible(line.trim().slice(0, 200));
}

/** All answers as one text, each below the name of its room when there are several. */
export function copyOf(items: readonly Pick<JobItem, 'about' | 'words'>[]): string {
  const [only, ...more] = items;
  if (only && more.length === 0) return only.words;
  return items.map(({ about, words }) => `# ${about}\n${words}\n`).join('\n');
}

/**
 * The line that an arrow key brings: back to older ones, forward to newer ones and at last to what was being typed.
 * @param lines oldest first
 * @param at how many lines back the field stands now; 0 = what was being typed
 */
export function recalled(lines: readonly string[], at: number, step: 1 | -1): { at: number; line: string | null } {
  const to = Math.min(Math.max(at + step, 0), lines.length);
  return { at: to, line: to === 0 ? null : (lines[lines.length - to] ?? null) };
}

/** Typed lines for the arrow keys: the same line twice in a row counts once. */
export function historyOf(entries: readonly { line: string }[]): string[] {
  return entries.map(({ line }) => line).filter((line, at, all) => line !== all[at - 1]);
}
