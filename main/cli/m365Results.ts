/** `otj m365 results`: the list in SharePoint where the team looks: which one, publishing into it, who does what. */
import { type Command, Option } from 'commander';
import { OtjError } from '../contract/errors.ts';
import {
  type ColumnMapping,
  type ListColumn,
  type ResultConflict,
  type ResultTake,
  resultColumnSchema,
  resultTakeSchema,
  type TeamRoom,
} from '../contract/microsoft/results.ts';
import { COLUMNS, hasLease } from '../microsoft/results/columns.ts';
import { conflictMark } from '../microsoft/results/merge.ts';
import { localTime } from '../report/words.ts';
import { withGraph } from '../services/graph.ts';
import { roomsNamed } from '../services/inventory.ts';
import { deliverResults } from '../services/results/deliver.ts';
import type { Delivery, Published, PublishOptions } from '../services/results/publish.ts';
import { endResults, lookAtResults, resultsSettings, setResults } from '../services/results/settings.ts';
import { readTeam, teamOf } from '../services/results/team.ts';
import { decideResults, resultsView } from '../services/results/view.ts';
import type { Site } from '../site/site.ts';
import { type Context, withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

export function addResultsCommands(m365: Command): void {
  const results = m365
    .command('results')
    .summary('results in a SharePoint list, and who of the team works on which room')
    .description(
      'One item for each room in a SharePoint list, where the project team looks; and, among several technicians, who works on which room.',
    );

  results
    .command('set')
    .summary('which SharePoint site and list')
    .description(
      'Chooses the list, or makes it with --create. A list of yours serves as well: columns that have our names are taken, others are named with --map, once. Columns that are not mapped are never written. What is not named stays as it was set before.',
    )
    .argument('<site>')
    .requiredOption('--site <url>', 'address of the SharePoint site, as it stands in the browser')
    .option('--list <name>', 'name or id of the list; default: OTJ migration')
    .option('--create', 'make the list where there is none of that name')
    .option(
      '--map <column=name>',
      'which column of the list takes one of ours, such as state=Status (repeatable)',
      (one: string, all: string[] = []) => [...all, one],
    )
    .option('--reports', 'put the report files into the site’s library (so it is at first)')
    .option('--no-reports', 'do not put them there')
    .option('--folder <path>', 'folder of the library for them; default: as before, at first OTJ migration')
    .addHelpText(
      'after',
      `\nOur columns: ${COLUMNS.map(({ key, needed }) => (needed ? `${key} (needed)` : key)).join(', ')}.`,
    )
    .action(set);

  results
    .command('publish')
    .summary('write what is news into the list')
    .description(
      'Writes each room whose result is news, then the report files. Safe to repeat: nothing is made twice. What somebody changed in the list stays; where there is news here too, it is shown and left alone until --take says whose values stand.',
    )
    .argument('<site>')
    .argument(
      '[rooms...]',
      'default: all that is owed; with --take: the rooms that are decided. One that was left out is made again when it is named without --take',
    )
    .addOption(
      new Option('--take <whose>', 'site: write ours; list: leave what somebody set there').choices(
        resultTakeSchema.options,
      ),
    )
    .option(
      '--shown <mark>',
      'with --take: decide only if the values are still those that stood under this mark (repeatable, one for each room)',
      (one: string, all: string[] = []) => [...all, one],
    )
    .action(publishResults);

  results.command('status').summary('where the results go, and what is owed').argument('<site>').action(status);

  results
    .command('team')
    .summary('what the others have finished and have in work')
    .argument('<site>')
    .option('--known', 'as it was read last; nothing is sent')
    .action(team);

  results
    .command('end')
    .summary('publish nothing any more; the list stays as it is')
    .argument('<site>')
    .action((path: string, _own: object, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
        endResults(site);
        out.say('Nothing is published any more.');
        out.emit({ type: 'result', settings: null });
        return 0;
      }),
    );
}

type SetOptions = { site: string; list?: string; create?: boolean; map?: string[]; reports?: boolean; folder?: string };

