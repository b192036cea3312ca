/** The phases of the work in their order, and the key behind `g` that leads there. */
export const PHASES = ['checks', 'discover', 'match', 'rooms', 'run', 'sync', 'report', 'settings'] as const;
export type Phase = (typeof PHASES)[number];

export const PHASE_KEYS: Record<Phase, string> = {
  checks: 'g p',
  discover: 'g d',
  match: 'g m',
  rooms: 'g r',
  run: 'g u',
  sync: 'g s',
  report: 'g e',
  settings: 'g t',
};
