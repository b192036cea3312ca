/** What is written about rooms into the tenant's places: names of devices, and tags. Off unless somebody switches it on. */
import { z } from 'zod';
import { problemSchema } from '../rooms.ts';

/** The properties of a place that take the name of the room's device. */
export const placeDeviceSchema = z.enum(['videoDeviceName', 'audioDeviceName', 'displayDeviceName']);
export type PlaceDevice = z.infer<typeof placeDeviceSchema>;

/** Longest tag, and how many, that we write. Not documented by Microsoft; see assets/microsoft/places.json. */
const TAG_LONGEST = 60;
const TAGS_MOST = 20;

const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(TAG_LONGEST)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, { error: 'must be one line of plain text' });

export const placesSettingsSchema = z
  .object({ devices: z.array(placeDeviceSchema).max(3), tags: z.array(tagSchema).max(TAGS_MOST) })
  .refine(({ devices, tags }) => devices.length + tags.length > 0, { error: 'at least one device name or tag' });
export type PlacesSettings = z.infer<typeof placesSettingsSchema>;

const placePropertySchema = z.enum([...placeDeviceSchema.options, 'tags']);

/** One change of a place; of `tags` it is one tag that comes or goes. */
export const placeChangeSchema = z.object({
  property: placePropertySchema,
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type PlaceChange = z.infer<typeof placeChangeSchema>;

/** What somebody has set there and what stays so, beside what we would write. */
export const placeTheirsSchema = z.object({
  property: placePropertySchema,
  /** null = they have removed it. */
  theirs: z.string().nullable(),
  ours: z.string().nullable(),
});
export type PlaceTheirs = z.infer<typeof placeTheirsSchema>;

/** `look` writes nothing. `undo` puts back what stood there before, where it is still as we left it. */
export const placesModeSchema = z.enum(['look', 'write', 'undo']);
export type PlacesMode = z.infer<typeof placesModeSchema>;

export const placeOutcomeSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  /** `differs`: a look has found changes to be made. */
  what: z.enum(['differs', 'written', 'undone', 'same', 'failed']),
  changes: z.array(placeChangeSchema),
  theirs: z.array(placeTheirsSchema),
  problem: problemSchema.nullable(),
});
export type PlaceOutcome = z.infer<typeof placeOutcomeSchema>;

export const placesResultSchema = z.object({
  mode: placesModeSchema,
  /** What was wished for then; null = it was switched off. */
  settings: placesSettingsSchema.nullable(),
  differs: z.number(),
  /** Written, or put back. */
  done: z.number(),
  same: z.number(),
  failed: z.number(),
  /** Those of which something is to be said, the first of them. */
  rooms: z.array(placeOutcomeSchema),
});
export type PlacesResult = z.infer<typeof placesResultSchema>;

/** A room whose place we have written to. */
export const placeRecordSchema = z.object({
  roomId: z.number(),
  room: z.string(),
  /** What is ours there, and what stood there before. */
  ours: z.array(placeChangeSchema),
  theirs: z.array(placeTheirsSchema),
  problem: problemSchema.nullable(),
  at: z.string().nullable(),
});
export type PlaceRecordView = z.infer<typeof placeRecordSchema>;

export const placesViewSchema = z.object({
  /** null = it is switched off. */
  settings: placesSettingsSchema.nullable(),
  usual: placesSettingsSchema,
  /** Migrated rooms whose place does not have our news, as far as is known here. */
  owed: z.number(),
  written: z.number(),
  rooms: z.array(placeRecordSchema),
});
export type PlacesView = z.infer<typeof placesViewSchema>;
