/**
 * The mailbox check of many rooms, with Graph's limits on.
 *
 * What is ideal? Four HTTP requests are in flight at the most. By the newer text of Microsoft's limits Outlook takes four requests of an
 * app at once, parts of batches among them, and the lab keeps that. Where the 50 ms are a service's own time, that bounds it: as many requests of Outlook as there must be (a calendar for each room, the pages
 * of the list of rooms, the kind of those that the list lacks), four at a time. Where the 50 ms are the way there and back, the
 * HTTP requests bound it: as many as were sent, four at a time. Both are measured. The least number of requests is told beside ours;
 * the bar is one for 15 rooms.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Bar, type BenchOptions, bar, rounded, say, sayTable, tell } from '../bars.ts';
import { runMeasured } from '../measured.ts';
import type { TenantCount, TenantReady } from './tenant.ts';

const WORK = new URL('./work.ts', import.meta.url);
const TENANT = fileURLToPath(new URL('./tenant.ts', import.meta.url));
const MS = 50;
const IN_FLIGHT = 4;
const ROOMS = 10_000;
/** With the time at the service, 10,000 rooms take two minutes at the very least. */
const QUICK_ROOMS = 1_500;

const workSchema = z.object({ ms: z.number(), peakMb: z.number(), told: z.record(z.string(), z.number()) });

interface Run extends TenantCount {
  rooms: number;
  ms: number;
  peakMb: number;
  cpuMs: number;
  told: Record<string, number>;
}

type Where = 'way' | 'service';

export async function checkBars(options: BenchOptions): Promise<Bar[]> {
  const way = await run('way', ROOMS, options);
  const bare = await run('way', ROOMS, options, way.requests);
  const service = await run('service', options.quick ? QUICK_ROOMS : ROOMS, options);
  const idealWay = (way.requests / IN_FLIGHT) * MS;
  const idealService = (service.outlook / IN_FLIGHT) * MS;
  const row = (name: string, one: Run, ideal: number) => [
    name,
    one.rooms,
    one.requests,
    rounded(one.rooms / one.requests),
    one.parts,
    one.refused,
    rounded(one.ms / 1000),
    rounded(ideal / 1000),
    rounded(one.cpuMs / one.rooms),
    rounded(one.peakMb),
  ];
  sayTable(
    ['50 ms are', 'rooms', 'requests', 'rooms each', 'parts', 'turned away', 's', 'ideal s', 'CPU ms each', 'peak MB'],
    [
      row('the way', way, idealWay),
      row('the way, bare batches', bare, idealWay),
      row("the service's", service, idealService),
    ],
  );
  say(`Judged: ${JSON.stringify(way.told)}`);
  return [
    bar(`check of ${ROOMS}: requests against one for 15 rooms`, way.requests / (ROOMS / 15), 'lower', 1),
    bar(`check of ${ROOMS}, ${MS} ms on the way: time against four in flight`, way.ms / idealWay, 'lower', 1.2),
    // what this computer makes of the ideal, at the same time and under the same load
    bar(`check of ${ROOMS}, ${MS} ms on the way: time against as many bare batches`, way.ms / bare.ms, 'lower', 1.2),
    bar(
      `check of ${service.rooms}, ${MS} ms at the service: time against four in flight`,
      service.ms / idealService,
      'lower',
      1.2,
    ),
    bar(`check of ${ROOMS}: rooms that are told wrong`, way.told.wrong ?? Number.NaN, 'lower', 0),
    bar(`check of ${ROOMS}: peak memory, MB`, way.peakMb, 'lower', 250),
  ];
}

async function run(where: Where, rooms: number, { signal }: BenchOptions, batches = 0): Promise<Run> {
  tell(
    `${batches > 0 ? `${batches} bare batches` : `check of ${rooms} rooms`}, ${MS} ms ${where === 'way' ? 'on the way' : 'at the service'}`,
  );
  const child = fork(TENANT, [String(rooms), where, String(MS)], { signal });
  child.on('error', () => undefined);
  try {
    const [ready] = (await once(child, 'message', { signal })) as [TenantReady];
    const measured = await runMeasured(WORK, [rooms, batches].map(String), { secret: JSON.stringify(ready), signal });
    if (measured.code !== 0) throw new Error(`the check ended with ${measured.code}`);
    const { ms, peakMb, told } = workSchema.parse(JSON.parse(measured.stdout));
    return { rooms, ms, peakMb, told, cpuMs: measured.cpuMs, ...(await countOf(child, signal)) };
  } finally {
    child.disconnect();
  }
}

async function countOf(child: ChildProcess, signal: AbortSignal): Promise<TenantCount> {
  child.send('count');
  const [told] = (await once(child, 'message', { signal })) as [TenantCount];
  return told;
}
