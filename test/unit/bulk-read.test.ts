/** An export of Infinity read back on a site file. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LACKS_NODE } from '../../main/contract/bulk.ts';
import type { Told } from '../../main/contract/device.ts';
import { infinityMethods } from '../../main/contract/methods/infinity.ts';
import { readExport, writeBulk } from '../../main/services/bulk.ts';
import { hasEntry } from '../../main/services/tasks.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

it('takes no group without a name from a screen', () => {
  const { input } = infinityMethods['infinity.export'];
  const ask = (group: string | null) => input.safeParse({ folder: null, group, passwords: false });
  expect(['', ' ', null, ' Oslo '].map((group) => ask(group).success)).toEqual([false, false, true, true]);
  expect(ask(' Oslo ').data?.group).toBe('Oslo');
});

it('notes no room as done of whose mailbox there are two entries, and shows both', async () => {
  const site = await tempSite();
  const { room } = addRoom(site);
  const folder = tempFolder();
  const { csv } = writeBulk(site, { rooms: [room], folder, group: 'Oslo', passwords: false });
  const good = readFileSync(csv, 'utf8');
  const [head = '', own = ''] = good.split('\r\n');
  const old = own.replace(/^[^,]+/, 'Old').replace('10.0.0.1', '10.9.9.9');
  const read = (rows: string[]) =>
    readExport(site, { bytes: Buffer.from([head, ...rows, ''].join('\r\n')), group: 'Oslo', nodes: [] });
  for (const rows of [
    [old, own],
    [own, old],
  ]) {
    const { done, differs, others } = read(rows);
    expect({ done, others }).toEqual({ done: [], others: 0 });
    expect(differs[0]?.fields).toMatchObject([{ field: 'room_resource_email', wanted: '1' }]);
    expect(differs[0]?.fields[0]?.found).toMatch(/"Old" \(10\.9\.9\.9\)/);
    expect(differs[0]?.fields[0]?.found).toMatch(/"Fjord" \(10\.0\.0\.1\)/);
  }
  expect(site.outbox.entry(room.id)).toBeNull();
  expect(read([own]).done).toEqual(['Fjord']);
});

it('notes a Poly room as done only where it is known which node its device signs in to', async () => {
  const site = await tempSite();
  const { room } = addRoom(site, { family: 'poly-videoos' });
  const { csv } = writeBulk(site, { rooms: [room], folder: tempFolder(), group: 'Oslo', passwords: false });
  const read = (nodes: string[]) => readExport(site, { bytes: readFileSync(csv), group: 'Oslo', nodes });
  expect(read([])).toMatchObject({
    done: [],
    differs: [{ room: 'Fjord', fields: [{ field: LACKS_NODE, found: '', wanted: '' }] }],
  });
  expect(site.outbox.entry(room.id)).toBeNull();
  expect(read(['conf-1.example.com'])).toMatchObject({ done: ['Fjord'], differs: [] });
  expect(site.outbox.entry(room.id)?.server).toBe('conf-1.example.com');
  // It stays with the node that it has.
  expect(read([])).toMatchObject({ done: ['Fjord'] });
  expect(site.outbox.entry(room.id)?.server).toBe('conf-1.example.com');
});

const told = (key: Told['key'], value: string): Told => ({ key, value, warn: false });
const CLOUD = told('webex', 'Registered');

/** A room with a codec of the Webex cloud, and what is done with its files. */
async function cloudRoom(...says: Told[]) {
  const site = await tempSite();
  const { room, endpoint } = addRoom(site);
  const visited = (...words: Told[]) => site.rooms.noteVisit(endpoint.id, { transport: 'ssh', weakness: null }, words);
  visited(CLOUD, ...says);
  const files = writeBulk(site, { rooms: [room], folder: tempFolder(), group: 'Oslo', passwords: true });
  const HEAD = 'name,room_resource_email,mjx_endpoint_group_name,endpoint_type,api_address,api_username,poly_username';
  const read = (more: string, cell: string, type = 'WEBEX') => {
    const rows = [HEAD + more, `Fjord,fjord@example.com,Oslo,${type},,,${cell}`, ''];
    const { done, differs } = readExport(site, { bytes: Buffer.from(rows.join('\r\n')), group: 'Oslo', nodes: [] });
    return { done, fields: differs.flatMap(({ fields }) => fields) };
  };
  return { site, room, visited, files, read, sheet: readFileSync(files.sheet, 'utf8') };
}

it('writes a codec of the Webex cloud with its device id and no password, and reads it back by that id', async () => {
  const { site, room, visited, files, read, sheet } = await cloudRoom(told('webex-id', 'DEV-1'));
  expect(files).toMatchObject({ rooms: 1, left: [] });
  expect(readFileSync(files.csv, 'utf8')).toMatch(/,WEBEX,.*,DEV-1\r\n$/);
  expect(sheet).toContain('DEV-1');
  expect(sheet).not.toMatch(/_password/);
  const wanted = { field: 'webex_device_id', wanted: 'DEV-1' };
  expect(read('', '')).toMatchObject({ done: [], fields: [{ ...wanted, found: '' }] });
  expect(read(',webex_device_id', ',')).toMatchObject({ done: [], fields: [{ ...wanted, found: '' }] });
  expect(read(',webex_device_id', ',DEV-2')).toMatchObject({ done: [], fields: [{ ...wanted, found: 'DEV-2' }] });
  expect(read(',webex_device_id', ',DEV-1', 'CISCO').fields).toMatchObject([{ field: 'endpoint_type' }]);
  expect(site.outbox.entry(room.id)).toBeNull();
  expect(read(',webex_device_id', ',DEV-1')).toEqual({ done: ['Fjord'], fields: [] });
  expect(hasEntry(site, room)).toBe(true);
  // A visit tells that it is none any more, or another one.
  visited(CLOUD, told('webex-id', 'DEV-3'));
  expect(hasEntry(site, room)).toBe(false);
  visited();
  expect(hasEntry(site, room)).toBe(false);
});

it('leaves one that does not tell its id to be typed, and reads it back with whatever id a person has found', async () => {
  const { site, room, files, read, sheet } = await cloudRoom();
  expect(files).toMatchObject({ rooms: 0, left: [{ room: 'Fjord', problem: { code: 'WEBEX_ID' } }] });
  expect(readFileSync(files.csv, 'utf8')).not.toContain('Fjord');
  expect(sheet).toMatch(/Not in the import file: .*does not tell its Webex device id/);
  expect(sheet).toContain('webex_device_id');
  const lacking = [{ field: 'webex_device_id', found: '', wanted: 'as Webex Control Hub tells it' }];
  expect(read('', '')).toEqual({ done: [], fields: lacking });
  expect(read(',webex_device_id', ',')).toEqual({ done: [], fields: lacking });
  expect(read(',webex_device_id', ',DEV-9').done).toEqual(['Fjord']);
  expect(hasEntry(site, room)).toBe(true);
});
