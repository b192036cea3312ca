import { ChevronDown, LayoutGrid, List } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../design/Button.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Menu, type MenuAction } from '../../design/Menu.tsx';
import { SearchField } from '../../design/SearchField.tsx';
import { Select } from '../../design/Select.tsx';
import { Toolbar } from '../../design/Toolbar.tsx';
import { count } from '../../i18n/format.ts';
import { familyWord, stateWord } from '../../i18n/words.ts';
import {
  type Choice,
  familyChoices,
  GROUPINGS,
  type Grouping,
  isOneBuilding,
  placeChoices,
  placeKey,
  stateChoices,
} from './arrange.ts';
import { placeName } from './groupName.ts';
import css from './RoomsBar.module.css';
import { useLook } from './useLines.ts';
import { filterBy, look, useView } from './viewStore.ts';

export interface RoomsBarProps {
  /** Arrow down in the search: into the table. */
  onDown(): void;
}

/** Search, filters, groups, and list or map. */
export function RoomsBar({ onDown }: RoomsBarProps) {
  const { t } = useTranslation('rooms');
  const query = useView((view) => view.query);
  const grouping = useView((view) => view.grouping);
  const shape = useView((view) => view.shape);
  const groupings = GROUPINGS.map((value) => ({ value, label: t(`group.${value}`) }));
  return (
    <Toolbar
      label={t('toolbar')}
      end={
        <>
          {shape === 'list' && (
            <Select<Grouping>
              compact
              label={t('group.label')}
              value={grouping}
              choices={groupings}
              onChange={(chosen) => look({ grouping: chosen, closed: new Set() })}
            />
          )}
          <fieldset className={css.shapes} aria-label={t('shape.label')}>
            <IconButton
              icon={List}
              label={t('shape.list')}
              aria-pressed={shape === 'list'}
              onClick={() => look({ shape: 'list' })}
            />
            <IconButton
              icon={LayoutGrid}
              label={t('shape.map')}
              aria-pressed={shape === 'map'}
              onClick={() => look({ shape: 'map' })}
            />
          </fieldset>
        </>
      }
    >
      <div className={css.search}>
        <SearchField label={t('search')} value={query} onChange={(typed) => look({ query: typed })} onDown={onDown} />
      </div>
      <Filters />
    </Toolbar>
  );
}

function Filters() {
  const { t } = useTranslation('rooms');
  const { rooms, query, filters } = useLook();
  const { states, places, families } = useView((view) => view.filters);
  const withBuilding = useMemo(() => !isOneBuilding(rooms), [rooms]);
  const stateList = useMemo(() => stateChoices(rooms, query, filters), [rooms, query, filters]);
  const placeList = useMemo(() => placeChoices(rooms, query, filters), [rooms, query, filters]);
  const familyList = useMemo(() => familyChoices(rooms, query, filters), [rooms, query, filters]);
  return (
    <>
      <FilterMenu
        name={t('filter.state')}
        chosen={states}
        choices={stateList}
        nameOf={stateWord}
        idOf={(state) => state}
        onChange={(chosen) => filterBy({ states: chosen })}
      />
      <FilterMenu
        name={t('filter.floor')}
        chosen={places}
        choices={placeList.map(({ value, count }) => ({ value: placeKey(value), count }))}
        nameOf={(key) => {
          const place = placeList.find(({ value }) => placeKey(value) === key)?.value;
          return place ? placeName(place, withBuilding) : '';
        }}
        idOf={(key) => key}
        onChange={(chosen) => filterBy({ places: chosen })}
      />
      <FilterMenu
        name={t('filter.family')}
        chosen={families}
        choices={familyList}
        nameOf={familyWord}
        idOf={(family) => family ?? 'none'}
        onChange={(chosen) => filterBy({ families: chosen })}
      />
    </>
  );
}

interface FilterMenuProps<T> {
  name: string;
  chosen: ReadonlySet<T>;
  choices: readonly Choice<T>[];
  nameOf(value: T): string;
  idOf(value: T): string;
  onChange(chosen: ReadonlySet<T>): void;
}

function FilterMenu<T>({ name, chosen, choices, nameOf, idOf, onChange }: FilterMenuProps<T>) {
  const { t } = useTranslation('rooms');
  const entries = choices.map(
    ({ value, count: fitting }): MenuAction => ({
      id: idOf(value),
      label: nameOf(value),
      detail: count(fitting),
      checked: chosen.has(value),
      run: () => {
        const next = new Set(chosen);
        if (!next.delete(value)) next.add(value);
        onChange(next);
      },
    }),
  );
  const all: MenuAction = {
    id: 'all',
    label: t('filter.all'),
    checked: chosen.size === 0,
    run: () => onChange(new Set()),
  };
  const label = chosen.size === 0 ? name : t('filter.chosen', { name, formatted: count(chosen.size) });
  return (
    <Menu
      trigger={
        <Button look={chosen.size === 0 ? 'quiet' : 'plain'} disabled={choices.length === 0}>
          {label}
          <Icon icon={ChevronDown} size={14} />
        </Button>
      }
      groups={[[all], entries]}
    />
  );
}
