import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  ColumnMapping,
  ListColumn,
  ResultsSettings,
  ResultsTarget,
} from '../../../main/contract/microsoft/results.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { notify } from '../../design/toasts.ts';
import { listOf } from '../../i18n/format.ts';
import { unlocked } from '../../state/unlock.ts';
import { useForm } from '../../state/useForm.ts';
import { COLUMNS, hasLease, missingOf } from './columns.ts';
import css from './Results.module.css';

interface SetForm {
  address: string;
  list: string;
  reports: boolean;
}

/** Only what is not there; whether it is an address, the look tells. */
function faultsOf({ address, list }: SetForm): Partial<Record<keyof SetForm, 'blank'>> {
  return {
    ...(address.trim() === '' ? { address: 'blank' as const } : {}),
    ...(list.trim() === '' ? { list: 'blank' as const } : {}),
  };
}

/** Looks at a SharePoint site first; then its list is taken, or made. */
export function SetDialog({ settings, onClose }: { settings: ResultsSettings | null; onClose(): void }) {
  const { t } = useTranslation(['results', 'common']);
  const first = (): SetForm => ({
    address: settings?.site.url ?? '',
    list: settings?.list.name ?? 'OTJ migration',
    reports: settings?.reports ?? true,
  });
  const { form, problem, since, set, fault, use, submit, save } = useForm({ first, faultsOf, onClose });
  const [target, setTarget] = useState<ResultsTarget | null>(null);
  const [columns, setColumns] = useState<ColumnMapping>({});
  const error = (field: keyof SetForm) => (fault(field) ? t('set.blank') : null);
  const type = (part: Partial<SetForm>) => {
    set(part);
    setTarget(null);
  };
  const look = () =>
    use(async ({ address, list }) => {
      if (!(await unlocked())) return;
      const found = await call('results.look', { address: address.trim(), list: list.trim() });
      setTarget(found);
      setColumns({ ...found.proposed, ...(settings?.list.id === found.list?.id ? settings?.columns : {}) });
    });
  const take = () =>
    submit(async ({ address, list, reports }) => {
      const create = target?.list === null;
      const wish = { address: address.trim(), list: list.trim(), create, columns: create ? null : columns, reports };
      await call('results.set', wish);
      notify({ title: t('set.saved') });
    });
  const missing = target?.list ? missingOf(columns) : [];
  const busy = since === null ? null : { what: t(target ? 'set.saving' : 'set.looking'), since };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('set.title')}
      description={t('set.means')}
      onSubmit={target ? take : look}
      actions={
        <>
          {settings && <Button onClick={() => save(() => call('results.end', undefined))}>{t('set.end')}</Button>}
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
        value={form.address}
        mono
        onChange={(address) => type({ address })}
        example={t('set.addressExample')}
        error={error('address')}
      />
      <TextField
        label={t('set.list')}
        value={form.list}
        onChange={(list) => type({ list })}
        hint={t('set.listHint')}
        error={error('list')}
      />
      <Checkbox checked={form.reports} onChange={(reports) => set({ reports })} label={t('set.reports')} />
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
