/** Running an access script on this computer, with a stand-in for PowerShell: how it is found, called, watched, stopped and believed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JobItem } from '../../main/contract/jobs.ts';
import type { AccessRunWay } from '../../main/contract/microsoft/access.ts';
import { candidates, findPowerShell } from '../../main/microsoft/powershell/find.ts';
import { makeScript } from '../../main/services/access.ts';
import { argumentsOf } from '../../main/services/accessRun.ts';
import { connect } from '../../main/services/connection.ts';
import { ACCESS, resultItem } from '../support/access.ts';
import {
  ITEMS,
  isAlive,
  OTHER,
  run,
  siteWithRooms,
  standInForEach,
  states,
  TENANT,
  WAY,
} from '../support/accessRun.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { addRoom, tempFolder } from '../support/siteFile.ts';

const shell = standInForEach();

describe('finding PowerShell', () => {
  it('takes whole paths only, of PATH and of the usual places', () => {
    const linux = candidates({ platform: 'linux', env: { PATH: `.::bin:/opt/x:${'/opt/x'}` } });
    expect(linux.slice(0, 2)).toEqual(['/opt/x/pwsh', '/usr/bin/pwsh']);
    const windows = candidates({
      platform: 'win32',
      env: { Path: '.;\\tools;C:tools;"D:\\My tools"', ProgramFiles: 'C:\\Program Files' },
    });
    expect(windows.slice(0, 2)).toEqual(['D:\\My tools\\pwsh.exe', 'C:\\Program Files\\PowerShell\\7\\pwsh.exe']);
    expect(windows.every((path) => /^[A-Z]:\\/.test(path))).toBe(true);
    expect(candidates({ platform: 'darwin', env: {} })[0]).toBe('/usr/local/bin/pwsh');
  });

  it.each([
    [{}, { state: 'ready', version: '7.4.6', module: '3.9.0' }],
    [{ modules: [] }, { state: 'no-module', module: null }],
    [{ modules: ['3.4.0', '3.10.1'] }, { state: 'module-unfit', module: '3.10.1', version: '7.4.6' }],
    [{ modules: ['3.10.1'], powershell: '7.6.0-preview.2' }, { state: 'ready' }],
    [{ odd: 'It is not \u001b[31mlicensed\u001b[0m.\u202E' }, { state: 'broken', words: 'It is not licensed.' }],
  ])('%j', async (plan, found) => {
    shell.plan(plan);
    expect(await findPowerShell()).toMatchObject({ ...found, path: join(shell.folder, 'pwsh') });
  });

  it('tells where there is none, and runs nothing then', async () => {
    const site = await siteWithRooms();
    vi.stubEnv('PATH', tempFolder());
    expect(await findPowerShell()).toMatchObject({ state: 'none', path: null });
    const script = makeScript(site, 'policy');
    expect(await codeOf(() => run(site, { script, mode: 'look' }).done)).toBe('PWSH_MISSING');
    vi.stubEnv('PATH', shell.folder);
    shell.plan({ modules: [] });
    expect(await codeOf(() => run(site, { script, mode: 'look' }).done)).toBe('PWSH_MODULE');
    expect(shell.calls()).toEqual([]);
  });
});

it('on Windows the script needs no signature, and nothing is said that is not of its kind', () => {
  const files = { file: 'C:\\t\\a.ps1', resultFile: 'C:\\t\\r.json' };
  const way = { ...WAY, createGroup: true, consentRemoved: true };
  expect(argumentsOf({ ...files, kind: 'remove', mode: 'apply', way, tenant: TENANT }, 'win32')).toEqual([
    ...['-NoLogo', '-NoProfile', '-ExecutionPolicy', 'RemoteSigned', '-File', files.file, '-Apply', '-ConsentRemoved'],
    ...['-Browser', '-Tenant', TENANT, '-ResultPath', files.resultFile],
  ]);
});

describe('a run', () => {
  it('looks first, then makes those changes; each argument is one, and nothing of ours is in its environment', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    const way: AccessRunWay = {
      ...WAY,
      signIn: 'device-code',
      user: "o'neil+$(x)@contoso.example".replace('$(x)', 'x'),
    };
    expect(await codeOf(() => run(site, { script, mode: 'apply', way }).done)).toBe('PWSH_LOOK_FIRST');
    shell.plan({
      print: [
        'WOULD   fjord@contoso.example: join\n',
        '\u001b[31mred\u001b[0m\u202E<b>$(x)</b>\u0007\r\n',
        `${'x'.repeat(40_000)}\n`,
        'no end',
      ],
      printError: ['a warning\n'],
      result: { items: ITEMS },
    });
    const look = run(site, { script, mode: 'look', way });
    expect(await look.done).toMatchObject({
      ...{ exitCode: 0, stopped: false, would: 1, problem: null, dropped: 0 },
      result: { applied: false, counts: { granted: 1, pending: 1 } },
    });
    expect(look.lines).toEqual(
      expect.arrayContaining([
        'out WOULD   fjord@contoso.example: join',
        'out red <b>$(x)</b>',
        'out no end',
        'err a warning',
      ]),
    );
    expect(Math.max(...look.lines.map((line) => line.length))).toBeLessThan(600);
    const apply = await run(site, { script, mode: 'apply', way }).done;
    expect(apply).toMatchObject({ exitCode: 0, result: { applied: true } });
    expect(states(site)).toEqual({ Fjord: 'granted', Skog: 'pending' });

    const [first, second] = shell.calls();
    const file = first?.argv[3] ?? '';
    expect(first?.argv).toEqual([
      ...['-NoLogo', '-NoProfile', '-File', file, '-WhatIf', '-UserPrincipalName', way.user],
      ...['-Device', '-ResultPath', join(dirname(file), 'result.json')],
    ]);
    expect(second?.argv[4]).toBe('-Apply');
    expect(first?.env).not.toHaveProperty('OTJ_SECRET');
    expect(first?.env).toMatchObject({ NO_COLOR: '1' });
    expect(first?.mode).toBe(0o600);
    expect(
      createHash('sha256')
        .update(Buffer.from(first?.script ?? '', 'base64'))
        .digest('hex'),
    ).toBe(script.sha256);
    expect(first?.cwd).toBe(realpathSync(tmpdir()));
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('makes only the changes that were looked at, with the same word on the group', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    await run(site, { script, mode: 'look' }).done;
    const way = { ...WAY, createGroup: true };
    expect(await codeOf(() => run(site, { script, mode: 'apply', way }).done)).toBe('PWSH_LOOK_FIRST');
    addRoom(site, { name: 'Hav', mailbox: 'hav@contoso.example', address: '10.0.0.3' });
    expect(await codeOf(() => run(site, { script, mode: 'apply' }).done)).toBe('SCRIPT_CHANGED');
    expect(shell.calls()).toHaveLength(1);
  });

  it('that failed is no look, and its result is noted all the same', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    shell.plan({
      exit: 1,
      result: { failure: 'AADSTS50076', items: [resultItem('fjord@contoso.example', { access: '' })] },
    });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({
      exitCode: 1,
      result: { failure: 'AADSTS50076', counts: { untested: 1, pending: 0 } },
    });
    expect(states(site)).toEqual({ Fjord: 'untested', Skog: 'unknown' });
    expect(await codeOf(() => run(site, { script, mode: 'apply' }).done)).toBe('PWSH_LOOK_FIRST');
  });

  it('without a result, or with one of another script, says so', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    shell.plan({ result: null });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({
      problem: { code: 'PWSH_NO_RESULT' },
      result: null,
    });
    shell.plan({ result: { items: ITEMS, script: crypto.randomUUID() } });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({ problem: { code: 'RESULT_FOREIGN' } });
    expect(states(site)).toEqual({ Fjord: 'unknown', Skog: 'unknown' });
  });

  it('that is stopped ends with all that it has started, and tells what was done by then', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    shell.plan({ stay: 'polite', result: { items: [ITEMS[0]] } });
    const stop = new AbortController();
    const line = () => stop.abort();
    const { done } = run(site, { script, mode: 'look', signal: stop.signal, line });
    expect(await done).toMatchObject({
      stopped: true,
      problem: null,
      result: { failure: 'The pipeline has been stopped.', counts: { granted: 1 } },
    });
    const [call] = shell.calls();
    await expect.poll(() => [call?.pid, call?.child].map((pid) => isAlive(pid ?? 0))).toEqual([false, false]);
    expect(existsSync(dirname(call?.argv[3] ?? ''))).toBe(false);
  });

  it('that does not end is ended by force, also when it says nothing', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    shell.plan({ stay: 'stubborn' });
    const { done } = run(site, { script, mode: 'look', quietMs: 1_500, graceMs: 50 });
    expect(await done).toMatchObject({
      ...{ exitCode: null, stopped: true, result: null },
      problem: { code: 'PWSH_SILENT' },
    });
    const [call] = shell.calls();
    await expect.poll(() => [call?.pid, call?.child].map((pid) => isAlive(pid ?? 0))).toEqual([false, false]);
  });

  it('tells what came of it also when its folder cannot be removed', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    const temporary = join(tempFolder(), 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    shell.plan({ pin: true, print: ['WOULD   fjord@contoso.example: join\n'], result: null });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({
      ...{ exitCode: 0, would: 1, result: null, problem: { code: 'DISK' } },
    });
  });

  it('that prints without end is bounded', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    shell.plan({ print: ['a line\n'.repeat(6_000), 'WOULD   skog@contoso.example: join\n'], result: { items: ITEMS } });
    const { done, lines } = run(site, { script, mode: 'look' });
    // What it would change is counted also where nobody is shown it any more.
    expect(await done).toMatchObject({ lines: 6_001, dropped: 1_001, would: 1 });
    expect(lines).toHaveLength(5_000);
  });

  it('is bound to the tenant: that of the site, and that of the look', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'policy');
    const argument = () => {
      const argv = shell.calls().at(-1)?.argv ?? [];
      return argv[argv.indexOf('-Tenant') + 1];
    };
    // Nobody has said yet which one it is: the look says so, and the changes are made there or nowhere.
    shell.plan({ result: { items: ITEMS, tenant: TENANT.toUpperCase() } });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({ problem: null, result: { tenant: TENANT } });
    expect(shell.calls().at(-1)?.argv).not.toContain('-Tenant');
    shell.plan({ result: { items: [], tenant: OTHER, failure: 'another tenant' }, exit: 1 });
    expect(await run(site, { script, mode: 'apply' }).done).toMatchObject({
      result: null,
      problem: { code: 'RESULT_TENANT', words: `signed in: ${OTHER}; wanted: ${TENANT}` },
    });
    expect(argument()).toBe(TENANT);
    await connect(site, { tenant: OTHER, clientId: ACCESS.appId });
    expect(await codeOf(() => run(site, { script, mode: 'apply' }).done)).toBe('PWSH_LOOK_FIRST');
    shell.plan({ result: { items: ITEMS, tenant: TENANT } });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({ problem: { code: 'RESULT_TENANT' } });
    expect(argument()).toBe(OTHER);
  });
});

it('for real is bound to a tenant only where the look could tell which', async () => {
  const site = await siteWithRooms();
  await connect(site, { tenant: TENANT, clientId: ACCESS.appId });
  const script = makeScript(site, 'policy');
  const argv = () => shell.calls().at(-1)?.argv;
  await run(site, { script, mode: 'look' }).done;
  expect(argv()).toContain('-Tenant');
  await run(site, { script, mode: 'apply' }).done;
  expect(argv()).not.toContain('-Tenant');
  // What it tells of another is refused all the same.
  shell.plan({ result: { items: ITEMS, tenant: OTHER } });
  expect(await run(site, { script, mode: 'apply' }).done).toMatchObject({ problem: { code: 'RESULT_TENANT' } });
});

describe('in the window', () => {
  it('is a job whose lines come as they are printed, and that a press stops', async () => {
    const site = await siteWithRooms();
    site.close();
    const app: AppClient = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    expect(await app.call('microsoft.powershell', undefined)).toMatchObject({ state: 'ready' });
    const { id, kind, sha256 } = await app.call('microsoft.script', { kind: 'policy' });
    const how = { id, kind, sha256, beforeAllMoved: false, way: WAY };
    expect(await codeOf(() => app.call('jobs.access', { ...how, mode: 'apply' }))).toBe('PWSH_LOOK_FIRST');
    shell.plan({ stay: 'polite', print: ['To sign in, use a web browser\n'], result: { items: [ITEMS[0]] } });
    const { job } = await app.call('jobs.access', { ...how, mode: 'look' });
    const detail = () => app.call('jobs.detail', { job });
    const words = async () => (await detail()).items.map(({ what, words: said }: JobItem) => `${what} ${said}`);
    await expect.poll(words).toEqual(['printed To sign in, use a web browser', 'printed READY']);
    await app.call('jobs.stop', { job, how: 'now' });
    await expect.poll(async () => (await detail()).job.status).toBe('stopped');
    expect((await detail()).job.result).toMatchObject({
      kind: 'access',
      run: { stopped: true, result: { applied: false } },
    });
    const { rooms } = await app.call('microsoft.access', undefined);
    expect(rooms.map(({ state }) => state)).toEqual(['granted', 'unknown']);
  });
});

it('otj m365 run looks, and makes the changes of the run that is named', async () => {
  const site = await siteWithRooms();
  site.close();
  shell.plan({ print: ['WOULD   otjrooms@contoso.example: create\n'], result: { items: ITEMS } });
  expect(await otj(['m365', 'run', site.path, '--check'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3.9.0'),
  });
  expect(await otj(['m365', 'run', site.path])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--reviewed'),
  });
  const before = shell.asked();
  const looked = await otj(['m365', 'run', site.path, '--reviewed', '--create-group']);
  // What it has found is handed on, for a cold PowerShell takes its time.
  expect(shell.asked() - before).toBe(1);
  const id = /--apply ([0-9a-f-]{36})/.exec(looked.stdout)?.[1] ?? '';
  expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('It would make 1 change.') });
  expect(looked.stdout).toContain('  WOULD   otjrooms@contoso.example: create');
  expect((await otj(['m365', 'run', site.path, '--apply', crypto.randomUUID()])).stderr).toContain('PWSH_LOOK_FIRST');
  const applied = await otj(['m365', 'run', site.path, '--apply', id, '--json']);
  expect(applied.code).toBe(1);
  expect(jsonLines(applied.stdout)).toMatchObject([
    { type: 'line', text: 'WOULD   otjrooms@contoso.example: create' },
    { type: 'run', mode: 'apply', exitCode: 0 },
    { type: 'result', applied: true },
  ]);
  expect(shell.calls().map(({ argv }) => argv.slice(4, 6))).toEqual([
    ['-WhatIf', '-CreateGroup'],
    ['-Apply', '-CreateGroup'],
  ]);
});
