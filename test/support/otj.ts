/** Runs the real `otj` as a process, with secrets on file descriptors, as a script of a customer would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

let program = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

/**
 * From now on this test file runs the command as it is shipped, in one file: it starts in a third of the processor time,
 * which counts where it is started a hundred times.
 */
export async function useBuiltOtj(): Promise<void> {
  // Plain JavaScript that runs before anything is installed; it has no types of its own.
  const build: { buildStale(node: string, parts: 'command'[], say: () => void): Promise<void> } = await import(
    new URL('../../scripts/lib/build.js', import.meta.url).href
  );
  await build.buildStale(process.execPath, ['command'], () => undefined);
  program = fileURLToPath(new URL('../../dist/otj.js', import.meta.url));
}

export interface OtjRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param secrets written to descriptors 3, 4, … in this order */
export function spawnOtj(
  args: readonly string[],
  secrets: readonly string[],
  output: 'pipe' | 'inherit' = 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', output, output, ...secrets.map(() => 'pipe' as const)],
  });
  for (const [at, secret] of secrets.entries()) {
    const pipe = child.stdio[3 + at] as Writable;
    // A command that ends before it reads its secrets closes the pipe; that is its own affair.
    pipe.on('error', () => undefined);
    pipe.end(secret);
  }
  return child;
}

export async function otj(args: readonly string[], ...secrets: string[]): Promise<OtjRun> {
  const child = spawnOtj(args, secrets);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The JSON lines that a command with --json printed. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
