import { describe, expect, it } from 'vitest';
import { type RoomList, readRoomList, roomListTemplate } from '../../main/roomlist/read.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): RoomList => readRoomList(utf8(text));
const HEAD = 'room,building,floor,mailbox,address,serial,family';
const row = (text: string): RoomList => read(`${HEAD}\n${text}\n`);

/** The one problem of a list, which must have exactly one. */
function only(list: RoomList): RoomList['problems'][number] {
  expect(list.problems).toHaveLength(1);
  const [problem] = list.problems;
  if (!problem) throw new Error('no problem');
  return problem;
}

function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return new Uint8Array(order === 'le' ? bytes : bytes.swap16());
}

describe('a good list', () => {
  it('reads every column', () => {
    const list = row('Møterom 1,Oslo,2,rom1@example.com,10.0.0.5,FOC1,Cisco');
    expect(list).toMatchObject({
      rooms: [
        {
          row: 2,
          name: 'Møterom 1',
          building: 'Oslo',
          floor: '2',
          mailbox: 'rom1@example.com',
          address: '10.0.0.5',
          serial: 'FOC1',
          mac: null,
          family: 'cisco-roomos',
        },
      ],
      problems: [],
    });
  });

  it('needs only room and mailbox', () => {
    expect(read('room,mailbox\nA,a@example.com')).toMatchObject({
      rooms: [
        {
          row: 2,
          name: 'A',
          building: '',
          floor: '',
          mailbox: 'a@example.com',
          address: null,
          serial: null,
          mac: null,
          family: null,
        },
      ],
      problems: [],
    });
  });

  it('reads its own template', () => {
    const { rooms, problems } = read(roomListTemplate());
    expect(problems).toEqual([]);
    expect(rooms.map(({ family }) => family)).toEqual(['cisco-roomos', 'poly-videoos']);
  });

  it.each([
    ['Room Name;SITE;Floor;E_Mail;IP Address;Serial Number;Vendor'],
    ['Raum;Gebäude;Etage;Postfach;IP-Adresse;Seriennummer;Hersteller'],
    ['Rom;Bygning;Etasje;E-post;Adresse;Serienummer;Type'],
    [' room ;"building";FLOOR;Room-Mailbox;host;serial_no;family'],
  ])('knows the headings %s', (heading) => {
    const { rooms, problems } = read(`${heading}\nA;B;C;a@example.com;h1;S;poly`);
    expect(problems).toEqual([]);
    expect(rooms).toEqual([
      {
        ...{ row: 2, name: 'A', building: 'B', floor: 'C', mailbox: 'a@example.com' },
        ...{ address: 'h1', serial: 'S', mac: null, family: 'poly-videoos', anyPoly: true },
      },
    ]);
  });

  it.each([',', ';', '\t', '|'])('guesses the delimiter %j', (delimiter) => {
    const text = `room,mailbox,floor\n"A, B; C | D",a@example.com,1`.split('\n');
    const cells = ['"A, B; C | D"', 'a@example.com', '1'];
    const { rooms, problems } = read(`${text[0]?.replaceAll(',', delimiter)}\r\n${cells.join(delimiter)}\r\n`);
    expect(problems).toEqual([]);
    expect(rooms[0]).toMatchObject({ name: 'A, B; C | D', floor: '1' });
  });

  it('obeys the line in which Excel names the delimiter, and does not count it', () => {
    const { rooms, problems } = read('sep=;\nroom;mailbox\nA;a@example.com\n');
    expect(problems).toEqual([]);
    expect(rooms[0]).toMatchObject({ row: 2, name: 'A' });
  });

  it('counts rows as a spreadsheet does', () => {
    const { rooms, problems } = read(
      '\nroom,mailbox\n\n"two\nlines",a@example.com\nB,b@example.com\n,,\nC,c@example.com',
    );
    expect(problems).toMatchObject([{ row: 4, column: 'room', value: 'twolines' }]);
    expect(rooms.map(({ row: at }) => at)).toEqual([5, 7]);
  });

  it.each(['\n', '\r\n', '\r'])('takes line ends %j', (end) => {
    expect(read(['room,mailbox', 'A,a@example.com', 'B,b@example.com'].join(end)).rooms).toHaveLength(2);
  });

  it('ignores empty columns that Excel leaves behind', () => {
    expect(read('room;mailbox;;;\nA;a@example.com;;;\n').problems).toEqual([]);
  });

  it('composes characters, so that two ways to write one name are one name', () => {
    const { rooms, problems } = read('room,mailbox\nZu\u0308rich,a@example.com\nZürich,b@example.com');
    expect(rooms.map(({ name }) => name)).toEqual(['Zürich']);
    expect(problems).toMatchObject([{ row: 3, column: 'room' }]);
  });
});

