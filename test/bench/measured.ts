/** Runs a file of this project in a process of its own and tells what that process used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const usageSchema = z.object({ cpuMs: z.number(), peakMb: z.number() });

export interface Measured extends z.infer<typeof usageSchema> {
  code: number | null;
  stdout: string;
}

const USAGE = new URL('./usage.ts', import.meta.url).href;
const USAGE_FD = 4;
const COMPILED = fileURLToPath(new URL('../../test-output/compiled', import.meta.url));

/** @param secret readable on descriptor 3. Throws when the process dies or says nothing of its use. */
export async function runMeasured(
  file: URL,
  args: readonly string[],
  { secret = '', signal }: { secret?: string; signal: AbortSignal },
): Promise<Measured> {
  const child = spawn(process.execPath, ['--import', USAGE, fileURLToPath(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'],
    // As `otj` does, so that the sources are not compiled anew in each process; a build has none to compile.
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, OTJ_BENCH_USAGE_FD: String(USAGE_FD) },
    signal,
  });
  const secrets = child.stdio[3] as Writable;
  secrets.on('error', () => undefined);
  secrets.end(secret);
  const [stdout, usage, [code]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stdio[USAGE_FD] as Readable),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (!usage) throw new Error(`${args[0]} ended with ${code} and told nothing of its use`);
  return { code, stdout, ...usageSchema.parse(JSON.parse(usage)) };
}
