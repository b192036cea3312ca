/** What screens use of the store. Each hook renders anew only when its own part changes. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Reach } from '../../main/contract/app.ts';
import type { Problem } from '../../main/contract/errors.ts';
import type { Job, JobItem, JobKind } from '../../main/contract/jobs.ts';
import type { Input, MethodName, Output } from '../../main/contract/methods.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import type { SiteView } from '../../main/contract/site.ts';
import { call, problemOf } from '../bridge/bridge.ts';
import { type Left, leftOf } from './counts.ts';
import type { AppFacts, LiveVisit } from './model.ts';
import type { Route } from './route.ts';
import { navigate, useStore } from './store.ts';

/** null until the first answer of the program. */
export function useApp(): AppFacts | null {
  return useStore(({ app }) => app);
}

/** null = no site is open. */
export function useSite(): SiteView | null {
  return useStore(({ site }) => site);
}

export function useReach(): Reach | null {
  return useStore(({ reach }) => reach);
}

/** All rooms in the order of the list; `loaded` false until they were fetched. */
export function useRooms(): { rooms: readonly RoomRow[]; loaded: boolean } {
  const rooms = useStore((store) => store.rooms);
  const loaded = useStore((store) => store.roomsLoaded);
  return useMemo(() => ({ rooms, loaded }), [rooms, loaded]);
}

export function useRoom(id: number | null): RoomRow | null {
  return useStore(({ rooms, placeOf }) => (id === null ? null : (rooms[placeOf.get(id) ?? -1] ?? null)));
}

/** The visit of this room that goes on or was the last one seen live. */
export function useLiveVisit(roomId: number | null): LiveVisit | null {
  return useStore(({ live }) => (roomId === null ? null : (live.get(roomId) ?? null)));
}

/** The newest job, of this kind or of these kinds if told; it may be over. */
export function useJob(...kinds: readonly JobKind[]): Job | null {
  return useStore(({ jobs }) => {
    let newest: Job | null = null;
    for (const job of jobs.values()) {
      if ((kinds.length === 0 || kinds.includes(job.kind)) && (newest === null || job.id > newest.id)) newest = job;
    }
    return newest;
  });
}

/** The job that goes on now, of whatever kind. */
export function useRunningJob(): Job | null {
  return useStore(({ jobs }) => {
    for (const job of jobs.values()) if (isGoingOn(job)) return job;
    return null;
  });
}

/** Whether the job is not over; a paused one goes on. */
export function isGoingOn({ endedAt }: Job): boolean {
  return endedAt === null;
}

const NONE: readonly JobItem[] = [];

/** What this job did, as told since the page was opened; older lines come with `jobs.detail`. */
export function useItems(job: number | null): readonly JobItem[] {
  return useStore(({ items }) => (job === null ? NONE : (items.get(job) ?? NONE)));
}

/** How much is left in each phase. */
export function useLeft(): Left {
  const rooms = useStore((store) => store.rooms);
  return useMemo(() => leftOf(rooms), [rooms]);
}

export function useRoute(): Route {
  return useStore(({ route }) => route);
}

export function useNavigate(): typeof navigate {
  return navigate;
}

export interface Answer<O> {
  /** The last good answer to this very question; null before the first. */
  data: O | null;
  problem: Problem | null;
  /** A first answer is awaited for more than 200 ms: time to say so. */
  slow: boolean;
  /** Asks again; what is shown stays until the answer is there. */
  again(): void;
}

const SLOW_MS = 200;

/**
 * Asks when the input changes, and again whenever one of `because` changes.
 * @param input null = do not ask. Compared by content
 */
export function useAnswer<N extends MethodName>(
  name: N,
  input: Input<N> | null,
  because: readonly unknown[] = [],
): Answer<Output<N>> {
  const asked = input === null ? null : JSON.stringify([name, input]);
  const [told, setTold] = useState<{ asked: string | null; data: Output<N> | null; problem: Problem | null }>(UNTOLD);
  const [count, setCount] = useState(0);
  const latest = useRef(input);
  latest.current = input;
  // The content of the question is what counts, not the identity of its object.
  const question = JSON.stringify([asked, count, because]);
  useEffect(() => {
    let current = true;
    const given = latest.current;
    if (asked === null || given === null || question === '') return;
    call(name, given).then(
      (data) => current && setTold({ asked, data, problem: null }),
      (thrown: unknown) =>
        current &&
        setTold((was) => ({ asked, data: was.asked === asked ? was.data : null, problem: problemOf(thrown) })),
    );
    return () => {
      current = false;
    };
  }, [name, asked, question]);
  const fits = told.asked === asked;
  // That the program is gone is told once, for the whole window.
  const isGone = useStore(({ lostAt }) => lostAt !== null);
  const slow = useLate(asked !== null && !fits);
  const again = useCallback(() => setCount((was) => was + 1), []);
  return { data: fits ? told.data : null, problem: fits && !isGone ? told.problem : null, slow, again };
}

const UNTOLD = { asked: null, data: null, problem: null };

/** True once `waiting` has held for 200 ms: shorter waits show nothing, so that nothing flickers. */
export function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late && waiting;
}
