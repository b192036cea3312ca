/** Runs the real `otj` as a process, with secrets on file descriptors, as a script of a customer would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
/** These start other programs of the project, which a build has elsewhere. */
const FROM_SOURCE = new Set(['app', 'lab']);

export interface OtjRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command where `npm test` has made it, else the sources. */
export function program([command = '']: readonly string[]): string {
  return FROM_SOURCE.has(command) ? SOURCE : (process.env.OTJ_COMMAND ?? SOURCE);
}

/** @param secrets written to descriptors 3, 4, … in this order */
export function spawnOtj(
  args: readonly string[],
  secrets: readonly string[],
  output: 'pipe' | 'inherit' = 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, [program(args), ...args], {
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
