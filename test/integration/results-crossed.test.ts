/** Two who write at the same time, answers that say less than the documentation, and doubles: nothing is lost, nobody is passed over. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAgreed } from '../../main/contract/agreed.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { TeamFlag } from '../../main/contract/team.ts';
import type { Graph } from '../../main/microsoft/graph/graph.ts';
import { type Delivery, publish } from '../../main/services/results/publish.ts';
import { setResults } from '../../main/services/results/settings.ts';
import { readTeam, teamOf } from '../../main/services/results/team.ts';
import { roomRows } from '../../main/services/roomRows.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { columnFrom } from '../lab/microsoft/graph/columns.ts';
import { type LabItem, LabList } from '../lab/microsoft/graph/list.ts';

import { codeOf, errorOf } from '../support/codeOf.ts';
import { ADDRESS, itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';
import { claimsOf, NEVER, room, siteOf, two, type Wish } from '../support/teamSites.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

const claims = (site: Site, wish?: Wish) => claimsOf(results, site, wish);
async function published(site: Site, graph = results.graph) {
  const told: Delivery[] = [];
  const sum = await publish(site, { graph, rooms: null, signal: NEVER, told: (one) => told.push(one) });
  return { ...sum, told: told.length, codes: told.map(({ problem }) => problem?.code ?? 'ok') };
}

/** A list of theirs, whose key is indexed and may be there twice. */
async function withoutUniqueKey(...sites: readonly Site[]): Promise<LabList> {
  const column = (name: string, facet: object, indexed = false) => {
    const made = columnFrom(name, { name, displayName: name, indexed, ...facet });
    if (!made) throw new Error(name);
    return made;
  };
  const texts = ['InWorkBy', 'InWorkOn', 'InWorkKey', 'MigrationState'].map((name) => column(name, { text: {} }));
  const times = ['InWorkSince', 'InWorkUntil'].map((name) => column(name, { dateTime: {} }));
  const list = new LabList('Prosjekt', [column('JobKey', { text: {} }, true), ...texts, ...times]);
  results.site.lists.push(list);
  for (const site of sites)
    await setResults(site, results.graph, { address: ADDRESS, list: 'Prosjekt', create: false, reports: false });
  return list;
}

/** The next item is made by a colleague as well, a moment before. @param theirs what the colleague's has that ours has not */
function colleagueFirst(list: LabList, theirs: Record<string, string> = {}): void {
  const add = list.add.bind(list);
  list.add = (changes, visibleInMs) => {
    list.add = add;
    add({ ...changes, ...theirs });
    return add(changes, visibleInMs);
  };
}

describe.each([409, 412] as const)('where SharePoint answers %i to a write that met another', (mismatch) => {
  it('a room is taken all the same, and not begun without its lease', async () => {
    const { kari, ola } = await two(results);
    await published(kari);
    results.sites.mismatch = mismatch;
    results.sites.crossings = mismatch === 409 ? 1 : 0;
    const { claims: own, told } = claims(ola);
    await own.take(room(ola));
    expect(told).toEqual([]);
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
    // a person writes beside it before it is given back
    listOf(results).edit(itemNamed(results, 'Fjord').id, { Building: 'Bergen' });
    ola.rooms.setState(room(ola).id, 'migrated', null);
    await own.close();
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ Building: 'Bergen', MigrationState: 'migrated' });
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
  });

  it('a publish looks again, and leaves to a person what both have changed', async () => {
    const { kari } = await two(results);
    await published(kari);
    results.sites.mismatch = mismatch;
    results.sites.crossings = mismatch === 409 ? 1 : 0;
    kari.rooms.setState(room(kari).id, 'migrated', null);
    listOf(results).edit(itemNamed(results, 'Fjord').id, { MigrationState: 'needs attention' });
    expect(await published(kari)).toMatchObject({ codes: ['RESULTS_CHANGED'] });
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('needs attention');
  });
});

