/** Workbooks as they come, and as somebody made them who means harm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspect } from '../../main/roomlist/inspect.ts';
import { type RoomList, readRows } from '../../main/roomlist/read.ts';
import { openList } from '../../main/roomlist/source.ts';
import { codeOf } from '../support/codeOf.ts';
import { rawWorkbook, rowXml, sheetXml, workbook } from '../support/workbook.ts';

const read = async (bytes: Uint8Array, sheet?: string): Promise<RoomList> =>
  readRows(inspect(await openList(bytes), sheet === undefined ? {} : { sheet }));
const FIXTURES = join(import.meta.dirname, '../fixtures/lists');
const HEAD = ['room', 'floor', 'mailbox', 'serial'];

describe('a workbook', () => {
  it('gives texts, numbers and dates as they are shown, and formulas as they were computed', async () => {
    const bytes = await workbook({
      name: 'Rooms',
      rows: [
        HEAD,
        ['Fjord', 2, 'a@example.com', null],
        [null, null, 'b@example.com', 'S2'],
        ['Elv', 7, 'c@example.com', 123456789012345],
      ],
      cells: new Map([
        ['1,1', { value: 2, style: { numFmt: '00"F"' } }],
        ['1,3', { value: 4711, style: { numFmt: '000000' } }],
        ['2,0', { value: null, formula: 'A2&" Nord"', formulaResult: 'Fjord Nord' }],
        ['2,1', { value: new Date('2026-11-03'), style: { numFmt: 'd.m' } }],
      ]),
    });
    const { rooms, problems } = await read(bytes);
    expect(problems).toEqual([]);
    expect(rooms.map(({ name, floor, serial }) => [name, floor, serial])).toEqual([
      ['Fjord', '02F', '004711'],
      ['Fjord Nord', '3.11', 'S2'],
      ['Elv', '7', '123456789012345'],
    ]);
  });

  it('is read as a spreadsheet program saved it: title, merged cells, dates, numbers, formula, hidden sheet', async () => {
    const bytes = readFileSync(join(FIXTURES, 'rooms.xlsx'));
    const { looked } = inspect(await openList(bytes));
    expect(looked).toMatchObject({ kind: 'template', how: 'recognised', sheet: 'Rooms & devices' });
    expect(looked.sheets).toEqual([
      { name: 'Last year', hidden: true },
      { name: 'Rooms & devices', hidden: false },
    ]);
    const { rooms, problems } = await read(bytes);
    expect(problems).toMatchObject([{ row: 4, column: 'Installed', code: 'HEADING_UNKNOWN' }]);
    expect(rooms.map(({ row, name, building, floor, serial }) => [row, name, building, floor, serial])).toEqual([
      [5, 'Fjord', 'Nordbank Oslo', '2', 'FOC2628NC8Y'],
      [6, 'Skog', 'Nordbank Oslo', '2', '8G2442747099CN'],
      [7, 'Elv Nord', 'Nordbank Oslo', '3.11', '004711'],
      [8, 'Møterom <Øst> & Vest', 'Nordbank Bergen', '007', '123456789012345'],
    ]);
    expect(rooms.map(({ address, family }) => [address, family])).toEqual([
      ['127.20.2.11', 'cisco-roomos'],
      ['127.20.2.12', 'poly-videoos'],
      ['127.20.2.13', 'cisco-roomos'],
      ['127.20.2.14', null],
    ]);
    expect((await read(bytes, 'Last year')).rooms).toMatchObject([{ name: 'Gone' }]);
  });

  it.each([
    ['OpenDocument', readFileSync(join(FIXTURES, 'rooms.ods'))],
    ['an old one, or with a password', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ])('of another format is told as that, not as damaged: %s', async (_, bytes) => {
    expect(await codeOf(() => read(bytes))).toBe('LIST_FORMAT');
  });

  it('computes no formula: one without a saved result is told', async () => {
    const bytes = await workbook({
      name: 'Rooms',
      rows: [HEAD, [null, '2', 'a@example.com']],
      cells: new Map([['1,0', { value: null, formula: 'WEBSERVICE("http://x.example/")' }]]),
    });
    const { rooms, problems } = await read(bytes);
    expect(rooms).toEqual([]);
    expect(problems).toMatchObject([{ row: 2, column: 'room', message: expect.stringContaining('not saved') }]);
  });

  it('takes the first sheet that is shown and has known headings, below a title if there is one', async () => {
    const bytes = await workbook(
      { name: 'Notes', rows: [['Rooms of Oslo']] },
      { name: 'Old', hidden: true, rows: [HEAD, ['Hidden', '1', 'h@example.com']] },
      { name: 'Now', rows: [['Nordbank'], [], ['as of', 'today'], HEAD, ['Fjord', '2', 'a@example.com']] },
    );
    expect((await read(bytes)).rooms).toMatchObject([{ row: 5, name: 'Fjord' }]);
    expect((await read(bytes, 'old')).rooms).toMatchObject([{ name: 'Hidden' }]);
    expect(await codeOf(() => read(bytes, 'Gone'))).toBe('SHEET_UNKNOWN');
    const { looked } = inspect(await openList(bytes));
    expect(looked.sheets).toEqual([
      { name: 'Notes', hidden: false },
      { name: 'Old', hidden: true },
      { name: 'Now', hidden: false },
    ]);
  });

  it('reads a cell that is merged downwards for each row, and tells headings that stand twice', async () => {
    const bytes = await workbook({
      name: 'Rooms',
      rows: [
        ['building', 'room', 'mailbox', 'Name'],
        ['Oslo', 'Fjord', 'a@example.com'],
        [null, 'Skog', 'b@example.com'],
      ],
      merges: [{ startRow: 1, startCol: 0, endRow: 2, endCol: 0 }],
    });
    const { rooms, problems } = await read(bytes);
    expect(rooms.map(({ building, name }) => [building, name])).toEqual([
      ['Oslo', 'Fjord'],
      ['Oslo', 'Skog'],
    ]);
    expect(problems).toMatchObject([{ row: 1, message: expect.stringContaining('mean the same') }]);
  });

  it('keeps markup, right-to-left marks and emoji as text', async () => {
    const names = ['<img src=x onerror=alert(1)>', '\u202egnitirw טוב', '👩‍👩‍👧 🎥', '=1+1', '{{7*7}}', '&amp;'];
    const bytes = rawWorkbook(
      sheetXml(
        [HEAD, ...names.map((name, at) => [name, '1', `r${at}@example.com`])]
          .map((row, at) => rowXml(at + 1, row))
          .join(''),
      ),
    );
    expect((await read(bytes)).rooms.map(({ name }) => name)).toEqual(names);
  });
});

describe('a workbook that means harm', () => {
  const rooms = rowXml(1, HEAD) + rowXml(2, ['Fjord', '2', 'a@example.com']);
  const code = (bytes: Uint8Array) => codeOf(() => openList(bytes));

  it('is no larger unpacked than a list can be, whatever it says of itself', async () => {
    const bomb = rawWorkbook(sheetXml(rooms), { 'xl/sharedStrings.xml': new Uint8Array(101_000_000) });
    expect(bomb.length).toBeLessThan(200_000);
    expect(await code(bomb)).toBe('LIST_TOO_LARGE');
    // The size that the archive tells is a lie: no more than that is unpacked, and what is cut off is no workbook.
    const lying = Buffer.from(bomb);
    for (let at = lying.indexOf('PK\x01\x02'); at >= 0; at = lying.indexOf('PK\x01\x02', at + 4))
      if (lying.readUInt32LE(at + 24) === 101_000_000) lying.writeUInt32LE(50, at + 24);
    const began = process.memoryUsage().rss;
    expect(await code(lying)).toBe('LIST_DAMAGED');
    expect(process.memoryUsage().rss - began).toBeLessThan(100_000_000);
    // What holds no cells is never unpacked.
    const picture = rawWorkbook(sheetXml(rooms), { 'xl/media/image1.png': new Uint8Array(20_000_000) });
    expect((await read(picture)).rooms).toHaveLength(1);
  });

  it('may declare no entities, in whichever part', async () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>';
    expect(await code(rawWorkbook(sheetXml(rooms, laughs)))).toBe('LIST_UNSAFE');
    expect(await code(rawWorkbook(sheetXml(rooms), { 'xl/styles.xml': `${laughs}<styleSheet/>` }))).toBe('LIST_UNSAFE');
    const external = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst/>';
    expect(await code(rawWorkbook(sheetXml(rooms), { 'xl/sharedStrings.xml': external }))).toBe('LIST_UNSAFE');
    const wide = Buffer.from(`\ufeff${sheetXml(rooms, laughs)}`, 'utf16le');
    expect(await code(rawWorkbook('', { 'xl/worksheets/sheet1.xml': wide }))).toBe('LIST_DAMAGED');
  });

  it('has not a million rows, nor cells in the last corner of the sheet', async () => {
    const many = Array.from({ length: 1_000_000 }, () => '<row/>').join('');
    expect(await code(rawWorkbook(sheetXml(many)))).toBe('LIST_TOO_LARGE');
    const corner = sheetXml(`${rooms}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`);
    expect(await code(rawWorkbook(corner))).toMatch(/^LIST_(TOO_LARGE|DAMAGED)$/);
    const wide = sheetXml(`${rooms}<row r="3"><c r="ZZ3"><v>1</v></c></row>`);
    expect(await code(rawWorkbook(wide))).toBe('LIST_TOO_LARGE');
  });

  it('does not fill the memory by merged areas', async () => {
    const merges = Array.from({ length: 20_000 }, (_, at) => `<mergeCell ref="A2:A${100_000 - at}"/>`).join('');
    const xml = sheetXml(rooms + rowXml(90_000, ['x'])).replace(
      '</worksheet>',
      `<mergeCells>${merges}</mergeCells></worksheet>`,
    );
    expect(await code(rawWorkbook(xml))).toBe('LIST_TOO_LARGE');
  });

  it.each([
    ['half of one', rawWorkbook(sheetXml(rooms)).subarray(0, 400)],
    ['an archive of something else', zipSync({ 'readme.txt': strToU8('hello') })],
    ['an empty archive', zipSync({})],
  ])('is told where it is %s', async (_what, bytes) => {
    expect(await code(bytes)).toBe('LIST_DAMAGED');
  });

  it('never ends in anything but rows or a code, whatever bytes are changed', async () => {
    const good = rawWorkbook(sheetXml(rooms));
    const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const outcome = await codeOf(() => read(bytes));
        expect([undefined, 'LIST_DAMAGED', 'LIST_TOO_LARGE', 'LIST_UNSAFE']).toContain(outcome);
      }),
      { numRuns: 150 },
    );
  });
});
