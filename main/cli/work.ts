/** Commands that look at or change rooms: plan, run, undo, sync. */

import { type Command, Option } from 'commander';
import type { Take } from '../contract/conflict.ts';
import { OtjError } from '../contract/errors.ts';
import { isPoly } from '../contract/plan.ts';
import type { RunEvent } from '../contract/progress.ts';
import { PATIENCE } from '../infinity/proof.ts';
import { isPilotWait } from '../migration/pilotGate.ts';
import { debtsOf } from '../services/debts.ts';
import { roomsNamed } from '../services/inventory.ts';
import { planRooms, type RoomPlan } from '../services/plan.ts';
import { halfUndone, heldRooms, openRooms, type RunOptions } from '../services/run.ts';
import { syncAll } from '../services/syncAll.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { settle, showConflict, whoseOption } from './conflicts.ts';
import { type Context, withSite } from './context.ts';
import { acceptOption, assertDecisions, type Decisions, keepDecisions, leaveOption, takeOption } from './decisions.ts';
import { clean, duration, type Output, roomCount, stateWords } from './output.ts';
import { agreedTexts, type Overwriting, overwriteOption } from './overwrite.ts';
import { debtsTold, microsoftDebts, tellMicrosoft } from './owed.ts';
import { runWithPilots, sayWaiting } from './pilots.ts';
import { sayProof } from './proof.ts';
import { descriptor, hasTerminal, readSecret } from './secrets.ts';

export function addWorkCommands(program: Command): void {
  program
    .command('plan')
    .summary('dry run: show what would change')
    .description(
      'Logs in to each device, reads it, and shows what a run would change, with before and after of every setting. Changes nothing.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'default: all rooms not yet done')
    .option('--brief', 'one line per room')
    .option('--retry', 'also try logins that were refused before')
    .addOption(acceptOption())
    .action(planCommand);

  program
    .command('run')
    .summary('migrate rooms')
    .description(
      'Migrates rooms: identify, check, back up, make the account, remove the OTJ macros (or re-point the calendar), read back, see meetings arrive. Without names: all rooms that are neither done nor waiting for a person. After an interruption run it again: it looks at what is true and carries on.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'names, mailboxes or addresses')
    .option('--retry', 'also the rooms that need attention, and logins that were refused before')
    .addOption(insistOption())
    .option(
      '--pilot <room>',
      'you watch this room: where what would be changed is not confirmed for its model and software, it goes first and the others wait for it (repeatable)',
      (name: string, all: string[] = []) => [...all, name],
    )
    .option(
      '--confirm-pilots',
      'the same without being asked, for the first room of each such model; without it you are asked, and where nobody can be asked these rooms wait',
    )
    .addOption(acceptOption())
    .addOption(takeOption())
    .addOption(leaveOption())
    .action(runCommand);

  program
    .command('undo')
    .summary('put rooms back as they were')
    .description(
      'Puts rooms back as the backup has them: macros byte for byte, account removed, calendar settings restored, Infinity entry taken away.',
    )
    .argument('<site>')
    .argument('<rooms...>')
    .option('--retry', 'also try logins that were refused before')
    .addOption(insistOption())
    .addOption(acceptOption())
    .addOption(overwriteOption())
    .option('--old-password-fd <fd>', 'Poly: the calendar password from before, which no device tells', descriptor)
    .action(undoCommand);

  program
    .command('sync')
    .summary('deliver what is owed to Infinity and to the team’s list')
    .description(
      'Delivers owed entries to Infinity and asks it whether it has reached each room. A room that is late is told with the likely cause, from what both sides say. An entry that somebody has changed since we wrote it, or that was there before us with other values, is shown and left alone; --take says whose values stand in the rooms that you name. Where a list for the team is set (otj m365 results set), what it is owed is published as well; neither waits for the other. Device names and tags of rooms that are migrated by now go to the tenant’s places, where that is switched on (otj m365 places set), into what is empty or ours. Safe to repeat.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'with --take: the rooms that are decided')
    .addOption(whoseOption())
    .option('--wait <seconds>', 'how long to wait for Infinity to reach the rooms', Number, 120)
    .option('--finish', 'then migrate the rooms that had waited only for their Infinity entry')
    .option('--confirm-pilots', 'with --finish: as for otj run')
    .option('--look', 'log in to codecs that Infinity has not reached in time, to find out why')
    .option(
      '--deadline <seconds>',
      'after this long without contact a room is late',
      Number,
      PATIENCE.deadlineMs / 1000,
    )
    .action(syncCommand);
}

/** Apart from --retry: what a colleague does is another matter than what a device refused. */
function insistOption(): Option {
  return new Option(
    '--insist',
    'begin the named rooms all the same where somebody else has them in work, or has worked on them, by the team’s list',
  );
}

function planCommand(
  path: string,
  names: string[],
  own: Decisions & { brief?: boolean; retry?: boolean },
  command: Command,
): Promise<void> {
  assertDecisions(names, own);
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out, signal }) => {
    const accept = keepDecisions(site, names, own);
    const rooms = names.length > 0 ? roomsNamed(site, names) : openRooms(site, { retry: true });
    if (rooms.length === 0) return nothingToDo(out, path, []);
    let done = 0;
    const plans = await planRooms(site, {
      rooms,
      insist: own.retry === true,
      accept,
      signal,
      planned({ room, identity, steps, problem, waits }) {
        done++;
        out.emit({ type: 'plan', room: room.name, identity, steps, problem, waits });
        out.progress(`${done} of ${rooms.length} rooms planned`);
      },
    });
    out.progress('');
    for (const plan of plans) printPlan(out, plan, own.brief === true);
    const bad = rooms.length - plans.filter(({ problem }) => !problem).length;
    out.say(`${roomCount(rooms.length - bad)} ready, ${bad} not. Nothing was changed.`);
    out.emit({ type: 'result', ready: rooms.length - bad, needAttention: bad });
    return bad > 0 ? 1 : 0;
  });
}

