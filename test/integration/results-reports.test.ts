/** Report files in the site’s library: one path each, with news only, whole, and none of a colleague’s written over. */
import { hostname } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../main/microsoft/results/columns.ts';
import { uploadFile } from '../../main/microsoft/results/files.ts';
import { uploadReports } from '../../main/services/results/reports.ts';
import { setResults } from '../../main/services/results/settings.ts';
import type { Site } from '../../main/site/site.ts';
import { ADDRESS, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';
import { copyOf, NEVER, room, siteOf } from '../support/teamSites.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

describe('report files', () => {
  const upload = (site: Site, putMost?: number) =>
    uploadReports(site, {
      graph: results.graph,
      ca: results.lab.certificate,
      signal: NEVER,
      ...(putMost ? { putMost } : {}),
    });

  it('stand in the library at one path, and go up only with news', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    const files = await upload(site);
    expect(files.map(({ problem }) => problem)).toEqual([null, null]);
    expect(files.map(({ path }) => path.replace(hostname(), 'PC').replace(/[0-9a-f]{8}/, 'MARK'))).toEqual([
      'OTJ migration/test-Kari-PC-MARK-report.csv',
      'OTJ migration/test-Kari-PC-MARK-report.html',
    ]);
    const file = () => results.drives.file(results.site.id, files[1]?.path ?? '');
    expect(file()?.bytes.toString()).toContain('Fjord');
    await upload(site);
    expect(file()?.version).toBe(1);
    site.rooms.setState(room(site).id, 'migrated', null);
    await upload(site);
    expect(file()?.version).toBe(2);
  });

  it('of a colleague stay, whose site file has the same name or is a copy', async () => {
    const [kari, other] = [await siteOf('Kari'), await siteOf('Kari')];
    for (const site of [kari, other]) {
      await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
      await upload(site);
    }
    const { copy } = copyOf(kari);
    copy.saveSettings({ technician: 'Ola' });
    await upload(copy);
    const paths = [kari, other, copy].flatMap((site) => site.results.files().map(({ path }) => path));
    expect(new Set(paths).size).toBe(6);
    for (const path of new Set(paths)) expect(results.drives.file(results.site.id, path)?.version).toBe(1);
  });

  it('are not owed for ever under a name that they do not have any more', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    results.lab.behaviour.faults.push({ on: 'PUT /sites', status: 423, times: 2 });
    await upload(site);
    site.saveSettings({ technician: 'Ola' });
    expect((await upload(site)).map(({ problem }) => problem)).toEqual([null, null]);
    // Nor are those of a name of before told with those of now.
    site.saveSettings({ technician: 'Per' });
    const told = await upload(site);
    expect(told.map(({ path, sent }) => [path.includes('-Per-'), sent])).toEqual(Array(2).fill([true, true]));
    expect((await upload(site)).map(({ sent }) => sent)).toEqual([false, false]);
    expect(site.results.files()).toHaveLength(4);
  });

  it('go up in pieces over the limit, and go on after a lost answer', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    results.drives.loseAnswers = 1;
    const [csv, html] = await upload(site, 100);
    expect([csv?.problem, html?.problem]).toEqual([null, null]);
    const file = results.drives.file(results.site.id, html?.path ?? '');
    expect(file?.bytes.length).toBe(html?.bytes);
  });

  it('are whole also when the session of an upload has ended with the answer lost', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    results.drives.endSessions = 1;
    for (const { path, bytes, problem } of await upload(site, 100)) {
      expect(problem).toBeNull();
      expect(results.drives.file(results.site.id, path)?.bytes.length).toBe(bytes);
    }
  });

  it('wait as long as the server has named', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    results.drives.turnAway = 1;
    expect((await upload(site, 100)).map(({ problem }) => problem)).toEqual([null, null]);
    expect(results.drives.early).toBe(0);
  });

  it('that could not go up are told, and tried again', async () => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    results.lab.behaviour.faults.push({
      on: 'PUT /sites',
      status: 423,
      body: { error: { code: 'resourceLocked', message: 'in use' } },
      times: 2,
    });
    expect((await upload(site)).map(({ problem }) => problem?.code)).toEqual(['M365_REFUSED', 'M365_REFUSED']);
    expect((await upload(site)).map(({ problem }) => problem)).toEqual([null, null]);
  });
});

describe('a report file', () => {
  const upload = async (putMost?: number) => {
    const site = await siteOf('Kari');
    await setResults(site, results.graph, { address: ADDRESS, create: true, reports: true });
    return async () =>
      uploadReports(site, {
        graph: results.graph,
        ca: results.lab.certificate,
        signal: NEVER,
        ...(putMost ? { putMost } : {}),
      });
  };

  it('that somebody else writes at the same moment is sent again', async () => {
    const send = await upload();
    results.drives.crossings = 2;
    expect((await send()).map(({ problem }) => problem)).toEqual([null, null]);
  });

  it('is whole where a session does not say what it expects next', async () => {
    const bytes = Buffer.alloc(2 * LIMITS.sliceBytes.value + 100, 'otj');
    const file = { siteId: results.site.id, path: 'OTJ/large.html', bytes, type: 'text/html', putMost: 100 };
    results.drives.untold = 9;
    await uploadFile(results.graph, { ...file, ca: results.lab.certificate });
    expect(results.drives.file(results.site.id, file.path)?.bytes.equals(bytes)).toBe(true);
  });

  it('is given up, and owed, where a session takes the same piece for ever', async () => {
    const send = await upload(100);
    results.drives.unkept = 10_000;
    expect((await send()).map(({ problem }) => problem?.code)).toEqual(['M365_ODD', 'M365_ODD']);
    results.drives.unkept = 0;
    expect((await send()).map(({ problem }) => problem)).toEqual([null, null]);
  });
});
