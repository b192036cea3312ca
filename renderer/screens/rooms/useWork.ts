/** Starting work on rooms from this screen: passphrase first, then the call, then the screen where it is watched. */

import type { TeamAgreed } from '../../../main/contract/team.ts';
import { call } from '../../bridge/bridge.ts';
import { type Action, useAction } from '../../design/useAction.ts';
import { useRunningJob, useSite } from '../../state/hooks.ts';
import { askPrepare } from '../../state/prepare.ts';
import { navigate } from '../../state/store.ts';
import { unlocked } from '../../state/unlock.ts';

export type Work =
  | { do: 'plan'; rooms: readonly number[]; insist: boolean }
  /**
   * `pilots`: somebody watches the first device of each kind that is not confirmed. `taken`: what colleagues do in these rooms
   * was seen, and they are begun all the same.
   */
  | { do: 'run'; rooms: readonly number[]; insist: boolean; pilots?: boolean; taken?: readonly TeamAgreed[] }
  | { do: 'undo'; rooms: readonly number[]; taken?: readonly TeamAgreed[] };

export interface Starter {
  /** Since when a start is awaited, milliseconds since 1970. */
  since: number | null;
  start(work: Work, options?: StartOptions): Promise<void>;
}

export interface StartOptions {
  /** Takes a failure that would else become a notice. */
  failed?(thrown: unknown): void;
  /** Does not go to the screen of the run. */
  stay?: boolean;
}

export function useStarter(): Starter {
  const { since, run }: Action = useAction();
  return {
    since,
    start: async (work, { failed, stay = false } = {}) => {
      if (!(await unlocked())) return;
      if ((await run(() => begin(work), failed)) && !stay) navigate('run');
    },
  };
}

function begin(work: Work): Promise<unknown> {
  const rooms = [...work.rooms];
  switch (work.do) {
    case 'plan':
      return call('jobs.plan', { rooms, insist: work.insist });
    case 'run':
      return call('jobs.run', {
        rooms,
        insist: work.insist,
        ...(work.taken ? { taken: [...work.taken] } : {}),
        ...(work.pilots ? { pilots: 'first' as const } : {}),
      });
    case 'undo':
      return call('jobs.undo', { rooms, insist: false, oldPassword: null, taken: [...(work.taken ?? [])] });
  }
}

/** Why nothing can be started now; null = it can. */
export function useBlocked(): 'job' | 'elsewhere' | null {
  const site = useSite();
  const job = useRunningJob();
  if (site?.busyElsewhere) return 'elsewhere';
  return job === null ? null : 'job';
}

/** Shows what Infinity would be told of these rooms; once somebody agrees, the writing is watched on the run's screen. */
export function prepareRooms(ids: readonly number[]): void {
  void askPrepare({ ids, began: () => navigate('run') });
}
