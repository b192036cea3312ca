import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { Banner } from '../../design/Toolbar.tsx';
import { count } from '../../i18n/format.ts';
import { halfWay, type LeftHalfWay, NO_FILTERS } from './arrange.ts';
import { useBlocked, useStarter, type Work } from './useWork.ts';
import { look, useView } from './viewStore.ts';

/** What was cut off, as somebody finds it after a crash: say so, show it, and carry on with it. */
export function HalfWay({ rooms }: { rooms: readonly RoomRow[] }) {
  const left = useMemo(() => {
    const ids: Record<LeftHalfWay, number[]> = { 'cut-off': [], 'half-undone': [] };
    for (const row of rooms) {
      const half = halfWay(row);
      // A room whose undo goes on at this moment is not left by anybody.
      if (half !== null && !(row.state === 'in progress' && !row.interrupted)) ids[half].push(row.id);
    }
    return ids;
  }, [rooms]);
  return (
    <>
      <CutOff ids={left['cut-off']} />
      <HalfUndone ids={left['half-undone']} />
    </>
  );
}

function CutOff({ ids }: { ids: readonly number[] }) {
  const { t } = useTranslation('rooms');
  if (ids.length === 0) return null;
  return (
    <Banner
      kind="warn"
      action={
        <Actions
          only="cut-off"
          show={t('cutOff.show')}
          go={t('cutOff.carryOn')}
          work={{ do: 'run', rooms: ids, insist: false, pilots: false }}
        />
      }
    >
      {t('cutOff.text', { count: ids.length, formatted: count(ids.length) })}
    </Banner>
  );
}

function HalfUndone({ ids }: { ids: readonly number[] }) {
  const { t } = useTranslation('rooms');
  if (ids.length === 0) return null;
  return (
    <Banner
      kind="warn"
      action={
        <Actions
          only="half-undone"
          show={t('halfUndone.show')}
          go={t('halfUndone.finish')}
          work={{ do: 'undo', rooms: ids }}
        />
      }
    >
      {t('halfUndone.text', { count: ids.length, formatted: count(ids.length) })}
    </Banner>
  );
}

function Actions({ only, show, go, work }: { only: LeftHalfWay; show: string; go: string; work: Work }) {
  const { t } = useTranslation('rooms');
  const { since, start } = useStarter();
  const blocked = useBlocked();
  const shown = useView((view) => view.filters.only === only);
  return (
    <>
      <Button
        aria-pressed={shown}
        onClick={() => look({ query: '', filters: shown ? NO_FILTERS : { ...NO_FILTERS, only } })}
      >
        {shown ? t('showAll') : show}
      </Button>
      <Button
        look={only === 'cut-off' ? 'primary' : 'plain'}
        disabled={blocked !== null}
        busy={since === null ? null : { what: t('cutOff.starting'), since }}
        onClick={() => void start(work)}
      >
        {go}
      </Button>
    </>
  );
}
