/** Keeps the store true: listens to events and fetches what they say has changed. */
import { call, listen } from '../bridge/bridge.ts';
import { fromAppState, fromRooms } from './model.ts';
import { useStore } from './store.ts';

/** @param failed is told of each fetch that fails while the program is there  @returns how to stop */
export function connect(failed: (thrown: unknown) => void): () => void {
  const rooms = oneAtATime(fetchRooms, failed);
  const state = oneAtATime(fetchState, failed);
  const stopWatching = useStore.subscribe((now, before) => {
    if (now.site?.path !== before.site?.path) {
      useStore.setState({ roomsLoaded: false, selection: new Set() });
      state();
    }
    if (now.listVersion !== before.listVersion) rooms();
  });
  const stopListening = listen({
    events: (events) => useStore.getState().apply(events),
    connected: () => {
      useStore.setState({ connection: 'open', lostAt: null });
      state();
      rooms();
    },
    lost: () => useStore.setState(({ lostAt }) => ({ connection: 'lost', lostAt: lostAt ?? Date.now() })),
  });
  return () => {
    stopWatching();
    stopListening();
  };
}

/** Fetches what does not come by events, such as the list of recent sites. */
export async function fetchState(): Promise<void> {
  useStore.setState(fromAppState(await call('app.state', undefined)));
}

async function fetchRooms(): Promise<void> {
  const { site } = await call('app.state', undefined);
  const rooms = site ? await call('rooms.list', undefined) : [];
  useStore.setState({ ...fromRooms(rooms), roomsLoaded: site !== null });
}

/** Asked again while it works, it works once more afterwards: the last word is always fetched. */
function oneAtATime(work: () => Promise<void>, failed: (thrown: unknown) => void): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work().catch(failed);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
