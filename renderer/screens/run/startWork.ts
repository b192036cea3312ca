/** Starting the same kind of work once more on some of its rooms. */
import type { JobKind } from '../../../main/contract/jobs.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { call } from '../../bridge/bridge.ts';
import { notifyProblem } from '../../design/toasts.ts';
import { askPrepare } from '../../state/prepare.ts';
import { unlocked } from '../../state/unlock.ts';

/** Kinds of work that take a list of rooms. */
export type RoomWork = 'run' | 'undo' | 'plan' | 'prepare';

/** A sync that migrates at its end is a run as far as a single room is concerned. */
export function workOf(kind: JobKind): RoomWork {
  return kind === 'undo' || kind === 'plan' || kind === 'prepare' ? kind : 'run';
}

/**
 * Asks for the passphrase first where need be; a prepare is shown before it is written. A failure becomes a notice.
 * @param taken what was seen of colleagues in these rooms, which are begun all the same
 */
export async function startWork(
  kind: RoomWork,
  rooms: readonly number[],
  taken: readonly TeamAgreed[] = [],
): Promise<void> {
  if (kind === 'prepare') return askPrepare({ ids: rooms });
  if (!(await unlocked())) return;
  await started(kind, [...rooms], [...taken]).catch(notifyProblem);
}

function started(kind: Exclude<RoomWork, 'prepare'>, rooms: number[], taken: TeamAgreed[]): Promise<unknown> {
  switch (kind) {
    case 'run':
      return call('jobs.run', { rooms, insist: false, taken });
    case 'undo':
      return call('jobs.undo', { rooms, insist: false, taken, oldPassword: null });
    case 'plan':
      return call('jobs.plan', { rooms, insist: false });
  }
}
