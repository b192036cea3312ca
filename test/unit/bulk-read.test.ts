/** An export of Infinity read back on a site file. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readExport, writeBulk } from '../../main/services/bulk.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

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