describe('encodings', () => {
  const text = 'Raum;Gebäude;Postfach\r\nGrünau – Süd;Köln;a@example.com\r\nBlåbær;Tromsø;b@example.com\r\n';
  const names = ['Grünau – Süd', 'Blåbær'];
  const windows = Uint8Array.from(text, (char) => (char === '–' ? 0x96 : char.charCodeAt(0)));

  it.each([
    ['UTF-8', utf8(text)],
    ['UTF-8 with mark', utf8(`\ufeff${text}`)],
    ['UTF-16 LE with mark', utf16(text, 'le', true)],
    ['UTF-16 BE with mark', utf16(text, 'be', true)],
    ['UTF-16 LE', utf16(text, 'le', false)],
    ['UTF-16 BE', utf16(text, 'be', false)],
    ['Windows-1252, as Excel exports with semicolons', windows],
  ])('reads %s', (_name, bytes) => {
    const { rooms, problems } = readRoomList(bytes);
    expect(problems).toEqual([]);
    expect(rooms.map(({ name }) => name)).toEqual(names);
  });

  it('reads the “Unicode text” of Excel: UTF-16 with tabs', () => {
    expect(readRoomList(utf16(text.replaceAll(';', '\t'), 'le', true)).rooms).toHaveLength(2);
  });
});

describe('headings', () => {
  it('asks for a missing column, naming what was probably meant', () => {
    const list = read('room,mailbx,floor\nA,a@example.com,1');
    expect(list.rooms).toEqual([]);
    expect(only(list)).toMatchObject({
      row: 1,
      column: 'mailbox',
      value: 'mailbx',
      todo: 'Write mailbox instead of “mailbx”.',
    });
  });

  it('asks for a missing column that nothing looks like', () => {
    expect(only(read('floor,mailbox\n1,a@example.com'))).toMatchObject({ row: 1, column: 'room', value: '' });
  });

  it('reads on without an unknown column, and proposes the nearest name', () => {
    const list = read('room,mailbox,flor,Capacity\nA,a@example.com,1,8');
    expect(list.rooms).toHaveLength(1);
    expect(list.problems).toMatchObject([
      { row: 1, column: 'flor', todo: 'Write floor if that is meant; else remove the column.' },
      { row: 1, column: 'Capacity' },
    ]);
  });

  it('wants each column once', () => {
    expect(only(read('room,name,mailbox\nA,B,a@example.com'))).toMatchObject({ row: 1, column: 'name' });
  });

  it('says so when there is no heading row', () => {
    expect(only(read('A,a@example.com\nB,b@example.com'))).toMatchObject({ row: 1, column: '' });
  });
});

