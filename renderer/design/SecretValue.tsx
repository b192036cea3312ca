import { Copy, Eye } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../main/contract/errors.ts';
import type { Input } from '../../main/contract/methods.ts';
import { call, problemOf } from '../bridge/bridge.ts';
import { wholeDuration } from '../i18n/format.ts';
import { problemText } from '../i18n/words.ts';
import { useStore } from '../state/store.ts';
import { unlocked, useUnlock } from '../state/unlock.ts';
import { IconButton } from './Button.tsx';
import { useNow } from './Elapsed.tsx';
import { HoldButton } from './HoldButton.tsx';
import css from './SecretValue.module.css';

const CLEAR_AFTER_MS = 30_000;

/**
 * A stored secret: not in the window at all until somebody holds the eye or copies it, and gone again afterwards. What
 * was copied is taken off the clipboard after 30 s.
 */
export function SecretValue({ of }: { of: Input<'secrets.reveal'> }) {
  const { t } = useTranslation('common');
  const unlock = useUnlock();
  const [shown, setShown] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [copiedAt, setCopiedAt] = useState<number | null>(null);
  const held = useRef(false);

  const fetchSecret = async (): Promise<string | null> => {
    setProblem(null);
    try {
      return (await unlock(() => call('secrets.reveal', of)))?.password ?? null;
    } catch (thrown) {
      setProblem(problemOf(thrown));
      return null;
    }
  };
  const hold = async (down: boolean) => {
    const wasHeld = held.current;
    held.current = down;
    if (!down) setShown(null);
    if (useStore.getState().site?.locked) {
      // Asked when the pointer is let go: a dialog cannot take the focus from one that is held.
      if (wasHeld && !down) await unlocked();
      return;
    }
    if (!down) return;
    const secret = await fetchSecret();
    // It may have been let go while the answer was on its way.
    if (held.current) setShown(secret);
  };
  const copy = async () => {
    const secret = await fetchSecret();
    if (secret === null) return;
    await navigator.clipboard.writeText(secret);
    setCopiedAt(Date.now());
  };
  return (
    <span className={css.line}>
      {shown === null ? (
        <span className={css.hidden}>
          <span aria-hidden="true">{'•'.repeat(10)}</span>
          <span className={css.word}>{t('secret.hidden')}</span>
        </span>
      ) : (
        <code className={css.shown}>{shown}</code>
      )}
      <HoldButton icon={Eye} label={t('secret.hold')} onHold={hold} />
      <IconButton icon={Copy} label={t('secret.copy')} onClick={copy} />
      {copiedAt !== null && <Clearing key={copiedAt} copiedAt={copiedAt} />}
      {problem && <span className={css.problem}>{problemText(problem).happened}</span>}
    </span>
  );
}

function Clearing({ copiedAt }: { copiedAt: number }) {
  const { t } = useTranslation('common');
  const left = copiedAt + CLEAR_AFTER_MS - useNow();
  const [end, setEnd] = useState<'cleared' | 'notCleared' | null>(null);
  useEffect(() => {
    let over = false;
    const clear = () => {
      if (over) return;
      over = true;
      // Refused while another window has the focus; then a person has to know.
      navigator.clipboard.writeText('').then(
        () => setEnd('cleared'),
        () => setEnd('notCleared'),
      );
    };
    const timer = setTimeout(clear, copiedAt + CLEAR_AFTER_MS - Date.now());
    return () => {
      clearTimeout(timer);
      // The screen is left: better at once than never.
      clear();
    };
  }, [copiedAt]);
  if (end) return <span className={css.note}>{t(`secret.${end}`)}</span>;
  return <span className={css.note}>{t('secret.clears', { duration: wholeDuration(left) })}</span>;
}
