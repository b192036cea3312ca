/** Pilots as people see them: who goes first of each kind, who waits, and what a confirmed one is worth to others. */
import { dirname, join } from 'node:path';
import { OtjError, type Problem } from '../contract/errors.ts';
import type { PilotView } from '../contract/pilots.ts';
import { type Contribution, contributionOf } from '../endpoints/poly/gate.ts';
import { isPilotWait } from '../migration/pilotGate.ts';
import type { Pilot } from '../site/pilots.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { writePrivate } from './writePrivate.ts';

export function pilotOf(site: Site, gate: string): { room: string; problem: Problem | null } | null {
  const pilot = site.pilots.get(gate);
  return pilot && { room: site.rooms.get(pilot.roomId)?.name ?? '', problem: pilot.problem };
}

/** All pilots of the site, and for each how many rooms are known to wait for it. */
export function pilotViews(site: Site): PilotView[] {
  const rooms = site.rooms.all();
  const waits = (title: string) =>
    rooms.filter(({ problem }) => problem && isPilotWait(problem.code) && problem.words?.endsWith(title)).length;
  return site.pilots.all().map((pilot) => ({
    title: pilot.title,
    roomId: pilot.roomId,
    room: rooms.find(({ id }) => id === pilot.roomId)?.name ?? '',
    serial: pilot.serial,
    technician: pilot.technician,
    begunAt: pilot.begunAt,
    confirmedAt: pilot.confirmedAt,
    words: pilot.words,
    problem: pilot.problem,
    waiting: waits(pilot.title),
  }));
}

/**
 * Infinity's word for a pilot whose device cannot show its meetings, or had none: it has come for them, and there were
 * some. One that failed stays as it is: its run has to end well first.
 */
export function confirmPilots(
  { pilots }: Site,
  { id }: Room,
  { at, meetings }: { at: Date; meetings: number | null },
): void {
  if (!meetings) return;
  for (const { gate, roomId, confirmedAt, problem } of pilots.all())
    if (roomId === id && !confirmedAt && !problem)
      pilots.confirm(gate, `Infinity: the device came ${at.toISOString()}, ${meetings} meetings`);
}

/**
 * Gives up the unconfirmed pilot of a room, such as one whose device is broken, so that another may be begun.
 * Throws PILOT_NONE, SITE_BUSY.
 */
export function dropPilot(site: Site, room: Room): void {
  site.takeLock();
  if (site.pilots.releaseRoom(room.id) === 0) throw new OtjError('PILOT_NONE', room.name);
}

/**
 * Writes what the confirmed pilots of this site add to the data files (assets/poly-settings), without rooms, addresses,
 * serial numbers or names of people.
 * @param path null = beside the site file. Throws PILOT_NONE, DISK.
 */
export function writeContribution(site: Site, path: string | null): { path: string; entries: number } {
  const entries = contributions(site.pilots.all());
  if (entries.length === 0) throw new OtjError('PILOT_NONE', 'none is confirmed');
  const to = path ?? join(dirname(site.path), 'poly-contribution.json');
  const content = { format: 'otj-poly-contribution', version: 1, entries };
  writePrivate(to, `${JSON.stringify(content, null, 2)}\n`);
  return { path: to, entries: entries.length };
}

function contributions(pilots: readonly Pilot[]): Contribution[] {
  return pilots.flatMap(({ about, confirmedAt }) =>
    confirmedAt ? (contributionOf(about, confirmedAt.slice(0, 10)) ?? []) : [],
  );
}