describe('rows', () => {
  it.each([
    ['Polycom Group 500', 'poly-group'],
    ['RealPresence Group 310', 'poly-group'],
    ['Polycom Trio 8800', 'poly-trio'],
    ['poly-trio', 'poly-trio'],
    ['Polycom HDX 9000', 'poly-hdx'],
    ['RealPresence Debut', 'poly-debut'],
    ['Poly', 'poly-videoos'],
    ['Poly Studio X50', 'poly-videoos'],
    ['G7500', 'poly-videoos'],
  ])('knows what %s is', (words, family) => {
    expect(row(`A,,,a@example.com,,,${words}`).rooms).toMatchObject([{ family }]);
  });

  it.each([
    ['no name', ',,,a@example.com', 'room', 'The room has no name.'],
    ['a long name', `${'x'.repeat(101)},,,a@example.com`, 'room', 'longer than 100'],
    ['a control character', 'A\u0007B,,,a@example.com', 'room', 'control characters'],
    ['no mailbox', 'A', 'mailbox', 'no mailbox'],
    ['a bad mailbox', 'A,,,room1 at example', 'mailbox', 'not a valid mail address'],
    ['a mailbox that is far too long', `A,,,${'a'.repeat(60_000)}@example.com`, 'mailbox', 'not a valid mail address'],
    ['an impossible IPv4 address', 'A,,,a@example.com,10.0.0.256', 'address', 'neither'],
    ['an incomplete IPv4 address', 'A,,,a@example.com,10.0.0', 'address', 'neither'],
    ['a network', 'A,,,a@example.com,10.0.0.0/24', 'address', 'neither'],
    ['a multicast address', 'A,,,a@example.com,239.1.1.1', 'address', 'No single device'],
    ['a bad host name', 'A,,,a@example.com,room_1-.local', 'address', 'neither'],
    ['a scheme', 'A,,,a@example.com,https://10.0.0.1:443/web', 'address', 'https://'],
    ['a port', 'A,,,a@example.com,10.0.0.1:443', 'address', 'a port'],
    ['an IPv6 port', 'A,,,a@example.com,[2001:db8::1]:443', 'address', 'a port'],
    ['a rounded serial number', 'A,,,a@example.com,,"8,20123E+12"', 'serial', 'rounded'],
    ['an unknown family', 'A,,,a@example.com,,,Lifesize', 'family', 'not known'],
    ['too many fields', 'A,B,C,a@example.com,,,cisco,more', '', '7 headings'],
    ['an open quotation mark', '"A,B,C,a@example.com', '', 'never closed'],
    ['a stray quotation mark', '"A" B",,,a@example.com', '', 'within a quoted value'],
  ])('refuses %s', (_what, text, column, message) => {
    const list = row(text);
    expect(list.rooms).toEqual([]);
    const problem = only(list);
    expect(problem).toMatchObject({ row: 2, column, message: expect.stringContaining(message) });
    expect(problem.value.length).toBeLessThanOrEqual(80);
    expect(problem.todo).not.toBe('');
  });

  it.each([
    ['https://10.0.0.1:443/web', 'Write 10.0.0.1'],
    ['https://[2001:db8::1]/', 'Write 2001:db8::1'],
    ['room1.example.com:22', 'Write room1.example.com'],
    ['[fe80::1]', 'Write fe80::1'],
  ])('proposes what to write instead of %s', (address, todo) => {
    expect(only(row(`A,,,a@example.com,${address}`)).todo).toBe(todo);
  });

  it.each([
    ['Room1.Example.COM.', 'room1.example.com'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['127.0.0.5', '127.0.0.5'],
    ['SEP001122334455', 'sep001122334455'],
  ])('takes the address %s', (address, expected) => {
    const { rooms, problems } = row(`A,,,a@example.com,${address}`);
    expect(problems).toEqual([]);
    expect(rooms[0]?.address).toBe(expected);
  });

  it.each([
    ['CISCO', 'cisco-roomos'],
    ['Cisco Webex Room Kit', 'cisco-roomos'],
    ['RoomOS', 'cisco-roomos'],
    ['cisco-roomos', 'cisco-roomos'],
    ['Poly', 'poly-videoos'],
    ['HP Poly', 'poly-videoos'],
    ['Poly Studio X50', 'poly-videoos'],
    ['G7500', 'poly-videoos'],
    ['poly-videoos', 'poly-videoos'],
    ['', null],
  ])('takes the family %j', (family, expected) => {
    expect(row(`A,,,a@example.com,,,${family}`).rooms[0]?.family).toBe(expected);
  });

  it.each([
    ['room', 'ROOM  a,HQ,,b@example.com,10.0.0.2,S2', 'Row 2 has a room of this name in the same building already.'],
    ['mailbox', 'B,HQ,,A@Example.com,10.0.0.2,S2', 'Row 2 has this mailbox already.'],
    ['address', 'B,HQ,,b@example.com,10.0.0.1,S2', 'Row 2 has this address already.'],
    ['serial', 'B,HQ,,b@example.com,10.0.0.2,s1', 'Row 2 has this serial number already.'],
  ])('refuses the later of two rows with the same %s', (column, text, message) => {
    const list = row(`Room A,HQ,,a@example.com,10.0.0.1,S1\n${text}`);
    expect(list.rooms.map(({ row: at }) => at)).toEqual([2]);
    expect(only(list)).toMatchObject({ row: 3, column, message });
  });

  it('allows one room name in two buildings', () => {
    expect(row('A,North,,a@example.com\nA,South,,b@example.com').problems).toEqual([]);
  });

  it('keeps the good rows and tells every problem of a bad one, in the words of its headings', () => {
    const list = read('Raum;Postfach;IP-Adresse\nA;a@example.com;10.0.0.1\n;x;http://y\nB;b@example.com;\n');
    expect(list.rooms.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(list.problems.map(({ row: at, column, value }) => [at, column, value])).toEqual([
      [3, 'Raum', ''],
      [3, 'Postfach', 'x'],
      [3, 'IP-Adresse', 'http://y'],
    ]);
  });

  it('shows values without what could confuse a terminal', () => {
    const { value } = only(row(`A,,,\u001b[31mred\u202e${'x'.repeat(200)}`));
    expect(value).toMatch(/^\[31mredx+…$/);
    expect(value).toHaveLength(80);
  });
});

describe('what is wrong with a list', () => {
  it('is told by a code with its details, and the same in English', () => {
    const list = read('room,mailbox,flor\nA,a@example.com,1\nA,b@example.com,1\n,c,1');
    expect(list.problems.map(({ row: at, column, code, details }) => [at, column, code, details])).toEqual([
      [1, 'flor', 'HEADING_NEAR', { heading: 'flor', near: 'floor' }],
      [3, 'room', 'NAME_TWICE', { at: '2' }],
      [4, 'room', 'NAME_MISSING', {}],
      [4, 'mailbox', 'MAILBOX_UNFIT', {}],
    ]);
  });

  it('takes a detail for what it is, whatever it looks like', () => {
    const [problem] = read('room,mailbox,{{columns}} $t(x)\nA,a@example.com,1').problems;
    expect(problem?.message).toBe('The heading “{{columns}} $t(x)” is not known, so its column is not read.');
  });
});

describe('files that are no room list', () => {
  it.each([
    ['an empty file', new Uint8Array(), 'empty'],
    ['only a mark', Uint8Array.of(0xef, 0xbb, 0xbf), 'empty'],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 6, 0), 'workbook'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1), 'workbook'],
    ['zero bytes', utf8(`${HEAD}\nA\0B,,,a@example.com`), 'not text'],
    ['a program', Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251), 'not text'],
    ['half a character of UTF-16', Uint8Array.of(0xff, 0xfe, 0x41), 'damaged'],
    ['a line of 10 MB', utf8(`${HEAD}\n${'x'.repeat(10_000_000)}`), 'longer than'],
    ['10 MB without a line end', utf8('a,'.repeat(5_000_000)), 'longer than'],
    ['more than 20 MB', new Uint8Array(20_000_001).fill(0x41), 'larger than 20 MB'],
    ['20 MB of line ends', new Uint8Array(20_000_000).fill(0x0a), 'lines'],
    ['a web page', utf8('<!DOCTYPE html>\n<html><body>Sign in</body></html>'), 'headings'],
  ])('refuses %s with one problem', (_what, bytes, message) => {
    const list = readRoomList(bytes);
    expect(list.rooms).toEqual([]);
    expect(only(list).message).toContain(message);
  });

  it('tells the way out of a workbook', () => {
    expect(only(readRoomList(Uint8Array.of(0x50, 0x4b, 3, 4))).todo).toContain('CSV');
  });
});

