/** The bench's hold on its codecs in the other process: how far they are, and how long a round trip really takes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FarCodec, Ready, Used } from './codecProcess.ts';
import { median } from './figures.ts';

const PINGS = 25;

export class Codecs {
  readonly all: readonly FarCodec[];
  private readonly child: ChildProcess;
  private readonly echo: Ready['echo'];
  private latencyMs = 0;

  private constructor(child: ChildProcess, { codecs, echo }: Ready) {
    this.child = child;
    this.all = codecs;
    this.echo = echo;
  }

  static async start(count: number, signal: AbortSignal): Promise<Codecs> {
    const child = fork(fileURLToPath(new URL('./codecProcess.ts', import.meta.url)), [String(count)], { signal });
    child.on('error', () => undefined);
    const died = once(child, 'exit').then(() => Promise.reject(new Error('the codecs did not start')));
    died.catch(() => undefined);
    const [ready] = (await Promise.race([once(child, 'message'), died])) as [Ready];
    return new Codecs(child, ready);
  }

  /** The one that is visited alone. */
  get one(): FarCodec {
    const [first] = this.all;
    if (!first) throw new Error('there is no codec');
    return first;
  }

  /** @returns how long a round trip takes from now on, milliseconds: timers are not exact */
  async moveAway(latencyMs: number): Promise<number> {
    this.latencyMs = latencyMs;
    await this.used();
    const socket = connect({ host: this.echo.address, port: this.echo.port, noDelay: true });
    // The first one makes the connection as well.
    socket.write('x');
    await once(socket, 'data');
    const trips: number[] = [];
    for (let ping = 0; ping < PINGS; ping++) {
      const began = performance.now();
      socket.write('x');
      await once(socket, 'data');
      trips.push(performance.now() - began);
    }
    socket.destroy();
    return median(trips);
  }

  /** @returns what the codecs have used since this was asked last, or since they were moved */
  async used(): Promise<Used> {
    const told = once(this.child, 'message');
    this.child.send(this.latencyMs);
    const [used] = (await told) as [Used];
    return used;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
