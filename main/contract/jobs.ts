/** Long work: started by a call that gives an id at once, told by events, stopped by the id. */
import { z } from 'zod';
import { accessRunSchema } from './microsoft/access.ts';
import { signInPromptSchema } from './microsoft/connection.ts';
import { placesResultSchema } from './microsoft/places.ts';
import { plannedStepSchema, roomStateSchema } from './plan.ts';
import { comparedSchema, judgedMacroSchema, problemSchema } from './rooms.ts';
import { purposeSchema } from './site.ts';

export const jobKindSchema = z.enum([
  'discover',
  'check',
  'drift',
  'prepare',
  'plan',
  'run',
  'undo',
  'sync',
  'compare',
  'macros',
  'xapi',
  'record',
  'publish',
  'practice',
  'sign-in',
  'mailboxes',
  'access',
  'places',
]);
export type JobKind = z.infer<typeof jobKindSchema>;

/**
 * `paused`: no new room begins; those under way have ended or end now. `stopping`: it ends after what is under way.
 */
export const jobStatusSchema = z.enum(['running', 'pausing', 'paused', 'stopping', 'done', 'stopped', 'failed']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** Why a check came out as it did, where a sentence with its number says more than the evidence. */
export const checkReasonSchema = z.enum([
  'version-no-otj',
  'version-odd',
  'version-old',
  'write-proven',
  'write-unknown',
  'write-refused',
  'calendar-graph',
  'calendar-exchange',
  'calendar-google',
  'calendar-token-url',
  'calendar-sign-in',
  'calendar-alarm',
  'account-own',
  'account-default',
  'account-missing',
  'nodes-maintenance',
  'reach-ok',
  'reach-names',
  'reach-silent',
  'certificates-ok',
  'certificates-unseen',
  'certificates-names',
  'certificates-untrusted',
  'certificates-soon',
  'certificates-expired',
  'replication-ok',
  'replication-other',
  'replication-untold',
  'entries-ours',
  'entries-foreign',
  'rows-unread',
  'alarms-none',
  'alarms-some',
  'unread',
  'forbidden',
  'access-all',
  'access-settling',
  'access-some',
  'access-none',
]);
export type CheckReason = z.infer<typeof checkReasonSchema>;

/** One line of a readiness list. */
export const checkSchema = z.object({
  id: z.enum([
    'infinity.set',
    'infinity.certificate',
    'infinity.login',
    'infinity.version',
    'infinity.licences',
    'infinity.group',
    'infinity.profile',
    'infinity.location',
    'infinity.calendar',
    'infinity.rules',
    'infinity.account',
    'infinity.nodes',
    'infinity.reach',
    'infinity.nodeCertificates',
    'infinity.replication',
    'infinity.entries',
    'infinity.alarms',
    'logins.cisco',
    'logins.poly',
    'rooms.list',
    'rooms.devices',
    'microsoft',
  ]),
  /** `unchecked`: it was not looked at, and `evidence` says why. */
  status: z.enum(['pass', 'warn', 'fail', 'unchecked']),
  /** What was seen: a name, a number, the other side's words. */
  evidence: z.string(),
  /** Numbers for the sentence of this check, such as licences missing. */
  count: z.number().exactOptional(),
  reason: checkReasonSchema.exactOptional(),
  /** Whose login is to be stored or corrected, where a check is about more than one. */
  purpose: purposeSchema.exactOptional(),
  problem: problemSchema.exactOptional(),
  /** Where in Infinity's admin pages it is mended, in that page's own words; `assumed`: not confirmed on a real node. */
  place: z.object({ path: z.array(z.string()), assumed: z.boolean() }).exactOptional(),
});
export type Check = z.infer<typeof checkSchema>;

/** What came of a job, by its kind. */
export const jobResultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('discover'),
    /** Addresses looked at, and those that this computer had no way to. */
    looked: z.number(),
    noRoute: z.number(),
    /** Addresses that answered; of these, what was recognised, and what of that is a video system of a room. */
    found: z.number(),
    recognised: z.number(),
    ours: z.number(),
    /** Devices that told who they are, after a login; null = none was asked. */
    confirmed: z.number().nullable(),
    silent: z.array(z.object({ room: z.string(), address: z.string() })),
  }),
  z.object({ kind: z.literal('check'), checks: z.array(checkSchema), at: z.string() }),
  z.object({ kind: z.literal('drift'), differ: z.number() }),
  z.object({ kind: z.literal('prepare'), prepared: z.number() }),
  z.object({ kind: z.literal('plan'), ready: z.number(), needAttention: z.number() }),
  z.object({
    kind: z.literal('run'),
    ok: z.number(),
    failed: z.number(),
    skipped: z.number(),
    /** Rooms that wait for the pilot of their kind; absent = none. */
    waiting: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal('undo'), ok: z.number(), failed: z.number(), skipped: z.number() }),
  z.object({ kind: z.literal('sync'), owed: z.number(), freed: z.array(z.number()) }),
  z.object({ kind: z.literal('compare'), items: z.array(comparedSchema), steps: z.array(plannedStepSchema) }),
  z.object({ kind: z.literal('macros'), macros: z.array(judgedMacroSchema) }),
  z.object({ kind: z.literal('xapi'), ok: z.number(), failed: z.number(), skipped: z.number(), sent: z.boolean() }),
  z.object({ kind: z.literal('record'), path: z.string(), exchanges: z.number() }),
  z.object({
    kind: z.literal('publish'),
    written: z.number(),
    same: z.number(),
    failed: z.number(),
    owed: z.number(),
  }),
  z.object({ kind: z.literal('practice'), path: z.string(), passphrase: z.string() }),
  /** `missing`: permissions that were asked for and not granted. */
  z.object({
    kind: z.literal('mailboxes'),
    pass: z.number(),
    warn: z.number(),
    fail: z.number(),
    unchecked: z.number(),
    /** Rooms of the tenant that the site lacks. */
    strangers: z.number(),
  }),
  z.object({ kind: z.literal('places'), ...placesResultSchema.shape }),
  z.object({ kind: z.literal('access'), run: accessRunSchema }),
  z.object({ kind: z.literal('sign-in'), username: z.string(), missing: z.array(z.string()) }),
]);
export type JobResult = z.infer<typeof jobResultSchema>;

