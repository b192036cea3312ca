import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN } from '../../main/contract/evidence.ts';
import { correctRoom } from '../../main/services/app/correct.ts';
import { assignDevice, releaseDevice } from '../../main/services/match.ts';
import { recordSighting } from '../../main/services/sightings.ts';
import { suggestMatches } from '../../main/services/suggest.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const PORTS = { sshPort: 22, httpsPort: 443 };

/** A device that discovery has seen, or that was logged in to, and that no room has. */
function sighted(site: Site, address: string, { systemName, serial }: { systemName?: string; serial?: string } = {}) {
  const facts = [{ source: 'http', name: 'realm', value: 'CISCO-Endpoint' } as const];
  recordSighting(site, { address, facts }, PORTS);
  const device = site.rooms.endpointAt(address);
  if (!device) throw new Error('not saved');
  if (systemName !== undefined || serial !== undefined)
    site.rooms.identify(device.id, {
      serial: serial ?? `S-${address}`,
      mac: null,
      model: 'Room Kit',
      software: '11',
      systemName: systemName ?? '',
    });
  return device;
}

/** A room of the list without a device. */
function roomWithout(site: Site, name: string, mailbox = `${name.length}${name.charCodeAt(0)}@example.com`) {
  const listed = { name, building: 'Oslo', floor: '1', mailbox, address: null, serial: null, family: null };
  site.rooms.upsert(listed, PORTS);
  const room = site.rooms.byMailbox(mailbox);
  if (!room) throw new Error('not saved');
  return room;
}

describe('proposals', () => {
  it('are sure by serial number, also for a room that is thought to be elsewhere', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { serial: 'FOC1' });
    const device = sighted(site, '10.0.0.9', { serial: 'FOC1', systemName: 'Something else' });
    expect(suggestMatches(site)).toMatchObject([{ roomId: room.id, deviceId: device.id, score: 1, by: 'serial' }]);
  });

  it.each([
    ['Ålesund', 'room1@example.com', 'Alesund', 'name', 1],
    ['Møterom Skjær', 'room1@example.com', 'MOTEROM-SKJAER', 'name', 1],
    ['3.14', 'fjord.oslo@example.com', 'Fjord Oslo', 'mailbox', 1],
    ['会议室 7', 'room1@example.com', '会议室-7', 'name', 1],
  ] as const)('find %s (%s) in "%s" by its %s', async (name, mailbox, systemName, by, score) => {
    const site = await tempSite();
    const room = roomWithout(site, name, mailbox);
    const device = sighted(site, '10.0.0.9', { systemName });
    expect(suggestMatches(site)).toMatchObject([{ roomId: room.id, deviceId: device.id, score, by }]);
  });

  it('put the closest room first and leave out what is hardly alike', async () => {
    const site = await tempSite();
    const exact = roomWithout(site, 'Fjord', 'a@example.com');
    const second = roomWithout(site, 'Fjord Nord', 'b@example.com');
    roomWithout(site, 'Fjord Nord Øst Liten Blå', 'c@example.com');
    sighted(site, '10.0.0.9', { systemName: 'Fjord' });
    expect(suggestMatches(site).map(({ roomId }) => roomId)).toEqual([exact.id, second.id]);
  });

  it('are none for devices that nobody has seen, that a room has, or that say nothing', async () => {
    const site = await tempSite();
    roomWithout(site, 'Fjord', 'a@example.com');
    const { room, endpoint } = addRoom(site, { name: 'Skog', mailbox: 'skog@example.com' });
    site.rooms.assign(room.id, null);
    expect(site.rooms.endpoint(endpoint.id)?.roomId).toBeNull();
    sighted(site, '10.0.0.9');
    sighted(site, '10.0.0.10', { systemName: '' });
    expect(suggestMatches(site)).toEqual([]);
  });
});

