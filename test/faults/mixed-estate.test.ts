/**
 * A mixed estate with faults on, migrated in one run: every room ends in a true state, by what the devices and Infinity
 * themselves are. A part of the estate by default; all of it (300 Cisco, 100 Poly) with OTJ_ESTATE=full.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoomStatus } from '../../main/services/status.ts';
import { type MixedEstate, startMixedEstate } from '../support/mixedEstate.ts';

const isFull = process.env.OTJ_ESTATE === 'full';
const COUNTS = isFull ? { cisco: 300, poly: 100 } : { cisco: 30, poly: 36 };
const PATIENCE_MS = isFull ? 900_000 : 300_000;
/** Rounds of pilot and followers: each brings every kind of device at least one step further. */
const MOST_ROUNDS = 15;

const folder = mkdtempSync(join(tmpdir(), 'otj-mixed-'));
let estate: MixedEstate;

beforeAll(async () => {
  estate = await startMixedEstate(folder, COUNTS);
}, PATIENCE_MS);

afterAll(async () => {
  await estate.stop();
  rmSync(folder, { recursive: true });
});

test(
  'one run leaves every room in a true state, each refusal for its own reason',
  async () => {
    expect((await estate.command('prepare')).code).toBe(0);
    // As a careful technician does: each login is proven by a look at one device before it goes to hundreds.
    expect((await estate.command('plan', ...estate.canaries)).code).toBe(0);
    const { code, stderr } = await estate.command('run', '--confirm-pilots');
    expect({ code, stderr }).toMatchObject({ code: 1 });
    const rooms = estate.status();
    say('after the run', rooms);
    await allTrue();
    expect(wrongReasons(rooms)).toEqual([]);
    // What has no fault is not left behind: it is moved, or waits for the pilot of its kind.
    const left = rooms.filter(
      ({ name, state, problem }) =>
        !estate.expected.get(name)?.codes.length &&
        !['migrated', 'awaiting sync'].includes(state) &&
        !['BY_HAND', 'PILOT_WAITS', 'PILOT_NEEDED'].includes(problem?.code ?? ''),
    );
    expect(left.map(({ name, state, problem }) => `${name} ${state} ${problem?.code}`)).toEqual([]);
    expect(rooms.filter(({ state }) => state === 'migrated').length).toBeGreaterThan(rooms.length / 3);
  },
  PATIENCE_MS,
);

test(
  'once the faults have ended, runs and syncs bring home every room that no person has to mend',
  async () => {
    estate.heal();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      // A certificate that a restart has changed is believed on a technician's word, and a restart made on one.
      for (const { name, mailbox, problem } of estate.status())
        if (problem?.code === 'TRUST_CHANGED') expect((await estate.command('trust', mailbox)).code, name).toBe(0);
        else if (problem?.code === 'RESTART_NEEDED') await estate.command('run', mailbox, '--accept', 'restart');
      const names = open(estate.status()).map(({ mailbox }) => mailbox);
      await estate.command('run', ...names, '--confirm-pilots');
      await allTrue();
      await estate.command('sync', '--wait', '2');
      await allTrue();
      if (open(estate.status()).length === 0) break;
    }
    const rooms = estate.status();
    say('at the end', rooms);
    expect(open(rooms).map(({ name, state, problem }) => `${name} ${state} ${problem?.code}`)).toEqual([]);
    expect(wrongReasons(rooms)).toEqual([]);
    // Who asks for a restart gets one, and no other.
    expect(Object.values(estate.restarts())).toEqual([1, 1]);
    // Those that no retry mends stand where they stood, on the Service.
    const stayed = rooms.filter(({ name }) => estate.lasting.has(name));
    expect(stayed.map(({ name, state }) => `${name} ${state}`)).toEqual(
      stayed.map(({ name }) => `${name} ${estate.lasting.get(name)}`),
    );
  },
  PATIENCE_MS,
);

/** Calendars are read every second or so, and a device that has just come up has read none: it may take a moment. */
async function allTrue(): Promise<void> {
  await expect.poll(() => estate.untruths(), { timeout: 60_000, interval: 200 }).toEqual([]);
}

function open(rooms: readonly RoomStatus[]): RoomStatus[] {
  return rooms.filter(({ name, state }) => state !== 'migrated' && !estate.lasting.has(name));
}

/** Rooms that are refused under a code that their fault does not explain. */
function wrongReasons(rooms: readonly RoomStatus[]): string[] {
  return rooms.flatMap(({ name, state, family, problem }) => {
    if (!problem || state !== 'needs attention') return [];
    const { what, codes } = estate.expected.get(name) ?? { what: 'no fault', codes: [] };
    const isHand = family === 'poly-hdx' || family === 'poly-debut';
    const isRight = isHand ? problem.code === 'BY_HAND' : codes.includes(problem.code);
    return isRight ? [] : [`${name} (${family}, ${what}): ${problem.code} ${problem.words ?? ''}`];
  });
}

/** For whoever watches the full size. */
function say(when: string, rooms: readonly RoomStatus[]): void {
  if (!isFull && !process.env.OTJ_SAY) return;
  const words = rooms.map(({ state, problem }) => (problem ? `${state} ${problem.code}` : state));
  const counts = [...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]);
  console.log(`${when}, ${rooms.length} rooms: ${JSON.stringify(Object.fromEntries(counts))}`);
}
