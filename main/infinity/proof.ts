/**
 * Does Infinity serve a room, by its own word; and if not, why most likely, from what both sides tell. Pure. Replication to
 * the nodes takes about a minute, and contact some more: before that, nothing is wrong.
 */

import { z } from 'zod';
import table from '../../assets/infinity/alarm-words.json' with { type: 'json' };
import { type Proof, type ProofCause, proofCauseSchema } from '../contract/infinity.ts';
import { byOurClock } from './clock.ts';
import type { Contact } from './contact.ts';
import { fold } from './entry.ts';
import type { Alarm, Entry } from './resources.ts';
import { parseTime } from './time.ts';

const ALARM_CAUSES = z
  .array(z.object({ cause: proofCauseSchema, pattern: z.string() }))
  .parse(table.causes)
  .map(({ cause, pattern }) => ({ cause, pattern: new RegExp(pattern, 'i') }));

/** When a missing contact begins to mean something, milliseconds. */
export interface Patience {
  /** A saved change reaches the nodes after about a minute, longer with many nodes. */
  replicationMs: number;
  /** Contact within a few minutes; ten are enough for any deployment that works. */
  deadlineMs: number;
}
export const PATIENCE: Patience = { replicationMs: 90_000, deadlineMs: 600_000 };

/** What the codec itself keeps of the account that Infinity uses. */
export interface SignIns {
  /** null = the codec has no such account. */
  account: { lastLogin: Date | null; failed: number | null; trouble: readonly string[] } | null;
}

export interface ProofInput {
  name: string;
  mailbox: string;
  family: 'CISCO' | 'POLY' | null;
  /** The change that the contact must be later than: the cut-over, or the entry, whichever came last. */
  since: Date;
  now: Date;
  patience: Patience;
  contact: Contact;
  /** How far this computer's clock is ahead of Infinity's, milliseconds; the contact's time has it in it already. */
  clockAhead: number;
  /** The room's entry as Infinity has it; null = none. undefined = not looked at, or not readable. */
  entry: Entry | null | undefined;
  /** Meetings of the room in Infinity's own list; null = not told. */
  meetings: number | null;
  /** Alarms that nobody has acknowledged. */
  alarms: readonly Alarm[];
  shown: Proof['shown'];
  /** null = the codec was not asked. */
  signIns: SignIns | null;
}

export function judgeProof(input: ProofInput): Proof {
  const { since, now, patience, contact, shown } = input;
  const { lastContact, node } = contact;
  const meetings = input.meetings ?? contact.meetings;
  const base = {
    at: now.toISOString(),
    since: since.toISOString(),
    lastContact: lastContact?.toISOString() ?? null,
    node,
    meetings,
    shown,
  };
  if (lastContact && lastContact > since) return { ...base, state: 'proven', ...compared(input, meetings) };
  const waited = now.getTime() - since.getTime();
  const state = waited < patience.replicationMs ? 'replicating' : waited < patience.deadlineMs ? 'waiting' : 'late';
  if (state === 'replicating') return { ...base, state, cause: null, evidence: [] };
  const found = diagnose(input);
  // Before the deadline only what is plainly told counts; a guess would be too early.
  const isTold = found.cause === 'no-entry' || found.alarms > 0;
  if (state !== 'late' && !isTold) return { ...base, state, cause: null, evidence: [] };
  return { ...base, state, cause: found.cause, evidence: [...found.evidence, ...clockWords(input.clockAhead)] };
}

/** The times beside it are by this computer's clock, and somebody may look them up on Infinity. */
function clockWords(ahead: number): string[] {
  const minutes = Math.round(Math.abs(ahead) / 6000) / 10;
  return minutes > 0 ? [`this computer's clock is ${minutes} min ${ahead > 0 ? 'ahead of' : 'behind'} Infinity's`] : [];
}

