/** The practice site in a process of its own, as the demo, the fault tests and the benchmarks use it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface LabRoom {
  room: string;
  mailbox: string;
  address: string;
  serial: string;
  family: 'cisco' | 'poly';
  model: string;
  software: string;
}

/** The lab's own description of itself; see test/lab/control.ts. */
export interface LabDocument {
  control: string;
  ports: { ssh: number; https: number };
  infinity: {
    url: string;
    username: string;
    password: string;
    group: string;
    certificate: string;
    nodes: { fqdn: string; address: string; port: number }[];
  };
  logins: { cisco: { username: string; passphrase: string }; poly: { username: string; password: string } };
  sampleCsv: string;
  /** The list of this very lab; another file when it is not on the usual addresses. */
  roomsCsv: string;
  /** Every password and token that the lab has made. */
  secrets: string[];
  rooms: LabRoom[];
  trouble: Record<string, unknown>[];
}

export interface LabProcess {
  document: LabDocument;
  pid: number;
  /** Snapshots of all devices and of Infinity's entries. */
  state(): Promise<LabState>;
  post(path: string, body?: unknown): Promise<void>;
  stop(): Promise<void>;
}

export type LabState = Record<string, unknown>;

export async function startLab(flags: readonly string[]): Promise<LabProcess> {
  const main = fileURLToPath(new URL('../lab/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--json', ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const early = once(child, 'exit').then(([code]) => {
    throw new Error(`the lab ended before it was ready (exit ${code})`);
  });
  const first = await Promise.race([once(lines, 'line'), early]);
  early.catch(() => undefined);
  const document = JSON.parse(String(first[0])) as LabDocument;
  return {
    document,
    pid: child.pid ?? 0,
    async state() {
      const reply = await fetch(`${document.control}/state`);
      return (await reply.json()) as LabState;
    },
    async post(path, body) {
      const reply = await fetch(`${document.control}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      });
      if (!reply.ok) throw new Error(`lab ${path}: ${reply.status} ${await reply.text()}`);
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(kill);
    },
  };
}
