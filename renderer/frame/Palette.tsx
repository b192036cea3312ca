import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { Kbd } from '../design/Kbd.tsx';
import { StateBadge } from '../design/StateBadge.tsx';
import { count } from '../i18n/format.ts';
import { useRooms } from '../state/hooks.ts';
import { navigate } from '../state/store.ts';
import { folded, found, type Sought, soughtRooms } from './found.ts';
import css from './Palette.module.css';
import { PHASE_KEYS, PHASES } from './phases.ts';
import { boundCommands, type Command } from './shortcuts.ts';

interface Entry {
  id: string;
  label: string;
  shortcut?: string;
  room?: RoomRow;
  run(): void;
}

interface Group {
  value: string;
  items: Entry[];
  more: number;
}

const MOST_ROOMS = 30;
const MOST_ACTIONS = 20;

/** Go anywhere and do anything by typing: screens, rooms by name, address or serial number, actions of this screen. */
export function Palette({ onClose, onShortcuts }: { onClose(): void; onShortcuts(): void }) {
  const { t } = useTranslation(['palette', 'common']);
  const [typed, setTyped] = useState('');
  const groups = useGroups(typed, onShortcuts);
  const choose = (entry: Entry) => {
    onClose();
    // The dialog gives the focus back when it goes; what is opened shall have the last word.
    requestAnimationFrame(() => entry.run());
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.backdrop} />
        <Dialog.Popup className={css.popup} aria-label={t('title')}>
          <Autocomplete.Root
            open
            inline
            mode="none"
            items={groups}
            value={typed}
            onValueChange={setTyped}
            itemToStringValue={labelOf}
            autoHighlight="always"
            keepHighlight
          >
            <Autocomplete.Input className={css.input} aria-label={t('label')} placeholder={t('placeholder')} />
            <Autocomplete.Empty className={css.empty}>{groups.length === 0 && t('empty')}</Autocomplete.Empty>
            <Autocomplete.List className={css.list}>
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className={css.heading}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: Entry) => (
                      <Autocomplete.Item
                        key={entry.id}
                        value={entry}
                        className={css.item}
                        onClick={() => choose(entry)}
                      >
                        <Face entry={entry} />
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                  {group.more > 0 && <div className={css.more}>{t('more', { formatted: count(group.more) })}</div>}
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function labelOf({ label }: Entry): string {
  return label;
}

function Face({ entry: { label, shortcut, room } }: { entry: Entry }) {
  return (
    <>
      <span className={css.label} dir="auto">
        {label}
      </span>
      {room && (
        <>
          <span className={css.soft} dir="auto">
            {[room.address, room.serial].filter(Boolean).join(' · ')}
          </span>
          <StateBadge state={room.state} />
        </>
      )}
      {shortcut && <Kbd keys={shortcut} />}
    </>
  );
}

function useGroups(typed: string, onShortcuts: () => void): Group[] {
  const { t } = useTranslation(['palette', 'frame']);
  const { rooms } = useRooms();
  const sought = useMemo(() => soughtRooms(rooms), [rooms]);
  // The actions as they stand when the palette opens.
  const [commands] = useState(boundCommands);
  const screens = PHASES.map((phase): Sought<Entry> => {
    const label = t(`frame:phase.${phase}`);
    return asSought({ id: `screen/${phase}`, label, shortcut: PHASE_KEYS[phase], run: () => navigate(phase) });
  });
  const actions = [...commands, { id: 'shortcuts', label: t('shortcuts'), shortcut: '?', run: onShortcuts }].map(
    asSought,
  );
  const hits = typed.trim() === '' ? { hits: [], more: 0 } : found(sought, typed, MOST_ROOMS);
  return [
    groupOf(t('actions'), found(actions, typed, MOST_ACTIONS)),
    groupOf(t('screens'), found(screens, typed, PHASES.length)),
    groupOf(t('rooms'), { hits: hits.hits.map(roomEntry), more: hits.more }),
  ].filter(({ items }) => items.length > 0);
}

function groupOf(value: string, { hits, more }: { hits: Entry[]; more: number }): Group {
  return { value, items: hits, more };
}

function asSought(command: Command | Entry): Sought<Entry> {
  const words = 'words' in command ? command.words : '';
  return { text: folded(`${command.label}\n${words ?? ''}`), of: command };
}

function roomEntry(room: RoomRow): Entry {
  return { id: `room/${room.id}`, label: room.name, room, run: () => navigate('rooms', room.id) };
}
