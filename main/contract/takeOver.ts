/** Apart from the schemas, whose library the window's policy would not let run. */
import type { DriftRow, TakeOver } from './infinity.ts';

/** Whether a prepare would change an entry that was there before us: a person has to have seen what. */
function isTakeOver({ action, fields }: Pick<DriftRow, 'action' | 'fields'>): boolean {
  return action === 'take-over' && fields.length > 0;
}

/** Whether a prepare writes an entry: what somebody has changed since it only keeps, for a person to decide. */
export function isWritten({ writes, action }: Pick<DriftRow, 'writes' | 'action'>): boolean {
  return writes && action !== 'conflict';
}

/** What somebody agrees to who has seen these rows. */
export function takenOver(rows: readonly DriftRow[]): TakeOver[] {
  return rows.filter(isTakeOver).flatMap(({ roomId, entryId, fields }) => {
    if (entryId === null) return [];
    return { roomId, entryId, fields: fields.map(({ field, infinity, site }) => ({ field, infinity, site })) };
  });
}
