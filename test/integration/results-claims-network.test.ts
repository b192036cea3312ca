/** Claims where the network fails: it drops everything, answers are lost, a renewal meets the giving back. */
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
import { publish } from '../../main/services/results/publish.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { itemNamed, listOf, type ResultsLab, startResultsLab } from '../support/resultsLab.ts';
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
