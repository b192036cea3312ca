/** `otj infinity export` and `otj infinity import`: for customers who give no access to the Management API. */
import { readFileSync } from 'node:fs';
import confirm from '@inquirer/confirm';
import type { Command } from 'commander';
import { LACKS_NODE } from '../contract/bulk.ts';
import { OtjError } from '../contract/errors.ts';
import { readExport, writeBulk } from '../services/bulk.ts';
import { roomsNamed } from '../services/inventory.ts';
import { withSite } from './context.ts';
import { clean, roomCount } from './output.ts';
import { hasTerminal } from './secrets.ts';

export function addBulkCommands(infinity: Command): void {
  infinity
    .command('export')
    .summary('files for Infinity’s bulk import, without the API')
    .description(
      'Writes a CSV for Infinity’s bulk import and a page with the values to type, room by room. The columns are assumed (assets/infinity/bulk-csv.json): compare them with an export of your own node first. Rooms with a value that a spreadsheet would run as a formula are in the page only.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'names, mailboxes or addresses; default all that are not undone')
    .option('--out <folder>', 'where to write', '.')
    .option('--group <name>', 'OTJ endpoint group; default: that of the site')
    .option('--passwords', 'with the generated passwords in clear; both files are then to be kept secret')
    .option('--yes', 'do not ask about the passwords, for scripts')
    .action(exportBulk);

  infinity
    .command('import')
    .summary('note as done what an export of Infinity has')
    .description(
      'Reads a CSV that was exported from Infinity and notes the rooms whose entry is there as wished. Rooms that differ are listed and stay open. Passwords in the file are not read. Poly rooms also need the names of the Conferencing Nodes.',
    )
    .argument('<site>')
    .argument('<csv>', 'CSV file exported from Infinity')
    .option('--group <name>', 'OTJ endpoint group; default: that of the site')
    .option('--node <fqdn...>', 'Conferencing Nodes that Poly devices sign in to')
    .action(importBulk);
}

type ExportOptions = { out: string; group?: string; passwords?: boolean; yes?: boolean };

function exportBulk(path: string, names: string[], own: ExportOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true, change: true }, async ({ site, out }) => {
    const passwords = own.passwords === true;
    if (passwords && !own.yes) {
      if (!hasTerminal()) throw new OtjError('USAGE', 'give --yes to write passwords in clear');
      out.say('▲ Both files will hold the passwords of all these rooms, readable by whoever has the files.');
      if (!(await confirm({ message: 'Write the passwords in clear?', default: false })))
        throw new OtjError('DECLINED', 'nothing was written');
    }
    const rooms =
      names.length > 0 ? roomsNamed(site, names) : site.rooms.all().filter(({ state }) => state !== 'undone');
    const written = writeBulk(site, { rooms, folder: own.out, group: own.group ?? null, passwords });
    for (const { room, problem } of written.left) out.problem(problem, room);
    out.say(`Wrote ${written.csv} (${roomCount(written.rooms)})`);
    out.say(`Wrote ${written.sheet}`);
    if (passwords) out.say('▲ They hold passwords and only you can read them. Delete them when the import is done.');
    out.say('The columns are assumed: compare the first line with an export of your own node.');
    out.emit({ type: 'result', ...written });
    return written.left.length > 0 ? 1 : 0;
  });
}

type ImportOptions = { group?: string; node?: string[] };

function importBulk(path: string, file: string, own: ImportOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true, change: true }, ({ site, out }) => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (thrown) {
      throw new OtjError('EXPORT_UNREADABLE', (thrown as Error).message, { cause: thrown });
    }
    const { done, differs, missing, others } = readExport(site, {
      bytes,
      group: own.group ?? null,
      nodes: own.node ?? [],
    });
    for (const { room, fields } of differs) {
      out.say(`▲ ${clean(room)} differs and stays open:`);
      for (const { field, found, wanted } of fields)
        out.say(
          field === LACKS_NODE
            ? '    No Conferencing Node was named that its device can sign in to: --node NAME'
            : `    ${field}: ${clean(found) || '–'}, wanted ${clean(wanted) || '–'}`,
        );
    }
    for (const room of missing) out.say(`○ ${clean(room)} is not in the file`);
    out.say(
      `${roomCount(done.length)} noted as done, ${differs.length} differ, ${missing.length} missing, ${others} rows of other rooms.`,
    );
    out.emit({ type: 'result', done, differs, missing, others });
    return differs.length + missing.length > 0 ? 1 : 0;
  });
}
