/** Giving devices to rooms, one or many, each with its undo. */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, problemOf } from '../../bridge/bridge.ts';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { onThisSite } from '../settings/sameSite.ts';

export interface Pair {
  roomId: number;
  deviceId: number;
  room: string;
  address: string;
  /** The device that the room has until then. */
  formerId: number | null;
}

export interface Matching {
  /** Since when something is matched, milliseconds since 1970. */
  since: number | null;
  /** How far many have come. */
  done: number;
  match(pairs: readonly Pair[]): Promise<boolean>;
  release(pair: Pair): Promise<boolean>;
  /** Ends after the one under way. */
  stop(): void;
}

/** A long name must not fill the window. */
const short = (name: string) => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

export function useMatching(): Matching {
  const { t } = useTranslation('match');
  const { since, run } = useAction();
  const [done, setDone] = useState(0);
  const stopped = useRef(false);
  const match = (pairs: readonly Pair[]) =>
    run(async () => {
      stopped.current = false;
      setDone(0);
      const { matched, failed, last } = await matchAll(pairs, () => stopped.current, setDone);
      const undo = onThisSite(() => void takeBack(matched).catch(notifyProblem));
      const [only] = matched;
      if (matched.length === 1 && only && pairs.length === 1)
        notify({ title: t('done', { room: short(only.room), address: only.address }), undo });
      else if (matched.length > 0)
        notify({
          title: t('doneMany', { count: matched.length, formatted: count(matched.length) }),
          ...(failed > 0 ? { detail: t('notAll', { count: failed, formatted: count(failed) }) } : {}),
          undo,
        });
      if (last && matched.length === 0) throw last;
    });
  const release = ({ roomId, deviceId, room }: Pair) =>
    run(async () => {
      await call('match.release', { roomId });
      notify({
        title: t('released', { room: short(room) }),
        undo: onThisSite(() => void call('match.assign', { roomId, deviceId }).catch(notifyProblem)),
      });
    });
  return {
    since,
    done,
    match,
    release,
    stop: () => {
      stopped.current = true;
    },
  };
}

async function matchAll(pairs: readonly Pair[], isStopped: () => boolean, told: (done: number) => void) {
  const matched: Pair[] = [];
  let failed = 0;
  let last: unknown = null;
  for (const pair of pairs) {
    if (isStopped()) break;
    try {
      await call('match.assign', { roomId: pair.roomId, deviceId: pair.deviceId });
      matched.push(pair);
    } catch (thrown) {
      failed++;
      last = thrown;
      // Work that has begun, or a site that was closed, refuses all that follow as well.
      if (problemOf(thrown).code !== 'MATCH_REFUSED') break;
    }
    told(matched.length + failed);
  }
  return { matched, failed, last };
}

/** In the opposite order, so that each room has again what it had. Throws CallError. */
async function takeBack(matched: readonly Pair[]): Promise<void> {
  for (const { roomId, formerId } of matched.toReversed()) {
    if (formerId === null) await call('match.release', { roomId });
    else await call('match.assign', { roomId, deviceId: formerId });
  }
}
