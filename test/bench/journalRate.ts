/** How many step edges a second the journal makes durable, beside plain fsync'd appends to a file on the same disk. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Site } from '../../main/site/site.ts';

export interface JournalRate {
  /** Edges a second with as many rooms at work at once as the budget names. */
  together: number;
  /** Edges a second of one room alone: each waits for the disk by itself. */
  alone: number;
  /** Appends a second, each with a flush to disk. */
  appends: number;
}

const ROUNDS = 5;
const STEP = { id: 'macro.remove:otj-macro', title: 'Remove macro otj-macro' };
const OUTCOME = {
  status: 'done',
  words: 'inactive, 1834 bytes, sha256 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  problem: null,
  ms: 12,
  changes: [{ setting: 'Macro otj-macro', before: 'active, 1834 bytes', after: null }],
} as const;

/** Rounds of the three alternate, and the median counts, so that other work on the machine hits them alike. */
export async function measureJournal(folder: string, lanes: number, roundMs: number): Promise<JournalRate> {
  const site = await Site.create(join(folder, 'journal.otjsite'), 'only for this bench', {});
  const file = openSync(join(folder, 'appends'), 'a');
  try {
    const runId = site.journal.startRun('migrate', 'bench');
    site.db.transaction(() => {
      for (let at = 0; at < lanes; at++)
        site.rooms.upsert(
          { name: `${at}`, building: '', floor: '', mailbox: `${at}@x`, address: null, serial: null, family: null },
          { sshPort: 22, httpsPort: 443 },
        );
    });
    const rooms = site.rooms.all().map(({ id }) => id);
    const rates: JournalRate[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rates.push({
        together: await edgesPerSecond(site, runId, rooms, roundMs),
        alone: await edgesPerSecond(site, runId, rooms.slice(0, 1), roundMs),
        appends: appendsPerSecond(file, roundMs),
      });
    const median = (key: keyof JournalRate) => rates.map((rate) => rate[key]).sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN;
    return { together: median('together'), alone: median('alone'), appends: median('appends') };
  } finally {
    closeSync(file);
    site.close();
  }
}

async function edgesPerSecond(site: Site, runId: number, rooms: readonly number[], forMs: number): Promise<number> {
  const began = performance.now();
  let edges = 0;
  const work = async (room: number) => {
    while (performance.now() - began < forMs) {
      await site.journal.intent(runId, room, STEP);
      await site.journal.outcome(runId, room, STEP, OUTCOME);
      edges += 2;
    }
  };
  await Promise.all(rooms.map(work));
  return (edges * 1000) / (performance.now() - began);
}

function appendsPerSecond(file: number, forMs: number): number {
  // About what one edge says.
  const line = `${JSON.stringify(OUTCOME)}\n`;
  const began = performance.now();
  let appends = 0;
  while (performance.now() - began < forMs) {
    writeSync(file, line);
    fsyncSync(file);
    appends++;
  }
  return (appends * 1000) / (performance.now() - began);
}