function printPlan(out: Output, { room, identity, steps, problem }: RoomPlan, brief: boolean): void {
  const what = identity ? `${identity.model}, ${identity.software}, ${identity.serial}` : '';
  const changes = steps.flatMap((step) => step.changes).filter(({ before, after }) => before !== after);
  if (problem) {
    out.problem(problem, room.name);
    return;
  }
  out.say(`${stateWords('ready')}  ${clean(room.name)}  ${clean(what)}${brief ? `  ${changes.length} changes` : ''}`);
  if (brief) return;
  for (const { title, notable } of steps) if (notable) out.say(`    ${clean(title)}`);
  for (const { setting, before, after, why } of changes) {
    out.say(`    ${clean(setting)}: ${clean(before ?? 'not there')}  →  ${clean(after ?? 'removed')}`);
    if (why) out.say(`        why: ${clean(why)}`);
  }
}

type RunFlags = Decisions & { retry?: boolean; insist?: boolean; pilot?: string[]; confirmPilots?: boolean };

function runCommand(path: string, names: string[], own: RunFlags, command: Command): Promise<void> {
  assertDecisions(names, own);
  if (own.insist && names.length === 0) throw new OtjError('USAGE', '--insist goes with the rooms that it is about');
  return withSite(path, command.optsWithGlobals(), { unlock: true }, (context) => {
    const { site, out } = context;
    const accept = keepDecisions(site, names, own);
    const wanted = roomsNamed(site, own.pilot ?? []);
    const chosen = names.length > 0 ? roomsNamed(site, names) : openRooms(site, { retry: own.retry === true });
    // Who is named as a pilot is meant to be run.
    const rooms = [...chosen, ...wanted.filter(({ id }) => !chosen.some((room) => room.id === id))];
    const held = names.length > 0 || own.retry ? [] : heldRooms(site);
    const half = names.length > 0 ? [] : halfUndone(site);
    sayHalfUndone(out, path, half);
    if (rooms.length === 0) return Math.max(nothingToDo(out, path, held), half.length > 0 ? 1 : 0);
    const pilots = own.confirmPilots ? ('first' as const) : new Set(wanted.map(({ id }) => id));
    const insist = { insist: own.retry === true, insistTaken: own.insist === true };
    return runRooms(context, { kind: 'migrate', rooms, held, accept, ...insist, pilots });
  });
}

function undoCommand(
  path: string,
  names: string[],
  own: Decisions & {
    oldPasswordFd?: number;
    retry?: boolean;
    insist?: boolean;
    overwriteMacro?: readonly Overwriting[];
  },
  command: Command,
): Promise<void> {
  assertDecisions(names, own);
  const check = (site: Site) => void roomsNamed(site, names);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async (context) => {
    const { site } = context;
    const accept = keepDecisions(site, names, own);
    const chosen = roomsNamed(site, names);
    if (own.oldPasswordFd !== undefined && chosen.length !== 1)
      throw new OtjError('USAGE', '--old-password-fd goes with one room');
    const [only] = chosen;
    // No device tells its calendar password, so a Poly room can only get it back from a person.
    const poly = chosen.length === 1 && only && isPoly(site.rooms.endpointOf(only.id)?.family);
    const ask = own.oldPasswordFd !== undefined || (poly && hasTerminal());
    const question = 'Calendar password that the device had before (Enter if you do not have it)';
    const oldPassword = ask ? await readSecret(own.oldPasswordFd, question, { optional: true }) : '';
    const insist = own.retry === true;
    const overwrite = await agreedTexts(context, chosen, { wanted: own.overwriteMacro ?? [], insist });
    return runRooms(context, {
      kind: 'undo',
      rooms: chosen,
      accept,
      insist,
      insistTaken: own.insist === true,
      ...(oldPassword ? { oldPassword } : {}),
      overwrite,
    });
  });
}

