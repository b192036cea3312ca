import { useTranslation } from 'react-i18next';
import type { PlaceChange, PlaceOutcome, PlacesResult } from '../../../main/contract/microsoft/places.ts';
import { count } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { hashOf } from '../../state/route.ts';
import css from '../results/Results.module.css';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';

/** What a look has found, or what a write has done: before and after of each change. */
export function PlacesOutcome({ result }: { result: PlacesResult }) {
  const { t } = useTranslation('places');
  const { mode, differs, done, same, failed } = result;
  const numbers = { differs: count(differs), done: count(done), same: count(same), failed: count(failed) };
  const rows = result.rooms.flatMap((outcome): Line[] =>
    outcome.problem
      ? [{ outcome, change: null, key: `${outcome.roomId}` }]
      : outcome.changes.map((change) => ({
          outcome,
          change,
          key: `${outcome.roomId} ${change.property} ${change.after}`,
        })),
  );
  const columns: LongColumn<Line>[] = [
    {
      id: 'room',
      name: t('room'),
      share: 3,
      title: ({ outcome }) => outcome.room,
      cell: ({ outcome }) => <a href={hashOf({ screen: 'room', roomId: outcome.roomId })}>{outcome.room}</a>,
    },
    {
      id: 'property',
      name: t('what'),
      share: 2,
      cell: ({ outcome, change }) => (change ? t(`property.${change.property}`) : t(`outcome.${outcome.what}`)),
    },
    {
      id: 'change',
      name: t('changeOf'),
      share: 6,
      title: (line) => wordsOf(line, t('none')),
      cell: (line) => <span className={css.words}>{wordsOf(line, t('none'))}</span>,
    },
  ];
  return (
    <>
      <p role="status">{t(`done.${mode}`, numbers)}</p>
      {rows.length > 0 && (
        <LongTable name={t(`table.${mode}`)} columns={columns} rows={rows} keyOf={({ key }) => key} />
      )}
    </>
  );
}

interface Line {
  outcome: PlaceOutcome;
  change: PlaceChange | null;
  key: string;
}

function wordsOf({ outcome, change }: Line, none: string): string {
  if (change) return `${change.before ?? none} → ${change.after ?? none}`;
  const { problem } = outcome;
  return problem ? [problemText(problem).happened, problem.words].filter(Boolean).join(' ') : '';
}
