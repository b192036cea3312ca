/** Facts to findings. Pure. What decides is in one place: what One-Touch Join needs of a mailbox, and what is merely worth a look. */
import { OtjError } from '../../contract/errors.ts';
import type { AccessScope, RoomAccess } from '../../contract/microsoft/access.ts';
import type {
  Finding,
  GroupFinding,
  MailboxCheck,
  MailboxReason,
  MailboxStatus,
} from '../../contract/microsoft/mailboxes.ts';
import type { Account, MailboxFacts, TenantFacts } from './facts.ts';

export interface JudgeWish {
  mailbox: string;
  /** How Infinity's app is kept to the group; null = not set. */
  scope: AccessScope | null;
  group: GroupFinding;
  /** What a script has told of the mailbox's settings, which Graph does not know. */
  access: RoomAccess | null;
}

/** Exchange's codes for an account without a mailbox of its own. */
const NO_MAILBOX = ['MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI', 'ErrorNonExistentMailbox'];

export function judge(facts: MailboxFacts, wish: JudgeWish): Finding[] {
  const { found } = facts;
  const account = !(found instanceof OtjError) && 'account' in found ? found.account : null;
  // without an account there is nothing to be asked, but the account may also only not be known
  const isGone = !(found instanceof OtjError) && account === null;
  const isSeveral = !(found instanceof OtjError) && found.by === 'several';
  const later = (check: MailboxCheck, judged: () => Finding): Finding =>
    isGone ? finding(check, 'unchecked', isSeveral ? 'which-account' : 'no-account') : judged();
  return [
    exists(facts, wish.mailbox),
    later('kind', () => kind(facts)),
    later('account', () => accountFinding(facts, account)),
    later('calendar', () => calendar(facts)),
    later('member', () => member(facts, wish)),
    processing(wish.access),
    later('place', () => place(facts)),
  ];
}

/** An address that could belong to nobody is not asked for. */
export function judgeUnfit(words: string): Finding[] {
  const rest = ['kind', 'account', 'calendar', 'member', 'processing', 'place'] as const;
  return [
    finding('exists', 'fail', 'address-unfit', words),
    ...rest.map((check) => finding(check, 'unchecked', 'no-account')),
  ];
}

export function worstOf(findings: readonly Finding[]): MailboxStatus {
  const has = (status: MailboxStatus) => findings.some((one) => one.status === status);
  if (has('fail')) return 'fail';
  if (has('warn')) return 'warn';
  // Settings are known only from a script, and a script may never come; that no group is set is told once, for all rooms.
  const open = findings.some(
    ({ status, check, reason }) => status === 'unchecked' && check !== 'processing' && reason !== 'group-unset',
  );
  return open || findings.length === 0 ? 'unchecked' : 'pass';
}

function finding(check: MailboxCheck, status: MailboxStatus, reason: MailboxReason, words = ''): Finding {
  return { check, status, reason, words };
}

/** Why something is not known. */
function trouble(check: MailboxCheck, error: OtjError, status: MailboxStatus = 'unchecked'): Finding {
  const reason = error.code === 'M365_CONSENT_NEEDED' || isUnpermitted(error) ? 'not-permitted' : 'failed';
  return { check, status, reason, words: error.words ?? '', problem: error.toProblem() };
}

/** The app lacks the permission, as the directory words it. Mailboxes word it like one mailbox that may not be read. */
function isUnpermitted({ code, words = '' }: OtjError): boolean {
  return code === 'M365_FORBIDDEN' && words.includes('Authorization_RequestDenied');
}

function exists({ found, place }: MailboxFacts, mailbox: string): Finding {
  if (found instanceof OtjError) {
    const isListed = typeof place === 'object' && !(place instanceof OtjError);
    return isListed ? finding('exists', 'pass', 'found', place.mailbox) : trouble('exists', found);
  }
  if (found.by === 'nobody') {
    if (found.untold === null) return finding('exists', 'fail', 'missing', mailbox);
    const { problem, words } = trouble('exists', found.untold);
    return { ...finding('exists', 'fail', 'missing-or-deleted', words), ...(problem ? { problem } : {}) };
  }
  if (found.by === 'several') {
    const names = found.accounts.map(({ upn, id }) => upn || id);
    return finding('exists', 'fail', 'ambiguous', names.toSorted().join(', '));
  }
  if (found.by === 'deleted') return finding('exists', 'fail', 'deleted', found.at);
  const { mail, upn } = found.account;
  const primary = mail ?? upn;
  // Infinity is told one address, and that has to be the one that invitations carry
  const isPrimary = primary.toLowerCase() === mailbox.toLowerCase();
  return isPrimary ? finding('exists', 'pass', 'found', upn) : finding('exists', 'warn', 'alias', primary);
}

const KINDS: Readonly<Record<string, [MailboxStatus, MailboxReason]>> = {
  room: ['pass', 'room'],
  user: ['fail', 'person'],
  linked: ['fail', 'person'],
  shared: ['fail', 'shared'],
  equipment: ['fail', 'equipment'],
};

