import { FileText, Play, SkipForward } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { Screen } from '../../design/Screen.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { useLeft, useRoute, useSite } from '../../state/hooks.ts';
import { navigate, showBeside, useStore } from '../../state/store.ts';
import { roomKey } from './arrange.ts';
import type { Asked } from './asked.ts';
import { Dialogs } from './Dialogs.tsx';
import { HalfWay } from './HalfWay.tsx';
import type { Source } from './importing.ts';
import { Loading } from './Loading.tsx';
import { NoRooms } from './NoRooms.tsx';
import { RoomsBar } from './RoomsBar.tsx';
import { RoomsBody } from './RoomsBody.tsx';
import css from './RoomsScreen.module.css';
import type { TableHandle } from './RoomsTable.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { useLines } from './useLines.ts';
import { useRoomsCommands } from './useRoomsCommands.ts';
import { useBlocked, useStarter } from './useWork.ts';
import { look, lookAt, useView } from './viewStore.ts';

/** All rooms of the site, as a list or a map, with the one that is looked at beside them. */
export function RoomsScreen() {
  const { t } = useTranslation('rooms');
  useOwnView();
  const [asked, setAsked] = useAsked();
  const arranged = useLines();
  const { rooms, loaded, shown } = arranged;
  const { chosen, hidden } = useChosen(rooms, shown);
  const table = useRef<TableHandle>(null);
  const migrate = useMigrate(chosen, setAsked);
  const some = rooms.length > 0;
  useRoomsCommands({ ask: setAsked, migrate, some });
  const onImport = useCallback((source: Source | null) => setAsked({ what: 'import', source }), [setAsked]);
  const text =
    shown.length === rooms.length
      ? t('count', { count: rooms.length, formatted: count(rooms.length) })
      : t('countShown', { shown: count(shown.length), total: count(rooms.length) });
  return (
    <Screen
      title={t('title')}
      layout="fill"
      actions={some && <Actions amount={text} ask={setAsked} />}
      toolbar={some && <RoomsBar onDown={() => table.current?.focus()} />}
    >
      {some ? (
        <>
          <HalfWay rooms={rooms} />
          {chosen.length > 0 && (
            <SelectionBar
              chosen={chosen}
              hidden={hidden}
              onAsk={setAsked}
              onClear={() => useStore.getState().select([])}
            />
          )}
          <RoomsBody arranged={arranged} tableRef={table} />
        </>
      ) : loaded ? (
        <NoRooms onImport={onImport} />
      ) : (
        <Loading />
      )}
      <LiveRegion text={some ? text : ''} />
      <Dialogs asked={asked} onClose={() => setAsked(null)} />
    </Screen>
  );
}

function Actions({ amount, ask }: { amount: string; ask(asked: Asked): void }) {
  const { t } = useTranslation('rooms');
  const { since, run } = useAction();
  // Beside an open room, or a run that was cut off, that is the next thing and this is not.
  const { roomId: shown } = useRoute();
  const isCutOff = useLeft().interrupted > 0;
  const next = async () => {
    const { roomId } = await call('rooms.next', { after: activeRoom() });
    if (roomId === null) notify({ title: t('nextNone') });
    else if (useView.getState().shape === 'map') navigate('room', roomId);
    else showBeside(roomId);
  };
  return (
    <>
      <span className={css.amount}>{amount}</span>
      <Button look="quiet" icon={FileText} onClick={() => ask({ what: 'import', source: null })}>
        {t('action.import')}
      </Button>
      <Button icon={Play} onClick={() => ask({ what: 'run', mode: null, rooms: null })}>
        {t('action.run')}
      </Button>
      <Button
        look={shown === null && !isCutOff ? 'primary' : 'plain'}
        icon={SkipForward}
        disabled={since !== null}
        onClick={() => void run(next)}
      >
        {t('action.next')}
      </Button>
    </>
  );
}

/** Ids of the chosen rooms that there are, and how many of them search and filters hide. */
function useChosen(
  rooms: readonly RoomRow[],
  shown: readonly RoomRow[],
): { chosen: readonly number[]; hidden: number } {
  const selection = useStore((store) => store.selection);
  return useMemo(() => {
    if (selection.size === 0) return { chosen: [], hidden: 0 };
    const chosen = idsIn(rooms, selection);
    return { chosen, hidden: chosen.length - idsIn(shown, selection).length };
  }, [rooms, shown, selection]);
}

function idsIn(rooms: readonly RoomRow[], selection: ReadonlySet<number>): number[] {
  return rooms.flatMap(({ id }) => (selection.has(id) ? id : []));
}

/** The room that has the keyboard in the table, or is shown beside it. */
function activeRoom(): number | null {
  const { active } = useView.getState();
  const { rooms, route } = useStore.getState();
  return rooms.find(({ id }) => roomKey(id) === active)?.id ?? route.roomId;
}

/** One room that is ready is migrated at once, and stays in sight; about all else the numbers are told first. */
function useMigrate(chosen: readonly number[], ask: (asked: Asked) => void): () => void {
  const { start } = useStarter();
  const blocked = useBlocked();
  return () => {
    if (chosen.length > 0) return ask({ what: 'run', mode: 'run', rooms: chosen });
    const id = activeRoom();
    const row = useStore.getState().rooms.find((one) => one.id === id);
    if (!row) return;
    if (row.state !== 'ready' || blocked !== null) return ask({ what: 'run', mode: 'run', rooms: [row.id] });
    if (useView.getState().shape === 'list') showBeside(row.id);
    void start({ do: 'run', rooms: [row.id], insist: false, pilots: false }, { stay: true });
  };
}

/** What is asked for; a list that was dropped or pasted onto the window asks for its import. */
function useAsked() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const offered = useStore((store) => store.offered);
  useEffect(() => {
    if (!offered) return;
    setAsked({ what: 'import', source: offered });
    useStore.setState({ offered: null });
  }, [offered]);
  return [asked, setAsked] as const;
}

/** Each site has its own view; the room of the address has the keyboard. */
function useOwnView(): void {
  const path = useSite()?.path;
  const { roomId } = useRoute();
  useEffect(() => {
    if (path !== undefined) lookAt(path);
  }, [path]);
  useEffect(() => {
    if (roomId !== null) look({ active: roomKey(roomId) });
  }, [roomId]);
}
