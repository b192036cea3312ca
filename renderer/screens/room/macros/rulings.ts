/** What holds of a macro: what was judged, or what a person has decided in its place. Pure. */
import type { JudgedMacro, RoomDetail } from '../../../../main/contract/rooms.ts';

export type Ruling = JudgedMacro['verdict'] | 'take' | 'leave';

type Decided = Pick<RoomDetail, 'takeMacros' | 'leaveMacros'>;

/** What the room keeps is newer than what the codec was read with. */
export function rulingOf({ name, verdict }: Pick<JudgedMacro, 'name' | 'verdict'>, decided: Decided): Ruling {
  if (decided.takeMacros.includes(name)) return 'take';
  if (decided.leaveMacros.includes(name)) return 'leave';
  return verdict;
}

const RANKS: Record<JudgedMacro['verdict'], number> = { uncertain: 0, otj: 1, other: 2 };

/** Those in doubt first; otherwise in the order of the codec. A decision moves none of them. */
export function inOrder(macros: readonly JudgedMacro[]): JudgedMacro[] {
  return macros.toSorted((a, b) => RANKS[a.verdict] - RANKS[b.verdict]);
}

/** The first one of which nobody has decided yet what it is; null = there is none. */
export function nextOpen<M extends Pick<JudgedMacro, 'name' | 'verdict'>>(
  macros: readonly M[],
  decided: Decided,
): M | null {
  return macros.find((macro) => rulingOf(macro, decided) === 'uncertain') ?? null;
}
