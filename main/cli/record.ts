/** `otj record`: how a device answers, as a file for those who have no such device. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Command, Option } from 'commander';
import { type Transport, transportSchema } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { type DrivenFamily, drivenFamilySchema, isByHand } from '../contract/plan.ts';
import type { Recording } from '../endpoints/record/recording.ts';
import { FAMILY_WORDS, roomsNamed } from '../services/inventory.ts';
import { familyAt, lookAtKey, recordAddress, recordRoom } from '../services/record.ts';
import { assertWay } from '../services/recordedDevice.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type GlobalOptions, stopSignal, withSite } from './context.ts';
import { port } from './discover.ts';
import { assertKey, fingerprint } from './keyShown.ts';
import { clean, makeOutput, type Output } from './output.ts';
import { descriptor, readSecret } from './secrets.ts';

export function addRecordCommand(program: Command): void {
  program
    .command('record')
    .summary('record how a device answers, for support')
    .description(
      'Asks a device (a codec, VideoOS, Group, Trio) what it can tell, changes nothing on it, and writes every request and answer to a file in which passwords, names, serial numbers and addresses are replaced by stand-ins. Whoever gets the file can play it like the device. With a site and a room it uses the login and the key that the site file keeps; with an address alone it finds out what is there, shows the key of the device before it sends anything, and asks for the password.',
    )
    .argument('<site-or-address>', 'the site file, or the address of a device that is on no list')
    .argument('[room]', 'of the site: address, name or mailbox')
    .option('--out <folder>', 'where the file goes; without it, beside the site file, or in the current folder')
    .addOption(
      new Option(
        '--transport <way>',
        'how to speak to it; telnet, which is not encrypted, only where it is said',
      ).choices(transportSchema.options),
    )
    .option('--retry', 'of a site: also try a login that was refused before')
    .addOption(
      new Option('--family <family>', 'of an address: what it is, in place of looking').choices(
        drivenFamilySchema.options,
      ),
    )
    .option('--user <name>', 'of an address: who logs in (admin; of a Trio Polycom)')
    .option('--password-fd <fd>', 'of an address: the password comes from this file descriptor', descriptor)
    .option('--pin <sha256>', 'of an address: the key that it must show, in place of being asked', fingerprint)
    .option('--ssh-port <port>', 'of an address (22)', port)
    .option('--https-port <port>', 'of an address (443)', port)
    .option('--telnet-port <port>', 'of an address (24)', port)
    .option('--legacy', 'of an address: old algorithms and TLS versions may be agreed')
    .action(record);
}

interface RecordFlags {
  out?: string;
  transport?: string;
  retry?: boolean;
}

interface AddressFlags {
  family?: DrivenFamily;
  user?: string;
  passwordFd?: number;
  pin?: string;
  sshPort?: number;
  httpsPort?: number;
  telnetPort?: number;
  legacy?: boolean;
}

function record(
  where: string,
  room: string | undefined,
  own: RecordFlags & AddressFlags,
  command: Command,
): Promise<void> {
  if (room === undefined) return recordLone(where, own, command);
  const { family, user, passwordFd, pin, sshPort, httpsPort, telnetPort, legacy } = own;
  if ([family, user, passwordFd, pin, sshPort, httpsPort, telnetPort, legacy].some((flag) => flag !== undefined))
    throw new OtjError('USAGE', 'a room has its kind of device, login, key and ports in the site file');
  return recordListed(where, room, own, command);
}

function recordListed(path: string, name: string, own: RecordFlags, command: Command): Promise<void> {
  const way = wayOf(own);
  const check = (site: Site) => {
    const { family = null } = site.rooms.endpointOf(roomOf(site, name).id) ?? {};
    if (way && family && !isByHand(family)) assertWay(family, way);
  };
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async ({ site, out, signal }) => {
    const { path: file, recording } = await recordRoom(site, {
      room: roomOf(site, name),
      folder: own.out ?? null,
      transport: way,
      insist: own.retry === true,
      signal,
      told: (done, of) => out.progress(`${done} of ${of} readings`),
    });
    tell(out, file, recording);
    return 0;
  });
}

async function recordLone(address: string, own: RecordFlags & AddressFlags, command: Command): Promise<void> {
  if (existsSync(address)) throw new OtjError('USAGE', `which room of ${address}?`);
  if (!isIP(address) && !HOST.test(address))
    throw new OtjError('USAGE', `neither a site file nor an address: ${address}`);
  if (own.retry) throw new OtjError('USAGE', '--retry goes with a site, which remembers what was refused');
  const { passwordFd, pin = null, sshPort = 22, httpsPort = 443, telnetPort = 24, legacy = false } = own;
  const out = makeOutput(command.optsWithGlobals<GlobalOptions>().json === true);
  const signal = stopSignal(out);
  const transport = wayOf(own) ?? 'auto';
  const family = own.family ?? (await familyAt({ address, sshPort, httpsPort, transport }, signal));
  const { user: username = family === 'poly-trio' ? 'Polycom' : 'admin' } = own;
  const where = { family, address, sshPort, httpsPort, telnetPort, username, transport, legacy } as const;
  // Before a password is asked for: nobody shall type it for a device that is the wrong one.
  const key = await lookAtKey(where, signal);
  if (key) await assertKey(out, address, key, pin);
  else {
    if (pin !== null) throw new OtjError('USAGE', 'over telnet a device shows no key');
    out.say('▲ Telnet is not encrypted, and the device does not prove who it is.');
  }
  const who = family === 'poly-group' && transport === 'telnet' ? address : `${username} at ${address}`;
  const password = await readSecret(passwordFd, `${FAMILY_WORDS[family]}: password of ${who}`);
  const told = (done: number, of: number) => out.progress(`${done} of ${of} readings`);
  const { path, recording } = await recordAddress({ ...where, password }, key, {
    folder: own.out ?? '.',
    signal,
    told,
  });
  tell(out, path, recording);
  out.say('  No list told which words are the customer’s: names within texts may be left in it.');
}

function wayOf({ transport }: RecordFlags): Transport | null {
  return transport === undefined ? null : transportSchema.parse(transport);
}

/** As an address may be written; a device that it does not name is told as one that does not answer. */
const HOST = /^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

