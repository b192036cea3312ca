/** The SSH side of the Cisco driver against a server that is not ours: Debian's OpenSSH. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { Tsh } from '../../main/endpoints/cisco/ssh/tsh.ts';
import { NoLoginTried } from '../../main/endpoints/transports/loginOutcome.ts';
import { openShell } from '../../main/endpoints/transports/ssh.ts';
import { PLACE } from '../support/place.ts';
import { offers, PASSWORD, type Sshd, startSshd, whyNoSshd } from './sshd.ts';

const missing = whyNoSshd();
const NET = `127.62.${PLACE}`;
let hosts = 0;
const nextAddress = () => `${NET}.${++hosts}`;
const RSA = ['-t', 'rsa', '-b', '2048'];
const KEYBOARD = ['PasswordAuthentication no', 'KbdInteractiveAuthentication yes'];
const ONLY_PASSWORD = ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no'];

const sessions: Tsh[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

type Options = {
  username?: string;
  password?: string;
  legacy?: boolean;
  check?: (kind: string, sha256: string) => void;
};

async function login({ address, port }: Sshd, options: Options = {}): Promise<Tsh> {
  const { username = 'admin', password = PASSWORD, legacy = false, check = () => undefined } = options;
  const target = { address, sshPort: port, username, password, trust: { check }, timeoutMs: 30_000, legacy };
  const session = await Tsh.start(await openShell(target, new AbortController().signal), 30_000);
  sessions.push(session);
  return session;
}

async function refused(server: Sshd, options: Options = {}): Promise<OtjError> {
  const end = await login(server, options).catch((thrown: unknown) => thrown);
  if (!(end instanceof OtjError)) throw new Error(`it should have been refused:\n${server.log()}`);
  return end;
}

const product = (session: Tsh) => session.get('Status', 'SystemUnit ProductId');
const KIT = { Value: 'Cisco Room Kit' };
/** Logins that the server counted as failed, `none` left out as it does itself. */
const failures = (server: Sshd) =>
  server.log().match(/^(Failed (password|keyboard)|error: PAM: Authentication failure).*$/gm) ?? [];

