/** Infinity as screens and commands see it: drift, set-up, work without the API, proof. Never a secret in a reply. */
import { z } from 'zod';
import { problemSchema } from './rooms.ts';

/** One field of an entry: what Infinity has, what the site file wants, what the device said at its last visit. */
export const driftFieldSchema = z.object({
  field: z.string(),
  infinity: z.string().nullable(),
  site: z.string().nullable(),
  /** null = it does not tell, or nobody has visited it. */
  device: z.string().nullable(),
});
export type DriftField = z.infer<typeof driftFieldSchema>;

/**
 * `create`: there is no entry yet. `change`: our entry differs. `take-over`: an entry that was there before us differs.
 * `same`: all agree. `device`: Infinity is as wished, and the device says otherwise. `surplus`: the room was undone and our
 * entry is still there. `conflict`, `blocked`: a person must decide or complete something first.
 */
export const driftActionSchema = z.enum([
  'create',
  'change',
  'take-over',
  'same',
  'device',
  'surplus',
  'conflict',
  'blocked',
]);
export type DriftAction = z.infer<typeof driftActionSchema>;

export const driftRowSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  action: driftActionSchema,
  /** Whether a prepare takes it up: writes it, or keeps what somebody has changed since for a person to decide. */
  writes: z.boolean(),
  entryId: z.number().nullable(),
  /** Those that differ; of an entry to be made, all. */
  fields: z.array(driftFieldSchema),
  problem: problemSchema.nullable(),
});
export type DriftRow = z.infer<typeof driftRowSchema>;

/**
 * A person's word that an entry from before us may be changed: as it was shown. Where Infinity has another entry or another
 * value by then, or the site wants another one, the word does not count.
 */
export const takeOverSchema = z.object({
  roomId: z.number(),
  entryId: z.number(),
  fields: z.array(driftFieldSchema.pick({ field: true, infinity: true, site: true })),
});
export type TakeOver = z.infer<typeof takeOverSchema>;

/** As looked at then. Rooms where all agree are only counted. */
export const driftSchema = z.object({
  at: z.string(),
  counts: z.record(driftActionSchema, z.number()),
  rows: z.array(driftRowSchema),
  /** Entries of Infinity that could not be read, and were passed over; absent = none. */
  unread: z.number().exactOptional(),
  /** Licences that the entries to be made lack, as Infinity counted them then: so many will not be made; absent = none, or it does not tell. */
  short: z.number().exactOptional(),
});
export type Drift = z.infer<typeof driftSchema>;

export const calendarKindSchema = z.enum(['graph', 'exchange', 'google']);

/** What One-Touch Join needs on Infinity for this site, by name. What is there already is used and not made again. */
export const setupWishSchema = z.object({
  group: z.string(),
  /** System location whose Conferencing Nodes serve the group. */
  location: z.string(),
  profile: z.string(),
  /** null = the profile has its calendar already. */
  calendar: z
    .object({
      kind: calendarKindSchema,
      name: z.string(),
      fields: z.record(z.string(), z.string()),
      secret: z.string(),
    })
    .nullable(),
  /** Meeting types of the template that get a rule. */
  rules: z.array(z.string()),
});
export type SetupWish = z.infer<typeof setupWishSchema>;

/** One object of the set-up as it is and as it will be. A secret is a word, never a value. */
export const setupStepSchema = z.object({
  what: z.enum(['calendar', 'profile', 'group', 'rule']),
  name: z.string(),
  action: z.enum(['create', 'change', 'same']),
  fields: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string() })),
  /** How many OTJ endpoints a change of this object touches. */
  touches: z.number(),
});
export type SetupStep = z.infer<typeof setupStepSchema>;

/** What there is to choose from: names on Infinity, and what the template offers. */
export const setupOfferSchema = z.object({
  locations: z.array(z.string()),
  groups: z.array(z.object({ name: z.string(), profile: z.string().nullable(), location: z.string().nullable() })),
  profiles: z.array(z.object({ name: z.string(), hasCalendar: z.boolean() })),
  calendars: z.array(
    z.object({
      kind: calendarKindSchema,
      fields: z.array(
        z.object({ field: z.string(), required: z.boolean(), value: z.string(), choices: z.array(z.string()) }),
      ),
      secret: z.string(),
    }),
  ),
  rules: z.array(z.object({ type: z.string(), name: z.string(), chosen: z.boolean() })),
});
export type SetupOffer = z.infer<typeof setupOfferSchema>;

/** A room that a file for Infinity could not hold, and why. */
const leftOutSchema = z.object({ room: z.string(), problem: problemSchema });

export const bulkWrittenSchema = z.object({
  csv: z.string(),
  sheet: z.string(),
  rooms: z.number(),
  left: z.array(leftOutSchema),
});
export type BulkWritten = z.infer<typeof bulkWrittenSchema>;

/** What an export of Infinity says of our rooms. */
export const bulkReadSchema = z.object({
  /** Rooms whose entry is as wished: noted as done. */
  done: z.array(z.string()),
  differs: z.array(
    z.object({
      room: z.string(),
      /** Of `LACKS_NODE` (bulk.ts) only the field is told. */
      fields: z.array(z.object({ field: z.string(), found: z.string(), wanted: z.string() })),
    }),
  ),
  missing: z.array(z.string()),
  /** Rows of other rooms. */
  others: z.number(),
});
export type BulkRead = z.infer<typeof bulkReadSchema>;

/**
 * How far Infinity's own word for a room is. `proven`: contact later than the change. `replicating`: too early to tell.
 * `waiting`: it may take some minutes. `late`: past the deadline, with a diagnosis.
 */
const proofStateSchema = z.enum(['proven', 'replicating', 'waiting', 'late']);
/** Most likely cause of a missing contact, from what both sides tell. */
export const proofCauseSchema = z.enum([
  'no-entry',
  'unreachable',
  'account',
  'certificate',
  'mailbox',
  'other-source',
  'poly-login',
  'never-asked',
  'alarm',
]);
export type ProofCause = z.infer<typeof proofCauseSchema>;

export const proofSchema = z.object({
  state: proofStateSchema,
  /** When it was asked for, and what the contact must be later than. */
  at: z.string(),
  since: z.string(),
  lastContact: z.string().nullable(),
  node: z.string().nullable(),
  /** Meetings that Infinity has for the room; null = it does not tell. */
  meetings: z.number().nullable(),
  /** Meetings that the device shows, and when it was asked; null = it was not, or does not tell. */
  shown: z.object({ meetings: z.number(), updated: z.string().nullable(), at: z.string() }).nullable(),
  cause: proofCauseSchema.nullable(),
  /** What speaks for the cause, one line each, in the words of both sides. */
  evidence: z.array(z.string()),
});
export type Proof = z.infer<typeof proofSchema>;
