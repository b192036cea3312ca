/**
 * Recordings of Poly devices played over real sockets: the product's own drivers must make of each what they made of the
 * device itself. The kept ones are of the lab, until the first ones of real devices come: put such a file into the folder, and
 * it is played. Kept ones of the lab are written anew with OTJ_WRITE_RECORDINGS=1.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { asOtjError } from '../../../main/contract/errors.ts';
import type { DrivenFamily } from '../../../main/contract/plan.ts';
import type { Driver } from '../../../main/endpoints/driver.ts';
import { polyGroup } from '../../../main/endpoints/poly/group/driver.ts';
import { groupMapping, type PolyMapping, trioMapping, videoosMapping } from '../../../main/endpoints/poly/mapping.ts';
import { digestOf } from '../../../main/endpoints/poly/record/digest.ts';
import { polyTrio } from '../../../main/endpoints/poly/trio/driver.ts';
import { polyVideoOs } from '../../../main/endpoints/poly/videoos/driver.ts';
import type { PolyFacts } from '../../../main/endpoints/poly/videoos/facts.ts';
import { type Recording, recordingSchema } from '../../../main/endpoints/record/recording.ts';
import { RECORDERS } from '../../../main/endpoints/recorders.ts';
import { wordsOf } from '../../support/recordedCodec.ts';
import { PRIVATE, privatePoly, RECORDED, recordPoly } from '../../support/recordedPoly.ts';
import { type Replay, startReplay } from '../../support/replay.ts';
import { replayTarget } from '../../support/replayTarget.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/poly/', import.meta.url));
const WRITE = process.env.OTJ_WRITE_RECORDINGS === '1';
const fileOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '-')}.json`;

const FAMILIES: Partial<Record<DrivenFamily, { driver: Driver<PolyFacts>; mapping: PolyMapping }>> = {
  'poly-videoos': { driver: polyVideoOs, mapping: videoosMapping },
  'poly-group': { driver: polyGroup, mapping: groupMapping },
  'poly-trio': { driver: polyTrio, mapping: trioMapping },
};

const NET = `127.68.${process.pid % 250}`;
const PORT = 19_567;
let hosts = 1;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Plays it, and reads it as the driver does. @returns the digest of its facts, or the code of the error */
async function play(recording: Recording): Promise<{ seen: unknown; replay: Replay }> {
  const { transport, family } = recording;
  const { driver, mapping } = FAMILIES[family] ?? {};
  if (!driver || !mapping) throw new Error(`a ${family} among the Poly recordings`);
  const address = `${NET}.${++hosts}`;
  const replay = await startReplay(recording, address, PORT);
  cleanups.push(() => replay.stop());
  const ports = { sshPort: PORT, httpsPort: PORT, telnetPort: PORT };
  const target = replayTarget({ family, address, transport, ...ports });
  const session = await driver.connect(target, new AbortController().signal);
  try {
    const digest = (facts: PolyFacts) => digestOf(mapping, facts);
    return { seen: await session.readFacts().then(digest, (thrown: unknown) => asOtjError(thrown).code), replay };
  } finally {
    await session.close();
  }
}

describe.runIf(WRITE)('keeping', () => {
  it.each(RECORDED.map((subject) => [subject.name, subject] as const))('a recording of %s', async (name, subject) => {
    mkdirSync(FOLDER, { recursive: true });
    const { recording } = await recordPoly(await privatePoly(subject), subject);
    writeFileSync(FOLDER + fileOf(name), `${JSON.stringify(recording, null, 2)}\n`);
  });
});

describe('a recording made now', () => {
  it.each(RECORDED.map((subject) => [subject.name, subject] as const))(
    'of %s changes nothing, tells nothing private, and is taken for the device',
    async (_name, subject) => {
      const bench = await privatePoly(subject);
      const before = bench.device.snapshot();
      const { recording } = await recordPoly(bench, subject);
      await expect.poll(() => bench.device.snapshot()).toEqual(before);
      const words = wordsOf(recording).toLowerCase();
      expect(PRIVATE.filter((text) => words.includes(text.toLowerCase()))).toEqual([]);
      expect(words).not.toContain(bench.device.spec.address);
      expect(words).not.toContain('device-admin');

      expect(recording.seen).toBeTypeOf('object');
      const { seen, replay } = await play(recording);
      expect(seen).toEqual(recording.seen);
      expect(replay.unrecorded).toEqual([]);
      await expect.poll(() => replay.sessions).toBe(0);
    },
    60_000,
  );
});

describe('a recording that was kept', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

  it('is there for each family over each way', () => {
    for (const { name } of RECORDED) expect(names).toContain(fileOf(name));
  });

  it.each(names)(
    '%s is of the present form, tells nothing private, and is taken for the device',
    async (name) => {
      const recording = recordingSchema.parse(JSON.parse(readFileSync(FOLDER + name, 'utf8')));
      if (typeof recording.seen !== 'string') RECORDERS[recording.family].digest.parse(recording.seen);
      const words = wordsOf(recording).toLowerCase();
      expect(PRIVATE.filter((text) => words.includes(text.toLowerCase()))).toEqual([]);
      const { seen } = await play(recording);
      expect(seen).toEqual(recording.seen);
    },
    60_000,
  );
});