describe('a write that met another, with nothing changed', () => {
  it('is sent again', async () => {
    const { kari } = await two(results);
    await published(kari);
    results.sites.crossings = 1;
    kari.rooms.setState(room(kari).id, 'migrated', null);
    expect(await published(kari)).toMatchObject({ written: 1, failed: 0, owed: 0 });
  });

  it('of a name that is there already stays a refusal', async () => {
    const { kari } = await two(results);
    results.lab.behaviour.faults.push({
      on: 'POST /sites',
      part: true,
      status: 409,
      body: { error: { code: 'nameAlreadyExists', message: 'Name already exists' } },
      times: 9,
    });
    expect((await published(kari)).codes).toEqual(['RESULTS_REFUSED', 'RESULTS_REFUSED']);
  });
});

describe('a 500', () => {
  it('to a write that was done makes no second item', async () => {
    const { kari } = await two(results);
    results.lab.behaviour.faults.push({ on: 'POST /sites', part: true, status: 500, afterDone: true, times: 2 });
    expect(await published(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(listOf(results).items.size).toBe(2);
  });

  it('to a lease is looked after', async () => {
    const { kari } = await two(results);
    await published(kari);
    const { claims: own, told } = claims(kari);
    results.lab.behaviour.faults.push({ on: '/fields', status: 500, afterDone: true });
    await own.take(room(kari));
    expect(told).toEqual([]);
    await own.close();
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
  });
});

describe('answers to writes that tell no tag', () => {
  it('let leases be taken, renewed and given back, and results be published', async () => {
    const { kari } = await two(results);
    results.sites.tagless = true;
    await published(kari);
    const { claims: own, told } = claims(kari, { renewMs: 20 });
    await own.take(room(kari));
    const { id } = itemNamed(results, 'Fjord');
    listOf(results).edit(id, { InWorkUntil: new Date(Date.now() + 5_000).toISOString() });
    const until = () => Date.parse(String(itemNamed(results, 'Fjord').fields.InWorkUntil));
    await expect.poll(until).toBeGreaterThan(Date.now() + 60_000);
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await own.close();
    expect(told).toEqual([]);
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ MigrationState: 'migrated' });
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
    for (const state of ['undone', 'migrated'] as const) {
      kari.rooms.setState(room(kari).id, state, null);
      expect(await published(kari)).toMatchObject({ written: 1, owed: 0 });
    }
  });
});

it('columns that are told with nulls serve as the others do', async () => {
  const site = await siteOf('Kari');
  results.sites.nulls = true;
  await setResults(site, results.graph, { address: ADDRESS, create: true, reports: false });
  expect(await published(site)).toMatchObject({ written: 2, owed: 0 });
});

const DOUBLE = 'RESULTS_DOUBLE';

