/** The key of a device that is on no list: shown to a person, or compared with one that was given. */
import confirm from '@inquirer/confirm';
import { OtjError } from '../contract/errors.ts';
import type { ShownKey } from '../services/record.ts';
import { clean, type Output } from './output.ts';
import { hasTerminal } from './secrets.ts';

/** A SHA-256 from the command line, with or without colons. Throws USAGE. */
export function fingerprint(text: string): string {
  const sha256 = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new OtjError('USAGE', `not a SHA-256 in hex: ${text}`);
  return sha256;
}

/**
 * @param given the key that it must be; null = a person is asked
 * Throws DECLINED; TRUST_CHANGED for another key than the given one; USAGE where there is nobody to be asked.
 */
export async function assertKey(
  out: Output,
  address: string,
  { kind, sha256 }: ShownKey,
  given: string | null,
): Promise<void> {
  if (given === sha256) return;
  if (given !== null) throw new OtjError('TRUST_CHANGED', `${kind}: given ${given}, shown ${sha256}`);
  out.say(`${clean(address)} shows this ${kind === 'ssh' ? 'SSH key' : 'certificate'}; no login was sent to it yet:`);
  out.say(`    SHA-256   ${sha256}`);
  out.emit({ type: 'key', address, kind, sha256 });
  if (!hasTerminal()) throw new OtjError('USAGE', 'nobody can be asked whether the key is right: give --pin SHA256');
  if (await confirm({ message: 'Log in to the device with this key?', default: false })) return;
  throw new OtjError('DECLINED', 'the key was not accepted');
}
