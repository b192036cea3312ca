/** Which logins the readiness list misses, by the families that the rooms have. */
import { expect, it } from 'vitest';
import type { Family } from '../../main/contract/plan.ts';
import type { Purpose } from '../../main/contract/site.ts';
import { ciscoLogins, polyLogins } from '../../main/services/readiness/loginChecks.ts';

const rooms = (...families: Family[]) => families.map((family, at) => ({ id: at + 1, family }));
const login = (purpose: Purpose, { roomId = null as number | null, refused = false } = {}) => ({
  purpose,
  roomId,
  refused,
  username: `${purpose}-admin`,
});

it('misses the login of each Poly family that a room has', () => {
  const there = rooms('poly-videoos', 'poly-group', 'poly-group', 'poly-trio', 'poly-hdx', 'cisco-roomos');
  expect(polyLogins([login('poly-videoos')], there)).toMatchObject({
    status: 'fail',
    count: 3,
    evidence: 'poly-group: 2, poly-trio: 1',
    purpose: 'poly-group',
    problem: { code: 'CREDENTIAL_MISSING' },
  });
  const some = [login('poly-videoos'), login('poly-group'), login('poly-trio', { roomId: 4 })];
  expect(polyLogins(some, there)).toEqual({ status: 'pass', evidence: 'poly-videoos-admin, poly-group-admin' });
  expect(ciscoLogins(some, there)).toMatchObject({ status: 'fail', count: 1 });
});

it('misses none of a family that no room has', () => {
  expect(polyLogins([login('poly-group')], rooms('poly-group'))).toMatchObject({ status: 'pass' });
  expect(polyLogins([login('poly-videoos')], rooms('poly-trio'))).toMatchObject({ purpose: 'poly-trio', count: 1 });
  expect(polyLogins([], rooms('cisco-roomos', 'poly-hdx')).status).toBe('unchecked');
  expect(polyLogins([login('poly-trio')], [])).toMatchObject({ status: 'pass', evidence: 'poly-trio-admin' });
  expect(polyLogins([login('poly-trio', { roomId: 1 })], rooms('poly-trio'))).toMatchObject({
    status: 'pass',
    count: 1,
  });
});

it('tells a login that was refused, and whose it is', () => {
  const logins = [login('poly-videoos'), login('poly-group', { refused: true })];
  expect(polyLogins(logins, rooms('poly-videoos', 'poly-group'))).toMatchObject({
    status: 'fail',
    purpose: 'poly-group',
    problem: { code: 'CREDENTIAL_PAUSED' },
  });
});
