/** Encryption that is no longer safe: the data, and what is offered by it. */
import { createRequire } from 'node:module';
import type { NegotiatedAlgorithms } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import table from '../../assets/old-encryption.json' with { type: 'json' };
import { OLD_SSH, OLD_TLS, oldEncryptionSchema, WEAK_SSH } from '../../main/endpoints/transports/oldEncryption.ts';
import { offered, weaknessOf } from '../../main/endpoints/transports/ssh/algorithms.ts';
import { clientTls, isOldTls } from '../../main/endpoints/transports/tls/agreed.ts';

/** The library's own lists, which it shows to nobody. */
const names = z.array(z.string());
const library = z
  .object({
    SUPPORTED_KEX: names,
    SUPPORTED_CIPHER: names,
    SUPPORTED_SERVER_HOST_KEY: names,
    DEFAULT_KEX: names,
    DEFAULT_CIPHER: names,
    DEFAULT_SERVER_HOST_KEY: names,
  })
  .parse(createRequire(import.meta.url)('ssh2/lib/protocol/constants.js'));

describe('the data', () => {
  it('has a source and a confidence for each set, and is refused without', () => {
    const { ssh } = oldEncryptionSchema.parse(table);
    const [first] = ssh;
    expect(oldEncryptionSchema.safeParse({ ...table, ssh: [{ ...first, source: '' }] }).success).toBe(false);
    expect(oldEncryptionSchema.safeParse({ ...table, ssh: [{ ...first, confidence: 'sure' }] }).success).toBe(false);
    expect(oldEncryptionSchema.safeParse({ ...table, ssh: [{ ...first, names: ['a,b'] }] }).success).toBe(false);
  });

  it('names only what the SSH library can speak and does not offer by itself', () => {
    expect(library.SUPPORTED_KEX).toEqual(expect.arrayContaining(OLD_SSH.kex));
    expect(library.SUPPORTED_CIPHER).toEqual(expect.arrayContaining(OLD_SSH.cipher));
    expect(library.SUPPORTED_SERVER_HOST_KEY).toEqual(expect.arrayContaining(OLD_SSH.serverHostKey));
    const usual = [library.DEFAULT_KEX, library.DEFAULT_CIPHER, library.DEFAULT_SERVER_HOST_KEY].flat();
    expect(
      Object.values(OLD_SSH)
        .flat()
        .filter((name) => usual.includes(name)),
    ).toEqual([]);
    expect(usual).toEqual(expect.arrayContaining([...WEAK_SSH]));
  });
});

describe('what is offered', () => {
  it('has nothing old in it where nobody allowed that, and all of it last where somebody did', () => {
    expect(offered(false)).toEqual({});
    expect(offered(true)).toMatchObject({ kex: { append: OLD_SSH.kex }, cipher: { append: OLD_SSH.cipher } });
    expect(clientTls(false)).toEqual({});
    expect(clientTls(true)).toMatchObject({ minVersion: OLD_TLS.versions.oldest });
  });

  it('is told where it is agreed', () => {
    const [kex] = OLD_SSH.kex;
    if (!kex) throw new Error('no old key exchange in the data');
    const way: NegotiatedAlgorithms['cs'] = { cipher: 'aes128-ctr', mac: 'hmac-sha2-256', compress: 'none', lang: '' };
    const safe: NegotiatedAlgorithms = { kex: 'curve25519-sha256', serverHostKey: 'ssh-ed25519', cs: way, sc: way };
    expect(weaknessOf(safe)).toBeNull();
    expect(weaknessOf({ ...safe, kex })).toBe(`agreed ${kex}`);
    expect(weaknessOf({ ...safe, serverHostKey: 'ssh-rsa' })).toBe('agreed ssh-rsa');
    expect(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'].filter(isOldTls)).toEqual(['TLSv1', 'TLSv1.1']);
  });
});
