/** Commands that look at or change rooms: discover, prepare, plan, run, undo, sync. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { RunEvent } from '../contract/progress.ts';
import { discover } from '../services/discover.ts';
import { FAMILY_WORDS, roomsNamed } from '../services/inventory.ts';
import { planRooms, type RoomPlan } from '../services/plan.ts';
import { prepare } from '../services/prepare.ts';
import { halfUndone, heldRooms, openRooms, type RunOptions, run } from '../services/run.ts';
import { roomsFreedBySync, sync } from '../services/sync.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type Context, withSite } from './context.ts';
import {
  acceptOption,
  assertDecisions,
  type Decisions,
  keepDecisions,
  leaveOption,
  overwriteOption,
  takeOption,
} from './decisions.ts';
import { clean, duration, type Output, roomCount, stateWords } from './output.ts';
import { descriptor, hasTerminal, readSecret } from './secrets.ts';

export function addWorkCommands(program: Command): void {
  program
    .command('discover')
    .summary('look for endpoints on the network')
    .description(
      'Looks which endpoints answer, without logging in. Without ranges it looks at the addresses of the room list.',
    )
    .argument('<site>')
    .argument('[ranges...]', 'e.g. 10.20.3.0/24 or 10.20.3.10-40')
    .option('--ssh-port <port>', 'SSH port to look at', Number)
    .option('--https-port <port>', 'HTTPS port to look at', Number)
    .action(discoverCommand);

  program
    .command('prepare')
    .summary('create the rooms’ entries on Infinity')
    .description(
      'Creates or updates one OTJ endpoint per room on Infinity, with a generated password that is sealed in the site file. Safe to repeat: no room gets a second entry.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'names, mailboxes or addresses; default all')
    .action(prepareCommand);

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
    .addOption(acceptOption())
    .addOption(overwriteOption())
    .option('--old-password-fd <fd>', 'Poly: the calendar password from before, which no device tells', descriptor)
    .action(undoCommand);

  program
    .command('sync')
    .summary('deliver what is owed to Infinity')
    .description('Delivers owed entries to Infinity and asks it whether it has reached each room. Safe to repeat.')
    .argument('<site>')
    .option('--wait <seconds>', 'how long to wait for Infinity to reach the rooms', Number, 120)
    .option('--finish', 'then migrate the rooms that had waited only for their Infinity entry')
    .action(syncCommand);
}

function discoverCommand(
  path: string,
  ranges: string[],
  own: { sshPort?: number; httpsPort?: number },
  command: Command,
): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, async ({ site, out, signal }) => {
    const { sshPort, httpsPort } = site.settings;
    const began = performance.now();
    const { looked, found, silent } = await discover(site, {
      ranges,
      sshPort: own.sshPort ?? sshPort,
      httpsPort: own.httpsPort ?? httpsPort,
      signal,
      progress(done, of, one) {
        if (one) out.emit({ type: 'found', ...one });
        const rate = (performance.now() - began) / done;
        out.progress(`looked at ${done} of ${of} addresses, about ${duration(rate * (of - done))} left`);
      },
    });
    out.progress('');
    out.table(
      ['address', 'what', 'room', 'evidence'],
      found.map(({ address, family, room, evidence }) => [
        address,
        family ? FAMILY_WORDS[family] : 'not recognised',
        room,
        evidence,
      ]),
      ['evidence'],
    );
    for (const { room, address } of silent) out.say(`▲ ${clean(room)}: nothing answers at ${address}`);
    out.say(
      `${found.length} devices at ${looked} addresses; ${found.filter(({ room }) => room).length} of them are at an address of the room list.`,
    );
    out.emit({ type: 'result', looked, found: found.length, silent });
    return 0;
  });
}

function prepareCommand(path: string, names: string[], _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out, signal }) => {
    const rooms =
      names.length > 0 ? roomsNamed(site, names) : site.rooms.all().filter(({ state }) => state !== 'undone');
    let ready = 0;
    const { setup, rooms: results } = await prepare(site, {
      rooms,
      signal,
      done({ room, entryId, taken, problem }) {
        ready++;
        out.emit({ type: 'prepared', room: room.name, entryId, taken, problem });
        if (problem) out.problem(problem, room.name);
        for (const { field, before, after } of taken)
          out.say(
            `    ${clean(room.name)}: Infinity had entry ${entryId} already; ${field}: ${clean(String(before))}  →  ${clean(String(after))}`,
          );
        out.progress(`${ready} of ${rooms.length} rooms`);
      },
    });
    out.progress('');
    const good = results.filter(({ problem }) => !problem).length;
    const { version, licences, group, profile, nodes, rules } = setup;
    const about = [
      `Infinity ${version ?? ''}: group "${group.name}", profile "${profile.name}", nodes ${nodes.join(', ')}`,
      ...(licences ? [`${licences.total} OTJ licences`] : []),
    ];
    out.say(`${clean(about.join(', '))}.`);
    if (!profile.hasCalendar) out.say('▲ The profile has no calendar integration: no room will get its meetings.');
    if (rules === 0)
      out.say('▲ The profile has no enabled meeting processing rule: meetings will have no Join button.');
    out.say(`${good} of ${rooms.length} rooms have their entry on Infinity.`);
    out.emit({ type: 'result', prepared: good, rooms: rooms.length });
    return good === rooms.length ? 0 : 1;
  });
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
      planned({ room, identity, steps, problem }) {
        done++;
        out.emit({ type: 'plan', room: room.name, identity, steps, problem });
        out.progress(`${done} of ${rooms.length} rooms planned`);
      },
    });
    out.progress('');
    for (const plan of plans) printPlan(out, plan, own.brief === true);
    const bad = rooms.length - plans.filter(({ problem }) => !problem).length;
    out.say(`${rooms.length - bad} rooms ready, ${bad} need attention. Nothing was changed.`);
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

type RunFlags = Decisions & { retry?: boolean };

function runCommand(path: string, names: string[], own: RunFlags, command: Command): Promise<void> {
  assertDecisions(names, own);
  return withSite(path, command.optsWithGlobals(), { unlock: true }, (context) => {
    const { site, out } = context;
    const accept = keepDecisions(site, names, own);
    const rooms = names.length > 0 ? roomsNamed(site, names) : openRooms(site, { retry: own.retry === true });
    const held = names.length > 0 || own.retry ? [] : heldRooms(site);
    const half = names.length > 0 ? [] : halfUndone(site);
    sayHalfUndone(out, path, half);
    if (rooms.length === 0) return Math.max(nothingToDo(out, path, held), half.length > 0 ? 1 : 0);
    return runRooms(context, { kind: 'migrate', rooms, held, accept, insist: own.retry === true });
  });
}

function undoCommand(
  path: string,
  names: string[],
  own: Decisions & { oldPasswordFd?: number; retry?: boolean; overwriteMacro?: readonly string[] },
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
    const poly = chosen.length === 1 && only && site.rooms.endpointOf(only.id)?.family === 'poly-videoos';
    const ask = own.oldPasswordFd !== undefined || (poly && hasTerminal());
    const question = 'Calendar password that the device had before (Enter if you do not have it)';
    const oldPassword = ask ? await readSecret(own.oldPasswordFd, question, { optional: true }) : '';
    return runRooms(context, {
      kind: 'undo',
      rooms: chosen,
      accept,
      insist: own.retry === true,
      ...(oldPassword ? { oldPassword } : {}),
      ...(own.overwriteMacro ? { overwrite: own.overwriteMacro } : {}),
    });
  });
}

type RunRooms = Pick<RunOptions, 'kind' | 'rooms' | 'oldPassword' | 'insist' | 'accept' | 'overwrite'> & {
  /** Rooms that were left out because they wait for a person. */
  held?: readonly Room[];
};

