/** What was seen on the network on record: which device it is, what moves with it, and what is never overwritten. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fact, FactSource } from '../../main/contract/evidence.ts';
import { recordSighting } from '../../main/services/sightings.ts';
import type { Site } from '../../main/site/site.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const PORTS = { sshPort: 22, httpsPort: 443 };
const fact = (source: FactSource, name: string, value: string): Fact => ({ source, name, value });
const CISCO = fact('http', 'realm', 'CISCO-Endpoint');
const REST = fact('http', 'rest-refusal', '403');
const mac = (value: string) => fact('arp', 'mac', value);
const login = (serial: string) => [fact('login', 'family', 'cisco-roomos'), fact('login', 'serial', serial)];

describe('a sighting', () => {
  let site: Site;
  const see = (address: string, ...facts: Fact[]) => recordSighting(site, { address, facts }, PORTS);
  const known = () => site.rooms.endpoints().map(({ address, roomId }) => [address, roomId]);

  beforeEach(async () => {
    site = await tempSite();
  });

  it('is kept once for each wording, with the times when it was first and last so', async () => {
    see('10.0.0.1', CISCO);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { endpoint } = see('10.0.0.1', CISCO, fact('ssh', 'banner', 'SSH-2.0-x'));
    const facts = site.evidence.factsOf(endpoint.id);
    expect(facts.map(({ name }) => name)).toEqual(['realm', 'banner']);
    const [realm] = facts;
    expect(realm && realm.firstAt < realm.lastAt).toBe(true);
    expect(endpoint).toMatchObject({ family: 'cisco-roomos', kind: 'cisco-roomos', ours: true, conflicts: [] });
  });

  it('tells at which ports a room’s device is, until somebody has signed in to it', () => {
    const { endpoint } = addRoom(site, { address: '10.0.0.1' });
    const ports = { sshPort: 2222, httpsPort: 8443 };
    expect(recordSighting(site, { address: '10.0.0.1', facts: [CISCO] }, ports).endpoint).toMatchObject(ports);
    site.rooms.pin(endpoint.id, 'ssh', 'ab'.repeat(32));
    expect(see('10.0.0.1', CISCO).endpoint).toMatchObject(ports);
  });

  it('of a device that moved takes its room, its keys and its facts along, by serial number', () => {
    const { room, endpoint } = addRoom(site, { address: '10.0.0.1', serial: 'FOC1' });
    site.rooms.pin(endpoint.id, 'ssh', 'ab'.repeat(32));
    see('10.0.0.9', CISCO);
    const moved = see('10.0.0.9', CISCO, ...login('FOC1'));
    expect(moved).toMatchObject({ movedFrom: '10.0.0.1', endpoint: { id: endpoint.id, roomId: room.id } });
    expect(known()).toEqual([['10.0.0.9', room.id]]);
    expect(site.rooms.pinOf(endpoint.id, 'ssh')).toBe('ab'.repeat(32));
    expect(site.evidence.factsOf(endpoint.id).map(({ source }) => source)).toContain('http');
  });

  it('of a device that moved tells it by MAC address, where no serial number was told', () => {
    const first = see('10.0.0.1', CISCO, mac('00:50:60:00:00:01')).endpoint;
    expect(see('10.0.0.2', CISCO, mac('00:50:60:00:00:01'))).toMatchObject({
      movedFrom: '10.0.0.1',
      endpoint: { id: first.id },
    });
    expect(see('10.0.0.3', CISCO, mac('00:50:60:00:00:02')).movedFrom).toBeNull();
    expect(known()).toHaveLength(2);
  });

  it('never takes the place of another room’s device: both stay, and the conflict is told', () => {
    const one = addRoom(site, { address: '10.0.0.1', serial: 'FOC1' });
    const two = addRoom(site, { address: '10.0.0.2', serial: 'FOC2', name: 'Skog', mailbox: 'skog@example.com' });
    const { endpoint, movedFrom } = see('10.0.0.2', CISCO, ...login('FOC1'));
    expect(movedFrom).toBeNull();
    expect(known()).toEqual([
      ['10.0.0.1', one.room.id],
      ['10.0.0.2', two.room.id],
    ]);
    expect(endpoint).toMatchObject({ serial: 'FOC2' });
    expect(endpoint.conflicts).toEqual([
      { about: 'serial', words: 'known: FOC2, login: FOC1' },
      { about: 'address', words: 'also known at 10.0.0.1' },
    ]);
  });

  it('says when the list has another family, and changes none', () => {
    const { endpoint } = addRoom(site, { address: '10.0.0.1', family: 'poly-videoos' });
    const seen = see('10.0.0.1', CISCO).endpoint;
    expect(seen).toMatchObject({ id: endpoint.id, family: 'poly-videoos', kind: 'cisco-roomos' });
    expect(seen.conflicts).toEqual([{ about: 'kind', words: 'known: poly-videoos, seen: Cisco codec' }]);
  });

  it('of a stranger’s serial number moves nobody: many have the one that their maker forgot to set', () => {
    const media = [
      fact('ssdp', 'type', 'urn:schemas-upnp-org:device:MediaServer:1'),
      fact('ssdp', 'serial', '12345678'),
    ];
    see('10.0.0.1', ...media);
    const second = see('10.0.0.2', ...media);
    expect(second).toMatchObject({ movedFrom: null, endpoint: { ours: false, conflicts: [] } });
    expect(known()).toHaveLength(2);
  });

  it('forgets what an earlier device at the address had said, once it is another one', () => {
    see('10.0.0.1', REST, mac('00:E0:DB:00:00:01'));
    const moved = see('10.0.0.2', REST, mac('00:E0:DB:00:00:01')).endpoint;
    const { endpoint } = see('10.0.0.1', fact('http', 'server', 'HP HTTP Server; x'));
    expect([moved.kind, endpoint.kind, endpoint.id === moved.id]).toEqual(['poly-videoos', 'printer', false]);
  });

  it('of a stranger who makes up new words all the time keeps the newest', () => {
    for (let at = 0; at < 300; at += 50)
      see('10.0.0.1', ...Array.from({ length: 50 }, (_, more) => fact('mdns', 'name', `name ${at + more}`)));
    const { id } = see('10.0.0.1', CISCO).endpoint;
    const facts = site.evidence.factsOf(id);
    expect(facts).toHaveLength(200);
    expect(facts.some(({ value }) => value === 'name 299')).toBe(true);
  });

  it('goes when its device goes', () => {
    const { endpoint } = see('10.0.0.1', CISCO);
    site.db.run('DELETE FROM endpoint WHERE id = $id', { id: endpoint.id });
    expect(site.evidence.factsOf(endpoint.id)).toEqual([]);
  });
});