describe('whatever comes', () => {
  /** Small and repeatable: a failing seed can be run again. */
  function random(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }
  const PARTS = [
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\r\n',
    '"',
    '""',
    'room',
    'mailbox',
    'address',
    'a@b.cd',
    '10.0.0.1',
    '\0',
    'é',
  ];

  it('never throws on 10,000 random buffers', () => {
    for (let seed = 0; seed < 10_000; seed += 1) {
      const next = random(seed);
      const bytes = Uint8Array.from({ length: Math.floor(next() * 300) }, () => Math.floor(next() * 256));
      const parts = Array.from(
        { length: Math.floor(next() * 60) },
        () => PARTS[Math.floor(next() * PARTS.length)] ?? '',
      );
      const text = seed % 2 === 0 ? parts.join('') : `room,mailbox,address\n${parts.join('').replaceAll('\0', '')}`;
      for (const list of [readRoomList(bytes), read(text)]) {
        for (const problem of list.problems) expect(problem.value.length).toBeLessThanOrEqual(80);
      }
    }
  });

  it('reads 100,000 rows', () => {
    const line = (at: number) => `Room ${at},HQ,1,r${at}@example.com,h${at}.example.com,S${at},cisco`;
    const list = utf8(`${HEAD}\n${Array.from({ length: 100_000 }, (_, at) => line(at)).join('\n')}`);
    expect(readRoomList(list).rooms).toHaveLength(100_000);
  });

  it.each([
    ['bad rows', `${',,,x,http://y,,z\n'.repeat(200_000)}`],
    ['the same row', `${'A,,,a@example.com,10.0.0.1\n'.repeat(200_000)}`],
    ['quotation marks', `${'"'.repeat(60_000)}\n`.repeat(300)],
    ['stray quotation marks', `${'"a"a'.repeat(15_000)}\n`.repeat(300)],
    ['separators', `${','.repeat(60_000)}\n`.repeat(300)],
    // What made it slow would meet the time limit of the test.
  ])('is not held or filled up by %s', (_what, body) => {
    const list = row(body);
    expect(list.problems.length).toBeLessThanOrEqual(5001);
  });
});
