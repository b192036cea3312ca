import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JudgedMacro } from '../../../../main/contract/rooms.ts';
import { Button } from '../../../design/Button.tsx';
import { Dialog } from '../../../design/Dialog.tsx';
import { ProblemCard } from '../../../design/ProblemCard.tsx';
import { useAction } from '../../../design/useAction.ts';
import { useJob } from '../../../state/hooks.ts';
import { judged } from '../decisions.ts';
import type { RoomDialogProps } from '../dialogProps.ts';
import { useIsOwn } from '../ownJobs.ts';
import room from '../Room.module.css';
import { deedWord } from '../words.ts';
import { MacroList } from './MacroList.tsx';
import css from './Macros.module.css';
import { MacroView } from './MacroView.tsx';
import { Reading } from './Reading.tsx';
import { inOrder, nextOpen, type Ruling, rulingOf } from './rulings.ts';

/** All macros of a codec, what was judged of each, and the decision where only a person can tell. */
export function MacroDialog({ room: row, detail, action, deeds, changed, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const newest = useJob('macros');
  const job = useIsOwn(newest, row.id) ? newest : null;
  const macros = job?.result?.kind === 'macros' ? inOrder(job.result.macros) : null;
  const [chosen, setChosen] = useState<string | null>(null);
  const deciding = useAction();
  const ruling = (macro: JudgedMacro): Ruling => rulingOf(macro, detail);
  const shown = macros?.find(({ name }) => name === chosen) ?? (macros && nextOpen(macros, detail)) ?? macros?.[0];
  const decide = (name: string, as: 'take' | 'leave' | null) =>
    deciding.run(async () => {
      const wish = judged(detail, name, as);
      if (!(await deeds.decide(wish))) return;
      changed();
      const next = as !== null && macros ? nextOpen(macros, { ...detail, ...wish }) : null;
      setChosen(next?.name ?? name);
    });
  const isOver = row.code === 'MACRO_UNCERTAIN' && macros !== null && nextOpen(macros, detail) === null;
  const again = isOver && action.primary?.do !== 'macro' ? action.primary : null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="xl"
      title={t('macro.title', { room: row.name })}
      description={t('macro.means')}
      actions={
        <>
          {again === null && <Button onClick={onClose}>{common('close')}</Button>}
          {again !== null && (
            <>
              <Button onClick={onClose}>{common('close')}</Button>
              <Button
                look="primary"
                disabled={action.blocked !== null}
                onClick={() => {
                  onClose();
                  deeds.perform(again);
                }}
              >
                {deedWord(again, row)}
              </Button>
            </>
          )}
        </>
      }
    >
      <Reading kind="macros" job={job} start={() => deeds.start('jobs.macros', { roomId: row.id })} />
      {deeds.problem && <ProblemCard problem={deeds.problem} />}
      {macros?.length === 0 && <p>{t('macro.none')}</p>}
      {macros && shown && (
        <div className={css.around}>
          <div className={css.parts}>
            <MacroList macros={macros} chosen={shown.name} ruling={ruling} choose={setChosen} />
            <MacroView
              key={shown.name}
              macro={shown}
              ruling={ruling(shown)}
              isBusy={deciding.since !== null}
              decide={(as) => decide(shown.name, as)}
            />
          </div>
        </div>
      )}
      {macros === null && job === null && row.code === 'MACRO_UNCERTAIN' && (
        <p className={room.said} dir="auto">
          {detail.problem?.words}
        </p>
      )}
    </Dialog>
  );
}
