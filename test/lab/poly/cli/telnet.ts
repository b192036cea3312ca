/** Telnet on the API port: a password and no user name, then the shell. */
import type { Socket } from 'node:net';
import type { PolyCli } from '../../types.ts';
import type { CliDevice } from './device.ts';
import { Shell } from './shell.ts';

const EOL = '\r\n';
const PROMPT = 'Password:';
const MAX_TRIES = 3;
/** Text as known of the SSH side; how many tries there are here is the lab's guess. */
const FAILED = 'password failed';

/** The lab's words. */
const FULL = 'error: maximum number of sessions reached';

const IAC = 0xff;
const SUBNEGOTIATION = 0xfa;
const SUBNEGOTIATION_END = 0xf0;

export function serveTelnet(device: CliDevice, cli: PolyCli, socket: Socket): void {
  new TelnetUser(device, cli, socket).begin();
}

class TelnetUser {
  readonly #device: CliDevice;
  readonly #cli: PolyCli;
  readonly #socket: Socket;
  #shell: Shell | undefined;
  #typed = '';
  #tries = 0;

  constructor(device: CliDevice, cli: PolyCli, socket: Socket) {
    this.#device = device;
    this.#cli = cli;
    this.#socket = socket;
  }

  begin(): void {
    this.#socket.on('data', (bytes) => {
      if (!this.#device.faults.hung) this.#receive(withoutTelnet(bytes).toString('utf8'));
    });
    this.#socket.on('close', () => this.#shell?.close());
    this.#write(PROMPT);
  }

  #write(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  #receive(text: string): void {
    this.#typed += text;
    while (!this.#shell) {
      const at = this.#typed.search(/[\r\n]/);
      if (at < 0) return;
      const line = this.#typed.slice(0, at);
      this.#typed = this.#typed.slice(at + 1);
      // What is left of a return with a line feed.
      if (line !== '') this.#password(line);
    }
    this.#shell.receive(this.#typed);
    this.#typed = '';
  }

  #password(given: string): void {
    const { sessions, given: spec } = this.#device;
    const login = sessions.login(spec.admin.username, given, this.#socket.remoteAddress ?? '', 'telnet');
    const looks = !login.ok && this.#cli.user?.password === given;
    if (!login.ok && login.reason === 'full') {
      this.#write(`${FULL}${EOL}`);
      this.#socket.end();
      return;
    }
    if (!login.ok && !looks) {
      this.#write(`${FAILED}${EOL}`);
      if (++this.#tries >= MAX_TRIES) this.#socket.end();
      else this.#write(PROMPT);
      return;
    }
    const line = {
      write: (text: string) => this.#write(text),
      end: () => this.#socket.end(),
      cut: () => this.#socket.destroy(),
    };
    const who = login.ok
      ? { role: 'admin' as const, session: login.session }
      : { role: 'user' as const, session: undefined };
    this.#shell = new Shell(this.#device, this.#cli, line, { eol: EOL, ...who });
    this.#shell.greet();
  }
}

/** A client may negotiate; the device takes no notice (RFC 854: IAC, a verb, an option). */
function withoutTelnet(bytes: Buffer): Buffer {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== IAC) {
      if (byte !== 0) kept.push(byte);
    } else if (bytes[at + 1] === SUBNEGOTIATION) {
      while (at < bytes.length && bytes[at] !== SUBNEGOTIATION_END) at++;
    } else {
      at += 2;
    }
  }
  return Buffer.from(kept);
}
