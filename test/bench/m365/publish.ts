/**
 * Publishing the results of many rooms into a list that is 50 ms away, then once more with nothing changed, then with every
 * room changed.
 *
 * What is ideal? The HTTP requests that were sent, four at a time. Where the list takes only so many writes in a second, those that
 * it turns away have to wait as long as it says, and that wait is in the ideal too: no order of sending avoids it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openGraph } from '../../../main/microsoft/graph/graph.ts';
import { publish } from '../../../main/services/results/publish.ts';
import { setResults } from '../../../main/services/results/settings.ts';
import { Site } from '../../../main/site/site.ts';
import { type Bar, type BenchOptions, bar, rounded, sayTable, tell } from '../bars.ts';
import type { ListCount, ListReady } from './list.ts';

const LIST = fileURLToPath(new URL('./list.ts', import.meta.url));
const MS = 50;
const IN_FLIGHT = 4;
const ROOMS = 1_000;
/** Writes of one second; the rest of the thousand has to wait for the next. */
const PER_SECOND = 600;
const RETRY_AFTER_MS = 1_000;

interface Run extends ListCount {
  ms: number;
}

export async function publishBars(options: BenchOptions): Promise<Bar[]> {
  const free = await runs(0, options);
  const limited = await runs(PER_SECOND, options);
  const ideal = ({ requests, refused }: Run) => (requests / IN_FLIGHT) * MS + (refused > 0 ? RETRY_AFTER_MS : 0);
  const row = (name: string, one: Run) => [
    name,
    one.requests,
    one.writes,
    one.refused,
    rounded(one.ms / 1000),
    rounded(ideal(one) / 1000),
  ];
  sayTable(
    [
      `${ROOMS} rooms, ${MS} ms on the way, to a list that has answered others before`,
      'requests',
      'writes',
      'turned away',
      's',
      'ideal s',
    ],
    [
      row('first time', free.first),
      row('nothing changed', free.again),
      row('every room changed', free.changed),
      row(`first time, ${PER_SECOND} writes a second`, limited.first),
    ],
  );
  const items = [free.changed, limited.changed].map(
    ({ items, keys }) => Math.abs(items - ROOMS) + Math.abs(keys - ROOMS),
  );
  return [
    bar(`publish of ${ROOMS}: requests against one for 15 rooms`, free.first.requests / (ROOMS / 15), 'lower', 1),
    bar(`publish of ${ROOMS}: time against four in flight`, free.first.ms / ideal(free.first), 'lower', 1.2),
    bar(
      `publish of ${ROOMS}, throttled: requests against one for 15 rooms`,
      limited.first.requests / (ROOMS / 15),
      'lower',
      1,
    ),
    bar(
      `publish of ${ROOMS}, throttled: time against four in flight`,
      limited.first.ms / ideal(limited.first),
      'lower',
      1.2,
    ),
    bar('publish again, nothing changed: writes', free.again.writes, 'lower', 0),
    bar('publish again, nothing changed: requests', free.again.requests, 'lower', 1),
    bar(
      `publish of ${ROOMS} changed: requests against one for 15 rooms`,
      free.changed.requests / (ROOMS / 15),
      'lower',
      1,
    ),
    bar('publish: items beyond or short of one for each room', Math.max(...items), 'lower', 0),
  ];
}

async function runs(perSecond: number, { signal }: BenchOptions): Promise<Record<'first' | 'again' | 'changed', Run>> {
  tell(`publish of ${ROOMS} rooms${perSecond > 0 ? `, ${perSecond} writes a second` : ''}`);
  const child = fork(LIST, [String(MS), String(perSecond)], { signal });
  child.on('error', () => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'otj-bench-'));
  const counted = async () => {
    child.send('count');
    const [told] = (await once(child, 'message', { signal })) as [ListCount];
    return told;
  };
  try {
    const [{ url, certificate, token }] = (await once(child, 'message', { signal })) as [ListReady];
    const graph = openGraph({ baseUrl: url, ca: certificate }, { token: () => Promise.resolve(token) });
    const site = await Site.create(join(folder, 'bench.otjsite'), 'four words are enough', { technician: 'Kari' });
    const state = (to: 'migrated' | 'undone') =>
      site.db.transaction(() => {
        for (const { id } of site.rooms.all()) site.rooms.setState(id, to, null);
      });
    const one = async (): Promise<Run> => {
      const began = performance.now();
      await publish(site, { graph, rooms: null, signal, told: () => undefined });
      return { ms: performance.now() - began, ...(await counted()) };
    };
    try {
      fill(site);
      await setResults(site, graph, { address: 'contoso.sharepoint.com/sites/otj', create: true, reports: false });
      state('migrated');
      await counted();
      const first = await one();
      const again = await one();
      state('undone');
      // A list that was just throttled starts its second anew.
      return { first, again, changed: await one() };
    } finally {
      site.close();
      await graph.close();
    }
  } finally {
    child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(site: Site): void {
  site.db.transaction(() => {
    for (let at = 0; at < ROOMS; at++) {
      const [name, mailbox] = [`Room ${at}`, `room-${at}@bench.example`];
      const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
      const room = {
        name,
        building: 'Oslo',
        floor: '2',
        mailbox,
        address,
        serial: null,
        family: 'cisco-roomos' as const,
      };
      site.rooms.upsert(room, { sshPort: 22, httpsPort: 443 });
    }
  });
}
