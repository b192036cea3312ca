/** What `otj` tells of access scripts and their results, whoever ran them. */
import confirm from '@inquirer/confirm';
import { OtjError } from '../contract/errors.ts';
import type { AccessCut, AccessResult, ScriptTold } from '../contract/microsoft/access.ts';
import { localTime } from '../report/words.ts';
import { accessView, isSettling } from '../services/access.ts';
import type { Site } from '../site/site.ts';
import { clean, type Output, roomCount } from './output.ts';
import { hasTerminal } from './secrets.ts';

const MARKS = {
  ...{ granted: '✓', open: '▲', pending: '○', untested: '·' },
  ...{ 'not-room': '✗', failed: '✗', unknown: '·' },
} as const;
const WORDS = {
  granted: 'may be read',
  open: 'may be read, and so may others: the app is not kept to the group alone',
  pending: 'not yet',
  untested: 'not tested: the script ended before',
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
export function tellResult(out: Output, site: Site, taken: AccessResult): number {
  const { counts, others, missed, older, ...told } = taken;
  tellScript(out, told);
  for (const mailbox of others) out.say(`· ${clean(mailbox)} belongs to no room of this site`);
  if (missed.length > 0) out.say(`▲ It tells nothing of ${roomCount(missed.length)}: ${missed.map(clean).join(', ')}`);
  if (older > 0) out.say(`▲ Of ${roomCount(older)} a later result is known already; this one is not counted there.`);
  if (told.kind !== 'remove') tellRooms(out, site);
  out.emit({ type: 'result', ...taken });
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return !told.complete || missed.length > 0 || counts.granted < all ? 1 : 0;
}

/** What a script as a whole has told. */
export function tellScript(out: Output, told: ScriptTold): void {
  const { kind, applied, complete, at, tenant, policies, notes, failure, strangers } = told;
  const how = applied ? 'ran with -Apply' : 'ran without -Apply: it only looked, and changed nothing';
  out.say(`Script ${kind} ${how}, ${localTime(at)}`);
  if (policies)
    out.say(
      policies.found === 0
        ? '▲ There is no policy of the old app in this tenant. If you expected one, compare the old app’s id and the tenant.'
        : `Policies of the old app: ${policies.found} found, ${policies.removed} removed.`,
    );
  if (tenant) out.say(`Signed in to the tenant ${clean(tenant)}`);
  for (const note of notes) out.say(`▲ ${clean(note)}`);
  if (strangers.length > 0)
    out.say(
      `    members that are no room of the script; the app may read them as well: ${strangers.map(clean).join(', ')}`,
    );
  if (failure) out.say(`✗ It ended early: ${clean(failure)}`);
  else if (!complete) out.say('✗ It was cut short. Have it run again: it goes on where it was.');
}

/** What a run that was cut off comes to. */
export function tellCut(out: Output, { kind, at, state, file, problem }: AccessCut): void {
  const run = `run of the script ${kind}, begun ${localTime(at)},`;
  if (state === 'kept') {
    out.say(`▲ The result of a ${run} is not noted. It stands in ${clean(file ?? '')}`);
    // Not as a problem of this command: what that run has changed, nobody can say here.
    if (problem) {
      out.say(`    ${problem.happened} [${problem.code}] ${clean(problem.words ?? '')}`);
      // That another file should be chosen is no help here.
      if (problem.code !== 'RESULT_UNREADABLE') out.say(`    do: ${problem.todo}`);
    }
    out.say('    It is tried again each time. Run the script again to look: that tells what is so now.');
    out.say('    To delete it, and with it the word of what that run has done: otj m365 result SITE --dismiss');
    return;
  }
  const words = {
    running: 'PowerShell may still be at it. Its result is read once it has ended: ask again then',
    told: 'what it had done stands above, but for the last seconds perhaps. Run it again to look at what is left',
    unknown: `What the ${run} has done is not known here. Run it again to look: nothing is made twice`,
  }[state];
  out.say(state === 'unknown' ? `▲ ${words}.` : `▲ A ${run} was cut off by the end of this program: ${words}.`);
}

export function tellRooms(out: Output, site: Site): void {
  const { rooms } = accessView(site);
  for (const { room, mailbox, state, words, processing, until } of rooms) {
    const why = words && state !== 'granted' ? ` (${clean(words)})` : '';
    const settling = isSettling(until) ? `; Graph may still say no until ${localTime(until ?? '')}` : '';
    out.say(`${MARKS[state]} ${clean(room)}, ${clean(mailbox)}: ${WORDS[state]}${why}${settling}`);
    for (const { name, now, wish } of processing ?? [])
      out.say(`    ${name} is ${clean(now) || '–'}, wanted ${clean(wish)}`);
  }
  const granted = rooms.filter(({ state }) => state === 'granted').length;
  out.say(`${granted} of ${rooms.length} mailboxes may be read.`);
}
