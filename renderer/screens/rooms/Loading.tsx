import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Elapsed, useNow } from '../../design/Elapsed.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { useLate } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import css from './RoomsTable.module.css';

const LONG_MS = 5_000;

/** What is waited for and since when; nothing for waits that are shorter than a blink. */
export function Loading({ what }: { what?: string }) {
  const [since] = useState(Date.now);
  const late = useLate(true);
  if (!late) return null;
  if (what !== undefined) {
    return (
      <p className={css.waiting}>
        <Elapsed what={what} since={since} />
      </p>
    );
  }
  return <ReadingRooms since={since} />;
}

function ReadingRooms({ since }: { since: number }) {
  const { t } = useTranslation('rooms');
  const long = useNow() - since > LONG_MS;
  return (
    <>
      <p className={css.waiting}>
        <Elapsed what={t('loading')} since={since} />
      </p>
      {long && (
        <EmptyState
          text={t('loadingLong')}
          action={
            <Button onClick={() => useStore.setState(({ listVersion }) => ({ listVersion: listVersion + 1 }))}>
              {t('readAgain')}
            </Button>
          }
        />
      )}
    </>
  );
}
