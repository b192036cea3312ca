/** What `otj cisco exec` and `otj cisco shell` have in common. */
import { readFileSync } from 'node:fs';
import type { Identity } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { clean, type Output } from './output.ts';

/** The text that goes with a line, byte for byte. Throws USAGE. */
export function readBody(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (thrown) {
    throw new OtjError('USAGE', `${path} cannot be read as text (UTF-8)`, { cause: thrown });
  }
}

export function deviceWords({ model, software, serial }: Identity): string {
  return clean([model, software, serial].filter(Boolean).join(', '));
}

/** The reply as JSON, one line of it at a time. */
export function printReply(out: Output, reply: unknown, indent = ''): void {
  if (reply === null) out.say(`${indent}(nothing there)`);
  else for (const line of JSON.stringify(reply, null, 2).split('\n')) out.say(indent + clean(line));
}
