/** The SSH side of a codec: logins and sessions; the shell itself is tsh. */
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { holdKeys } from '../../../main/endpoints/transports/ssh/heldKeys.ts';
import type { Door } from '../door.ts';
import { hostKey } from '../host-key.ts';
import { afterLatency } from './delivery.ts';
import type { Codec } from './model.ts';
import type { Session } from './sessions.ts';
import { algorithms } from './ssh-algorithms.ts';
import { SshAuth } from './ssh-auth.ts';
import { Tsh } from './tsh.ts';
import { Tty } from './tty.ts';
import type { Account } from './users.ts';

/** [assumed]: the login succeeds, and this comes in place of the greeting. */
const SESSION_LIMIT = 'The maximum number of sessions is reached\n';
/** Somebody was here before the lab began. */
const LAST_LOGIN = { address: '10.0.0.5', time: '2022-01-11 09:00:00' };
const CLEAR_META_MODE = '\x1b[?1034h';

/** Made at the first connection: a thousand idle devices should cost little. */
export function createSshServer(codec: Codec, door: Door): ssh2.Server {
  const banner = codec.banners.signIn;
  const server = new ssh2.Server({
    hostKeys: [hostKey(codec.spec, codec.spec.ssh?.legacyOnly)],
    ident: codec.spec.ssh?.legacyOnly ? 'OpenSSH_5.8' : 'OpenSSH_9.3',
    algorithms: algorithms(codec),
    ...(banner === '' ? {} : { banner }),
  });
  server.on('connection', (connection, info) => new SshConnection(codec, door, connection, info));
  return server;
}

class SshConnection {
  readonly #codec: Codec;
  readonly #connection: Connection;
  readonly #info: ssh2.ClientInfo;
  readonly #cut: () => void;
  #account: Account | undefined;
  #session: Session | undefined;

  constructor(codec: Codec, door: Door, connection: Connection, info: ssh2.ClientInfo) {
    this.#codec = codec;
    this.#connection = connection;
    this.#info = info;
    const socket = door.find(info.ip, info.port);
    // Replies that wait side by side may all be cut.
    let isCut = false;
    this.#cut = () => {
      if (!isCut) socket?.destroySoon();
      isCut = true;
    };
    connection.on('error', () => {});
    // Of the library and not of a codec: many devices share this computer with whoever is measured.
    connection.on('handshake', () => holdKeys(connection));
    const auth = new SshAuth(
      codec,
      (account) => this.#welcome(account),
      () => connection.end(),
    );
    connection.on('authentication', (context) => auth.take(context));
    connection.on('session', (accept) => this.#openSession(accept()));
    connection.on('close', () => this.#close());
  }

  #welcome(account: Account): void {
    this.#account = account;
    // What was asked before is answered before the end.
    const hangUp = () => afterLatency(this.#codec, () => setImmediate(() => this.#connection.end()));
    this.#session = this.#codec.sessions.open(account.username, 'SSH', this.#info.ip, hangUp);
  }

  #openSession(session: ssh2.Session): void {
    let pty = false;
    session.on('pty', (accept) => {
      pty = true;
      accept?.();
    });
    session.on('env', (accept) => accept?.());
    session.on('window-change', (accept) => accept?.());
    session.on('shell', (accept) => this.#openShell(accept(), pty));
  }

  #openShell(channel: ServerChannel, pty: boolean): void {
    channel.on('error', () => {});
    const account = this.#account;
    if (!account || !this.#session) {
      channel.end(SESSION_LIMIT);
      this.#connection.end();
      return;
    }
    const write = (bytes: Buffer) => {
      if (channel.writable) channel.write(pty ? withReturns(bytes) : bytes);
    };
    const end = () => {
      channel.exit(0);
      channel.end();
      this.#connection.end();
    };
    const tsh = new Tsh(this.#codec, account, { write, end, cut: this.#cut });
    if (pty) write(Buffer.from(CLEAR_META_MODE));
    tsh.greet(account.lastLogin ?? LAST_LOGIN);
    account.lastLogin = { address: this.#info.ip, time: new Date().toISOString().replace('T', ' ').slice(0, 19) };
    const tty = new Tty({
      line: (bytes) => tsh.receive(bytes),
      show: (text) => write(Buffer.from(text)),
      hangUp: end,
      echo: () => tsh.echo,
    });
    channel.on('data', (bytes: Buffer) => (pty ? tty.receive(bytes) : tsh.receive(bytes)));
    channel.on('end', () => {
      if (channel.writable) channel.end();
    });
  }

  #close(): void {
    if (this.#session) this.#codec.sessions.close(this.#session.id);
    this.#session = undefined;
  }
}

/** As a terminal driver does on output; byte by byte, since a reply may be cut inside a character. */
function withReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
