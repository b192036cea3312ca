/** Several technicians and one list: who takes a room gets it alone, others are told before they begin, and see what was finished. */
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { laptop } from '../../main/services/results/flag.ts';
import { publish } from '../../main/services/results/publish.ts';
import { readTeam, teamOf } from '../../main/services/results/team.ts';
import { roomRows } from '../../main/services/roomRows.ts';
import { run } from '../../main/services/run.ts';
import { Site } from '../../main/site/site.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';
import { tempFolder } from '../support/siteFile.ts';
import { claimsOf, copyOf, NEVER, room, siteOf, two, type Wish } from '../support/teamSites.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

const claims = (site: Site, wish?: Wish) => claimsOf(results, site, wish);

const publishAll = (site: Site) =>
  publish(site, { graph: results.graph, rooms: null, signal: NEVER, told: () => undefined });

describe('taking a room', () => {
  it('makes it known who works on it, and gives it back with its result', async () => {
    const { kari } = await two(results);
    const { claims: own } = claims(kari);
    await own.take(room(kari));
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ InWorkBy: 'Kari', InWorkOn: laptop() });
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await own.release(room(kari));
    await own.close();
    const { fields } = itemNamed(results, 'Fjord');
    expect(fields).toMatchObject({ MigrationState: 'migrated' });
    expect(Object.keys(fields).filter((name) => name.startsWith('InWork'))).toEqual([]);
    // Its result is in the list with that, so only the other room is still owed.
    expect(await publishAll(kari)).toMatchObject({ written: 1, owed: 0 });
    expect(listOf(results).items.size).toBe(2);
  });

  it('tells another technician who, since when and until when, before anything is done', async () => {
    const { kari, ola } = await two(results);
    const first = claims(kari);
    await first.claims.take(room(kari));
    const error = await errorOf(() => claims(ola).claims.take(room(ola)));
    expect(error?.code).toBe('ROOM_TAKEN');
    expect(error?.words).toMatch(/^Kari on \S+, since \d{4}-.*Z, until \d{4}-.*Z$/);
    await claims(ola).claims.take(room(ola, 'Skog'));
    await first.claims.close();
    expect(await codeOf(() => claims(ola).claims.take(room(ola)))).toBeUndefined();
  });

  it('is for one alone when two reach for it in the same moment', async () => {
    for (const isPublished of [false, true]) {
      results.reset();
      const { kari, ola } = await two(results);
      if (isPublished) await publishAll(kari);
      const codes = await Promise.all([kari, ola].map((site) => codeOf(() => claims(site).claims.take(room(site)))));
      expect(codes.toSorted()).toEqual(['ROOM_TAKEN', undefined]);
      const winner = codes[0] === undefined ? 'Kari' : 'Ola';
      expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe(winner);
    }
  });

  it('is possible all the same for one who insists; the other is told when it is renewed', async () => {
    const { kari, ola } = await two(results);
    // Seldom enough that Ola's reading and writing goes in between, as it does in 400 s.
    const first = claims(kari, { renewMs: 1_500 });
    await first.claims.take(room(kari));
    await claims(ola, { insist: true }).claims.take(room(ola));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
    await expect.poll(() => first.told.map(({ code }) => code), { timeout: 30_000 }).toEqual(['LEASE_LOST']);
    await first.claims.close();
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
  });

  it('is possible when the time of another has run out, by the clock of the server', async () => {
    const { kari, ola } = await two(results);
    await claims(kari).claims.take(room(kari));
    const list = listOf(results);
    const { id } = itemNamed(results, 'Fjord');
    list.edit(id, { InWorkUntil: new Date(Date.now() - 1_000).toISOString() });
    await claims(ola).claims.take(room(ola));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
  });

  it('holds as long as work goes on, also where somebody writes beside it', async () => {
    const { kari } = await two(results);
    const { claims: own } = claims(kari, { renewMs: 20 });
    await own.take(room(kari));
    const list = listOf(results);
    const { id, version } = itemNamed(results, 'Fjord');
    list.edit(id, { Building: 'Bergen', InWorkUntil: new Date(Date.now() + 5_000).toISOString() });
    await expect.poll(() => itemNamed(results, 'Fjord').version, { timeout: 10_000 }).toBeGreaterThan(version + 2);
    expect(Date.parse(String(itemNamed(results, 'Fjord').fields.InWorkUntil))).toBeGreaterThan(Date.now() + 600_000);
    await own.close();
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ Building: 'Bergen' });
  });

  it('carries on with its own lease after a crash', async () => {
    const { kari } = await two(results);
    await claims(kari).claims.take(room(kari));
    const again = claims(kari);
    await again.claims.take(room(kari));
    await again.claims.close();
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
  });

  it('is given back by the next publish where work was cut off', async () => {
    const { kari } = await two(results);
    await claims(kari).claims.take(room(kari));
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
    expect(kari.results.leases()).toEqual([]);
  });

  it('is not given back by the publish of a copy of the site file on another computer', async () => {
    const { kari } = await two(results);
    await claims(kari).claims.take(room(kari));
    const { id } = itemNamed(results, 'Fjord');
    // A copy knows the key too.
    listOf(results).edit(id, { InWorkOn: 'Laptop of Ola' });
    await publishAll(kari);
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ InWorkBy: 'Kari', InWorkOn: 'Laptop of Ola' });
    expect(kari.results.leases()).toEqual([]);
  });

  it('draws a key of its own where the copy of a site file has that of the one it was copied from', async () => {
    const { kari } = await two(results);
    await claims(kari).claims.take(room(kari));
    const { id, fields } = itemNamed(results, 'Fjord');
    // The file that took it is on another computer, and this one is its copy.
    listOf(results).edit(id, { InWorkOn: 'Laptop of Kari' });
    const key = String(fields.InWorkKey);
    expect(kari.results.leases()).toMatchObject([{ key }]);
    await claims(kari, { insist: true }).claims.take(room(kari));
    expect(fields).toMatchObject({ InWorkOn: laptop(), InWorkKey: kari.results.leases()[0]?.key });
    expect(fields.InWorkKey).not.toBe(key);
  });

  it('is not known as its own by a copy of the site file on the same computer', async () => {
    const { kari } = await two(results);
    await publishAll(kari);
    await claims(kari).claims.take(room(kari));
    const { copy, path } = copyOf(kari);
    copy.saveSettings({ technician: 'Ola' });
    expect((await errorOf(() => claims(copy).claims.take(room(copy))))?.words).toMatch(/^Kari on /);
    await publishAll(copy);
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ InWorkBy: 'Kari' });
    const leaseIn = async (site: Site) => (await readTeam(site, results.graph)).rooms.find(({ lease }) => lease)?.lease;
    const flagIn = (site: Site) => roomRows(site, [room(site).id])[0]?.team;
    expect([await leaseIn(copy), flagIn(copy)]).toMatchObject([{ own: false }, { kind: 'taken', by: 'Kari' }]);
    expect([await leaseIn(kari), flagIn(kari)]).toMatchObject([{ own: true }, undefined]);
    // A copy that takes it all the same has it from then on, and the other one is told.
    const own = claims(copy, { insist: true });
    await own.claims.take(room(copy));
    expect(await codeOf(() => claims(kari).claims.take(room(kari)))).toBe('ROOM_TAKEN');
    await own.claims.close();
    // After a crash the same file, opened again by another name for its place, carries on with its own.
    await claims(copy).claims.take(room(copy));
    const link = join(tempFolder(), 'link.otjsite');
    symlinkSync(path, link);
    const again = Site.open(link);
    onTestFinished(() => again.close());
    expect(flagIn(again)).toBeUndefined();
    await claims(again).claims.take(room(again));
    // One that was moved meanwhile is a copy like any other, until the lease has run out.
    const moved = join(tempFolder(), 'moved.otjsite');
    copy.close();
    again.close();
    renameSync(path, moved);
    const elsewhere = Site.open(moved);
    onTestFinished(() => elsewhere.close());
    expect(await errorOf(() => claims(elsewhere).claims.take(room(elsewhere)))).toMatchObject({
      code: 'ROOM_TAKEN',
      words: expect.stringMatching(/^Ola on .*; from this site file at another place/),
    });
    // A publish leaves it, for the file may be a copy of one that is at work; what has run out is nobody's, and was its own.
    elsewhere.rooms.setState(room(elsewhere).id, 'migrated', null);
    await publishAll(elsewhere);
    const { id, fields } = itemNamed(results, 'Fjord');
    expect(fields).toMatchObject({ InWorkBy: 'Ola', MigrationState: 'migrated' });
    listOf(results).edit(id, { InWorkUntil: '2026-01-01T00:00:00Z' });
    elsewhere.rooms.setState(room(elsewhere).id, 'awaiting sync', null);
    await publishAll(elsewhere);
    expect(itemNamed(results, 'Fjord').fields).not.toHaveProperty('InWorkBy');
    expect(elsewhere.results.of(room(elsewhere).id)).toMatchObject({ leaseAnywhere: null });
  });

  it('stays with the copy of the site file on another computer that has taken it since', async () => {
    const { kari } = await two(results);
    const [renewing, quiet] = [claims(kari, { renewMs: 20 }), claims(kari)];
    await renewing.claims.take(room(kari));
    await quiet.claims.take(room(kari, 'Skog'));
    // With the same key: a copy may be at work with a version that drew none anew.
    const taken = { InWorkBy: 'Ola', InWorkOn: 'Laptop of Ola' };
    for (const name of ['Fjord', 'Skog']) listOf(results).edit(itemNamed(results, name).id, taken);
    const { told } = renewing;
    await expect.poll(() => told, { timeout: 10_000 }).toMatchObject([{ code: 'LEASE_LOST', room: 'Fjord' }]);
    for (const { claims: own } of [renewing, quiet]) await own.close();
    for (const name of ['Fjord', 'Skog']) expect(itemNamed(results, name).fields).toMatchObject(taken);
  });

  it('survives a lost answer, and makes no second item', async () => {
    const { kari, ola } = await two(results);
    results.lab.behaviour.faults.push({ on: 'POST /sites', afterDone: true, drop: true });
    await claims(kari).claims.take(room(kari));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Kari');
    results.lab.behaviour.faults.push({ on: 'PATCH /sites', afterDone: true, status: 504 });
    await claims(ola, { insist: true }).claims.take(room(ola));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
  });

  it('is said and no hindrance where the list cannot be reached, or was never set', async () => {
    const { kari } = await two(results);
    await results.lab.host.stop();
    const { claims: own, told } = claims(kari);
    await own.take(room(kari));
    await own.take(room(kari, 'Skog'));
    await own.close();
    await results.lab.host.start();
    expect(told.map(({ code }) => code)).toEqual(['TEAM_UNREACHABLE']);
    const alone = await siteOf('Per');
    const quiet = claims(alone);
    await quiet.claims.take(room(alone));
    expect(quiet.told).toEqual([]);
  });
});

