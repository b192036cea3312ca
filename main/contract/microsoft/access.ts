/** Microsoft 365: which app may read which mailboxes, the scripts that bring it about, and what they reported. */
import { z } from 'zod';
import { problemSchema } from '../rooms.ts';

export const guidSchema = z.guid().transform((id) => id.toLowerCase());
/** Addresses that need no quoting anywhere: what else mail servers might take is refused. */
const mailSchema = z.email().max(254);

/** Microsoft's national clouds; `worldwide` also serves GCC. */
export const cloudSchema = z.enum(['worldwide', 'gcc-high', 'dod', 'china']);
/**
 * How the app is kept to the rooms. `policy`: an application access policy, as Pexip's guide has it. `rbac`: RBAC for
 * Applications, which Microsoft wants in its place.
 */
export const accessScopeSchema = z.enum(['policy', 'rbac']);
export type AccessScope = z.infer<typeof accessScopeSchema>;

export const accessSettingsSchema = z.object({
  scope: accessScopeSchema,
  /** Application (client) id of Infinity's app. */
  appId: guidSchema,
  /** Object id of its enterprise application, needed for `rbac`; that of the app registration is another. */
  objectId: guidSchema.nullable(),
  /** Address of the mail-enabled security group that has the rooms as members. */
  group: mailSchema,
  /** A mailbox that must stay out of reach, for a test; null = none is tested. */
  outside: mailSchema.nullable(),
  /** Application id of the app that Pexip Service used; null = it is not known or not there. */
  oldAppId: guidSchema.nullable(),
  cloud: cloudSchema,
});
export type AccessSettings = z.infer<typeof accessSettingsSchema>;

/** `remove` takes the policies of the old app away, and comes last. */
export const scriptKindSchema = z.enum(['policy', 'rbac', 'remove']);
export type ScriptKind = z.infer<typeof scriptKindSchema>;

/** A script as a person reads it before it is written. */
export const accessScriptSchema = z.object({
  id: z.string(),
  kind: scriptKindSchema,
  text: z.string(),
  /** Of the file's bytes. */
  sha256: z.string(),
  rooms: z.number(),
  /** Rooms that are not in it, and why. */
  left: z.array(z.object({ room: z.string(), problem: problemSchema })),
  /** Rooms that still depend on what a `remove` takes away. */
  notMoved: z.number(),
});
export type AccessScript = z.infer<typeof accessScriptSchema>;

export const signedScriptSchema = z.object({
  id: z.string(),
  kind: scriptKindSchema,
  sha256: z.string(),
  by: z.string(),
  at: z.string(),
});
export type SignedScript = z.infer<typeof signedScriptSchema>;

/**
 * What is known of a room's mailbox. `granted`: the app may read it, and is kept to the group. `open`: it may read it, and
 * others that are not of the group as well. `pending`: the test says no. `untested`: the script ended before the test.
 * `not-room`: another kind of mailbox. `failed`: Exchange refused, in `words`. `unknown`: no script has told of it.
 */
export const accessStateSchema = z.enum(['granted', 'open', 'pending', 'untested', 'not-room', 'failed', 'unknown']);
export type AccessState = z.infer<typeof accessStateSchema>;

export const roomAccessSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  mailbox: z.string(),
  state: accessStateSchema,
  /** Exchange's own words. */
  words: z.string(),
  /** Calendar settings that are not as One-Touch Join needs them; null = nobody has read them. */
  processing: z.array(z.object({ name: z.string(), now: z.string(), wish: z.string() })).nullable(),
  /** Exchange says yes already, and Graph may say no until then; null = nothing was changed. */
  until: z.string().nullable(),
  /** When the script looked; null = never. */
  at: z.string().nullable(),
});
export type RoomAccess = z.infer<typeof roomAccessSchema>;

/** Policies of the old app that a removal has found, and those of them that it has removed. */
export const policiesFoundSchema = z.object({ found: z.int().min(0), removed: z.int().min(0) });

