/**
 * How a try to get into a device may end, as far as all transports share it. What the texts of devices mean is [assumed]
 * here: no source shows them, so every pattern stands in this one place.
 */
import { OtjError } from '../../contract/errors.ts';

/** Longest text of a device that is told to people. */
const TOLD_CHARS = 200;
const LOCKED = /\b(un)?(lock|block)/i;
const EXPIRED = /expir|\binactive|\bdisabled|not active/i;
const NEW_PASSPHRASE =
  /(password|passphrase) (change|update) (is )?required|(must|need to|has to) (change|update|set)|\bnew (password|passphrase)/i;
const SESSIONS = /session/i;
const TOO_MANY = /max|limit|too many/i;
/** A limit of tries speaks of sessions as well, and is a word on the login. */
const OF_LOGINS = /attempt|passw|passphrase|\blog-?ins?\b|\bsign-?ins?\b/i;
const TWICE =
  /\bduplicate(d)? (session|login|sign-?in)|session (already|exists|is open)|already (logged|signed) (in|on)|another session/i;

/** The way to the device failed before any login was tried on it, so that another way may be tried. */
export class NoLoginTried extends OtjError {}

/** A device that says so is there: another way would meet the same, or must not be tried. */
const THERE: readonly string[] = ['TRUST_CHANGED', 'SESSION_LIMIT', 'CANCELLED'];

/** Whether a way into a device is not there at all, so that no password went out and another one may be tried. */
export function isNoWay(error: OtjError): boolean {
  return error instanceof NoLoginTried && !THERE.includes(error.code);
}

/**
 * A refused login as an error: ACCOUNT_LOCKED or ACCOUNT_EXPIRED when the device says so, else LOGIN_REFUSED.
 * @param said what the device said about this try; not its general greeting, which may speak of locks as well
 * @param where address and port
 */
export function loginRefused(said: string, where: string): OtjError {
  const words = told(said);
  if (LOCKED.test(words)) return new OtjError('ACCOUNT_LOCKED', `${where} ${words}`);
  if (EXPIRED.test(words)) return new OtjError('ACCOUNT_EXPIRED', `${where} ${words}`);
  return new OtjError('LOGIN_REFUSED', words ? `${where} ${words}` : where);
}

/**
 * Whether the device says that no more sessions are allowed. Where it may speak of failed logins it does not: a refused
 * login that passes for a matter of sessions would be tried on the next device as well.
 */
export function tellsSessionLimit(said: string): boolean {
  return SESSIONS.test(said) && TOO_MANY.test(said) && !OF_LOGINS.test(said);
}

/** Whether the device says that this user is in it already and may not be twice. */
export function tellsDuplicate(said: string): boolean {
  return TWICE.test(said);
}

/** Whether the device asks for a new passphrase. */
export function demandsPassphrase(said: string): boolean {
  return NEW_PASSPHRASE.test(said);
}

/** Words of a device for people: one line, no control characters, bounded. */
export function told(said: string): string {
  return said
    .slice(0, 4 * TOLD_CHARS)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, TOLD_CHARS);
}
