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

  it('decides which Poly it is where the list said no more than that, and contradicts what a list or a login said', () => {
    const trio = fact('http', 'title', 'Poly Trio 8800 - Configuration Utility');
    const listed = { family: 'poly-videoos' as const };
    addRoom(site, { ...listed, familyGuessed: true, address: '10.0.0.1' });
    expect(see('10.0.0.1', trio).endpoint).toMatchObject({
      family: 'poly-trio',
      familyGuessed: false,
      conflicts: [],
    });
    const sure = addRoom(site, { ...listed, name: 'B', mailbox: 'b@example.com', address: '10.0.0.2' });
    expect(see('10.0.0.2', trio).endpoint).toMatchObject({ ...listed, conflicts: [{ about: 'kind' }] });
    addRoom(site, { ...listed, familyGuessed: true, name: 'C', mailbox: 'c@example.com', address: '10.0.0.3' });
    // Another vendor's device is no kind of Poly.
    expect(see('10.0.0.3', CISCO).endpoint).toMatchObject({ ...listed, conflicts: [{ about: 'kind' }] });
    expect(sure.endpoint.familyGuessed).toBe(false);
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

  describe('of a device whose room is at stake', () => {
    const MAC = '00:50:60:00:00:01';
    const PIN = 'ab'.repeat(32);

    /** A room whose device has told who it is, and that was begun, or is on Infinity. */
    function atStake(why: 'begun' | 'on Infinity') {
      const { room, endpoint } = addRoom(site, { address: '10.0.0.1' });
      const device = { serial: 'FOC1', mac: MAC, model: 'Room Kit', software: '11', systemName: 'Fjord' };
      site.rooms.identify(endpoint.id, device);
      site.rooms.pin(endpoint.id, 'tls', PIN);
      if (why === 'begun') site.rooms.setState(room.id, 'in progress');
      const entry = { roomId: room.id, entryId: 7, createdByUs: true, before: null, server: null };
      site.outbox.saveEntry(entry);
      if (why === 'begun') site.outbox.forgetEntry(room.id);
      return { room, endpoint };
    }
    const held = (by: string) => [{ about: 'move', words: `${by}, the device of Fjord at 10.0.0.1` }];

    it.each(['begun', 'on Infinity'] as const)('is not moved by neighbours alone (%s): it is told', (why) => {
      const { room, endpoint } = atStake(why);
      for (let times = 0; times < 2; times++) {
        const { endpoint: stranger, movedFrom } = see('10.0.0.9', CISCO, mac(MAC));
        expect([movedFrom, stranger.roomId, stranger.conflicts]).toEqual([null, null, held(`arp: ${MAC}`)]);
      }
      expect(known()).toEqual([
        ['10.0.0.1', room.id],
        ['10.0.0.9', null],
      ]);
      expect(site.rooms.endpointOf(room.id)?.id).toBe(endpoint.id);
      expect(site.outbox.owed()).toEqual([]);
    });

    it('is not moved by a serial number that anybody can announce', () => {
      atStake('begun');
      const seen = see('10.0.0.9', CISCO, fact('ssdp', 'serial', 'FOC1'));
      expect(seen.movedFrom).toBeNull();
      expect(seen.endpoint.conflicts).toEqual(expect.arrayContaining(held('ssdp: FOC1')));
    });

    it.each([
      ['a login', login('FOC1')],
      ['the pinned certificate', [CISCO, mac(MAC), fact('tls', 'sha256', PIN)]],
    ])('is moved by %s, also where it was taken for a stranger before', (_, facts) => {
      const { room, endpoint } = atStake('on Infinity');
      see('10.0.0.9', CISCO, mac(MAC), fact('ssdp', 'serial', 'FOC1'));
      const moved = see('10.0.0.9', ...facts);
      expect(moved).toMatchObject({ movedFrom: '10.0.0.1', endpoint: { id: endpoint.id, conflicts: [] } });
      expect(known()).toEqual([['10.0.0.9', room.id]]);
      expect(site.outbox.owed()).toMatchObject([{ kind: 'entry' }]);
    });

    it('is not moved by another certificate, nor by the login of another device', () => {
      atStake('begun');
      expect(see('10.0.0.9', CISCO, mac(MAC), fact('tls', 'sha256', 'cd'.repeat(32))).movedFrom).toBeNull();
      expect(see('10.0.0.9', CISCO, mac(MAC), ...login('FOC2')).movedFrom).toBeNull();
    });
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
