/** A result of an access script that could not be taken: it is kept, told, settled and given up. */
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { accessView, makeScript, noteSigned, takeResult } from '../../main/services/access.ts';
import { allOf, notedRun, noteRun } from '../../main/services/accessCut.ts';
import { seeCut } from '../../main/services/accessRun.ts';
import { Site } from '../../main/site/site.ts';
import { resultBytes } from '../support/access.ts';
import { ITEMS, leftBehind, run, siteWithRooms, standInForEach } from '../support/accessRun.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { otjHere } from '../support/otjHere.ts';
import { tempFolder } from '../support/siteFile.ts';

const shell = standInForEach();

describe('a result that could not be read, of a run that came to its end', () => {
  const torn = async (site: Site) => {
    const script = makeScript(site, 'policy');
    shell.plan({ result: { items: ITEMS } });
    await run(site, { script, mode: 'look' }).done;
    shell.plan({ result: { items: ITEMS }, torn: 40 });
    const ended = await run(site, { script, mode: 'apply' }).done;
    onTestFinished(() => rmSync(dirname(ended.kept ?? ''), { recursive: true, force: true }));
    return { script, ended };
  };

  it('is kept where it is, and told, until a script tells what is so now', async () => {
    const site = await siteWithRooms();
    const { script, ended } = await torn(site);
    const file = ended.kept ?? '';
    expect(ended).toMatchObject({
      result: null,
      problem: { code: 'RESULT_UNREADABLE', effects: [{ outcome: 'unknown' }] },
    });
    expect(accessView(site).cut).toMatchObject({ state: 'kept', file, problem: { code: 'RESULT_UNREADABLE' } });
    expect(readFileSync(file, 'utf8')).toHaveLength(40);
    const told = await otjHere(['m365', 'status', site.path]);
    expect(told).toMatchObject({ code: 1, stdout: expect.stringContaining(file) });
    expect(told.stdout).toContain('otj m365 result SITE --dismiss');
    // One that tells nothing whole settles nothing.
    shell.plan({ result: null });
    await run(site, { script, mode: 'look' }).done;
    expect(existsSync(file)).toBe(true);
    shell.plan({ result: { items: ITEMS } });
    expect(await run(site, { script, mode: 'look' }).done).toMatchObject({ problem: null, kept: null });
    expect(accessView(site).cut).toBeNull();
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('is settled too by a whole one that came by hand, and not by one that only looks at another kind', async () => {
    const site = await siteWithRooms();
    const { ended } = await torn(site);
    for (const [kind, isThere] of [
      ['remove', true],
      ['policy', false],
    ] as const) {
      const by = makeScript(site, kind);
      noteSigned(site, by, 'Kari');
      takeResult(
        site,
        resultBytes(by.id, { kind, items: kind === 'remove' ? [] : ITEMS, at: new Date().toISOString() }),
      );
      expect(existsSync(ended.kept ?? '')).toBe(isThere);
    }
  });

  it('is not settled by one of before it, which came by hand', async () => {
    const site = await siteWithRooms();
    const { script, ended } = await torn(site);
    const begun = Date.parse(accessView(site).cut?.at ?? '');
    const at = (ms: number) => new Date(ms).toISOString();
    // Told are only those of before the run, so it is the last one of its kind.
    site.keep('microsoft.told', []);
    const { complete, older } = takeResult(site, resultBytes(script.id, { items: ITEMS, at: at(begun - 1000) }));
    expect({ complete, older }).toEqual({ complete: true, older: 2 });
    expect(existsSync(ended.kept ?? '')).toBe(true);
    // Nor by one of while it was at work.
    const wrote = new Date(Date.now() + 2000);
    utimesSync(ended.kept ?? '', wrote, wrote);
    takeResult(site, resultBytes(script.id, { items: ITEMS, at: at(begun) }));
    expect(accessView(site).cut).toMatchObject({ state: 'kept', file: ended.kept });
    expect(existsSync(ended.kept ?? '')).toBe(true);
  });

  it('is not settled by a whole one where it is known to be of another tenant', async () => {
    const site = await siteWithRooms();
    const { script, ended } = await torn(site);
    const run = notedRun(site);
    site.keep('microsoft.run', { ...run, problem: new OtjError('RESULT_TENANT').toProblem() });
    takeResult(site, resultBytes(script.id, { items: ITEMS, at: new Date().toISOString() }));
    expect(existsSync(ended.kept ?? '')).toBe(true);
  });

  it('is taken by the command from where it is kept, and none that nobody was shown is deleted', async () => {
    const site = await siteWithRooms();
    const { script, ended } = await torn(site);
    const whole = () => resultBytes(script.id, { items: ITEMS, at: new Date().toISOString() });
    writeFileSync(ended.kept ?? '', whole());
    const dismissed = await otjHere(['m365', 'result', site.path, '--dismiss']);
    expect(dismissed).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was deleted') });
    expect(accessView(site).cut).toBeNull();
    const again = await torn(site);
    writeFileSync(again.ended.kept ?? '', resultBytes(again.script.id, { items: ITEMS }));
    const taken = await otjHere(['m365', 'result', site.path, again.ended.kept ?? '']);
    expect(taken.stdout + taken.stderr).not.toContain('RESULT_MISSING');
    expect(accessView(site).cut).toBeNull();
  });

  it('stays while later runs of its kind are cut off or leave one that cannot be read either', async () => {
    const site = await siteWithRooms();
    const { script, ended } = await torn(site);
    const first = ended.kept ?? '';
    // The next one for real leaves no word, and one after it one that is torn too.
    shell.plan({ result: null });
    expect(await run(site, { script, mode: 'apply' }).done).toMatchObject({ problem: { code: 'PWSH_NO_RESULT' } });
    shell.plan({ result: { items: ITEMS }, torn: 40 });
    const second = (await run(site, { script, mode: 'apply' }).done).kept ?? '';
    onTestFinished(() => rmSync(dirname(second), { recursive: true, force: true }));
    // Another is cut off before it has told anything.
    const { cut, folder } = leftBehind(site, 'policy', { former: allOf(notedRun(site)) });
    rmSync(folder, { recursive: true });
    seeCut(site);
    expect([first, second].map((file) => existsSync(file))).toEqual([true, true]);
    expect(accessView(site).cut).toMatchObject({ state: 'kept', file: second });
    // What stands behind the last one is looked at as well: the disk is well again.
    for (const file of [first, second])
      writeFileSync(file, resultBytes(script.id, { items: [ITEMS[0] ?? {}], complete: false, at: cut.at }));
    seeCut(site);
    expect(accessView(site).cut).toMatchObject({ at: cut.at, state: 'unknown' });
    expect([first, second].map((file) => existsSync(file))).toEqual([false, false]);
  });

  it('is told, and can be given up, also behind a run of another kind that was cut off', async () => {
    const site = await siteWithRooms();
    const { ended } = await torn(site);
    const noted = { kind: 'remove', mode: 'apply', pid: null, cut: 'unknown', problem: null } as const;
    const at = new Date().toISOString();
    noteRun(site, { ...noted, at, folder: 'otj-access-AbCd12', former: allOf(notedRun(site)) });
    expect(accessView(site).cut).toMatchObject({ kind: 'policy', state: 'kept', file: ended.kept });
    site.close();
    const dismissed = await otjHere(['m365', 'result', site.path, '--dismiss']);
    expect(dismissed.stdout).toContain('script policy');
    expect(existsSync(ended.kept ?? '')).toBe(false);
  });

  it('is deleted when a person gives it up, with the word that what was done is not known', async () => {
    const site = await siteWithRooms();
    const first = (await torn(site)).ended.kept ?? '';
    site.close();
    expect((await otjHere(['m365', 'result', site.path])).code).toBe(2);
    const dismissed = await otjHere(['m365', 'result', site.path, '--dismiss']);
    expect(dismissed).toMatchObject({ code: 0, stdout: expect.stringContaining('not known') });
    expect(dismissed.stdout).toMatch(/the result of the run of the script policy, begun \S+/);
    expect(existsSync(dirname(first))).toBe(false);
    expect((await otjHere(['m365', 'status', site.path])).stdout).toMatch(/What the run .* has done is not known here/);
    expect(await otjHere(['m365', 'result', site.path, '--dismiss'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No result of a run is kept.'),
    });
    const again = Site.open(site.path);
    const second = (await torn(again)).ended.kept ?? '';
    again.close();
    const app: AppClient = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    expect(await app.call('microsoft.access', undefined)).toMatchObject({ cut: { state: 'kept', file: second } });
    const { cut } = await app.call('microsoft.access', undefined);
    // Only the one that was shown.
    expect(await app.call('microsoft.dismissRun', { at: new Date(0).toISOString() })).toMatchObject({ cut });
    expect(existsSync(second)).toBe(true);
    expect(await app.call('microsoft.dismissRun', { at: cut?.at ?? '' })).toMatchObject({
      cut: { state: 'unknown', file: null },
    });
    expect(existsSync(dirname(second))).toBe(false);
  });
});
