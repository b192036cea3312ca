/** The steps of the tour: one for each screen on the way of a room. Pure. */
import type { Screen } from '../state/route.ts';

export const TOUR_STEPS = ['checks', 'rooms', 'room', 'run', 'sync', 'report'] as const;
export type TourStep = (typeof TOUR_STEPS)[number];

/** In the preferences: the tour was seen or declined. */
export const TOUR_OVER = 'tour';

/** The hint that belongs to a screen. A room beside the table is a room. */
export function stepAt(screen: Screen, roomId: number | null): TourStep | null {
  if (screen === 'rooms' && roomId !== null) return 'room';
  return TOUR_STEPS.find((step) => step === screen) ?? null;
}

/** null behind the last one. */
export function stepAfter(step: TourStep): TourStep | null {
  return TOUR_STEPS[TOUR_STEPS.indexOf(step) + 1] ?? null;
}