function roomOf(site: Site, name: string): Room {
  const [room] = roomsNamed(site, [name]);
  if (!room) throw new OtjError('ROOM_UNKNOWN', name);
  return room;
}

/** In the words of people; other kinds are told as they are called. */
const KINDS: Record<string, string> = {
  name: 'names',
  user: 'user names',
  serial: 'serial numbers',
  mac: 'MAC addresses',
  address: 'addresses',
  host: 'words of host names',
  mail: 'words of mail addresses',
  token: 'words of secrets',
  text: 'words of texts',
  'macro text': 'words of macros',
  certificate: 'words beside certificates',
};

function tell(out: Output, file: string, { family, device, exchanges, replaced, transport, seen }: Recording): void {
  out.progress('');
  out.emit({ type: 'recording', path: file, family, device, transport, exchanges: exchanges.length, replaced, seen });
  out.say(
    `● ${clean(device.model)}, ${clean(device.software)}: ${exchanges.length} exchanges over ${transport.toUpperCase()}.`,
  );
  if (typeof seen === 'string')
    out.say(`  Its facts could not be read [${seen}]; the recording helps to find out why.`);
  const words = Object.entries(replaced).map(([kind, count]) => `${count} ${KINDS[kind] ?? kind}`);
  out.say(`  Replaced by stand-ins: ${words.join(', ') || 'nothing'}.`);
  out.say(`  ${clean(file)}`);
  out.say('  Read it before you pass it on: nobody can promise that nothing in it tells whose device it was.');
}