describe('what discovery has seen', () => {
  const shown = { family: null, sighting: 'seen', conflicts: [] };
  const AT = '2026-11-28T12:00:00.000Z';

  it('helps without a login: the name and the serial number that a device shows to everybody', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { serial: 'FOC1' });
    const named = roomWithout(site, 'Skog', 'skog@example.com');
    const [byName, bySerial] = [sighted(site, '10.0.0.9'), sighted(site, '10.0.0.10')];
    const video = { ...shown, kind: 'cisco-roomos', ours: true };
    site.evidence.summarise(byName.id, { ...video, seen: { ...NOTHING_SEEN, name: 'Skog' } }, AT);
    site.evidence.summarise(bySerial.id, { ...video, seen: { ...NOTHING_SEEN, serial: 'FOC1' } }, AT);
    const found = suggestMatches(site).map(({ roomId, deviceId, by }) => ({ roomId, deviceId, by }));
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ roomId: named.id, deviceId: byName.id, by: 'name' });
    expect(found).toContainEqual({ roomId: room.id, deviceId: bySerial.id, by: 'serial' });
  });

  it('leaves out what is no video system, whatever its name', async () => {
    const site = await tempSite();
    roomWithout(site, 'Skog', 'skog@example.com');
    const printer = sighted(site, '10.0.0.9');
    const seen = { ...NOTHING_SEEN, name: 'Skog' };
    site.evidence.summarise(printer.id, { ...shown, kind: 'printer', ours: false, seen }, AT);
    expect(suggestMatches(site)).toEqual([]);
  });
});

describe('giving a device to a room', () => {
  it('takes it from the room that had it, and can be taken back', async () => {
    const site = await tempSite();
    const { room: fjord, endpoint } = addRoom(site);
    const skog = roomWithout(site, 'Skog', 'skog@example.com');
    expect(assignDevice(site, skog.id, endpoint.id).toSorted()).toEqual([fjord.id, skog.id]);
    expect(site.rooms.endpointOf(fjord.id)).toBeNull();
    expect(assignDevice(site, skog.id, endpoint.id)).toEqual([]);
    assignDevice(site, fjord.id, endpoint.id);
    expect(site.rooms.endpointOf(fjord.id)?.id).toBe(endpoint.id);
    expect(site.rooms.endpointOf(skog.id)).toBeNull();
  });

  it('keeps the serial number that the list expects, but not one that another device has told', async () => {
    const site = await tempSite();
    const { room, endpoint } = addRoom(site, { serial: 'LISTED' });
    const found = sighted(site, '10.0.0.9');
    assignDevice(site, room.id, found.id);
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.9', serial: 'LISTED' });
    site.rooms.identify(found.id, { serial: 'LISTED', mac: null, model: 'Room Kit', software: '11', systemName: '' });
    const replacement = sighted(site, '10.0.0.10');
    assignDevice(site, room.id, replacement.id);
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.10', serial: null });
    expect(site.rooms.endpoint(endpoint.id)).toMatchObject({ roomId: null });
  });

  it('is owed to Infinity where the room is entered already', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    site.outbox.saveEntry({ roomId: room.id, entryId: 7, createdByUs: true, before: null, server: null });
    assignDevice(site, room.id, sighted(site, '10.0.0.9').id);
    expect(site.outbox.owedOf(room.id)).toEqual(['entry']);
  });

  it('is refused where work was begun, on either side', async () => {
    const site = await tempSite();
    const { room: begun, endpoint } = addRoom(site, { serial: 'FOC1' });
    const free = sighted(site, '10.0.0.9');
    const other = roomWithout(site, 'Skog', 'skog@example.com');
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'otj', content: 'x' }]);
    const refused = async () => [
      await codeOf(() => assignDevice(site, begun.id, free.id)),
      await codeOf(() => assignDevice(site, other.id, endpoint.id)),
      await codeOf(() => releaseDevice(site, begun.id)),
    ];
    expect(await refused()).toEqual(['MATCH_REFUSED', 'MATCH_REFUSED', 'MATCH_REFUSED']);
    site.backups.close('FOC1');
    site.rooms.setState(begun.id, 'in progress');
    expect(await refused()).toEqual(['MATCH_REFUSED', 'MATCH_REFUSED', 'MATCH_REFUSED']);
    expect(site.rooms.endpointOf(begun.id)?.id).toBe(endpoint.id);
    site.rooms.setState(begun.id, 'undone');
    expect(await refused()).toEqual([undefined, undefined, undefined]);
  });

  it('needs a room and a device that are there', async () => {
    const site = await tempSite();
    const room = roomWithout(site, 'Skog', 'skog@example.com');
    expect(await codeOf(() => assignDevice(site, 999, 1))).toBe('ROOM_UNKNOWN');
    expect(await codeOf(() => assignDevice(site, room.id, 999))).toBe('DEVICE_UNKNOWN');
    expect(await codeOf(() => releaseDevice(site, room.id))).toBe('NO_ADDRESS');
  });
});

