/** Makes a recording of what was heard: disguised, and looked through for what must not be in it. */
import type { Identity, Transport } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { Link } from '../../driver.ts';
import { spellings } from '../../redact.ts';
import { disguise } from './disguise/disguise.ts';
import type { Known } from './disguise/originals.ts';
import { type Exchange, type Recording, recordingSchema } from './recording.ts';

export interface Heard {
  identity: Identity;
  link: Link;
  exchanges: readonly Exchange[];
  outcomes: Recording['outcomes'];
  seen: Recording['seen'];
}

const ABOUT =
  'What a codec was asked and answered, recorded read-only by OTJ Migrator. Passwords, names, serial numbers and addresses were replaced by stand-ins. Read it before you pass it on: nobody can promise that nothing tells whose device it was.';
/** Stand-ins are drawn anew when one happens to be somebody's word. */
const DRAWS = 3;

/**
 * @param known what names the customer; @param secrets what must not stand in the file in any spelling
 * Throws RECORD_UNCLEAN when something of it is left; the words tell its kind, never itself.
 */
export function makeRecording(heard: Heard, known: readonly Known[], secrets: readonly string[]): Recording {
  const { identity, link, outcomes, seen } = heard;
  const own: Known[] = [
    { text: identity.serial, kind: 'serial' },
    { text: identity.mac ?? '', kind: 'mac' },
    { text: identity.systemName, kind: 'name' },
  ];
  let left: string | null = null;
  for (let draw = 0; draw < DRAWS; draw++) {
    const disguised = disguise(heard.exchanges, [...known, ...own], valuesOf(seen));
    const recording = recordingSchema.parse({
      format: 'otj-migrator-recording',
      version: 1,
      about: ABOUT,
      madeAt: new Date().toISOString(),
      family: 'cisco-roomos',
      device: { model: identity.model, software: identity.software },
      transport: link.transport satisfies Transport,
      weakness: link.weakness,
      outcomes,
      exchanges: disguised.exchanges,
      seen,
      replaced: disguised.counts,
    });
    left = disguised.left ?? secretIn(JSON.stringify(recording), [...secrets, identity.serial]);
    if (left === null) return recording;
  }
  throw new OtjError('RECORD_UNCLEAN', `${left} of the device or the site would be left in it`);
}

/** What of a digest comes from the codec, and not from a list of ours. */
function valuesOf(seen: Heard['seen']): string[] {
  if (typeof seen === 'string') return [];
  const { settings, provisioning, ntp, users } = seen;
  const values = [ntp, ...Object.values(settings), ...Object.values(provisioning)];
  return [...values.filter((value) => value !== null), ...(users ?? []).flatMap(({ roles }) => roles)];
}

/** Too short ones stand in any text by chance; no password of a codec is so short by its default policy. */
const SHORTEST_SECRET = 6;

function secretIn(file: string, secrets: readonly string[]): string | null {
  const low = file.toLowerCase();
  const telling = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  // Within a text of a JSON answer within this file, marks are escaped twice.
  const spelt = telling.flatMap(spellings).flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
  return spelt.some((one) => low.includes(one.toLowerCase())) ? 'a secret' : null;
}
