/**
 * engine.ts FOLDER WARM ROOMS CONCURRENCY: the engine alone, in a process of its own. Migrates ROOMS rooms of a real
 * site file with the product's planner, runner, journal and task building over codecs in memory, after WARM rooms of
 * another site file that are not counted. Prints one JSON line.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { OtjError } from '../../main/contract/errors.ts';
import { Batch } from '../../main/migration/batch.ts';
import { LoginGate } from '../../main/migration/loginGate.ts';
import { PilotGate } from '../../main/migration/pilotGate.ts';
import { visitRoom } from '../../main/migration/roomVisit.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { importRooms } from '../../main/services/inventory.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { openRooms } from '../../main/services/run.ts';
import { buildTask } from '../../main/services/tasks.ts';
import { Site } from '../../main/site/site.ts';
import { memoryDriver, serialOf } from './memoryCodec.ts';

export const engineSchema = z.object({
  rooms: z.number(),
  cpuMs: z.number(),
  wallMs: z.number(),
  peakMb: z.number(),
  edges: z.number(),
  /** Transactions that reached the disk in all, and those of them that held journal rows. */
  commits: z.number(),
  journalCommits: z.number(),
});
export type EngineResult = z.infer<typeof engineSchema>;

/** A prepared site file: rooms imported, logins sealed, every entry known to Infinity. */
async function preparedSite(path: string, rooms: number, concurrency: number): Promise<Site> {
  const site = await Site.create(path, 'only for this bench', { name: 'Bench', concurrency });
  const lines = Array.from({ length: rooms }, (_, at) => {
    const address = `10.${at >> 14}.${(at >> 7) & 127}.${1 + (at & 127)}`;
    return `Room ${at},House,${at % 40},room-${at}@bench.example,${address},${serialOf(address)},cisco`;
  });
  const list = ['room,building,floor,mailbox,address,serial,family', ...lines, ''].join('\n');
  const { added } = importRooms(site, Buffer.from(list));
  if (added !== rooms) throw new Error(`${added} of ${rooms} rooms were imported`);
  site.saveCredential('cisco-roomos', null, 'admin', 'only for this bench');
  site.db.transaction(() => {
    for (const room of site.rooms.all()) {
      roomLogin(site, room, 'cisco-roomos');
      site.outbox.saveEntry({ roomId: room.id, entryId: room.id, createdByUs: true, before: null, server: null });
    }
  });
  return site;
}

/** What `services/run.ts` does, with another driver put into each task. */
async function migrateAll(site: Site): Promise<number> {
  const { signal } = new AbortController();
  site.takeLock();
  const link = new InfinityLink(site, signal);
  const runId = site.journal.startRun('migrate', 'bench');
  const batch = new Batch(site.settings.concurrency, signal);
  let migrated = 0;
  const ended = (error: OtjError | null) => {
    if (error) throw error;
    migrated++;
    batch.ended(error);
  };
  const nobody = { site, consent: new Set<number>(), technician: 'bench' };
  const context = {
    ...{ site, runId, gate: new LoginGate(), pilots: new PilotGate(nobody), devices: new Map(), signal },
    ...{ listen: () => undefined, ended, waits: () => undefined },
  };
  await batch.run(
    openRooms(site, { retry: false }).map((room) => ({
      async work() {
        const options = { kind: 'migrate', oldPassword: null, signal, dryRun: false, insist: false } as const;
        return visitRoom({ ...(await buildTask(site, link, room, options)), driver: memoryDriver }, context);
      },
      skip: (reason) => Promise.reject(reason),
    })),
  );
  site.journal.endRun(runId);
  await link.close();
  return migrated;
}

/** Counts what reaches the disk: outermost transactions, and single statements outside of any that change something. */
function countCommits(site: Site): { commits: number; journalCommits: number } {
  const count = { commits: 0, journalCommits: 0 };
  const { db } = site;
  const run = db.run.bind(db);
  const transaction = db.transaction.bind(db);
  let depth = 0;
  let journalRows = 0;
  const commit = () => {
    count.commits++;
    if (journalRows > 0) count.journalCommits++;
    journalRows = 0;
  };
  db.run = (sql, params) => {
    const result = run(sql, params);
    if (sql.startsWith('INSERT INTO journal')) journalRows++;
    if (depth === 0 && result.changes > 0) commit();
    return result;
  };
  db.transaction = (work) => {
    depth++;
    try {
      const result = transaction(work);
      if (depth === 1) commit();
      return result;
    } finally {
      depth--;
    }
  };
  return count;
}

async function measure(folder: string, warm: number, rooms: number, concurrency: number): Promise<EngineResult> {
  if (warm > 0) {
    const site = await preparedSite(join(folder, `warm-${process.pid}.otjsite`), warm, concurrency);
    await migrateAll(site);
    site.close();
  }
  const site = await preparedSite(join(folder, `engine-${process.pid}.otjsite`), rooms, concurrency);
  const count = countCommits(site);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const migrated = await migrateAll(site);
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const edges = Number(site.db.one('SELECT count(*) AS edges FROM journal')?.edges);
  site.close();
  if (migrated !== rooms) throw new Error(`${migrated} of ${rooms} rooms were migrated`);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { rooms, cpuMs: (user + system) / 1000, wallMs, peakMb, edges, ...count };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = '', warm, rooms, concurrency] = process.argv.slice(2);
  const result = await measure(folder, Number(warm), Number(rooms), Number(concurrency));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
