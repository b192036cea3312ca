/** What TLS is agreed with a codec's web server, and why none may be; real handshakes on loopback. */
import { getDiffieHellman } from 'node:crypto';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { offeredTls, provesLogin } from '../../main/endpoints/cisco/apiLogin.ts';
import { openHttp } from '../../main/endpoints/transports/http.ts';
import { NoLoginTried } from '../../main/endpoints/transports/loginOutcome.ts';
import { codeOf, PASSWORD, start, told, uptime, Web } from './cisco-web.ts';

/** The 1024 bit group of RFC 2409 in PEM form. */
function shortGroup(): string {
  const prime = getDiffieHellman('modp2').getPrime();
  // DER: SEQUENCE { INTEGER prime, INTEGER 2 }; the prime's highest bit is set, so a zero goes before it.
  const der = Buffer.concat([
    Buffer.from([0x30, 0x81, 0x87, 0x02, 0x81, 0x81, 0x00]),
    prime,
    Buffer.from([0x02, 0x01, 0x02]),
  ]);
  return `-----BEGIN DH PARAMETERS-----\n${der.toString('base64')}\n-----END DH PARAMETERS-----\n`;
}

describe('old encryption', () => {
  const OLD = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

  it.each(['TLSv1', 'TLSv1.1'] as const)(
    'such as %s is agreed only where it is allowed, and told',
    async (maxVersion) => {
      const web = await Web.start(undefined, { ...OLD, maxVersion });
      const error = await told(() => start(web.target()));
      expect(error).toMatchObject({ code: 'LEGACY_NEEDED', words: expect.stringContaining(`agreed ${maxVersion}`) });
      expect(error).toBeInstanceOf(NoLoginTried);
      expect(web.requests).toEqual([]);
      const api = await start(web.target({ legacy: true }));
      expect(api.link.weakness).toBe(`agreed ${maxVersion}`);
      expect(await uptime(api)).toBe('7');
      await api.close();
      expect(await offeredTls(web.target())).toBe(maxVersion);
    },
  );

  it('such as a cipher with a short key exchange is agreed only where it is allowed, and told', async () => {
    // OpenSSL has no such key exchange with an EC key.
    const rsa = await generate([{ name: 'commonName', value: 'codec' }], { keySize: 2048, algorithm: 'sha256' });
    const web = await Web.start(undefined, {
      key: rsa.private,
      cert: rsa.cert,
      maxVersion: 'TLSv1.2',
      ciphers: 'DHE-RSA-AES128-GCM-SHA256@SECLEVEL=0',
      dhparam: shortGroup(),
    });
    expect(await codeOf(() => start(web.target()))).toBe('LEGACY_NEEDED');
    const api = await start(web.target({ legacy: true }));
    expect(api.link.weakness).toBe('agreed a 1024 bit Diffie-Hellman key');
    await api.close();
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is not agreed where %s is there, allowed or not', async (version) => {
    const web = await Web.start(undefined, { ...OLD, maxVersion: version });
    for (const legacy of [false, true]) {
      const api = await start(web.target({ legacy }));
      expect(api.link.weakness).toBeNull();
      await api.close();
    }
    expect(await offeredTls(web.target())).toBe(version);
  });

  it('is looked for only at the device that is known', async () => {
    const web = await Web.start(undefined, { ...OLD, maxVersion: 'TLSv1.1' });
    const trust = {
      check() {
        throw new OtjError('TRUST_CHANGED', 'tls: known aa, shown bb');
      },
    };
    expect(await codeOf(() => offeredTls(web.target({ trust })))).toBe('TRUST_CHANGED');
  });

  it('is too old for Infinity, whatever is allowed', async () => {
    const web = await Web.start(undefined, { ...OLD, maxVersion: 'TLSv1.1' });
    const target = web.target({ legacy: true });
    expect(await codeOf(() => provesLogin(target, { username: 'otj', password: PASSWORD }))).toBe('TLS_TOO_OLD');
    expect(web.requests).toEqual([]);
  });

  it('is not what another failure is taken for', async () => {
    const web = await Web.start();
    const link = openHttp({
      address: web.address,
      port: 9,
      timeoutMs: 2_000,
      legacy: false,
      tls: { pin: web.target().trust },
    });
    expect(await codeOf(() => link.request({ method: 'GET', path: '/' }))).toBe('UNREACHABLE');
    expect(link.tls).toBeNull();
    await link.close();
    expect(await codeOf(() => offeredTls(web.target({ httpsPort: 9 })))).toBe('UNREACHABLE');
  });
});

describe('a client certificate', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('that is demanded over %s is told', async (version) => {
    const web = await Web.start(undefined, {
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
    });
    for (let turn = 0; turn < 5; turn++) expect(await codeOf(() => start(web.target()))).toBe('CLIENT_CERTIFICATE');
    if (version === 'TLSv1.2') expect(await codeOf(() => offeredTls(web.target()))).toBe('CLIENT_CERTIFICATE');
    expect(web.requests).toEqual([]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('that is only asked for over %s is not needed', async (version) => {
    const web = await Web.start(undefined, {
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
    });
    const api = await start(web.target());
    expect(await uptime(api)).toBe('7');
    await api.close();
  });
});
