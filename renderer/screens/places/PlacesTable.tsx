import { useTranslation } from 'react-i18next';
import type { PlaceRecordView, PlaceTheirs } from '../../../main/contract/microsoft/places.ts';
import { Button } from '../../design/Button.tsx';
import { problemText } from '../../i18n/words.ts';
import { hashOf } from '../../state/route.ts';
import css from '../results/Results.module.css';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';

interface PlacesTableProps {
  rooms: readonly PlaceRecordView[];
  blocked: boolean;
  overwrite(roomId: number): void;
}

/** Places where somebody has set something else, or that could not be written; the others need nobody. */
export function PlacesTable({ rooms, blocked, overwrite }: PlacesTableProps) {
  const { t } = useTranslation('places');
  const lines = rooms.flatMap((room): Line[] => {
    const { theirs, problem, roomId } = room;
    if (problem) return [{ room, theirs: null, key: `${roomId}` }];
    return theirs.map((one) => ({ room, theirs: one, key: `${roomId} ${one.property} ${one.ours}` }));
  });
  if (lines.length === 0) return null;
  const columns: LongColumn<Line>[] = [
    {
      id: 'room',
      name: t('room'),
      share: 3,
      title: ({ room }) => room.room,
      cell: ({ room }) => <a href={hashOf({ screen: 'room', roomId: room.roomId })}>{room.room}</a>,
    },
    {
      id: 'what',
      name: t('what'),
      share: 2,
      cell: ({ theirs }) => t(theirs ? `property.${theirs.property}` : 'outcome.failed'),
    },
    {
      id: 'there',
      name: t('there'),
      share: 4,
      title: (line) => thereOf(line, t('none')),
      cell: (line) => <span className={css.words}>{thereOf(line, t('none'))}</span>,
    },
    {
      id: 'ours',
      name: t('ours'),
      share: 3,
      title: ({ theirs }) => theirs?.ours ?? '',
      cell: ({ theirs }) => <span className={css.words}>{theirs ? (theirs.ours ?? t('none')) : '–'}</span>,
    },
    {
      id: 'do',
      name: t('decide'),
      share: 3,
      cell: ({ room, theirs }) =>
        theirs && (
          <Button look="quiet" disabled={blocked} onClick={() => overwrite(room.roomId)}>
            {t('overwrite')}
          </Button>
        ),
    },
  ];
  return <LongTable name={t('theirs')} columns={columns} rows={lines} keyOf={({ key }) => key} />;
}

interface Line {
  room: PlaceRecordView;
  theirs: PlaceTheirs | null;
  key: string;
}

function thereOf({ room: { problem }, theirs }: Line, none: string): string {
  if (theirs) return theirs.theirs ?? none;
  return problem ? [problemText(problem).happened, problem.words].filter(Boolean).join(' ') : '';
}
