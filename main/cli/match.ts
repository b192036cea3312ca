/** `otj match`: which device is which room's. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { Suggestion } from '../contract/rooms.ts';
import { roomsNamed } from '../services/inventory.ts';
import { acceptMatches, assignAll, type Matched, releaseDevice, undoMatches } from '../services/match.ts';
import { listedNames, suggestMatches } from '../services/suggest.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type GlobalOptions, withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

/** More lines than anybody reads; --json has them all. */
const MOST_SHOWN = 200;

export function addMatchCommand(program: Command): void {
  program
    .command('match')
    .summary('say which device is which room’s')
    .description(
      'Lists which device could be which room’s, with score and reason, then rooms without a device and devices without a room. A device is recognised by the serial number or MAC address that a list tells, by its address, or by its name, which is compared with the rooms’ names and mailboxes. A match is refused while work on the room is begun and not undone.',
    )
    .argument('<site>')
    .option('--accept <score>', 'accept every proposal of at least this score (0.5 to 1) that has no equal, e.g. 0.9')
    .option('--room <room>', 'this room gets the device at --device')
    .option('--device <address>', 'address of the device')
    .option('--release <room>', 'this room has no device any more')
    .option('--undo', 'take the last match, release or acceptance back')
    .action(match);
}

interface Options {
  accept?: string;
  room?: string;
  device?: string;
  release?: string;
  undo?: true;
}

type Deed = (site: Site) => Matched;

async function match(path: string, own: Options, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const deed = deedOf(own);
  if (!deed) return withSite(path, options, { unlock: false }, ({ site, out }) => list(site, out));
  return withSite(path, options, { unlock: false, change: true }, ({ site, out }) => {
    const matched = deed(site);
    const names = new Map(site.rooms.all().map(({ id, name }) => [id, name]));
    const count = roomCount(matched.matched);
    out.say(
      own.undo
        ? `${count} as before the last match.`
        : own.release
          ? `${count} without a device now.`
          : `${count} matched.`,
    );
    for (const { roomId, words } of matched.refused) out.say(`▲ ${clean(names.get(roomId) ?? '')}: ${clean(words)}`);
    for (const id of matched.rooms.slice(0, MOST_SHOWN)) {
      const device = site.rooms.endpointOf(id);
      out.say(`    ${clean(names.get(id) ?? '')}: ${device ? device.address : 'no device'}`);
    }
    if (matched.matched > 0 && !own.undo) out.say(`Not right? otj match ${clean(path)} --undo`);
    out.emit({ type: 'result', ...matched });
    return matched.refused.length > 0 ? 1 : 0;
  });
}

/** null = only look. Throws USAGE. */
function deedOf({ accept, room, device, release, undo }: Options): Deed | null {
  const given = [
    accept !== undefined,
    room !== undefined || device !== undefined,
    release !== undefined,
    undo === true,
  ];
  if (given.filter(Boolean).length > 1) throw new OtjError('USAGE', 'one of --accept, --room, --release, --undo');
  if (undo) return (site) => undoMatches(site, null);
  if (release !== undefined) return (site) => releaseDevice(site, named(site, release).id);
  if (accept !== undefined) {
    const score = Number(accept);
    if (!(score >= 0.5 && score <= 1)) throw new OtjError('USAGE', `--accept ${accept}: 0.5 to 1`);
    return (site) => acceptMatches(site, score);
  }
  if (room === undefined && device === undefined) return null;
  if (room === undefined || device === undefined) throw new OtjError('USAGE', 'give --room and --device');
  return (site) => {
    const endpoint = site.rooms.endpointAt(device.toLowerCase());
    if (!endpoint) throw new OtjError('DEVICE_UNKNOWN', device);
    return assignAll(site, [{ roomId: named(site, room).id, deviceId: endpoint.id }], { all: true });
  };
}

function named(site: Site, name: string): Room {
  const [room] = roomsNamed(site, [name]);
  if (!room) throw new OtjError('ROOM_UNKNOWN', name);
  return room;
}

function list(site: Site, out: Output): number {
  const devices = site.rooms.endpoints();
  const rooms = site.rooms.all();
  const suggestions = suggestMatches(site).toSorted((a, b) => b.score - a.score);
  const deviceOf = new Map(devices.map((device) => [device.id, device]));
  const roomOf = new Map(rooms.map((room) => [room.id, room]));
  const taken = new Set(devices.map(({ roomId }) => roomId));
  const without = rooms.filter(({ id }) => !taken.has(id));
  const homeless = devices.filter(({ roomId, ours }) => roomId === null && ours !== false);
  const named = listedNames(site);
  if (suggestions.length > 0) {
    out.table(
      ['score', 'room', 'device', 'why'],
      suggestions
        .slice(0, MOST_SHOWN)
        .map((one) => [
          one.score.toFixed(2),
          roomOf.get(one.roomId)?.name ?? '',
          deviceOf.get(one.deviceId)?.address ?? '',
          whyWords(one),
        ]),
      [],
    );
    out.say();
  } else out.say('No proposals.');
  short(
    out,
    `${without.length} without a device`,
    without.map(({ name, mailbox }) => [name, mailbox]),
    ['room', 'mailbox'],
  );
  short(
    out,
    `${homeless.length} devices without a room`,
    homeless.map((device) => deviceRow(device, named(device))),
    ['device', 'serial', 'what'],
  );
  if (suggestions.length > 0) out.say('Accept the sure ones: --accept 0.9. One by hand: --room ROOM --device ADDRESS.');
  for (const one of suggestions)
    out.emit({
      type: 'suggestion',
      room: roomOf.get(one.roomId)?.name ?? '',
      address: deviceOf.get(one.deviceId)?.address ?? '',
      ...one,
    });
  for (const { id, name, mailbox } of without) out.emit({ type: 'room', roomId: id, room: name, mailbox });
  for (const { id, address, serial, mac } of homeless) out.emit({ type: 'device', deviceId: id, address, serial, mac });
  out.emit({ type: 'result', suggestions: suggestions.length, rooms: without.length, devices: homeless.length });
  return 0;
}

function deviceRow({ address, serial, systemName, sighting }: Endpoint, listed: string | null): (string | null)[] {
  return [address, serial, systemName ?? listed ?? sighting];
}

function short(out: Output, title: string, rows: (string | null)[][], head: string[]): void {
  out.say(`${title}${rows.length > 0 ? ':' : '.'}`);
  if (rows.length > 0) out.table(head, rows.slice(0, MOST_SHOWN));
  if (rows.length > MOST_SHOWN) out.say(`… and ${rows.length - MOST_SHOWN} more.`);
}

function whyWords({ by, said, wanted, rival, score }: Suggestion): string {
  const equal = rival >= score ? ' (another is as good)' : '';
  if (by === 'serial') return `serial number ${said}${equal}`;
  if (by === 'mac') return `MAC address ${said}${equal}`;
  if (by === 'address') return `address ${said} in the list${equal}`;
  return `device says “${said}”, ${by === 'name' ? 'room' : 'mailbox'} “${wanted}”${equal}`;
}
