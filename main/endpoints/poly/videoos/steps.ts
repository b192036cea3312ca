/** Makes the planned steps of a Poly device runnable on an open session. */
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { PlannedStep } from '../../../contract/plan.ts';
import type { RunnableStep, Seen, ServerLook, StepActions } from '../../driver.ts';
import { type Member, memberOf } from '../mapping.ts';
import { type WriteJob, writeCalendar } from './apply.ts';
import { savedCalendar } from './backup.ts';
import { differing, readSettings, type SettingValues } from './calendar.ts';
import type { BindContext, Memory } from './context.ts';
import type { PolyFacts } from './facts.ts';
import { clockObstacle, migrationObstacle, serverObstacle, stateObstacle, undoObstacle } from './fit.ts';
import { chosenSet, migrationWrites, restoredValues, restoreWrites, STEP, wishedValues, withoutSame } from './plan.ts';
import { hasStartedAnew, hintOfRestart, restartIfAskedStep, restartStep, waitsForRestart } from './restartSteps.ts';
import { type CalendarStatus, explainState, isClaim } from './status.ts';

/** Without the old password there is little to wait for: it is back at once, or it was overwritten. Milliseconds. */
const PASSWORDLESS_MS = 20_000;

/** @throws OtjError INTERNAL for a step that this driver does not plan */
export function bindSteps(steps: readonly PlannedStep[], context: BindContext): RunnableStep[] {
  context.session.redactor.add(context.wish.login.password);
  context.session.redactor.add(context.wish.oldPassword);
  const memory: Memory = { written: null, oldCalendar: 'left', refused: new Map(), seen: {}, restarted: false };
  return steps.map((plan) => ({ plan, ...actionsOf(plan.id, context, memory) }));
}

function actionsOf(id: string, context: BindContext, memory: Memory): StepActions {
  switch (id) {
    case STEP.fit:
      return fitStep(context, migrationObstacle(context.mapping, context.facts, context.wish), true);
    case STEP.undoFit:
      return fitStep(context, undoObstacle(context.mapping, context.facts, context.wish, context.support.baseline));
    case STEP.set:
      return setStep(context, memory);
    case STEP.registered:
      return registeredStep(context, memory);
    case STEP.meeting:
      return meetingStep(context, memory);
    case STEP.restart:
      return restartStep(context, memory);
    case STEP.restartIfAsked:
      return restartIfAskedStep(context, memory);
    case STEP.restore:
      return restoreStep(context, memory);
    case STEP.restored:
      return restoredStep(context, memory);
    default:
      throw new OtjError('INTERNAL', `no step ${id} on a Poly device`);
  }
}

/** Settings as this visit's facts told them; call and restart are read anew. */
function fitStep(context: BindContext, lasting: OtjError | undefined, isMove = false): StepActions {
  const { session, mapping, facts, wish, support } = context;
  return {
    async inspect() {
      const now = await session.readSystem();
      const chosen = chosenSet(mapping, facts);
      const server = (isMove && !lasting && (await support.lookAtServer?.(facts.trust.authority))) || null;
      const words = session.redactor.clean(
        [
          `${now.model} ${now.software}, ${now.state}`,
          chosen ? `settings ${chosen.set.id}.* offered by the device (${chosen.set.evidence} for this family)` : '',
          facts.deviceMode ? 'device mode is on' : '',
          facts.provisioning.managed === null ? 'tells nothing of a management server' : '',
          ...facts.unread.map((what) => `not read: ${what}`),
          facts.calendar.status.words,
          serverWords(facts, server),
        ]
          .filter(Boolean)
          .join('; '),
      );
      const found =
        stateObstacle(now, wish.accepted) ??
        lasting ??
        (isMove ? (clockObstacle(now, wish) ?? serverObstacle(facts, server, wish)) : undefined);
      if (!found) return { holds: true, words };
      return { holds: false, words, problem: new OtjError(found.code, session.redactor.clean(found.words ?? '')) };
    },
  };
}

/** What the device will see of the node; a device that does not look at certificates is told as such. */
function serverWords({ trust }: PolyFacts, look: ServerLook | null): string {
  if (!look) return 'the node was not seen from here';
  const seen = `${look.name} shows a certificate of ${look.issuer}${look.namesIt ? '' : ' made out to another name'}`;
  return trust.validates
    ? seen
    : `${seen}; the device ${trust.validates === null ? 'does not tell whether it checks it' : 'does not check it'}`;
}

