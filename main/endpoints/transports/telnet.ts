/**
 * A line of text over telnet (RFC 854). Nothing of it is encrypted and nobody proves who he is: it is used only where a
 * technician has said so for that device. Own code, because the maintained library wants a prompt that these devices do
 * not have and brings two placeholder packages, and the other one's licence (AGPL) does not go with this program.
 */
import { connect } from 'node:net';
import { OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';
import { createRedactor } from '../redact.ts';
import { NoLoginTried } from './loginOutcome.ts';
import type { Shell } from './ssh/shell.ts';
import { Utf8Pieces } from './ssh/utf8Pieces.ts';

type Target = Pick<EndpointTarget, 'address' | 'telnetPort' | 'password' | 'timeoutMs'>;

/** Where Group devices listen unless somebody has changed it (`apiport`). */
const TELNET_PORT = 24;

const WEAKNESS = 'telnet: nothing is encrypted, the passwords neither, and the device does not prove who it is';

/**
 * Opens the connection; the login is the caller's, who sees the device's question.
 * @throws OtjError UNREACHABLE, TIMEOUT, CANCELLED, all before any login was tried
 */
export function openTelnet(target: Target, signal: AbortSignal): Promise<Shell> {
  const { address, telnetPort = TELNET_PORT, password, timeoutMs } = target;
  const where = `${address}:${telnetPort}`;
  const { promise, resolve, reject } = Promise.withResolvers<Shell>();
  const redactor = createRedactor();
  redactor.add(password);
  const clean = (words: string) => redactor.clean(words);
  const closeListeners: ((reason: OtjError) => void)[] = [];
  let gone: OtjError | null = null;
  if (signal.aborted) return Promise.reject(new OtjError('CANCELLED'));

  const socket = connect({ host: address, port: telnetPort, noDelay: true });
  const lost = (reason: OtjError) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    if (gone) return;
    gone = reason;
    reject(reason);
    for (const listener of closeListeners) listener(reason);
    socket.destroy();
  };
  const cancel = () => lost(new OtjError('CANCELLED'));
  const timer = setTimeout(() => lost(new NoLoginTried('TIMEOUT', where)), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });

  let connected = false;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const words = `${where} ${error.code ?? ''}`.trim();
    lost(connected ? new OtjError('CONNECTION_LOST', words) : new NoLoginTried('UNREACHABLE', words));
  });
  socket.on('close', () => lost(new OtjError('CONNECTION_LOST', `${where} the device hung up`)));
  socket.on('connect', () => {
    connected = true;
    clearTimeout(timer);
    // From here on the caller decides where work may stop: a command under way is never cut off.
    signal.removeEventListener('abort', cancel);
    resolve({
      weakness: WEAKNESS,
      clean,
      write: (text) => void socket.write(text),
      onText(listener) {
        const filter = new TelnetFilter();
        const pieces = new Utf8Pieces();
        socket.on('data', (bytes: Buffer) => {
          const { data, reply } = filter.push(bytes);
          if (reply.length > 0) socket.write(reply);
          const text = pieces.push(data);
          if (text) listener(text);
        });
      },
      onClose: (listener) => (gone ? listener(gone) : void closeListeners.push(listener)),
      close() {
        const reason = new OtjError('CANCELLED', 'closed by us');
        if (gone) return;
        gone = reason;
        for (const listener of closeListeners) listener(reason);
        socket.end();
        // A device that keeps its half open holds nobody up.
        setTimeout(() => socket.destroy(), CLOSE_MS).unref();
      },
    });
  });
  return promise;
}

/** How long the other side may take to hang up as well, milliseconds. */
const CLOSE_MS = 1_000;

const IAC = 255;
const [WILL, WONT, DO, DONT] = [251, 252, 253, 254];
const [SB, SE] = [250, 240];

/**
 * Takes the telnet commands out of what a device sends, and says no to every option that it asks for or offers: plain
 * text needs none. Pure and total; of a command that is cut nothing is kept but where it stands.
 */
export class TelnetFilter {
  private state: 'text' | 'command' | 'option' | 'inside' | 'inside command' = 'text';
  private verb = 0;
  /** Options that were answered; each only once, so that nobody can keep the two sides saying no for ever. */
  private readonly answered = new Set<number>();

  /** @param bytes cut anywhere */
  push(bytes: Buffer): { data: Buffer; reply: Buffer } {
    if (this.state === 'text' && !bytes.includes(IAC)) return { data: bytes, reply: Buffer.alloc(0) };
    const data = Buffer.alloc(bytes.length);
    const reply: number[] = [];
    let size = 0;
    for (const byte of bytes) if (this.take(byte, reply)) data[size++] = byte;
    return { data: data.subarray(0, size), reply: Buffer.from(reply) };
  }

  /** @returns whether the byte is text */
  private take(byte: number, reply: number[]): boolean {
    switch (this.state) {
      case 'text':
        if (byte !== IAC) return true;
        this.state = 'command';
        return false;
      case 'command':
        this.state = byte === SB ? 'inside' : byte >= WILL && byte <= DONT ? 'option' : 'text';
        this.verb = byte;
        return byte === IAC;
      case 'option':
        this.state = 'text';
        this.refuse(byte, reply);
        return false;
      case 'inside':
        if (byte === IAC) this.state = 'inside command';
        return false;
      case 'inside command':
        this.state = byte === SE ? 'text' : 'inside';
        return false;
    }
  }

  private refuse(option: number, reply: number[]): void {
    if (this.verb !== WILL && this.verb !== DO) return;
    const key = this.verb * 256 + option;
    if (this.answered.has(key)) return;
    this.answered.add(key);
    reply.push(IAC, this.verb === WILL ? DONT : WONT, option);
  }
}
