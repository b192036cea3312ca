import { ExternalLink, FileText } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LACKS_NODE } from '../../../main/contract/bulk.ts';
import type { Problem } from '../../../main/contract/errors.ts';
import type { BulkRead, BulkWritten } from '../../../main/contract/infinity.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { useSite } from '../../state/hooks.ts';
import { base64Of } from '../rooms/importing.ts';
import css from './Infinity.module.css';

/** More lines than these are not read by anybody. */
const MOST_LINES = 20;

/** For customers who give no access to the API: files out, an export back in. */
export function BulkDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(['infinity', 'common']);
  const isSet = useSite()?.settings.infinity != null;
  const [name, setName] = useState('');
  const group: Group = isSet ? null : name.trim();
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('bulk.title')}
      description={t('bulk.means')}
      actions={<Button onClick={onClose}>{t('common:close')}</Button>}
    >
      {!isSet && <TextField label={t('bulk.group')} value={name} onChange={setName} hint={t('bulk.groupHint')} />}
      <WriteFiles group={group} />
      <ReadBack group={group} />
    </Dialog>
  );
}

/** Name of the OTJ endpoint group where none is set, perhaps not given yet; null = that of the site. */
type Group = string | null;

function WriteFiles({ group }: { group: Group }) {
  const { t } = useTranslation('infinity');
  const [passwords, setPasswords] = useState(false);
  const [written, setWritten] = useState<BulkWritten | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const working = useAction();
  const write = () => {
    setProblem(null);
    setWritten(null);
    void working.run(
      async () => setWritten(await call('infinity.export', { folder: null, group, passwords })),
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <section className={css.part} aria-label={t('bulk.write')}>
      <h3 className={css.heading}>{t('bulk.write')}</h3>
      <p>{t('bulk.assumed')}</p>
      <Checkbox
        checked={passwords}
        onChange={setPasswords}
        label={t('bulk.passwords')}
        hint={t('bulk.passwordsHint')}
      />
      <div>
        <Button
          look={passwords ? 'danger' : 'primary'}
          icon={FileText}
          disabled={group === ''}
          busy={working.since === null ? null : { what: t('bulk.working'), since: working.since }}
          onClick={write}
        >
          {t(passwords ? 'bulk.doPasswords' : 'bulk.do')}
        </Button>
      </div>
      {problem && <ProblemCard problem={problem} />}
      {written && (
        <>
          <p role="status">{t('bulk.written', { count: written.rooms, formatted: count(written.rooms) })}</p>
          <p className={css.evidence} dir="auto">
            {written.csv}
          </p>
          <p className={css.evidence} dir="auto">
            {written.sheet}
          </p>
          <div>
            <Button
              icon={ExternalLink}
              onClick={() => void call('files.open', { path: written.sheet }).catch(notifyProblem)}
            >
              {t('bulk.openSheet')}
            </Button>
          </div>
          {written.left.length > 0 && (
            <>
              <p>{t('bulk.left', { count: written.left.length, formatted: count(written.left.length) })}</p>
              <ul className={css.plainList}>
                {written.left.slice(0, MOST_LINES).map(({ room, problem: why }) => (
                  <li key={room} dir="auto">
                    <b>{room}</b> {problemText(why).happened} <code>{why.words}</code>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}

function ReadBack({ group }: { group: Group }) {
  const { t } = useTranslation('infinity');
  const [nodes, setNodes] = useState('');
  const [read, setRead] = useState<BulkRead | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const working = useAction();
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File) => {
    setProblem(null);
    setRead(null);
    const names = nodes.split(/[\s,;]+/).filter((name) => name !== '');
    void working.run(
      async () => setRead(await call('infinity.import', { base64: await base64Of(file), group, nodes: names })),
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <section className={css.part} aria-label={t('bulk.read')}>
      <h3 className={css.heading}>{t('bulk.read')}</h3>
      <TextField label={t('bulk.nodes')} optional mono value={nodes} onChange={setNodes} hint={t('bulk.nodesHint')} />
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,text/csv"
        aria-label={t('bulk.file')}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) take(file);
          target.value = '';
        }}
      />
      <div>
        <Button
          icon={FileText}
          disabled={group === ''}
          busy={working.since === null ? null : { what: t('bulk.reading'), since: working.since }}
          onClick={() => input.current?.click()}
        >
          {t('bulk.choose')}
        </Button>
      </div>
      {problem && <ProblemCard problem={problem} />}
      {read && (
        <>
          <p role="status">
            {t('bulk.result', {
              done: count(read.done.length),
              differs: count(read.differs.length),
              missing: count(read.missing.length),
              others: count(read.others),
            })}
          </p>
          {read.differs.length > 0 && (
            <>
              <p>{t('bulk.differ')}</p>
              <ul className={css.plainList}>
                {read.differs.slice(0, MOST_LINES).map(({ room, fields }) => (
                  <li key={room} dir="auto">
                    <b>{room}</b>{' '}
                    {fields
                      .map((one) =>
                        one.field === LACKS_NODE
                          ? t('bulk.lacksNode')
                          : t('bulk.difference', { ...one, found: one.found || '–' }),
                      )
                      .join('; ')}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
