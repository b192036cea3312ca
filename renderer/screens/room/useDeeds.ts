/** Doing what the buttons of a room say. */

import i18next from 'i18next';
import { useState } from 'react';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Input, MethodName } from '../../../main/contract/methods.ts';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { notify } from '../../design/toasts.ts';
import { isPoly } from '../../state/family.ts';
import { isGoingOn } from '../../state/hooks.ts';
import { askPrepare } from '../../state/prepare.ts';
import { navigate, showBeside, useStore } from '../../state/store.ts';
import { unlocked } from '../../state/unlock.ts';
import { type DecisionWish, keptOf } from './decisions.ts';
import type { Deed } from './deed.ts';
import { claimJob } from './ownJobs.ts';

/** Windows over the room; null = none is open. */
export type RoomDialog = 'macro' | 'overwrite' | 'address' | 'login' | 'trust' | 'undo' | 'record';

/** How long a sync that is started at a room waits for Infinity to reach it, milliseconds; it can be stopped. */
const SYNC_WAIT_MS = 120_000;

type Starts = Extract<
  MethodName,
  'jobs.plan' | 'jobs.run' | 'jobs.undo' | 'jobs.sync' | 'jobs.compare' | 'jobs.macros' | 'jobs.record'
>;

export interface Deeds {
  perform(deed: Deed): void;
  /** Starts work on this room alone. @returns whether it has begun */
  start<N extends Starts>(name: N, input: Input<N>): Promise<boolean>;
  /** Keeps a decision about this room. @returns whether it is kept */
  decide(wish: DecisionWish): Promise<boolean>;
  /** Since when a start is awaited, milliseconds since 1970. */
  startingSince: number | null;
  /** Why the last start or decision failed. */
  problem: Problem | null;
  dialog: RoomDialog | null;
  show(dialog: RoomDialog | null): void;
}

/** @param changed told when something of the room was decided */
export function useDeeds(room: RoomRow, detail: RoomDetail | null, changed: () => void): Deeds {
  const [startingSince, setStartingSince] = useState<number | null>(null);
  const [failed, setFailed] = useState<{ roomId: number; problem: Problem } | null>(null);
  const [open, setOpen] = useState<{ roomId: number; dialog: RoomDialog } | null>(null);
  const show = (dialog: RoomDialog | null) => setOpen(dialog && { roomId: room.id, dialog });

  const start: Deeds['start'] = async (name, input) => {
    if (startingSince !== null || !(await unlocked())) return false;
    setStartingSince(Date.now());
    setFailed(null);
    try {
      const { job } = await call<Starts>(name, input);
      claimJob(job, room.id);
      return true;
    } catch (thrown) {
      setFailed({ roomId: room.id, problem: problemOf(thrown) });
      return false;
    } finally {
      setStartingSince(null);
    }
  };

  const decide: Deeds['decide'] = async (wish) => {
    setFailed(null);
    try {
      await call('rooms.decide', { roomId: room.id, ...wish });
      changed();
      return true;
    } catch (thrown) {
      setFailed({ roomId: room.id, problem: problemOf(thrown) });
      return false;
    }
  };

  const decideThen = async (wish: DecisionWish, then: Deed) => {
    if (await decide(wish)) perform(then);
  };

  const perform = (deed: Deed) => {
    const rooms = [room.id];
    switch (deed.do) {
      case 'check':
        return void start('jobs.plan', { rooms, insist: deed.insist });
      case 'migrate':
        return void start('jobs.run', { rooms, insist: false });
      case 'pilot':
        return void start('jobs.run', { rooms, insist: false, pilots: rooms });
      case 'retry':
        return void start('jobs.run', { rooms, insist: deed.insist });
      case 'carryOn':
        return void start('jobs.run', { rooms, insist: false });
      case 'finishUndo':
        // A Poly device may need its old password for that, which somebody has to type.
        if (isPoly(room.family) || room.code === 'OLD_PASSWORD_NEEDED') return show('undo');
        return void start('jobs.undo', {
          rooms,
          insist: room.code === 'LOGIN_REFUSED',
          oldPassword: null,
          taken: [...(deed.taken ?? [])],
        });
      case 'inCall': {
        const how = { rooms, insist: false, accept: ['call' as const] };
        return void (deed.undo ? start('jobs.undo', { ...how, oldPassword: null }) : start('jobs.run', how));
      }
      case 'accept':
        return void decideThen({ accepted: [...keptOf(detail?.accepted ?? []), deed.what] }, deed.afterwards);
      case 'legacy':
        return void decideThen({ legacy: true }, deed.afterwards);
      case 'sync':
        return void start('jobs.sync', { waitMs: SYNC_WAIT_MS, finish: false });
      case 'prepare':
        return void askPrepare({ ids: rooms, began: (job) => claimJob(job, room.id) });
      case 'next':
        return void goToNext(room.id);
      case 'macro':
        show('macro');
        // They are read at once, unless other work has the site.
        return isBusy() ? undefined : void start('jobs.macros', { roomId: room.id });
      case 'overwrite':
        show('overwrite');
        return isBusy() ? undefined : void start('jobs.compare', { roomId: room.id });
      case 'identity':
        return show('address');
      case 'infinity':
        return navigate('checks');
      case 'pilots':
        return navigate('settings');
      case 'conflict':
        return navigate('sync');
      default:
        return show(deed.do);
    }
  };

  return {
    perform,
    start,
    decide,
    startingSince,
    problem: failed?.roomId === room.id ? failed.problem : null,
    dialog: open?.roomId === room.id ? open.dialog : null,
    show,
  };
}

function isBusy(): boolean {
  return [...useStore.getState().jobs.values()].some(isGoingOn);
}

/** The nearest room that is not done, in the same view. */
async function goToNext(after: number): Promise<void> {
  const { roomId } = await call('rooms.next', { after });
  if (roomId === null) return notify({ title: i18next.t('frame:notNext') });
  if (useStore.getState().route.screen === 'rooms') showBeside(roomId);
  else navigate('room', roomId);
}