type RunRooms = Pick<RunOptions, 'kind' | 'rooms' | 'oldPassword' | 'insist' | 'accept' | 'overwrite' | 'pilots'> & {
  /** Rooms that were left out because they wait for a person. */
  held?: readonly Room[];
  /** Rooms that somebody else has in work or has worked on are begun all the same; goes with named rooms. */
  insistTaken?: boolean;
  /** Part of a sync, which goes on to deliver what is owed and tells what is left of it. */
  inSync?: boolean;
};

async function runRooms(
  { site, out, signal, technician }: Context,
  { held = [], inSync = false, ...what }: RunRooms,
): Promise<number> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const view = runView(out, what.rooms);
  const { ok, failed, skipped, waiting } = await runWithPilots({ site, out, signal, technician }, what, view);
  out.progress('');
  const states = what.rooms.flatMap(({ id }) => site.rooms.get(id)?.state ?? []);
  const words = [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} ${state}`);
  out.say(`${roomCount(what.rooms.length)} in ${duration(performance.now() - began)}: ${words.join(', ')}.`);
  if (skipped > 0) out.say(`${roomCount(skipped)} not begun; the same command carries on.`);
  sayAdopted(out, site, what.rooms, startedAt);
  sayWaiting(out, site, waiting);
  sayHeld(out, site.path, held);
  if (!inSync) sayOwed(out, site);
  const names = { held: held.map(({ name }) => name), waiting: waiting.map(({ room }) => room.name) };
  out.emit({ type: 'result', ok, failed, skipped, ...names, ...debtsTold(site) });
  return failed + skipped + waiting.length + held.length > 0 ? 1 : 0;
}

function sayOwed(out: Output, site: Site): void {
  const debts = debtsOf(site);
  const { toInfinity } = debts;
  const words = [
    ...(toInfinity > 0
      ? [`${toInfinity === 1 ? '1 thing is' : `${toInfinity} things are`} still to be settled with Infinity`]
      : []),
    ...microsoftDebts(debts),
  ];
  for (const one of words) out.say(`${one}: otj sync ${site.path}`);
}

function sayHalfUndone(out: Output, path: string, half: readonly Room[]): void {
  if (half.length === 0) return;
  out.say(
    `${roomCount(half.length)} with an unfinished undo, not taken by a run. Finish it: otj undo ${path} ${half.map(({ mailbox }) => clean(mailbox)).join(' ')}`,
  );
}

/** Entries that Infinity had before and that were as wished. */
function sayAdopted(out: Output, { outbox }: Site, rooms: readonly Room[], since: string): void {
  for (const { id, name } of rooms) {
    const entry = outbox.entry(id);
    if (!entry?.before || entry.deliveredAt < since) continue;
    out.say(
      `${clean(name)}: Infinity had its entry already (${entry.entryId}), as wished; only its password is written.`,
    );
    out.emit({ type: 'adopted', room: name, entryId: entry.entryId });
  }
}

function sayHeld(out: Output, path: string, held: readonly Room[]): void {
  if (held.length === 0) return;
  const names = held.map(({ name }) => clean(name)).join(', ');
  out.say(
    `${roomCount(held.length)} left out because they need a person: ${names}. When that is done: otj run ${path} --retry`,
  );
}

/** Live progress of a run: a line when a room ends, and below it what is going on now. */
function runView(out: Output, all: readonly Room[]): (event: RunEvent) => void {
  const now = new Map<string, string>();
  let ended = 0;
  return (event) => {
    out.emit(event);
    if (event.type === 'step') {
      const { room, title, status, ms } = event;
      if (status === 'running') now.set(room, title);
      if (status === 'waiting') now.set(room, `${title}, ${duration(ms)}`);
    } else if (event.type === 'room') {
      const { room, state, problem } = event;
      if (state !== 'in progress' || problem) {
        now.delete(room);
        ended++;
        if (problem && isPilotWait(problem.code)) {
          ended--;
          out.say(`◌ ${clean(room)}: waits for a pilot (${clean(problem.words ?? '')})`);
        } else if (problem) out.problem(problem, room);
        else out.say(`${stateWords(state)}  ${clean(room)}`);
      }
    }
    const doing = [...now].map(([room, what]) => `${clean(room)}: ${clean(what)}`).join(' · ');
    out.progress(`◐ ${ended} of ${all.length} rooms  ${doing}`);
  };
}

type SyncFlags = {
  wait: number;
  finish?: boolean;
  look?: boolean;
  deadline: number;
  take?: Take;
  confirmPilots?: boolean;
};

function syncCommand(path: string, names: string[], own: SyncFlags, command: Command): Promise<void> {
  if ((own.take === undefined) !== (names.length === 0))
    throw new OtjError('USAGE', '--take and the rooms that it is about go together');
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async (context) => {
    const { site, out, signal } = context;
    if (own.take) settle(site, roomsNamed(site, names), own.take);
    if (!Number.isFinite(own.wait) || own.wait < 0) throw new OtjError('USAGE', '--wait takes seconds');
    if (!Number.isFinite(own.deadline) || own.deadline < 0) throw new OtjError('USAGE', '--deadline takes seconds');
    const deadlineMs = own.deadline * 1000;
    const replicationMs = Math.min(PATIENCE.replicationMs, deadlineMs);
    const states = { proven: 0, replicating: 0, waiting: 0, late: 0 };
    const pilots = own.confirmPilots ? { pilots: 'first' as const } : {};
    let finished = 0;
    const freed = await syncAll(site, {
      infinity: {
        signal,
        waitMs: own.wait * 1000,
        delivered({ room, kind, problem, conflict, adopted }) {
          out.emit({ type: 'delivered', room: room.name, kind, problem, conflict, adopted: adopted !== null });
          if (problem) out.problem(problem, room.name);
          if (conflict) showConflict(out, conflict);
          const how = adopted ? `Infinity had its entry already (${adopted.entryId}), now as wished` : DELIVERED[kind];
          if (!problem && !conflict) out.say(`● ${clean(room.name)}: ${how}`);
        },
        waiting: (rooms) => out.progress(`waiting for Infinity to reach ${rooms} rooms`),
        look: own.look === true,
        patience: { replicationMs, deadlineMs },
        proven({ room, proof }) {
          states[proof.state]++;
          out.emit({ type: 'proof', room: room.name, ...proof });
          if (proof.state !== 'proven' || proof.cause) sayProof(out, room.name, proof);
        },
      },
      over() {
        out.progress('');
        const told = Object.entries(states).filter(([, count]) => count > 0);
        if (told.length > 0)
          out.say(`Infinity’s word: ${told.map(([state, count]) => `${count} ${state}`).join(', ')}.`);
      },
      finish: own.finish
        ? async (rooms) => {
            finished = await runRooms(context, { kind: 'migrate', rooms, ...pilots, inSync: true });
          }
        : null,
      ...tellMicrosoft(context),
    });
    const debts = debtsOf(site);
    if (debts.toInfinity > 0)
      out.say(
        `${debts.toInfinity} ${debts.toInfinity === 1 ? 'write or proof is' : 'writes or proofs are'} still owed.`,
      );
    for (const one of microsoftDebts(debts, 'still ')) out.say(`${one}.`);
    const isEven = debts.toInfinity + debts.toList + debts.toPlaces === 0;
    if (isEven) out.say('Nothing is owed.');
    if (freed.length > 0 && !own.finish)
      out.say(
        `${roomCount(freed.length)} had waited only for this. Next: otj run ${path} --retry (or otj sync --finish).`,
      );
    out.emit({ type: 'result', ...debtsTold(site), freed: freed.map(({ name }) => name) });
    return Math.max(finished, !isEven || states.late > 0 ? 1 : 0);
  });
}

const DELIVERED = {
  entry: 'its entry is on Infinity',
  'entry-removal': 'its entry is off Infinity',
  contact: 'Infinity has reached it',
} as const;

function nothingToDo(out: Output, path: string, held: readonly Room[]): number {
  const { happened, todo } = new OtjError('NOTHING_TO_DO').toProblem();
  out.say(held.length > 0 ? 'No other room is open.' : `${happened} ${todo}`);
  sayHeld(out, path, held);
  out.emit({ type: 'result', ok: 0, failed: 0, skipped: 0, held: held.map(({ name }) => name), owed: 0 });
  return held.length > 0 ? 1 : 0;
}
