/** Whether the logins to the devices are stored that the rooms need. Nothing is asked of a device. */
import { OtjError } from '../../contract/errors.ts';
import type { DrivenFamily } from '../../contract/plan.ts';
import type { RoomRow } from '../../contract/rooms.ts';
import type { CredentialView } from '../../contract/site.ts';
import { fail, pass, unchecked, type Verdict } from './verdict.ts';

type Logins = readonly Pick<CredentialView, 'purpose' | 'roomId' | 'username' | 'refused'>[];
type Rooms = readonly Pick<RoomRow, 'id' | 'family'>[];

/** Each has a login of its own. */
const POLY = ['poly-videoos', 'poly-group', 'poly-trio'] as const satisfies readonly DrivenFamily[];
const EACH_OWN = 'each room has its own';
const NO_ROOM = 'no room has such a device so far';

export function ciscoLogins(logins: Logins, rooms: Rooms): Verdict {
  return loginsFor('cisco-roomos', logins, rooms);
}

/**
 * One verdict over the families that the rooms have; before there are rooms, over those that a login is stored for. What
 * is missing is counted over all of them, and `purpose` names the first.
 */
export function polyLogins(logins: Logins, rooms: Rooms): Verdict {
  const there = POLY.filter((family) => rooms.some((room) => room.family === family));
  const families = there.length > 0 ? there : POLY.filter((family) => logins.some(({ purpose }) => purpose === family));
  const verdicts = families.map((family) => ({ family, ...loginsFor(family, logins, rooms) }));
  const missing = verdicts.filter(({ problem }) => problem?.code === 'CREDENTIAL_MISSING');
  if (missing[0]) {
    const words = missing.map(({ family, count }) => `${family}: ${count}`).join(', ');
    const count = missing.reduce((sum, one) => sum + (one.count ?? 0), 0);
    return { ...fail(new OtjError('CREDENTIAL_MISSING', words)), count, purpose: missing[0].family };
  }
  const refused = verdicts.find(({ status }) => status === 'fail');
  if (refused) {
    const { family, ...verdict } = refused;
    return { ...verdict, purpose: family };
  }
  const shared = verdicts.flatMap(({ status, count, evidence }) => (status === 'pass' && !count ? [evidence] : []));
  if (shared.length > 0) return pass([...new Set(shared)].join(', '));
  const own = verdicts.reduce((sum, { count = 0 }) => sum + count, 0);
  return own > 0 ? { ...pass(EACH_OWN), count: own } : unchecked(NO_ROOM);
}

/** A login for the whole site, or one of its own for each room of that family. */
function loginsFor(family: DrivenFamily, logins: Logins, rooms: Rooms): Verdict {
  const own = new Set(logins.flatMap(({ purpose, roomId }) => (purpose === family && roomId ? [roomId] : [])));
  const wanting = rooms.filter((room) => room.family === family && !own.has(room.id)).length;
  const shared = logins.find(({ purpose, roomId }) => purpose === family && roomId === null);
  if (shared?.refused && wanting > 0) return fail(new OtjError('CREDENTIAL_PAUSED', `as ${shared.username}`));
  if (shared) return pass(shared.username);
  if (wanting > 0) return { ...fail(new OtjError('CREDENTIAL_MISSING')), count: wanting };
  return own.size > 0 ? { ...pass(EACH_OWN), count: own.size } : unchecked(NO_ROOM);
}
