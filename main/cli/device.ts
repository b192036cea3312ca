/** `otj device`: how the device of a room is spoken to, and what it told of itself. */
import { type Command, Option } from 'commander';
import { type Told, type ToldKey, type TransportChoice, transportChoiceSchema } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { decide } from '../services/decide.ts';
import { FAMILY_WORDS, roomsNamed } from '../services/inventory.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { duration, type Output } from './output.ts';

export function addDeviceCommand(program: Command): void {
  program
    .command('device')
    .summary('how a device is spoken to, and what it told')
    .description(
      'Shows how the device of a room is spoken to and what it told of itself at the last visit; with options, sets how to speak to it from now on. Speaks to no device and needs no passphrase.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .addOption(
      new Option(
        '--transport <way>',
        'auto begins with the way that worked last; telnet (Poly Group) is not encrypted: everybody in the network between can read the passwords, so it is used only where you say so here',
      ).choices(transportChoiceSchema.options),
    )
    .addOption(
      new Option(
        '--legacy <switch>',
        'on: SSH algorithms and TLS versions that are no longer safe may be agreed with it',
      ).choices(['on', 'off']),
    )
    .action(device);
}

interface DeviceOptions {
  transport?: TransportChoice;
  legacy?: 'on' | 'off';
}

function device(path: string, name: string, { transport, legacy }: DeviceOptions, command: Command): Promise<void> {
  const change = transport !== undefined || legacy !== undefined;
  return withSite(path, command.optsWithGlobals(), { unlock: false, change }, ({ site, out }) => {
    const [room] = roomsNamed(site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    if (change)
      decide(site, {
        roomId: room.id,
        ...(transport === undefined ? {} : { transport }),
        ...(legacy === undefined ? {} : { legacy: legacy === 'on' }),
      });
    show(site, room, out);
    return 0;
  });
}

function show({ rooms }: Site, room: Room, out: Output): void {
  const endpoint = rooms.endpointOf(room.id);
  if (!endpoint) throw new OtjError('NO_ADDRESS', room.name);
  const { address, family, model, software, serial, transport, lastTransport, weakness, legacy, told } = endpoint;
  out.emit({
    type: 'device',
    room: room.name,
    ...{ address, family, model, software, serial, transport, lastTransport, weakness, legacy, told },
    accepted: room.accepted,
    takeMacros: room.takeMacros,
    leaveMacros: room.leaveMacros,
  });
  out.table(['', room.name], [...linkRows(endpoint), ...decisionRows(room), ...told.map(toldRow)]);
  if (told.length === 0) out.say('It has told nothing yet: otj plan reads it.');
}

function linkRows({
  address,
  family,
  familyGuessed,
  model,
  software,
  serial,
  transport,
  lastTransport,
  weakness,
  legacy,
}: Endpoint): string[][] {
  return [
    [
      'device',
      [
        familyGuessed ? 'Poly, which kind is seen at the first look' : family ? FAMILY_WORDS[family] : 'not recognised',
        model,
        software,
        serial,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['address', address],
    ['spoken to over', transport === 'auto' ? 'whatever works' : `${transport.toUpperCase()} only`],
    ['last time over', lastTransport?.toUpperCase() ?? '–'],
    ['old algorithms', legacy ? '▲ may be agreed' : 'refused'],
    ...(weakness ? [['not safe', `▲ ${weakness}`]] : []),
  ];
}

function decisionRows({ accepted, takeMacros, leaveMacros }: Room): string[][] {
  return [
    ...(accepted.length > 0 ? [['accepted', accepted.join(', ')]] : []),
    ...(takeMacros.length > 0 ? [['macros to take', takeMacros.join(', ')]] : []),
    ...(leaveMacros.length > 0 ? [['macros to leave', leaveMacros.join(', ')]] : []),
  ];
}

function toldRow({ key, value, warn }: Told): string[] {
  const seconds = /^(\d{1,12})s$/.exec(value)?.[1];
  return [TOLD_WORDS[key], `${warn ? '▲ ' : ''}${seconds ? running(Number(seconds)) : value}`];
}

function running(seconds: number): string {
  if (seconds < 7_200) return duration(seconds * 1000);
  const hours = Math.floor(seconds / 3_600);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

const TOLD_WORDS: Record<ToldKey, string> = {
  generation: 'generation',
  uptime: 'running for',
  clock: 'clock',
  ntp: 'time server',
  macros: 'macros',
  'macro-start': 'macros start by themselves',
  'macro-engine': 'macro engine',
  http: 'HTTP service',
  websocket: 'WebSocket',
  ssh: 'SSH service',
  tls: 'oldest TLS',
  'http-client': 'HttpClient',
  'http-allowed': 'HttpClient may call',
  provisioning: 'provisioning',
  manager: 'management system',
  webex: 'Webex',
  'webex-id': 'Webex device id',
  users: 'users',
  'passphrase-life': 'passphrases end after',
  panels: 'panels',
  bookings: 'meetings',
  provider: 'runs in the mode of',
  'peer-check': 'checks certificates of servers',
  upgrade: 'software update',
};
