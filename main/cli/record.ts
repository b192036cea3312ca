/** `otj record`: how a codec answers, as a file for those who have no such codec. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Command, Option } from 'commander';
import { type Transport, transportSchema } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { Recording } from '../endpoints/cisco/record/recording.ts';
import { roomsNamed } from '../services/inventory.ts';
import { lookAtKey, recordAddress, recordRoom } from '../services/record.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type GlobalOptions, stopSignal, withSite } from './context.ts';
import { port } from './discover.ts';
import { assertKey, fingerprint } from './keyShown.ts';
import { clean, makeOutput, type Output } from './output.ts';
import { descriptor, readSecret } from './secrets.ts';

/** Only codecs are recorded, and telnet is none of their ways. */
const CODEC_WAYS = transportSchema.options.filter((way) => way !== 'telnet');

export function addRecordCommand(program: Command): void {
  program
    .command('record')
    .summary('record how a codec answers, for support')
    .description(
      'Asks a codec what it can tell, changes nothing on it, and writes every request and answer to a file in which passwords, names, serial numbers and addresses are replaced by stand-ins. Whoever gets the file can play it like the codec. With a site and a room it uses the login and the key that the site file keeps; with an address alone it asks for the password, and shows the key of the device before it sends anything.',
    )
    .argument('<site-or-address>', 'the site file, or the address of a codec that is on no list')
    .argument('[room]', 'of the site: address, name or mailbox')
    .option('--out <folder>', 'where the file goes; without it, beside the site file, or in the current folder')
    .addOption(new Option('--transport <way>', 'how to speak to it').choices(CODEC_WAYS))
    .option('--retry', 'of a site: also try a login that was refused before')
    .option('--user <name>', 'of an address: who logs in (admin)')
    .option('--password-fd <fd>', 'of an address: the password comes from this file descriptor', descriptor)
    .option('--pin <sha256>', 'of an address: the key that it must show, in place of being asked', fingerprint)
    .option('--ssh-port <port>', 'of an address (22)', port)
    .option('--https-port <port>', 'of an address (443)', port)
    .option('--legacy', 'of an address: old algorithms and TLS versions may be agreed')
    .action(record);
}

interface RecordFlags {
  out?: string;
  transport?: string;
  retry?: boolean;
}

interface AddressFlags {
  user?: string;
  passwordFd?: number;
  pin?: string;
  sshPort?: number;
  httpsPort?: number;
  legacy?: boolean;
}

function record(
  where: string,
  room: string | undefined,
  own: RecordFlags & AddressFlags,
  command: Command,
): Promise<void> {
  if (room === undefined) return recordLone(where, own, command);
  const { user, passwordFd, pin, sshPort, httpsPort, legacy } = own;
  if ([user, passwordFd, pin, sshPort, httpsPort, legacy].some((flag) => flag !== undefined))
    throw new OtjError('USAGE', 'a room has its login, key and ports in the site file');
  return recordListed(where, room, own, command);
}

function recordListed(path: string, name: string, own: RecordFlags, command: Command): Promise<void> {
  const check = (site: Site) => void roomOf(site, name);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async ({ site, out, signal }) => {
    const { path: file, recording } = await recordRoom(site, {
      room: roomOf(site, name),
      folder: own.out ?? null,
      transport: wayOf(own),
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
  const { user = 'admin', passwordFd, pin = null, sshPort = 22, httpsPort = 443, legacy = false } = own;
  const out = makeOutput(command.optsWithGlobals<GlobalOptions>().json === true);
  const signal = stopSignal(out);
  const where = { address, sshPort, httpsPort, username: user, transport: wayOf(own) ?? 'auto', legacy } as const;
  // Before a password is asked for: nobody shall type it for a device that is the wrong one.
  const key = await lookAtKey(where, signal);
  await assertKey(out, address, key, pin);
  const password = await readSecret(passwordFd, `Password of ${user} at ${address}`);
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
};

function tell(out: Output, file: string, { device, exchanges, replaced, transport, seen }: Recording): void {
  out.progress('');
  out.emit({ type: 'recording', path: file, device, transport, exchanges: exchanges.length, replaced, seen });
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
