/** The one store of the window: the model, where somebody is, and what is chosen. */
import { create } from 'zustand';
import type { AppEvent } from '../../main/contract/events.ts';
import { afterEvents, EMPTY_MODEL, type Model } from './model.ts';
import { HOME, hashOf, type Route, routeOf } from './route.ts';

/** A room list on its way in. */
export type Offered = { from: 'file'; file: File } | { from: 'text'; text: string };

export interface PrepareAsk {
  /** Rooms that are to be looked at; of these only what somebody has seen is written. */
  ids: readonly number[];
  /** Told when the writing has begun. */
  began?(job: number): void;
}

export interface Store extends Model {
  /** `starting`: the first answer is still awaited. `lost`: the program behind the page is gone. */
  connection: 'starting' | 'open' | 'lost';
  /** Since when the program is gone, milliseconds since 1970: what is shown was true then. */
  lostAt: number | null;
  /** Whether the list of rooms was fetched for the site that is open. */
  roomsLoaded: boolean;
  route: Route;
  /** Ids of the rooms that are chosen in the table. */
  selection: ReadonlySet<number>;
  /** A list that was dropped or pasted onto the window and nobody has taken yet. */
  offered: Offered | null;
  /** The room that somebody was brought to by a key: its main button takes the keyboard. */
  arriving: number | null;
  /** Somebody wants to see something that is sealed: what to tell once it is open (true) or was declined (false). */
  unlocking: ((opened: boolean) => void) | null;
  /** Rooms that are to be prepared: the dialog that shows what would be written is open (see prepare.ts). */
  preparing: PrepareAsk | null;
  apply(events: readonly AppEvent[]): void;
  select(ids: Iterable<number>): void;
}

export const useStore = create<Store>()((set) => ({
  ...EMPTY_MODEL,
  connection: 'starting',
  lostAt: null,
  roomsLoaded: false,
  route: routeOf(typeof location === 'undefined' ? '' : location.hash),
  selection: new Set(),
  offered: null,
  arriving: null,
  unlocking: null,
  preparing: null,
  apply: (events) => set((store) => afterEvents(store, events, Date.now())),
  select: (ids) => set({ selection: new Set(ids) }),
}));

/** Goes to a screen; the address follows, so that back and forward work. */
export function navigate(screen: Route['screen'], roomId: number | null = null): void {
  const route = { screen, roomId };
  if (hashOf(route) === hashOf(useStore.getState().route)) return;
  location.hash = hashOf(route);
  useStore.setState({ route });
}

/** Changes the room beside the table without a new entry in the history: for moving through rows by arrows. */
export function showBeside(roomId: number | null): void {
  const route: Route = { screen: 'rooms', roomId };
  history.replaceState(null, '', hashOf(route));
  useStore.setState({ route });
}

/** Lets the store follow back, forward and typed addresses. @returns how to stop */
export function followAddress(): () => void {
  const follow = () => {
    const route = location.hash ? routeOf(location.hash) : HOME;
    const { screen, roomId } = useStore.getState().route;
    if (route.screen !== screen || route.roomId !== roomId) useStore.setState({ route });
  };
  window.addEventListener('hashchange', follow);
  return () => window.removeEventListener('hashchange', follow);
}
