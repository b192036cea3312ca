/** A run of an access script that was cut off: what it left is found, kept and told. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { localTime } from '../../main/report/words.ts';
import { accessView, makeScript, noteSigned, setAccess } from '../../main/services/access.ts';
import { noteRun } from '../../main/services/accessCut.ts';
import { seeCut } from '../../main/services/accessRun.ts';
import { Site } from '../../main/site/site.ts';
import { ACCESS, resultBytes } from '../support/access.ts';
import { ITEMS, isAlive, leftBehind, run, siteWithRooms, standInForEach, states } from '../support/accessRun.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { jsonLines, spawnOtj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { tempFolder } from '../support/siteFile.ts';

const shell = standInForEach();

describe('a run for real that was cut off by the end of this program', () => {
  it('is told while PowerShell is still at it and afterwards, and what it left is taken', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    await run(site, { script, mode: 'look' }).done;
    site.access.forgetSeen();
    site.close();
    shell.plan({ stay: 'stubborn', early: true, result: { items: [ITEMS[0]] } });
    const cut = spawnOtj(['m365', 'run', site.path, '--apply', script.id], []);
    const ended = once(cut, 'exit');
    let said = '';
    cut.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    await expect.poll(() => said).toContain('READY');
    const call = shell.calls().at(-1);
    const folder = dirname(call?.argv[3] ?? '');
    onTestFinished(endStandIn);
    function endStandIn(): void {
      for (const pid of [call?.pid, call?.child]) if (pid && isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    // While it is watched, it is nobody else's.
    expect((await otjHere(['m365', 'status', site.path])).stdout).not.toContain('cut off');
    cut.kill('SIGKILL');
    await ended;
    const atIt = await otjHere(['m365', 'status', site.path]);
    expect(atIt).toMatchObject({ code: 1, stdout: expect.stringContaining('PowerShell may still be at it') });
    expect(existsSync(folder)).toBe(true);
    await expect(otjHere(['m365', 'run', site.path, '--apply', script.id])).resolves.toMatchObject({
      stderr: expect.stringContaining('PWSH_RUNNING'),
    });
    endStandIn();
    await expect.poll(() => isAlive(call?.pid ?? 0)).toBe(false);
    const told = await otjHere(['m365', 'status', site.path, '--json']);
    expect(jsonLines(told.stdout).at(-1)).toMatchObject({
      cut: { kind: 'policy', state: 'told' },
      told: [{ applied: true, complete: false }],
      rooms: [{ state: 'granted' }, { state: 'unknown' }],
    });
    expect(existsSync(folder)).toBe(false);
    // Told until a script has come to its end.
    const again = Site.open(site.path);
    onTestFinished(() => again.close());
    shell.plan({ exit: 1, result: { failure: 'no sign-in' } });
    await run(again, { script, mode: 'look' }).done;
    expect(accessView(again).cut).toMatchObject({ state: 'told' });
    shell.plan({ result: { items: ITEMS } });
    await run(again, { script, mode: 'look' }).done;
    expect(accessView(again).cut).toBeNull();
  });

  it('and whose result cannot be taken keeps it, and says why and where, until it can', async () => {
    const site = await siteWithRooms();
    const { cut, folder } = leftBehind(site, 'policy');
    setAccess(site, { ...ACCESS, group: 'others@contoso.example' });
    site.close();
    const told = await otjHere(['m365', 'status', site.path]);
    expect(told.stdout).toContain(join(folder, 'result.json'));
    expect(told.stdout).toContain('[RESULT_OLD]');
    expect(told.stdout).toContain(`begun ${localTime(cut.at)},`);
    expect(told.stdout).not.toMatch(/no word|nothing was changed/);
    expect(existsSync(join(folder, 'result.json'))).toBe(true);
    // As it was set before it says something again.
    const again = Site.open(site.path);
    onTestFinished(() => again.close());
    setAccess(again, ACCESS);
    seeCut(again);
    expect(accessView(again)).toMatchObject({ cut: { at: cut.at, state: 'told', file: null, problem: null } });
    expect(states(again)).toEqual({ Fjord: 'granted', Skog: 'unknown' });
    expect(existsSync(folder)).toBe(false);
    // With what it told goes the word that it stands above.
    setAccess(again, { ...ACCESS, group: 'others@contoso.example' });
    expect(accessView(again)).toMatchObject({ told: [], cut: { state: 'unknown' } });
  });

  it('is asked for its result before another app or group is set', async () => {
    const site = await siteWithRooms();
    const { folder } = leftBehind(site, 'policy');
    site.close();
    const app: AppClient = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    const other = { ...ACCESS, group: 'others@contoso.example' };
    expect(await app.call('microsoft.set', other)).toMatchObject({ cut: { state: 'unknown', file: null } });
    expect(existsSync(folder)).toBe(false);
  });

  it.each<[string, { complete?: boolean; hours?: number }, string | null]>([
    ['is not at its end', {}, 'running'],
    ['has told that it is at its end', { complete: true }, null],
    ['has told nothing for hours', { hours: 2 }, 'told'],
  ])(
    'is at work by what its script tells, not by a number alone: it %s',
    async (_what, { complete, hours = 0 }, state) => {
      const site = await siteWithRooms();
      const { cut, folder } = leftBehind(site, 'policy', { complete });
      const told = new Date(Date.now() - hours * 3_600_000);
      utimesSync(join(folder, 'result.json'), told, told);
      // A process that lives, and is no PowerShell.
      noteRun(site, { ...cut, pid: process.pid });
      seeCut(site);
      expect(accessView(site).cut?.state ?? null).toBe(state);
      expect(existsSync(folder)).toBe(state === 'running');
    },
  );

  it('keeps its folder while its script still runs, whatever comes by hand meanwhile', async () => {
    const site = await siteWithRooms();
    const { cut, folder } = leftBehind(site, 'policy');
    // A process that lives.
    noteRun(site, { ...cut, pid: process.pid });
    seeCut(site);
    const script = makeScript(site, 'policy');
    noteSigned(site, script, 'Kari');
    const result = join(tempFolder(), 'result.json');
    const later = resultBytes(script.id, { items: ITEMS, at: new Date().toISOString() });
    writeFileSync(result, later);
    site.close();
    // One room is not settled yet.
    expect(await otjHere(['m365', 'result', site.path, result])).toMatchObject({ code: 1, stderr: '' });
    expect(existsSync(folder)).toBe(true);
    const app: AppClient = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    await app.call('microsoft.result', { base64: later.toString('base64') });
    expect(await app.call('microsoft.access', undefined)).toMatchObject({ cut: { at: cut.at, state: 'running' } });
    expect(existsSync(folder)).toBe(true);
  });

  it('is still told when the look that was to settle it is cut off too', async () => {
    const site = await siteWithRooms();
    const at = '2026-11-28T12:00:00.000Z';
    const noted = { mode: 'apply', at, folder: 'otj-access-AbCd12', pid: null, cut: 'unknown' } as const;
    noteRun(site, { ...noted, kind: 'policy', former: [{ ...noted, kind: 'remove' }] });
    site.close();
    shell.plan({ stay: 'stubborn', early: true, result: { items: [ITEMS[0]] } });
    const look = spawnOtj(['m365', 'run', site.path, '--reviewed'], []);
    const ended = once(look, 'exit');
    let said = '';
    look.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    await expect.poll(() => said).toContain('READY');
    look.kill('SIGKILL');
    await ended;
    const call = shell.calls().at(-1);
    for (const pid of [call?.pid, call?.child]) process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => isAlive(call?.pid ?? 0)).toBe(false);
    const again = Site.open(site.path);
    onTestFinished(() => again.close());
    seeCut(again);
    expect(accessView(again)).toMatchObject({
      cut: { kind: 'policy', at, state: 'unknown' },
      told: [{ applied: false }],
    });
    // A whole one settles its own kind, and the other is told then.
    shell.plan({ result: { items: ITEMS } });
    await run(again, { script: makeScript(again, 'policy'), mode: 'look' }).done;
    expect(accessView(again).cut).toMatchObject({ kind: 'remove', at, state: 'unknown' });
  });

  it('keeps a result that the disk did not give, also where this program did not end', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    await run(site, { script, mode: 'look' }).done;
    const temporary = join(tempFolder(), 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    shell.plan({ pin: true, result: null });
    expect(await run(site, { script, mode: 'apply' }).done).toMatchObject({
      problem: { code: 'DISK', effects: [{ outcome: 'unknown' }] },
    });
    const { cut } = accessView(site);
    expect(cut).toMatchObject({ kind: 'policy', state: 'kept', problem: { code: 'DISK' } });
    // The disk is well again, and what was kept is there.
    rmSync(temporary);
    renameSync(`${temporary}-away`, temporary);
    const at = new Date().toISOString();
    writeFileSync(cut?.file ?? '', resultBytes(script.id, { items: [ITEMS[0] ?? {}], complete: false, at }));
    seeCut(site);
    expect(accessView(site)).toMatchObject({ cut: { state: 'told' }, told: [{ applied: true, complete: false }] });
  });

  it('and left no word says so in the window, and no folder is removed that is not of a run', async () => {
    const site = await siteWithRooms();
    const { path } = site;
    const precious = join(tmpdir(), `precious-${randomUUID()}`);
    mkdirSync(precious);
    onTestFinished(() => rmSync(precious, { recursive: true, force: true }));
    const at = new Date().toISOString();
    const noted = { kind: 'policy', mode: 'apply', at, pid: null, cut: null } as const;
    site.keep('microsoft.run', { ...noted, folder: basename(precious) });
    seeCut(site);
    expect(existsSync(precious)).toBe(true);
    expect(accessView(site).cut).toBeNull();
    noteRun(site, { ...noted, folder: 'otj-access-AbCd12' });
    site.close();
    const app: AppClient = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path });
    expect(await app.call('microsoft.access', undefined)).toMatchObject({
      cut: { kind: 'policy', at, state: 'unknown' },
    });
  });

  it('takes PowerShell with it on Windows too', async () => {
    shell.plan({ stay: 'stubborn', result: null });
    const system = tempFolder();
    mkdirSync(join(system, 'System32'));
    const told = join(system, 'told.json');
    const killer = `#!${process.execPath}
      require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.argv.slice(2)));
      process.kill(Number(process.argv[3]), 'SIGKILL');`;
    writeFileSync(join(system, 'System32', 'taskkill.exe'), killer, { mode: 0o755 });
    const script = join(system, 'script.ps1');
    writeFileSync(script, '');
    const program = `
      Object.defineProperty(process, 'platform', { value: 'win32' });
      const { runShell } = await import(${JSON.stringify(new URL('../../main/microsoft/powershell/run.ts', import.meta.url).href)});
      await runShell({ path: ${JSON.stringify(join(shell.folder, 'pwsh'))}, args: ['-File', ${JSON.stringify(script)}], line: () => process.exit(130) });`;
    const host = spawn(process.execPath, ['--input-type=module', '-e', program], {
      ...{ env: { ...process.env, SystemRoot: system }, stdio: 'ignore' },
    });
    expect(await once(host, 'exit')).toEqual([130, null]);
    const call = shell.calls().at(-1);
    onTestFinished(() => {
      for (const pid of [call?.pid, call?.child]) if (pid && isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual(['/PID', String(call?.pid), '/T', '/F']);
    await expect.poll(() => isAlive(call?.pid ?? 0)).toBe(false);
  });
});
