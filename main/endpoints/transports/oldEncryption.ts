/** Encryption that is no longer safe, as the data names it: what may be offered where somebody allowed it, and what is told. */
import type { CipherAlgorithm, KexAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import { z } from 'zod';
import table from '../../../assets/old-encryption.json' with { type: 'json' };

const name = z.string().regex(/^[\w.@+-]{1,64}$/);
const names = z.array(name).min(1);
const proven = { source: z.string().min(1), confidence: z.enum(['seen', 'assumed']) };
const tlsVersion = z.enum(['TLSv1', 'TLSv1.1']);

export const oldEncryptionSchema = z.strictObject({
  about: z.string(),
  /** Best first, of each kind. */
  ssh: z.array(z.strictObject({ kind: z.enum(['kex', 'serverHostKey', 'cipher']), names, ...proven })),
  /** Weak, but offered to every device. */
  agreedUnasked: z.array(z.strictObject({ names, ...proven })),
  tls: z.strictObject({
    versions: z.strictObject({ oldest: tlsVersion, old: names, ...proven }),
    /** `openssl`: what its list of ciphers is set to; `old`: parts of the names of ciphers. */
    ciphers: z.strictObject({
      openssl: z.string().min(1),
      old: z.array(z.string().regex(/^[A-Z0-9]+$/)).min(1),
      shortestSafeDhBits: z.int().positive(),
      ...proven,
    }),
  }),
});

const { ssh, agreedUnasked, tls } = oldEncryptionSchema.parse(table);

function sshNames(kind: (typeof ssh)[number]['kind']): string[] {
  return ssh.filter((one) => one.kind === kind).flatMap((one) => one.names);
}

/** The library's types know the names of its own algorithms; a test holds the data to those. */
export const OLD_SSH = {
  kex: sshNames('kex') as KexAlgorithm[],
  serverHostKey: sshNames('serverHostKey') as ServerHostKeyAlgorithm[],
  cipher: sshNames('cipher') as CipherAlgorithm[],
} as const;

export const WEAK_SSH: readonly string[] = agreedUnasked.flatMap((one) => one.names);

export const OLD_TLS = tls;
