import { FileText } from 'lucide-react';
import { type Ref, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { CallError, call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextArea } from '../../design/Field.tsx';
import { Icon } from '../../design/Icon.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import { bytes } from '../../i18n/format.ts';
import { Columns } from './Columns.tsx';
import css from './ImportDialog.module.css';
import { ImportResult } from './ImportResult.tsx';
import { inputOf, isWorkbook, type ImportResult as Result, type Source } from './importing.ts';
import { showAll } from './viewStore.ts';

export interface ImportDialogProps {
  /** What was dropped or pasted; null = nothing yet. */
  source: Source | null;
  onClose(): void;
}

/** A room list from a file or a table, and what came of it. */
export function ImportDialog({ source: given, onClose }: ImportDialogProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const [source, setSource] = useState<Source | null>(given);
  const [result, setResult] = useState<Result | null>(null);
  const [trouble, setTrouble] = useState<Problem | 'unreadable' | null>(null);
  const { since, run } = useAction();
  const go = useRef<HTMLButtonElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const take = (next: Source | null) => {
    setSource(next);
    setTrouble(null);
    setResult(null);
  };
  // A file that is dropped while the dialog is open takes the place of the former one.
  useEffect(() => {
    if (!given) return;
    setSource(given);
    setTrouble(null);
    setResult(null);
  }, [given]);
  if (result) return <ImportResult result={result} onAgain={() => take(null)} onClose={onClose} />;

  const workbook = source?.from === 'file' && isWorkbook(source.file.name);
  const ready = source !== null && !workbook && (source.from === 'file' || source.text.trim() !== '');
  const send = () => {
    if (!ready) return;
    setTrouble(null);
    void run(
      async () => {
        const came = await call('rooms.import', await inputOf(source));
        // Whoever has just added rooms wants to see them, whatever was filtered before.
        if (came.added > 0) showAll();
        setResult(came);
      },
      (thrown) => setTrouble(thrown instanceof CallError ? problemOf(thrown) : 'unreadable'),
    );
  };
  return (
    <Dialog
      open
      size="l"
      initialFocus={given ? go : choose}
      onClose={onClose}
      title={t('import.title')}
      description={t('import.text')}
      onSubmit={send}
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
            {t('import.go')}
          </Button>
        </>
      }
    >
      {trouble === 'unreadable' && source?.from === 'file' && (
        <p role="alert" className={css.wrong}>
          {t('import.unreadable', { name: source.file.name })}
        </p>
      )}
      {trouble !== null && trouble !== 'unreadable' && <ProblemCard problem={trouble} />}
      <FileChoice
        buttonRef={choose}
        file={source?.from === 'file' ? source.file : null}
        onChoose={(file) => take({ from: 'file', file })}
      />
      {workbook && (
        <p role="alert" className={css.wrong}>
          {t('import.workbook', { name: source.file.name })} {t('import.workbookTodo')}
        </p>
      )}
      <TextArea
        mono
        rows={5}
        wrap="off"
        label={t('import.paste')}
        hint={t('import.pasteHint')}
        value={source?.from === 'text' ? source.text : ''}
        onChange={(text) => take(text === '' ? null : { from: 'text', text })}
      />
      <Columns />
    </Dialog>
  );
}

interface FileChoiceProps {
  file: File | null;
  buttonRef: Ref<HTMLButtonElement>;
  onChoose(file: File): void;
}

function FileChoice({ file, buttonRef, onChoose }: FileChoiceProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={css.file}>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,.tsv,text/csv,text/plain,.xlsx,.xls"
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
