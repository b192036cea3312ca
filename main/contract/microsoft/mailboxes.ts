/** What Microsoft 365 itself tells of the rooms' mailboxes, judged; and the rooms of the tenant that the site lacks. */
import { z } from 'zod';
import { problemSchema } from '../rooms.ts';

/** In the order in which they are read: what comes later needs what comes before. */
export const mailboxCheckSchema = z.enum(['exists', 'kind', 'account', 'calendar', 'member', 'processing', 'place']);
export type MailboxCheck = z.infer<typeof mailboxCheckSchema>;

/** `unchecked`: it could not be looked at, and the reason says why. */
export const mailboxStatusSchema = z.enum(['pass', 'warn', 'fail', 'unchecked']);
export type MailboxStatus = z.infer<typeof mailboxStatusSchema>;

/** Why a check came out as it did; the words that go with it are in the window's languages and in English for `otj`. */
const MAILBOX_REASONS = [
  // exists
  'found',
  'alias',
  'missing',
  'deleted',
  /** The list of deleted accounts could not be read. */
  'missing-or-deleted',
  /** More than one account has the address. */
  'ambiguous',
  'address-unfit',
  // kind
  'room',
  'person',
  'shared',
  'equipment',
  'other-kind',
  'no-mailbox',
  // account
  'sign-in-blocked',
  'sign-in-open',
  'unlicensed',
  'untold',
  // calendar
  'readable',
  'denied',
  // member
  'direct',
  'nested',
  'nested-only',
  'inside',
  'not-member',
  'group-unset',
  'group-missing',
  'group-unfit',
  // processing
  'as-needed',
  'differs',
  'no-script',
  // place
  'listed',
  'hidden',
  // any
  'not-permitted',
  'no-account',
  'which-account',
  'failed',
] as const;
export const mailboxReasonSchema = z.enum(MAILBOX_REASONS);
export type MailboxReason = z.infer<typeof mailboxReasonSchema>;

const findingSchema = z.object({
  check: mailboxCheckSchema,
  status: mailboxStatusSchema,
  reason: mailboxReasonSchema,
  /** Evidence: an address, a value, the words of Microsoft 365. A stranger's text. */
  words: z.string(),
  problem: problemSchema.exactOptional(),
});
export type Finding = z.infer<typeof findingSchema>;
export const findingsSchema = z.array(findingSchema);

export const roomMailboxSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  mailbox: z.string(),
  /** The worst of its findings; `unchecked` while nothing is known. */
  status: mailboxStatusSchema,
  findings: findingsSchema,
  /** When Microsoft 365 was asked; null = never. */
  at: z.string().nullable(),
});
export type RoomMailbox = z.infer<typeof roomMailboxSchema>;

/** `fit`: a mail-enabled security group. The others are kinds that do not serve, or why it is not known. */
const groupFindingSchema = z.object({
  address: z.string(),
  status: mailboxStatusSchema,
  reason: z.enum([
    'fit',
    'on-premises',
    'microsoft365',
    'distribution',
    'security',
    'dynamic',
    'missing',
    'unset',
    'not-permitted',
    'failed',
  ]),
  name: z.string(),
  members: z.number().nullable(),
  problem: problemSchema.exactOptional(),
});
export type GroupFinding = z.infer<typeof groupFindingSchema>;

/** A room of the tenant that the site lacks. */
const tenantRoomSchema = z.object({
  mailbox: z.string(),
  name: z.string(),
  building: z.string(),
  floor: z.string(),
  capacity: z.number().nullable(),
});
export type TenantRoom = z.infer<typeof tenantRoomSchema>;

/** What came of the last check as a whole. */
export const mailboxRunSchema = z.object({
  at: z.string(),
  /** Who looked. */
  by: z.string(),
  group: groupFindingSchema,
  /** How many rooms the tenant's list has; null = it could not be read, and why. */
  listed: z.number().nullable(),
  listProblem: problemSchema.exactOptional(),
  /** It was about another app, group or tenant than the site has now. */
  outdated: z.boolean(),
});
export type MailboxRun = z.infer<typeof mailboxRunSchema>;

/** Rooms that a view names; the counts are whole. */
export const MOST_NAMED = 500;

export const mailboxViewSchema = z.object({
  last: mailboxRunSchema.nullable(),
  counts: z.record(mailboxStatusSchema, z.number()),
  /** Those that want somebody, the worst first. */
  rooms: z.array(roomMailboxSchema),
  /** Rooms of the tenant that are not in the site. */
  strangers: z.object({ count: z.number(), rooms: z.array(tenantRoomSchema) }),
});
export type MailboxView = z.infer<typeof mailboxViewSchema>;