async function runRooms({ site, out, signal, technician }: Context, { held = [], ...what }: RunRooms): Promise<number> {
  const began = performance.now();
  const view = runView(out, what.rooms);
  const { ok, failed, skipped } = await run(site, { ...what, technician, signal, listen: view });
  out.progress('');
  const states = what.rooms.flatMap(({ id }) => site.rooms.get(id)?.state ?? []);
  const words = [...new Set(states)].map((state) => `${states.filter((one) => one === state).length} ${state}`);
  out.say(`${roomCount(what.rooms.length)} in ${duration(performance.now() - began)}: ${words.join(', ')}.`);
  if (skipped > 0) out.say(`${roomCount(skipped)} not begun; the same command carries on.`);
  sayHeld(out, site.path, held);
  const owed = site.outbox.owed().length;
  if (owed > 0)
    out.say(
      `${owed === 1 ? '1 thing is' : `${owed} things are`} still to be settled with Infinity: otj sync ${site.path}`,
    );
  out.emit({ type: 'result', ok, failed, skipped, held: held.map(({ name }) => name), owed });
  return failed + skipped + held.length > 0 ? 1 : 0;
}

function sayHalfUndone(out: Output, path: string, half: readonly Room[]): void {
  if (half.length === 0) return;
  out.say(
    `${roomCount(half.length)} with an unfinished undo, not taken by a run. Finish it: otj undo ${path} ${half.map(({ mailbox }) => clean(mailbox)).join(' ')}`,
  );
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
        if (problem) out.problem(problem, room);
        else out.say(`${stateWords(state)}  ${clean(room)}`);
      }
    }
    const doing = [...now].map(([room, what]) => `${clean(room)}: ${clean(what)}`).join(' · ');
    out.progress(`◐ ${ended} of ${all.length} rooms  ${doing}`);
  };
}

function syncCommand(path: string, own: { wait: number; finish?: boolean }, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async (context) => {
    const { site, out, signal } = context;
    if (!Number.isFinite(own.wait) || own.wait < 0) throw new OtjError('USAGE', '--wait takes seconds');
    const left = await sync(site, {
      signal,
      waitMs: own.wait * 1000,
      delivered({ room, kind, problem }) {
        out.emit({ type: 'delivered', room: room.name, kind, problem });
        if (problem) out.problem(problem, room.name);
        else out.say(`● ${clean(room.name)}: ${DELIVERED[kind]}`);
      },
      waiting: (rooms) => out.progress(`waiting for Infinity to reach ${rooms} rooms`),
    });
    out.progress('');
    out.say(left.length === 0 ? 'Nothing is owed.' : `${left.length} writes or proofs are still owed.`);
    const freed = roomsFreedBySync(site);
    if (freed.length > 0 && !own.finish)
      out.say(`${freed.length} rooms had waited only for this. Next: otj run ${path} --retry (or otj sync --finish).`);
    out.emit({ type: 'result', owed: left.length, freed: freed.map(({ name }) => name) });
    const finished = own.finish && freed.length > 0 ? await runRooms(context, { kind: 'migrate', rooms: freed }) : 0;
    return Math.max(finished, left.length > 0 ? 1 : 0);
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
