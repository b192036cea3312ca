/** The calls that start, hold, stop and look at long work. */
import { OtjError } from '../../contract/errors.ts';
import type { Handlers, MethodName, Parsed } from '../../contract/methods.ts';
import type { PilotConsent } from '../../migration/pilotGate.ts';
import type { Room } from '../../site/rooms.ts';
import { addressesFor } from '../discover.ts';
import type { OpenSite } from '../openSite.ts';
import { openRooms } from '../run.ts';
import { startAccess } from './accessWork.ts';
import { startMacros, startRecord, startXapi } from './codecWork.ts';
import { startCheck, startCompare, startDiscover, startDrift, startPracticeSite } from './lookWork.ts';
import { startMailboxes } from './mailboxWork.ts';
import { chosenRooms, readySite } from './onSite.ts';
import { startPlaces } from './placesWork.ts';
import { startPublish } from './publishWork.ts';
import { startPlan, startPrepare, startRun } from './roomWork.ts';
import { startSignIn } from './signInWork.ts';
import { startSync } from './syncWork.ts';

export type JobHandlers = Pick<Handlers, Extract<MethodName, `jobs.${string}`>>;

/** What can be known to be wrong is thrown by the call itself; a job that has begun fails as a job. */
export function jobHandlers(open: OpenSite): JobHandlers {
  const { jobs } = open;
  return {
    'jobs.discover': (wish) => startSearch(open, wish),
    'jobs.check': () => {
      readySite(open);
      return { job: startCheck(open) };
    },
    'jobs.drift': ({ rooms, asPrepared = false }) => {
      const site = readySite(open);
      const chosen = chosenRooms(site, rooms, () => site.rooms.all());
      return { job: startDrift(open, chosen, asPrepared) };
    },
    'jobs.prepare': ({ rooms, takeOver = [] }) => {
      const site = readySite(open);
      const waiting = () => site.rooms.all().filter(({ state }) => state !== 'undone');
      return { job: startPrepare(open, chosenRooms(site, rooms, waiting), takeOver) };
    },
    'jobs.plan': ({ rooms, ...how }) => {
      const site = readySite(open);
      const waiting = () => openRooms(site, { retry: true });
      return { job: startPlan(open, { ...how, rooms: chosenRooms(site, rooms, waiting) }) };
    },
    'jobs.run': ({ rooms, pilots, ...how }) => {
      const site = readySite(open);
      const chosen = chosenRooms(site, rooms, () => openRooms(site, { retry: how.insist }));
      return { job: startRun(open, { ...how, ...consentOf(pilots), kind: 'migrate', rooms: chosen }) };
    },
    'jobs.undo': ({ rooms, oldPassword, ...how }) => {
      const chosen = chosenRooms(readySite(open), rooms, () => []);
      if (oldPassword && chosen.length !== 1) throw new OtjError('USAGE', 'an old password goes with one room');
      if (how.overwrite && chosen.length !== 1) throw new OtjError('USAGE', 'macros are overwritten in one room');
      const typed = oldPassword ? { oldPassword } : {};
      return { job: startRun(open, { ...how, ...typed, kind: 'undo', rooms: chosen }) };
    },
    'jobs.sync': ({ pilots, ...wish }) => {
      readySite(open);
      return { job: startSync(open, { ...wish, ...consentOf(pilots) }) };
    },
    'jobs.publish': ({ rooms }) => {
      const site = readySite(open);
      return {
        job: startPublish(open, rooms && chosenRooms(site, rooms, () => [])),
      };
    },
    'jobs.compare': ({ roomId }) => ({ job: startCompare(open, oneRoom(open, roomId)) }),
    'jobs.macros': ({ roomId }) => ({ job: startMacros(open, oneRoom(open, roomId)) }),
    'jobs.xapi': ({ rooms, ...wish }) => ({
      job: startXapi(open, { ...wish, rooms: chosenRooms(readySite(open), rooms, () => []) }),
    }),
    'jobs.record': ({ roomId, folder }) => ({ job: startRecord(open, oneRoom(open, roomId), folder) }),
    'jobs.mailboxes': () => ({ job: startMailboxes(open) }),
    'jobs.access': (wish) => ({ job: startAccess(open, wish) }),
    'jobs.places': (wish) => ({ job: startPlaces(open, wish) }),
    'jobs.signIn': (wish) => ({ job: startSignIn(open, wish) }),
    'jobs.practice': (wish) => ({ job: startPracticeSite(open, wish) }),
    'jobs.stop': ({ job, how }) => void jobs.get(job).stop(how),
    'jobs.pause': ({ job }) => void jobs.get(job).pause(),
    'jobs.resume': ({ job }) => void jobs.get(job).resume(),
    'jobs.detail': ({ job }) => jobs.get(job).detail(),
  };
}

function consentOf(pilots: 'first' | number[] | undefined): { pilots?: PilotConsent } {
  if (pilots === undefined) return {};
  return { pilots: pilots === 'first' ? pilots : new Set(pilots) };
}

/** Throws as `addressesFor` does, NOTHING_TO_DO, NOTHING_TO_RESUME, VAULT_LOCKED, JOB_RUNNING, SITE_BUSY. */
function startSearch(open: OpenSite, wish: Parsed<'jobs.discover'>): { job: number } {
  const { site } = open;
  const { ranges, allowPublic = false, confirm = false, resume = false } = wish;
  const kept = resume ? site.evidence.search() : null;
  if (resume && !kept) throw new OtjError('NOTHING_TO_RESUME');
  if (confirm) readySite(open);
  const { sshPort, httpsPort } = site.settings;
  const fresh = { ranges, allowPublic, sshPort: wish.sshPort ?? sshPort, httpsPort: wish.httpsPort ?? httpsPort };
  const search = kept?.wish ?? fresh;
  const { size } = addressesFor(site, search);
  if (size === 0) throw new OtjError('NOTHING_TO_DO');
  // A room list that has changed since has other addresses in other places.
  const from = kept && kept.unfinished.total === size ? kept.unfinished.looked : 0;
  return { job: startDiscover(open, { ...search, from, confirm }, size) };
}

/** Throws ROOM_UNKNOWN, and what `readySite` throws. */
function oneRoom(open: OpenSite, roomId: number): Room {
  const [room] = chosenRooms(readySite(open), [roomId], () => []);
  if (!room) throw new OtjError('ROOM_UNKNOWN');
  return room;
}
