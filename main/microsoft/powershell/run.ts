/**
 * Runs PowerShell: its program by its whole path, its arguments one by one and never by a shell. What it starts is one tree of
 * processes, which a stop ends as a whole.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { OtjError } from '../../contract/errors.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';

/** How long the script may take to come to its own end once it is told to, before it is ended by force. Milliseconds. */
const GRACE_MS = 15_000;
/** Between one signal and the next. Milliseconds. */
const STEP_MS = 2_000;
/** A browser that a sign-in has opened may hold the output open long after the script has ended. Milliseconds. */
const TAIL_MS = 1_000;

export interface ShellWish {
  /** Whole path of the program. */
  path: string;
  args: readonly string[];
  /** Folder to run in; that of this program when absent. */
  cwd?: string;
  /** Stops it. */
  signal?: AbortSignal;
  /** It is stopped when it prints nothing for so long, milliseconds; absent = it may take any time. */
  quietMs?: number;
  graceMs?: number;
  line(line: TranscriptLine): void;
  /** Every line, also those beyond what `line` is told. */
  every?(line: TranscriptLine): void;
  /** Once it runs. */
  started?(pid: number): void;
}

export interface ShellEnd {
  /** null = a signal has ended it. */
  exitCode: number | null;
  ms: number;
  /** Lines that it printed, and those of them that were not told. */
  lines: number;
  dropped: number;
  /** It was told to stop, by `signal` or for its silence. */
  stopped: boolean;
  silent: boolean;
}

/** Resolves when it has ended, however that was. Throws PWSH_UNSTARTED. */
export async function runShell(wish: ShellWish): Promise<ShellEnd> {
  const { path, args, cwd, signal, quietMs, graceMs = GRACE_MS } = wish;
  const began = performance.now();
  const transcript = new Transcript(wish.line, wish.every);
  // No input: whatever asks something meets its end. A group of its own, so that all of it can be ended together.
  const child = spawn(path, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    ...{ env: environment(process.env), shell: false, windowsHide: true, detached: process.platform !== 'win32' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let silent = false;
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= endTree(child, ended, graceMs);
  };
  const quiet = quietMs === undefined ? null : setTimeout(beSilent, quietMs);
  function beSilent(): void {
    silent = true;
    stop();
  }
  for (const from of ['out', 'err'] as const)
    (from === 'out' ? child.stdout : child.stderr).on('data', (chunk: Buffer) => {
      quiet?.refresh();
      transcript.feed(from, chunk);
    });
  const closed = once(child, 'close').catch(() => undefined);
  // Should this program end at once, nothing of the other goes on behind its back.
  const last = () => {
    if (child.pid === undefined) return;
    if (process.platform === 'win32') spawnSync(...taskkill(child.pid));
    else toGroup(child.pid, 'SIGKILL');
  };
  process.once('exit', last);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  if (child.pid !== undefined) wish.started?.(child.pid);
  try {
    const [exitCode] = await ended;
    await stopping;
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, TAIL_MS).unref())]);
    transcript.end();
    const { lines, dropped } = transcript;
    return { exitCode, ms: performance.now() - began, lines, dropped, stopped: stopping !== null, silent };
  } catch (thrown) {
    throw new OtjError('PWSH_UNSTARTED', (thrown as Error).message, { cause: thrown });
  } finally {
    if (quiet) clearTimeout(quiet);
    signal?.removeEventListener('abort', stop);
    process.removeListener('exit', last);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Without anything of ours: secrets may come to this program by its environment, and settings of Node are no concern of others. */
function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(OTJ|NODE|ELECTRON|npm)_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    POWERSHELL_TELEMETRY_OPTOUT: '1',
    POWERSHELL_UPDATECHECK: 'Off',
  };
}

/** As Ctrl-C first, upon which a script still writes what it has done; then by force. On Windows there is only force. */
async function endTree(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') return killOnWindows(child.pid);
  const over = ended.then(
    () => true,
    () => true,
  );
  const within = (ms: number) =>
    Promise.race([over, new Promise<false>((resolve) => setTimeout(() => resolve(false), ms).unref())]);
  for (const [name, ms] of [
    ['SIGINT', graceMs],
    ['SIGTERM', graceMs === 0 ? 0 : STEP_MS],
  ] as const)
    if (ms > 0) {
      toGroup(child.pid, name);
      if (await within(ms)) break;
    }
  // What it has started and left behind as well.
  toGroup(child.pid, 'SIGKILL');
}

function toGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // There is nobody left in it.
  }
}

async function killOnWindows(pid: number): Promise<void> {
  await once(spawn(...taskkill(pid)), 'exit').catch(() => undefined);
}

/** Ends a process of Windows with all that it has started. */
function taskkill(pid: number): [string, string[], { stdio: 'ignore'; windowsHide: true }] {
  const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  return [program, ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }];
}
