/** Claims in bad weather: refused items, rooms that a colleague has finished, networks that drop everything, lost answers. */
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { isAgreed } from '../../main/contract/agreed.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { TeamAgreed } from '../../main/contract/team.ts';
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
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

/** A way to the lab that can go dead: it takes connections and bytes, and lets nothing through. */
async function openWire(): Promise<{ graph: Graph; cut(): void }> {
  const sockets = new Set<Socket>();
  let isDead = false;
  const target = new URL(results.lab.url);
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined));
    if (isDead) return void near.resume();
    const far = dial(Number(target.port), target.hostname).on('error', () => undefined);
    sockets.add(far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const url = new URL(results.lab.url);
  url.port = String(port);
  const graph = openGraph({ baseUrl: url.href, ca: results.lab.certificate }, results.tokens, { retryMs: 5 });
  onTestFinished(async () => {
    await graph.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const cut = () => {
    isDead = true;
    for (const socket of sockets) socket.unpipe().resume();
  };
  return { graph, cut };
}

describe('a network that drops everything', () => {
  it('holds up neither a room nor the end of a run; the result stays owed', async () => {
    const { kari } = await two(results);
    const { graph, cut } = await openWire();
    const wish: Wish = { graph };
    const { claims: own, told } = claims(kari, wish);
    await own.take(room(kari));
    await own.take(room(kari, 'Skog'));
    wish.deadlineMs = 200;
    kari.rooms.setState(room(kari).id, 'migrated', null);
    cut();
    await own.release(room(kari));
    await own.close();
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: null }]);
    expect(kari.results.owedCount()).toBe(2);
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(itemNamed(results, 'Fjord').fields).toMatchObject({ MigrationState: 'migrated' });
    expect(itemNamed(results, 'Skog').fields.InWorkBy).toBeUndefined();
  });

  it('does not hold up a room that is to be begun, nor those after it', async () => {
    const { kari } = await two(results);
    const { graph, cut } = await openWire();
    cut();
    const { claims: own, told } = claims(kari, { graph, deadlineMs: 200 });
    await own.take(room(kari));
    await own.take(room(kari, 'Skog'));
    await own.close();
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: null }]);
  });

  it('stops none of the rooms that are taken together while a token is on its way', async () => {
    const { kari } = await two(results);
    const tokens = {
      async token(_scopes: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<string> {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
        throw new OtjError('CANCELLED');
      },
    };
    const graph = openGraph({ baseUrl: results.lab.url, ca: results.lab.certificate }, tokens);
    const { claims: own, told } = claims(kari, { graph, deadlineMs: 200 });
    await Promise.all([own.take(room(kari)), own.take(room(kari, 'Skog'))]);
    await own.close();
    await graph.close();
    expect(told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: null }]);
  });

  it('does not keep a run from being stopped', async () => {
    const { kari } = await two(results);
    const { graph, cut } = await openWire();
    const stop = new AbortController();
    const { claims: own, told } = claims(kari, { graph, deadlineMs: 3_600_000, signal: stop.signal });
    await own.take(room(kari, 'Skog'));
    cut();
    const taking = codeOf(() => own.take(room(kari)));
    stop.abort();
    expect(await taking).toBe('CANCELLED');
    expect(told).toEqual([]);
  });

  it('leaves a room free for colleagues when a run is stopped and the list can be reached', async () => {
    const { kari } = await two(results);
    const stop = new AbortController();
    const { claims: own } = claims(kari, { signal: stop.signal });
    await own.take(room(kari));
    stop.abort();
    await own.close();
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
  });
});

describe('a lost answer', () => {
  /** Loses the answer to the next request of this method, and the look that follows it. */
  const losing = (method: 'POST' | 'PATCH'): Graph => {
    let armed = true;
    return {
      ...results.graph,
      ask(request, signal) {
        if (armed && request.method === method) {
          armed = false;
          faults().push({ on: `${method} /sites`, afterDone: true, drop: true }, { on: '$batch', status: 400 });
        }
        return results.graph.ask(request, signal);
      },
    };
  };

  it('to the making of an item is no change by somebody else', async () => {
    const { kari } = await two(results);
    const lost = claims(kari, { graph: losing('POST') });
    await lost.claims.take(room(kari));
    expect(lost.told).toMatchObject([{ code: 'TEAM_UNREACHABLE', room: 'Fjord' }]);
    expect(kari.results.of(room(kari).id)).toMatchObject({ itemId: null, base: null });
    const { claims: own } = claims(kari);
    await own.take(room(kari));
    kari.rooms.setState(room(kari).id, 'migrated', null);
    await own.release(room(kari));
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('migrated');
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
    expect(listOf(results).items.size).toBe(2);
  });

  it('to the giving back is no change by somebody else', async () => {
    const { kari } = await two(results);
    await publishAll(kari);
    const first = claims(kari);
    await first.claims.take(room(kari));
    kari.rooms.setState(room(kari).id, 'migrated', null);
    faults().push({ on: 'PATCH /sites', afterDone: true, drop: true }, { on: '$batch', status: 400 });
    await first.claims.release(room(kari));
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('migrated');
    const again = claims(kari);
    await again.claims.take(room(kari));
    kari.rooms.setState(room(kari).id, 'undone', null);
    await again.claims.release(room(kari));
    expect(itemNamed(results, 'Fjord').fields.MigrationState).toBe('undone');
    expect(await publishAll(kari)).toMatchObject({ failed: 0, owed: 0 });
  });
});

describe('a renewal', () => {
  it('that meets the giving back of the room says of nobody that they took it', async () => {
    const { kari } = await two(results);
    let renewing: (() => void) | null = null;
    const begun = new Promise<void>((resolve) => {
      renewing = resolve;
    });
    let gate: Promise<unknown> | null = null;
    let looked = 0;
    const graph: Graph = {
      ...results.graph,
      async ask(request, signal) {
        // The first PATCH is the renewal: it is sent when the giving back has been done.
        if (request.method === 'PATCH' && renewing) {
          renewing();
          renewing = null;
          await new Promise<void>((resolve) => setImmediate(resolve));
          await gate;
        }
        return results.graph.ask(request, signal);
      },
      async batch(...args) {
        const answers = await results.graph.batch(...args);
        if (gate) looked++;
        return answers as never;
      },
    };
    const { claims: own, told } = claims(kari, { graph, renewMs: 5 });
    await own.take(room(kari));
    await begun;
    gate = own.release(room(kari));
    await gate;
    await own.close();
    expect(looked).toBe(1);
    expect(told).toEqual([]);
    expect(itemNamed(results, 'Fjord').fields.InWorkBy).toBeUndefined();
  });
});
