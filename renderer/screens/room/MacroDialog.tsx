import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import { useJob, useRunningJob } from '../../state/hooks.ts';
import type { RoomDialogProps } from './dialogProps.ts';
import { TextView } from './diff/TextView.tsx';
import { type DoubtfulMacro, doubtfulMacros } from './nextAction.ts';
import { useIsOwn } from './ownJobs.ts';
import css from './Room.module.css';

/** Macros of which only a person can say whether they are One-Touch Join: reasons, text, and the decision. */
export function MacroDialog({ room, detail, deeds, changed, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const newest = useJob('compare');
  const compare = useIsOwn(newest, room.id) ? newest : null;
  const taking = useAction();
  const doubtful = doubtfulMacros(detail.problem?.words ?? '');
  const open = doubtful.filter(({ name }) => !detail.takeMacros.includes(name));
  const take = async (name: string) => {
    const names = [...new Set([...detail.takeMacros, name])];
    if (!(await taking.run(() => call('rooms.takeMacros', { roomId: room.id, names })))) return;
    changed();
    if (open.length <= 1) onClose();
  };
  return (
    <Dialog open onClose={onClose} size="l" title={t('macro.title')} description={t('macro.means')}>
      <Reading compare={compare} start={() => deeds.start('jobs.compare', { roomId: room.id })} />
      {deeds.problem && <ProblemCard problem={deeds.problem} />}
      {doubtful.map((macro) => (
        <Doubt
          key={macro.name}
          macro={macro}
          compare={compare}
          isTaken={detail.takeMacros.includes(macro.name)}
          isBusy={taking.since !== null}
          take={() => take(macro.name)}
          leave={onClose}
        />
      ))}
      {doubtful.length === 0 && <p className={css.said}>{detail.problem?.words}</p>}
      <p className={css.soft}>{t('macro.left')}</p>
    </Dialog>
  );
}

/** The texts come from the device itself, which takes a moment and can fail. */
function Reading({ compare, start }: { compare: Job | null; start(): void }) {
  const { t } = useTranslation('room');
  const running = useRunningJob();
  if (compare?.endedAt === null)
    return (
      <div className={css.tools}>
        <Elapsed what={t('busy.compare')} since={compare.startedAt} />
        <Button onClick={() => call('jobs.stop', { job: compare.id, how: 'now' })}>{t('stop.now')}</Button>
      </div>
    );
  if (compare?.problem)
    return <ProblemCard problem={compare.problem} actions={<Button onClick={start}>{t('deed.retry')}</Button>} />;
  if (compare?.result) return null;
  return (
    <div>
      <Button disabled={running !== null} onClick={start}>
        {t('macro.read')}
      </Button>
    </div>
  );
}

interface DoubtProps {
  macro: DoubtfulMacro;
  compare: Job | null;
  isTaken: boolean;
  isBusy: boolean;
  take(): void;
  leave(): void;
}

function Doubt({ macro: { name, score, reasons }, compare, isTaken, isBusy, take, leave }: DoubtProps) {
  const { t } = useTranslation('room');
  const result = compare?.result?.kind === 'compare' ? compare.result : null;
  const item = result?.items.find((one) => one.kind === 'macro' && one.name === name);
  return (
    <section className={css.section} aria-label={name}>
      <div className={css.tools}>
        <h3 dir="auto" title={name}>
          {name}
        </h3>
        <span className={css.soft}>{t('macro.points', { points: `${score}` })}</span>
      </div>
      <p className={css.soft}>{t('macro.reasons')}</p>
      <ul className={css.list}>
        {reasons.map((reason) => (
          <li key={reason} dir="auto">
            {reason}
          </li>
        ))}
      </ul>
      {item?.now != null && <TextView name={name} text={item.now} />}
      {result && item?.now == null && <p>{t('macro.gone')}</p>}
      {isTaken ? (
        <p>{t('macro.judged')}</p>
      ) : (
        <div className={css.actions}>
          <Button look="danger" disabled={isBusy} onClick={take}>
            {t('macro.take')}
          </Button>
          <Button onClick={leave}>{t('macro.leave')}</Button>
        </div>
      )}
    </section>
  );
}
