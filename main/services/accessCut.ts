/**
 * The run of an access script, on disk from before it begins until its result is noted. One that is still there when nobody works on
 * the site was cut off: this program ended before it, by a crash or because it was told to at once. One whose result could not be
 * taken stays as well, with its file.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type AccessCut, accessCutSchema, accessRunModeSchema, type ScriptKind } from '../contract/microsoft/access.ts';
import { LARGEST, readResult } from '../microsoft/result.ts';
import type { Site } from '../site/site.ts';

const KEY = 'microsoft.run';
/** Name of the file in which the script tells what it has done. */
const RESULT = 'result.json';
/** One cmdlet takes up to 15 minutes, and a sign-in may wait for a person. Milliseconds. */
export const QUIET_MS = 30 * 60_000;
/** Begins the name of the folder of a run; six letters follow, which the system chooses. */
export const FOLDER = 'otj-access-';
const oneSchema = z.object({
  ...{ kind: accessCutSchema.shape.kind, mode: accessRunModeSchema, at: z.iso.datetime() },
  /** Below the system's folder for temporary files. The site file may come from anywhere: what it names is removed only by this form. */
  folder: z.string().regex(new RegExp(`^${FOLDER}[A-Za-z0-9]{6}$`)),
  /** Of PowerShell; null = it was not started yet. */
  pid: z.int().positive().nullable(),
  /** null = it is under way, as far as is known. */
  cut: accessCutSchema.shape.state.nullable(),
  /** Why its result, which stands in its folder, was not taken. */
  problem: accessCutSchema.shape.problem.default(null),
});
const runSchema = oneSchema.extend({
  /** Others that were cut off before and are not settled, the last one first. */
  former: z.array(oneSchema).max(10).default([]),
});
export type NotedRun = z.infer<typeof runSchema>;

/** null = none is under way, and none was cut off. */
export function notedRun(site: Site): NotedRun | null {
  return runSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** On disk when this returns. Of runs that are settled by it nothing stays behind. Throws DISK. */
export function noteRun(site: Site, run: z.input<typeof runSchema> | null): void {
  const before = allOf(notedRun(site));
  site.keep(KEY, run);
  const left = new Set(allOf(notedRun(site)).map(({ folder }) => folder));
  for (const one of before) if (!left.has(one.folder)) removeFolder(folderOf(one));
}

/**
 * A person gives up the result that could not be taken: it is deleted, and what that run has done is not known. Throws DISK.
 * @returns false = none is kept
 */
export function dismissKept(site: Site): boolean {
  const run = notedRun(site);
  if (run?.cut !== 'kept') return false;
  noteRun(site, { ...run, cut: 'unknown', problem: null });
  removeFolder(folderOf(run));
  return true;
}

/** There is no secret in it, and the system clears its temporary folders: one that somebody else holds stays. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // It stays as it is.
  }
}

/** The run that was cut off, as long as no whole result of such a script has come since. */
export function cutOff(site: Site): AccessCut | null {
  const run = notedRun(site);
  if (!run?.cut) return null;
  const { kind, at, cut, problem } = run;
  return { kind, at, state: cut, problem, file: cut === 'kept' ? resultOf(folderOf(run)) : null };
}

export function folderOf({ folder }: Pick<NotedRun, 'folder'>): string {
  return join(tmpdir(), folder);
}

/** @param folder of a run */
export function scriptOf(folder: string): string {
  return join(folder, 'otj-access.ps1');
}

/** @param folder of a run */
export function resultOf(folder: string): string {
  return join(folder, RESULT);
}

/** A whole result of the same kind of script tells what is so now. */
export function forgetCut(site: Site, kind: ScriptKind): void {
  const run = notedRun(site);
  if (run?.cut) noteRun(site, lastOf(besides(allOf(run), kind)));
}

/** This one and the others that are not settled, as a later run keeps them. */
export function allOf(run: NotedRun | null): NotedRun['former'] {
  if (run === null) return [];
  const { former, ...own } = run;
  return [own, ...former];
}

/** Without those of a kind: a later run of it tells more. */
export function besides(runs: NotedRun['former'], kind: ScriptKind): NotedRun['former'] {
  return runs.filter((one) => one.kind !== kind);
}

export function lastOf([last, ...former]: NotedRun['former']): NotedRun | null {
  return last ? { ...last, former } : null;
}

/** What it had done is not known any more once the results of the scripts are not. */
export function forgetTold(site: Site): void {
  const run = notedRun(site);
  if (run?.cut === 'told') noteRun(site, { ...run, cut: 'unknown' });
}

/**
 * Whether its PowerShell may still be at it: a process has its number, the computer was not started since, and its script has not
 * told that it is at its end, nor been quiet for longer than one is left to be. The number may be another's by then.
 */
export function isAtIt(run: NotedRun): boolean {
  const { pid, at } = run;
  if (pid === null || Date.parse(at) < Date.now() - uptime() * 1000) return false;
  const folder = folderOf(run);
  const lastTold = changedAt(resultOf(folder)) ?? changedAt(scriptOf(folder));
  if (lastTold === null || lastTold < Date.now() - QUIET_MS || isAtItsEnd(resultOf(folder))) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Milliseconds since 1970; null = it is not there, or nobody can see it. */
function changedAt(file: string): number | null {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return null;
  }
}

/** One that cannot be read says nothing. */
function isAtItsEnd(resultFile: string): boolean {
  try {
    return statSync(resultFile).size <= LARGEST && readResult(readFileSync(resultFile)).complete;
  } catch {
    return false;
  }
}
