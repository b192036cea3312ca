/**
 * Debian's own OpenSSH server on a loopback address, as long as a test needs it. It runs in a mount namespace with copies
 * of the machine's user files, so that the users of the test exist for this server only.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const SSHD = '/usr/sbin/sshd';
/** Part of every Linux, so not among what the project asks for. */
const UNSHARE = 'unshare';
/** Made anew for each run, since a real login depends on it. */
export const PASSWORD = `R${randomBytes(12).toString('base64url')}"\\ 1`;
/** `admin` is healthy; the others have a passphrase that must be changed, and an account that is over. */
const USERS = ['admin', 'renew', 'over'] as const;
/** Not used by Debian for anything. */
const FIRST_UID = 63_100;

/** Why no server can be started here, or null. */
export function whyNoSshd(): string | null {
  if (process.platform !== 'linux') return "it is Debian's server that is started, and this is no Linux";
  if (process.getuid?.() !== 0) return 'only root can start it';
  try {
    accessSync(SSHD, constants.X_OK);
  } catch {
    return 'openssh-server is not installed';
  }
  try {
    execFileSync(UNSHARE, ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/run'], { stdio: 'ignore' });
  } catch {
    return 'there is no mount namespace to be had here';
  }
  return null;
}

/** What this server and client were built with: `kex`, `cipher`, `key`. */
export function offers(kind: 'kex' | 'cipher' | 'key', name: string): boolean {
  return run('ssh', ['-Q', kind]).split('\n').includes(name);
}

export interface Sshd {
  address: string;
  port: number;
  /** SHA-256 of the host key as `ssh-keygen` tells it, in hex. */
  fingerprint: string;
  /** What the server wrote, so far. */
  log(): string;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/**
 * @param options lines for its configuration beside the usual ones
 * @param key `ssh-keygen`'s words for the kind of host key
 */
export async function startSshd(
  address: string,
  { options = [], key = ['-t', 'ed25519'], banner }: { options?: string[]; key?: string[]; banner?: string } = {},
): Promise<Sshd> {
  const port = 4022;
  const folder = mkdtempSync(join(tmpdir(), 'otj-sshd-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const inFolder = (name: string, text?: string) => {
    if (text !== undefined) writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  copyFileSync(fileURLToPath(new URL('prompt.sh', import.meta.url)), inFolder('prompt.sh'));
  chmodSync(inFolder('prompt.sh'), 0o755);
  run('ssh-keygen', ['-q', '-N', '', ...key, '-f', inFolder('key')]);
  addUsers(inFolder);
  const config = [
    `ListenAddress ${address}:${port}`,
    `HostKey ${inFolder('key')}`,
    `ForceCommand /bin/sh ${inFolder('prompt.sh')}`,
    ...(banner === undefined ? [] : [`Banner ${inFolder('banner', banner)}`]),
    ...options,
    'UsePAM yes',
    'PidFile none',
    'StrictModes no',
    'AllowUsers admin renew over',
    'AllowTcpForwarding no',
    'X11Forwarding no',
    'PermitTTY no',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
  const pam = [
    'auth required pam_unix.so',
    'account required pam_unix.so',
    'session required pam_permit.so',
    'password required pam_unix.so',
    '',
  ].join('\n');
  const start = [
    'set -e',
    `mount --bind ${inFolder('passwd')} /etc/passwd`,
    `mount --bind ${inFolder('shadow')} /etc/shadow`,
    `mount --bind ${inFolder('pam', pam)} /etc/pam.d/sshd`,
    'mount -t tmpfs tmpfs /run',
    'mkdir -m 755 /run/sshd',
    `exec ${SSHD} -D -e -f ${inFolder('config', config)}`,
  ].join('\n');
  const child = spawn(UNSHARE, ['--mount', 'sh', '-c', start], { stdio: ['ignore', 'ignore', 'pipe'] });
  cleanups.push(() => end(child));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const listening = Promise.withResolvers<void>();
  child.stderr.on('data', () => log.includes('Server listening') && listening.resolve());
  child.on('exit', () => listening.reject(new Error(`sshd ended:\n${log}`)));
  await listening.promise;
  const [, fingerprint = ''] = run('ssh-keygen', ['-l', '-E', 'sha256', '-f', inFolder('key.pub')]).split(' ');
  return {
    address,
    port,
    fingerprint: Buffer.from(fingerprint.replace('SHA256:', ''), 'base64').toString('hex'),
    log: () => log,
  };
}

/** Copies of the machine's files, with the users of the test behind. */
function addUsers(inFolder: (name: string, text?: string) => string): void {
  const today = Math.floor(Date.now() / 86_400_000);
  // crypt(3) by way of perl, which every Debian has. The password goes in by standard input.
  const script = 'local $/; print crypt(<STDIN>, "\\$6\\$" . $ARGV[0])';
  const hash = run('perl', ['-e', script, randomBytes(6).toString('hex')], PASSWORD);
  const ages = { admin: [today, ''], renew: [0, ''], over: [today, today - 10] };
  const passwd = USERS.map((name, index) => `${name}:x:${FIRST_UID + index}:65534::/:/bin/sh`);
  const shadow = USERS.map((name) => `${name}:${hash}:${ages[name][0]}:0:99999:7::${ages[name][1]}:`);
  const inherited = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line && !USERS.some((name) => line.startsWith(`${name}:`)));
  inFolder('passwd', `${[...inherited('/etc/passwd'), ...passwd].join('\n')}\n`);
  inFolder('shadow', `${[...inherited('/etc/shadow'), ...shadow].join('\n')}\n`);
  // Everybody may read the first, as on any machine.
  chmodSync(inFolder('passwd'), 0o644);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

function run(program: string, args: string[], input = ''): string {
  return execFileSync(program, args, { input, encoding: 'utf8' });
}
