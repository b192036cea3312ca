/** How much work may go into one macro: its text may be made to keep the thread busy for minutes. Pure. */
import { type Program as AcornProgram, type Identifier, type Options, Parser } from 'acorn';

/** A longer text, in UTF-16 units, is not read as a program; packed macros of 1.2 MB were seen. */
export const LARGEST_PROGRAM = 2_000_000;
/** Steps for the program of one macro; one takes some 50 ns. A packed macro of 1.2 MB takes a quarter of a million. */
const MOST_STEPS = 3_000_000;
/** So many names are compared in the time of one step. */
const NAMES_PER_STEP = 64;

/** The macro takes more work than it may. */
export class TooTangled extends Error {}

export class Budget {
  private left = MOST_STEPS;

  /** @throws TooTangled when there is nothing left */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new TooTangled();
  }
}

// What acorn looks a declared name up in, one after the other; its types do not tell of it.
declare module 'acorn' {
  interface Parser {
    readonly scopeStack: readonly { flags: number; var: unknown[]; lexical: unknown[]; functions: unknown[] }[];
    declareName(name: string, kind: number, at: number): void;
    checkLocalExport(name: Identifier): void;
  }
}

/** Of acorn: the whole program, or a function. */
const ENDS_VAR = 3;
/** Of acorn: what `var` declares. */
const VAR = 1;

/** acorn, with its search for names that are declared twice within a budget. */
class BoundedParser extends Parser {
  private readonly budget: Budget;

  constructor(budget: Budget, options: Options, text: string) {
    super(options, text);
    this.budget = budget;
  }

  override declareName(name: string, kind: number, at: number): void {
    // `var` is looked up in every block around it.
    for (let depth = this.scopeStack.length - 1; depth >= 0; depth -= 1) {
      if (this.lookThrough(depth) || kind !== VAR) break;
    }
    super.declareName(name, kind, at);
  }

  override checkLocalExport(name: Identifier): void {
    this.lookThrough(0);
    super.checkLocalExport(name);
  }

  /** @returns whether `var` goes no further out */
  private lookThrough(depth: number): boolean {
    const scope = this.scopeStack[depth];
    if (!scope) return true;
    const names = scope.lexical.length + scope.functions.length + scope.var.length;
    this.budget.spend((1 + names) / NAMES_PER_STEP);
    return (scope.flags & ENDS_VAR) !== 0;
  }
}

/** @throws SyntaxError; TooTangled */
export function parseWithin(budget: Budget, text: string, options: Options): AcornProgram {
  return new BoundedParser(budget, options, text).parse();
}
