/** Whether a person's word to begin a room all the same holds. No schemas: the window runs it too. */
import type { ItemFlag, TeamAgreed, TeamFlag } from './team.ts';

/** @param flag as the list has it now; a lease that was only renewed is the same, and one that has ended meanwhile is no matter */
export function isAgreed(agreed: readonly TeamAgreed[], roomId: number, flag: TeamFlag): boolean {
  const seen = agreed.flatMap(({ roomId: id, team }) => (id === roomId ? eachOf(team) : []));
  return eachOf(flag).every((one) => seen.some((other) => isSame(other, one)));
}

/** What each item of the room says. */
export function eachOf({ beside = [], ...first }: TeamFlag): ItemFlag[] {
  return [first, ...beside];
}

function isSame(a: ItemFlag, b: ItemFlag): boolean {
  if (a.by !== b.by) return false;
  if (a.kind === 'elsewhere') return b.kind === 'elsewhere' && a.state === b.state;
  return b.kind === 'taken' && a.laptop === b.laptop && a.since === b.since;
}
