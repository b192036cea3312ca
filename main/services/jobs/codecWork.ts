/** Jobs that speak to codecs outside of a migration: macros, one xAPI line, a recording. */
import type { Parsed } from '../../contract/methods.ts';
import { parseLine, type XapiLine } from '../../endpoints/cisco/line.ts';
import type { Room } from '../../site/rooms.ts';
import { readJudged } from '../macros.ts';
import type { OpenSite } from '../openSite.ts';
import { recordRoom } from '../record.ts';
import { assertFit, sendLine, type XapiAnswer } from '../xapiLine.ts';
import { startOnSite, type Work } from './onSite.ts';
import { held, left, overRooms } from './roomWork.ts';

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startMacros(open: OpenSite, room: Room): number {
  return startOnSite(open, { kind: 'macros', total: 1, pausable: false }, async ({ site, job, moved }) => {
    try {
      const macros = await readJudged(site, room, { signal: job.signal });
      job.count(false);
      return { kind: 'macros', macros };
    } finally {
      // Who the device is, and whether its login was refused, was learned in any case.
      moved(room.id);
    }
  });
}

/** @returns the job's id. Throws XAPI_LINE, USAGE, JOB_RUNNING, SITE_BUSY. */
export function startXapi(
  open: OpenSite,
  { rooms, apply, ...typed }: Omit<Parsed<'jobs.xapi'>, 'rooms'> & { rooms: readonly Room[] },
): number {
  const line = parseLine(typed.line, typed.body);
  assertFit(line, rooms.length);
  return startOnSite(open, overRooms('xapi', rooms), async (work) => {
    const { site, job } = work;
    const answered = (answer: XapiAnswer) => lineAnswered(work, line, answer);
    return { kind: 'xapi', ...(await sendLine(site, { rooms, line, apply, ...held(job), answered })) };
  });
}

/** A screen shows no more of one reply; the command line shows all of it. */
const LONGEST_REPLY = 64 * 1024;

function lineAnswered({ site, job, moved }: Work, line: XapiLine, answer: XapiAnswer): void {
  const { room, identity, sent, reply, problem } = answer;
  if (left(job, room, problem)) return;
  const device = [identity?.model, identity?.software, identity?.serial].filter(Boolean).join(', ');
  const text = sent ? JSON.stringify(reply, null, 2) : `${device}: ${line.shown}`;
  job.item({
    roomId: room.id,
    about: room.name,
    what: problem ? 'failed' : 'answered',
    words: problem ? (problem.words ?? '') : text.slice(0, LONGEST_REPLY),
    problem,
  });
  job.roomEnded(room.id, site.rooms.get(room.id)?.state ?? room.state, problem);
  moved(room.id);
}

/** @param folder null = beside the site file. @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startRecord(open: OpenSite, room: Room, folder: string | null): number {
  return startOnSite(open, { kind: 'record', total: 0, pausable: false }, async ({ site, job, moved }) => {
    try {
      const told = (done: number, of: number) => job.progress(done, of);
      const { path, recording } = await recordRoom(site, { room, folder, transport: null, signal: job.signal, told });
      return { kind: 'record', path, exchanges: recording.exchanges.length };
    } finally {
      // Who the device is, and whether its login was refused, was learned in any case.
      moved(room.id);
    }
  });
}
