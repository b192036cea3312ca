/** What `otj` tells of access scripts and their results, whoever ran them. */
import confirm from '@inquirer/confirm';
import { OtjError } from '../contract/errors.ts';
import type { AccessResult } from '../contract/microsoft/access.ts';
import { accessView } from '../services/access.ts';
import type { Site } from '../site/site.ts';
import { clean, type Output } from './output.ts';
import { hasTerminal } from './secrets.ts';

const MARKS = { granted: '✓', open: '▲', pending: '○', 'not-room': '✗', failed: '✗', unknown: '·' } as const;
const WORDS = {
  granted: 'may be read',
  open: 'may be read, and so may every other mailbox: no policy keeps the app to the group',
  pending: 'not yet',
  'not-room': 'is no room mailbox',
  failed: 'failed',
  unknown: 'no script has told of it',
} as const;

/** Throws USAGE, DECLINED. */
export async function askWhetherRead(out: Output, text: string): Promise<void> {
  if (!hasTerminal()) throw new OtjError('USAGE', 'give --reviewed once you have read the script');
  out.say(text);
  if (!(await confirm({ message: 'Have you read the script, and do you sign it off?', default: false })))
    throw new OtjError('DECLINED', 'nothing was written');
}

/** @returns the exit code */
export function tellResult(out: Output, site: Site, told: AccessResult): number {
  const { kind, applied, counts, others, notes, failure } = told;
  if (!applied) out.say('It ran without -Apply: it only looked, and changed nothing.');
  for (const note of notes) out.say(`▲ ${clean(note)}`);
  if (failure) out.say(`✗ It ended early: ${clean(failure)}`);
  for (const mailbox of others) out.say(`· ${clean(mailbox)} belongs to no room of this site`);
  if (kind !== 'remove') tellRooms(out, site);
  out.emit({ type: 'result', kind, applied, counts, others, notes, failure });
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return failure || counts.granted < all ? 1 : 0;
}

export function tellRooms(out: Output, site: Site): void {
  const { rooms } = accessView(site);
  for (const { room, mailbox, state, words, processing } of rooms) {
    const why = words && state !== 'granted' ? ` (${clean(words)})` : '';
    out.say(`${MARKS[state]} ${clean(room)}, ${clean(mailbox)}: ${WORDS[state]}${why}`);
    for (const { name, now, wish } of processing) out.say(`    ${name} is ${clean(now) || '–'}, wanted ${clean(wish)}`);
  }
  const granted = rooms.filter(({ state }) => state === 'granted').length;
  out.say(`${granted} of ${rooms.length} mailboxes may be read.`);
}
