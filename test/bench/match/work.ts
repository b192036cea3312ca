/**
 * work.ts ROOMS: rooms of a real site file without a device, and as many devices that call themselves much like them:
 * what is proposed, and how long that takes, beside comparing each name with each. Prints one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { importRooms } from '../../../main/services/inventory.ts';
import { suggestMatches } from '../../../main/services/suggest.ts';
import { Site } from '../../../main/site/site.ts';

export const matchSchema = z.object({
  cpuMs: z.number(),
  /** Comparing each with each, reckoned from a part of the devices. */
  eachMs: z.number(),
  /** Devices for which no other room is likelier than theirs; of two that are as likely a person chooses. */
  right: z.number(),
  /** That many at once would be accepted from 0.9 on, and of them those that are wrong. */
  accepted: z.number(),
  wrong: z.number(),
});
export type MatchResult = z.infer<typeof matchSchema>;

/** So many devices are compared with all rooms; all of them would take minutes. */
const SAMPLE = 100;
const FIRST =
  'Nord Sør Øst Vest Store Lille Gamle Nye Øvre Nedre Hvite Røde Blå Grønne Svarte Indre Ytre Stille Lange Brede'.split(
    ' ',
  );
const SECOND =
  'fjord skog elv hav bre foss fjell dal vik nes holm sund strand bakke lund mo eng vann tind ås haug myr sjø øy bukt li hei voll stad by bro port torg park plass gate tun gård kai havn'.split(
    ' ',
  );

if (import.meta.main) process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));

async function measure(count: number): Promise<MatchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'otj-bench-'));
  const site = await Site.create(join(folder, 'bench.otjsite'), 'only for this bench', {});
  try {
    const names = Array.from({ length: count }, (_, at) => roomName(at));
    const lines = names.map((name, at) => `${name},House ${at % 7},room-${at}@bench.example`);
    importRooms(site, Buffer.from(['room,building,mailbox', ...lines].join('\n')));
    const roomOf = devicesOf(site, names);
    const began = process.cpuUsage();
    const found = suggestMatches(site);
    const used = process.cpuUsage(began);
    const best = new Map<number, number>();
    for (const { deviceId, score } of found) best.set(deviceId, Math.max(score, best.get(deviceId) ?? 0));
    const sure = found.filter(({ score, rival }) => score >= 0.9 && rival < score);
    return {
      cpuMs: (used.user + used.system) / 1000,
      eachMs: eachWithEach(names),
      right: found.filter(
        ({ deviceId, roomId, score }) => roomOf.get(deviceId) === roomId && score === best.get(deviceId),
      ).length,
      accepted: sure.length,
      wrong: sure.filter(({ deviceId, roomId }) => roomOf.get(deviceId) !== roomId).length,
    };
  } finally {
    site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** No two are the same, and most share a word with many others. */
function roomName(at: number): string {
  const [first = '', second = ''] = [FIRST[at % FIRST.length], SECOND[Math.floor(at / FIRST.length) % SECOND.length]];
  return `${first}${second} ${1 + Math.floor(at / (FIRST.length * SECOND.length))}`;
}

/** @returns the room of each device */
function devicesOf(site: Site, names: readonly string[]): Map<number, number> {
  const idOf = new Map(site.rooms.all().map(({ name, id }) => [name, id]));
  const roomOf = new Map<number, number>();
  site.db.transaction(() => {
    for (const [at, name] of names.entries()) {
      const id = site.evidence.add(`10.${at >> 14}.${(at >> 7) & 127}.${1 + (at & 127)}`, {
        sshPort: 22,
        httpsPort: 443,
      });
      const device = { serial: `S${at}`, mac: null, model: 'Room Kit', software: '11', systemName: asCalled(name, at) };
      site.rooms.identify(id, device);
      roomOf.set(id, idOf.get(name) ?? 0);
    }
  });
  return roomOf;
}

/** As people write it on a device: as it is, in capitals with the make, without accents, in one word, misspelt. */
function asCalled(name: string, at: number): string {
  const [word = '', number = ''] = name.split(' ');
  const plain = word.replaceAll(/[øå]/gi, (letter) => ({ ø: 'o', å: 'a', Ø: 'O', Å: 'A' })[letter] ?? letter);
  const middle = Math.floor(word.length / 2);
  const written = [
    name,
    `VC-${plain.toUpperCase()}-${number}`,
    `${plain} ${number} Webex Room Kit`,
    `${word}${number}`,
    `${word.slice(0, middle)}${word.slice(middle + 1)} ${number}`,
  ];
  return written[at % written.length] ?? name;
}

/** What anybody would do first, with the same library: the nearest of all names for each. */
function eachWithEach(names: readonly string[]): number {
  const rooms = names.map((name) => name.toLowerCase());
  const began = process.cpuUsage();
  const step = Math.max(1, Math.floor(names.length / SAMPLE));
  let compared = 0;
  for (let at = 0; at < names.length; at += step, compared++)
    closest(asCalled(names[at] ?? '', at).toLowerCase(), rooms);
  const { user, system } = process.cpuUsage(began);
  return ((user + system) / 1000) * (names.length / compared);
}
