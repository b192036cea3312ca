import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Banner } from '../../design/Toolbar.tsx';
import { count, moment } from '../../i18n/format.ts';
import { useRooms } from '../../state/hooks.ts';
import { cutOffOf } from './follow.ts';
import { startWork } from './startWork.ts';

/**
 * After a crash or an empty battery: which rooms were under way then, and how to go on.
 * @param except rooms of a job that was stopped just now; it says itself how they are taken up again
 */
export function CutOffBanner({ except }: { except: readonly number[] }) {
  const { t } = useTranslation('run');
  const { rooms } = useRooms();
  const { migrate, undo, since } = useMemo(
    () => cutOffOf(rooms.filter(({ interrupted, id }) => interrupted && !except.includes(id))),
    [rooms, except],
  );
  if (since === null) return null;
  const when = moment(since);
  return (
    <>
      {migrate.length > 0 && (
        <Banner
          kind="warn"
          action={
            <Button
              look="primary"
              onClick={() =>
                void startWork(
                  'run',
                  migrate.map(({ id }) => id),
                )
              }
            >
              {t('cutOff.carryOn')}
            </Button>
          }
        >
          {t('cutOff.run', {
            when,
            count: migrate.length,
            formatted: count(migrate.length),
          })}
        </Banner>
      )}
      {undo.length > 0 && (
        <Banner
          kind="warn"
          action={
            <Button
              onClick={() =>
                void startWork(
                  'undo',
                  undo.map(({ id }) => id),
                )
              }
            >
              {t('cutOff.finishUndo')}
            </Button>
          }
        >
          {t('cutOff.undo', {
            when,
            count: undo.length,
            formatted: count(undo.length),
          })}
        </Banner>
      )}
    </>
  );
}
