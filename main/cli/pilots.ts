/** Pilots in a run: who goes first where something is not confirmed, asked for by name. */
import confirm from '@inquirer/confirm';
import type { Problem } from '../contract/errors.ts';
import type { RunEvent } from '../contract/progress.ts';
import { pilotOf } from '../services/pilots.ts';
import { withClaims } from '../services/results/link.ts';
import { type RunOptions, type RunResult, run, type WaitingRoom } from '../services/run.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import type { Context } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';
import { hasTerminal } from './secrets.ts';

type Wanted = Omit<RunOptions, 'technician' | 'signal' | 'listen' | 'claims'> & {
  /** Rooms that somebody else has in work or has worked on are begun all the same; goes with named rooms. */
  insistTaken?: boolean;
};
type Ended = RunResult & { waiting: readonly WaitingRoom[] };

/** A run, and where rooms wait for a pilot and a person can be asked, the pilot and then these rooms. */
export async function runWithPilots(
  { site, out, signal, technician }: Pick<Context, 'site' | 'out' | 'signal' | 'technician'>,
  wanted: Wanted,
  listen: (event: RunEvent) => void,
): Promise<Ended> {
  const all: Ended = { ok: 0, failed: 0, skipped: 0, waiting: [] };
  let rooms = wanted.rooms;
  let pilots = wanted.pilots;
  for (;;) {
    const {
      ok,
      failed,
      skipped,
      waiting = [],
    } = await withClaims(site, { agreed: () => wanted.insistTaken === true, signal, told: sayTeam(out) }, (claims) =>
      run(site, { ...wanted, ...claims, rooms, ...(pilots ? { pilots } : {}), technician, signal, listen }),
    );
    all.ok += ok;
    all.failed += failed;
    all.skipped += skipped;
    all.waiting = waiting;
    const chosen = signal.aborted ? [] : await askForPilots(site, out, waiting);
    if (chosen.length === 0) return all;
    pilots = new Set(chosen.map(({ id }) => id));
    rooms = waiting.flatMap(({ room }) => site.rooms.get(room.id) ?? []);
  }
}

/** What is said of colleagues while rooms are worked on. */
function sayTeam(out: Output): (problem: Problem, room: Room | null) => void {
  return (problem, room) => {
    out.say(`▲ ${room ? `${clean(room.name)}: ` : ''}${problem.happened} [${problem.code}]`);
    if (problem.words) out.say(`    detail:   ${clean(problem.words)}`);
    out.say(`    do:       ${problem.todo}`);
    out.emit({ type: 'team', room: room?.name ?? null, problem });
  };
}

/** Asks once for each kind that has no pilot yet. @returns rooms that somebody watches */
async function askForPilots(site: Site, out: Output, waiting: readonly WaitingRoom[]): Promise<Room[]> {
  if (!hasTerminal() || out.json) return [];
  const chosen: Room[] = [];
  for (const [title, rooms] of withoutPilot(site, waiting)) {
    const [first] = rooms;
    if (!first) continue;
    out.progress('');
    out.say(
      `Not confirmed: ${clean(title)} (${roomCount(rooms.length)}). One room goes first, with you in front of its device; when it has shown a meeting, the others follow.`,
    );
    if (await confirm({ message: `Begin with ${clean(first.name)}, and do you watch it?`, default: false }))
      chosen.push(first);
  }
  return chosen;
}

function withoutPilot(site: Site, waiting: readonly WaitingRoom[]): Map<string, Room[]> {
  const kinds = new Map<string, Room[]>();
  for (const { room, gate } of waiting)
    if (!site.pilots.get(gate.key)) kinds.set(gate.title, [...(kinds.get(gate.title) ?? []), room]);
  return kinds;
}

/** What rooms wait for, by pilot, and what to do. */
export function sayWaiting(out: Output, site: Site, waiting: readonly WaitingRoom[]): void {
  const begun = new Map<string, { words: string; rooms: number }>();
  for (const { gate } of waiting) {
    const pilot = pilotOf(site, gate.key);
    if (!pilot) continue;
    const words = `${clean(pilot.room)} (${clean(gate.title)}): ${clean(pilot.problem?.happened ?? 'it has not shown a meeting yet')}`;
    begun.set(gate.key, { words, rooms: (begun.get(gate.key)?.rooms ?? 0) + 1 });
  }
  for (const { words, rooms } of begun.values())
    out.say(`${roomCount(rooms)} waiting for the pilot ${words} When it is done: otj run ${site.path}`);
  for (const [title, rooms] of withoutPilot(site, waiting))
    out.say(
      `${roomCount(rooms.length)} waiting, since ${clean(title)} is not confirmed. Watch one and let it go first: otj run ${site.path} --pilot ${clean(rooms[0]?.mailbox ?? '')}`,
    );
}
