/** What is peculiar to a family of devices where its answers are disguised. */
import type { Kind } from './kinds.ts';
import type { Rewriter } from './leaves.ts';

export interface Dialect {
  /** Words that stay wherever they stand: those of the protocol and of the device's makers. */
  readonly words: readonly string[];
  /** What stands at a place. @param path as `leaves.ts` makes it. Total */
  kindAt(path: string, value: string): Kind;
  /** What a shell said, each of its texts rewritten; all else stays byte for byte. */
  shell(text: string, rewriter: Rewriter): string;
  /** What was written to a shell. */
  sent(text: string, rewriter: Rewriter): string;
  /** Whether a line of a shell is the device's own and the same for every customer. */
  isOwnLine(line: string): boolean;
  /** A line of what a shell says first, where an owner may have written anything; absent = it is as any other. */
  greeting?(line: string, words: GreetingWords): string;
  /** The text of a program: what it says goes, and what it does stays. Absent = it has none. */
  program?(content: string, words: ProgramWords): string;
  /** Where the body of a reply stands, to tell resources with the same names in them apart; absent = nowhere. */
  placeOf?(path: string): string;
}

export interface GreetingWords {
  /** Only what is known to be somebody's is replaced. */
  plain(text: string): string;
  /** Every word is replaced. */
  text(text: string, kind: string): string;
}

export interface ProgramWords {
  /** For free text. */
  text(text: string): string;
  /** For code: only what is known to be somebody's. */
  known(code: string): string;
}
