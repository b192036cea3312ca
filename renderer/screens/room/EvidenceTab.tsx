import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupItemView, Compared, RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { DataList } from '../../design/DataList.tsx';
import { Select } from '../../design/Select.tsx';
import { bytes, count, moment } from '../../i18n/format.ts';
import { useJob, useRunningJob } from '../../state/hooks.ts';
import { useUnlock } from '../../state/unlock.ts';
import { BackupDialog } from './BackupDialog.tsx';
import { type DiffLook, DiffView } from './diff/DiffView.tsx';
import { useIsOwn } from './ownJobs.ts';
import css from './Room.module.css';
import { Title } from './Title.tsx';
import type { Deeds } from './useDeeds.ts';
import { shortHash } from './words.ts';

export interface EvidenceTabProps {
  room: RoomRow;
  detail: RoomDetail | null;
  deeds: Deeds;
}

/** What was saved before the first change, and what is on the device now. */
export function EvidenceTab({ room, detail, deeds }: EvidenceTabProps) {
  const { t } = useTranslation('room');
  const unlock = useUnlock();
  const [viewed, setViewed] = useState<BackupItemView | null>(null);
  if (!detail) return null;
  const { backup, infinity } = detail;
  return (
    <>
      <section className={css.section}>
        <Title>{t('evidence.backup')}</Title>
        {backup.length === 0 ? (
          <p className={css.soft}>{t('evidence.none')}</p>
        ) : (
          <Backup items={backup} view={(item) => unlock(() => setViewed(item))} />
        )}
      </section>
      <Comparison room={room} deeds={deeds} />
      {infinity && (
        <section className={css.section}>
          <Title>{t('evidence.infinity')}</Title>
          <DataList
            items={[
              { term: t('evidence.entry'), value: infinity.entryId },
              { term: t('evidence.server'), value: infinity.server },
              { term: t('evidence.contact'), value: infinity.lastContact && moment(infinity.lastContact) },
              { term: t('evidence.node'), value: infinity.node },
              { term: t('evidence.meetings'), value: infinity.meetings === null ? null : count(infinity.meetings) },
            ]}
          />
        </section>
      )}
      {viewed && <BackupDialog roomId={room.id} item={viewed} onClose={() => setViewed(null)} />}
    </>
  );
}

function Backup({ items, view }: { items: readonly BackupItemView[]; view(item: BackupItemView): void }) {
  const { t } = useTranslation('room');
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t('evidence.name')}</th>
          <th scope="col" className={css.narrow}>
            {t('evidence.size')}
          </th>
          <th scope="col" className={css.narrow}>
            {t('evidence.hash')}
          </th>
          <th scope="col" className={css.narrow}>
            {t('evidence.saved')}
          </th>
          <th scope="col" className={css.narrow}>
            {t('evidence.viewShort')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          const { kind, name } = item;
          const about = t('evidence.item', { kind, name });
          return (
            <tr key={`${kind} ${name} ${item.sha256} ${item.savedAt}`}>
              <td dir="auto" title={about}>
                {about}
                {!item.open && <span className={css.soft}> {t('evidence.closed')}</span>}
              </td>
              <td>{bytes(item.bytes)}</td>
              <td className={css.mono} title={item.sha256}>
                {shortHash(item.sha256)}
              </td>
              <td title={moment(item.savedAt)}>{moment(item.savedAt)}</td>
              <td>
                <Button look="quiet" aria-label={t('evidence.view', { kind, name })} onClick={() => view(item)}>
                  {t('evidence.viewShort')}
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Comparison({ room, deeds }: { room: RoomRow; deeds: Deeds }) {
  const { t } = useTranslation('room');
  const job = useJob('compare');
  const isOwn = useIsOwn(job, room.id);
  const isBusy = useRunningJob() !== null;
  const [look, setLook] = useState<DiffLook>('unified');
  const result = isOwn && job?.result?.kind === 'compare' ? job.result : null;
  return (
    <section className={css.section}>
      <div className={css.tools}>
        <Button
          disabled={isBusy || room.address === null}
          onClick={() => deeds.start('jobs.compare', { roomId: room.id })}
        >
          {t('evidence.compare')}
        </Button>
        {result && (
          <Select<DiffLook>
            compact
            label={t('evidence.look')}
            value={look}
            onChange={setLook}
            choices={[
              { value: 'unified', label: t('evidence.unified') },
              { value: 'split', label: t('evidence.split') },
            ]}
          />
        )}
      </div>
      <p className={css.soft}>
        {result && job?.endedAt ? t('evidence.compared', { moment: moment(job.endedAt) }) : t('evidence.means')}
      </p>
      {result && <Things items={result.items} look={look} />}
    </section>
  );
}

/** What differs first and open to be read; what is the same is only counted. */
function Things({ items, look }: { items: readonly Compared[]; look: DiffLook }) {
  const { t } = useTranslation('room');
  const differing = items.filter(({ saved, now }) => saved !== now);
  const same = items.length - differing.length;
  if (items.length === 0) return <p>{t('evidence.nothing')}</p>;
  return (
    <>
      {items.every(({ saved }) => saved === null) && <p>{t('evidence.noBackup')}</p>}
      {differing.map((item) => (
        <Thing key={`${item.kind} ${item.name}`} item={item} look={look} />
      ))}
      {same > 0 && <p>{t('evidence.same', { count: same, formatted: count(same) })}</p>}
    </>
  );
}

function Thing({ item: { kind, name, saved, now }, look }: { item: Compared; look: DiffLook }) {
  const { t } = useTranslation('room');
  const [open, setOpen] = useState(false);
  const about = t('evidence.item', { kind, name });
  const verdict = saved === null ? 'onlyNow' : now === null ? 'onlySaved' : 'changed';
  return (
    <details className={css.compared} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={css.comparedName} dir="auto" title={about}>
          {about}
        </span>
        <span className={css.soft}>{t(`evidence.${verdict}`)}</span>
      </summary>
      {open && (
        <div className={css.comparedBody}>
          <DiffView
            name={about}
            before={saved}
            after={now}
            beforeTitle={t('evidence.savedTitle')}
            afterTitle={t('evidence.nowTitle')}
            look={look}
          />
        </div>
      )}
    </details>
  );
}
