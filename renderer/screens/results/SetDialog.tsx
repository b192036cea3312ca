import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type {
  ColumnMapping,
  ListColumn,
  ResultsSettings,
  ResultsTarget,
} from '../../../main/contract/microsoft/results.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { listOf } from '../../i18n/format.ts';
import { unlocked } from '../../state/unlock.ts';
import { COLUMNS, hasLease, missingOf } from './columns.ts';
import css from './Results.module.css';

/** Looks at a SharePoint site first; then its list is taken, or made. */
export function SetDialog({ settings, onClose }: { settings: ResultsSettings | null; onClose(): void }) {
  const { t } = useTranslation(['results', 'common']);
  const [address, setAddress] = useState(settings?.site.url ?? '');
  const [list, setList] = useState(settings?.list.name ?? 'OTJ migration');
  const [reports, setReports] = useState(settings?.reports ?? true);
  const [target, setTarget] = useState<ResultsTarget | null>(null);
  const [columns, setColumns] = useState<ColumnMapping>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const working = useAction();
  const failed = (thrown: unknown) => setProblem(problemOf(thrown));
  const typed = { address: address.trim(), list: list.trim() };
  const look = async () => {
    setProblem(null);
    if (typed.address === '' || typed.list === '' || !(await unlocked())) return;
    await working.run(async () => {
      const found = await call('results.look', typed);
      setTarget(found);
      setColumns({ ...found.proposed, ...(settings?.list.id === found.list?.id ? settings?.columns : {}) });
    }, failed);
  };
  const save = () => {
    setProblem(null);
    void working.run(async () => {
      const create = target?.list === null;
      await call('results.set', { ...typed, create, columns: create ? null : columns, reports });
      notify({ title: t('set.saved') });
      onClose();
    }, failed);
  };
  const end = () => {
    void working.run(async () => {
      await call('results.end', undefined);
      onClose();
    }, failed);
  };
  const missing = target?.list ? missingOf(columns) : [];
  const busy = working.since === null ? null : { what: t(target ? 'set.saving' : 'set.looking'), since: working.since };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('set.title')}
      description={t('set.means')}
      onSubmit={target ? save : () => void look()}
      actions={
        <>
          {settings && <Button onClick={end}>{t('set.end')}</Button>}
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit busy={busy} disabled={missing.length > 0}>
            {t(target === null ? 'set.look' : target.list ? 'set.save' : 'set.create')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <TextField
        label={t('set.address')}
        value={address}
        mono
        onChange={(value) => {
          setAddress(value);
          setTarget(null);
        }}
        example={t('set.addressExample')}
      />
      <TextField
        label={t('set.list')}
        value={list}
        onChange={(value) => {
          setList(value);
          setTarget(null);
        }}
        hint={t('set.listHint')}
      />
      <Checkbox checked={reports} onChange={setReports} label={t('set.reports')} />
      {target && (
        <>
          <p role="status">{t(target.list ? 'set.there' : 'set.absent', { site: target.site.name.slice(0, 100) })}</p>
          {target.list && <Mapping columns={target.columns} mapping={columns} onChange={setColumns} />}
          {missing.length > 0 && (
            <p className={css.failed}>
              {t('set.needed', { columns: listOf(missing.map((column) => t(`column.${column}`))) })}
            </p>
          )}
          {target.columns.find(({ name }) => name === columns.jobKey)?.unique === false && (
            <p className={css.failed}>{t('set.notUnique')}</p>
          )}
          {target.list && !hasLease(columns) && <p className={css.soft}>{t('set.noLease')}</p>}
        </>
      )}
    </Dialog>
  );
}

interface MappingProps {
  columns: readonly ListColumn[];
  mapping: ColumnMapping;
  onChange(mapping: ColumnMapping): void;
}

/** No column of the list; no internal name begins so. */
const NOWHERE = ' ';

function Mapping({ columns, mapping, onChange }: MappingProps) {
  const { t } = useTranslation('results');
  const choices = [
    { value: NOWHERE, label: t('set.none') },
    ...columns.map(({ name, displayName }) => ({ value: name, label: displayName.slice(0, 100) })),
  ];
  return (
    <fieldset className={css.mapping}>
      <legend>{t('set.columns')}</legend>
      {COLUMNS.map((column) => (
        <Select
          key={column}
          label={t(`column.${column}`)}
          value={mapping[column] ?? NOWHERE}
          choices={choices}
          onChange={(name) => {
            const rest = Object.fromEntries(Object.entries(mapping).filter(([key]) => key !== column));
            onChange(name === NOWHERE ? rest : { ...rest, [column]: name });
          }}
        />
      ))}
    </fieldset>
  );
}
