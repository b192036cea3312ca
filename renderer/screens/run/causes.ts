/** Failed rooms by the cause they share, and the one thing to do about each cause. Pure. */
import type { ErrorCode } from '../../../main/contract/errors.ts';
import type { JobKind, JobRoom } from '../../../main/contract/jobs.ts';

/**
 * What one press does about a cause.
 * - `again`: the same work once more on these rooms
 * - `open`: look at the first room, where a person has to see or decide
 * - `login`: store a login; `infinity`: correct what is set of Infinity; both in the settings
 * - `match`: give the rooms their devices; `discover`: look what answers
 * - `prepare`: write the rooms' entries on Infinity; `sync`: deliver what is owed; `checks`: see what is missing
 * - `undo`: finish the undo of these rooms
 * - `taken`: begin rooms that somebody else has in work all the same
 */
export type CauseAction =
  | 'again'
  | 'open'
  | 'login'
  | 'infinity'
  | 'match'
  | 'discover'
  | 'prepare'
  | 'sync'
  | 'checks'
  | 'undo'
  | 'taken';

/** Every code that is not here may pass when it is tried again. */
const ACTIONS: Partial<Record<ErrorCode, CauseAction>> = {
  LOGIN_REFUSED: 'login',
  CREDENTIAL_PAUSED: 'login',
  CREDENTIAL_MISSING: 'login',
  NOT_ADMIN: 'login',
  PASSPHRASE_CHANGE: 'login',
  ACCOUNT_EXPIRED: 'login',

  IDENTITY_MISMATCH: 'open',
  TRUST_CHANGED: 'open',
  MACRO_UNCERTAIN: 'open',
  MACRO_UNFIT: 'open',
  HANDSHAKE: 'open',
  REFUSED: 'open',
  NOT_CONFIRMED: 'open',
  UNKNOWN_DEVICE: 'open',
  UNSUPPORTED: 'open',
  MANAGED: 'open',
  CLOCK_WRONG: 'open',
  TLS_TOO_OLD: 'open',
  LEGACY_NEEDED: 'open',
  CLIENT_CERTIFICATE: 'open',
  ACCOUNT_TAKEN: 'open',
  PASSPHRASE_POLICY: 'open',
  MACRO_IN_THE_WAY: 'open',
  NAMES_UNKNOWN: 'open',
  VALUE_TOO_LONG: 'open',
  VALUE_UNFIT: 'open',
  BACKUP_MISSING: 'open',
  OLD_PASSWORD_NEEDED: 'open',

  PILOT_NEEDED: 'open',
  BY_HAND: 'open',

  NO_ADDRESS: 'match',
  DEVICE_UNKNOWN: 'match',
  MATCH_REFUSED: 'open',
  FAMILY_UNKNOWN: 'discover',

  ROOM_TAKEN: 'taken',
  NOT_PREPARED: 'prepare',
  UNDO_UNFINISHED: 'undo',

  INFINITY_NOT_SET: 'infinity',
  INFINITY_LOGIN: 'infinity',
  INFINITY_LOGIN_PAUSED: 'infinity',
  INFINITY_SETUP: 'checks',
  INFINITY_ODD: 'infinity',
  INFINITY_TRUST: 'infinity',
  LICENCES: 'checks',
  INFINITY_UNREACHABLE: 'sync',
  INFINITY_FORBIDDEN: 'sync',
  INFINITY_REFUSED: 'sync',
  INFINITY_CONFLICT: 'sync',
  INFINITY_CHANGED: 'sync',
  INFINITY_VERSION: 'open',
  CLOCK_SKEW: 'infinity',
  OAUTH_OFF: 'infinity',
};

/** @param kind the work that failed: preparing wrote nothing that a sync could deliver, so it is done again */
export function actionFor(code: ErrorCode, kind: JobKind): CauseAction {
  const action = ACTIONS[code] ?? 'again';
  return action === 'sync' && kind === 'prepare' ? 'again' : action;
}

export interface Cause {
  code: ErrorCode;
  /** Ids, in the order of the job. */
  rooms: number[];
  /** Those among them that have no One-Touch Join at this moment: the old service is gone and nothing has come yet. */
  without: number[];
  /** What the first of these devices said. */
  words: string | null;
  action: CauseAction;
}

export interface Failures {
  /** Rooms without One-Touch Join first, then the cause of most rooms. */
  causes: Cause[];
  /** Rooms that were not begun, because the job was held or stopped before them. */
  left: number[];
  /** Rooms that were under way when somebody stopped the job. */
  stopped: number[];
}

/** @param isWithout whether a room has no One-Touch Join at this moment; causes with such rooms come first */
export function failuresOf(
  rooms: readonly Pick<JobRoom, 'roomId' | 'status' | 'problem'>[],
  kind: JobKind,
  isWithout: (roomId: number) => boolean,
): Failures {
  const causes = new Map<ErrorCode, Cause>();
  const left: number[] = [];
  const stopped: number[] = [];
  for (const { roomId, status, problem } of rooms) {
    // Waiting for a pilot is a cause with a way on, and not only a room that was left.
    const waits = status === 'left' && (problem?.code === 'PILOT_NEEDED' || problem?.code === 'PILOT_WAITS');
    if (status === 'left' && !waits) left.push(roomId);
    if ((status !== 'ended' && !waits) || !problem) continue;
    if (problem.code === 'CANCELLED') {
      stopped.push(roomId);
      continue;
    }
    const { code, words = null } = problem;
    const cause = causes.get(code) ?? { code, rooms: [], without: [], words, action: actionFor(code, kind) };
    causes.set(code, cause);
    cause.rooms.push(roomId);
    if (isWithout(roomId)) cause.without.push(roomId);
  }
  const sorted = [...causes.values()].sort(
    (a, b) => b.without.length - a.without.length || b.rooms.length - a.rooms.length,
  );
  return { causes: sorted, left, stopped };
}
