/**
 * An entry on Infinity that somebody has changed since we wrote it, or that was there before us: three values of each
 * field, and who decides.
 */
import { z } from 'zod';

const fieldValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const fieldsSchema = z.record(z.string(), fieldValueSchema);
export type EntryFields = z.infer<typeof fieldsSchema>;

export const conflictSchema = z.object({
  /** What was to be done: write our values, delete our entry, or put one back as it was before us. */
  wish: z.enum(['write', 'remove', 'restore']),
  entryId: z.number(),
  /** Somebody has deleted it. */
  gone: z.boolean(),
  /** It was there before us, and nobody has agreed to a change: of each field there is no value of ours to start from. */
  foreign: z.boolean(),
  /** Fields that differ: as we last saw them, as they are now, as we would have them. */
  fields: z.array(
    z.object({
      field: z.string(),
      base: fieldValueSchema,
      theirs: fieldValueSchema,
      ours: fieldValueSchema,
    }),
  ),
  /** All fields as they were seen then: a decision is about this state and no later one. */
  theirs: fieldsSchema,
});
export type Conflict = z.infer<typeof conflictSchema>;

/** Whose values stand: `site` = those of the site file, `infinity` = those that somebody set there. */
export const takeSchema = z.enum(['site', 'infinity']);
export type Take = z.infer<typeof takeSchema>;