/** The set to work with. @throws OtjError NAMES_UNKNOWN */
function requireSet({ mapping, facts }: BindContext): NonNullable<ReturnType<typeof chosenSet>> {
  const chosen = chosenSet(mapping, facts);
  if (!chosen) throw new OtjError('NAMES_UNKNOWN', facts.calendar.missing.join('; '));
  return chosen;
}

async function write(context: BindContext, memory: Memory, writes: WriteJob['writes']): Promise<void> {
  const { session, facts, wish } = context;
  memory.written = null;
  const { identity, calendar } = facts;
  const job = { session, writes, accepted: wish.accepted, serial: identity.serial, before: calendar.status.state };
  const { rebootNeeded, oldCalendar, refused } = await writeCalendar(job);
  memory.written = { rebootNeeded };
  memory.oldCalendar = oldCalendar;
  memory.refused = refused;
}

/** What of the old settings is not as before; what no calendar needs and the device refuses is only told. */
function notAsBefore(
  { refused }: Memory,
  members: readonly Member[],
  seen: SettingValues,
  old: SettingValues,
): string[] {
  return differing(members, seen, old).filter((name) => !refused.has(name));
}

function refusedWords({ refused }: Memory): string {
  const named = [...refused].map(([name, words]) => (words.startsWith(name) ? words : `${name}: ${words}`));
  return named.map((words) => `; not put back: ${words}`).join('');
}

/**
 * Holds when every readable setting is as wished and, since the password cannot be read, the device is known to be registered
 * with it or has just been given it. Else, as after a crash in between, the same values are simply written again.
 */
function setStep(context: BindContext, memory: Memory): StepActions {
  const { session, wish, support } = context;
  const { set, members } = requireSet(context);
  const wished = wishedValues(set, members, wish);
  return {
    async inspect() {
      memory.seen = await readSettings(session, members);
      const wrong = differing(members, memory.seen, wished);
      if (wrong.length > 0) return { holds: false, words: `not as wished: ${wrong.join(', ')}` };
      if (memory.written) return { holds: true, words: 'all settings read back, the password was taken' };
      if (await waitsForRestart(context))
        return { holds: false, words: 'settings as wished, but the device waits for a restart: nothing proves them' };
      const status = await session.readStatus();
      return (await isKnown(context, status, support.wasDone(STEP.set), STEP.registered)) ||
        (await showsNothing(context, memory, status))
        ? { holds: true, words: `all settings as wished, ${status.words}` }
        : { holds: false, words: `settings as wished, but ${status.words}: this or the password may be from before` };
    },
    async apply() {
      refuse(migrationObstacle(context.mapping, context.facts, wish));
      await write(context, memory, withoutSame(migrationWrites(set, members, wish), members, memory.seen));
    },
  };
}

/**
 * Whether what the device shows comes of the settings that it has now. An earlier visit that wrote them and did not prove
 * them leaves that open: only while it switched the calendar off could it be seen whether this is the one from before, such
 * as an old list of meetings. Then they are written again, and seen anew.
 * @param isWritten whether an earlier visit has written all that this one would write
 * @param proof the step that only holds with what was written
 */
async function isKnown(
  context: BindContext,
  status: CalendarStatus,
  isWritten: boolean,
  proof: string,
): Promise<boolean> {
  const { support } = context;
  const isRegistered = status.state === 'registered';
  if (!isRegistered && !isClaim(status)) return false;
  if (support.wasDone(proof) || (isWritten && (await hasStartedAnew(context)))) return true;
  return isRegistered && [STEP.set, STEP.restore].every((step) => support.meantAt(step) === null);
}

/**
 * Whether an earlier visit has written the settings and there is nothing that could be taken for a proof of them: then
 * nothing is to be seen anew. What still comes in this visit proves them only where the list of meetings was seen empty before.
 */
async function showsNothing(
  { session, support }: BindContext,
  memory: Memory,
  status: CalendarStatus,
): Promise<boolean> {
  if (!isClaim(status) || !support.wasDone(STEP.set)) return false;
  if (session.proof === 'none') return true;
  // Where no restart is told of, the calendar may wait for one.
  if (session.tellsRestart === false || (await session.readMeetings())) return false;
  memory.oldCalendar = 'not told';
  return true;
}

function refuse(obstacle: OtjError | undefined): void {
  if (obstacle) throw obstacle;
}

