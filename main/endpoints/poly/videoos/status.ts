/**
 * What a VideoOS device says of its calendar registration, and what that proves. Pure.
 * The command line folds "configured" into "established" and "wrong password" into "unavailable", so only the REST
 * words are used, and a merely configured calendar is never taken for a registered one.
 */

/**
 * `registered` is the only proof. `underway`: known to the service, not signed in yet. `refused`: the server does not
 * take user name and password. `unknown`: words that no source explains.
 */
export type CalendarState = 'registered' | 'underway' | 'refused' | 'down' | 'off' | 'unknown';

export interface CalendarStatus {
  state: CalendarState;
  /** The device's own words. */
  words: string;
}

/** Words of the calendar service that stand for themselves; all others need the status row beside them. */
const SERVICE: Readonly<Record<string, CalendarState>> = {
  registered: 'registered',
  configured: 'underway',
  connected: 'underway',
  logged: 'underway',
  authenticationerr: 'refused',
  authenticationerror: 'refused',
  offline: 'down',
  down: 'down',
  disabled: 'off',
  off: 'off',
};

const ROW: Readonly<Record<string, CalendarState>> = {
  up: 'registered',
  all_up: 'registered',
  down: 'down',
  all_down: 'down',
  off: 'off',
};

/** The state that the service's word alone proves; undefined when the status row must be read too. */
export function judgeService(service: string | null): CalendarStatus | undefined {
  if (service === null || !Object.hasOwn(SERVICE, service)) return undefined;
  const state = SERVICE[service];
  return state && { state, words: `calendar ${service}` };
}

/** The state by both readings, for a service word that proves nothing by itself. */
export function judgeStatus(service: string | null, row: readonly string[]): CalendarStatus {
  const alone = judgeService(service);
  if (alone) return alone;
  const states = new Set(row.map((word) => (Object.hasOwn(ROW, word) ? ROW[word] : undefined)));
  const [only] = states;
  const words = `calendar ${service ?? 'tells no status'}, status row ${row.join(' ') || 'missing'}`;
  return { state: states.size === 1 && only ? only : 'unknown', words };
}

/** One sentence for people on why the calendar is not registered. */
export function explainState(state: CalendarState): string {
  switch (state) {
    case 'registered':
      return 'registered';
    case 'underway':
      return 'set up but not registered yet';
    case 'refused':
      return 'the calendar server refuses the user name and password';
    case 'down':
      return 'the calendar server is not reached';
    case 'off':
      return 'calendaring is off';
    case 'unknown':
      return 'the device uses words for it that are not known';
  }
}
