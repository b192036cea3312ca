import { expect, it } from 'vitest';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

it('stays the login that Infinity was given, when a Poly device turns out to be of another family', async () => {
  const site = await tempSite();
  addRoom(site, { family: 'poly-videoos' });
  const [room] = site.rooms.all();
  if (!room) throw new Error('no room');
  const prepared = roomLogin(site, room, 'poly-videoos');
  expect(roomLogin(site, room, 'poly-group')).toEqual(prepared);
  expect(roomLogin(site, room, 'poly-trio')).toEqual(prepared);
  expect(roomLogin(site, room, 'cisco-roomos').password).not.toBe(prepared.password);
});
