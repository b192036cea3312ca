/** Claims and what the list says: refused items, rooms that a colleague has finished, deleted items, a person’s word. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAgreed } from '../../main/contract/agreed.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { TeamAgreed } from '../../main/contract/team.ts';
import { publish } from '../../main/services/results/publish.ts';
import { readTeam } from '../../main/services/results/team.ts';
import { roomRows } from '../../main/services/roomRows.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { otj } from '../support/otj.ts';
import { itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';
import { tempSite } from '../support/siteFile.ts';
import { claimsOf, NEVER, room, two, type Wish } from '../support/teamSites.ts';

let results: ResultsLab;
beforeAll(async () => {
  results = await startResultsLab();
});
afterAll(() => results?.stop());
beforeEach(() => results.reset());

const claims = (site: Site, wish?: Wish) => claimsOf(results, site, wish);
const publishAll = (site: Site) =>
  publish(site, { graph: results.graph, rooms: null, signal: NEVER, told: () => undefined });
const faults = () => results.lab.behaviour.faults;

/** A run of this technician has done something to the room. */
async function worked(site: Site, done: Room): Promise<void> {
  const runId = site.journal.startRun('migrate', site.settings.technician);
  const step = { id: 'identify', title: 'identify' };
  await site.journal.outcome(runId, done.id, step, { status: 'done', words: '', problem: null, ms: 1, changes: [] });
}

async function migrated(site: Site, name = 'Fjord'): Promise<void> {
  await worked(site, room(site, name));
  site.rooms.setState(room(site, name).id, 'migrated', null);
  await publishAll(site);
}

const flagOf = (site: Site, name = 'Fjord') => roomRows(site, [room(site, name).id])[0]?.team;

describe('one room\u2019s own trouble in the list', () => {
  it.each([
    ['a refusal of its item', 400, 1],
    ['others who write to its item all the time', 412, 10],
  ])('is told for that room and no reason to let the next through: %s', async (_what, status, times) => {
    const { kari, ola } = await two(results);
    await publishAll(kari);
    await claims(kari).claims.take(room(kari, 'Skog'));
    const { claims: own, told } = claims(ola);
    const { id } = itemNamed(results, 'Fjord');
    faults().push({ on: `/items/${id}/fields`, status, times });
    await own.take(room(ola));
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: 'Fjord' }]);
    expect(await codeOf(() => own.take(room(ola, 'Skog')))).toBe('ROOM_TAKEN');
    expect(itemNamed(results, 'Skog').fields.InWorkBy).toBe('Kari');
    faults().length = 0;
  });

  it('is no reason either when it comes as the room is given back', async () => {
    const { kari, ola } = await two(results);
    await claims(kari).claims.take(room(kari, 'Skog'));
    const { claims: own, told } = claims(ola);
    await own.take(room(ola));
    faults().push({ on: `/items/${itemNamed(results, 'Fjord').id}/fields`, status: 400 });
    await own.release(room(ola));
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: 'Fjord' }]);
    expect(await codeOf(() => own.take(room(ola, 'Skog')))).toBe('ROOM_TAKEN');
  });

  it('keeps no mark out of the list where its item is found by its key, and cannot be read by its id', async () => {
    const { kari } = await two(results);
    await publishAll(kari);
    // the first that is asked in a batch is the item itself
    faults().push({ on: 'GET /sites', part: true, status: 400 });
    const { claims: own, told } = claims(kari);
    await own.take(room(kari));
    expect(told).toEqual([]);
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Kari');
    expect(faults()).toEqual([]);
    await own.close();
  });

  it('is told for all when it is about all: no permission to read', async () => {
    const { kari } = await two(results);
    const { claims: own, told } = claims(kari);
    faults().push({ on: '/columns', status: 403 });
    await own.take(room(kari));
    await own.take(room(kari, 'Skog'));
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: null }]);
  });
});

describe('a room that a colleague has finished', () => {
  it('is not begun again without a word', async () => {
    const { kari, ola } = await two(results);
    await migrated(kari);
    const error = await errorOf(() => claims(ola).claims.take(room(ola)));
    expect([error?.code, error?.words]).toEqual(['ROOM_TAKEN', 'migrated, by Kari']);
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
    // Kari did it and may go back; who has agreed may as well.
    const own = claims(kari);
    await own.claims.take(room(kari));
    await own.claims.close();
    await claims(ola, { insist: true }).claims.take(room(ola));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
  });

  it('is told also where a dry run here has found trouble before', async () => {
    const { kari, ola } = await two(results);
    ola.rooms.setState(room(ola).id, 'needs attention', new OtjError('UNREACHABLE').toProblem());
    await migrated(kari);
    await readTeam(ola, results.graph);
    expect(flagOf(ola)).toEqual({ kind: 'elsewhere', by: 'Kari', state: 'migrated' });
    expect(await codeOf(() => claims(ola).claims.take(room(ola)))).toBe('ROOM_TAKEN');
    expect(await publishAll(ola)).toMatchObject({ failed: 0, owed: 0 });
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('migrated');
  });

  it('is another one than a room where only a dry run found trouble, ours or a colleague\u2019s', async () => {
    const { kari, ola } = await two(results);
    kari.rooms.setState(room(kari).id, 'needs attention', new OtjError('UNREACHABLE').toProblem());
    await publishAll(kari);
    for (const site of [kari, ola]) {
      const { claims: own } = claims(site);
      await own.take(room(site));
      await own.close();
    }
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('needs attention');
  });

  it('gets the trouble that a dry run found into an item of a colleague who has not begun either', async () => {
    const { kari, ola } = await two(results);
    await publishAll(kari);
    ola.rooms.setState(room(ola).id, 'needs attention', new OtjError('UNREACHABLE').toProblem());
    expect(await publishAll(ola)).toMatchObject({ failed: 0, owed: 0 });
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('needs attention');
  });
});

