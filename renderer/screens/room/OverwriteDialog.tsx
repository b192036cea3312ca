import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import { useJob } from '../../state/hooks.ts';
import { TeamRooms } from '../results/TeamRooms.tsx';
import type { RoomDialogProps } from './dialogProps.ts';
import { DiffView } from './diff/DiffView.tsx';
import { visible } from './diff/lines.ts';
import { Reading } from './macros/Reading.tsx';
import { useIsOwn } from './ownJobs.ts';
import css from './Room.module.css';
import { macrosInTheWay } from './said.ts';

/** Macros of somebody's own that an undo would replace, beside what would stand in their place; and the question. */
export function OverwriteDialog({ room, detail, action, deeds, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const newest = useJob('compare');
  const job = useIsOwn(newest, room.id) ? newest : null;
  const starting = useAction();
  const [agreed, setAgreed] = useState<readonly TeamAgreed[]>([]);
  const cancel = useRef<HTMLButtonElement>(null);
  const names = macrosInTheWay(detail);
  const items = job?.result?.kind === 'compare' ? job.result.items : null;
  const shown = items?.filter(({ kind, name, now }) => kind === 'macro' && names.includes(name) && now !== null) ?? [];
  // Only what was seen is agreed to: these texts, and no others that come under their names meanwhile.
  const isSeen = names.length > 0 && names.every((name) => shown.some((item) => item.name === name));
  const overwrite = shown.flatMap(({ name, nowSha256 }) => (nowSha256 === null ? [] : { name, sha256: nowSha256 }));
  const replace = () =>
    starting.run(async () => {
      onClose();
      await deeds.start('jobs.undo', {
        rooms: [room.id],
        insist: false,
        oldPassword: null,
        overwrite,
        taken: [...agreed],
      });
    });
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={t('overwrite.title', { room: room.name })}
      description={t('overwrite.means')}
      initialFocus={cancel}
      actions={
        <>
          <Button ref={cancel} onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button
            look="danger"
            disabled={!isSeen || action.blocked !== null || starting.since !== null}
            onClick={replace}
          >
            {t('overwrite.do', { count: names.length })}
          </Button>
        </>
      }
    >
      <TeamRooms ids={[room.id]} rooms={[room]} agreed={agreed} onAgree={setAgreed} />
      <Reading kind="compare" job={job} start={() => deeds.start('jobs.compare', { roomId: room.id })} />
      {deeds.problem && <ProblemCard problem={deeds.problem} />}
      {items === null && (
        <ul className={css.list}>
          {names.map((name) => (
            <li key={name} dir="auto">
              {visible(name)}
            </li>
          ))}
        </ul>
      )}
      {items !== null && !isSeen && <p>{t('overwrite.gone')}</p>}
      {shown.map(({ name, now, saved }) => (
        <section key={name} className={css.section} aria-label={name}>
          <h3 dir="auto">{visible(name)}</h3>
          <DiffView
            name={name}
            before={now}
            after={saved}
            beforeTitle={t('overwrite.now')}
            afterTitle={t('overwrite.back')}
            look="split"
          />
        </section>
      ))}
    </Dialog>
  );
}
