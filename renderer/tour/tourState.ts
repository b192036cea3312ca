/** Whether the tour goes on. It is over for good once it was ended, until somebody asks for it again. */
import { create } from 'zustand';
import { call } from '../bridge/bridge.ts';
import { notifyProblem } from '../design/toasts.ts';
import { fetchState } from '../state/connect.ts';
import { navigate, useStore } from '../state/store.ts';
import { TOUR_OVER, type TourStep } from './steps.ts';

/** `asked`: somebody wants it now, on whatever site. */
export const useTourStore = create<{ asked: boolean }>()(() => ({ asked: false }));

/** The practice job whose site was entered last: that happens once. */
export const useEntered = create<{ job: number | null }>()(() => ({ job: null }));

/** The tour from its beginning, because somebody asked for it. */
export function startTour(): void {
  useTourStore.setState({ asked: true });
  navigate('checks');
}

/** Ends it for good. */
export async function endTour(): Promise<void> {
  useTourStore.setState({ asked: false });
  await rememberTour(true);
}

/** @param over whether a practice site shall show it no more */
export async function rememberTour(over: boolean): Promise<void> {
  const read = useStore.getState().app?.preferences.hintsRead ?? [];
  if (read.includes(TOUR_OVER) === over) return;
  const others = read.filter((hint) => hint !== TOUR_OVER);
  try {
    await call('app.preferences', { hintsRead: over ? [...others, TOUR_OVER] : others });
    await fetchState();
  } catch (thrown) {
    notifyProblem(thrown);
  }
}

/** Goes to the screen of a step. For a room: the next one that is not done, beside the table. */
export async function goTo(step: TourStep): Promise<void> {
  if (step !== 'room') return navigate(step);
  try {
    const { roomId } = await call('rooms.next', { after: null });
    navigate('rooms', roomId ?? useStore.getState().rooms[0]?.id ?? null);
  } catch (thrown) {
    notifyProblem(thrown);
  }
}
