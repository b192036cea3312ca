/** One xAPI line for the codecs of many rooms, with the safety of a run: login gate, identity, one first, held batch. */
import type { Identity } from '../contract/device.ts';
import { asOtjError, type Effect, OtjError, type Problem } from '../contract/errors.ts';
import type { XapiLine } from '../endpoints/cisco/line.ts';
import { leaf, type Xapi } from '../endpoints/cisco/xapi.ts';
import { Batch, type BatchControl, type BatchRoom } from '../migration/batch.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { textRedactor } from './redactTexts.ts';
import { openRoomCodec, type RoomCodec } from './roomCodec.ts';
import { plainReply } from './xapiReply.ts';

export interface XapiOptions {
  rooms: readonly Room[];
  line: XapiLine;
  /** Send it even if it may change something; without it each codec is only told apart. */
  apply: boolean;
  /** Try logins again that were refused before. */
  insist?: boolean;
  signal: AbortSignal;
  /** How a person holds the batch; absent = nobody does. */
  control?: BatchControl;
  /** Told when a room's turn has come, before anything is done for it. */
  began?(room: Room): void;
  answered(answer: XapiAnswer): void;
}

export interface XapiAnswer {
  room: Room;
  /** null when the codec was not reached, or is not the room's. */
  identity: Identity | null;
  sent: boolean;
  /** What the codec said, see `plainReply`; null when nothing was sent or nothing came. */
  reply: unknown;
  problem: Problem | null;
}

export interface XapiResult {
  ok: number;
  failed: number;
  /** Not begun, because the batch was held or stopped. */
  skipped: number;
  /** Whether the line was meant to be sent at all. */
  sent: boolean;
}

/** Throws USAGE for a passphrase that would go to more than one room. */
export function assertFit(line: XapiLine, rooms: number): void {
  if (line.secrets.length > 0 && rooms > 1) throw new OtjError('USAGE', 'a passphrase is sent to one room at a time');
}

/**
 * Holds the site file's lock while it works; the rooms' states and plans stay as they are. A line that may change
 * something goes to one codec first; when that one does not take it, no other is asked. Throws USAGE, SITE_BUSY,
 * VAULT_LOCKED; rooms' own failures are theirs.
 */
export async function sendLine(site: Site, options: XapiOptions): Promise<XapiResult> {
  const { rooms, line, apply, signal, control, answered } = options;
  assertFit(line, rooms.length);
  site.takeLock();
  const sends = apply || !line.mayChange;
  const batch = new Batch(site.settings.concurrency, signal, control);
  const context = { site, gate: new LoginGate(), devices: new Map<string, Room>(), signal };
  const result: XapiResult = { ok: 0, failed: 0, skipped: 0, sent: sends };
  /** What became of the line on the first codec that it was sent to. */
  const first: { sent: 'taken' | 'not taken' | null } = { sent: line.mayChange && sends ? null : 'taken' };

  let next = 0;
  while (first.sent === null && next < rooms.length) await batch.run(rooms.slice(next, ++next).map(batchRoom));
  const rest = rooms.slice(next);
  if (first.sent === 'not taken') for (const room of rest) skip(room, new OtjError('FIRST_DID_NOT'));
  else await batch.run(rest.map(batchRoom));
  return result;

  function skip(room: Room, reason: OtjError): void {
    result.skipped++;
    answered({ room, identity: null, sent: false, reply: null, problem: reason.toProblem() });
  }

  function batchRoom(room: Room): BatchRoom {
    return {
      async work() {
        options.began?.(room);
        const answer: XapiAnswer = { room, identity: null, sent: false, reply: null, problem: null };
        let error: OtjError | null = null;
        try {
          await visit(answer);
        } catch (thrown) {
          error = asOtjError(thrown);
          answer.problem = { ...error.toProblem(), ...effectsOf(line, answer.sent, error) };
        }
        if (answer.sent) first.sent ??= error ? 'not taken' : 'taken';
        if (error) result.failed++;
        else result.ok++;
        batch.ended(error);
        answered(answer);
        return null;
      },
      skip: async (reason) => skip(room, reason),
    };
  }

  async function visit(answer: XapiAnswer): Promise<void> {
    const codec = await openRoomCodec(context, answer.room, options.insist === true);
    try {
      answer.identity = codec.identity;
      if (!sends) return;
      // Nothing is sent any more once the work is to stop; what is under way is waited for.
      if (signal.aborted) throw new OtjError('CANCELLED');
      answer.sent = true;
      answer.reply = await ask(codec, line);
    } finally {
      await codec.xapi.close();
    }
  }
}

/**
 * Sends one line to one codec. A setting is read back. @returns the reply as people may see it, see `plainReply`
 * Throws REFUSED with the codec's reason, NOT_CONFIRMED, and what the link throws; what the codec says is redacted.
 */
export async function ask({ xapi, redact }: RoomCodec, line: XapiLine): Promise<unknown> {
  const ofLine = textRedactor(line.secrets);
  const clean = (text: string) => ofLine(redact(text));
  try {
    const reply = await speak(xapi, line);
    const shown = plainReply(reply, line.path, clean);
    if (line.kind === 'set' && !isTaken(line, reply))
      throw new OtjError('NOT_CONFIRMED', `${line.path} reads ${JSON.stringify(shown)}`);
    return shown;
  } catch (thrown) {
    const { code, words } = asOtjError(thrown);
    throw new OtjError(code, words && clean(words), { cause: thrown });
  }
}

/** @returns what the codec answered; of a setting what it reads afterwards */
async function speak(xapi: Xapi, line: XapiLine): Promise<unknown> {
  if (line.kind === 'get') return xapi.get(line.tree, line.path);
  if (line.kind === 'command') return xapi.command(line.path, line.params, line.body);
  await xapi.set(line.path, line.value);
  return xapi.get('Configuration', line.path);
}

/**
 * Codecs do not tell passphrases: for these the acceptance itself must do, which is read strictly. Of anything else they
 * tell what they took, though not always in the same case.
 */
function isTaken({ value, secrets }: Extract<XapiLine, { kind: 'set' }>, now: unknown): boolean {
  return secrets.length > 0 || leaf(now)?.toLowerCase() === String(value).toLowerCase();
}

/** What became of the line on a codec where it did not end well. */
export function effectsOf(line: XapiLine, sent: boolean, error: OtjError): { effects?: Effect[] } {
  if (!line.mayChange) return {};
  const before = !sent || error.class === 'precondition' || error.class === 'usage';
  const outcome = before ? 'not tried' : error.class === 'refused' ? 'refused' : 'unknown';
  return { effects: [{ step: 'xapi', what: line.shown, outcome }] };
}