function set(path: string, own: SetOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true, change: true }, ({ site, out, signal }) =>
    withGraph(site, async (graph) => {
      const list = own.list === undefined ? {} : { list: own.list };
      const target = own.map ? await lookAtResults(graph, { address: own.site, ...list }, signal) : null;
      const columns = target ? { columns: mappingOf(own.map ?? [], target.columns) } : {};
      const wish = {
        ...{ address: own.site, create: own.create === true },
        ...(own.reports === undefined ? {} : { reports: own.reports }),
        ...list,
        ...columns,
        ...(own.folder === undefined ? {} : { folder: own.folder }),
      };
      const settings = await setResults(site, graph, wish, signal);
      out.say(
        `Results go to the list ${clean(settings.list.name)} of ${clean(settings.site.name)}: ${clean(settings.list.url)}`,
      );
      const left = COLUMNS.filter(({ key }) => settings.columns[key] === undefined);
      if (left.length > 0) out.say(`Not in this list: ${left.map(({ key }) => key).join(', ')}.`);
      if (!hasLease(settings.columns))
        out.say('Who works on which room is not told: that needs all columns whose name begins with lease.');
      if (!settings.list.unique)
        out.say(
          '▲ This list takes two items with one room key. Let its column for the room key enforce unique values (and give it an index), so that two technicians cannot make two items of one room.',
        );
      out.say(`${roomCount(site.results.owedCount())} to be published. Next: otj m365 results publish ${path}`);
      out.emit({ type: 'result', settings, owed: site.results.owedCount() });
      return 0;
    }),
  );
}

/** `state=Status`: a column of the list by the name that people see, or by its internal one. Throws USAGE. */
function mappingOf(typed: readonly string[], columns: readonly ListColumn[]): ColumnMapping {
  const mapping: ColumnMapping = {};
  for (const one of typed) {
    const at = one.indexOf('=');
    const key = resultColumnSchema.safeParse(one.slice(0, at).trim());
    const name = one.slice(at + 1).trim();
    if (at < 1 || !key.success) throw new OtjError('USAGE', `--map ${one}: none of our columns has that name`);
    const fold = (text: string) => text.normalize('NFKC').toLowerCase();
    const found =
      columns.find((column) => column.name === name) ??
      columns.find(({ displayName }) => fold(displayName) === fold(name));
    if (!found) throw new OtjError('RESULTS_COLUMN_MISSING', name);
    mapping[key.data] = found.name;
  }
  return mapping;
}

type PublishWish = { take?: ResultTake; shown?: string[] };

function publishResults(path: string, names: string[], own: PublishWish, command: Command): Promise<void> {
  if (own.shown && !own.take) throw new OtjError('USAGE', '--shown goes with --take');
  if (own.take && names.length === 0) throw new OtjError('USAGE', '--take goes with the rooms that it is about');
  return withSite(path, command.optsWithGlobals(), { unlock: true, check: assertSet }, (context) => {
    const { site } = context;
    const rooms = names.length > 0 ? roomsNamed(site, names) : null;
    site.takeLock();
    if (own.take && rooms) decideResults(site, rooms, own.take, own.shown ?? null);
    return deliver(context, { rooms, decided: own.take !== undefined });
  });
}

type Which = Pick<PublishOptions, 'rooms' | 'decided'>;

async function deliver({ site, out, signal }: Context, which: Which): Promise<number> {
  const { lost, ...result } = await publishTold({ site, out, signal }, which);
  const { written, same, failed, owed } = result;
  out.say(
    `${roomCount(written)} written, ${same} as they were, ${failed} not. ${owed === 0 ? 'Nothing is owed.' : `${owed} still owed.`}`,
  );
  out.emit({ type: 'result', ...result });
  return failed + lost > 0 ? 1 : 0;
}

/**
 * Publishes and tells each room and file. Throws as deliverResults() does.
 * @returns `files`: how many report files went up as they are, now or before; `lost`: how many did not
 */
