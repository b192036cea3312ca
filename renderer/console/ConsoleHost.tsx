import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../frame/shortcuts.ts';
import { count } from '../i18n/format.ts';
import { useRooms } from '../state/hooks.ts';
import { useStore } from '../state/store.ts';
import { closeConsole, openConsole, useConsole } from './consoleStore.ts';

const Console = lazy(async () => ({ default: (await import('./Console.tsx')).Console }));

/** The console of one codec or of several, over whatever screen is open; for several it is opened by the palette. */
export function ConsoleHost() {
  const { t } = useTranslation('console');
  const rooms = useConsole((store) => store.rooms);
  const chosen = useChosenCodecs();
  const label = t('openChosen', { count: chosen.length, formatted: count(chosen.length) });
  useCommands(chosen.length === 0 ? [] : [{ id: 'console.chosen', label, run: () => openConsole(chosen) }]);
  // It belongs to the site that was open.
  useEffect(() => closeConsole, []);
  if (rooms === null) return null;
  return (
    <Suspense fallback={null}>
      <Console key={rooms.join()} rooms={rooms} onClose={closeConsole} />
    </Suspense>
  );
}

/** Rooms that are chosen in the table and have a codec of which an address is known. */
function useChosenCodecs(): number[] {
  const { rooms } = useRooms();
  const selection = useStore((store) => store.selection);
  return useMemo(
    () =>
      selection.size === 0
        ? []
        : rooms
            .filter(({ id, family, address }) => selection.has(id) && family === 'cisco-roomos' && address !== null)
            .map(({ id }) => id),
    [rooms, selection],
  );
}
