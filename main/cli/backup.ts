/** `otj backup`: what is saved of a room's device, and one text of it as a file. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { roomsNamed } from '../services/inventory.ts';
import { backupTexts, savedText } from '../services/roomDetail.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { clean } from './output.ts';

export function addBackupCommand(program: Command): void {
  program
    .command('backup')
    .summary('what is saved of a room’s device')
    .description(
      'Lists what the site file keeps of the device of a room: macros, panels, settings, meetings, and what an undo has overwritten. Nothing is asked of the device.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .option('--show <name>', 'print the text saved under this name last, without its secrets')
    .option('--kind <kind>', 'of this kind, as listed (macro, taken, overwritten, …)')
    .option(
      '--out <file>',
      'with --show: write it to a new file that only you can read, byte for byte, secrets and all',
    )
    .action(backup);
}

interface BackupOptions {
  show?: string;
  kind?: string;
  out?: string;
}

function backup(path: string, name: string, own: BackupOptions, command: Command): Promise<void> {
  const { show, kind, out: file } = own;
  if (show === undefined && (file !== undefined || kind !== undefined))
    throw new OtjError('USAGE', '--out and --kind go with --show NAME');
  const check = (site: Site) => void roomsNamed(site, [name]);
  return withSite(path, command.optsWithGlobals(), { unlock: show !== undefined, check }, async ({ site, out }) => {
    const [room] = roomsNamed(site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    if (show === undefined) {
      const serial = site.rooms.endpointOf(room.id)?.serial;
      const items = serial ? site.backups.list(serial) : [];
      for (const item of items) out.emit({ type: 'backup', room: room.name, ...item });
      if (items.length === 0) out.say(`Nothing is saved of the device of ${clean(room.name)}.`);
      else
        out.table(
          ['kind', 'name', 'bytes', 'saved', 'state'],
          items.map((item) => [
            item.kind,
            item.name,
            `${item.bytes}`,
            item.savedAt.slice(0, 16).replace('T', ' '),
            item.open ? 'for the undo' : 'undone',
          ]),
        );
      return 0;
    }
    if (file === undefined) {
      const text = savedText(backupTexts(site, room.id), { name: show, kind });
      out.emit({ type: 'text', room: room.name, kind: text.kind, name: text.name, content: text.content });
      for (const line of text.content.split('\n')) out.say(clean(line));
      return 0;
    }
    const serial = site.rooms.endpointOf(room.id)?.serial;
    const saved = savedText(serial ? site.backups.contents(site.vault, serial) : [], { name: show, kind });
    writeNew(file, saved.content);
    out.emit({ type: 'file', room: room.name, kind: saved.kind, name: saved.name, path: file });
    out.say(`● ${clean(saved.kind)} ${clean(saved.name)}: ${Buffer.byteLength(saved.content)} bytes in ${clean(file)}`);
    out.say('  It may hold tokens: remove the file when you are done with it.');
    return 0;
  });
}

/** Never over another file. Throws USAGE. */
function writeNew(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    throw new OtjError('USAGE', `${path} cannot be written, or is there already`, { cause: thrown });
  }
}
