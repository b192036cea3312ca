/** What a technician does next with one room. Pure: the same facts give the same action. */
import type { ErrorCode, Problem } from '../../../main/contract/errors.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { decisionOf } from './decisions.ts';
import type { Deed, Known } from './deed.ts';
import { doubtfulMacros, keyChanges } from './said.ts';

export interface NextAction {
  /** The one button; null while work goes on in this room: then there is nothing to do but to watch or to stop. */
  primary: Deed | null;
  /** At most one more way on. */
  second: Deed | null;
  /** The primary needs the site's passphrase first. */
  unlock: boolean;
  /** The primary has to wait for other work in this site. */
  blocked: 'job' | 'elsewhere' | null;
}

/** What is so around the room. */
export interface Around {
  /** The work that goes on in this site, if any. */
  job: Pick<Job, 'kind'> | null;
  /** Whether that work is on this room now. */
  working: boolean;
  locked: boolean;
  /** Another program works on the site file. */
  elsewhere: boolean;
  /** Infinity cannot be reached from here. */
  offline: boolean;
  /** A login that this room uses was stored after the room's trouble came up. */
  newLogin: boolean;
}

type Choice = { primary: Deed; second?: Deed };

const RETRY: Deed = { do: 'retry', insist: false };
const CHECK: Deed = { do: 'check', insist: false };

/** Deeds that start a job, and so need the passphrase and wait for other work. */
const STARTS_WORK: ReadonlySet<Deed['do']> = new Set([
  'check',
  'migrate',
  'pilot',
  'retry',
  'carryOn',
  'finishUndo',
  'sync',
  'prepare',
  'inCall',
  'accept',
  'legacy',
]);
const NEEDS_KEY: ReadonlySet<Deed['do']> = new Set([...STARTS_WORK, 'login', 'trust']);

export function nextAction(known: Known, around: Around): NextAction {
  const { state, interrupted } = known.room;
  if (around.working || (state === 'in progress' && !interrupted))
    return { primary: null, second: null, unlock: false, blocked: null };
  const { primary, second = null } = choose(known, around);
  const { locked, elsewhere, job } = around;
  return {
    primary,
    second: second?.do === primary.do ? null : second,
    unlock: locked && NEEDS_KEY.has(primary.do),
    blocked: !startsWork(primary) ? null : elsewhere ? 'elsewhere' : job ? 'job' : null,
  };
}

/** Whether a deed starts a job, and so has to wait for other work in this site. */
export function startsWork(deed: Deed): boolean {
  return STARTS_WORK.has(deed.do);
}

function choose(known: Known, around: Around): Choice {
  const { room } = known;
  if (room.undoUnfinished && isOpen(room)) return unfinishedUndo(known);
  switch (room.state) {
    case 'not started':
      return room.address ? { primary: CHECK } : { primary: { do: 'address' } };
    case 'ready':
      return pilotWait(known, { do: 'migrate' }) ?? { primary: { do: 'migrate' }, second: CHECK };
    case 'in progress':
      return pilotWait(known, { do: 'carryOn' }) ?? { primary: { do: 'carryOn' } };
    case 'migrated':
    case 'undone':
      return { primary: { do: 'next' } };
    case 'awaiting sync':
      // Away from Infinity the next true thing is the next room: what is owed is kept.
      return around.offline
        ? { primary: { do: 'next' }, second: { do: 'sync' } }
        : { primary: { do: 'sync' }, second: { do: 'next' } };
    case 'needs attention':
      return pilotWait(known, RETRY) ?? trouble(known, around);
  }
}

/** What is next in a room that waits for a pilot, whatever was begun on it before; null when it does not. */
function pilotWait({ room: { code, name }, detail }: Known, again: Deed): Choice | null {
  if (code === 'PILOT_NEEDED') return { primary: { do: 'pilot' }, second: CHECK };
  // It was the pilot with the device it had before: nothing follows until a person gives that one up.
  if (code === 'PILOT_WAITS' && detail?.problem?.words?.startsWith(`${name}, device `))
    return { primary: { do: 'pilots' }, second: again };
  // It follows by itself when its pilot has ended well; until then the next true thing is another room.
  return code === 'PILOT_WAITS' ? { primary: { do: 'next' }, second: again } : null;
}

function isOpen({ state }: RoomRow): boolean {
  return state === 'in progress' || state === 'needs attention';
}

function unfinishedUndo(known: Known): Choice {
  const { code } = known.room;
  const primary: Deed = { do: 'finishUndo' };
  if (code === 'LOGIN_REFUSED' || code === 'CREDENTIAL_PAUSED' || code === 'CREDENTIAL_MISSING')
    return { primary: { do: 'login' }, second: primary };
  if (code === 'TRUST_CHANGED') return { primary: { do: 'trust' }, second: primary };
  return withDecision(known, primary);
}

