import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../main/contract/device.ts';
import { OtjError } from '../../main/contract/errors.ts';
import { recordSighting } from '../../main/services/sightings.ts';
import { targetOf } from '../../main/services/tasks.ts';
import type { Site } from '../../main/site/site.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const DEVICE: Identity = {
  serial: 'FOC1',
  mac: '00:50:60:00:00:01',
  model: 'Cisco Room Kit',
  software: 'ce11.27.2.0.0',
  systemName: 'Fjord',
};
const CISCO = { source: 'http', name: 'realm', value: 'CISCO-Endpoint' } as const;
const ITEM = { kind: 'macro', name: 'otj-macro', content: 'text' };
let site: Site;

beforeEach(async () => {
  site = await tempSite();
});

describe('a room of a list', () => {
  it('is new, then the same, then changed', () => {
    expect(addRoom(site).outcome).toBe('new');
    expect(addRoom(site).outcome).toBe('same');
    const { outcome, room } = addRoom(site, { name: 'Fjord 2', floor: '3' });
    expect(outcome).toBe('changed');
    expect(room).toMatchObject({ name: 'Fjord 2', floor: '3', state: 'not started' });
    expect(site.rooms.all()).toHaveLength(1);
    expect(site.rooms.endpoints()).toHaveLength(1);
  });

  it('is known by its mailbox whatever its case', () => {
    addRoom(site);
    expect(addRoom(site, { mailbox: 'Fjord@Example.com' }).outcome).toBe('changed');
    expect(site.rooms.all().map(({ mailbox }) => mailbox)).toEqual(['Fjord@Example.com']);
  });

  it('keeps its state and its problem when the list comes again', () => {
    const { room } = addRoom(site);
    site.rooms.setState(room.id, 'needs attention', new OtjError('IN_CALL').toProblem());
    site.rooms.mark(room.id, 'cutover_at', new Date(0));
    expect(addRoom(site, { floor: '9' }).room).toMatchObject({
      id: room.id,
      state: 'needs attention',
      problem: { code: 'IN_CALL' },
      cutoverAt: new Date(0).toISOString(),
    });
  });

  it('clashes with another room of the same name in the same building only', () => {
    const { room } = addRoom(site);
    const other = { name: 'Fjord', floor: '1', mailbox: 'b@example.com', address: null, serial: null, family: null };
    expect(site.rooms.clashOf({ ...other, building: 'Oslo' })?.id).toBe(room.id);
    expect(site.rooms.clashOf({ ...other, building: 'Bergen' })).toBeNull();
    expect(site.rooms.clashOf({ ...other, building: 'Oslo', mailbox: 'FJORD@example.com' })).toBeNull();
  });
});

describe("a technician's word on a macro", () => {
  const word = (takeMacros: string[]) => ({ takeMacros, leaveMacros: [], accepted: [] });
  const kept = (id: number) => {
    const { takeMacros, takeTexts } = site.rooms.get(id) ?? { takeMacros: [], takeTexts: {} };
    return [takeMacros, takeTexts];
  };

  it('is for the text that was read before, and over when that is another one', () => {
    const { id } = addRoom(site).room;
    site.rooms.noteTexts(id, { odd: 'aa' });
    site.rooms.decide(id, word(['odd']));
    site.rooms.noteTexts(id, { odd: 'aa', other: 'cc' });
    expect(kept(id)).toEqual([['odd'], { odd: 'aa' }]);
    site.rooms.noteTexts(id, { odd: 'bb' });
    expect(kept(id)).toEqual([[], {}]);
  });

  it('is for the text of the next reading where nobody had read it', () => {
    const { id } = addRoom(site).room;
    site.rooms.decide(id, word(['odd']));
    expect(kept(id)).toEqual([['odd'], {}]);
    site.rooms.noteTexts(id, { odd: 'aa' });
    expect(kept(id)).toEqual([['odd'], { odd: 'aa' }]);
    // It is gone: what comes under its name later is another one.
    site.rooms.noteTexts(id, {});
    site.rooms.noteTexts(id, { odd: 'bb' });
    expect(kept(id)).toEqual([[], {}]);
  });

  it('keeps its text when another word is given, and takes the new one when it is given again', () => {
    const { id } = addRoom(site).room;
    site.rooms.noteTexts(id, { odd: 'aa', other: 'cc' });
    site.rooms.decide(id, word(['odd']));
    site.db.run(`UPDATE room SET seen_texts = '{"odd":"bb","other":"cc"}'`, {});
    site.rooms.decide(id, word(['odd', 'other']));
    expect(kept(id)).toEqual([['odd', 'other'], { odd: 'aa', other: 'cc' }]);
    site.rooms.decide(id, word(['odd']), ['odd']);
    expect(kept(id)).toEqual([['odd'], { odd: 'bb' }]);
  });
});