export async function publishTold(
  { site, out, signal }: Pick<Context, 'site' | 'out' | 'signal'>,
  which: Which,
): Promise<Published & { files: number; lost: number }> {
  let done = 0;
  let all = 0;
  const { files, ...result } = await deliverResults(site, {
    ...{ ...which, signal },
    begin: (count) => {
      all = count;
    },
    told(delivery) {
      done++;
      tell(out, delivery);
      out.progress(`${done} of ${all} rooms`);
    },
  });
  out.progress('');
  for (const { path, url, problem, sent } of files) {
    if (problem) out.problem(problem, path);
    else if (sent) out.say(`● ${clean(path)}${url ? `: ${clean(url)}` : ''}`);
    else out.say(`· ${clean(path)}: sent before, with nothing new to say since`);
    out.emit({ type: 'file', path, url, problem, sent });
  }
  const lost = files.filter(({ problem }) => problem !== null).length;
  return { ...result, files: files.length - lost, lost };
}

function tell(out: Output, { room, what, problem, conflict, theirs }: Delivery): void {
  const mark = conflict && conflictMark(conflict);
  out.emit({ type: 'published', room: room.name, what, problem, conflict, mark, theirs });
  if (problem) out.problem(problem, room.name);
  if (conflict) showConflict(out, conflict);
  if (what === 'left') out.say(`· ${clean(room.name)}: its item was deleted, and is left out`);
  if (theirs.length > 0)
    out.say(`▲ ${clean(room.name)}: somebody changed ${theirs.join(', ')} in the list; it stays so`);
}

function showConflict(out: Output, conflict: ResultConflict): void {
  const { fields, gone } = conflict;
  out.say(`  mark ${conflictMark(conflict)}`);
  if (gone) return;
  const shown = (value: string | number | null) => (value === null ? '–' : clean(String(value)));
  out.table(
    ['column', 'as we left it', 'in the list now', 'as the site file has it'],
    fields.map(({ column, base, theirs, ours }) => [column, shown(base), shown(theirs), shown(ours)]),
  );
}

function status(path: string, _own: object, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    const view = resultsView(site);
    if (!view.settings) throw new OtjError('RESULTS_UNSET');
    const { settings, rooms, files, owed, published, at } = view;
    out.say(`List ${clean(settings.list.name)} of ${clean(settings.site.name)}: ${clean(settings.list.url)}`);
    for (const { room, status: how, problem, conflict } of rooms) {
      if (problem) out.problem(problem, room);
      if (conflict) showConflict(out, conflict);
      if (how === 'left') out.say(`· ${clean(room)}: its item was deleted, and is left out`);
    }
    for (const { path: file, problem } of files) if (problem) out.problem(problem, file);
    out.say(`${roomCount(published)} in the list${at ? `, last written ${localTime(at)}` : ''}; ${owed} owed.`);
    out.emit({ type: 'result', ...view });
    return owed === 0 ? 0 : 1;
  });
}

function team(path: string, own: { known?: boolean }, command: Command): Promise<void> {
  const needs = { unlock: !own.known, check: assertSet };
  return withSite(path, command.optsWithGlobals(), needs, async ({ site, out, signal }) => {
    const told = own.known ? teamOf(site) : await withGraph(site, (graph) => readTeam(site, graph, signal));
    out.say(told.at ? `As the list was at ${localTime(told.at)}:` : 'The list was never read.');
    out.table(
      ['Room', 'State', 'Technician', 'In work'],
      told.rooms.map((room) => [
        room.double ? `${room.room} (item ${room.item || '?'})` : room.room,
        room.state,
        room.technician,
        workWords(room),
      ]),
    );
    for (const { room, items } of told.doubles)
      out.say(`▲ ${clean(room)} stands in the list ${items.length} times: delete all items but one there.`);
    out.emit({ type: 'result', ...told });
    return 0;
  });
}

/** Throws RESULTS_UNSET. */
function assertSet(site: Site): void {
  if (!resultsSettings(site)) throw new OtjError('RESULTS_UNSET');
}

function workWords({ lease }: TeamRoom): string {
  if (!lease) return '';
  const who = `${lease.own ? 'you' : lease.holder}${lease.laptop ? ` on ${lease.laptop}` : ''}`;
  return lease.live ? `${who}, until ${localTime(lease.until)}` : `${who}, time has run out`;
}
