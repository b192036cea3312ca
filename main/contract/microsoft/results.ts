/** The list in SharePoint where a team looks: its columns, what was published, what people changed there, who works on what. */
import { z } from 'zod';
import { problemSchema } from '../rooms.ts';

/** Columns that the app knows by these names, whatever they are called in the list. */
export const resultColumnSchema = z.enum([
  'jobKey',
  'room',
  'building',
  'floor',
  'mailbox',
  'state',
  'stateSince',
  'problem',
  'device',
  'software',
  'serial',
  'technician',
  'workedOn',
  'oldEnded',
  'firstMeeting',
  'withoutOtj',
  'remaining',
  'leaseHolder',
  'leaseLaptop',
  'leaseKey',
  'leaseSince',
  'leaseUntil',
]);
export type ResultColumn = z.infer<typeof resultColumnSchema>;

/** Who works on a room, in columns of the list: written when work begins and ends, not by a publish. */
export const LEASE_COLUMNS = ['leaseHolder', 'leaseLaptop', 'leaseKey', 'leaseSince', 'leaseUntil'] as const;

const resultValueSchema = z.union([z.string(), z.number(), z.null()]);
export type ResultValue = z.infer<typeof resultValueSchema>;

/** Values by column; a column that is absent is not in the list. */
export const resultFieldsSchema = z.partialRecord(resultColumnSchema, resultValueSchema);
export type ResultFields = z.infer<typeof resultFieldsSchema>;

/** Which column of the list is which, by internal name. */
export const columnMappingSchema = z.partialRecord(resultColumnSchema, z.string().min(1).max(255));
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** `note`: many lines of plain text. `rich`: text with markup, which is never written. */
export const columnTypeSchema = z.enum(['text', 'note', 'rich', 'choice', 'number', 'dateTime', 'other']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** A column as the list has it. */
export const listColumnSchema = z.object({
  /** Internal name; it stays when somebody gives the column another display name. */
  name: z.string(),
  displayName: z.string(),
  type: columnTypeSchema,
  indexed: z.boolean(),
  /** The list itself refuses a second item with the same value. */
  unique: z.boolean(),
  required: z.boolean(),
  /** What may be chosen; null = any text, or no choice column. */
  choices: z.array(z.string()).nullable(),
});
export type ListColumn = z.infer<typeof listColumnSchema>;

export const resultsSettingsSchema = z.object({
  site: z.object({ id: z.string(), name: z.string(), url: z.string() }),
  list: z.object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    /** We made it, so its columns are ours to add. */
    made: z.boolean(),
    /** The list itself refuses a second item with a room's key. */
    unique: z.boolean().default(true),
  }),
  columns: columnMappingSchema,
  /** Report files go to the site's library with each publish that has news. */
  reports: z.boolean(),
  /** Folder of the library for them. */
  folder: z.string(),
});
export type ResultsSettings = z.infer<typeof resultsSettingsSchema>;

/** What somebody changed in the list, beside what we last read there and what we would write. */
export const resultConflictSchema = z.object({
  /** Somebody has deleted the item. */
  gone: z.boolean(),
  fields: z.array(
    z.object({
      column: resultColumnSchema,
      base: resultValueSchema,
      theirs: resultValueSchema,
      ours: resultValueSchema,
    }),
  ),
  /** All our columns as they were then: a decision is about this state and no later one. */
  theirs: resultFieldsSchema,
});
export type ResultConflict = z.infer<typeof resultConflictSchema>;

/** Whose values stand: `site` = ours are written, `list` = what somebody set there stays. */
export const resultTakeSchema = z.enum(['site', 'list']);
export type ResultTake = z.infer<typeof resultTakeSchema>;

/** A room of which something is to be said: it is owed, could not be written, or was changed by somebody. */
export const resultRoomSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  /** `left`: somebody deleted its item, and it was decided to leave it so. */
  status: z.enum(['owed', 'failed', 'conflict', 'left']),
  since: z.string().nullable(),
  problem: problemSchema.nullable(),
  conflict: resultConflictSchema.nullable(),
  /** Stands for these values of the conflict; a decision names it. */
  mark: z.string().nullable(),
});
export type ResultRoom = z.infer<typeof resultRoomSchema>;

export const resultFileSchema = z.object({
  /** In the library. */
  path: z.string(),
  url: z.string().nullable(),
  bytes: z.number(),
  at: z.string(),
  problem: problemSchema.nullable(),
});
export type ResultFile = z.infer<typeof resultFileSchema>;

/** Somebody works on a room, or did until the time ran out. Times are the server's. */
export const leaseSchema = z.object({
  holder: z.string(),
  laptop: z.string(),
  since: z.string().nullable(),
  until: z.string(),
  /** Taken by this very site file on this computer, and by no copy of it. */
  own: z.boolean(),
  /** Its time has not run out. */
  live: z.boolean(),
});
export type LeaseView = z.infer<typeof leaseSchema>;

/** A room as one item of the list tells of it. */
export const teamRoomSchema = z.object({
  /** Id of the item; empty = not known. */
  item: z.string(),
  /** The list has another item of this room. */
  double: z.boolean(),
  /** Of this site; null = it is in the list only. */
  roomId: z.number().nullable(),
  room: z.string(),
  building: z.string(),
  mailbox: z.string(),
  /** As it stands there: one of our states, or what somebody wrote. */
  state: z.string(),
  technician: z.string(),
  workedOn: z.string().nullable(),
  lease: leaseSchema.nullable(),
});
export type TeamRoom = z.infer<typeof teamRoomSchema>;

export const teamSchema = z.object({
  /** When the list was read, by the server's clock; null = never. */
  at: z.string().nullable(),
  /** One for each item. */
  rooms: z.array(teamRoomSchema),
  /** Rooms of which the list has several items, with the ids of these: a person has to delete all but one of each. */
  doubles: z.array(z.object({ room: z.string(), items: z.array(z.string()) })),
});
export type Team = z.infer<typeof teamSchema>;

export const resultsViewSchema = z.object({
  settings: resultsSettingsSchema.nullable(),
  /** Rooms and files whose news the list does not have yet. */
  owed: z.number(),
  published: z.number(),
  /** When something was last delivered; null = never. */
  at: z.string().nullable(),
  rooms: z.array(resultRoomSchema),
  files: z.array(resultFileSchema),
});
export type ResultsView = z.infer<typeof resultsViewSchema>;

/** A list that may take the results, and what of it fits. */
export const resultsTargetSchema = z.object({
  site: z.object({ id: z.string(), name: z.string(), url: z.string() }),
  /** null = there is none of that name. */
  list: z.object({ id: z.string(), name: z.string(), url: z.string() }).nullable(),
  columns: z.array(listColumnSchema),
  /** Which of them would be taken for which, by name; what is missing has no counterpart. */
  proposed: columnMappingSchema,
});
export type ResultsTarget = z.infer<typeof resultsTargetSchema>;
