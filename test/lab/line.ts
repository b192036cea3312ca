/**
 * A line to a device that takes its time, below SSH and TLS, so that a key exchange takes its round trips like everything
 * else. It is made here because the kernel need not have such a device.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface Line {
  /** Of a round trip, milliseconds; may change while connections are open. */
  latencyMs: number;
  /** @param port of the device that somebody has connected to */
  connected(port: number): void;
}

/**
 * Hands a new connection of a device on, as it is at the device's end of the line. A connection is made at once, by the
 * system: so it is the first byte that waits until it would have been.
 */
export function atItsEnd(socket: Socket, line: Line | undefined, take: (socket: Socket) => void): void {
  if (!line) {
    take(socket);
    return;
  }
  line.connected(socket.localPort ?? 0);
  // What whoever takes it needs of a socket is here.
  later(line, () => take(new FarEnd(socket, line) as Duplex as Socket));
}

/** Timers of one length end in the order in which they began. */
function later(line: Line, action: () => void): void {
  if (line.latencyMs > 0) setTimeout(action, line.latencyMs);
  else action();
}

/** Bytes come in at once and go out late. */
class FarEnd extends Duplex {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly remoteFamily: string | undefined;
  readonly #near: Socket;
  readonly #line: Line;

  constructor(near: Socket, line: Line) {
    super({ allowHalfOpen: false });
    const { remoteAddress, remotePort, remoteFamily } = near;
    Object.assign(this, { remoteAddress, remotePort, remoteFamily });
    this.#near = near;
    this.#line = line;
    // What is still on its way goes out although the other side has ended.
    near.allowHalfOpen = true;
    near.on('data', (bytes) => {
      if (!this.push(bytes)) near.pause();
    });
    near.on('end', () => this.push(null));
    near.on('close', () => this.destroy());
    this.on('error', () => {});
  }

  override _read(): void {
    this.#near.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    later(this.#line, () => this.#near.write(bytes));
    done();
  }

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(pieces.map(({ chunk }) => chunk)), 'latin1', done);
  }

  override _final(done: () => void): void {
    later(this.#line, () => this.#near.end());
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    later(this.#line, () => this.#near.destroy());
    done(error);
  }

  /** As of a socket: once what was written has gone out. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  setNoDelay(): this {
    return this;
  }
}
