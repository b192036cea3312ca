/**
 * Whether this computer has PowerShell 7 and the module that speaks to Exchange. Programs are taken by their whole path only: a
 * folder of PATH that is not one, such as the current folder, is passed by.
 */
import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { z } from 'zod';
import table from '../../../assets/microsoft/powershell.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import type { PowerShell } from '../../contract/microsoft/access.ts';
import { LOOK } from '../templates.ts';
import { runShell } from './run.ts';

const version = z.string().regex(/^\d{1,9}(\.\d{1,9}){1,3}/);
const TABLE = z
  .object({
    needs: z.array(z.object({ module: version, powershell: version })),
    places: z.object({ win32: z.array(z.string()), darwin: z.array(z.string()), linux: z.array(z.string()) }),
  })
  .parse(table);
/** The module is looked for in all folders of modules, which takes a cold computer its time. Milliseconds. */
const LOOK_MS = 90_000;
/** Begins the line with what was found; whatever else a profile or a policy prints is passed by. */
const MARK = 'otj-powershell ';
const toldSchema = z.object({ powershell: version, modules: z.preprocess((one) => [one].flat(), z.array(version)) });

export interface Machine {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

const HERE: Machine = { platform: process.platform, env: process.env };

/** Whole paths where it may be, in the order in which they are tried. */
export function candidates({ platform, env }: Machine): string[] {
  const isWindows = platform === 'win32';
  const { delimiter, isAbsolute, join } = isWindows ? win32 : posix;
  const places = isWindows ? TABLE.places.win32 : platform === 'darwin' ? TABLE.places.darwin : TABLE.places.linux;
  const usual = places.flatMap((place) => {
    const path = place.replaceAll(/%(\w+)%/g, (_, name: string) => variable(env, name, isWindows) ?? '');
    return isAbsolute(path) && !path.startsWith('\\') ? [path] : [];
  });
  const folders = (variable(env, 'PATH', isWindows) ?? '')
    .split(delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter((folder) => isAbsolute(folder) && !(isWindows && /^[\\/]/.test(folder)));
  const named = folders.map((folder) => join(folder, isWindows ? 'pwsh.exe' : 'pwsh'));
  return [...new Set([...named, ...usual])];
}

/** Names of variables have no case on Windows, and a copy of the environment forgets that. */
function variable(env: Machine['env'], name: string, isWindows: boolean): string | undefined {
  if (!isWindows) return env[name];
  return Object.entries(env).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Asks the first one that is there; changes nothing. Throws CANCELLED. */
export async function findPowerShell(signal?: AbortSignal, machine: Machine = HERE): Promise<PowerShell> {
  const path = candidates(machine).find((one) => isProgram(one, machine.platform));
  if (path === undefined) return { state: 'none', path: null, version: null, module: null, words: '' };
  const lines: string[] = [];
  const limit = AbortSignal.timeout(LOOK_MS);
  const end = await runShell({
    ...{ path, args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', LOOK.trim().replaceAll(/\r?\n/g, '; ')] },
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    graceMs: 0,
    line: ({ text }) => void lines.push(text),
  }).catch((thrown: unknown) => {
    if (thrown instanceof OtjError && thrown.code === 'PWSH_UNSTARTED') return thrown;
    throw thrown;
  });
  if (signal?.aborted) throw new OtjError('CANCELLED');
  const broken = (words: string): PowerShell => ({ state: 'broken', path, version: null, module: null, words });
  if (end instanceof OtjError) return broken(end.words ?? '');
  const told = toldIn(lines);
  if (!told)
    return broken(limit.aborted ? `no answer in ${LOOK_MS / 1000} s` : (lines.at(-1) ?? `exit ${end.exitCode}`));
  return { path, words: '', ...judged(told) };
}

function toldIn(lines: readonly string[]): z.infer<typeof toldSchema> | undefined {
  const line = lines.findLast((one) => one.startsWith(MARK))?.slice(MARK.length) ?? '';
  try {
    return toldSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function judged({ powershell, modules }: z.infer<typeof toldSchema>): Pick<PowerShell, 'state' | 'version' | 'module'> {
  // Of several, PowerShell takes the newest.
  const [module] = modules.toSorted((a, b) => compare(b, a));
  if (module === undefined) return { state: 'no-module', version: powershell, module: null };
  const need = TABLE.needs.find((one) => compare(module, one.module) >= 0);
  const isFit = !need || compare(powershell, need.powershell) >= 0;
  return { state: isFit ? 'ready' : 'module-unfit', version: powershell, module };
}

function compare(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => text.split(/[.-]/, 4).map(Number));
  for (let at = 0; at < 4; at++) {
    const difference = (one?.[at] || 0) - (other?.[at] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isProgram(path: string, platform: NodeJS.Platform): boolean {
  try {
    // The Store's programs on Windows are links that only the system can follow.
    if (platform === 'win32') return !lstatSync(path).isDirectory();
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
