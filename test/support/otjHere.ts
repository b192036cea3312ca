/**
 * `otj` in the test's own process: the same program, arguments, descriptors and output, without the half second of a core
 * that each start of it costs. What only a process can show wants `otj` of otj.ts: that the command ends by itself,
 * a signal or a kill, two at once, a fresh memory; and each command is started for real in some test.
 */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOtj } from '../../main/cli/program.ts';
import type { OtjRun } from './otj.ts';

let last: Promise<unknown> = Promise.resolve();
let files = 0;

/**
 * One at a time, as output and exit code belong to the process.
 * @param secrets for the descriptors that the arguments name, 3 first, as for `otj`
 */
export function otjHere(args: readonly string[], ...secrets: string[]): Promise<OtjRun> {
  const run = last.then(() => call(args, secrets));
  last = run.catch(() => undefined);
  return run;
}

async function call(args: readonly string[], secrets: readonly string[]): Promise<OtjRun> {
  const descriptors = secrets.map(descriptorOf);
  // A test counts them from 3 as in a new process, where this one has long given those numbers away.
  const own = args.map((arg, at) =>
    /^--[a-z-]+-fd$/.test(args[at - 1] ?? '') ? String(descriptors[Number(arg) - 3]) : arg,
  );
  const { stdout, stderr, restore } = taken(own);
  try {
    await runOtj(own);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    restore();
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** An open file with the secret that has no name any more. */
function descriptorOf(secret: string): number {
  const path = join(tmpdir(), `otj-secret-${process.pid}-${++files}`);
  writeFileSync(path, secret, { mode: 0o600 });
  const descriptor = openSync(path, 'r');
  rmSync(path);
  return descriptor;
}

/** What a command takes of its process, until it is given back. */
function taken(args: readonly string[]) {
  const { argv, exitCode } = process;
  const outputs = [process.stdout, process.stderr].map((stream) => {
    const said: string[] = [];
    const write = stream.write;
    stream.write = (chunk: string | Uint8Array) => said.push(String(chunk)) > 0;
    const giveBack = () => {
      stream.write = write;
    };
    return { said, giveBack };
  });
  const signals = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ signal, before: process.listeners(signal) }));
  process.argv = [...argv.slice(0, 1), 'otj', ...args];
  process.exitCode = undefined;
  return {
    stdout: outputs[0]?.said ?? [],
    stderr: outputs[1]?.said ?? [],
    restore() {
      for (const { giveBack } of outputs) giveBack();
      for (const { signal, before } of signals)
        for (const listener of process.listeners(signal)) if (!before.includes(listener)) process.off(signal, listener);
      process.argv = argv;
      process.exitCode = exitCode;
    },
  };
}
