/** Jobs that speak to codecs outside of a migration: macros, one xAPI line, a recording. */
import { OtjError } from '../../contract/errors.ts';
import type { Parsed } from '../../contract/methods.ts';
import type { Room } from '../../site/rooms.ts';
import type { OpenSite } from '../openSite.ts';

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startMacros(_open: OpenSite, _room: Room): number {
  throw new OtjError('INTERNAL', 'not written yet');
}

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startXapi(
  _open: OpenSite,
  _wish: Omit<Parsed<'jobs.xapi'>, 'rooms'> & { rooms: readonly Room[] },
): number {
  throw new OtjError('INTERNAL', 'not written yet');
}

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startRecord(_open: OpenSite, _room: Room, _folder: string | null): number {
  throw new OtjError('INTERNAL', 'not written yet');
}
