/** Commands on lists of rooms: import, export. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import {
  type Column,
  columnSchema,
  type ImportOutcome,
  type ListKind,
  type Looked,
  listKindSchema,
} from '../contract/lists.ts';
import type { ColumnMap } from '../roomlist/layout.ts';
import { exportRooms } from '../services/exportRooms.ts';
import { type Importing, importList, type ListSource, lookAtImport, openSource } from '../services/importList.ts';
import { outcomeOf } from '../services/importPlan.ts';
import { userData } from '../services/userData.ts';
import { type GlobalOptions, withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

const COLUMN_WORDS = columnSchema.options.join(', ');
/** More lines than anybody reads; --json has them all. */
const MOST_SHOWN = 50;

export function addListCommands(program: Command): void {
  program
    .command('import')
    .summary('import a list of rooms or devices (CSV, XLSX, Infinity, Microsoft 365)')
    .description(
      `Imports a list of rooms, or of devices that help to match them. Good rows are taken in one go, each problem of the others is listed with row and column. Importing again updates rooms (known by their mailbox) and keeps the work done on them; rooms that the list does not have stay. Kinds are recognised by their headings: our template (room, building, floor, mailbox, address, serial, mac, family), Infinity's OTJ endpoints, Cisco Control Hub devices, Poly Lens devices. Any other table: say which column is which with --map, once; it is remembered. Formulas are not computed, their saved results are read.`,
    )
    .argument('<site>')
    .argument('[list]', 'CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX')
    .option(
      '--from <where>',
      'infinity: the OTJ endpoints of the site’s group, from the Management Node; microsoft: the rooms of the tenant, after otj m365 sign-in',
    )
    .option('--kind <kind>', `${listKindSchema.options.join(', ')}; found out when left out`)
    .option('--map <column=heading>', `which heading fills which column: ${COLUMN_WORDS}`, addMap, {})
    .option('--sheet <name>', 'sheet of the workbook; else the first that is shown and has known headings')
    .option('--dry-run', 'show what would be added and changed, and write nothing')
    .action(runImport);

  program
    .command('export')
    .summary('write all rooms as a list (CSV, XLSX)')
    .description(
      'Writes all rooms with their devices as a list that can be imported again. In CSV, what a spreadsheet would take for a formula gets an apostrophe in front, which import takes off again.',
    )
    .argument('<site>')
    .argument('<file>', 'name.csv or name.xlsx')
    .option('--force', 'take the place of a file of that name')
    .action(runExport);
}

function addMap(text: string, before: ColumnMap): ColumnMap {
  const at = text.indexOf('=');
  const column = columnSchema.safeParse(text.slice(0, at).trim().toLowerCase());
  if (at < 1 || !column.success) throw new OtjError('USAGE', `--map ${text}: column=heading; columns: ${COLUMN_WORDS}`);
  return { ...before, [column.data]: text.slice(at + 1).trim() };
}

interface ImportOptions {
  from?: string;
  kind?: string;
  map: ColumnMap;
  sheet?: string;
  dryRun?: true;
}

async function runImport(path: string, list: string | undefined, own: ImportOptions, command: Command): Promise<void> {
  const source = sourceOf(list, own.from);
  const wish: Importing = {
    sheet: own.sheet ?? null,
    kind: kindOf(own.kind),
    map: Object.keys(own.map).length > 0 ? own.map : null,
  };
  const needs = { unlock: 'from' in source, change: own.dryRun !== true };
  await withSite(path, command.optsWithGlobals<GlobalOptions>(), needs, async ({ site, out, signal }) => {
    const file = await openSource(site, source, signal);
    const plan = lookAtImport(site, file, wish, userData());
    const outcome = own.dryRun ? outcomeOf(plan) : importList(site, plan, null, userData());
    tell(out, outcome, own.dryRun === true);
    out.emit({ type: 'result', dryRun: own.dryRun === true, ...outcome });
    return outcome.problems.length > 0 || outcome.looked.how === 'question' ? 1 : 0;
  });
}

/** Throws USAGE, LIST_MISSING. */
function sourceOf(list: string | undefined, from: string | undefined): ListSource {
  if ((list === undefined) === (from === undefined))
    throw new OtjError('USAGE', 'give a file, --from infinity or --from microsoft');
  if (from !== undefined && from !== 'infinity' && from !== 'microsoft')
    throw new OtjError('USAGE', `--from ${from}: infinity or microsoft`);
  if (from !== undefined) return { from };
  // one of the two was given
  if (list === undefined) throw new OtjError('USAGE');
  try {
    return { bytes: readFileSync(list) };
  } catch (thrown) {
    throw new OtjError('LIST_MISSING', (thrown as Error).message, { cause: thrown });
  }
}

