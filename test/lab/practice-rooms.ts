import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { z } from 'zod';
import { ascii } from './calendars.ts';

/** Address list of the practice site as a customer hands it over. */
export const SAMPLE_CSV = fileURLToPath(new URL('../../assets/sample-rooms.csv', import.meta.url));

const ListedRoom = z.object({
  room: z.string().min(1),
  building: z.string().min(1),
  floor: z.coerce.number().int(),
  mailbox: z.email(),
  address: z.ipv4(),
  serial: z.string().min(1),
  family: z.enum(['cisco', 'poly']),
});
export type ListedRoom = z.infer<typeof ListedRoom>;

const PER_FLOOR = 40;
const LAST_FLOOR = 254;

const NATURE =
  `Bekk Berg Bukt Dal Eik Elg Eng Fonn Fugl Geil Haug Hei Hegre Isbre Jerv Juv Kilde Klippe Knaus Kyst Li Lund Mark
Mose Nes Odde Osp Rype Selje Skjær Slette Stein Strand Stryk Tind Tjern Topp Ur Vann Ås`.split(/\s+/);

/** The first rooms come from the sample list, further ones are made up, always the same. */
export function listedRooms(count: number, network = '127.20'): ListedRoom[] {
  const sample = Papa.parse(readFileSync(SAMPLE_CSV, 'utf8'), { header: true, skipEmptyLines: true }).data.map((row) =>
    ListedRoom.parse(row),
  );
  const rooms = sample.slice(0, count);
  const firstFloor = Math.max(...sample.map((room) => room.floor)) + 1;
  const serials = new Set(sample.map((room) => room.serial));
  for (let index = 0; rooms.length < count; index++) {
    const floor = firstFloor + Math.floor(index / PER_FLOOR);
    if (floor > LAST_FLOOR) throw new RangeError(`no more than ${rooms.length} rooms`);
    const place = index % PER_FLOOR;
    const room = `${NATURE[place]} ${floor}`;
    const family = index % 3 === 2 ? 'poly' : 'cisco';
    let serial = madeSerial(room, family);
    for (let again = 1; serials.has(serial); again++) serial = madeSerial(`${room} ${again}`, family);
    serials.add(serial);
    rooms.push({
      room,
      building: 'Nordbank Oslo',
      floor,
      mailbox: `${ascii(room).replaceAll('.', '-')}@nordbank.example`,
      address: `127.20.${floor}.${11 + place}`,
      serial,
      family,
    });
  }
  if (network === '127.20') return rooms;
  return rooms.map((room) => ({ ...room, address: room.address.replace(/^127\.20/, network) }));
}

/** So many rooms of each maker, in the order of the list. */
export function countedRooms(counts: Record<ListedRoom['family'], number>, network?: string): ListedRoom[] {
  const left = { ...counts };
  // Two of three made-up rooms are Cisco's; a few more than are needed.
  const enough = Math.ceil(Math.max(counts.cisco * 1.5, counts.poly * 3)) + 40;
  return listedRooms(enough, network).filter(({ family }) => left[family]-- > 0);
}

export function csvOf(rooms: ListedRoom[]): string {
  const columns = Object.keys(ListedRoom.shape);
  return `${Papa.unparse(rooms, { columns, newline: '\n' })}\n`;
}

/** Looks like the maker's: Cisco `FOC` + year and week + four more, Poly `8G` + twelve more. */
export function madeSerial(name: string, family: 'cisco' | 'poly'): string {
  const hash = createHash('sha256').update(`serial:${name}`).digest();
  const number = hash.readUInt32BE(0);
  const date = `${20 + (number % 5)}${String(1 + (number % 52)).padStart(2, '0')}`;
  const tail = hash.toString('hex', 4, 12).toUpperCase();
  return family === 'cisco' ? `FOC${date}N${tail.slice(0, 3)}` : `8G${date}${tail.slice(0, 6)}CN`;
}

/** One for each number: the places of the list come first, devices that are not on it from 0x800000 on. */
export function madeMac(number: number, family: 'cisco' | 'poly'): string {
  const tail = number.toString(16).toUpperCase().padStart(6, '0');
  const maker = family === 'cisco' ? '00:50:60' : '64:16:7F';
  return `${maker}:${tail.slice(0, 2)}:${tail.slice(2, 4)}:${tail.slice(4, 6)}`;
}
