/** How much work may go into one macro: its text may be made to keep the thread busy for minutes. Pure. */
import { Parser } from 'acorn';

/** A longer text, in UTF-16 units, is not read as a program; packed macros of 1.2 MB were seen. */
export const LARGEST_PROGRAM = 4_000_000;
/** Steps for the program of one macro; one takes some 50 ns. A packed macro of 1.2 MB takes some hundred thousands. */
const MOST_STEPS = 5_000_000;
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

/** The whole program, or a function. */
const ENDS_VAR = 3;

/** acorn, with its search for names that are declared twice within the budget. */
export function parserWithin(budget: Budget): typeof Parser {
  return Parser.extend(
    (Base) =>
      class extends Base {
        override declareName(...[name, kind, at]: Parameters<Parser['declareName']>): void {
          // `var` is looked up in every block around it.
          for (const { flags, lexical, functions, var: vars } of this.scopeStack.toReversed()) {
            budget.spend((lexical.length + functions.length + vars.length) / NAMES_PER_STEP);
            if (kind !== 1 || (flags & ENDS_VAR) !== 0) break;
          }
          super.declareName(name, kind, at);
        }

        override checkLocalExport(name: Parameters<Parser['checkLocalExport']>[0]): void {
          const { lexical, var: vars } = this.scopeStack[0] ?? { lexical: [], var: [] };
          budget.spend((lexical.length + vars.length) / NAMES_PER_STEP);
          super.checkLocalExport(name);
        }
      },
  );
}
