/** `otj record`: how a codec answers, as a file for those who have no such codec. */
import { type Command, Option } from 'commander';
import { transportSchema } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { Recording } from '../endpoints/cisco/record/recording.ts';
import { roomsNamed } from '../services/inventory.ts';
import { recordRoom } from '../services/record.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';

/** Only codecs are recorded, and telnet is none of their ways. */
const CODEC_WAYS = transportSchema.options.filter((way) => way !== 'telnet');

export function addRecordCommand(program: Command): void {
  program
    .command('record')
    .summary('record how a codec answers, for support')
    .description(
      'Asks the codec of a room what it can tell, changes nothing on it, and writes every request and answer to a file in which passwords, names, serial numbers and addresses are replaced by stand-ins. Whoever gets the file can play it like the codec.',
    )
    .argument('<site>')
    .argument('<room>', 'address, name or mailbox')
    .option('--out <folder>', 'where the file goes; without it, beside the site file')
    .addOption(new Option('--transport <way>', 'how to speak to it').choices(CODEC_WAYS))
    .option('--retry', 'also try a login that was refused before')
    .action(record);
}

interface RecordFlags {
  out?: string;
  transport?: string;
  retry?: boolean;
}

function record(path: string, name: string, own: RecordFlags, command: Command): Promise<void> {
  const check = (site: Site) => void roomOf(site, name);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async ({ site, out, signal }) => {
    const { path: file, recording } = await recordRoom(site, {
      room: roomOf(site, name),
      folder: own.out ?? null,
      transport: own.transport === undefined ? null : transportSchema.parse(own.transport),
      insist: own.retry === true,
      signal,
      told: (done, of) => out.progress(`${done} of ${of} readings`),
    });
    out.progress('');
    const { device, transport, exchanges, replaced, seen } = recording;
    out.emit({ type: 'recording', path: file, device, transport, exchanges: exchanges.length, replaced, seen });
    tell(out, file, recording);
    return 0;
  });
}

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
