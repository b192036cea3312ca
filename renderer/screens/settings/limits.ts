/** Numbers of the settings: their bounds, and seconds for what is kept in milliseconds. Pure. */
import type { Settings } from '../../../main/contract/site.ts';

export type NumberKey =
  | 'sshPort'
  | 'httpsPort'
  | 'concurrency'
  | 'searchRate'
  | 'timeoutMs'
  | 'proofMs'
  | 'proofEveryMs';

/** Smallest and largest as they are shown: times in seconds. */
export const BOUNDS: Readonly<Record<NumberKey, readonly [number, number]>> = {
  sshPort: [1, 65_535],
  httpsPort: [1, 65_535],
  concurrency: [1, 256],
  searchRate: [1, 10_000],
  timeoutMs: [0.1, 600],
  proofMs: [0, 3_600],
  proofEveryMs: [0.1, 600],
};

/** What is done on codecs after the move. */
export type SwitchKey = 'tidyHttpClient' | 'httpsOnly' | 'clearBookings';

type Plain = Pick<Settings, SwitchKey | 'accountName'>;

export type Shown = Record<NumberKey, number | null> & Plain;

function isTime(key: NumberKey): boolean {
  return key.endsWith('Ms');
}

const KEYS = Object.keys(BOUNDS) as NumberKey[];

/** As it stands in the fields. */
export function shownOf(settings: Settings): Shown {
  const shown = Object.fromEntries(KEYS.map((key) => [key, isTime(key) ? settings[key] / 1000 : settings[key]]));
  return { ...(shown as Record<NumberKey, number>), ...plainOf(settings) };
}

function plainOf({ accountName, tidyHttpClient, httpsOnly, clearBookings }: Plain): Plain {
  return { accountName, tidyHttpClient, httpsOnly, clearBookings };
}

export function fitsBounds(key: NumberKey, value: number | null): boolean {
  const [min, max] = BOUNDS[key];
  return value !== null && value >= min && value <= max && (isTime(key) || Number.isInteger(value));
}

export function fitsAccount(name: string): boolean {
  return /^[A-Za-z0-9._-]{1,32}$/.test(name);
}

/** @returns null when something does not fit */
export function settingsOf(shown: Shown): Pick<Settings, NumberKey | keyof Plain> | null {
  if (!fitsAccount(shown.accountName) || !KEYS.every((key) => fitsBounds(key, shown[key]))) return null;
  const numbers = KEYS.map((key) => [key, isTime(key) ? Math.round((shown[key] ?? 0) * 1000) : shown[key]]);
  return { ...(Object.fromEntries(numbers) as Record<NumberKey, number>), ...plainOf(shown) };
}
