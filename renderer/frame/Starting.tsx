import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Elapsed } from '../design/Elapsed.tsx';
import { useLate } from '../state/hooks.ts';
import css from './Starting.module.css';

/** Before the program has answered for the first time: nothing for a moment, then what is waited for. */
export function Starting({ lost }: { lost: boolean }) {
  const { t } = useTranslation('frame');
  const [since] = useState(() => Date.now());
  const late = useLate(true);
  return (
    <main className={css.starting}>
      <h1>{t('app')}</h1>
      {lost ? <p role="alert">{t('lostStarting')}</p> : late && <Elapsed what={t('starting')} since={since} />}
    </main>
  );
}
