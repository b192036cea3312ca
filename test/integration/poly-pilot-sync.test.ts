/** What Infinity says of a pilot at one sync after another, from an HTTPS server with the verbs of its API. */
import { X509Certificate } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { sync } from '../../main/services/sync.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';
import { PASSWORD, startRawNode } from './infinity-server.ts';

it('confirms a pilot that had no meeting when Infinity came first, once it has one', async () => {
  const node = await startRawNode();
  onTestFinished(() => node.stop());
  const pin = new X509Certificate(node.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  const site = await tempSite({ infinity: { address: '127.0.0.1', port: node.port, group: 'OTJ', pin } });
  site.saveCredential('infinity', null, 'admin', PASSWORD);
  const { room } = addRoom(site, { family: 'poly-trio' });
  site.outbox.saveEntry({ roomId: room.id, entryId: 1, createdByUs: true, before: null, server: 'otj1.example.com' });
  site.pilots.begin({ gate: 'k', title: 'Trio8500', about: {}, roomId: room.id, serial: 'S1', technician: 'Ada' });
  site.rooms.mark(room.id, 'cutover_at', new Date(Date.now() - 60_000));
  site.outbox.owe(room.id, 'contact');
  site.rooms.setState(room.id, 'awaiting sync');
  const contact = (meetings: number) => ({
    endpoint_name: room.name,
    room_email: room.mailbox,
    last_worker: 'conf-1',
    last_contact_time: new Date().toISOString().replace('Z', ''),
    number_of_meetings: meetings,
  });
  const synced = async (meetings: number) => {
    node.rows = {
      [RESOURCE.manager]: [{ id: 1, version: '40' }],
      [RESOURCE.groups]: [
        {
          id: 1,
          name: 'OTJ',
          system_location: `${RESOURCE.locations}1/`,
          mjx_integration: `${RESOURCE.profiles}1/`,
        },
      ],
      [RESOURCE.profiles]: [{ id: 1, name: 'Profile', graph_deployment: '/graph/1/' }],
      [RESOURCE.locations]: [{ id: 1, name: 'Oslo' }],
      [RESOURCE.contacts]: [contact(meetings)],
    };
    await sync(site, {
      signal: new AbortController().signal,
      waitMs: 0,
      delivered: () => undefined,
      waiting: () => undefined,
    });
    return { state: site.rooms.get(room.id)?.state, words: site.pilots.get('k')?.words };
  };
  expect(await synced(0)).toEqual({ state: 'migrated', words: null });
  expect(site.outbox.owed()).toEqual([]);
  expect(await synced(0)).toEqual({ state: 'migrated', words: null });
  expect(await synced(3)).toMatchObject({ words: expect.stringContaining('3 meetings') });
});
