import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome } from '../../../main/contract/lists.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { count } from '../../i18n/format.ts';
import css from './ImportDialog.module.css';
import { ImportFigures, ImportProblems } from './ImportProblems.tsx';
import { ImportTrouble } from './ImportTrouble.tsx';
import type { Importing } from './useImporting.ts';

/** More lines than anybody reads on a screen. */
const MOST_SHOWN = 200;

export interface ImportPreviewProps {
  importing: Importing;
  outcome: ImportOutcome;
  onClose(): void;
}

/** What an import would do, room by room, before anything is written. */
export function ImportPreview({ importing, outcome, onClose }: ImportPreviewProps) {
  const { t } = useTranslation('rooms');
  const { since, again, chooseColumns, write } = importing;
  const go = useRef<HTMLButtonElement>(null);
  const back = useRef<HTMLButtonElement>(null);
  const { looked, added, changed, same, devices, problems, rooms } = outcome;
  const some = added + changed + same + devices.added + devices.changed + devices.same > 0;
  const kind = t(`import.kind.${looked.kind}`);
  return (
    <Dialog
      open
      size="xl"
      initialFocus={some ? go : back}
      onClose={onClose}
      title={t('import.preview.title')}
      description={t('import.preview.text')}
      onSubmit={() => some && write()}
      actions={
        <>
          <Button ref={back} onClick={again}>
            {t('import.preview.back')}
          </Button>
          {looked.headings.length > 0 && <Button onClick={chooseColumns}>{t('import.map.choose')}</Button>}
          <Button
            ref={go}
            submit
            look="primary"
            disabled={!some}
            busy={since === null ? null : { what: t('import.working'), since }}
          >
            {t('import.go')}
          </Button>
        </>
      }
    >
      <ImportTrouble importing={importing} />
      <p>
        <strong>{looked.sheet === '' ? kind : `${kind}, ${looked.sheet}`}</strong>{' '}
        <span className={css.soft}>{t(`import.preview.how.${looked.how}`)}</span>
      </p>
      <ImportFigures outcome={outcome} withMissing />
      {problems.length > 0 && <ImportProblems problems={problems} text={t('import.wrongOnes')} />}
      {rooms.length > 0 && <Changes rooms={rooms} />}
      {some && rooms.length === 0 && devices.added + devices.changed === 0 && <p>{t('import.preview.nothing')}</p>}
    </Dialog>
  );
}

function Changes({ rooms }: Pick<ImportOutcome, 'rooms'>) {
  const { t } = useTranslation('rooms');
  const more = rooms.length - MOST_SHOWN;
  return (
    <>
      <table className={css.problems} aria-label={t('import.preview.list')}>
        <thead>
          <tr>
            <th scope="col">{t('import.preview.room')}</th>
            <th scope="col">{t('import.map.columns.mailbox')}</th>
            <th scope="col">{t('import.preview.change')}</th>
          </tr>
        </thead>
        <tbody>
          {rooms.slice(0, MOST_SHOWN).map((room) => (
            <tr key={room.mailbox}>
              <td dir="auto">{room.name}</td>
              <td dir="auto">{room.mailbox}</td>
              <td dir="auto">
                {room.what === 'changed' ? <Change room={room} /> : t(`import.preview.what.${room.what}`)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{t('import.preview.more', { count: more, formatted: count(more) })}</p>}
    </>
  );
}

function Change({ room }: { room: ImportOutcome['rooms'][number] }) {
  const { t } = useTranslation('rooms');
  return room.changes.map(({ what, before, after }) => (
    <div key={what}>
      {t('import.preview.from', {
        what: t(`import.map.columns.${what}`),
        before: before || t('import.preview.empty'),
        after,
      })}
    </div>
  ));
}
