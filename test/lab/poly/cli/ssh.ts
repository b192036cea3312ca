/** SSH: user and password, then the same shell in a terminal that turns each return of its own into one more. */
import ssh2, { type Algorithms, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { Door } from '../../door.ts';
import { hostKey } from '../../host-key.ts';
import type { PolyCli } from '../../types.ts';
import type { Session } from '../sessions.ts';
import type { CliDevice } from './device.ts';
import { Shell } from './shell.ts';

const EOL = '\r\r\n';
const MAX_TRIES = 3;
/** What the device of that time offered was never seen; the lab takes what its server offered. */
const LEGACY: Algorithms = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes128-cbc', '3des-cbc', 'aes256-cbc'],
  hmac: ['hmac-sha1', 'hmac-md5'],
};

/** Made at the first connection: hundreds of idle devices should cost little. */
export function createSshServer(device: CliDevice, cli: PolyCli, door: Door): ssh2.Server {
  const server = new ssh2.Server({
    hostKeys: [hostKey(device.given, cli.legacyOnly)],
    ident: 'dropbear_2014.63',
    ...(cli.legacyOnly ? { algorithms: LEGACY } : {}),
  });
  server.on('connection', (connection, info) => {
    const socket = door.find(info.ip, info.port);
    serve(device, cli, connection, { location: info.ip, cut: () => socket?.destroy() });
  });
  return server;
}

type Who = { role: 'admin' | 'user'; session: Session | undefined } | 'refused in words';

function serve(
  device: CliDevice,
  cli: PolyCli,
  connection: Connection,
  { location, cut }: { location: string; cut(): void },
): void {
  let who: Who | undefined;
  let tries = 0;
  connection.on('error', () => {});
  connection.on('authentication', (context) => {
    if (device.faults.hung) return;
    withPassword(context, (password) => {
      who = login(device, cli, { username: context.username, password, location });
      if (who) {
        context.accept();
        return;
      }
      if (cli.sshRefusal === 'text') {
        who = 'refused in words';
        context.accept();
        return;
      }
      context.reject(METHODS);
      if (++tries >= MAX_TRIES) connection.end();
    });
  });
  connection.on('session', (accept) => {
    const session = accept();
    session.on('pty', (accepted) => accepted?.());
    session.on('env', (accepted) => accepted?.());
    session.on('window-change', (accepted) => accepted?.());
    session.on('exec', (_accept, reject) => reject?.());
    session.on('shell', (accepted) => {
      if (who) openShell(device, cli, { channel: accepted(), who, connection, cut });
    });
  });
  connection.on('close', () => {
    if (who && who !== 'refused in words' && who.session) device.sessions.end(who.session);
  });
}

const METHODS: ('password' | 'keyboard-interactive')[] = ['password', 'keyboard-interactive'];

function withPassword(context: AuthContext, take: (password: string) => void): void {
  if (context.method === 'password') take(context.password);
  else if (context.method === 'keyboard-interactive') {
    context.prompt([{ prompt: 'Password:', echo: false }], (answers) => {
      if (Array.isArray(answers)) take(answers[0] ?? '');
    });
  } else context.reject(METHODS);
}

function login(
  device: CliDevice,
  cli: PolyCli,
  { username, password, location }: { username: string; password: string; location: string },
): Exclude<Who, string> | undefined {
  const { user } = cli;
  if (user && username === user.username && password === user.password && !device.sessions.isLocked(username, 'ssh')) {
    return { role: 'user', session: undefined };
  }
  const done = device.sessions.login(username, password, location, 'ssh');
  return done.ok ? { role: 'admin', session: done.session } : undefined;
}

function openShell(
  device: CliDevice,
  cli: PolyCli,
  { channel, who, connection, cut }: { channel: ServerChannel; who: Who; connection: Connection; cut(): void },
): void {
  channel.on('error', () => {});
  const write = (text: string): void => {
    if (channel.writable) channel.write(text);
  };
  const end = (): void => {
    channel.exit(0);
    channel.end();
    connection.end();
  };
  if (who === 'refused in words') {
    write(`password failed${EOL}`);
    end();
    return;
  }
  const shell = new Shell(device, cli, { write, end, cut }, { eol: EOL, ...who });
  shell.greet();
  channel.on('data', (bytes: Buffer) => {
    if (!device.faults.hung) shell.receive(bytes.toString('utf8'));
  });
  channel.on('end', end);
  channel.on('close', () => shell.close());
}
