/** `otj infinity check`, also by its short name `otj check`: is everything ready before anybody drives out? */
import type { Command } from 'commander';
import { isOpen } from '../contract/checks.ts';
import type { Check, CheckReason } from '../contract/jobs.ts';
import { runChecks } from '../services/checks.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';

const SUMMARY = 'see whether everything is ready';

/** @param under `otj` itself, or `otj infinity` */
export function addCheckCommand(under: Command): void {
  under
    .command('check')
    .summary(SUMMARY)
    .description(
      'Looks whether this site has what it needs before rooms are moved: Infinity’s licences, group, profile, calendar, rules, Conferencing Nodes and their certificates, replication and alarms; logins; the room list. Says for each what was seen and where in Infinity’s admin pages it is mended. Changes nothing. Exit code 1 when something is missing.',
    )
    .argument('<site>')
    .action(check);
}

const GLYPHS: Record<Check['status'], string> = { pass: '●', warn: '▲', fail: '✗', unchecked: '○' };

const WORDS: Record<Check['id'], string> = {
  'infinity.set': 'Infinity is named',
  'infinity.certificate': 'its certificate',
  'infinity.login': 'login to Infinity',
  'infinity.version': 'version of Infinity',
  'infinity.licences': 'One-Touch Join licences',
  'infinity.group': 'endpoint group',
  'infinity.profile': 'One-Touch Join profile',
  'infinity.location': 'system location',
  'infinity.calendar': 'calendar of the profile',
  'infinity.rules': 'meeting processing rules',
  'infinity.account': 'default account of the profile',
  'infinity.nodes': 'Conferencing Nodes',
  'infinity.reach': 'nodes, seen from here',
  'infinity.nodeCertificates': 'certificates of the nodes',
  'infinity.replication': 'replication to the nodes',
  'infinity.entries': 'entries from before',
  'infinity.alarms': 'alarms',
  'logins.cisco': 'login to Cisco devices',
  'logins.poly': 'login to Poly devices',
  'rooms.list': 'room list',
  'rooms.devices': 'rooms without a device',
  microsoft: 'access to the mailboxes',
};

const REASONS: Record<CheckReason, string> = {
  'access-none': 'Infinity reads the calendars from elsewhere, so Microsoft 365 has nothing to allow.',
  'access-all': 'The app may read every room’s mailbox, and is kept to them.',
  'access-settling': 'Mailboxes that were opened to the app just now; Graph may still say no (otj m365 status):',
  'access-some': 'Mailboxes that want a look (otj m365 status):',
  'version-no-otj': 'This version is too old for One-Touch Join.',
  'version-odd': 'The version cannot be told from this text.',
  'version-old': 'This version is too old for this calendar.',
  'write-proven': 'It may write: its last write was taken.',
  'write-unknown': 'Signed in. Whether it may write is not known until the first write.',
  'write-refused': 'Its last write was refused. A prepare or a sync tries again.',
  'calendar-graph': 'Microsoft 365 over Graph. Whether it may read the mailboxes is seen once meetings arrive.',
  'calendar-exchange': 'Exchange. Whether it may read the mailboxes is seen once meetings arrive.',
  'calendar-google': 'Google Workspace. Whether it may read the calendars is seen once meetings arrive.',
  'calendar-token-url': 'The token address is not that of Microsoft’s sign-in, version 2.',
  'calendar-sign-in': 'Nobody has signed in for this integration yet, so it may read no calendar.',
  'calendar-alarm': 'An alarm names this integration.',
  'account-own': 'There is none, and none is needed: each entry has an account of its own.',
  'account-default': 'Entries without an account of their own use this one.',
  'account-missing': 'These entries have no account, and the profile has none for them.',
  'nodes-maintenance': 'Nodes of the location are in maintenance.',
  'reach-ok': 'They answer, and their names resolve here.',
  'reach-names': 'They answer, but their names do not resolve here. Poly devices must resolve them.',
  'reach-silent': 'They do not answer from here. Poly devices must reach them, this computer need not.',
  'certificates-ok': 'Made out to the name, signed by a known authority, not about to expire.',
  'certificates-unseen': 'No node shows one from here.',
  'certificates-names': 'The certificate is not made out to the node’s name. A Poly device that checks it will refuse.',
  'certificates-untrusted': 'This computer knows no authority for it. A Poly device that checks needs that authority.',
  'certificates-soon': 'It expires within 30 days.',
  'certificates-expired': 'It has expired.',
  'replication-ok': 'The nodes have the present configuration.',
  'replication-other': 'A state that is not known to be good: wait a minute and check again.',
  'replication-untold': 'Infinity does not tell it.',
  'entries-ours': 'No room of this site has an entry that was there before.',
  'entries-foreign':
    'Rooms with an entry that was there before: otj prepare shows what would be changed in it, and asks.',
  'rows-unread': 'Infinity has rows here that cannot be read. They were passed over:',
  'alarms-none': 'None is raised.',
  'alarms-some': 'Raised and not acknowledged:',
  unread: 'It could not be read, so nobody knows whether it is in order.',
  forbidden: 'The account may not read this.',
};

function check(path: string, _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out, signal }) => {
    const checks = await runChecks(site, {
      signal,
      checked: (one) => {
        out.emit({ type: 'check', ...one });
        out.progress(`looked at: ${WORDS[one.id]}`);
      },
    });
    out.progress('');
    out.table(
      ['result', 'what', 'count', 'seen'],
      checks.map(({ id, status, count, evidence }) => [
        `${GLYPHS[status]} ${status}`,
        WORDS[id],
        count ?? null,
        evidence || null,
      ]),
    );
    for (const one of checks) if (one.status !== 'pass' || one.reason === 'write-unknown') sayTrouble(out, one);
    const failed = checks.filter(({ status }) => status === 'fail');
    const warned = checks.filter(({ status }) => status === 'warn').length;
    const look = warned > 0 ? ` ${warned} to look at.` : '';
    const open = checks.filter(isOpen).length;
    const left = open > 0 ? [`${open} of ${checks.length} were not looked at, so nobody knows.`] : [];
    const found = failed.length > 0 ? [`${failed.length} of ${checks.length} checks failed.`, ...left] : left;
    out.say(`${found.length > 0 ? found.join(' ') : 'Nothing is missing.'}${look}`);
    out.emit({ type: 'result', failed: failed.length, warned, unchecked: open, checks });
    return found.length === 0 ? 0 : 1;
  });
}

/** What is not in order: why, and where it is mended. */
function sayTrouble(out: Output, { id, status, problem, reason, evidence, place }: Check): void {
  if (problem) out.problem(problem, WORDS[id]);
  if (reason)
    out.say(`${problem ? '    why:     ' : GLYPHS[status]} ${problem ? '' : `${WORDS[id]}: `}${REASONS[reason]}`);
  if (reason && !problem && evidence) out.say(`    seen:     ${clean(evidence)}`);
  if (place && (problem || reason))
    out.say(`    where:    ${place.path.join(' > ')}${place.assumed ? ' (menus differ between versions)' : ''}`);
}
