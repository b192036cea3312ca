/**
 * Runs an access script on this computer, where PowerShell and its module are installed. It looks first; for real it runs only the
 * script that was looked at. What came of it is what the script's own result says, read as one that came by hand.
 */
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { asOtjError, type Effect, OtjError } from '../contract/errors.ts';
import {
  type AccessResult,
  type AccessRun,
  type AccessRunMode,
  type AccessRunWay,
  type AccessScript,
  accessRunWaySchema,
  guidSchema,
  type PowerShell,
  type ScriptKind,
  scriptKindSchema,
} from '../contract/microsoft/access.ts';
import { findPowerShell } from '../microsoft/powershell/find.ts';
import { runShell } from '../microsoft/powershell/run.ts';
import type { TranscriptLine } from '../microsoft/powershell/transcript.ts';
import { LARGEST } from '../microsoft/result.ts';
import { scriptBytes } from '../microsoft/script.ts';
import type { Site } from '../site/site.ts';
import { knownTenant, noteSigned, scriptShown, takeResult } from './access.ts';
import {
  allOf,
  FOLDER,
  folderOf,
  isAtIt,
  type NotedOne,
  notedRun,
  noteOne,
  noteRun,
  QUIET_MS,
  removeFolder,
  resultOf,
  scriptOf,
} from './accessCut.ts';

const KEY = 'microsoft.look';
/** The script that was looked at last, and how it was run. */
const lookSchema = z.object({
  ...{ id: z.string(), kind: scriptKindSchema, sha256: z.string(), beforeAllMoved: z.boolean(), at: z.string() },
  way: accessRunWaySchema,
  /** Where that was; empty = it is not known. */
  tenant: z
    .union([z.literal(''), guidSchema])
    .catch('')
    .default(''),
});
export type AccessLook = z.infer<typeof lookSchema>;

/** What the script prints of a change that it leaves, and what PowerShell itself prints of one. */
const WOULD = /^(?:WOULD {3}|What if: )/;

export interface AccessRunWish {
  script: Pick<AccessScript, 'id' | 'kind' | 'sha256'>;
  mode: AccessRunMode;
  way: AccessRunWay;
  beforeAllMoved: boolean;
  technician: string;
  /** As readyPowerShell() has found it; absent = it is looked for. */
  shell?: { path: string };
  signal: AbortSignal;
  line(line: TranscriptLine): void;
  /** How long it may print nothing, and how long it may take to end once it is told to, milliseconds. */
  quietMs?: number;
  graceMs?: number;
}

/** Of a script that ran for real and whose own word is missing. */
const APPLIED: Effect[] = [{ step: 'script', what: 'The changes of the script', outcome: 'unknown' }];

