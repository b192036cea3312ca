/** What is wrong with a room list, in words for the person who wrote it. */
import { type DetailsOf, LIST_PROBLEMS, type ListProblemCode } from '../contract/listProblems.ts';

export interface RowProblem {
  /** As a person counts in a spreadsheet: the heading is row 1. */
  row: number;
  /** The heading as it stands in the file; empty when the file as a whole is meant. */
  column: string;
  /** What stands there, fit to be shown: trimmed, without control characters, at most 80 characters. */
  value: string;
  /** What is wrong, for programs and for other languages, with what its words speak of. */
  code: ListProblemCode;
  details: Record<string, string>;
  /** The same in English. */
  message: string;
  todo: string;
}

/** What is wrong with a value, wherever it stands. */
export type Fault = Pick<RowProblem, 'code' | 'details' | 'message' | 'todo'>;

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

/** @param details fit to be shown */
export function fault<C extends ListProblemCode>(
  code: C,
  ...[details]: keyof DetailsOf<C> extends never ? [] : [DetailsOf<C>]
): Fault {
  const told: Record<string, string> = { ...details };
  // Replaced in one go, so that a detail which looks like another one stays what it is.
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => told[name] ?? '');
  const { message, todo } = LIST_PROBLEMS[code];
  return { code, details: told, message: filled(message), todo: filled(todo) };
}

/** A problem of the file as a whole. */
export function fileProblem(what: Fault, value = ''): RowProblem {
  return { row: 1, column: '', value: shown(value), ...what };
}