describe('a room whose item somebody deleted', () => {
  /** Both rooms are in the list; then the item of one is gone. */
  async function deleted(kari: Site): Promise<void> {
    await publishAll(kari);
    listOf(results).remove(itemNamed(results, 'Fjord').id);
    kari.rooms.setState(room(kari).id, 'needs attention', new OtjError('UNREACHABLE').toProblem());
    expect(await publishAll(kari)).toMatchObject({ failed: 1 });
  }

  async function begun(site: Site): Promise<void> {
    const { claims: own, told } = claims(site);
    await own.take(room(site));
    site.rooms.setState(room(site).id, 'migrated', null);
    await own.close();
    expect(told).toEqual([]);
  }

  it('stays out of the list when it is begun, if that was decided', async () => {
    const { kari } = await two(results);
    await deleted(kari);
    kari.results.decide(room(kari).id, 'list');
    await begun(kari);
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(listOf(results).items.size).toBe(1);
    expect(kari.results.of(room(kari).id)).toMatchObject({ keptOut: true, itemId: null });
  });

  it('is not begun where a colleague has put it back and has it in work', async () => {
    const { kari, ola } = await two(results);
    await deleted(kari);
    kari.results.decide(room(kari).id, 'list');
    const theirs = claims(ola);
    await theirs.claims.take(room(ola));
    expect(await codeOf(() => claims(kari).claims.take(room(kari)))).toBe('ROOM_TAKEN');
    await theirs.claims.close();
    await begun(kari);
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(kari.results.of(room(kari).id)).toMatchObject({ keptOut: true });
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('not started');
  });

  it('is not put back by a run before a person has decided', async () => {
    const { kari } = await two(results);
    await deleted(kari);
    await begun(kari);
    expect(listOf(results).items.size).toBe(1);
    expect(await publishAll(kari)).toMatchObject({ failed: 1, owed: 1 });
    expect(kari.results.of(room(kari).id)?.conflict).toMatchObject({ gone: true });
  });
});

describe('a person\u2019s word to begin all the same', () => {
  it('holds for what was seen, renewed or not, and for nobody who came later', async () => {
    const { kari, ola } = await two(results);
    const first = claims(kari);
    await first.claims.take(room(kari));
    await readTeam(ola, results.graph);
    const seen = flagOf(ola);
    const agreed: TeamAgreed[] = seen ? [{ roomId: room(ola).id, team: seen }] : [];
    expect(agreed).toMatchObject([{ team: { kind: 'taken', by: 'Kari' } }]);
    const wish = { agreed: ({ id }: Room, flag: TeamAgreed['team']) => isAgreed(agreed, id, flag) };
    const { id } = itemNamed(results, 'Fjord');
    const list = listOf(results);
    list.edit(id, { InWorkUntil: new Date(Date.now() + 1_900_000).toISOString() });
    const own = claims(ola, wish);
    await own.claims.take(room(ola));
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBe('Ola');
    await own.claims.close();
    // Another lease, of another person and then of the same one at another time.
    for (const change of [{ InWorkBy: 'Per' }, { InWorkBy: 'Kari', InWorkSince: '2026-01-01T00:00:00Z' }]) {
      const until = new Date(Date.now() + 900_000).toISOString();
      list.edit(id, { InWorkOn: 'lt-9', InWorkKey: 'k', InWorkUntil: until, ...change });
      expect(await codeOf(() => claims(ola, wish).claims.take(room(ola)))).toBe('ROOM_TAKEN');
    }
    // Nor for another room of the same colleague.
    await claims(kari).claims.take(room(kari, 'Skog'));
    expect(await codeOf(() => claims(ola, wish).claims.take(room(ola, 'Skog')))).toBe('ROOM_TAKEN');
  });

  it('is taken by the command for named rooms only', async () => {
    const site = await tempSite();
    const { code, stderr } = await otj(['run', site.path, '--insist', '--passphrase-fd', '3'], '');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--insist') });
  });
});