function kindOf(text: string | undefined): ListKind | null {
  if (text === undefined) return null;
  const kind = listKindSchema.safeParse(text);
  if (!kind.success) throw new OtjError('USAGE', `--kind ${text}: ${listKindSchema.options.join(', ')}`);
  return kind.data;
}

function tell(out: Output, outcome: ImportOutcome, isDry: boolean): void {
  const { looked, added, changed, same, missing, devices, problems, rooms } = outcome;
  if (looked.how === 'question') ask(out, looked);
  else
    out.say(`${KIND_WORDS[looked.kind]}${looked.sheet ? `, sheet ${clean(looked.sheet)}` : ''}: ${mapWords(looked)}.`);
  if (problems.length > 0 && looked.how !== 'question') {
    out.say(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; rows with a problem are not imported:`,
    );
    out.table(
      ['row', 'column', 'value', 'what is wrong', 'write there', 'code'],
      problems.map(({ row, column, value, message, todo, code }) => [row, column, value, message, todo, code]),
    );
  }
  const news = rooms.filter(({ what }) => what !== 'added');
  if (news.length > 0) {
    out.table(
      ['room', 'mailbox', 'what'],
      news.slice(0, MOST_SHOWN).map((room) => [room.name, room.mailbox, changeWords(room)]),
    );
    if (news.length > MOST_SHOWN) out.say(`… and ${news.length - MOST_SHOWN} more.`);
  }
  const would = isDry ? 'Would be: ' : '';
  if (devices.added + devices.changed + devices.same > 0)
    out.say(
      `${would}${devices.added} devices added, ${devices.changed} changed, ${devices.same} as before. See them with otj match.`,
    );
  else out.say(`${would}${roomCount(added)} added, ${changed} changed, ${same} as before.`);
  if (missing > 0) out.say(`${roomCount(missing)} of the site not in the list; nothing of them was removed.`);
  if (isDry) out.say('Dry run: nothing was written.');
}

const KIND_WORDS: Record<ListKind, string> = {
  template: 'Room list',
  infinity: 'OTJ endpoints of Pexip Infinity',
  'control-hub': 'Devices of Cisco Control Hub',
  'poly-lens': 'Devices of Poly Lens',
  table: 'Table with chosen columns',
};

function mapWords({ map }: Looked): string {
  return Object.entries(map)
    .map(([column, heading]) => (column === heading.toLowerCase() ? column : `${column} = ${clean(heading)}`))
    .join(', ');
}

function changeWords({ what, changes }: ImportOutcome['rooms'][number]): string {
  if (what === 'missing') return 'not in the list';
  return changes.map(({ what: column, before, after }) => `${column}: ${before || '–'} → ${after}`).join('; ');
}

/** What a person has to say, with what stands in the file to decide by. */
function ask(out: Output, { headings, map }: Looked): void {
  out.say('It is not known which column of this list is which. Say it once; it is remembered:');
  const guessed = new Map(Object.entries(map).map(([column, heading]) => [heading, column]));
  out.table(
    ['heading', 'for example', 'perhaps'],
    headings.map(({ name, examples }) => [name, examples.join(' · '), guessed.get(name) ?? null]),
  );
  const wish = { room: 'HEADING', mailbox: 'HEADING', ...map };
  const example = Object.entries(wish as Partial<Record<Column, string>>)
    .map(([column, heading]) => `--map "${column}=${heading}"`)
    .join(' ');
  out.say(`    otj import SITE FILE ${clean(example)}`);
}

function runExport(path: string, file: string, own: { force?: true }, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  return withSite(path, options, { unlock: false }, async ({ site, out }) => {
    const exported = await exportRooms(site, file, own.force === true);
    const { rooms, inert } = exported;
    out.say(`Wrote ${roomCount(rooms)} to ${clean(file)}.`);
    if (inert > 0)
      out.say(
        `${inert} ${inert === 1 ? 'cell' : 'cells'} would have been taken for a formula and ${inert === 1 ? 'has' : 'have'} an apostrophe in front; import takes it off.`,
      );
    out.emit({ type: 'result', ...exported });
    return 0;
  });
}
