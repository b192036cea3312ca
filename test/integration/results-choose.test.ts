/** Choosing the SharePoint list over real sockets: made, found, mapped onto theirs, and chosen again without a loss. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtResults, resultsSettings, setResults } from '../../main/services/results/settings.ts';
import type { Site } from '../../main/site/site.ts';
import { LabList } from '../lab/microsoft/graph/list.ts';
import { codeOf } from '../support/codeOf.ts';
import { decide, finish, publishOver, room, siteWith, text } from '../support/publishing.ts';
import { ADDRESS, chooseList, itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

const published = (site: Site) => publishOver(results.graph, site);

describe('choosing the list', () => {
  it('makes it with typed columns, and finds it again after a lost answer in place of making a second', async () => {
    const site = await siteWith(1);
    results.lab.behaviour.faults.push({ on: 'POST /sites', afterDone: true, drop: true });
    await chooseList(site, results.graph);
    expect(results.site.lists).toHaveLength(1);
    const column = listOf(results).columns.find(({ name }) => name === 'JobKey');
    expect(column).toMatchObject({ indexed: true, enforceUniqueValues: true, kind: 'text' });
    expect(resultsSettings(site)?.list).toMatchObject({ name: 'OTJ migration', made: true });
    expect(site.results.owedCount()).toBe(1);
  });

  it('is by the address of the site, and says what is not there', async () => {
    const { graph } = results;
    expect(await lookAtResults(graph, { address: ADDRESS })).toMatchObject({ site: { name: 'OTJ' }, list: null });
    expect(await codeOf(() => lookAtResults(graph, { address: `${ADDRESS}x` }))).toBe('RESULTS_SITE_MISSING');
    const site = await siteWith(1);
    expect(await codeOf(() => setResults(site, graph, { address: ADDRESS, create: false, reports: false }))).toBe(
      'RESULTS_LIST_MISSING',
    );
    expect(resultsSettings(site)).toBeNull();
    expect(site.results.owedCount()).toBe(0);
  });

  it('maps onto a list of theirs, once and for all, and leaves their columns alone', async () => {
    const site = await siteWith(1);
    const list = new LabList('Prosjekt', [text('Nokkel', true), text('Status'), text('Cost')]);
    results.site.lists.push(list);
    const wish = { address: ADDRESS, list: 'prosjekt', create: false, reports: false };
    expect(await codeOf(() => setResults(site, results.graph, wish))).toBe('RESULTS_COLUMN_MISSING');
    await setResults(site, results.graph, { ...wish, columns: { jobKey: 'Nokkel', state: 'Status' } });
    await published(site);
    list.edit('1', { Cost: '1200' });
    finish(site, 'Room 1');
    expect((await published(site)).written).toBe(1);
    expect(itemNamed(results, 'Room 1').fields).toMatchObject({ Title: 'Room 1', Status: 'migrated', Cost: '1200' });
    // Asked for once more without the columns, what was chosen stays.
    await setResults(site, results.graph, wish);
    expect(resultsSettings(site)?.columns).toMatchObject({ jobKey: 'Nokkel', state: 'Status' });
    expect(site.results.owedCount()).toBe(0);
  });
});

describe('choosing the same list again', () => {
  const wish = { address: ADDRESS, create: false };

  it('keeps folder and reports that are not named', async () => {
    const site = await siteWith(1);
    await setResults(site, results.graph, { ...wish, create: true, reports: false, folder: 'Prosjekt/OTJ' });
    await setResults(site, results.graph, wish);
    expect(resultsSettings(site)).toMatchObject({ reports: false, folder: 'Prosjekt/OTJ' });
  });

  it('loses nothing when the same columns are told in another order', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    await published(site);
    const columns = Object.fromEntries(Object.entries(resultsSettings(site)?.columns ?? {}).toReversed());
    await setResults(site, results.graph, { ...wish, columns, whole: true });
    expect(site.results.owedCount()).toBe(0);
    expect(site.results.of(room(site, 'Room 1').id)).toMatchObject({ itemId: '1' });
  });

  it('with other columns keeps items, decisions and leases, and leaves what people wrote in the new column', async () => {
    const site = await siteWith(3);
    await chooseList(site, results.graph);
    await published(site);
    const list = listOf(results);
    list.columns.push(text('Hvor'));
    list.remove('3');
    finish(site, 'Room 3');
    await published(site);
    decide(site, 'Room 3', 'list');
    site.results.noteLease(room(site, 'Room 1').id, 'key');
    list.edit('2', { Hvor: 'Bergen' });
    await setResults(site, results.graph, { ...wish, columns: { building: 'Hvor' } });
    expect(site.results.leases()).toHaveLength(1);
    const after = await published(site);
    expect(after.codes.toSorted()).toEqual(['RESULTS_CHANGED', 'ok', 'ok']);
    expect([...list.items.values()].map(({ fields }) => fields.Hvor)).toEqual(['Oslo', 'Bergen']);
    expect(list.items.size).toBe(2);
  });

  it('writes only the columns that are named, where these are all', async () => {
    const site = await siteWith(1);
    await chooseList(site, results.graph);
    const { building: _, ...columns } = resultsSettings(site)?.columns ?? {};
    await setResults(site, results.graph, { ...wish, columns, whole: true });
    await published(site);
    expect(itemNamed(results, 'Room 1').fields.Building).toBeUndefined();
  });
});
