import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Team, TeamRoom } from '../../../main/contract/microsoft/results.ts';
import { count, moment } from '../../i18n/format.ts';
import { hashOf } from '../../state/route.ts';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';
import css from './Results.module.css';
import { stateText } from './stateText.ts';

/** What the others have in work and have finished, what is in work first. */
export function TeamTable({ team }: { team: Team }) {
  const { t } = useTranslation('results');
  const rows = useMemo(() => {
    const told = team.rooms.filter(({ technician, lease, double }) => technician !== '' || lease !== null || double);
    return told.toSorted((a, b) => rank(a) - rank(b) || a.room.localeCompare(b.room));
  }, [team]);
  const columns = useMemo(
    (): LongColumn<TeamRoom>[] => [
      {
        id: 'room',
        name: t('team.room'),
        share: 3,
        title: (row) => roomText(row, t),
        cell: ({ roomId, ...row }) =>
          roomId === null ? (
            <bdi>{roomText(row, t)}</bdi>
          ) : (
            <a href={hashOf({ screen: 'room', roomId })}>{roomText(row, t)}</a>
          ),
      },
      { id: 'state', name: t('team.state'), share: 2, cell: ({ state }) => stateText(state) },
      {
        id: 'technician',
        name: t('team.technician'),
        share: 2,
        title: ({ technician }) => technician,
        cell: ({ technician }) => <bdi>{technician}</bdi>,
      },
      { id: 'work', name: t('team.work'), share: 4, title: (row) => workText(row, t), cell: (row) => workText(row, t) },
    ],
    [t],
  );
  if (team.at === null) return null;
  return (
    <>
      <p className={css.soft}>{t('team.title', { moment: moment(team.at) })}</p>
      {team.doubles.map(({ room, items }) => (
        <p key={items.join(' ')}>{t('team.double', { room, count: items.length, formatted: count(items.length) })}</p>
      ))}
      {rows.length === 0 ? (
        <p>{t('team.none')}</p>
      ) : (
        <LongTable
          name={t('team.name')}
          columns={columns}
          rows={rows}
          keyOf={({ item, roomId, mailbox, room }) => `${item} ${roomId ?? ''} ${mailbox} ${room}`}
        />
      )}
    </>
  );
}

function rank({ lease }: TeamRoom): number {
  return lease ? (lease.live ? 0 : 1) : 2;
}

function roomText({ room, double, item }: Pick<TeamRoom, 'room' | 'double' | 'item'>, t: TFunction<'results'>): string {
  return double ? t('team.item', { room, item: item || '?' }) : room;
}

function workText({ lease }: TeamRoom, t: TFunction<'results'>): string {
  if (!lease) return '';
  const name = lease.own ? t('team.you') : lease.holder;
  const who = lease.laptop ? t('team.on', { who: name, laptop: lease.laptop }) : name;
  return lease.live ? t('team.until', { who, moment: moment(lease.until) }) : t('team.ranOut', { who });
}
