/** Makes a recording of what was heard: disguised, and looked through for what must not be in it. */
import type { Identity, Transport } from '../../contract/device.ts';
import { OtjError } from '../../contract/errors.ts';
import type { Link } from '../driver.ts';
import { spellings } from '../redact.ts';
import { disguise } from './disguise/disguise.ts';
import type { Known } from './disguise/originals.ts';
import type { Recorder } from './recorder.ts';
import { type Exchange, type Recording, recordingSchema } from './recording.ts';

export interface Heard {
  recorder: Recorder;
  identity: Identity;
  link: Link;
  exchanges: readonly Exchange[];
  outcomes: Recording['outcomes'];
  seen: Recording['seen'];
  /** What of `seen` are the device's words: they go as they are. */
  beside: readonly string[];
}

const ABOUT =
  'What a device was asked and answered, recorded read-only by OTJ Migrator. Passwords, names, serial numbers and addresses were replaced by stand-ins. Read it before you pass it on: nobody can promise that nothing tells whose device it was.';
/** Stand-ins are drawn anew when one happens to be somebody's word. */
const DRAWS = 3;

/**
 * @param known what names the customer; @param secrets what must not stand in the file in any spelling
 * Throws RECORD_UNCLEAN when something of it is left; the words tell its kind, never itself.
 */
export function makeRecording(heard: Heard, known: readonly Known[], secrets: readonly string[]): Recording {
  const { recorder, identity, link, outcomes, seen } = heard;
  const own: Known[] = [
    { text: identity.serial, kind: 'serial' },
    { text: identity.mac ?? '', kind: 'mac' },
    { text: identity.systemName, kind: 'name' },
  ];
  let left: string | null = null;
  for (let draw = 0; draw < DRAWS; draw++) {
    const disguised = disguise(recorder.dialect, heard.exchanges, [...known, ...own], heard.beside);
    const recording = recordingSchema.parse({
      format: 'otj-migrator-recording',
      version: 1,
      about: ABOUT,
      madeAt: new Date().toISOString(),
      family: recorder.family,
      device: { model: identity.model, software: identity.software },
      transport: link.transport satisfies Transport,
      weakness: link.weakness,
      outcomes,
      exchanges: disguised.exchanges,
      seen: typeof seen === 'string' ? seen : recorder.digest.parse(seen),
      replaced: disguised.counts,
    });
    left = disguised.left ?? secretIn(JSON.stringify(recording), [...secrets, identity.serial]);
    if (left === null) return recording;
  }
  throw new OtjError('RECORD_UNCLEAN', `${left} of the device or the site would be left in it`);
}

/** Too short ones stand in any text by chance; few devices take a password that is so short. */
const SHORTEST_SECRET = 6;

function secretIn(file: string, secrets: readonly string[]): string | null {
  const low = file.toLowerCase();
  const telling = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  // Within a text of a JSON answer within this file, marks are escaped twice.
  const spelt = telling.flatMap(spellings).flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
  return spelt.some((one) => low.includes(one.toLowerCase())) ? 'a secret' : null;
}
