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
/** A site file may come from anywhere. Each that is kept was a run for real, so nobody comes near it. */
const MOST_FORMER = 500;
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
  former: z.array(oneSchema).max(MOST_FORMER).default([]),
});
export type NotedRun = z.infer<typeof runSchema>;
/** One of them by itself. */
export type NotedOne = z.infer<typeof oneSchema>;

/** null = none is under way, and none was cut off. */
export function notedRun(site: Site): NotedRun | null {
  return runSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** On disk when this returns. Of runs that are settled by it nothing stays behind, but for a script that still runs. Throws DISK. */
export function noteRun(site: Site, run: z.input<typeof runSchema> | null): void {
  const before = allOf(notedRun(site));
  site.keep(KEY, run);
  const left = new Set(allOf(notedRun(site)).map(({ folder }) => folder));
  for (const one of before) if (!left.has(one.folder) && !isAtIt(one)) removeFolder(folderOf(one));
}

/** One of the noted ones has come to this; null = it is settled. Throws DISK. */
export function noteOne(site: Site, { folder }: NotedOne, now: NotedOne | null): void {
  const all = allOf(notedRun(site));
  noteRun(site, lastOf(all.flatMap((one) => (one.folder === folder ? (now ?? []) : one))));
}

/**
 * A person gives up a result that could not be taken: it is deleted, and what that run has done is not known. Throws DISK.
 * @param at of the run that the person was shown
 * @returns the run; null = no such one is kept, and nothing was deleted
 */
export function dismissKept(site: Site, at: string): Pick<NotedRun, 'kind' | 'at'> | null {
  const kept = allOf(notedRun(site)).find((one) => one.cut === 'kept' && one.at === at);
  if (!kept) return null;
  noteOne(site, kept, { ...kept, cut: 'unknown', problem: null });
  removeFolder(folderOf(kept));
  return kept;
}

/** There is no secret in it, and the system clears its temporary folders: one that somebody else holds stays. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // It stays as it is.
  }
}

/**
 * A run that was cut off, as long as no whole result of such a script has come since. What a person can wait for, or do something
 * about, goes before what only another look settles.
 * @returns null also while one is under way
 */
export function cutOff(site: Site): AccessCut | null {
  const all = allOf(notedRun(site));
  if (all[0]?.cut === null) return null;
  const one = all.find(({ cut }) => cut === 'running') ?? all.find(({ cut }) => cut === 'kept') ?? all[0];
  if (!one?.cut) return null;
  const { kind, at, cut, problem } = one;
  return { kind, at, state: cut, problem, file: cut === 'kept' ? resultOf(folderOf(one)) : null };
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

/**
 * A whole result tells what is so at its time: it settles those runs of its kind that were over by then, whose result is not
 * still to come, and of which it is not known that they worked elsewhere. Nothing else does, but that a run's own result is taken,
 * or given up by a person. Throws DISK.
 * @param at of that result
 */
export function forgetCut(site: Site, kind: ScriptKind, at: string): void {
  const all = allOf(notedRun(site));
  const left = all.filter((one) => !isSettledBy(one, kind, Date.parse(at)));
  if (left.length < all.length) noteRun(site, lastOf(left));
}

/** Of these runs another result says nothing: it may be of another tenant, app or group than theirs. */
const OF_ELSEWHERE: ReadonlySet<string> = new Set(['RESULT_TENANT', 'RESULT_OLD', 'RESULT_FOREIGN']);

function isSettledBy(one: NotedOne, kind: ScriptKind, at: number): boolean {
  if (one.kind !== kind || one.cut === null || one.cut === 'running') return false;
  if (one.problem && OF_ELSEWHERE.has(one.problem.code)) return false;
  // It was at work from then on until it wrote its result last.
  const wrote = changedAt(resultOf(folderOf(one))) ?? 0;
  return Math.max(Date.parse(one.at), Math.floor(wrote)) <= at;
}

/** This one and the others that are not settled, as a later run keeps them. */
export function allOf(run: NotedRun | null): NotedOne[] {
  if (run === null) return [];
  const { former, ...own } = run;
  return [own, ...former];
}

/** Of those of a kind that no result is left of, the last one says it all: what settles it settles the others. */
function lastOf(runs: readonly NotedOne[]): NotedRun | null {
  const [last, ...former] = runs.filter(({ kind, cut }, index) => {
    const isBare = cut === 'told' || cut === 'unknown';
    return !isBare || !runs.slice(0, index).some((later) => later.kind === kind && later.cut === cut);
  });
  return last ? { ...last, former } : null;
}

/** What they had done is not known any more once the results of the scripts are not. */
export function forgetTold(site: Site): void {
  const all = allOf(notedRun(site));
  if (all.some(({ cut }) => cut === 'told'))
    noteRun(site, lastOf(all.map((one) => (one.cut === 'told' ? { ...one, cut: 'unknown' } : one))));
}

/**
 * Whether its PowerShell may still be at it: a process has its number, the computer was not started since, and its script has not
 * told that it is at its end, nor been quiet for longer than one is left to be. The number may be another's by then.
 */
export function isAtIt(run: NotedOne): boolean {
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
