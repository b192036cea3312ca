/** Commands that tell: status, next, report, tick. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { type ManualKind, ROOM_STATES } from '../contract/plan.ts';
import { tickManual } from '../services/byHand.ts';
import { FAMILY_WORDS, roomsNamed } from '../services/inventory.ts';
import { nextRoom } from '../services/nextRoom.ts';
import { writeReport } from '../services/report.ts';
import { roomRows } from '../services/roomRows.ts';
import { type RoomStatus, statusOf } from '../services/status.ts';
import { MANUAL } from '../site/outbox.ts';
import { withSite } from './context.ts';
import { clean, duration, type Output, placeCount, resultCount, stateWords } from './output.ts';
import { sayProof } from './proof.ts';

export function addReviewCommands(program: Command): void {
  program
    .command('status')
    .summary('where every room stands')
    .description('Shows the state of every room, what is owed, and what a person still has to do. Needs no passphrase.')
    .argument('<site>')
    .argument('[rooms...]', 'only these')
    .action(status);

  program
    .command('next')
    .summary('the nearest room that is not done')
    .description(
      'Tells the next room to go to: on the same floor as the given room, then in the same building, then further on. Needs no passphrase.',
    )
    .argument('<site>')
    .argument('[room]', 'where you are now')
    .action(next);

  program
    .command('report')
    .summary('write the hand-over report')
    .description(
      'Writes one HTML and one CSV file: each room, before and after, macros removed with hash, time without OTJ, who and when, what remains. Needs no passphrase.',
    )
    .argument('<site>')
    .option('--out <folder>', 'where to write', '.')
    .action(report);

  program
    .command('tick')
    .summary('note that a manual step is done')
    .description(
      'Notes that a person has done what status and report list as remaining for these rooms, such as removing the One-Touch Join setting in Pexip Control Center. That a device was set up by hand (otj poly recipe) is noted only for a room that is named alone.',
    )
    .argument('<site>')
    .argument('<rooms...>')
    .option('--note <text>', 'a note for the report')
    .action(tick);
}

function status(path: string, names: string[], _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    const wanted = new Set(roomsNamed(site, names).map(({ mailbox }) => mailbox));
    const all = statusOf(site);
    const rooms = all.rooms.filter(({ mailbox }) => names.length === 0 || wanted.has(mailbox));
    out.table(
      ['state', 'room', 'floor', 'device', 'address', 'without OTJ', 'remaining'],
      rooms.map((room) => [
        stateWords(room.state),
        room.name,
        room.floor,
        room.model ?? (room.family ? FAMILY_WORDS[room.family as keyof typeof FAMILY_WORDS] : null),
        room.address,
        room.withoutOtjMs === null ? null : duration(room.withoutOtjMs),
        remaining(room),
      ]),
      ['floor', 'address'],
    );
    for (const room of rooms) sayTrouble(out, room);
    const counts = ROOM_STATES.filter((state) => all.counts[state] > 0).map((state) => `${all.counts[state]} ${state}`);
    out.say(
      [
        `${clean(all.site)}: ${counts.join(', ') || 'no rooms yet'}. ${all.owed} owed to Infinity.`,
        ...(all.owedToList > 0 ? [`${resultCount(all.owedToList)} owed to the team’s list.`] : []),
        ...(all.owedToPlaces > 0 ? [`${placeCount(all.owedToPlaces)} owed to Microsoft 365.`] : []),
        ...(all.busy ? ['A run is going on now.'] : []),
      ].join(' '),
    );
    out.emit({ type: 'result', ...all, rooms });
    return 0;
  });
}

function remaining({ owed, manual, onInfinity, state }: RoomStatus): string {
  const words = [
    ...(owed.length > 0 ? [`owed: ${owed.join(', ')}`] : []),
    ...manual.map(manualWord),
    ...(state === 'not started' && !onInfinity ? ['prepare'] : []),
  ];
  return words.join('; ') || '–';
}

const MANUAL_WORDS: Record<ManualKind, string> = {
  [MANUAL.servicePortal]: 'remove from Pexip Service',
  [MANUAL.serviceAgain]: 'set up in Pexip Service again',
  [MANUAL.infinityPassword]: 'type the old Infinity password',
  [MANUAL.infinityEntry]: 'remove its entry on Infinity',
  [MANUAL.webexEntry]: 'see that Webex is enabled in the OTJ profile on Infinity',
  [MANUAL.manager]: 'tell its management system',
  [MANUAL.passphraseEnd]: 'mind that the passphrase of Infinity’s account ends (MaxLifetime)',
  [MANUAL.deviceByHand]: 'set the device up by hand (otj poly recipe)',
  [MANUAL.deviceBackByHand]: 'give the device its old calendar back by hand',
};

function manualWord(kind: string): string {
  return Object.entries(MANUAL_WORDS).find(([own]) => own === kind)?.[1] ?? kind;
}

function sayTrouble(out: Output, room: RoomStatus): void {
  const { name, problem, interrupted, state, undoUnfinished, withoutSince, proof } = room;
  const command = undoUnfinished ? 'otj undo' : 'otj run';
  if (state === 'needs attention' && problem) out.problem(problem, name);
  if (interrupted)
    out.say(
      `◐ ${clean(name)}: cut off at step "${clean(interrupted.step)}" (${interrupted.at}). Repeat ${command}: it looks at what is true and carries on.`,
    );
  if (proof && state !== 'undone' && (proof.state !== 'proven' || proof.cause)) sayProof(out, name, proof);
  if (undoUnfinished) out.say(`    an undo of ${clean(name)} is unfinished: repeat otj undo`);
  if (withoutSince && state !== 'migrated')
    out.say(`    ${clean(name)} may be without One-Touch Join since ${withoutSince}`);
}

function next(path: string, name: string | undefined, _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    const [here] = roomsNamed(site, name === undefined ? [] : [name]);
    const room = nextRoom(roomRows(site), here?.id ?? null);
    if (room) {
      const place = [room.building, room.floor && `floor ${room.floor}`, room.address].filter(Boolean).join(', ');
      out.say(`${stateWords(room.state)}  ${clean(room.name)}  ${clean(place)}`);
    } else out.say('All rooms are done.');
    out.emit({ type: 'result', room });
    return 0;
  });
}

function report(path: string, own: { out: string }, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    const { html, csv } = writeReport(site, own.out);
    out.say(`Wrote ${html}`);
    out.say(`Wrote ${csv}`);
    out.emit({ type: 'result', html, csv });
    return 0;
  });
}

function tick(path: string, names: string[], own: { note?: string }, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out, technician }) => {
    const rooms = roomsNamed(site, names);
    const scope = rooms.length > 1 ? 'bulk' : null;
    let done = 0;
    for (const room of rooms) {
      const steps = site.outbox.manualSteps(room.id).filter(({ tickedAt }) => tickedAt === null);
      const open = steps.filter(({ kind }) => scope === null || kind !== MANUAL.deviceByHand);
      const ticked = site.db.transaction(() => tickManual(site, room, technician, own.note ?? null, scope));
      if (open.length < steps.length)
        out.say(`☐ ${clean(room.name)}: left: ${manualWord(MANUAL.deviceByHand)}; tick this room alone`);
      if (ticked === 0 && open.length < steps.length) continue;
      if (ticked === 0) throw new OtjError('NOTHING_TO_DO', `${room.name} has no step for a person`);
      done++;
      const what = open.map(({ kind }) => manualWord(kind)).join('; ');
      out.say(`☑ ${clean(room.name)}: done by hand, says ${clean(technician)}${what ? `: ${what}` : ''}`);
    }
    out.emit({ type: 'result', ticked: done });
    return 0;
  });
}
