/** What a match is proposed by, and how a deed is taken back. */
import { describe, expect, it } from 'vitest';
import { importRooms } from '../../main/services/inventory.ts';
import { acceptMatches, assignAll, undoMatches } from '../../main/services/match.ts';
import { likeness, nameOf } from '../../main/services/names.ts';
import { recordSighting } from '../../main/services/sightings.ts';
import { suggestMatches } from '../../main/services/suggest.ts';
import type { ListedDevice } from '../../main/site/listed.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const PORTS = { sshPort: 22, httpsPort: 443 };

function sighted(site: Site, address: string, said: { serial?: string; mac?: string; systemName?: string } = {}) {
  recordSighting(site, { address, facts: [{ source: 'tcp', name: 'open', value: 'HTTPS 443' }] }, PORTS);
  const device = site.rooms.endpointAt(address);
  if (!device) throw new Error('not saved');
  const { serial, mac, systemName } = said;
  if (serial)
    site.rooms.identify(device.id, {
      serial,
      mac: mac ?? null,
      model: 'Room Kit',
      software: '11',
      systemName: systemName ?? '',
    });
  return device;
}

function listed(site: Site, change: Partial<ListedDevice>): void {
  const nothing = { address: null, serial: null, mac: null, model: null, family: null, familyGuessed: false };
  site.listed.saveDevice({ kind: 'control-hub', name: '', room: '', building: '', ...nothing, ...change }, PORTS);
}

const rooms = (site: Site, ...rows: string[]) =>
  importRooms(site, Buffer.from(['room,building,mailbox,address,serial,mac', ...rows].join('\n')));
const idOf = (site: Site, mailbox: string) => site.rooms.byMailbox(mailbox)?.id ?? -1;

describe('names', () => {
  it.each([
    ['Fjord', 'Fjord', 1],
    ['Room Kit Fjord', 'Fjord', 0.87],
    ['Oslo-Fjord-X50', 'Fjord', 1],
    ['MoteromFjord2', 'Møterom Fjord 2', 0.98],
    ['Fjrod', 'Fjord', 0.6],
    ['Konferanserom Blåbar', 'Konferanserom Blåbær', 0.9],
  ])('"%s" is like "%s": about %d', (said, wanted, least) => {
    const score = likeness(nameOf(said), nameOf(wanted), new Set(['oslo']));
    expect(Math.abs(score - least)).toBeLessThanOrEqual(0.08);
  });

  it.each([
    ['Room 12', 'Room 13'],
    ['Møterom 2.041', 'Møterom 2.014'],
    ['Fjord', 'Skog'],
    ['Fjord 1', 'Fjord 11'],
  ])('"%s" is not "%s"', (said, wanted) => {
    expect(likeness(nameOf(said), nameOf(wanted))).toBeLessThan(0.5);
  });
});

describe('proposals', () => {
  it('come by the serial number, MAC address and address that the list tells, the surest first', async () => {
    const site = await tempSite();
    rooms(site, 'A,,a@x.example,,s1,', 'B,,b@x.example,,,00E0DB000212', 'C,,c@x.example,10.0.0.3,,');
    site.rooms.assign(idOf(site, 'c@x.example'), null);
    sighted(site, '10.0.0.1', { serial: 'S1' });
    sighted(site, '10.0.0.2', { serial: 'S2', mac: '00:E0:DB:00:02:12' });
    sighted(site, '10.0.0.3');
    expect(suggestMatches(site).map(({ by, score, roomId }) => [by, score, roomId])).toEqual([
      ['serial', 1, idOf(site, 'a@x.example')],
      ['mac', 0.99, idOf(site, 'b@x.example')],
      ['address', 0.95, idOf(site, 'c@x.example')],
    ]);
  });

  it('come by the names that another program has for a device', async () => {
    const site = await tempSite();
    rooms(site, 'Fjord,Oslo,f@x.example,,,', 'Skog,Oslo,s@x.example,,,');
    const device = sighted(site, '10.0.0.1', { serial: 'FOC1', systemName: 'codec' });
    listed(site, { serial: 'foc1', name: 'XR-77', room: 'Fjord' });
    expect(suggestMatches(site)).toMatchObject([
      { deviceId: device.id, by: 'name', said: 'Fjord', wanted: 'Fjord', score: 1 },
    ]);
    // A device with an address that nobody has looked at can be matched all the same.
    listed(site, { address: '10.0.0.9', name: 'Skog' });
    expect(suggestMatches(site)).toHaveLength(2);
  });

  it('by a name count little where the list expects another serial number', async () => {
    const site = await tempSite();
    rooms(site, 'Fjord,Oslo,f@x.example,,OTHER,');
    sighted(site, '10.0.0.1', { serial: 'FOC1', systemName: 'Fjord' });
    expect(suggestMatches(site)).toMatchObject([{ score: 0.6 }]);
  });

  it('know their rivals, so that of two that are alike none is accepted with others', async () => {
    const site = await tempSite();
    rooms(site, 'Fjord,Oslo,a@x.example,,,', 'Fjord,Bergen,b@x.example,,,', 'Skog,Oslo,c@x.example,,,');
    sighted(site, '10.0.0.1', { serial: 'S1', systemName: 'Fjord' });
    sighted(site, '10.0.0.2', { serial: 'S2', systemName: 'Skog' });
    expect(suggestMatches(site).filter(({ rival, score }) => rival >= score)).toHaveLength(2);
    const accepted = acceptMatches(site, 0.9);
    expect(accepted).toMatchObject({ matched: 1, rooms: [idOf(site, 'c@x.example')] });
    expect(acceptMatches(site, 0.9)).toMatchObject({ matched: 0, batch: null });
  });
});