/** The same again, and beside it the decision by which it would end otherwise, where there is one. */
function withDecision(known: Known, primary: Deed): Choice {
  const second = decisionOf(known, primary);
  return second ? { primary, second } : { primary };
}

function trouble(known: Known, around: Around): Choice {
  const { code } = known.room;
  const mended = isMended(known, around);
  const again = againOf(known);
  const isTouched = wasTouched(known.detail?.problem ?? null);
  switch (code) {
    case 'NO_ADDRESS':
      return mended ? { primary: CHECK } : { primary: { do: 'address' } };
    case 'UNKNOWN_DEVICE':
    case 'IDENTITY_MISMATCH':
      return mended ? { primary: again, second: { do: 'identity' } } : { primary: { do: 'identity' }, second: again };
    case 'MACRO_UNCERTAIN':
      return mended ? { primary: again, second: { do: 'macro' } } : { primary: { do: 'macro' }, second: again };
    case 'LOGIN_REFUSED':
    case 'CREDENTIAL_PAUSED':
    case 'CREDENTIAL_MISSING':
    case 'NOT_ADMIN':
    case 'PASSPHRASE_CHANGE':
    case 'ACCOUNT_EXPIRED':
      return mended
        ? { primary: again, second: { do: 'login' } }
        : { primary: { do: 'login' }, ...(code === 'CREDENTIAL_MISSING' ? {} : { second: insisting(again) }) };
    case 'TRUST_CHANGED':
      return mended ? { primary: again } : { primary: { do: 'trust' }, second: again };
    // What to type stands below; when it is typed, the next true thing is another room.
    case 'BY_HAND':
      return { primary: { do: 'next' }, second: RETRY };
    case 'UNDO_UNFINISHED':
    case 'OLD_PASSWORD_NEEDED':
      return { primary: { do: 'finishUndo' } };
    case 'NOT_PREPARED':
      if (mended) return { primary: again };
      return around.offline
        ? { primary: again, second: { do: 'prepare' } }
        : { primary: { do: 'prepare' }, second: again };
    case 'INFINITY_CHANGED':
      if (mended) return { primary: again };
      // A dry run leaves nothing to decide on the Sync screen: what would be taken over is shown before it is written.
      return { primary: { do: known.room.owed > 0 ? 'conflict' : 'prepare' }, second: again };
    case 'INFINITY_NOT_SET':
    case 'INFINITY_LOGIN':
    case 'INFINITY_LOGIN_PAUSED':
    case 'INFINITY_FORBIDDEN':
    case 'INFINITY_SETUP':
    case 'INFINITY_ODD':
    case 'INFINITY_TRUST':
    case 'LICENCES':
      return { primary: { do: 'infinity' }, second: again };
    case 'UNREACHABLE':
    case 'TIMEOUT':
      return isTouched ? { primary: again } : { primary: again, second: { do: 'identity' } };
    case 'ACCOUNT_LOCKED':
      return { primary: insisting(again), second: { do: 'login' } };
    default:
      return withDecision(known, again);
  }
}

/** Whether the cause was put right since, so that trying again is the next true thing. */
function isMended({ room, detail }: Known, { newLogin }: Around): boolean {
  const words = detail?.problem?.words ?? '';
  switch (room.code as ErrorCode) {
    case 'NO_ADDRESS':
      return room.address !== null;
    case 'NOT_PREPARED':
      return room.onInfinity;
    case 'INFINITY_CHANGED':
      // decided, and delivered since
      return room.onInfinity && room.owed === 0;
    case 'UNKNOWN_DEVICE':
      return false;
    case 'IDENTITY_MISMATCH':
      return /^expected /.test(words) && !words.startsWith(`expected ${room.serial || detail?.device?.mac},`);
    case 'MACRO_UNCERTAIN': {
      const doubtful = doubtfulMacros(words);
      const judged = [...(detail?.takeMacros ?? []), ...(detail?.leaveMacros ?? [])];
      return doubtful.length > 0 && doubtful.every(({ name }) => judged.includes(name));
    }
    case 'TRUST_CHANGED': {
      const [change] = keyChanges(words);
      return change !== undefined && detail !== null && detail.pins[change.kind] !== change.known;
    }
    default:
      return newLogin;
  }
}

/** A room that was touched, or whose run failed, is run again; one that was only looked at is looked at again. */
function againOf({ room, detail }: Known): Deed {
  if (!detail) return RETRY;
  const last = detail.steps.at(-1);
  const failedRun = last?.status === 'failed' && last.problem?.code === room.code && detail.lastRun?.kind === 'migrate';
  return wasTouched(detail.problem) || failedRun ? RETRY : CHECK;
}

function insisting(deed: Deed): Deed {
  return deed.do === 'check' || deed.do === 'retry' ? { ...deed, insist: true } : deed;
}

/** Whether anything on the device or on Infinity was changed, or may have been. */
export function wasTouched(problem: Problem | null): boolean {
  return (problem?.effects ?? []).some(({ outcome }) => outcome === 'done' || outcome === 'unknown');
}