/** Infinity reaches the device: do both have the same meetings? Numbers differ with the days that each shows. */
function compared({ shown, contact, alarms, signIns, ...room }: ProofInput, meetings: number | null) {
  const none = { cause: null, evidence: [] };
  const own = alarms.filter((alarm) => isAbout(alarm, room));
  const mailbox = own.find((alarm) => causeOf(alarm, room.name) === 'mailbox');
  if (mailbox) return { cause: 'mailbox' as const, evidence: [words(mailbox)] };
  if (!shown || meetings === null) return none;
  const evidence = [`Infinity: ${meetings}`, `device: ${shown.meetings} (${shown.at})`];
  if (meetings === 0 && shown.meetings > 0) return { cause: 'mailbox' as const, evidence };
  // Only a look of just now is sure to be later than the push.
  const later = signIns !== null && contact.lastContact !== null && new Date(shown.at) > contact.lastContact;
  return meetings > 0 && shown.meetings === 0 && later ? { cause: 'other-source' as const, evidence } : none;
}

/** `alarms`: how many were raised since the change. */
type Diagnosis = { cause: ProofCause; evidence: string[]; alarms: number };

function diagnose(input: ProofInput): Diagnosis {
  const { entry, alarms, name, family, signIns, since, clockAhead } = input;
  if (entry === null) return { cause: 'no-entry', evidence: [], alarms: 0 };
  const own = alarms.filter((alarm) => isAbout(alarm, input));
  // Raised before the change, it may be of what the change has mended: only a room that is late anyway is told of it.
  const fresh = own.filter(({ time_raised }) => (byOurClock(parseTime(time_raised), clockAhead) ?? since) >= since);
  const evidence = own.slice(0, 3).map(words);
  const told = own.map((alarm) => causeOf(alarm, name)).find((cause) => cause !== null);
  const account = signIns?.account;
  if (account) evidence.push(...signInWords(account));
  else if (signIns) evidence.push('device: no such account');
  const codec = family === 'CISCO' && signIns ? codecCause(signIns, since) : null;
  if (family === 'CISCO' && entry?.verify_cert?.toUpperCase() === 'YES') evidence.push('entry: verify_cert YES');
  // What the codec counts is surer than the wording of an alarm.
  const cause =
    codec ??
    told ??
    (own.length > 0 ? 'alarm' : null) ??
    (entry?.verify_cert?.toUpperCase() === 'YES' ? 'certificate' : family === 'POLY' ? 'poly-login' : 'never-asked');
  return { cause, evidence, alarms: fresh.length };
}

/** The codec's own list: who was refused, who came in. */
function codecCause({ account }: SignIns, since: Date): ProofCause | null {
  if (!account || account.trouble.length > 0 || (account.failed ?? 0) > 0) return 'account';
  if (account.lastLogin && account.lastLogin > since) return 'mailbox';
  return account.lastLogin === null ? 'unreachable' : null;
}

function signInWords({ lastLogin, failed, trouble }: NonNullable<SignIns['account']>): string[] {
  return [
    `device: last login ${lastLogin?.toISOString() ?? 'never'}`,
    ...(failed ? [`device: ${failed} failed logins`] : []),
    ...trouble.map((word) => `device: ${word}`),
  ];
}

type Who = Pick<ProofInput, 'name' | 'mailbox'>;

/** The whole name, so that an alarm of `Fjord 2` is not taken for one of `Fjord`. */
function isAbout({ instance, details }: Alarm, { name, mailbox }: Who): boolean {
  if (fold(instance) === fold(name) || fold(instance) === fold(mailbox)) return true;
  if (fold(instance) !== '') return false;
  const text = fold(details);
  return text.includes(fold(mailbox)) || hasName(text, fold(name));
}

function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); name !== '' && at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + name.length)];
    if (!/[\p{L}\p{N}]$/u.test(before) && !/^(?:[\p{L}\p{N}]|\s*\p{N})/u.test(after)) return true;
  }
  return false;
}

/** The room's own name may be any word, so it is not looked at. */
function causeOf({ name, details }: Alarm, room: string): ProofCause | null {
  const text = `${fold(name)} ${fold(details)}`.replaceAll(fold(room), '');
  return ALARM_CAUSES.find(({ pattern }) => pattern.test(text))?.cause ?? null;
}

/** Alarms are another's words: one line of a sane length. */
function words({ name, level, details }: Alarm): string {
  const text = [`Infinity alarm ${name ?? ''}`, level, details].filter(Boolean).join(': ');
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);
}