/** What a script as a whole has told. */
export const scriptToldSchema = z.object({
  kind: scriptKindSchema,
  /** False: it ran without `-Apply` and only looked. */
  applied: z.boolean(),
  /** False: it was cut short, or has failed: not all was done. */
  complete: z.boolean(),
  at: z.string(),
  /** Id of the tenant that it was signed in to; empty = it is not known. */
  tenant: z.string().default(''),
  /** Of a removal; null = it ended before it had looked, or is of an earlier form. */
  policies: policiesFoundSchema.nullable().default(null),
  /** The script's own notes, and why it ended early. */
  notes: z.array(z.string()),
  failure: z.string(),
  /** Members of the group that are no room of the script: the app may read them as well. The first of them. */
  strangers: z.array(z.string()),
});
export type ScriptTold = z.infer<typeof scriptToldSchema>;

/**
 * A run for real that was cut off by the end of this program. `running`: its PowerShell may still be at it. `told`: what it had
 * done was taken from the result that it had left, which may lack the last seconds. `unknown`: it left none, or what it told is not
 * known any more. `kept`: its result stands in `file` and could not be taken; so it may be of a run that came to its end as well.
 */
export const accessCutSchema = z.object({
  kind: scriptKindSchema,
  at: z.string(),
  state: z.enum(['running', 'told', 'unknown', 'kept']),
  /** Of one that is kept: where its result is until it is taken or given up, and why it was not taken. */
  file: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type AccessCut = z.infer<typeof accessCutSchema>;

export const accessViewSchema = z.object({
  settings: accessSettingsSchema.nullable(),
  /** What the site is connected to, for settings that are not there yet. */
  cloud: cloudSchema,
  signed: z.array(signedScriptSchema),
  /** The last result of each kind of script. */
  told: z.array(scriptToldSchema),
  /** null = none was cut off since the last whole result. */
  cut: accessCutSchema.nullable(),
  rooms: z.array(roomAccessSchema),
});
export type AccessView = z.infer<typeof accessViewSchema>;

/** What importing a script's result has told. */
export const accessResultSchema = scriptToldSchema.extend({
  counts: z.record(accessStateSchema, z.number()),
  /** Mailboxes of the result that no room of this site has. */
  others: z.array(z.string()),
  /** Rooms of this site that the result tells nothing of. */
  missed: z.array(z.string()),
  /** Rooms of which a later result is known already, so that this one does not count for them. */
  older: z.number(),
});
export type AccessResult = z.infer<typeof accessResultSchema>;

/**
 * What this computer has to run a script with. `none`: no PowerShell 7. `broken`: it does not answer, in `words`. `no-module`,
 * `module-unfit`: without the module for Exchange, or with one that wants a newer PowerShell.
 */
export const powerShellSchema = z.object({
  state: z.enum(['none', 'broken', 'no-module', 'module-unfit', 'ready']),
  path: z.string().nullable(),
  version: z.string().nullable(),
  /** Version of the module. */
  module: z.string().nullable(),
  words: z.string(),
});
export type PowerShell = z.infer<typeof powerShellSchema>;

/** `look`: it only tells what it would change. `apply`: it does, and only what was looked at. */
export const accessRunModeSchema = z.enum(['look', 'apply']);
export type AccessRunMode = z.infer<typeof accessRunModeSchema>;

/** How a script is run: no secret is among it, because other people of this computer can see it. */
export const accessRunWaySchema = z.object({
  signIn: z.enum(['browser', 'device-code']),
  /** Whom the sign-in page proposes; null = nobody. */
  user: mailSchema.refine((address) => !address.startsWith('-')).nullable(),
  /** The group may be created. */
  createGroup: z.boolean(),
  /** Of a `remove`: the old app's consent has been taken away in Microsoft Entra ID. */
  consentRemoved: z.boolean(),
});
export type AccessRunWay = z.infer<typeof accessRunWaySchema>;

/** What came of a run. */
export const accessRunSchema = z.object({
  id: z.string(),
  scriptKind: scriptKindSchema,
  mode: accessRunModeSchema,
  /** null = it was ended by force. */
  exitCode: z.number().nullable(),
  ms: z.number(),
  /** Somebody stopped it, so it may have done a part. */
  stopped: z.boolean(),
  /** Changes that it would make, as it said. */
  would: z.number(),
  /** Lines that it printed, and those of them that were not shown. */
  lines: z.number(),
  dropped: z.number(),
  /** Its own result, noted for the rooms; null = it left none. */
  result: accessResultSchema.nullable(),
  /** Where its result is kept, of a run for real of which it could not be noted. */
  kept: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type AccessRun = z.infer<typeof accessRunSchema>;
