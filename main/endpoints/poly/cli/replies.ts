/**
 * Reads lines of the command line of RealPresence Group. Pure and total.
 * Facts: command table of a Group 500 (release 6.2.2.8) and public control drivers for the family.
 */

/** What one line is, to somebody who waits for the answer to `command`. */
export type CliLine =
  /** What was sent, told back. */
  | { kind: 'echo' }
  /** The root word of the command and what it says; quotes around the value are taken off. */
  | { kind: 'answer'; value: string }
  /** `words` is what stands behind `error:`. */
  | { kind: 'error'; words: string }
  /** Came unasked, or belongs to something else. */
  | { kind: 'other' };

/** Beginnings of what a device says unasked, in between anything else. */
const UNASKED = /^(notification:|control event:|cs:|active:|ended:)/i;
/** With or without a blank behind the colon, and with one before it for a sub command. */
const ERROR = /^error:\s*(.*)$/i;
/** A short sign before the command, where a device shows one. */
const PROMPT = /^\S{0,40}[>#$%]\s*/;

/** Whether a line came unasked: a notification. */
export function isUnasked(line: string): boolean {
  return UNASKED.test(line);
}

/** @param line whole, without blanks around it. @param command as sent, without the end of its line */
export function judgeLine(line: string, command: string): CliLine {
  if (UNASKED.test(line)) return { kind: 'other' };
  const error = ERROR.exec(line);
  if (error) return { kind: 'error', words: error[1] ?? '' };
  const bare = line.replace(PROMPT, '');
  if (bare === command) return { kind: 'echo' };
  const root = rootOf(command);
  if (bare.toLowerCase() === root) return { kind: 'answer', value: '' };
  if (bare.slice(0, root.length + 1).toLowerCase() === `${root} `)
    return { kind: 'answer', value: unquoted(bare.slice(root.length + 1)) };
  return { kind: 'other' };
}

/** The first word of a command, lower case. */
export function rootOf(command: string): string {
  return (/^\S+/.exec(command)?.[0] ?? '').toLowerCase();
}

/** The value as it is meant: without blanks and without one pair of quotes around it. */
function unquoted(text: string): string {
  const value = text.trim();
  return /^".*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/** What kind of refusal an error line is. */
export type CliRefusal = 'unknown' | 'rights' | 'unfit';

/** Texts of the device's table of results. */
export function judgeError(words: string): CliRefusal {
  if (/command not found|not supported|sub command .* not found/i.test(words)) return 'unknown';
  return /permission denied/i.test(words) ? 'rights' : 'unfit';
}

/** The label of a line of `whoami` and its value. */
const LABELS: readonly [keyof Whoami, RegExp][] = [
  ['model', /^model\s*:\s*(.*)$/i],
  ['serial', /^serial number\s*:\s*(.*)$/i],
  ['software', /^software version\s*:\s*(.*)$/i],
  ['systemName', /\bname is\s*:\s*(.*)$/i],
  ['localTime', /^local time is\s*:\s*(.*)$/i],
];

export interface Whoami {
  model: string;
  serial: string;
  software: string;
  systemName: string;
  /** In the device's own words. */
  localTime: string;
}

/** What `whoami` tells; what it leaves out is empty. @param lines of its answer */
export function parseWhoami(lines: readonly string[]): Whoami {
  const found: Whoami = { model: '', serial: '', software: '', systemName: '', localTime: '' };
  for (const line of lines)
    for (const [key, pattern] of LABELS) {
      const value = pattern.exec(line)?.[1];
      if (value !== undefined) found[key] ||= unquoted(value);
    }
  return found;
}

/** The last line of the banner, by public adapters; where it does not come, quiet must do. */
export const WHOAMI_END = /^snmp enabled\s*:/i;

/** Release out of `Release - 6.2.2.8-670021` or `Release 6.2.2`; the whole text where there is none. */
export function versionIn(text: string): string {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? text.trim();
}
