/** Rooms, devices and evidence as a screen sees them. Times are ISO 8601; durations are milliseconds. */
import { z } from 'zod';
import { CATALOGUE } from './catalogue.ts';
import { acceptedSchema, toldSchema, transportChoiceSchema, transportSchema } from './device.ts';
import type { ErrorCode } from './errors.ts';
import { conflictSchema, seenSchema } from './evidence.ts';
import { changeSchema, familySchema, plannedStepSchema, roomStateSchema } from './plan.ts';
import { teamFlagSchema } from './team.ts';

const codes = Object.keys(CATALOGUE) as ErrorCode[];
export const errorCodeSchema = z.enum(codes as [ErrorCode, ...ErrorCode[]]);

const effectSchema = z.object({
  step: z.string(),
  what: z.string(),
  outcome: z.enum(['done', 'refused', 'unknown', 'not tried']),
});

export const problemSchema = z.object({
  code: errorCodeSchema,
  class: z.enum(['usage', 'unreachable', 'login', 'refused', 'odd', 'precondition', 'internal']),
  happened: z.string(),
  todo: z.string(),
  words: z.string().exactOptional(),
  effects: z.array(effectSchema).exactOptional(),
});

/** One line of the table: everything that it sorts, filters and shows. */
export const roomRowSchema = z.object({
  id: z.number(),
  name: z.string(),
  building: z.string(),
  floor: z.string(),
  mailbox: z.string(),
  state: roomStateSchema,
  stateAt: z.string(),
  /** Code of the problem that stands, if any. */
  code: errorCodeSchema.nullable(),
  family: familySchema.nullable(),
  model: z.string().nullable(),
  address: z.string().nullable(),
  serial: z.string().nullable(),
  /** How many writes to Infinity are owed. */
  owed: z.number(),
  /** How many things only a person can do are left. */
  manual: z.number(),
  onInfinity: z.boolean(),
  /** In progress, and no process works on it: a run was cut off. */
  interrupted: z.boolean(),
  /** An undo was begun and is not finished. */
  undoUnfinished: z.boolean(),
  /** Since when the old service is gone with no meeting from Infinity seen yet. */
  withoutSince: z.string().nullable(),
  /** From the old service's end to the first meeting from Infinity. */
  withoutOtjMs: z.number().nullable(),
  /** Absent = the team's list says nothing that matters here. */
  team: teamFlagSchema.exactOptional(),
});
export type RoomRow = z.infer<typeof roomRowSchema>;

export const deviceSchema = z.object({
  id: z.number(),
  roomId: z.number().nullable(),
  family: familySchema.nullable(),
  /** The list named the vendor Poly alone, and nothing of the device has said yet which family it is of. */
  familyGuessed: z.boolean(),
  address: z.string(),
  sshPort: z.number(),
  httpsPort: z.number(),
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  model: z.string().nullable(),
  software: z.string().nullable(),
  systemName: z.string().nullable(),
  /** What discovery saw there, in a few words; where nobody has looked, what a list calls it. */
  sighting: z.string().nullable(),
  seenAt: z.string().nullable(),
  /** How to speak to it: the technician's choice, and how it went the last time. */
  transport: transportChoiceSchema,
  lastTransport: transportSchema.nullable(),
  /** What was not safe about the last link, in words. */
  weakness: z.string().nullable(),
  /** Whether algorithms that are no longer safe may be agreed. */
  legacy: z.boolean(),
  /** What it told of itself at the last visit. */
  told: z.array(toldSchema),
  /** What the facts about it say: a kind of assets/device-fingerprints.json; null = not recognised. */
  kind: z.string().nullable(),
  /** Whether it is a video system of a meeting room; null = not known. */
  ours: z.boolean().nullable(),
  seen: seenSchema,
  /** Where sources disagree about it. */
  conflicts: z.array(conflictSchema),
});
export type DeviceRow = z.infer<typeof deviceSchema>;

