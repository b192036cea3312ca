/** Lists of all kinds: recognised, mapped, shown before they are written, written again without losing work. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListKind } from '../../main/contract/lists.ts';
import { COLUMNS } from '../../main/roomlist/columns.ts';
import { inert, revived } from '../../main/roomlist/inert.ts';
import { inspect } from '../../main/roomlist/inspect.ts';
import { readRows } from '../../main/roomlist/read.ts';
import { openList } from '../../main/roomlist/source.ts';
import { roomsAsCsv, roomsAsWorkbook } from '../../main/roomlist/write.ts';
import { type Importing, importList, lookAtImport } from '../../main/services/importList.ts';
import { outcomeOf } from '../../main/services/importPlan.ts';
import { assignDevice, releaseDevice } from '../../main/services/match.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

const FREE: Importing = { sheet: null, kind: null, map: null };
const sample = (name: string) => readFileSync(new URL(`../../assets/samples/${name}`, import.meta.url));

async function preview(site: Site, list: string | Uint8Array, wish: Partial<Importing> = {}, userData = '/nowhere') {
  const file = await openList(typeof list === 'string' ? Buffer.from(list) : list);
  return lookAtImport(site, file, { ...FREE, ...wish }, userData);
}

async function take(site: Site, list: string | Uint8Array, wish: Partial<Importing> = {}, userData = '/nowhere') {
  return importList(site, await preview(site, list, wish, userData), null, userData);
}

describe('exports of other programs', () => {
  it.each<[string, ListKind, object]>([
    ['infinity-otj-endpoints.csv', 'infinity', { added: 3, devices: { added: 0 } }],
    ['control-hub-devices.csv', 'control-hub', { added: 0, devices: { added: 3 } }],
    ['poly-lens-settings.csv', 'poly-lens', { added: 0, devices: { added: 2 } }],
    ['poly-lens-inventory.csv', 'poly-lens', { added: 0, devices: { added: 2 } }],
    ['../sample-rooms.csv', 'template', { devices: { added: 0 } }],
  ])('%s is read without a question', async (name, kind, figures) => {
    const site = await tempSite();
    const outcome = await take(site, sample(name));
    expect(outcome.looked).toMatchObject({ kind, how: 'recognised' });
    expect(outcome).toMatchObject({ ...figures, problems: [] });
  });

  it('give rooms their family and address, and devices all that they are known by', async () => {
    const site = await tempSite();
    await take(site, sample('infinity-otj-endpoints.csv'));
    expect(site.rooms.endpoints().map(({ address, family }) => [address, family])).toEqual([
      ['10.20.2.11', 'cisco-roomos'],
      ['10.20.2.12', 'poly-videoos'],
      ['alesund-codec.example.com', 'cisco-roomos'],
    ]);
    await take(site, sample('control-hub-devices.csv'));
    expect(site.listed.devices()).toMatchObject([
      { name: 'Oslo Fjord', room: 'Fjord', serial: 'FOC2533A1B2', mac: 'aa:bb:cc:00:02:11', family: 'cisco-roomos' },
      { name: 'Oslo Elv', address: null, mac: 'aa:bb:cc:00:02:13' },
      { name: 'Kari’s Desk'.replace('’', "'"), address: '10.20.2.14' },
    ]);
  });

  it('fill in what another one of them left empty', async () => {
    const site = await tempSite();
    await take(site, sample('poly-lens-inventory.csv'));
    expect(await take(site, sample('poly-lens-settings.csv'))).toMatchObject({ devices: { changed: 2, same: 0 } });
    expect(site.listed.devices()[0]).toMatchObject({ name: 'Skog X50', address: '10.20.2.12', model: 'Studio X50' });
    expect(await take(site, sample('poly-lens-settings.csv'))).toMatchObject({ devices: { changed: 0, same: 2 } });
  });
});

describe('a device list that names no more than the vendor Poly', () => {
  const list = (model: string) =>
    `Device Name,Room,Serial Number,MAC Address,Private IP,Model\nSkog X50,Skog,8L1,00:E0:DB:00:00:01,10.9.0.1,${model}\n`;
  const device = (site: Site) => site.rooms.endpointAt('10.9.0.1');

  it('is a guess until a list or the device names the family, and unsettles no firm word', async () => {
    const site = await tempSite();
    await take(site, list('Poly'));
    expect(device(site)).toMatchObject({ family: 'poly-videoos', familyGuessed: true });
    expect(await take(site, list('Poly'))).toMatchObject({ devices: { same: 1 } });
    await take(site, list('Trio 8800'));
    expect(device(site)).toMatchObject({ family: 'poly-trio', familyGuessed: false });
    await take(site, list('Poly'));
    expect(device(site)).toMatchObject({ family: 'poly-trio', familyGuessed: false });
    expect(site.listed.devices()).toMatchObject([{ family: 'poly-trio', familyGuessed: false }]);
  });

  it.each(['', 'Some new model'])('and so is one of which its program tells the model "%s"', async (model) => {
    const site = await tempSite();
    await take(site, list(model));
    expect(device(site)).toMatchObject({ family: 'poly-videoos', familyGuessed: true });
    await take(site, list('Studio X50'));
    expect(device(site)).toMatchObject({ family: 'poly-videoos', familyGuessed: false });
  });
});

describe('a table that nobody knows', () => {
  const table = 'Display name;Kalender;Wo\nFjord;fjord@example.com;Oslo\n';
  const map = { room: 'Display name', mailbox: 'kalender', building: 'Wo' };

  it('is asked about once, with a guess by what stands in it, and remembered in the site and beside it', async () => {
    const site = await tempSite();
    const userData = tempFolder();
    const { looked } = await preview(site, table, {}, userData);
    expect(looked).toMatchObject({ how: 'question', map: { mailbox: 'Kalender' } });
    expect(looked.headings).toMatchObject([{ name: 'Display name', examples: ['Fjord'] }, {}, {}]);
    expect(await take(site, table, { map }, userData)).toMatchObject({ added: 1, looked: { how: 'given' } });
    expect(site.rooms.all()).toMatchObject([{ name: 'Fjord', building: 'Oslo' }]);
    expect(await take(site, table, {}, tempFolder())).toMatchObject({ same: 1, looked: { how: 'remembered' } });
    const other = await tempSite();
    expect(await take(other, table, {}, userData)).toMatchObject({ added: 1, looked: { how: 'remembered' } });
  });

  it('is not read by a choice that does not fit', async () => {
    const site = await tempSite();
    for (const wish of [
      { map: { room: 'Nope', mailbox: 'Kalender' } },
      { map: { room: 'Display name' } },
      { kind: 'infinity' as const },
    ]) {
      const { added, problems } = await take(site, table, wish);
      expect([added, problems.length > 0]).toEqual([0, true]);
    }
  });
});

describe('a list that is imported again', () => {
  const HEAD = 'room,building,floor,mailbox,address,serial,family';
  const list = (...rows: string[]) => [HEAD, ...rows].join('\n');

  it('is shown before it is written: renamed, moved and vanished rooms', async () => {
    const site = await tempSite();
    await take(
      site,
      list('Fjord,Oslo,2,a@example.com,10.0.0.1,,', 'Skog,Oslo,2,b@example.com,,,', 'Hav,Oslo,3,c@example.com,,,'),
    );
    const next = list(
      'Fjord 2,Oslo,2,a@example.com,10.0.0.9,,',
      'Skog,Oslo,4,b@example.com,,,',
      'Elv,Oslo,1,d@example.com,,,',
    );
    const shown = outcomeOf(await preview(site, next));
    expect(shown).toMatchObject({ added: 1, changed: 2, same: 0, missing: 1, problems: [] });
    expect(shown.rooms.map(({ name, what, changes }) => [name, what, changes.map((one) => one.what)])).toEqual([
      ['Fjord', 'changed', ['room', 'address']],
      ['Skog', 'changed', ['floor']],
      ['Elv', 'added', []],
      ['Hav', 'missing', []],
    ]);
    expect(site.rooms.all().map(({ name }) => name)).toEqual(['Fjord', 'Skog', 'Hav']);
    const plan = await preview(site, next);
    expect(await codeOf(() => importList(site, plan, 'another', '/nowhere'))).toBe('LIST_CHANGED');
    importList(site, plan, shown.digest, '/nowhere');
    expect(site.rooms.all()).toHaveLength(4);
  });

  it('takes nothing back that was matched or corrected since', async () => {
    const site = await tempSite();
    const rows = list('Fjord,Oslo,2,a@example.com,10.0.0.1,FOC1,cisco', 'Skog,Oslo,2,b@example.com,,,');
    await take(site, rows);
    const [fjord, skog] = site.rooms.all();
    const device = site.rooms.endpointAt('10.0.0.1');
    if (!fjord || !skog || !device) throw new Error('not saved');
    assignDevice(site, skog.id, device.id);
    expect(await take(site, rows)).toMatchObject({ changed: 0, same: 2 });
    expect(site.rooms.endpointOf(skog.id)?.address).toBe('10.0.0.1');
    releaseDevice(site, skog.id);
    expect(await take(site, rows)).toMatchObject({ changed: 0, same: 2 });
    expect(site.rooms.endpointOf(fjord.id)).toBeNull();
    await take(site, rows.replace('10.0.0.1', '10.0.0.2'));
    expect(site.rooms.endpointOf(fjord.id)?.address).toBe('10.0.0.2');
  });

  it('says nothing of what it has no column for', async () => {
    const site = await tempSite();
    await take(site, list('Fjord,Oslo,2,a@example.com,10.0.0.1,FOC1,cisco'));
    expect(await take(site, 'room,mailbox\nFjord,a@example.com')).toMatchObject({ same: 1 });
    expect(site.rooms.all()).toMatchObject([{ building: 'Oslo', floor: '2' }]);
  });

  it('lets two rooms exchange their names, but takes none from a room outside the list', async () => {
    const site = await tempSite();
    await take(site, list('A,,,a@example.com,,,', 'B,,,b@example.com,,,', 'C,,,c@example.com,,,'));
    expect(await take(site, list('B,,,a@example.com,,,', 'A,,,b@example.com,,,'))).toMatchObject({
      changed: 2,
      problems: [],
    });
    expect(site.rooms.byMailbox('a@example.com')?.name).toBe('B');
    const refused = await take(site, list('C,,,a@example.com,,,', 'B,,,b@example.com,,,'));
    expect(refused).toMatchObject({ changed: 0, problems: [{ row: 2 }, { row: 3 }] });
    expect(site.rooms.all().map(({ name, mailbox }) => name + mailbox[0])).toEqual(['Ab', 'Ba', 'Cc']);
  });

  it('takes no device from work that was begun, and says so', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { serial: 'FOC1', mailbox: 'a@example.com' });
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'otj', content: 'x' }]);
    const taken = await take(site, list('Skog,Oslo,2,b@example.com,10.0.0.1,,'));
    expect(taken.problems).toMatchObject([{ column: 'address', message: expect.stringContaining('begun') }]);
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.1', serial: 'FOC1' });
  });

  it('believes that a device was replaced at its address, and keeps the backup of the old one', async () => {
    const site = await tempSite();
    const { room } = addRoom(site, { serial: 'FOC1', mailbox: 'a@example.com' });
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'otj', content: 'x' }]);
    // A room that was moved goes on being told as moved: its device is not exchanged by a list.
    site.rooms.setState(room.id, 'migrated');
    const early = await take(site, list('Fjord,Oslo,2,a@example.com,10.0.0.1,FOC2,'));
    expect(early.problems).toMatchObject([{ message: expect.stringContaining('begun') }]);
    site.rooms.setState(room.id, 'needs attention');
    // Nor does the old one go to another address under the new number.
    const moved = await take(site, list('Fjord,Oslo,2,a@example.com,10.0.0.7,FOC2,'));
    expect(moved.problems).toMatchObject([{ message: expect.stringContaining('begun') }]);
    expect(await take(site, list('Fjord,Oslo,2,a@example.com,10.0.0.1,FOC2,'))).toMatchObject({ problems: [] });
    expect(site.rooms.endpointOf(room.id)).toMatchObject({ address: '10.0.0.1', serial: 'FOC2' });
    expect(site.backups.read(site.vault, 'FOC1')?.items).toHaveLength(1);
  });

  it('takes "Poly" alone for no other family than the one that was seen or listed', async () => {
    const site = await tempSite();
    // Seen by a search, in no room yet.
    const { room } = addRoom(site, { mailbox: 'x@example.com', address: '10.0.0.1', family: 'poly-group' });
    site.rooms.assign(room.id, null);
    await take(site, list('Fjord,,,a@example.com,10.0.0.1,,Poly', 'Skog,,,b@example.com,10.0.0.2,,poly-trio'));
    const family = (mailbox: string) => site.rooms.endpointOf(site.rooms.byMailbox(mailbox)?.id ?? 0)?.family;
    expect([family('a@example.com'), family('b@example.com')]).toEqual(['poly-group', 'poly-trio']);
    const bare = list('Fjord,,,a@example.com,10.0.0.1,,Poly', 'Skog,,,b@example.com,10.0.0.2,,polycom');
    expect(await take(site, bare)).toMatchObject({ changed: 0, same: 2 });
    await take(site, bare.replace('10.0.0.2', '10.0.0.3').replace('Poly\n', 'VideoOS\n'));
    expect([family('a@example.com'), family('b@example.com')]).toEqual(['poly-videoos', 'poly-trio']);
  });

  it('takes "Poly" alone for a guess until something of the device says more', async () => {
    const site = await tempSite();
    const device = () => site.rooms.endpointOf(site.rooms.byMailbox('a@example.com')?.id ?? 0);
    const bare = list('Fjord,,,a@example.com,10.0.0.1,,Poly');
    await take(site, bare);
    expect(device()).toMatchObject({ family: 'poly-videoos', familyGuessed: true });
    // Said again, and at another address, it is no surer.
    expect(await take(site, bare)).toMatchObject({ same: 1 });
    await take(site, bare.replace('10.0.0.1', '10.0.0.2'));
    expect(device()).toMatchObject({ address: '10.0.0.2', family: 'poly-videoos', familyGuessed: true });
    // The kind that was guessed, but now by somebody who knows it.
    const firm = list('Fjord,,,a@example.com,10.0.0.2,,VideoOS');
    expect(await take(site, firm)).toMatchObject({ changed: 1 });
    expect(device()).toMatchObject({ family: 'poly-videoos', familyGuessed: false });
    expect(await take(site, firm)).toMatchObject({ same: 1 });
    expect(await take(site, bare.replace('10.0.0.1', '10.0.0.2'))).toMatchObject({ same: 1 });
    expect(device()).toMatchObject({ familyGuessed: false });
    await take(site, list('Fjord,,,a@example.com,10.0.0.2,,Trio'));
    expect(device()).toMatchObject({ family: 'poly-trio', familyGuessed: false });
  });

  it('believes a corrected family even of a device that took a login, until work was begun with it', async () => {
    const site = await tempSite();
    const row = (kind: string) => list(`Fjord,,,a@example.com,10.0.0.1,,${kind}`);
    await take(site, row('poly'));
    const room = site.rooms.byMailbox('a@example.com');
    const device = room && site.rooms.endpointOf(room.id);
    if (!device) throw new Error('not saved');
    const who = { serial: 'S1', mac: null, model: 'RealPresence Group 500', software: '6.2.2', systemName: '' };
    site.rooms.identify(device.id, who);
    const family = () => site.rooms.endpoint(device.id)?.family;
    expect(await take(site, row('poly'))).toMatchObject({ same: 1 });
    await take(site, row('poly-group'));
    expect(family()).toBe('poly-group');
    await site.backups.open(site.vault, 'S1', [{ kind: 'macro', name: 'otj', content: 'x' }]);
    const refused = await take(site, row('poly-trio'));
    expect(refused.problems).toMatchObject([
      { code: 'BEGUN_FAMILY', column: 'family', details: { family: 'poly-group' } },
    ]);
    expect(family()).toBe('poly-group');
    // The same list as before says nothing new.
    expect(await take(site, row('poly-group'))).toMatchObject({ same: 1, problems: [] });
  });

  it('does not call a room missing whose row has a problem', async () => {
    const site = await tempSite();
    await take(site, list('Fjord,Oslo,2,a@example.com,,,', 'Skog,Oslo,2,b@example.com,,,'));
    const bad = await preview(site, list('Fjord,Oslo,2,a@example.com,http://x,,', 'Skog,Oslo,2,b@example.com,,,'));
    expect(outcomeOf(bad)).toMatchObject({ missing: 0, problems: [{ row: 2 }] });
  });
});

describe('an export', () => {
  const text = fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        '=1+1',
        "'=x",
        "''+x",
        '-1',
        '-x',
        '@a',
        '; =b',
        "a;'=c",
        '＝cmd',
        '"',
        'a,b',
        "'",
        '\u202eabc',
        ' x',
      ),
    )
    .map((one) => one.replace(/\p{C}/gu, '').normalize('NFC').trim());
  const row = fc.record(Object.fromEntries(COLUMNS.map((column) => [column, text]))) as fc.Arbitrary<
    Record<(typeof COLUMNS)[number], string>
  >;

  it('is read again as it was, from CSV and from XLSX, and is no formula anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
        for (const { bytes } of [roomsAsCsv(rows), await roomsAsWorkbook(rows)]) {
          const { sheets } = await openList(bytes);
          const read: string[][] = [];
          sheets[0]?.each(({ cells }) => void read.push(cells));
          const want = [[...COLUMNS], ...rows.map((one) => COLUMNS.map((column) => one[column]))];
          const filled = (all: string[][]) =>
            all.map((cells) => COLUMNS.map((_column, at) => cells[at] ?? '')).filter((cells) => cells.some(Boolean));
          expect(filled(read)).toEqual(filled(want));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has no cell that a spreadsheet computes', () => {
    fc.assert(
      fc.property(text, (one) => {
        const safe = inert(one);
        expect(revived(safe)).toBe(one);
        expect(/^\s*[=+@＝＋－＠]/.test(safe) || /;\s*[=+\-@]/.test(safe)).toBe(false);
      }),
    );
  });

  it('of a site changes nothing when it is imported there, and makes the same site elsewhere', async () => {
    const site = await tempSite();
    await take(
      site,
      'room,building,floor,mailbox,address,serial,mac,family\n=Fjord,Oslo,-1,a@example.com,10.0.0.1,FOC1,,cisco\nSkog,,,b@example.com,,S2,00:E0:DB:00:02:12,poly\n',
    );
    const { listed } = site;
    const rows = site.rooms.all().map(({ id, name: room, building, floor, mailbox }) => {
      const { address, serial, mac, family } = listed.room(id) ?? { address: '', serial: '', mac: '', family: '' };
      return {
        room,
        building,
        floor,
        mailbox,
        address: address ?? '',
        serial: serial ?? '',
        mac: mac ?? '',
        family: family ? (family.startsWith('c') ? 'cisco' : 'poly') : '',
      };
    });
    const { bytes, inert: made } = roomsAsCsv(rows);
    expect(made).toBe(1);
    expect(await take(site, bytes)).toMatchObject({ same: 2, changed: 0, problems: [] });
    const read = readRows(inspect(await openList(bytes)));
    expect(read.rooms).toMatchObject([
      { name: 'Skog', mac: '00:e0:db:00:02:12' },
      { name: '=Fjord', floor: '-1' },
    ]);
  });
});
