/** All that can be done with a room beyond the one next thing, for its menu and the palette. */
import { FileCode, FileDown, type LucideIcon, Terminal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { openConsole } from '../../console/consoleStore.ts';
import type { MenuAction } from '../../design/Menu.tsx';
import { navigate } from '../../state/store.ts';
import { loginFamily } from './logins.ts';
import type { NextAction } from './nextAction.ts';
import type { Deeds } from './useDeeds.ts';

export interface RoomMenuInput {
  room: RoomRow;
  detail: RoomDetail | null;
  action: NextAction;
  deeds: Deeds;
  alone: boolean;
  isBusy: boolean;
}

export function useRoomMenu(input: RoomMenuInput): MenuAction[][] {
  const { room, detail, action, deeds, alone, isBusy } = input;
  const { t } = useTranslation('room');
  const codec = useDeviceTools(room, deeds);
  const shown = new Set<string | undefined>([action.primary?.do, action.second?.do]);
  const work: MenuAction[] = [
    { id: 'check', label: t('deed.checkAgain'), run: () => deeds.perform({ do: 'check', insist: false }) },
    { id: 'prepare', label: t('deed.prepare'), run: () => deeds.perform({ do: 'prepare' }) },
    ...(room.state === 'undone' || room.undoUnfinished
      ? [{ id: 'migrate', label: t('deed.migrate'), run: () => deeds.perform({ do: 'retry', insist: true }) }]
      : []),
  ].map((entry) => ({ ...entry, disabled: isBusy || room.address === null }));
  const set: MenuAction[] = [
    { id: 'identity', label: t('deed.identity'), run: () => deeds.show('address') },
    { id: 'login', label: t('deed.login'), run: () => deeds.show('login') },
  ];
  const view: MenuAction[] = [
    alone
      ? { id: 'view', label: t('beside'), run: () => navigate('rooms', room.id) }
      : { id: 'view', label: t('alone'), run: () => navigate('room', room.id) },
  ];
  const undo: MenuAction = {
    id: 'undo',
    label: t('deed.undo'),
    danger: true,
    disabled: isBusy,
    run: () => deeds.show('undo'),
  };
  return [
    work.filter(({ id }) => !shown.has(id)),
    set,
    codec.map(({ icon: _, ...entry }) => entry),
    view,
    canUndo(room, detail) && action.primary?.do !== 'finishUndo' ? [undo] : [],
  ];
}

/** What speaks to a device outside of a migration; nothing for one that no program speaks to. */
export function useDeviceTools(room: RoomRow, deeds: Deeds): (MenuAction & { icon: LucideIcon })[] {
  const { t } = useTranslation('room');
  if (room.family === null || loginFamily(room) === null || room.address === null) return [];
  const record = { id: 'record', icon: FileDown, label: t('tools.record'), run: () => deeds.show('record') };
  if (room.family !== 'cisco-roomos') return [record];
  return [
    { id: 'macros', icon: FileCode, label: t('tools.macros'), run: () => deeds.perform({ do: 'macro' }) },
    { id: 'console', icon: Terminal, label: t('tools.console'), run: () => openConsole([room.id]) },
    record,
  ];
}

/** Whether the device or Infinity has anything of this room that can be taken back. */
export function canUndo(room: RoomRow, detail: RoomDetail | null): boolean {
  if (room.state === 'undone') return false;
  return room.onInfinity || (detail?.backup.some(({ open }) => open) ?? false);
}
