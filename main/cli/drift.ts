/** `otj infinity drift`, and the diff that `otj prepare` shows before it writes. */
import type { Command } from 'commander';
import type { Drift, DriftAction, DriftRow } from '../contract/infinity.ts';
import { readDrift } from '../services/drift.ts';
import { roomsNamed } from '../services/inventory.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';

export function addDriftCommand(infinity: Command): void {
  infinity
    .command('drift')
    .summary('what Infinity has, what this site wants, what the devices said')
    .description(
      'Sets the entries on Infinity beside what this site wants and what each device said at its last visit. Changes nothing. Exit code 1 when something differs.',
    )
    .argument('<site>')
    .argument('[rooms...]', 'names, mailboxes or addresses; default all')
    .action(drift);
}

const WORDS: Record<DriftAction, string> = {
  create: '+ new entry',
  change: '~ our entry differs',
  'take-over': '~ an entry that was there before',
  same: '= as wished',
  device: '▲ the device says otherwise',
  surplus: '- entry of an undone room',
  conflict: '▲ a person must decide',
  blocked: '▲ not ready',
};

function drift(path: string, names: string[], _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out, signal }) => {
    const rooms = names.length > 0 ? roomsNamed(site, names) : site.rooms.all();
    const found = await readDrift(site, { rooms, signal });
    sayDrift(out, found);
    out.emit({ type: 'result', counts: found.counts });
    return found.rows.length > 0 ? 1 : 0;
  });
}

/** Room by room, only what differs; then the numbers. */
export function sayDrift(out: Output, { rows, counts, unread = 0, short = 0 }: Drift): void {
  for (const row of rows) {
    out.emit({ type: 'drift', ...row });
    sayRow(out, row);
  }
  if (unread > 0)
    out.say(`▲ ${unread} of Infinity’s entries cannot be read and were passed over (otj check says more).`);
  if (short > 0)
    out.say(
      `▲ Infinity has ${short} OTJ ${short === 1 ? 'licence' : 'licences'} too few for the new entries: so many cannot be made.`,
    );
  const words = Object.entries(counts).filter(([, count]) => count > 0);
  out.say(`${words.map(([action, count]) => `${count} ${WORDS[action as DriftAction].slice(2)}`).join(', ')}.`);
}

function sayRow(out: Output, { room, action, entryId, fields, problem }: DriftRow): void {
  if (problem) {
    out.problem(problem, room);
    return;
  }
  out.say(`${WORDS[action]}  ${clean(room)}${entryId ? `  (entry ${entryId})` : ''}`);
  for (const { field, infinity, site, device } of fields) {
    const now = infinity === null ? '' : `${clean(infinity) || '–'}  →  `;
    const said = device !== null && device !== site ? `   (device: ${clean(device)})` : '';
    out.say(`    ${field}: ${now}${clean(site ?? '') || '–'}${said}`);
  }
}