interface Registration {
  registered: boolean;
  status: CalendarStatus;
  words: string;
}

/** Registration counts only with the settings that are wished: the word alone does not tell with whom. */
async function registration(
  context: BindContext,
  memory: Memory,
  wished: Readonly<Record<string, string | null>>,
  listed: number | null = null,
): Promise<Registration> {
  const { session } = context;
  const status = await session.readStatus();
  if (status.state !== 'registered' && !isClaim(status)) {
    memory.oldCalendar = 'left';
    const words = [`${status.words}: ${explainState(status.state)}`, hintOfRestart(context, memory)];
    return { registered: false, status, words: words.filter(Boolean).join('; ') };
  }
  if (isClaim(status)) return claimed(context, memory, wished, status, listed);
  if (isFromBefore(memory)) return { registered: false, status, words: `${status.words}, ${STALE}` };
  const { members } = requireSet(context);
  const wrong = notAsBefore(memory, members, await readSettings(session, members), wished);
  if (wrong.length > 0)
    return { registered: false, status, words: `${status.words}, but other settings now: ${wrong.join(', ')}` };
  return { registered: true, status, words: status.words };
}

const STALE = 'but nothing shows that it stopped while calendaring was off: this proves nothing';

/** Whether the calendar from before may still be the one that is shown. */
function isFromBefore({ oldCalendar }: Memory): boolean {
  return oldCalendar !== 'left';
}

/**
 * Where the device only claims, a meeting that it lists with the wished settings is the proof: unless the list may still
 * be the one from before, which was not seen to be empty in between.
 */
async function claimed(
  context: BindContext,
  memory: Memory,
  wished: Readonly<Record<string, string | null>>,
  status: CalendarStatus,
  listed: number | null,
): Promise<Registration> {
  const { session } = context;
  const { members } = requireSet(context);
  const wrong = notAsBefore(memory, members, await readSettings(session, members), wished);
  if (wrong.length > 0)
    return { registered: false, status, words: `${status.words}, but other settings now: ${wrong.join(', ')}` };
  const count = session.proof === 'none' ? null : (listed ?? (await session.readMeetings()));
  if (count === 0) memory.oldCalendar = 'left';
  if (isFromBefore(memory) && count !== null)
    return { registered: false, status, words: `${status.words}, and it lists a meeting, ${STALE}` };
  return count
    ? { registered: true, status, words: `${status.words}, and it lists a meeting` }
    : { registered: false, status, words: `${status.words}: ${explainState(status.state)}` };
}

/** A refused calendar login is told as such, yet not as LOGIN_REFUSED: the login to the device itself is fine. */
function notArrived(seen: Registration): Seen {
  // Nothing is known to be wrong: the proof is left to Infinity.
  if (isClaim(seen.status)) return { holds: false, words: seen.words };
  return { holds: false, words: seen.words, problem: new OtjError('NOT_ARRIVED', seen.words) };
}

/**
 * One lost or slow reply proves nothing: the wait goes on until its time is over, and only then it is the reason. A command
 * line, which is over with its connection, is logged in to anew, a few times at the most.
 */
async function patiently({ session }: BindContext, look: () => Promise<Seen>): Promise<Seen> {
  try {
    await session.revive?.();
    return await look();
  } catch (thrown) {
    const error = asOtjError(thrown);
    const maySettle = error.class === 'unreachable' || error.code === 'RATE_LIMITED';
    if (!maySettle || session.mayRevive === false) throw thrown;
    return { holds: false, words: session.redactor.clean(`${error.code} ${error.words ?? ''}`.trim()), problem: error };
  }
}

function registeredStep(context: BindContext, memory: Memory): StepActions {
  const { set, members } = requireSet(context);
  const wished = wishedValues(set, members, context.wish);
  return {
    inspect: () =>
      patiently(context, async () => {
        const seen = await registration(context, memory, wished);
        return seen.registered ? { holds: true, words: seen.words } : notArrived(seen);
      }),
    wait: proofWait(context),
  };
}

/** There is no use in looking where the device has nothing to show. */
function proofWait({ session, wait }: BindContext): { everyMs: number; forMs: number } {
  return session.proof === 'none' ? { ...wait, forMs: 0 } : wait;
}

