/** `otj prepare`: what will be written on Infinity, room by room; then, when a person agrees, the writing. */
import confirm from '@inquirer/confirm';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { Drift } from '../contract/infinity.ts';
import { isWritten, takenOver } from '../contract/takeOver.ts';
import { shownValue } from '../infinity/entry.ts';
import type { FieldValue } from '../infinity/resources.ts';
import { readDrift } from '../services/drift.ts';
import { roomsNamed } from '../services/inventory.ts';
import { prepare } from '../services/prepare.ts';
import { withSite } from './context.ts';
import { sayDrift } from './drift.ts';
import { clean, roomCount } from './output.ts';
import { hasTerminal } from './secrets.ts';

export function addPrepareCommand(program: Command): void {
  program
    .command('prepare')
    .summary('create the rooms’ entries on Infinity')
    .description(
      'Shows what is to be written on Infinity, asks, and then creates or updates one OTJ endpoint per room, with a generated password that is sealed in the site file. Safe to repeat: no room gets a second entry. Without a terminal it writes new entries and our own unasked; an entry that was there before us is changed only with --yes.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'names, mailboxes or addresses; default all')
    .option('--dry-run', 'only show what would be written')
    .option('--yes', 'write all that is shown without asking, for scripts')
    .action(prepareCommand);
}

type PrepareFlags = { dryRun?: boolean; yes?: boolean };

function prepareCommand(path: string, names: string[], own: PrepareFlags, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out, signal }) => {
    const named =
      names.length > 0 ? roomsNamed(site, names) : site.rooms.all().filter(({ state }) => state !== 'undone');
    site.takeLock();
    const drift = await readDrift(site, { rooms: named, signal, asPrepared: true });
    sayDrift(out, drift);
    const undecided = drift.rows.filter((row) => row.writes && !isWritten(row)).length;
    if (undecided > 0)
      out.say(
        `▲ ${undecided} ${undecided === 1 ? 'entry was' : 'entries were'} changed by somebody else: nothing of ${undecided === 1 ? 'it' : 'them'} is written before a person has decided.`,
      );
    if (own.dryRun) {
      out.say('Nothing was changed.');
      out.emit({ type: 'result', counts: drift.counts, ...(drift.short === undefined ? {} : { short: drift.short }) });
      return 0;
    }
    const shown = takenOver(drift.rows.filter(({ writes }) => writes));
    const kept = new Set(own.yes || (await isAgreed(drift)) ? [] : shown.map(({ roomId }) => roomId));
    if (kept.size > 0)
      out.say(
        `▲ ${roomCount(kept.size)} left as they are: Infinity had their entries before, with other values. To change them: --yes`,
      );
    const rooms = named.filter(({ id }) => !kept.has(id));
    let ready = 0;
    const { setup, rooms: results } = await prepare(site, {
      rooms,
      signal,
      // Only what was shown: what somebody makes or changes meanwhile nobody has agreed to take over.
      agreed: shown,
      done({ room, entryId, adopted, problem }) {
        const taken = adopted?.taken ?? [];
        ready++;
        out.emit({ type: 'prepared', room: room.name, entryId, adopted: adopted !== null, taken, problem });
        if (problem) out.problem(problem, room.name);
        for (const { field, before, after } of taken)
          out.say(
            `    ${clean(room.name)}: Infinity had entry ${entryId} already; ${field}: ${valueWords(before)}  →  ${valueWords(after)}`,
          );
        if (adopted && taken.length === 0)
          out.say(
            `    ${clean(room.name)}: Infinity had entry ${entryId} already, as wished; its password is written.`,
          );
        out.progress(`${ready} of ${rooms.length} rooms`);
      },
    });
    out.progress('');
    const good = results.filter(({ problem }) => !problem).length;
    const { version, licences, group, profile, nodes, rules } = setup;
    const about = [
      `Infinity ${version ?? ''}: group "${group.name}", profile "${profile.name}", nodes ${nodes instanceof OtjError ? 'not told' : nodes.join(', ')}`,
      ...(licences ? [`${licences.total} OTJ licences`] : []),
    ];
    out.say(`${clean(about.join(', '))}.`);
    if (!profile.hasCalendar) out.say('▲ The profile has no calendar integration: no room will get its meetings.');
    if (rules === 0)
      out.say('▲ The profile has no enabled meeting processing rule: meetings will have no Join button.');
    out.say(`${good} of ${named.length} rooms are prepared on Infinity.`);
    out.emit({ type: 'result', prepared: good, rooms: named.length, keptBack: kept.size });
    return good === named.length ? 0 : 1;
  });
}

function valueWords(value: FieldValue): string {
  return clean(shownValue(value)) || '–';
}

/** A person is asked about all that is written; a script has its say with --yes. Throws DECLINED. */
async function isAgreed({ rows }: Drift): Promise<boolean> {
  const writes = rows.filter(isWritten);
  if (writes.length === 0 || !hasTerminal()) return false;
  const question = `Write ${writes.length} ${writes.length === 1 ? 'entry' : 'entries'} on Infinity?`;
  if (!(await confirm({ message: question, default: true }))) throw new OtjError('DECLINED');
  return true;
}