describe('a run', () => {
  it('takes its rooms first, leaves those that are taken as they were, and gives its own back with their result', async () => {
    const { kari, ola } = await two(results);
    const held = claims(ola);
    await held.claims.take(room(ola, 'Skog'));
    const { claims: own } = claims(kari);
    const seen: string[] = [];
    const options = {
      kind: 'migrate' as const,
      rooms: kari.rooms.all(),
      technician: 'Kari',
      signal: NEVER,
      claims: own,
    };
    const result = await run(kari, {
      ...options,
      listen(event) {
        if (event.type === 'room') seen.push(`${event.room} ${event.problem?.code}`);
      },
    });
    await own.close();
    // There is no login for either device: that is as far as this run comes, and Skog not even so far.
    expect(seen.toSorted()).toEqual(['Fjord CREDENTIAL_MISSING', 'Skog ROOM_TAKEN']);
    expect(result).toMatchObject({ ok: 0, failed: 2 });
    expect(kari.rooms.all().map(({ name, state }) => [name, state])).toEqual([
      ['Fjord', 'needs attention'],
      ['Skog', 'not started'],
    ]);
    const { fields } = itemNamed(results, 'Fjord');
    expect(fields).toMatchObject({
      MigrationState: 'needs attention',
      Problem: expect.stringContaining('CREDENTIAL_MISSING'),
    });
    expect(fields.InWorkBy).toBeUndefined();
    expect(itemNamed(results, 'Skog').fields.InWorkBy).toBe('Ola');
    await held.claims.close();
  });
});

