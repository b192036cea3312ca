/** The codec's clock against ours. */
import { leaf, type Xapi } from '../xapi.ts';
import { optional } from './reads.ts';

export interface Clock {
  /** The codec's time, ISO 8601, UTC. */
  time: string;
  /** How far it is ahead of this computer (behind when negative), milliseconds. */
  offsetMs: number;
}

const DAY_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/i;

/** @returns null when the codec does not tell its time, or in a way that is not known. */
export async function readClock(xapi: Xapi): Promise<Clock | null> {
  const asked = Date.now();
  const text = leaf(await optional(xapi.get('Status', 'Time SystemTime')))?.trim();
  const answered = Date.now();
  if (!text) return null;
  const zone = hasZone(text) ? null : (leaf(await optional(xapi.get('Configuration', 'Time Zone'))) ?? null);
  return clockOf(text, zone, (asked + answered) / 2);
}

/**
 * Pure. [assumed] A time without a zone is the codec's local one or UTC, both were met in the field: the one that is
 * nearer to ours counts, because a clock that runs wrong by exactly its zone is far less likely.
 * @param zone the codec's time zone, e.g. `Europe/Oslo`, where `text` names none; @param now ours, milliseconds
 */
export function clockOf(text: string, zone: string | null, now: number): Clock | null {
  const [, day, time, offset] = DAY_TIME.exec(text) ?? [];
  if (!day || !time) return null;
  const utc = Date.parse(`${day}T${time}${offset ? offset.toUpperCase() : 'Z'}`);
  if (Number.isNaN(utc)) return null;
  const local = offset || !zone ? null : utc - zoneOffset(zone, utc);
  const best = local !== null && Math.abs(local - now) < Math.abs(utc - now) ? local : utc;
  return { time: new Date(best).toISOString(), offsetMs: Math.round(best - now) };
}

function hasZone(text: string): boolean {
  return DAY_TIME.exec(text)?.[3] !== undefined;
}

/** By zone; null = this computer does not know it. Made once: to make one costs more than all other readings of a visit. */
const clocks = new Map<string, Intl.DateTimeFormat | null>();
/** There are some six hundred zones; a device may name others without end. */
const MOST_ZONES = 1_000;

function clockIn(timeZone: string): Intl.DateTimeFormat | null {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  let clock: Intl.DateTimeFormat | null = null;
  try {
    clock = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    // No zone of this name.
  }
  if (clocks.size < MOST_ZONES) clocks.set(timeZone, clock);
  return clock;
}

/** How far a zone is ahead of UTC, milliseconds; 0 for one that this computer does not know. */
function zoneOffset(timeZone: string, at: number): number {
  try {
    const parts = clockIn(timeZone)?.formatToParts(at) ?? [];
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  } catch {
    return 0;
  }
}

/** A clock that is further off than this hides the Join button of meetings. */
const MOST_OFF_MS = 5 * 60_000;

export function clockIsOff({ offsetMs }: Clock): boolean {
  return Math.abs(offsetMs) > MOST_OFF_MS;
}
