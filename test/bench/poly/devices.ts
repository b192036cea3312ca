/** The bench's hold on its Poly devices in the other process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median } from '../cisco/figures.ts';
import type { FarDevice, FarKind, Ready, Used } from './deviceProcess.ts';

const PINGS = 25;

export class Devices {
  readonly all: readonly FarDevice[];
  private readonly child: ChildProcess;
  private readonly echo: Ready['echo'];
  private latencyMs = 0;

  private constructor(child: ChildProcess, { devices, echo }: Ready) {
    this.child = child;
    this.all = devices;
    this.echo = echo;
  }

  static async start(count: number, signal: AbortSignal): Promise<Devices> {
    const child = fork(fileURLToPath(new URL('./deviceProcess.ts', import.meta.url)), [String(count)], { signal });
    child.on('error', () => undefined);
    const died = once(child, 'exit').then(() => Promise.reject(new Error('the devices did not start')));
    died.catch(() => undefined);
    const [ready] = (await Promise.race([once(child, 'message'), died])) as [Ready];
    return new Devices(child, ready);
  }

  one(kind: FarKind): FarDevice {
    const found = this.all.find((device) => device.kind === kind);
    if (!found) throw new Error(`there is no ${kind}`);
    return found;
  }

  /** @returns how long a round trip takes from now on, milliseconds: timers are not exact */
  async moveAway(latencyMs: number): Promise<number> {
    this.latencyMs = latencyMs;
    await this.used();
    const socket = connect({ ...this.echo, host: this.echo.address, noDelay: true });
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

  /** @returns what the devices have used since this was asked last, or since they were moved */
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
