import type { RoomState } from '../../../main/contract/plan.ts';
import { stateWord } from '../../i18n/words.ts';

const STATES: readonly RoomState[] = [
  'not started',
  'ready',
  'in progress',
  'migrated',
  'awaiting sync',
  'needs attention',
  'undone',
];

/** A state as it stands in the list: one of ours in the window's language, or what somebody wrote. */
export function stateText(state: string): string {
  const known = STATES.find((one) => one === state);
  return known ? stateWord(known) : state.slice(0, 100);
}
