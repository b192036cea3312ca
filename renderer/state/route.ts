/** Where in the window somebody is, and how that is written in the address: `#/rooms`, `#/rooms/12`, `#/room/12`. */

export const SCREENS = [
  'start',
  'checks',
  'discover',
  'match',
  'rooms',
  'room',
  'run',
  'sync',
  'report',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];

/** `rooms` with a room: shown beside the table. `room`: alone, full width. */
export interface Route {
  screen: Screen;
  roomId: number | null;
}

export const HOME: Route = { screen: 'rooms', roomId: null };

/** Total: what is not understood leads to the list of rooms. */
export function routeOf(hash: string): Route {
  const [, screen, id, ...more] = hash.split('/');
  const known = SCREENS.find((one) => one === screen);
  if (!known || more.length > 0) return HOME;
  const roomId = id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : null;
  if (known === 'room' && roomId === null) return HOME;
  return { screen: known, roomId: known === 'room' || known === 'rooms' ? roomId : null };
}

export function hashOf({ screen, roomId }: Route): string {
  return roomId === null ? `#/${screen}` : `#/${screen}/${roomId}`;
}