/** A step as it went, from the journal. */
export const stepRecordSchema = z.object({
  runId: z.number(),
  step: z.string(),
  title: z.string(),
  /** `unknown`: it was begun and its end was never learned. */
  status: z.enum(['done', 'already', 'owed', 'failed', 'unknown']),
  at: z.string(),
  ms: z.number().nullable(),
  /** The device's own words. */
  words: z.string().nullable(),
  problem: problemSchema.nullable(),
  changes: z.array(changeSchema),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

export const backupItemSchema = z.object({
  /** `macro`, `settings`, `users`, `panels`, `calendar`, `taken`, … */
  kind: z.string(),
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  savedAt: z.string(),
  /** False once the device was undone. */
  open: z.boolean(),
});
export type BackupItemView = z.infer<typeof backupItemSchema>;

const manualStepSchema = z.object({
  kind: z.string(),
  tickedBy: z.string().nullable(),
  tickedAt: z.string().nullable(),
  note: z.string().nullable(),
});

export const roomDetailSchema = z.object({
  room: roomRowSchema,
  problem: problemSchema.nullable(),
  device: deviceSchema.nullable(),
  /** SHA-256 of the pinned keys, lower-case hex. */
  pins: z.object({ ssh: z.string().nullable(), tls: z.string().nullable() }),
  /** Whether this room has a login of its own. */
  ownLogin: z.boolean(),
  /** Whether the calendar password that its Poly device had before was typed and sealed, for an undo. */
  oldPasswordKept: z.boolean(),
  /** The plan of the last dry run or run. */
  plan: z.object({ steps: z.array(plannedStepSchema), madeAt: z.string() }).nullable(),
  /** Steps of all runs, oldest first. */
  steps: z.array(stepRecordSchema),
  /** Which way the last run went, and who did it. */
  lastRun: z.object({ kind: z.enum(['migrate', 'undo']), technician: z.string(), startedAt: z.string() }).nullable(),
  backup: z.array(backupItemSchema),
  infinity: z
    .object({
      entryId: z.number(),
      server: z.string().nullable(),
      lastContact: z.string().nullable(),
      node: z.string().nullable(),
      meetings: z.number().nullable(),
    })
    .nullable(),
  owed: z.array(z.enum(['entry', 'contact', 'entry-removal'])),
  manual: z.array(manualStepSchema),
  cutoverAt: z.string().nullable(),
  servedAt: z.string().nullable(),
  /** Macros that a technician has judged to be OTJ's, and not to be. */
  takeMacros: z.array(z.string()),
  leaveMacros: z.array(z.string()),
  /** Objections of the checks that a technician has accepted for this room. */
  accepted: z.array(acceptedSchema),
});
export type RoomDetail = z.infer<typeof roomDetailSchema>;

/** One thing of a device, as saved and as it is now; texts are redacted. null = not there. */
export const comparedSchema = z.object({
  kind: z.string(),
  name: z.string(),
  saved: z.string().nullable(),
  now: z.string().nullable(),
  /** SHA-256 of what is there now, with its secrets: a word on it holds for this text. */
  nowSha256: z.string().nullable(),
});
export type Compared = z.infer<typeof comparedSchema>;

/** A macro of a codec, and what was judged of it. */
export const judgedMacroSchema = z.object({
  name: z.string(),
  active: z.boolean(),
  /** UTF-8. */
  bytes: z.number(),
  verdict: z.enum(['otj', 'uncertain', 'other']),
  /** What the technician has decided. */
  decided: z.enum(['take', 'leave']).nullable(),
  score: z.number(),
  reasons: z.array(z.string()),
  /** Redacted. Empty for macros that are clearly another product's: they are nobody's business here. */
  content: z.string(),
  /** Where in `content` the signs stand: from and to in UTF-16 units. */
  marks: z.array(z.object({ from: z.number(), to: z.number(), reason: z.string() })),
  /** The certain OTJ macro, of this device or of another room's backup, that is most like it. */
  like: z.object({ name: z.string(), room: z.string(), share: z.number(), content: z.string() }).nullable(),
});
export type JudgedMacro = z.infer<typeof judgedMacroSchema>;

/** A proposal which device is which room's. */
export const suggestionSchema = z.object({
  roomId: z.number(),
  deviceId: z.number(),
  /** 0 to 1. */
  score: z.number(),
  /** What they have in common. */
  by: z.enum(['serial', 'mac', 'address', 'name', 'mailbox']),
  /** What the device says or a list says of it, and what the room has that is like it. */
  said: z.string(),
  wanted: z.string(),
  /** The best other score of the same room or the same device; as good as this one = they cannot be told apart. */
  rival: z.number(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

/** What came of giving devices to rooms, or of taking that back. */
export const matchedSchema = z.object({
  /** Number of the deed, for its undo; null = nothing was done. */
  batch: z.number().nullable(),
  matched: z.number(),
  /** Rooms where work was begun: they keep what they have. */
  refused: z.array(z.object({ roomId: z.number(), words: z.string() })),
});