export const jobSchema = z.object({
  id: z.number(),
  kind: jobKindSchema,
  status: jobStatusSchema,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Rooms, addresses or checks; 0 while it is not known. */
  total: z.number(),
  /** How many of them have come to their end, the failed among them. */
  done: z.number(),
  failed: z.number(),
  /** What the job as a whole waits for at this moment, in a word of the catalogue; null = nothing special. */
  waiting: z
    .object({
      for: z.enum(['infinity', 'rooms-under-way', 'devices-starting', 'keychain']),
      since: z.string(),
      count: z.number(),
    })
    .nullable(),
  /** Whether it can be paused, and whether rooms under way may be let finish while the rest is left. */
  pausable: z.boolean(),
  /** The same failure repeated, and the batch holds back the rest. */
  held: problemSchema.nullable(),
  /** What a person is to do elsewhere so that it goes on; absent = nothing. */
  prompt: signInPromptSchema.exactOptional(),
  /** Why the job as a whole failed. */
  problem: problemSchema.nullable(),
  result: jobResultSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** A point of a job's course. */
export const pointSchema = z.object({
  /** Since the job began, milliseconds. */
  ms: z.number(),
  done: z.number(),
  failed: z.number(),
});
export type Point = z.infer<typeof pointSchema>;

/** A room of a job, as it stands in that job. */
export const jobRoomSchema = z.object({
  roomId: z.number(),
  /** `waiting`: not begun. `left`: not begun and the job is over. */
  status: z.enum(['waiting', 'working', 'ended', 'left']),
  state: roomStateSchema,
  problem: problemSchema.nullable(),
});
export type JobRoom = z.infer<typeof jobRoomSchema>;

/** One line of what a job did: a device found, an entry written. */
export const jobItemSchema = z.object({
  at: z.string(),
  roomId: z.number().nullable(),
  /** Room name or address. */
  about: z.string(),
  what: z.enum([
    'found',
    'silent',
    'trouble',
    'prepared',
    'taken-over',
    'delivered',
    'published',
    'contact',
    'planned',
    'answered',
    /** A line that a program has printed; `about` is `out` or `err`. */
    'printed',
    /** A place of Microsoft 365 was written, or put back. */
    'placed',
    'failed',
  ]),
  /** Evidence, in the words of the other side. */
  words: z.string(),
  problem: problemSchema.nullable(),
});
export type JobItem = z.infer<typeof jobItemSchema>;
