/**
 * Recordings played over real sockets: the product's own client must make of each what it made of the device itself. The
 * kept ones are of the lab, until the first ones of real devices come: put such a file into the folder, and it is
 * played. Kept ones of the lab are written anew with OTJ_WRITE_RECORDINGS=1.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../../../main/contract/device.ts';
import { asOtjError } from '../../../main/contract/errors.ts';
import { ciscoRoomOs } from '../../../main/endpoints/cisco/driver.ts';
import { digestOf } from '../../../main/endpoints/cisco/record/digest.ts';
import { type Recording, recordingSchema } from '../../../main/endpoints/record/recording.ts';
import { RECORDERS } from '../../../main/endpoints/recorders.ts';
import { GENERATIONS, type GenerationName, TC7 } from '../../lab/cisco/generations.ts';
import { PLACE } from '../../support/place.ts';
import { PORTS, PRIVATE, privateCodec, record, wordsOf } from '../../support/recordedCodec.ts';
import { type Replay, startReplay } from '../../support/replay.ts';
import { replayTarget } from '../../support/replayTarget.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/cisco/', import.meta.url));
const WRITE = process.env.OTJ_WRITE_RECORDINGS === '1';
/** One of each generation, each over the way that tells more of it. */
const KEPT: readonly [GenerationName | 'tc7', Transport][] = [
  ['tc7', 'ssh'],
  ['ce8', 'https'],
  ['ce9', 'ssh'],
  ['roomos10', 'https'],
  ['roomos11', 'ssh'],
  ['roomos26', 'https'],
  ['roomos26', 'ssh'],
];

const NET = `127.67.${PLACE}`;
let hosts = 100;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function recorded(name: GenerationName | 'tc7', transport: Transport): Promise<Recording> {
  const generation = name === 'tc7' ? TC7 : GENERATIONS[name];
  const device = await privateCodec({ address: `${NET}.${++hosts}`, ...generation });
  cleanups.push(() => device.stop());
  return (await record(device, { transport, legacy: true })).recording;
}

/** Plays it, and reads it as a codec. @returns the digest of its facts, or the code of the error */
async function play(recording: Recording): Promise<{ seen: unknown; replay: Replay }> {
  const address = `${NET}.${++hosts}`;
  const { transport } = recording;
  const replay = await startReplay(recording, address, transport === 'ssh' ? PORTS.sshPort : PORTS.httpsPort);
  cleanups.push(() => replay.stop());
  const target = replayTarget({ family: 'cisco-roomos', address, transport, ...PORTS });
  const session = await ciscoRoomOs.connect(target, new AbortController().signal);
  try {
    return { seen: await session.readFacts().then(digestOf, (thrown: unknown) => asOtjError(thrown).code), replay };
  } finally {
    await session.close();
  }
}

describe.runIf(WRITE)('keeping', () => {
  it.each(KEPT)('a recording of %s over %s', async (name, transport) => {
    mkdirSync(FOLDER, { recursive: true });
    const recording = await recorded(name, transport);
    writeFileSync(`${FOLDER}${name}-${transport}.json`, `${JSON.stringify(recording, null, 2)}\n`);
  });
});

describe('a recording made now', () => {
  it.each(
    (Object.keys(GENERATIONS) as GenerationName[]).flatMap((name) =>
      (['ssh', 'https'] as const).map((transport): [GenerationName, Transport] => [name, transport]),
    ),
  )('of %s over %s is taken for the codec itself', async (name, transport) => {
    const recording = await recorded(name, transport);
    const { seen, replay } = await play(recording);
    expect(recording.seen).toBeTypeOf('object');
    expect(seen).toEqual(recording.seen);
    expect(replay.unrecorded).toEqual([]);
    await expect.poll(() => replay.sessions).toBe(0);
  });
});

describe('a recording that was kept', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

  it('is there for each generation', () => {
    for (const [name, transport] of KEPT) expect(names).toContain(`${name}-${transport}.json`);
  });

  it.each(names)('%s is of the present form, tells nothing private, and is taken for the codec', async (name) => {
    const recording = recordingSchema.parse(JSON.parse(readFileSync(FOLDER + name, 'utf8')));
    if (typeof recording.seen !== 'string') RECORDERS[recording.family].digest.parse(recording.seen);
    const words = wordsOf(recording).toLowerCase();
    expect(PRIVATE.filter((text) => words.includes(text.toLowerCase()))).toEqual([]);
    const { seen } = await play(recording);
    expect(seen).toEqual(recording.seen);
  });
});
