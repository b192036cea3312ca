/** Whether a person's word to begin a room all the same holds. No schemas: the window runs it too. */
import type { TeamAgreed, TeamFlag } from './team.ts';

/** @param flag as the list has it now; a lease that was only renewed is the same */
export function isAgreed(agreed: readonly TeamAgreed[], roomId: number, flag: TeamFlag): boolean {
  return agreed.some(({ roomId: id, team }) => id === roomId && isSame(team, flag));
}

function isSame(a: TeamFlag, b: TeamFlag): boolean {
  if (a.by !== b.by) return false;
  if (a.kind === 'elsewhere') return b.kind === 'elsewhere' && a.state === b.state;
  return b.kind === 'taken' && a.laptop === b.laptop && a.since === b.since;
}
