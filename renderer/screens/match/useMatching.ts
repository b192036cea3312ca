/** Giving devices to rooms, one or many, each deed with its undo. */
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import { call } from '../../bridge/bridge.ts';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { onThisSite } from '../settings/sameSite.ts';

export interface Pair {
  roomId: number;
  deviceId: number;
  room: string;
  address: string;
}

export interface Matching {
  /** Since when something is matched, milliseconds since 1970. */
  since: number | null;
  match(pair: Pair): Promise<boolean>;
  /** All proposals from this likeness on that have no equal. */
  accept(score: number): Promise<boolean>;
  release(pair: Pair): Promise<boolean>;
  /** Takes the last deed back, whenever it was done. */
  undoLast(): Promise<boolean>;
}

type Matched = Output<'match.undo'>;

/** A long name must not fill the window. */
const short = (name: string) => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

export function useMatching(): Matching {
  const { t } = useTranslation('match');
  const { since, run } = useAction();
  const many = (key: 'doneMany' | 'undone', { matched, refused }: Matched) => ({
    title: t(key, { count: matched, formatted: count(matched) }),
    ...(refused.length > 0 ? { detail: t('kept', { count: refused.length, formatted: count(refused.length) }) } : {}),
  });
  const undo = async (batch: number | null) => notify(many('undone', await call('match.undo', { batch })));
  const undoOf = ({ batch }: Matched) => onThisSite(() => void undo(batch).catch(notifyProblem));
  return {
    since,
    match: ({ roomId, deviceId, room, address }) =>
      run(async () => {
        const matched = await call('match.assign', { roomId, deviceId });
        notify({ title: t('done', { room: short(room), address }), undo: undoOf(matched) });
      }),
    accept: (score) =>
      run(async () => {
        const matched = await call('match.accept', { score });
        notify({ ...many('doneMany', matched), ...(matched.batch === null ? {} : { undo: undoOf(matched) }) });
      }),
    release: ({ roomId, room }) =>
      run(async () => {
        const matched = await call('match.release', { roomId });
        notify({ title: t('released', { room: short(room) }), undo: undoOf(matched) });
      }),
    undoLast: () => run(() => undo(null)),
  };
}
