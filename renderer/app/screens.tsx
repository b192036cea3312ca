/** Which screen is shown where. Each is loaded when it is first opened. */
import { type ComponentType, lazy } from 'react';
import type { Screen } from '../state/route.ts';

export const SCREEN_VIEWS: Record<Screen, ComponentType> = {
  start: lazy(async () => ({ default: (await import('../screens/start/StartScreen.tsx')).StartScreen })),
  checks: lazy(async () => ({ default: (await import('../screens/checks/ChecksScreen.tsx')).ChecksScreen })),
  discover: lazy(async () => ({ default: (await import('../screens/discover/DiscoverScreen.tsx')).DiscoverScreen })),
  match: lazy(async () => ({ default: (await import('../screens/match/MatchScreen.tsx')).MatchScreen })),
  rooms: lazy(async () => ({ default: (await import('../screens/rooms/RoomsScreen.tsx')).RoomsScreen })),
  room: lazy(async () => ({ default: (await import('../screens/room/RoomScreen.tsx')).RoomScreen })),
  run: lazy(async () => ({ default: (await import('../screens/run/RunScreen.tsx')).RunScreen })),
  sync: lazy(async () => ({ default: (await import('../screens/sync/SyncScreen.tsx')).SyncScreen })),
  report: lazy(async () => ({ default: (await import('../screens/report/ReportScreen.tsx')).ReportScreen })),
  settings: lazy(async () => ({ default: (await import('../screens/settings/SettingsScreen.tsx')).SettingsScreen })),
};