describe('an item made twice, in a list that does not refuse it', () => {
  it('is counted once', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    colleagueFirst(list);
    expect(await published(site)).toMatchObject({ told: 2, failed: 0, owed: 0 });
    expect([...list.items.keys()]).toEqual(['1', '3']);
  });

  it('by taking a room gives way to the colleague who was first', async () => {
    const [kari, ola] = [await siteOf('Kari'), await siteOf('Ola')];
    const list = await withoutUniqueKey(kari, ola);
    colleagueFirst(list);
    const { claims: own, told } = claims(ola, { insist: true });
    await own.take(room(ola));
    expect(told).toEqual([]);
    expect([...list.items.keys()]).toEqual(['1']);
    expect(list.items.get('1')?.fields.InWorkBy).toBe('Ola');
    await own.close();
    expect(await published(ola)).toMatchObject({ failed: 0, owed: 0 });
  });

  it('and not taken back is told by each publish, until a person has deleted one', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    colleagueFirst(list);
    const refusing = { on: 'DELETE /sites', part: true, status: 400, times: 99 };
    results.lab.behaviour.faults.push(refusing);
    for (let times = 0; times < 2; times++)
      expect(await published(site)).toMatchObject({ failed: 1, owed: 1, codes: expect.arrayContaining([DOUBLE]) });
    list.remove('1');
    site.rooms.setState(room(site).id, 'migrated', null);
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
    expect(list.items.get('2')?.fields.MigrationState).toBe('migrated');
  });

  it('is told by the next publish where the first ended before it had looked', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    colleagueFirst(list);
    const ended = new OtjError('M365_UNREACHABLE');
    const graph: Graph = {
      ...results.graph,
      async batch(...args) {
        if (list.items.size > 0) throw ended;
        return await results.graph.batch(...args);
      },
    };
    expect(await codeOf(() => published(site, graph))).toBe(ended.code);
    expect(await published(site)).toMatchObject({ failed: 1, owed: 1, codes: expect.arrayContaining([DOUBLE]) });
  });

  const TAKEN = {
    ...{ InWorkBy: 'Ola', InWorkOn: 'Laptop of Ola', InWorkKey: 'theirs', InWorkSince: '2026-11-29T08:00:00Z' },
    InWorkUntil: new Date(Date.now() + 900_000).toISOString(),
  };

  it('by taking a room that a colleague takes as well leaves it to the colleague, also where ours cannot be taken back', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    colleagueFirst(list, TAKEN);
    results.lab.behaviour.faults.push({ on: 'DELETE /sites', part: true, status: 400, times: 99 });
    expect(await codeOf(() => claims(site).claims.take(room(site)))).toBe('ROOM_TAKEN');
    expect(await published(site)).toMatchObject({ failed: 1, codes: expect.arrayContaining([DOUBLE]) });
  });

  it('is not made by taking a room alone, where the list shows items late and could not be looked at', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    results.lab.behaviour.consistencyMs = 3_600_000;
    const graph: Graph = {
      ...results.graph,
      async ask(request, signal) {
        // what was made is looked for next
        if (request.method === 'POST') results.lab.behaviour.faults.push({ on: 'GET /sites', part: true, status: 400 });
        return await results.graph.ask(request, signal);
      },
    };
    const { claims: own, told } = claims(site, { graph });
    await own.take(room(site));
    expect(list.items.size).toBe(1);
    expect(told).toMatchObject([
      { code: 'TEAM_UNREACHABLE', words: expect.stringMatching(/^RESULTS_UNSURE: \w/), room: 'Fjord' },
    ]);
    for (const item of list.items.values()) item.seenFrom = 0;
    await own.take(room(site));
    expect(told).toHaveLength(1);
    expect([...list.items.values()].map(({ fields }) => fields.InWorkBy)).toEqual(['Kari']);
    await own.close();
    expect(await published(site)).toMatchObject({ failed: 0, owed: 0 });
  });

  it('is seen when a room is taken whose own item has been known for long', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    await published(site);
    const { id, fields } = itemNamed(results, 'Fjord');
    const second = list.add({ ...fields, Title: 'Fjord of Ola', ...TAKEN }) as LabItem;
    expect(await codeOf(() => claims(site).claims.take(room(site)))).toBe('ROOM_TAKEN');
    list.edit(second.id, Object.fromEntries(Object.keys(TAKEN).map((name) => [name, null])));
    const { claims: own, told } = claims(site);
    await own.take(room(site));
    expect(told).toMatchObject([{ code: DOUBLE, words: '2 items', room: 'Fjord' }]);
    expect(list.items.get(id)?.fields.InWorkBy).toBe('Kari');
    await own.close();
    expect(list.items.get(id)?.fields.InWorkBy).toBeUndefined();
    list.remove(second.id);
    await own.take(room(site));
    expect(told).toHaveLength(1);
    await own.close();
  });

  it('shows what each says in the table of the team, and flags the room by either', async () => {
    const site = await siteOf('Kari');
    const list = await withoutUniqueKey(site);
    await published(site);
    const { id, fields } = itemNamed(results, 'Fjord');
    const flagNow = () => roomRows(site, [room(site).id])[0]?.team;
    const second = list.add({ ...fields, Title: 'Fjord of Ola', ...TAKEN }) as LabItem;
    const held = { kind: 'taken', by: 'Ola', laptop: 'Laptop of Ola' };
    const ids = [id, second.id];
    // whichever of the two is read last
    for (const [free, taken] of [ids, ids.toReversed()] as [string, string][]) {
      list.edit(free, { ...Object.fromEntries(Object.keys(TAKEN).map((name) => [name, null])), MigrationState: null });
      list.edit(taken, TAKEN);
      const team = await readTeam(site, results.graph);
      expect(team.doubles).toEqual([{ room: 'Fjord', items: ids }]);
      const told = team.rooms.filter(({ double }) => double).map(({ item, lease }) => [item, lease?.holder]);
      expect(told.toSorted()).toEqual(ids.map((item) => [item, item === taken ? 'Ola' : undefined]));
      expect(flagNow()).toMatchObject(held);
    }
    list.edit(second.id, { ...TAKEN, MigrationState: 'migrated' });
    list.edit(id, { ...TAKEN, InWorkBy: 'Per' });
    await readTeam(site, results.graph);
    const seen = flagNow();
    expect(seen).toMatchObject({ by: 'Per', beside: [held] });
    // A word on one of them is none on the other; what a claim has read is told, and a word on both holds.
    const agreeing = (team: TeamFlag) => ({
      agreed: ({ id: of }: Room, flag: TeamFlag) => isAgreed([{ roomId: of, team }], of, flag),
    });
    const { beside: _beside, ...first } = seen as TeamFlag;
    const refused = await errorOf(() => claims(site, agreeing(first)).claims.take(room(site)));
    expect(refused).toMatchObject({
      code: 'ROOM_TAKEN',
      words: expect.stringMatching(/^Per .*; in another item .* Ola /),
    });
    const { claims: own, told } = claims(site, agreeing(seen as TeamFlag));
    await own.take(room(site));
    expect(told).toMatchObject([{ code: DOUBLE }]);
    await own.close();
    // The usual double says the same twice, which is told once.
    list.edit(second.id, TAKEN);
    list.edit(id, TAKEN);
    await readTeam(site, results.graph);
    expect(flagNow()).toMatchObject({ ...held, beside: [] });
    expect(await errorOf(() => claims(site).claims.take(room(site)))).toMatchObject({
      words: expect.stringMatching(/^Ola on Laptop of Ola, [^;]*; more than one item of the list says so$/),
    });
    await claims(site, agreeing(flagNow() as TeamFlag)).claims.take(room(site));
    list.edit(id, Object.fromEntries(Object.keys(TAKEN).map((name) => [name, null])));
    list.remove(second.id);
    await own.take(room(site));
    await own.close();
    expect(teamOf(site)).toMatchObject({ doubles: [] });
    expect(flagNow()).toBeUndefined();
  });

  it('hides no work that goes on: of two who know its item the second does not begin it', async () => {
    const [kari, ola] = [await siteOf('Kari'), await siteOf('Ola')];
    const list = await withoutUniqueKey(kari, ola);
    await published(kari);
    await published(ola);
    const { id, fields } = itemNamed(results, 'Fjord');
    list.add({ ...fields, Title: 'Fjord, once more' });
    const first = claims(kari);
    await first.claims.take(room(kari));
    expect(await codeOf(() => claims(ola).claims.take(room(ola)))).toBe('ROOM_TAKEN');
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await first.claims.close();
    expect(list.items.get(id)?.fields).toMatchObject({ MigrationState: 'migrated' });
    expect(list.items.get(id)?.fields.InWorkBy).toBeUndefined();
  });
});