describe.skipIf(missing !== null)(`OpenSSH's server${missing === null ? '' : ` (${missing})`}`, () => {
  it.each([
    ['keyboard-interactive', KEYBOARD],
    ['password', ONLY_PASSWORD],
    ['both', ['PasswordAuthentication yes', 'KbdInteractiveAuthentication yes']],
  ])('lets in and answers: %s', async (method, options) => {
    const server = await startSshd(nextAddress(), { options });
    const session = await login(server);
    expect(session.link).toEqual({ transport: 'ssh', weakness: null });
    expect(await Promise.all([product(session), product(session), product(session)])).toEqual([KIT, KIT, KIT]);
    const used = method === 'password' ? 'password' : 'keyboard-interactive/pam';
    expect(server.log()).toContain(`Accepted ${used} for admin`);
    expect(failures(server)).toEqual([]);
  });

  it.each(['aes128-gcm@openssh.com', 'aes256-ctr', 'chacha20-poly1305@openssh.com'])(
    'goes on with %s while new keys are agreed on again and again',
    async (cipher) => {
      const options = [`Ciphers ${cipher}`, 'RekeyLimit 64K none'];
      const server = await startSshd(nextAddress(), { options });
      let agreed = 0;
      const session = await login(server, { check: () => void agreed++ });
      const body = '0123456789abcde\n'.repeat(8192);
      for (let round = 0; round < 3; round++) {
        const { Hash } = await session.command('Macros Macro Save', { Name: 'otj' }, body);
        expect(await product(session)).toEqual(KIT);
        expect(Hash).toMatchObject({ Value: expect.any(String) });
      }
      expect(agreed).toBeGreaterThan(2);
    },
  );

  it('gets a text of 1 MB byte for byte, with everything in it that texts may hold', async () => {
    const session = await login(await startSshd(nextAddress()));
    const awkward = 'const a = "\\d\'`";\r\n.\n\tæøå 🎥\u2028\u0001\u007f\n{7} \nOK\n** end\n\n';
    for (const [index, body] of ['', awkward, awkward.repeat(20_000)].entries()) {
      const { Hash } = await session.command('Macros Macro Save', { Name: 'otj "x" \\ é' }, body);
      const line = `xCommand Macros Macro Save Name: "otj \\"x\\" \\\\ é" | resultId="${index + 1}"`;
      expect(Hash).toEqual({ Value: createHash('sha256').update(`${line}\n${body}\n`).digest('hex') });
    }
    expect(await product(session)).toEqual(KIT);
  });

  it.each([
    ['keyboard-interactive', KEYBOARD],
    ['password', ONLY_PASSWORD],
  ])('counts one failed login for a wrong password: %s', async (_name, options) => {
    const server = await startSshd(nextAddress(), { options });
    expect(await refused(server, { password: 'wrong' })).toMatchObject({ code: 'LOGIN_REFUSED' });
    await expect.poll(() => failures(server)).toHaveLength(1);
    await expect.poll(() => server.log()).toMatch(/Connection (closed|reset) by authenticating user admin/);
    expect(failures(server)).toHaveLength(1);
  });

  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', RSA],
    ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
  ])('is known by the fingerprint that ssh-keygen tells: %s', async (_name, key) => {
    const server = await startSshd(nextAddress(), { key });
    const asked: [string, string][] = [];
    await login(server, { check: (kind, sha256) => void asked.push([kind, sha256]) });
    expect(asked).toEqual([['ssh', server.fingerprint]]);
  });

  it('with another key than before gets no login', async () => {
    const known = await startSshd(nextAddress());
    const other = await startSshd(nextAddress());
    const check = (_kind: string, sha256: string) => {
      if (sha256 !== known.fingerprint) throw new OtjError('TRUST_CHANGED', sha256);
    };
    expect(await product(await login(known, { check }))).toEqual(KIT);
    expect(await refused(other, { check })).toMatchObject({ code: 'TRUST_CHANGED', words: other.fingerprint });
    await expect.poll(() => other.log()).toMatch(/(Connection (closed|reset) by|Disconnected from)/);
    expect(other.log()).not.toMatch(/user admin|for admin/);
  });

  it.each([
    ['kex', 'diffie-hellman-group14-sha1', 'KexAlgorithms'],
    ['kex', 'diffie-hellman-group-exchange-sha1', 'KexAlgorithms'],
    ['kex', 'diffie-hellman-group1-sha1', 'KexAlgorithms'],
    ['cipher', 'aes256-cbc', 'Ciphers'],
    ['cipher', '3des-cbc', 'Ciphers'],
    ['key', 'ssh-dss', 'HostKeyAlgorithms'],
  ] as const)('with nothing better than this %s needs to be allowed: %s', async (kind, name, option) => {
    if (!offers(kind, name)) return console.log(`not tried: this OpenSSH has no ${name}`);
    const key = name === 'ssh-dss' ? ['-t', 'dsa'] : RSA;
    const server = await startSshd(nextAddress(), { options: [`${option} ${name}`], key });
    const error = await refused(server);
    expect(error).toMatchObject({ code: 'LEGACY_NEEDED', words: expect.stringContaining(name) });
    expect(error).toBeInstanceOf(NoLoginTried);
    const session = await login(server, { legacy: true });
    expect(session.link.weakness).toBe(`agreed ${name}`);
    expect(await product(session)).toEqual(KIT);
  });

  it('that signs with SHA-1 only is let pass and told', async () => {
    const server = await startSshd(nextAddress(), { options: ['HostKeyAlgorithms ssh-rsa'], key: RSA });
    expect((await login(server)).link.weakness).toBe('agreed ssh-rsa');
  });

  it('with the best of today is agreed with, even where old encryption is allowed', async () => {
    expect((await login(await startSshd(nextAddress()), { legacy: true })).link.weakness).toBeNull();
  });

  it('with a warning to everybody lets in, and the warning is no reason', async () => {
    const banner = 'Authorised staff only.\nAccounts are locked after 5 failed logins.\n*r Login successful\n\nOK\n';
    const server = await startSshd(nextAddress(), { banner });
    expect(await product(await login(server))).toEqual(KIT);
    expect(await refused(server, { password: 'wrong' })).toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it.each([
    ['keyboard-interactive', KEYBOARD],
    ['password', ONLY_PASSWORD],
  ])('that wants a new passphrase gets none: %s', async (_name, options) => {
    const server = await startSshd(nextAddress(), { options });
    expect(await refused(server, { username: 'renew' })).toMatchObject({ code: 'PASSPHRASE_CHANGE' });
    expect(failures(server)).toEqual([]);
  });

  it.each([
    ['keyboard-interactive', KEYBOARD],
    ['password', ONLY_PASSWORD],
  ])('with an account that is over says so, and is asked once: %s', async (_name, options) => {
    const server = await startSshd(nextAddress(), { options });
    expect(await refused(server, { username: 'over' })).toMatchObject({ code: 'ACCOUNT_EXPIRED' });
    expect(server.log().match(/^Connection from /gm)).toHaveLength(1);
  });

  it('with no room for a session says so', async () => {
    const server = await startSshd(nextAddress(), { options: ['MaxSessions 0'] });
    expect(await refused(server)).toMatchObject({ code: 'SESSION_LIMIT' });
  });

  it('that takes keys only gets no login', async () => {
    const server = await startSshd(nextAddress(), {
      options: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
    });
    const error = await refused(server);
    expect(error).toMatchObject({ code: 'UNSUPPORTED', words: expect.stringContaining('publickey') });
    expect(error).toBeInstanceOf(NoLoginTried);
  });
});
