/** What is wrong with a room list, in words for the person who wrote it. */
export interface RowProblem {
  /** As a person counts in a spreadsheet: the heading is row 1. */
  row: number;
  /** The heading as it stands in the file; empty when the file as a whole is meant. */
  column: string;
  /** What stands there, fit to be shown: trimmed, without control characters, at most 80 characters. */
  value: string;
  /** One sentence: what is wrong. */
  message: string;
  /** What to write there instead. */
  todo: string;
}

const SHOWN = 80;

/** Control characters, and those that turn the direction of text around on a screen. */
const UNSHOWABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A value made fit to be shown in one line of a terminal. */
export function shown(value: string): string {
  // Cut twice: first so that a huge cell costs nothing, then to the length that is shown.
  const clean = value
    .slice(0, 20 * SHOWN)
    .replace(UNSHOWABLE, '')
    .trim();
  if (clean.length <= SHOWN) return clean.toWellFormed();
  // Half of a pair at the cut would be shown as a broken character.
  return `${clean.slice(0, SHOWN - 1).replace(/[\ud800-\udbff]$/, '')}…`.toWellFormed();
}

/** A problem of the file as a whole. */
export function fileProblem(message: string, todo: string, value = ''): RowProblem {
  return { row: 1, column: '', value: shown(value), message, todo };
}