/** The script that may be run for real; null = none was looked at. */
export function accessLook(site: Site): AccessLook | null {
  return lookSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** Throws PWSH_MISSING, PWSH_MODULE, PWSH_UNSTARTED, CANCELLED. */
export async function readyPowerShell(signal?: AbortSignal): Promise<PowerShell & { path: string }> {
  const shell = await findPowerShell(signal);
  if (shell.path === null) throw new OtjError('PWSH_MISSING');
  if (shell.state === 'broken') throw new OtjError('PWSH_UNSTARTED', shell.words);
  if (shell.state !== 'ready')
    throw new OtjError('PWSH_MODULE', `PowerShell ${shell.version}, module ${shell.module ?? 'none'}`);
  return { ...shell, path: shell.path };
}

/**
 * What can be known to be wrong before anything runs. Throws PWSH_LOOK_FIRST, USAGE, and what scriptShown() throws.
 */
export function assertRunnable(
  site: Site,
  wish: Pick<AccessRunWish, 'script' | 'mode' | 'way' | 'beforeAllMoved'>,
): AccessScript {
  const { script, mode, way } = wish;
  const look = accessLook(site);
  const isLookedAt = look?.id === script.id && look.kind === script.kind && look.sha256 === script.sha256;
  if (mode === 'apply' && !isLookedAt) throw new OtjError('PWSH_LOOK_FIRST');
  if (mode === 'apply' && look && look.way.createGroup !== way.createGroup)
    throw new OtjError('PWSH_LOOK_FIRST', 'it was looked at with another word on the group');
  if (mode === 'apply' && look?.tenant && look.tenant !== (knownTenant(site) ?? look.tenant))
    throw new OtjError('PWSH_LOOK_FIRST', 'it was looked at in another tenant');
  if (mode === 'apply' && script.kind === 'remove' && !way.consentRemoved)
    throw new OtjError('USAGE', 'the consent of the old app must be taken away in Microsoft Entra ID first');
  return scriptShown(site, wish);
}

/**
 * Takes in what runs that were cut off have left, and clears away after them; what cannot be taken in is kept, and asked for again the
 * next time. The site is the caller's, by its lock. Throws DISK.
 */
export function takeCut(site: Site): void {
  const isOpen = ({ cut }: NotedOne) => cut !== 'told' && cut !== 'unknown';
  // The first one first: what is told of a later one stands then.
  const folders = allOf(notedRun(site)).filter(isOpen).reverse();
  for (const { folder } of folders) {
    // One that was taken may have settled others.
    const one = allOf(notedRun(site)).find((noted) => noted.folder === folder);
    if (one) takeOne(site, one);
  }
}

function takeOne(site: Site, run: NotedOne): void {
  const folder = folderOf(run);
  if (existsSync(folder) && isAtIt(run)) {
    noteOne(site, run, { ...run, cut: 'running' });
    return;
  }
  const { result, unread } = taken(site, resultOf(folder), { stopped: true, silent: false, exitCode: null });
  // A look has changed nothing, whatever became of it. What a whole result settles besides, takeResult() has seen to.
  const isOver = run.mode === 'look' || result?.complete === true;
  const why = isOver ? null : (unread?.toProblem() ?? null);
  if (!why) removeFolder(folder);
  const cut = why ? 'kept' : result ? 'told' : 'unknown';
  noteOne(site, run, isOver ? null : { ...run, cut, problem: why });
}

/** The same for whoever only looks at the site: while a process is at work on it, the run may be that one's. Throws DISK. */
export function seeCut(site: Site): void {
  if (notedRun(site) === null || site.isBusy()) return;
  try {
    site.takeLock();
  } catch (thrown) {
    if (asOtjError(thrown).code === 'SITE_BUSY') return;
    throw thrown;
  }
  try {
    takeCut(site);
  } finally {
    site.releaseLock();
  }
}

/**
 * The script is signed off by that. What it did before it failed or was stopped is in `result`. Throws PWSH_RUNNING, what
 * readyPowerShell() and assertRunnable() throw, and DISK; nothing was run then.
 */
export async function runAccess(site: Site, wish: AccessRunWish): Promise<AccessRun> {
  const { mode, way, technician, signal, quietMs = QUIET_MS, graceMs } = wish;
  const script = assertRunnable(site, wish);
  const { id, kind, sha256 } = script;
  const looked = mode === 'apply' ? accessLook(site)?.tenant : undefined;
  const tenant = looked || knownTenant(site);
  // For real it ends where the tenant cannot be read, so a module that told none at the look is not asked to.
  const bound = looked === '' ? null : tenant;
  const { path } = wish.shell ?? (await readyPowerShell(signal));
  takeCut(site);
  const before = allOf(notedRun(site));
  const other = before.find(({ cut }) => cut === 'running');
  if (other) throw new OtjError('PWSH_RUNNING', `process ${other.pid}`);
  noteSigned(site, script, technician);
  const folder = privateFolder();
  const noted: NotedOne = {
    ...{ kind, mode, folder: basename(folder), pid: null, cut: null, problem: null },
    at: new Date().toISOString(),
  };
  let kept: NotedOne | null = null;
  try {
    const file = scriptOf(folder);
    const resultFile = resultOf(folder);
    put(file, scriptBytes(script.text));
    noteRun(site, { ...noted, former: before });
    let would = 0;
    const end = await runShell({
      ...(graceMs === undefined ? {} : { graceMs }),
      // Not in the folder itself: a browser that the sign-in starts would stay in it, and Windows removes no folder that is in use.
      ...{
        path,
        cwd: tmpdir(),
        signal,
        quietMs,
        args: argumentsOf({ file, resultFile, kind, mode, way, tenant: bound }),
      },
      line: wish.line,
      started: (pid) => attempt(() => noteOne(site, noted, { ...noted, pid })),
      every({ text }) {
        if (WOULD.test(text)) would++;
      },
    });
    const { result, problem, unread } = taken(site, resultFile, end, tenant);
    const isSeen = mode === 'look' && !end.stopped && end.exitCode === 0 && result !== null && problem === null;
    const at = new Date().toISOString();
    const { beforeAllMoved } = wish;
    // It may be the only word of what was changed: a person can read it, or take it in once what stands in the way is mended.
    if (mode === 'apply' && unread) kept = { ...noted, cut: 'kept', problem: unread.toProblem() };
    if (isSeen)
      site.keep(KEY, { id, kind, sha256, way, at, beforeAllMoved, tenant: result.tenant } satisfies AccessLook);
    const { exitCode, stopped, lines, dropped } = end;
    const ms = Math.round(end.ms);
    return {
      id,
      scriptKind: kind,
      mode,
      exitCode,
      ms,
      stopped,
      would,
      lines,
      dropped,
      result,
      kept: kept && resultFile,
      problem: problem && { ...problem.toProblem(), ...(mode === 'apply' ? { effects: APPLIED } : {}) },
    };
  } finally {
    // What it has settled of earlier ones is off the note already.
    attempt(() => noteOne(site, noted, kept));
    if (kept === null) removeFolder(folder);
  }
}

interface Arguments {
  file: string;
  resultFile: string;
  kind: ScriptKind;
  mode: AccessRunMode;
  way: AccessRunWay;
  /** Where it is to run; null = in any. */
  tenant: string | null;
}

/**
 * Each is one argument, whatever it holds. Without -NonInteractive: a sign-in in the browser or by a code is interactive, and some
 * versions of the sign-in libraries ask for that. Nothing can be typed all the same, because there is no input.
 */
export function argumentsOf(
  { file, resultFile, kind, mode, way, tenant }: Arguments,
  platform = process.platform,
): string[] {
  const { signIn, user, createGroup, consentRemoved } = way;
  return [
    '-NoLogo',
    '-NoProfile',
    // Windows runs no script by itself; one of this computer needs no signature then. A policy of the company goes before it.
    ...(platform === 'win32' ? ['-ExecutionPolicy', 'RemoteSigned'] : []),
    ...['-File', file],
    // Without -Apply it changes nothing; -WhatIf is the second lock.
    mode === 'apply' ? '-Apply' : '-WhatIf',
    ...(createGroup && kind !== 'remove' ? ['-CreateGroup'] : []),
    ...(consentRemoved && kind === 'remove' ? ['-ConsentRemoved'] : []),
    ...(user === null ? [] : ['-UserPrincipalName', user]),
    signIn === 'device-code' ? '-Device' : '-Browser',
    ...(tenant === null ? [] : ['-Tenant', tenant]),
    ...['-ResultPath', resultFile],
  ];
}

/**
 * What the script has left of itself, and what is wrong where that is not all.
 * @returns `unread`: why a result that it has left, or may have left, was not taken
 */
function taken(
  site: Site,
  file: string,
  end: { stopped: boolean; silent: boolean; exitCode: number | null },
  tenant?: string | null,
): { result: AccessResult | null; problem: OtjError | null; unread: OtjError | null } {
  const silent = end.silent ? new OtjError('PWSH_SILENT') : null;
  const how = end.stopped ? 'it was stopped' : `exit code ${end.exitCode}`;
  try {
    const size = onDisk(() => statSync(file, { throwIfNoEntry: false })?.size);
    if (size === undefined) throw new OtjError('PWSH_NO_RESULT', how);
    if (size > LARGEST) throw new OtjError('RESULT_UNREADABLE', 'the file is too large');
    return {
      result: takeResult(
        site,
        onDisk(() => readFileSync(file)),
        tenant,
      ),
      problem: silent,
      unread: null,
    };
  } catch (thrown) {
    const error = asOtjError(thrown);
    return { result: null, problem: silent ?? error, unread: error.code === 'PWSH_NO_RESULT' ? null : error };
  }
}

/** For this person's eyes only. Throws DISK. */
function privateFolder(): string {
  return onDisk(() => mkdtempSync(join(tmpdir(), FOLDER)));
}

/** What came of the run is worth more than a note that is not written, or a folder that somebody else holds. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // It stays as it is.
  }
}

function put(path: string, bytes: Buffer): void {
  onDisk(() => writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' }));
}

function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
}
