/** The window as it was built, in a folder of its own, and the process that serves it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { WINDOW_FOLDER } from '../../../main/hosts/pages.ts';
import { answers, type Question } from './host.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** Builds the window if it is older than its sources, and copies it: nobody builds it anew while it is measured. */
export async function builtWindow(folder: string): Promise<void> {
  // The scripts run before anything is installed and so are plain JavaScript, of which TypeScript knows nothing.
  const scripts: { buildStale(node: string, parts: string[], say: (line: string) => void): Promise<void> } =
    await import(new URL('../../../scripts/lib/build.js', import.meta.url).href);
  await scripts.buildStale(process.execPath, ['window'], () => undefined);
  cpSync(WINDOW_FOLDER, folder, { recursive: true });
}

export interface HostOptions {
  site: string;
  /** The built window. */
  folder: string;
  userData: string;
  /** Room events a second of the synthetic run. */
  rate: number;
}

/** One question at a time. */
export class HostProcess {
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  /** Resolves when it answers. Throws when it ends before. */
  static async start({ site, folder, userData, rate }: HostOptions, signal: AbortSignal): Promise<HostProcess> {
    const child = fork(HOST, [site, folder, userData, `${rate}`], { execArgv: [], signal });
    // An abort ends the child and is seen where the bench waits for it.
    child.on('error', () => undefined);
    const host = new HostProcess(child);
    await host.message();
    return host;
  }

  async ask<Q extends Question>(question: Q): Promise<z.infer<(typeof answers)[Q]>> {
    const told = this.message();
    this.child.send(question);
    return answers[question].parse(await told) as z.infer<(typeof answers)[Q]>;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    await ended;
  }

  private message(): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const lost = (code: number | null) => reject(new Error(`the host's process ended with ${code}`));
    this.child.once('exit', lost);
    this.child.once('message', (message) => {
      this.child.off('exit', lost);
      resolve(message);
    });
    return promise;
  }
}
