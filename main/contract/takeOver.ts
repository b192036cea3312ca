/** Apart from the schemas, whose library the window's policy would not let run. */
import type { DriftRow } from './infinity.ts';

/** Whether a prepare would change an entry that was there before us: a person has to have seen what. */
export function isTakeOver({ action, fields }: Pick<DriftRow, 'action' | 'fields'>): boolean {
  return action === 'take-over' && fields.length > 0;
}