function kind({ purpose, calendar: read }: MailboxFacts): Finding {
  const missing = noMailbox(purpose) ?? noMailbox(read);
  if (missing !== null) return finding('kind', 'fail', 'no-mailbox', missing);
  if (purpose instanceof OtjError) return trouble('kind', purpose);
  if (purpose === null) return finding('kind', 'unchecked', 'failed');
  const [status, reason] = (Object.hasOwn(KINDS, purpose) ? KINDS[purpose] : undefined) ?? ['warn', 'other-kind'];
  return finding('kind', status, reason, reason === 'other-kind' ? purpose : '');
}

/** Its words, where Exchange says that there is none. */
function noMailbox(told: MailboxFacts['purpose']): string | null {
  const words = told instanceof OtjError ? (told.words ?? '') : '';
  return NO_MAILBOX.some((code) => words.includes(code)) ? words : null;
}

/** A room needs neither a licence nor a sign-in; a person's mailbox without a licence goes away. */
function accountFinding({ found, purpose }: MailboxFacts, account: Account | null): Finding {
  if (found instanceof OtjError) return trouble('account', found);
  if (account?.enabled === false && purpose !== 'user') return finding('account', 'pass', 'sign-in-blocked');
  if (account?.licensed === false && (purpose === 'user' || purpose === 'linked'))
    return finding('account', 'warn', 'unlicensed');
  if (account?.enabled === false) return finding('account', 'warn', 'sign-in-blocked');
  return account?.enabled ? finding('account', 'pass', 'sign-in-open') : finding('account', 'unchecked', 'untold');
}

function calendar({ calendar: told }: MailboxFacts): Finding {
  if (told === 'readable') return finding('calendar', 'pass', 'readable');
  if (told === null) return finding('calendar', 'unchecked', 'failed');
  if (noMailbox(told) !== null) return { ...trouble('calendar', told, 'fail'), reason: 'no-mailbox' };
  if (told.code === 'M365_FORBIDDEN') return { ...trouble('calendar', told, 'warn'), reason: 'denied' };
  return trouble('calendar', told);
}

function member({ member: told }: MailboxFacts, { scope, group }: JudgeWish): Finding {
  if (group.reason === 'unset') return finding('member', 'unchecked', 'group-unset');
  if (group.reason === 'missing') return finding('member', 'unchecked', 'group-missing', group.address);
  if (group.reason === 'not-permitted' || group.reason === 'failed')
    return { ...finding('member', 'unchecked', group.reason), ...(group.problem ? { problem: group.problem } : {}) };
  if (group.reason !== 'fit' && group.reason !== 'on-premises')
    return finding('member', 'unchecked', 'group-unfit', group.address);
  if (told instanceof OtjError) return trouble('member', told);
  if (told === null) return finding('member', 'unchecked', 'no-account');
  if (told === 'direct') return finding('member', 'pass', 'direct');
  if (told === 'no') return finding('member', 'fail', 'not-member', group.address);
  // RBAC for Applications does not look into nested groups; an access policy does
  if (told === 'nested')
    return scope === 'rbac' ? finding('member', 'fail', 'nested-only') : finding('member', 'pass', 'nested');
  return scope === 'rbac' ? trouble('member', told.way) : finding('member', 'pass', 'inside');
}

/** Graph has no word on these settings: only a script can read them. */
function processing(access: RoomAccess | null): Finding {
  if (!access?.at || access.processing === null) return finding('processing', 'unchecked', 'no-script');
  const words = access.processing.map(({ name, now, wish }) => `${name} ${now || '–'} → ${wish}`).join('; ');
  return words === '' ? finding('processing', 'pass', 'as-needed') : finding('processing', 'warn', 'differs', words);
}

function place({ place: told, purpose }: MailboxFacts): Finding {
  if (told instanceof OtjError) return trouble('place', told);
  if (told === 'hidden') return finding('place', purpose === 'room' ? 'warn' : 'unchecked', 'hidden');
  const { building, floor, capacity } = told;
  const words = [building, floor, capacity === null ? '' : String(capacity)].filter((one) => one !== '').join(', ');
  return finding('place', 'pass', 'listed', words);
}

/** What is wrong with the group itself. */
export function judgeGroup(group: TenantFacts['group'], address: string): GroupFinding {
  const base = { address, name: '', members: null };
  if (group === 'not-set') return { ...base, status: 'unchecked', reason: 'unset' };
  if (group === null) return { ...base, status: 'fail', reason: 'missing' };
  if (group instanceof OtjError) {
    const { reason } = trouble('member', group);
    return {
      ...base,
      status: 'unchecked',
      reason: reason === 'not-permitted' ? reason : 'failed',
      problem: group.toProblem(),
    };
  }
  const { name, kind: what, onPremises, members } = group;
  const told = { address, name, members };
  if (what !== 'mail-security') return { ...told, status: 'fail', reason: what };
  // it serves, but its members are changed in the company's own directory
  return onPremises ? { ...told, status: 'warn', reason: 'on-premises' } : { ...told, status: 'pass', reason: 'fit' };
}
