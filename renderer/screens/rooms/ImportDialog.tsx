import { Building2, FileText, Server } from 'lucide-react';
import { type ReactNode, type Ref, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextArea } from '../../design/Field.tsx';
import { Icon } from '../../design/Icon.tsx';
import { bytes } from '../../i18n/format.ts';
import { useRooms, useSite } from '../../state/hooks.ts';
import { Columns } from './Columns.tsx';
import { ExportRooms } from './ExportRooms.tsx';
import { ImportColumns } from './ImportColumns.tsx';
import css from './ImportDialog.module.css';
import { ImportPreview } from './ImportPreview.tsx';
import { ImportResult } from './ImportResult.tsx';
import { ImportTrouble } from './ImportTrouble.tsx';
import { NO_WISH, type Source } from './importing.ts';
import { type Importing, useImporting } from './useImporting.ts';

export interface ImportDialogProps {
  /** What was dropped or pasted; null = nothing yet. */
  source: Source | null;
  onClose(): void;
}

/** A list from a file, a table or Infinity: what it is, what would come of it, and what came of it. */
export function ImportDialog({ source, onClose }: ImportDialogProps) {
  const importing = useImporting(source);
  const { step, outcome, again } = importing;
  if (step === 'columns' && outcome) return <ImportColumns {...{ importing, outcome, onClose }} />;
  if (step === 'preview' && outcome) return <ImportPreview {...{ importing, outcome, onClose }} />;
  if (step === 'result' && outcome) return <ImportResult outcome={outcome} onAgain={again} onClose={onClose} />;
  return <ChooseList importing={importing} isGiven={source !== null} onClose={onClose} />;
}

interface ChooseListProps {
  importing: Importing;
  isGiven: boolean;
  onClose(): void;
}

function ChooseList({ importing, isGiven, onClose }: ChooseListProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const { source, since, take, look } = importing;
  const { rooms } = useRooms();
  const infinity = useSite()?.settings.infinity ?? null;
  const go = useRef<HTMLButtonElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const ready = source !== null && (source.from !== 'text' || source.text.trim() !== '');
  return (
    <Dialog
      open
      size="l"
      initialFocus={isGiven ? go : choose}
      onClose={onClose}
      title={t('import.title')}
      description={t('import.text')}
      onSubmit={() => ready && look(NO_WISH)}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            ref={go}
            submit
            look="primary"
            disabled={!ready}
            busy={since === null ? null : { what: t('import.working'), since }}
          >
            {t('import.look')}
          </Button>
        </>
      }
    >
      <ImportTrouble importing={importing} />
      <FileChoice
        buttonRef={choose}
        file={source?.from === 'file' ? source.file : null}
        onChoose={(file) => take({ from: 'file', file })}
      >
        {infinity && (
          <Button icon={Server} disabled={since !== null} onClick={() => look(NO_WISH, { from: 'infinity' })}>
            {t('import.fromInfinity')}
          </Button>
        )}
        <Button icon={Building2} disabled={since !== null} onClick={() => look(NO_WISH, { from: 'microsoft' })}>
          {t('import.fromMicrosoft')}
        </Button>
      </FileChoice>
      <TextArea
        mono
        rows={4}
        wrap="off"
        label={t('import.paste')}
        hint={t('import.pasteHint')}
        value={source?.from === 'text' ? source.text : ''}
        onChange={(text) => take(text === '' ? null : { from: 'text', text })}
      />
      <Columns />
      {rooms.length > 0 && <ExportRooms />}
    </Dialog>
  );
}

interface FileChoiceProps {
  file: File | null;
  buttonRef: Ref<HTMLButtonElement>;
  onChoose(file: File): void;
  children: ReactNode;
}

function FileChoice({ file, buttonRef, onChoose, children }: FileChoiceProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={css.file}>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,.tsv,text/csv,text/plain,.xlsx,.xlsm,.xls"
        aria-label={t('import.fileLabel')}
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen) onChoose(chosen);
          // The same file can be chosen again after it was corrected.
          target.value = '';
        }}
      />
      <Button ref={buttonRef} icon={FileText} onClick={() => input.current?.click()}>
        {t(file ? 'import.other' : 'import.file')}
      </Button>
      {children}
      {file ? (
        <span className={css.name} dir="auto" title={file.name}>
          <Icon icon={FileText} /> {t('import.chosen', { name: file.name, size: bytes(file.size) })}
        </span>
      ) : (
        <span className={css.soft}>{t('import.drop')}</span>
      )}
    </div>
  );
}
