/** All macros of a room's codec with what is judged and decided of each. Changes nothing on the device. */
import { setImmediate } from 'node:timers/promises';
import { type BackupItem, TAKEN } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { JudgedMacro } from '../contract/rooms.ts';
import { readMacros } from '../endpoints/cisco/facts/macros.ts';
import { permitted } from '../endpoints/cisco/facts/reads.ts';
import { firmwareOf, mayHaveMacros, offers } from '../endpoints/cisco/firmware.ts';
import { type Judgement, judgeMacros, type Macro } from '../endpoints/cisco/otj/judge.ts';
import { textHash } from '../endpoints/cisco/otj/texts.ts';
import { stateOf } from '../endpoints/cisco/plan/backup.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { likeness } from './likeness.ts';
import { openRoomCodec, type RoomCodec } from './roomCodec.ts';

/** Backups of so many rooms are looked through for an OTJ macro to compare with. */
const MOST_BACKUPS = 50;

interface Known {
  name: string;
  room: string;
  content: string;
}

/**
 * One login, as for any work that only looks. @param insist try a login again that was refused before
 * Throws NO_ADDRESS, USAGE for what is no codec, UNSUPPORTED for software that is too old, NOT_ADMIN when the login may
 * not read macros, CREDENTIAL_MISSING, IDENTITY_MISMATCH, and what logging in throws.
 */
export async function readJudged(
  site: Site,
  room: Room,
  { signal, insist = false }: { signal: AbortSignal; insist?: boolean },
): Promise<JudgedMacro[]> {
  const codec = await openRoomCodec({ site, gate: new LoginGate(), devices: new Map(), signal }, room, insist);
  let macros: Macro[];
  try {
    macros = await macrosOf(codec);
  } finally {
    await codec.xapi.close();
  }
  // A word that is given now is for the texts that were looked at.
  site.rooms.noteTexts(room.id, Object.fromEntries(macros.map(({ name, content }) => [name, textHash(content)])));
  const decided = site.rooms.get(room.id) ?? room;
  const judgements = judgeMacros(macros);
  const here = macros.flatMap(({ name, content }, at): Known | [] =>
    judgements[at]?.verdict === 'otj' ? { name, room: room.name, content } : [],
  );
  const asks = judgements.some(({ verdict }) => verdict === 'uncertain');
  const known = here.length > 0 || !asks ? here : await inBackups(site, signal);
  const texts = macros.map(({ content }) => codec.redact(content));
  // What is shown is marked in the text as it is shown: secrets taken out of it move all that follows.
  const shown = judgeMacros(macros.map((macro, at) => ({ ...macro, content: texts[at] ?? '' })));
  return macros.flatMap((macro, at): JudgedMacro | [] => {
    const judgement = judgements[at];
    if (!judgement) return [];
    const { verdict, score, reasons } = judgement;
    const isOthers = verdict === 'other' && score === 0;
    return {
      name: macro.name,
      active: macro.active,
      bytes: Buffer.byteLength(macro.content),
      verdict,
      decided: decidedOf(decided, macro.name),
      score,
      reasons,
      content: isOthers ? '' : (texts[at] ?? ''),
      marks: isOthers ? [] : marksOf(shown[at], reasons),
      like: verdict === 'uncertain' ? likest(macro, known, codec) : null,
    };
  });
}

/** Throws NOT_ADMIN. A codec that has no macros at all, by its kind, has an empty list of them. */
async function macrosOf({ xapi, identity }: RoomCodec): Promise<Macro[]> {
  const macros = await permitted(readMacros(xapi));
  if (macros) return macros;
  const firmware = firmwareOf(identity.software);
  if (firmware.refused) throw new OtjError('UNSUPPORTED', `${identity.software}: ${firmware.refused}`);
  if (offers(firmware, 'Command Macros Macro Get') && mayHaveMacros(identity.model))
    throw new OtjError('NOT_ADMIN', 'Macros Macro Get refused');
  return [];
}

function decidedOf({ takeMacros, leaveMacros }: Room, name: string): JudgedMacro['decided'] {
  if (takeMacros.includes(name)) return 'take';
  return leaveMacros.includes(name) ? 'leave' : null;
}

function marksOf(shown: Judgement | undefined, reasons: readonly string[]): JudgedMacro['marks'] {
  return shown?.marks.filter(({ reason }) => reasons.includes(reason)) ?? [];
}

function likest({ content }: Macro, known: readonly Known[], { redact }: RoomCodec): JudgedMacro['like'] {
  const shares = known.map((one) => ({ ...one, share: likeness(content, one.content) }));
  const best = shares.reduce<(typeof shares)[number] | null>(
    (first, one) => (one.share > (first?.share ?? 0) ? one : first),
    null,
  );
  return best && { ...best, content: redact(best.content) };
}

/** Macros of other rooms' backups that were certain when they were saved. */
async function inBackups(site: Site, signal: AbortSignal): Promise<Known[]> {
  const found = new Map<string, Known>();
  let looked = 0;
  for (const { serial, roomId, family } of site.rooms.endpoints()) {
    if (looked >= MOST_BACKUPS || signal.aborted) break;
    if (!serial || roomId === null || family !== 'cisco-roomos') continue;
    const room = site.rooms.get(roomId)?.name ?? '';
    const known = certainOf(backupOf(site, serial));
    for (const { name, content } of known) if (!found.has(content)) found.set(content, { name, room, content });
    if (known.length > 0) looked++;
    // Opening what is sealed takes its time; whoever else waits has a turn between.
    await setImmediate();
  }
  return [...found.values()];
}

/** A damaged backup is told when it is needed for an undo; to compare with, another one will do. */
function backupOf(site: Site, serial: string): BackupItem[] {
  try {
    return site.backups.contents(site.vault, serial);
  } catch (thrown) {
    if (asOtjError(thrown).code === 'SECRET_DAMAGED') return [];
    throw thrown;
  }
}

function certainOf(items: readonly BackupItem[]): Macro[] {
  const names = new Set(stateOf({ items })?.macros.flatMap(({ name, otj }) => (otj ? name : [])));
  return items
    .filter(({ kind, name }) => (kind === 'macro' || kind === TAKEN) && names.has(name))
    .map(({ name, content }) => ({ name, content, active: true }));
}