describe('a deed', () => {
  it('passes on the serial number that the list expects, and takes it back', async () => {
    const site = await tempSite();
    rooms(site, 'Fjord,Oslo,f@x.example,,LISTED,');
    const device = sighted(site, '10.0.0.1');
    const roomId = idOf(site, 'f@x.example');
    assignAll(site, [{ roomId, deviceId: device.id }], { all: true });
    expect(site.rooms.endpointOf(roomId)).toMatchObject({ serial: 'LISTED' });
    expect(undoMatches(site, null)).toMatchObject({ matched: 1, refused: [] });
    expect(site.rooms.endpoint(device.id)).toMatchObject({ roomId: null, serial: null });
    expect(await codeOf(() => undoMatches(site, null))).toBe('MATCH_NONE');
  });

  it('is undone as a whole, each room with what it had, also the one that a device was taken from', async () => {
    const site = await tempSite();
    const { room: a, endpoint } = addRoom(site, { mailbox: 'a@x.example', name: 'A' });
    const { room: b, endpoint: own } = addRoom(site, { mailbox: 'b@x.example', name: 'B', address: '10.0.0.2' });
    assignAll(site, [{ roomId: b.id, deviceId: endpoint.id }], { all: true });
    expect([site.rooms.endpointOf(a.id), site.rooms.endpointOf(b.id)?.id]).toEqual([null, endpoint.id]);
    const { rooms: changed } = undoMatches(site, null);
    expect(changed.toSorted()).toEqual([a.id, b.id]);
    expect([site.rooms.endpointOf(a.id)?.id, site.rooms.endpointOf(b.id)?.id]).toEqual([endpoint.id, own.id]);
  });

  it('leaves rooms alone that were begun or matched again since, and says so', async () => {
    const site = await tempSite();
    rooms(site, 'Fjord,Oslo,f@x.example,,,', 'Skog,Oslo,s@x.example,,,');
    sighted(site, '10.0.0.1', { serial: 'S1', systemName: 'Fjord' });
    sighted(site, '10.0.0.2', { serial: 'S2', systemName: 'Skog' });
    const { batch } = acceptMatches(site, 0.9);
    const fjord = idOf(site, 'f@x.example');
    site.rooms.setState(fjord, 'in progress');
    expect(undoMatches(site, batch)).toMatchObject({ matched: 1, refused: [{ roomId: fjord }] });
    expect(site.rooms.endpointOf(fjord)?.address).toBe('10.0.0.1');
    site.rooms.setState(fjord, 'not started');
    site.rooms.assign(fjord, site.rooms.endpointAt('10.0.0.2')?.id ?? null);
    expect(undoMatches(site, batch)).toMatchObject({ matched: 0, refused: [{ roomId: fjord }] });
  });
});

it('finds a misspelt name and one without blanks among many rooms that share their pieces', async () => {
  const site = await tempSite();
  const firsts =
    'Nord Sør Øst Vest Lille Gamle Nye Øvre Nedre Hvite Røde Blå Grønne Svarte Indre Ytre Stille Lange Brede Store';
  const seconds = 'skog elv hav bre foss fjell sund vind land strand grind blund'.split(' ');
  const names = [1, 2, 3, 4, 5].flatMap((number) =>
    firsts.split(' ').flatMap((first) => seconds.map((second) => `${first}${second} ${number}`)),
  );
  rooms(site, ...names.map((name, at) => `${name},Oslo,room-${at}@example.com,,,`));
  const misspelt = sighted(site, '10.9.0.1', { serial: 'A', systemName: 'Storetrand 1' });
  const joined = sighted(site, '10.9.0.2', { serial: 'B', systemName: 'Storegrind4' });
  const found = suggestMatches(site);
  const nameFor = (id: number) => {
    const roomId = found.find(({ deviceId }) => deviceId === id)?.roomId;
    return roomId === undefined ? null : site.rooms.get(roomId)?.name;
  };
  expect([nameFor(misspelt.id), nameFor(joined.id)]).toEqual(['Storestrand 1', 'Storegrind 4']);
});
