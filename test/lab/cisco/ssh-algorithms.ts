/** What a codec offers in the handshake of SSH, by its age and its settings. */
import type { Algorithms } from 'ssh2';
import type { Codec } from './model.ts';
import { atLeast } from './version.ts';

/** [assumed]: what old software offers was never seen; these are what its time had. */
const LEGACY: Algorithms = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes128-cbc', '3des-cbc', 'aes256-cbc'],
  hmac: ['hmac-sha1', 'hmac-md5'],
};
const SHA1_TOO: Algorithms = { kex: { append: ['diffie-hellman-group14-sha1'], prepend: [], remove: [] } };

export function algorithms({ spec, version, settings }: Codec): Algorithms {
  if (spec.ssh?.legacyOnly) return LEGACY;
  // The release notes tell of a version without it, and of the setting that brought it back.
  const legacyToo = settings.get('NetworkServices SSH KeyExchangeAlgorithms AllowLegacy') === 'On';
  return legacyToo || !atLeast(version, 11, 17) ? SHA1_TOO : {};
}
