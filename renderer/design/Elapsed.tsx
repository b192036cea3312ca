import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeDuration } from '../i18n/format.ts';
import { useStore } from '../state/store.ts';
import css from './Elapsed.module.css';

/** One timer for all that count, running only while something counts. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of now, anew each second; milliseconds since 1970. It stands still once the program is gone. */
export function useNow(): number {
  const lostAt = useStore((store) => store.lostAt);
  const current = useSyncExternalStore(subscribe, () => now);
  return lostAt ?? current;
}

/**
 * What is waited for, and for how long by now: `waiting for the codec, 12 s`; without `what`: `since 12 s`.
 * @param since milliseconds since 1970, or ISO 8601
 */
export function Elapsed({ what, since }: { what?: string; since: number | string }) {
  const { t } = useTranslation('common');
  const duration = wholeDuration(useNow() - new Date(since).getTime());
  return (
    <span className={css.elapsed}>
      {what === undefined ? t('since', { duration }) : t('waitingFor', { what, duration })}
    </span>
  );
}
