/** `otj m365 check`: what Microsoft 365 itself tells of the rooms' mailboxes. */
import type { Command } from 'commander';
import type { GroupFinding, MailboxCheck, MailboxReason, MailboxStatus } from '../contract/microsoft/mailboxes.ts';
import { checkMailboxes, mailboxView, roomMailboxes, roomsToCheck } from '../services/mailboxes.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

const GLYPHS: Record<MailboxStatus, string> = { pass: '●', warn: '▲', fail: '✗', unchecked: '○' };
/** More lines than anybody reads; --json has them all. */
const MOST_SHOWN = 50;

const CHECKS: Record<MailboxCheck, string> = {
  exists: 'account',
  kind: 'kind of mailbox',
  account: 'sign-in and licence',
  calendar: 'calendar',
  member: 'group',
  processing: 'calendar settings',
  place: 'list of rooms',
};

const REASONS: Record<MailboxReason, string> = {
  found: 'is there',
  alias: 'the room list has an alias; the primary address is another',
  missing: 'nobody in the tenant has this address',
  deleted: 'was deleted; an administrator can bring it back for 30 days',
  'missing-or-deleted':
    'nobody in the tenant has this address; whether it was deleted cannot be told, because the list of deleted accounts cannot be read',
  ambiguous: 'more than one account has this address; an administrator has to take it from all but one',
  'address-unfit': 'this can be no address',
  room: 'a room mailbox',
  person: 'a person’s mailbox; correct the room list, or have it converted',
  shared: 'a shared mailbox; have it converted: Set-Mailbox -Type Room',
  equipment: 'a mailbox for equipment; have it converted: Set-Mailbox -Type Room',
  'other-kind': 'of a kind that is not known',
  'no-mailbox': 'the account has no mailbox in Exchange Online; it may be on-premises',
  'sign-in-blocked': 'sign-in is blocked, as it may be for a room',
  'sign-in-open': 'sign-in is allowed; a room needs none',
  unlicensed: 'a person’s account without a licence: its mailbox goes away',
  untold: 'Microsoft 365 does not tell',
  readable: 'can be read',
  denied:
    'this sign-in may not read it: a share is missing, or a policy keeps it out. Infinity’s app may be allowed all the same',
  direct: 'a direct member of the group',
  nested: 'a member by a nested group, which an access policy takes; RBAC for Applications would not',
  'nested-only': 'a member only by a nested group, which RBAC for Applications does not see: add it directly',
  inside: 'a member of the group, directly or by a nested one',
  'not-member': 'not a member of the group; otj m365 script adds it',
  'group-unset': 'no group is set: otj m365 set',
  'group-missing': 'the group was not found',
  'group-unfit': 'the group is of a kind that does not serve',
  'as-needed': 'as One-Touch Join needs them, as a script has told',
  differs: 'not as One-Touch Join needs them; otj m365 script mends it',
  'no-script': 'known only from a script: otj m365 script, otj m365 result',
  listed: 'in it',
  hidden: 'not in it: hidden from the address lists, or new',
  'not-permitted': 'a permission for it is missing',
  'no-account': 'not looked at, because there is no account',
  'which-account': 'not looked at, because it is not clear which account is meant',
  failed: 'could not be looked at',
};

const GROUPS: Record<GroupFinding['reason'], string> = {
  fit: 'a mail-enabled security group, as it has to be',
  'on-premises':
    'a mail-enabled security group that is kept in the company’s own Active Directory: members are changed there',
  microsoft365: 'a Microsoft 365 group, which does not serve: it must be a mail-enabled security group',
  distribution: 'a distribution group, which does not serve: it must be a mail-enabled security group',
  security: 'a security group without mail, which does not serve: it must be mail-enabled',
  dynamic: 'a group with dynamic members, which does not serve',
  missing: 'no group has this address; the script can make it',
  unset: 'no group is set: otj m365 set',
  'not-permitted': 'a permission to read groups is missing',
  failed: 'could not be read',
};

export function addMailboxCommands(m365: Command): void {
  m365
    .command('check')
    .summary('ask Microsoft 365 about each room’s mailbox')
    .description(
      'For each room: whether its account exists, is a room mailbox, can be read, is in the group directly or nested, and is in the list of rooms. Also tells which rooms of the tenant the site lacks (otj import --from microsoft). Changes nothing in Microsoft 365. What a missing permission hides is told, and the rest is looked at. Exit code 1 when a mailbox wants somebody.',
    )
    .argument('<site>')
    .option('--last', 'show what the last check told, and ask nobody')
    .option('--all', 'show the rooms that are well, too')
    .action(check);
}

function check(path: string, own: { last?: true; all?: true }, command: Command): Promise<void> {
  const needs = { unlock: own.last !== true, change: own.last !== true };
  return withSite(path, command.optsWithGlobals(), needs, async ({ site, out, signal }) => {
    const total = roomsToCheck(site).length;
    let done = 0;
    if (!own.last) await checkMailboxes(site, { signal, done: () => out.progress(`mailboxes: ${++done} of ${total}`) });
    out.progress('');
    return tell(site, out, own.all === true);
  });
}

/** What is so with every room, or follows from another finding. */
const ASIDE: ReadonlySet<MailboxReason> = new Set(['no-script', 'no-account', 'which-account']);

function tell(site: Site, out: Output, all: boolean): number {
  const { last, counts, strangers } = mailboxView(site);
  const rooms = roomMailboxes(site);
  if (!last) {
    out.say('The mailboxes were never checked: otj m365 check');
    out.emit({ type: 'result', last, counts, strangers: strangers.count });
    return 1;
  }
  for (const room of rooms) out.emit({ type: 'mailbox', ...room });
  const shown = rooms.filter(({ status }) => all || status !== 'pass');
  for (const { room, mailbox, status, findings } of shown.slice(0, all ? undefined : MOST_SHOWN)) {
    out.say(`${GLYPHS[status]} ${clean(room)}, ${clean(mailbox)}`);
    for (const one of findings) {
      if (!all && (one.status === 'pass' || ASIDE.has(one.reason))) continue;
      const words = one.words ? `: ${clean(one.words)}` : '';
      out.say(`    ${GLYPHS[one.status]} ${CHECKS[one.check]}: ${REASONS[one.reason]}${words}`);
    }
  }
  if (!all && shown.length > MOST_SHOWN) out.say(`… and ${shown.length - MOST_SHOWN} more; --all shows them.`);
  const { group, listed, listProblem } = last;
  if (group.address) {
    const members = group.members === null ? '' : `, ${group.members} direct members`;
    out.say(`${GLYPHS[group.status]} Group ${clean(group.address)}: ${GROUPS[group.reason]}${members}.`);
  } else
    out.say('○ Group: none is set, so nobody has looked whether Infinity’s app may read the mailboxes: otj m365 set');
  if (group.problem) out.problem(group.problem, 'group');
  if (listProblem) out.problem(listProblem, 'list of rooms');
  if (last.outdated) out.say('▲ This was told of another tenant, group or way than is set now: check again.');
  if (strangers.count > 0)
    out.say(
      `${roomCount(strangers.count)} of the tenant's ${listed ?? 0} not in this site: otj import SITE --from microsoft --dry-run`,
    );
  const { pass, warn, fail, unchecked } = counts;
  out.say(`${pass} of ${rooms.length} mailboxes are well; ${fail} failed, ${warn} to look at, ${unchecked} not known.`);
  out.emit({ type: 'result', last, counts, strangers: strangers.count });
  return pass === rooms.length ? 0 : 1;
}