/** An empty calendar is no fault: then registration alone is the proof, and the words say so. */
function meetingStep(context: BindContext, memory: Memory): StepActions {
  const { set, members } = requireSet(context);
  const wished = wishedValues(set, members, context.wish);
  return {
    inspect: () =>
      patiently(context, async () => {
        const count = await context.session.readMeetings();
        const seen = await registration(context, memory, wished, count);
        if (!seen.registered) return notArrived(seen);
        const listed =
          count === null
            ? 'the device does not tell its meetings, so registration is the only proof'
            : count > 0
              ? 'the device lists a meeting'
              : 'the calendar is empty, so registration is the only proof';
        return { holds: true, words: `${seen.words}; ${listed}`, ...(count ? {} : { weak: true as const }) };
      }),
    wait: proofWait(context),
  };
}

/** @throws OtjError BACKUP_MISSING */
function requireSaved(context: BindContext) {
  const saved = savedCalendar(context.support.baseline);
  if (!saved) throw new OtjError('BACKUP_MISSING', 'no calendar settings in the backup');
  const { set, members: moved, all } = requireSet(context);
  if (set.id !== saved.set) throw new OtjError('NAMES_UNKNOWN', `the backup holds ${saved.set}.*`);
  const members = all.filter((member) => moved.includes(member) || Object.hasOwn(saved.values, member.name));
  return { saved, set, members, restored: restoredValues(set, members, saved, context.wish) };
}

function restoreStep(context: BindContext, memory: Memory): StepActions {
  const { session, wish, support } = context;
  const { set, members, restored } = requireSaved(context);
  /** An earlier visit may have known no old password: what it has written is not all then. */
  const isWritten = () =>
    support.wasDone(STEP.restore, restored.password === null ? undefined : memberOf(set, 'password').name);
  return {
    async inspect() {
      memory.seen = await readSettings(session, members);
      const wrong = notAsBefore(memory, members, memory.seen, restored.old);
      if (wrong.length > 0) return { holds: false, words: `not as before: ${wrong.join(', ')}` };
      // Without the password only an earlier visit's writing is to be seen anew.
      if (memory.written || (restored.password === null && !(restored.enabled && support.meantAt(STEP.restore))))
        return { holds: true, words: `all readable settings are as before${refusedWords(memory)}` };
      // There is nothing to be seen anew, and each writing would restart the device once more.
      if (session.proof === 'none' && isWritten())
        return { holds: true, words: 'all readable settings are as before, and were written by an earlier visit' };
      if (await waitsForRestart(context))
        return { holds: false, words: 'settings as before, but the device waits for a restart: nothing proves them' };
      const status = await session.readStatus();
      // A registration proves the password, whoever wrote it; a claim proves none.
      const isAll = status.state === 'registered' ? support.wasDone(STEP.restore) : isWritten();
      return {
        holds: restored.enabled && (await isKnown(context, status, isAll, STEP.restored)),
        words: `all readable settings are as before, ${status.words}`,
      };
    },
    async apply() {
      refuse(undoObstacle(context.mapping, context.facts, wish, support.baseline));
      await write(context, memory, withoutSame(restoreWrites(set, restored), members, memory.seen));
    },
  };
}

/** The old calendar is back when it is off as before, or registered again; without its password it says so. */
function restoredStep(context: BindContext, memory: Memory): StepActions {
  const { session } = context;
  const { saved, members, restored } = requireSaved(context);
  return {
    inspect: () =>
      patiently(context, async () => {
        const wrong = notAsBefore(memory, members, await readSettings(session, members), restored.old);
        if (wrong.length > 0) {
          const words = `not as before: ${wrong.join(', ')}`;
          return { holds: false, words, problem: new OtjError('NOT_CONFIRMED', words) };
        }
        if (!restored.enabled) return { holds: true, words: 'calendaring is off, as before' };
        const seen = await registration(context, memory, restored.old);
        if (seen.registered) return { holds: true, words: `all settings as before, ${seen.words}` };
        if (restored.password === null)
          return { holds: false, words: seen.words, problem: new OtjError('OLD_PASSWORD_NEEDED', seen.words) };
        if (isClaim(seen.status)) return { holds: true, words: `all settings as before, ${seen.words}` };
        if (!saved.registered)
          return { holds: true, words: `all settings as before, ${seen.words}; it was not registered before either` };
        return notArrived(seen);
      }),
    wait:
      restored.password === null
        ? { ...context.wait, forMs: Math.min(context.wait.forMs, PASSWORDLESS_MS) }
        : context.wait,
  };
}