describe('the endpoint of a room', () => {
  it('takes serial and family of the list, and keeps them when a later list is silent', () => {
    addRoom(site, { serial: 'FOC1' });
    expect(addRoom(site, { serial: null, family: null })).toMatchObject({
      outcome: 'same',
      endpoint: { serial: 'FOC1', family: 'cisco-roomos' },
    });
    expect(addRoom(site, { serial: 'FOC2' })).toMatchObject({ outcome: 'changed', endpoint: { serial: 'FOC2' } });
  });

  it('keeps the serial that the device told first', () => {
    const { endpoint, room } = addRoom(site);
    site.rooms.identify(endpoint.id, DEVICE);
    site.rooms.identify(endpoint.id, { ...DEVICE, serial: 'FOC9', mac: null, software: 'ce26' });
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ serial: 'FOC1', mac: DEVICE.mac, software: 'ce26' });
    expect(addRoom(site).endpoint.serial).toBe('FOC1');
  });

  it('moves to a new address that nothing is known of', () => {
    const { room } = addRoom(site);
    const moved = addRoom(site, { address: '10.0.0.2' });
    expect(moved).toMatchObject({ outcome: 'changed', endpoint: { address: '10.0.0.2', roomId: room.id } });
    expect(addRoom(site, { address: '10.0.0.2' }).outcome).toBe('same');
  });

  it('takes over an address that a sweep has seen', () => {
    recordSighting(site, { address: '10.0.0.2', facts: [CISCO] }, { sshPort: 2222, httpsPort: 8443 });
    const { endpoint } = addRoom(site, { address: '10.0.0.2', family: null });
    expect(endpoint).toMatchObject({ family: 'cisco-roomos', kind: 'cisco-roomos', sshPort: 2222 });
    expect(site.rooms.endpoints()).toHaveLength(1);
  });

  it('forgets a device that was only looked at when the address was wrong', () => {
    const { endpoint } = addRoom(site);
    site.rooms.identify(endpoint.id, DEVICE);
    expect(addRoom(site, { address: '10.0.0.2' }).endpoint.serial).toBeNull();
  });

  it('swaps devices with another room when the list says so', () => {
    const a = addRoom(site, { serial: 'FOC1' });
    const b = addRoom(site, { name: 'B', mailbox: 'b@example.com', address: '10.0.0.2', serial: 'FOC2' });
    addRoom(site, { address: '10.0.0.2', serial: 'FOC2' });
    addRoom(site, { name: 'B', mailbox: 'b@example.com', address: '10.0.0.1', serial: 'FOC1' });
    expect(site.rooms.endpointOf(a.room.id)).toMatchObject({ address: '10.0.0.2', serial: 'FOC2' });
    expect(site.rooms.endpointOf(b.room.id)).toMatchObject({ address: '10.0.0.1', serial: 'FOC1' });
    expect(site.rooms.endpoints()).toHaveLength(2);
  });

  it('keeps what one room gave up apart from the other', () => {
    addRoom(site, { serial: 'FOC1' });
    const b = addRoom(site, { name: 'B', mailbox: 'b@example.com', address: '10.0.0.1', serial: 'FOC1' });
    expect(b.endpoint.address).toBe('10.0.0.1');
    const a = site.rooms.byMailbox('fjord@example.com');
    expect(a && site.rooms.endpointOf(a.id)).toBeNull();
  });
});

describe('a device that was worked on and has got a new address', () => {
  async function workedOn() {
    const { room, endpoint } = addRoom(site);
    site.rooms.identify(endpoint.id, DEVICE);
    site.rooms.pin(endpoint.id, 'ssh', 'aa');
    await site.backups.open(site.vault, DEVICE.serial, [ITEM]);
    return room;
  }

  it('keeps its backup, serial and key', async () => {
    const room = await workedOn();
    const { outcome, endpoint } = addRoom(site, { address: '10.0.0.77' });
    expect(outcome).toBe('changed');
    expect(endpoint).toMatchObject({ roomId: room.id, address: '10.0.0.77', serial: 'FOC1' });
    expect(site.backups.read(site.vault, DEVICE.serial)?.items).toEqual([ITEM]);
    expect(site.rooms.pinOf(endpoint.id, 'ssh')).toBe('aa');
  });

  it('does so also when a sweep has seen it there', async () => {
    await workedOn();
    recordSighting(site, { address: '10.0.0.77', facts: [CISCO] }, { sshPort: 22, httpsPort: 443 });
    const { endpoint } = addRoom(site, { address: '10.0.0.77' });
    expect(endpoint).toMatchObject({ address: '10.0.0.77', serial: 'FOC1' });
    expect(site.backups.read(site.vault, DEVICE.serial)?.items).toEqual([ITEM]);
    expect(site.rooms.endpoints().filter(({ address }) => address === '10.0.0.77')).toHaveLength(1);
  });

  it('starts anew once it was undone', async () => {
    await workedOn();
    site.backups.close(DEVICE.serial);
    expect(addRoom(site, { address: '10.0.0.77' }).endpoint.serial).toBeNull();
  });
});

describe('moments and states', () => {
  it('keeps the first of each moment until they are cleared', () => {
    const { room } = addRoom(site);
    site.rooms.mark(room.id, 'cutover_at', new Date(1000));
    site.rooms.mark(room.id, 'cutover_at', new Date(2000));
    expect(site.rooms.get(room.id)?.cutoverAt).toBe(new Date(1000).toISOString());
    site.rooms.clearMoments(room.id);
    expect(site.rooms.get(room.id)).toMatchObject({ cutoverAt: null, servedAt: null });
  });

  it('takes no state but the seven', () => {
    const { room } = addRoom(site);
    expect(() => site.rooms.setState(room.id, 'half done' as 'ready')).toThrow();
  });

  it('drops an old problem with a new state', () => {
    const { room } = addRoom(site);
    site.rooms.setState(room.id, 'needs attention', new OtjError('IN_CALL').toProblem());
    site.rooms.setState(room.id, 'ready');
    expect(site.rooms.get(room.id)?.problem).toBeNull();
  });
});

it.each([
  ['poly-group', 'telnet'],
  ['poly-trio', 'auto'],
  ['cisco-roomos', 'auto'],
] as const)('a way without encryption that was chosen for a Group is for no other family: %s', (family, transport) => {
  const { room, endpoint } = addRoom(site, { family });
  site.rooms.setLink(endpoint.id, { transport: 'telnet', legacy: false });
  const device = site.rooms.endpointOf(room.id) ?? endpoint;
  const login = { username: 'admin', password: 'x', trust: { check: () => undefined } };
  expect(targetOf(site, { ...device, family }, login).transport).toBe(transport);
});
