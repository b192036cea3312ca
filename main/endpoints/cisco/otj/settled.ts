/**
 * Looks at a text once for all rooms that have it: reading 200 kB as a program takes a good part of a second, in which
 * nothing else goes on. Only what is settled by the text alone is kept, without the program: a macro that other macros
 * may make more of is read anew.
 */
import type { Program } from './program.ts';
import { textHash } from './texts.ts';
import { callsOut, type Traits, traitsOf } from './traits.ts';

/** Texts; each takes a few kilobytes here. */
const MOST = 256;
const known = new Map<string, Traits>();

/** As `traitsOf`. */
export function settledTraitsOf(name: string, content: string): Traits {
  const key = `${textHash(content)} ${name}`;
  const before = known.get(key);
  if (before) return before;
  const traits = traitsOf(name, content);
  if (!isSettled(traits)) return traits;
  if (known.size >= MOST) for (const [oldest] of known.entries().take(1)) known.delete(oldest);
  const { program, imports } = traits;
  known.set(key, {
    ...traits,
    program: program && NOTHING_MORE,
    imports: imports.map((one) => ({ ...one, values: () => [] })),
  });
  return traits;
}

/** Nothing is followed from another macro into this one, nor out of it. */
function isSettled({ program, linked, linkExports, imports }: Traits): boolean {
  return linkExports.size === 0 && (linked || program === null || imports.length === 0 || !callsOut(program));
}

/** Stands for a program that was read and need not be looked into again. */
const NOTHING_MORE: Program = {
  nodes: [],
  parentOf: () => undefined,
  bindingOf: () => undefined,
  propertyOf: () => null,
  membersNamed: () => [],
  spend: () => undefined,
};