describe('correcting the list', () => {
  it('moves a room to another address with what was expected of its device', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { serial: 'FOC1' });
    correctRoom(site, { roomId: room.id, address: ' 10.0.0.77 ', serial: null });
    expect(site.rooms.endpointOf(room.id)).toMatchObject({
      address: '10.0.0.77',
      serial: 'FOC1',
      family: 'cisco-roomos',
    });
    correctRoom(site, { roomId: room.id, address: null, serial: 'FOC2' });
    expect(site.rooms.endpointOf(room.id)?.serial).toBe('FOC2');
    correctRoom(site, { roomId: room.id, address: null, serial: '' });
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.77', serial: null });
  });

  it('leaves a guessed kind of device a guess, and a firm one firm', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { family: 'poly-videoos', familyGuessed: true });
    correctRoom(site, { roomId: room.id, address: '10.0.0.77', serial: null });
    const device = () => site.rooms.endpointOf(room.id);
    expect(device()).toMatchObject({ address: '10.0.0.77', family: 'poly-videoos', familyGuessed: true });
    correctRoom(site, { roomId: room.id, address: '10.0.0.77', serial: null });
    expect(device()).toMatchObject({ address: '10.0.0.77', familyGuessed: true });
    const found = sighted(site, '10.0.0.78');
    correctRoom(site, { roomId: room.id, address: found.address, serial: null });
    expect(device()).toMatchObject({ address: '10.0.0.78', family: 'cisco-roomos', familyGuessed: false });
  });

  it('lets a device that was worked on move with its backup, but keep its serial number', async () => {
    const site = await tempSite();
    const { room, endpoint } = addRoom(site, { serial: 'FOC1' });
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'otj', content: 'x' }]);
    correctRoom(site, { roomId: room.id, address: '10.0.0.77', serial: null });
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ id: endpoint.id, address: '10.0.0.77', serial: 'FOC1' });
    expect(await codeOf(() => correctRoom(site, { roomId: room.id, address: null, serial: '' }))).toBe('MATCH_REFUSED');
    expect(await codeOf(() => correctRoom(site, { roomId: room.id, address: null, serial: 'X' }))).toBe(
      'MATCH_REFUSED',
    );
  });

  it('takes no address from another room, and nothing half', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    addRoom(site, { name: 'Skog', mailbox: 'skog@example.com', address: '10.0.0.2' });
    const wishes = [
      { address: '10.0.0.2', serial: null, code: 'MATCH_REFUSED' },
      { address: 'https://10.0.0.3/', serial: null, code: 'SETTING_UNFIT' },
      { address: '', serial: null, code: 'SETTING_UNFIT' },
      { address: '10.0.0.55', serial: 'a\nb', code: 'SETTING_UNFIT' },
    ];
    for (const { code, ...wish } of wishes)
      expect(await codeOf(() => correctRoom(site, { roomId: room.id, ...wish }))).toBe(code);
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.1', serial: null });
  });
});
