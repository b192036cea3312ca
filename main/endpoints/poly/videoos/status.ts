/**
 * What a Poly device says of its calendar registration, and what that proves: by the words of the data file. Pure.
 * The command line folds "configured" into "established" and "wrong password" into "unavailable", and some devices tell
 * nothing over REST either: a merely configured calendar is never taken for a registered one.
 */
import type { Registration } from '../mapping.ts';

/**
 * `registered` is the only proof. `underway`: known to the service, not signed in yet. `refused`: the server does not
 * take user name and password. `claimed`: set up by the device's own word, or by its settings, on a way that has no word
 * for registered. `unavailable`: not reached, refused or off, in one word. `unknown`: no word, or one that no source explains.
 */
export type CalendarState =
  | 'registered'
  | 'underway'
  | 'refused'
  | 'down'
  | 'unavailable'
  | 'off'
  | 'claimed'
  | 'unknown';

/** Whether nothing is known to be wrong and nothing is proven: the settings are all there is, and a meeting would prove it. */
export function isClaim({ state }: CalendarStatus): boolean {
  return state === 'claimed' || state === 'unknown';
}

export interface CalendarStatus {
  state: CalendarState;
  /** The device's own words. */
  words: string;
  /** States of the device's row on its management server, where its list of states was read along. */
  manager?: readonly string[];
}

/** The state that the service's word alone proves; undefined when the status row must be read too. */
export function judgeService(
  service: string | null,
  { service: words = {} }: Registration,
): CalendarStatus | undefined {
  if (service === null || !Object.hasOwn(words, service)) return undefined;
  const state = words[service];
  return state && { state, words: `calendar ${service}` };
}

/** The state by both readings, for a service word that proves nothing by itself. */
export function judgeStatus(service: string | null, row: readonly string[], judged: Registration): CalendarStatus {
  const alone = judgeService(service, judged);
  if (alone) return alone;
  const states = new Set(row.map((word) => (Object.hasOwn(judged.row ?? {}, word) ? judged.row?.[word] : undefined)));
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
    case 'unavailable':
      return 'the calendar server is not reached or refuses the login, or calendaring is off: this way cannot tell which';
    case 'off':
      return 'calendaring is off';
    case 'claimed':
      return 'configured, not proven: this way into the device cannot tell whether it is registered';
    case 'unknown':
      return 'configured, not proven: the device says nothing of its registration that is known';
  }
}
