/** What this screen offers to the palette, and its keys. */
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, useCommands, useShortcut } from '../../frame/shortcuts.ts';
import { useStore } from '../../state/store.ts';
import type { Asked } from './asked.ts';
import { prepareRooms } from './useWork.ts';
import { look, showAll, useView } from './viewStore.ts';

export interface RoomsCommands {
  ask(asked: Asked): void;
  /** Migrates what is chosen, or the room that has the keyboard. */
  migrate(): void;
  /** There are rooms at all. */
  some: boolean;
}

export function useRoomsCommands(given: RoomsCommands): void {
  const { t } = useTranslation('rooms');
  const latest = useRef(given);
  latest.current = given;
  const { some } = given;
  const chosen = useStore(({ selection }) => selection.size > 0);
  const isMap = useView(({ shape }) => shape === 'map');
  useShortcut('m', t('action.migrateKey'), () => latest.current.migrate(), { enabled: some });
  const commands = useMemo(() => {
    const onSelection = (what: 'undo' | 'tick'): Command => ({
      id: `rooms.${what}`,
      label: t(`action.${what}`),
      run: () => latest.current.ask({ what, rooms: [...useStore.getState().selection] }),
    });
    const list: Command[] = [
      {
        id: 'rooms.import',
        label: t('action.import'),
        run: () => latest.current.ask({ what: 'import', source: null }),
      },
    ];
    if (!some) return list;
    list.push(
      {
        id: 'rooms.run',
        label: t('action.run'),
        run: () => latest.current.ask({ what: 'run', mode: null, rooms: null }),
      },
      {
        id: 'rooms.shape',
        label: t(isMap ? 'action.list' : 'action.map'),
        run: () => look({ shape: isMap ? 'list' : 'map' }),
      },
      { id: 'rooms.showAll', label: t('showAll'), run: showAll },
    );
    if (chosen) {
      list.push(
        { id: 'rooms.migrate', label: t('action.migrateKey'), shortcut: 'm', run: () => latest.current.migrate() },
        ...(['undo', 'tick'] as const).map(onSelection),
        {
          id: 'rooms.prepare',
          label: t('action.prepare'),
          run: () => prepareRooms([...useStore.getState().selection]),
        },
        { id: 'rooms.clear', label: t('action.clear'), run: () => useStore.getState().select([]) },
      );
    }
    return list;
  }, [t, some, chosen, isMap]);
  useCommands(commands);
}