describe('the team in the list', () => {
  it('shows what others have finished and have in work, also offline', async () => {
    const { kari, ola } = await two(results);
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await publishAll(kari);
    const { claims: own } = claims(kari);
    await own.take(room(kari, 'Skog'));
    const team = await readTeam(ola, results.graph);
    const byName = Object.fromEntries(team.rooms.map((one) => [one.room, one]));
    expect(byName.Fjord).toMatchObject({ roomId: room(ola).id, state: 'migrated', lease: null });
    expect(byName.Skog).toMatchObject({ lease: { holder: 'Kari', own: false, live: true } });
    expect(teamOf(ola)).toEqual(team);
    expect(await readTeam(kari, results.graph)).toMatchObject({
      rooms: expect.arrayContaining([
        expect.objectContaining({ room: 'Skog', lease: expect.objectContaining({ own: true }) }),
      ]),
    });
    await own.close();
  });

  it('does not let a site file that has not begun a room write over a colleague’s result', async () => {
    const { kari, ola } = await two(results);
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await publishAll(kari);
    expect(await publishAll(ola)).toMatchObject({ written: 0, failed: 0, owed: 0 });
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('migrated');
  });

  it('is read from a list of 10,000 rooms, and one of them is taken by its key', async () => {
    const { kari } = await two(results);
    const list = listOf(results);
    for (let at = 0; at < 10_000; at++)
      list.add({ Title: `Far ${at}`, JobKey: `otj-far-${at}`, MigrationState: 'ready' });
    results.lab.counts.requests = 0;
    const team = await readTeam(kari, results.graph);
    expect(team.rooms.map((one) => one.room)).toEqual(Array.from({ length: 10_000 }, (_, at) => `Far ${at}`));
    expect(results.lab.counts.requests).toBeLessThanOrEqual(22);
    results.lab.counts.requests = 0;
    await claims(kari).claims.take(room(kari));
    expect(results.lab.counts.requests).toBeLessThanOrEqual(4);
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Kari');
  });
});
