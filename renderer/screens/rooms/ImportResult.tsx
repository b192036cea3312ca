import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome } from '../../../main/contract/lists.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ImportFigures, ImportProblems } from './ImportProblems.tsx';

/** So many problems are seen without the whole window. */
const FEW = 8;

export interface ImportResultProps {
  outcome: ImportOutcome;
  onAgain(): void;
  onClose(): void;
}

/** How much came of a list, and each cell that was not as expected, with what to write there. */
export function ImportResult({ outcome, onAgain, onClose }: ImportResultProps) {
  const { t } = useTranslation('rooms');
  const done = useRef<HTMLButtonElement>(null);
  const { added, changed, same, devices, problems } = outcome;
  return (
    <Dialog
      open
      initialFocus={done}
      size={sizeFor(problems.length)}
      onClose={onClose}
      title={t('import.result')}
      onSubmit={onClose}
      actions={
        <>
          <Button onClick={onAgain}>{t('import.again')}</Button>
          <Button ref={done} submit look="primary">
            {t('import.done')}
          </Button>
        </>
      }
    >
      {added + changed + same + devices.added + devices.changed + devices.same === 0 && (
        <p role="status">{t('import.none')}</p>
      )}
      <ImportFigures outcome={outcome} />
      {problems.length === 0 ? (
        <p>{t('import.good')}</p>
      ) : (
        <ImportProblems problems={problems} text={t('import.problems')} />
      )}
    </Dialog>
  );
}

function sizeFor(problems: number): 'm' | 'l' | 'xl' {
  if (problems === 0) return 'm';
  return problems > FEW ? 'xl' : 'l';
}
