/** Publishing into a SharePoint list over real sockets: what is news goes there once, and what people wrote stays. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endResults, resultsSettings, setResults } from '../../main/services/results/settings.ts';
import { decideResults, resultsView } from '../../main/services/results/view.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import type { Column } from '../lab/microsoft/graph/columns.ts';
import { LabList } from '../lab/microsoft/graph/list.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { decide, finish, publishOver, room, siteWith, text } from '../support/publishing.ts';
import { ADDRESS, chooseList, itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

const published = (site: Site, rooms: readonly Room[] | null = null, graph = results.graph) =>
  publishOver(graph, site, rooms);
const titles = () => [...listOf(results).items.values()].map(({ fields }) => String(fields.Title)).toSorted();

describe('publishing', () => {
  it('writes one item for each room, and nothing the second time', async () => {
    const site = await siteWith(45);
    await chooseList(site, results.graph);
    expect(await published(site)).toMatchObject({ written: 45, failed: 0, owed: 0 });
    expect(titles()).toHaveLength(45);
    expect(itemNamed(results, 'Room 7').fields).toMatchObject({ Building: 'Oslo', MigrationState: 'not started' });
    results.sites.writes = 0;
    site.results.owe(room(site, 'Room 7').id);
    expect(await published(site)).toMatchObject({ written: 0, same: 1, owed: 0 });
    expect(await published(site)).toMatchObject({ written: 0, same: 0 });
    expect(results.sites.writes).toBe(0);
  });

  it('sends only what has changed, with the tag that it had', async () => {
    const site = await siteWith(30);
    await chooseList(site, results.graph);
    await published(site);
    results.sites.writes = 0;
    results.lab.counts.requests = 0;
    finish(site, 'Room 3');
    site.outbox.needManual(room(site, 'Room 4').id, 'service-portal');
    expect(site.results.owedCount()).toBe(2);
    expect(await published(site)).toMatchObject({ written: 2, owed: 0 });
    expect(results.sites.writes).toBe(2);
    // Its columns, and one batch.
    expect(results.lab.counts.requests).toBe(2);
    expect(itemNamed(results, 'Room 3').fields.MigrationState).toBe('migrated');
    expect(itemNamed(results, 'Room 4').fields.RemainingSteps).toContain('Control Center');
  });

  it('keeps what a person wrote, shows it, and asks where there is news here too', async () => {
    const site = await siteWith(2);
    await chooseList(site, results.graph);
    await published(site);
    const list = listOf(results);
    list.edit(itemNamed(results, 'Room 1').id, { MigrationState: 'needs attention', Building: 'Bergen' });
    finish(site, 'Room 1');
    const first = await published(site);
    expect(first).toMatchObject({ written: 0, failed: 1, owed: 1 });
    expect(first.deliveries[0]).toMatchObject({
      problem: { code: 'RESULTS_CHANGED' },
      theirs: ['building'],
      conflict: { fields: [{ column: 'state', base: 'not started', theirs: 'needs attention', ours: 'migrated' }] },
    });
    expect(itemNamed(results, 'Room 1').fields).toMatchObject({
      MigrationState: 'needs attention',
      Building: 'Bergen',
    });
    expect(itemNamed(results, 'Room 1').fields.StateSince).toBe(`${room(site, 'Room 1').stateAt.slice(0, 19)}Z`);
    expect(await published(site)).toMatchObject({ failed: 1, owed: 1 });
    expect(decide(site, 'Room 1', 'site')).toBe(true);
    expect(await published(site)).toMatchObject({ written: 1, owed: 0 });
    expect(itemNamed(results, 'Room 1').fields).toMatchObject({ MigrationState: 'migrated', Building: 'Bergen' });
  });

  it('takes no decision about values that nobody was shown', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    await published(site);
    listOf(results).edit('1', { MigrationState: 'needs attention' });
    finish(site, 'Room 1');
    await published(site);
    const shown = resultsView(site).rooms[0]?.mark ?? '';
    listOf(results).edit('1', { MigrationState: 'in progress' });
    await published(site);
    const one = [room(site, 'Room 1')];
    expect(await codeOf(async () => decideResults(site, one, 'site', [shown]))).toBe('RESULTS_MOVED');
    expect(await published(site)).toMatchObject({ codes: ['RESULTS_CHANGED'] });
    expect(itemNamed(results, 'Room 1').fields.MigrationState).toBe('in progress');
    decideResults(site, one, 'site', [resultsView(site).rooms[0]?.mark ?? '']);
    expect(await published(site)).toMatchObject({ written: 1 });
  });

  it('leaves theirs when that was decided, until there is other news', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    await published(site);
    listOf(results).edit('1', { MigrationState: 'needs attention' });
    finish(site, 'Room 1');
    await published(site);
    decide(site, 'Room 1', 'list');
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect(itemNamed(results, 'Room 1').fields.MigrationState).toBe('needs attention');
    site.rooms.setState(room(site, 'Room 1').id, 'undone', null);
    expect(await published(site)).toMatchObject({ written: 1 });
    expect(itemNamed(results, 'Room 1').fields.MigrationState).toBe('undone');
  });

  it('does not write over a change that it has only heard of, the next time', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    await published(site);
    listOf(results).edit('1', { RemainingSteps: 'Ask Per for the key' });
    finish(site, 'Room 1');
    // The etag is another, so the item is read, and read with it is the remark.
    expect((await published(site)).deliveries[0]?.theirs).toEqual(['remaining']);
    site.outbox.needManual(room(site, 'Room 1').id, 'service-portal');
    expect((await published(site)).codes).toEqual(['RESULTS_CHANGED']);
    expect(itemNamed(results, 'Room 1').fields.RemainingSteps).toBe('Ask Per for the key');
  });

  it('tells of an item that somebody deleted, and makes it anew or leaves it as decided', async () => {
    const site = await siteWith(2);
    await chooseList(site, results.graph);
    await published(site);
    listOf(results).remove('1');
    listOf(results).remove('2');
    finish(site, 'Room 1');
    finish(site, 'Room 2');
    expect((await published(site)).codes).toEqual(['RESULTS_GONE', 'RESULTS_GONE']);
    decide(site, 'Room 1', 'site');
    decide(site, 'Room 2', 'list');
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect(titles()).toEqual(['Room 1']);
    expect(await published(site, [room(site, 'Room 2')])).toMatchObject({ written: 1 });
    expect(titles()).toEqual(['Room 1', 'Room 2']);
  });

  it('writes to neither of two items with the same key', async () => {
    const site = await siteWith(1);
    const list = new LabList('Prosjekt', [text('JobKey', true), text('MigrationState')]);
    results.site.lists.push(list);
    await setResults(site, results.graph, { address: ADDRESS, list: 'Prosjekt', create: false, reports: false });
    await published(site);
    const { JobKey = '' } = itemNamed(results, 'Room 1').fields;
    list.add({ Title: 'copy', JobKey, MigrationState: '' });
    site.results.forgetItem(room(site, 'Room 1').id);
    expect((await published(site, [room(site, 'Room 1')])).codes).toEqual(['RESULTS_DOUBLE']);
  });
});

describe('what is wrong with the list', () => {
  it.each([
    ['was deleted', () => results.site.lists.splice(0), 'RESULTS_LIST_MISSING'],
    ['has lost a column', () => dropColumn('MigrationState'), 'RESULTS_COLUMN_MISSING'],
    [
      'has a column of another type now',
      () => Object.assign(columnOf('WithoutOtjSeconds'), { kind: 'text' }),
      'RESULTS_COLUMN_UNFIT',
    ],
    ['may not be written by this sign-in', () => (results.tokens.granted = ['Sites.Read.All']), 'M365_FORBIDDEN'],
  ])('is told when it %s, and nothing is lost', async (_what, spoil, code) => {
    const site = await siteWith(2);
    await chooseList(site, results.graph);
    spoil();
    const error = await errorOf(() => published(site));
    const codes = error ? [error.code] : site.results.all().map(({ problem }) => problem?.code);
    expect(new Set(codes)).toEqual(new Set([code]));
    expect(site.results.owedCount()).toBe(2);
  });

  it('is nothing when somebody gave a column another name for people', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    Object.assign(columnOf('MigrationState'), { displayName: 'Hvor langt' });
    expect(await published(site)).toMatchObject({ written: 1 });
  });

  function columnOf(name: string): Column {
    const column = listOf(results).columns.find((one) => one.name === name);
    if (!column) throw new Error(name);
    return column;
  }

  function dropColumn(name: string): void {
    const { columns } = listOf(results);
    columns.splice(columns.indexOf(columnOf(name)), 1);
  }
});

describe('troubles on the way', () => {
  it('makes no second item when answers are lost, whole batches or parts', async () => {
    const site = await siteWith(60);
    await chooseList(site, results.graph);
    results.lab.behaviour.faults.push(
      { on: 'POST /$batch', afterDone: true, drop: true },
      { on: 'POST /sites', part: true, afterDone: true, status: 504, times: 7 },
      { on: 'POST /sites', part: true, status: 429, headers: { 'Retry-After': '0' }, times: 5 },
    );
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect(new Set(titles()).size).toBe(60);
    expect(titles()).toHaveLength(60);
  });

  it('makes none either in a list that does not refuse doubles and shows items late', async () => {
    const site = await siteWith(30);
    const list = new LabList('Prosjekt', [text('JobKey', true), text('MigrationState')]);
    results.site.lists.push(list);
    await setResults(site, results.graph, { address: ADDRESS, list: 'Prosjekt', create: false, reports: false });
    results.lab.behaviour.consistencyMs = 60_000;
    results.lab.behaviour.faults.push({ on: 'POST /sites', part: true, afterDone: true, status: 504, times: 3 });
    const first = await published(site);
    expect(first.codes.filter((code) => code === 'RESULTS_UNSURE')).toHaveLength(3);
    expect(first.owed).toBe(3);
    expect(list.items.size).toBe(30);
    for (const item of list.items.values()) item.seenFrom = 0;
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect(list.items.size).toBe(30);
  });

  it('takes its item back where a colleague made one a moment before, in a list that does not refuse doubles', async () => {
    const site = await siteWith(2);
    const list = new LabList('Prosjekt', [text('JobKey', true), text('MigrationState')]);
    results.site.lists.push(list);
    await setResults(site, results.graph, { address: ADDRESS, list: 'Prosjekt', create: false, reports: false });
    expect(resultsSettings(site)?.list.unique).toBe(false);
    const add = list.add.bind(list);
    list.add = (changes, visibleInMs) => {
      list.add = add;
      add(changes);
      return add(changes, visibleInMs);
    };
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect([...list.items.keys()]).toEqual(['1', '3']);
    expect(titles()).toEqual(['Room 1', 'Room 2']);
    finish(site, 'Room 1');
    expect(await published(site)).toMatchObject({ written: 1, owed: 0 });
    expect(list.items.get('1')?.fields.MigrationState).toBe('migrated');
  });

  it('waits for better times where nobody answers', async () => {
    const site = await siteWith(3);
    await chooseList(site, results.graph);
    await results.lab.host.stop();
    expect(await codeOf(() => published(site))).toBe('M365_UNREACHABLE');
    expect(site.results.owedCount()).toBe(3);
    await results.lab.host.start();
    expect(await published(site)).toMatchObject({ written: 3, owed: 0 });
  });

  it('holds one item for each room after many runs with random troubles', async () => {
    const pick = random(20261128);
    const site = await siteWith(3);
    // It is not the disk that is tried here.
    site.db.run('PRAGMA synchronous = OFF');
    for (let run = 0; run < 100; run++) {
      results.reset();
      endResults(site);
      await chooseList(site, results.graph);
      for (let tries = 0; tries < 6 && site.results.owedCount() > 0; tries++) {
        results.lab.behaviour.faults = Array.from({ length: Math.floor(pick() * 4) }, () => trouble(pick));
        await published(site).catch(() => undefined);
        const { id } = room(site, `Room ${1 + Math.floor(pick() * 3)}`);
        site.rooms.setState(id, pick() < 0.5 ? 'migrated' : 'undone', null);
      }
      results.lab.behaviour.faults = [];
      await published(site);
      expect(titles()).toEqual(['Room 1', 'Room 2', 'Room 3']);
      expect(site.results.owedCount()).toBe(0);
      for (const { name, state } of site.rooms.all())
        expect(itemNamed(results, name).fields.MigrationState).toBe(state);
    }
  });
});

const TROUBLES = [
  { on: 'POST /$batch', afterDone: true, drop: true },
  { on: 'POST /$batch', drop: true },
  { on: 'POST /sites', part: true, afterDone: true, status: 504 },
  { on: 'PATCH /sites', part: true, afterDone: true, status: 504 },
  { on: 'POST /sites', part: true, status: 504 },
  { on: '/sites', part: true, status: 429, headers: { 'Retry-After': '0' } },
  { on: 'POST /sites', part: true, afterDone: true, status: 500 },
  { on: 'GET /sites', drop: true },
  { on: 'GET /sites', status: 503, headers: { 'Retry-After': '0' } },
];

function trouble(pick: () => number) {
  const one = TROUBLES[Math.floor(pick() * TROUBLES.length)];
  if (!one) throw new Error('none');
  return { ...one };
}

/** Numbers that are the same in every run. Source: mulberry32, in the public domain. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
