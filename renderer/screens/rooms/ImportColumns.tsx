import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, ImportOutcome, ListKind } from '../../../main/contract/lists.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Select } from '../../design/Select.tsx';
import css from './ImportDialog.module.css';
import { ImportTrouble } from './ImportTrouble.tsx';
import { ALL_COLUMNS, type ColumnMap, isEnough, KINDS, NO_WISH } from './importing.ts';
import type { Importing } from './useImporting.ts';

const NONE = 'none';

export interface ImportColumnsProps {
  importing: Importing;
  outcome: ImportOutcome;
  onClose(): void;
}

/** One screen of choices: which column of the list is which, with what stands in it. */
export function ImportColumns({ importing, outcome: { looked }, onClose }: ImportColumnsProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const { since, look, again } = importing;
  const [map, setMap] = useState<ColumnMap>(looked.map);
  const fits = isEnough(map);
  const wish = { ...NO_WISH, sheet: looked.sheet === '' ? null : looked.sheet };
  return (
    <Dialog
      open
      size="xl"
      onClose={onClose}
      title={t('import.map.title')}
      description={t('import.map.text')}
      onSubmit={() => fits && look({ ...wish, kind: 'table', map })}
      actions={
        <>
          <Button onClick={again}>{t('import.preview.back')}</Button>
          <Button
            submit
            look="primary"
            disabled={!fits}
            busy={since === null ? null : { what: t('import.working'), since }}
          >
            {t('import.look')}
          </Button>
        </>
      }
    >
      <ImportTrouble importing={importing} />
      <div className={css.choices}>
        <Select<ListKind>
          label={t('import.kind.label')}
          value="table"
          choices={KINDS.map((kind) => ({ value: kind, label: t(`import.kind.${kind}`) }))}
          onChange={(kind) => kind !== 'table' && look({ ...wish, kind })}
        />
        {looked.sheets.length > 1 && (
          <Select<string>
            label={t('import.sheet.label')}
            value={looked.sheet}
            choices={looked.sheets.map(({ name, hidden }) => ({
              value: name,
              label: hidden ? t('import.sheet.hidden', { name }) : name,
            }))}
            onChange={(sheet) => look({ ...NO_WISH, sheet })}
          />
        )}
      </div>
      {!fits && (
        <p role="status" className={css.wrong}>
          {t('import.map.lacking')}
        </p>
      )}
      <table className={css.map}>
        <thead>
          <tr>
            <th scope="col">{t('import.map.for')}</th>
            <th scope="col">{t('import.map.heading')}</th>
            <th scope="col">{t('import.map.examples')}</th>
          </tr>
        </thead>
        <tbody>
          {ALL_COLUMNS.map((column) => (
            <ColumnChoice
              key={column}
              column={column}
              headings={looked.headings}
              chosen={map[column] ?? null}
              onChoose={(heading) => setMap((was) => withColumn(was, column, heading))}
            />
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

function withColumn(map: ColumnMap, column: Column, heading: string | null): ColumnMap {
  const { [column]: _before, ...others } = map;
  return heading === null ? others : { ...others, [column]: heading };
}

interface ColumnChoiceProps {
  column: Column;
  headings: ImportOutcome['looked']['headings'];
  chosen: string | null;
  onChoose(heading: string | null): void;
}

function ColumnChoice({ column, headings, chosen, onChoose }: ColumnChoiceProps) {
  const { t } = useTranslation('rooms');
  const id = useId();
  const known = headings.filter(({ name }, at) => name !== '' && headings.findIndex((one) => one.name === name) === at);
  const examples = headings.find(({ name }) => name === chosen)?.examples ?? [];
  return (
    <tr>
      <th scope="row" id={id}>
        {t(`import.map.columns.${column}`)}
      </th>
      <td>
        <Select<string>
          compact
          label={t(`import.map.columns.${column}`)}
          value={chosen === null ? NONE : `=${chosen}`}
          choices={[
            { value: NONE, label: t('import.map.none') },
            ...known.map(({ name, examples: some }) => ({ value: `=${name}`, label: labelOf(name, some) })),
          ]}
          onChange={(value) => onChoose(value === NONE ? null : value.slice(1))}
        />
      </td>
      <td dir="auto" className={css.value}>
        {examples.join(' · ')}
      </td>
    </tr>
  );
}

/** A heading says little in a table that nobody knows; what stands below it says more. */
function labelOf(name: string, examples: readonly string[]): string {
  const label = examples.length > 0 ? `${name} – ${examples.join(' · ')}` : name;
  return label.length > 60 ? `${label.slice(0, 59)}…` : label;
}
