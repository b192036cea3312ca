/** Lists of rooms and devices: what kinds there are, what stands in one, and what would come of importing it. */
import { z } from 'zod';
import { LIST_PROBLEM_CODES } from './listProblems.ts';
import { roomStateSchema } from './plan.ts';

/** `template`: our own columns. `table`: any other, with its columns chosen by a person. */
export const listKindSchema = z.enum(['template', 'infinity', 'control-hub', 'poly-lens', 'table']);
export type ListKind = z.infer<typeof listKindSchema>;

export const columnSchema = z.enum([
  'room',
  'building',
  'floor',
  'mailbox',
  'address',
  'serial',
  'mac',
  'family',
  'device',
  'model',
]);
export type Column = z.infer<typeof columnSchema>;
/** Which heading of a file fills which of our columns. */
const columnMapSchema = z.partialRecord(columnSchema, z.string());

/** A choice of columns that somebody made once, and for which headings. */
export const rememberedMapSchema = z.object({ headings: z.array(z.string()), map: columnMapSchema });
export type RememberedMap = z.infer<typeof rememberedMapSchema>;

/** What is wrong with one cell of a list. */
const rowProblemSchema = z.object({
  row: z.number(),
  column: z.string(),
  value: z.string(),
  code: z.enum(LIST_PROBLEM_CODES),
  /** What the words of the code speak of, by name. */
  details: z.record(z.string(), z.string()),
  /** The words in English. */
  message: z.string(),
  todo: z.string(),
});

/** What stands in a list, before anything is made of it. */
const lookedSchema = z.object({
  sheets: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
  /** The one that is read; empty for a text file. */
  sheet: z.string(),
  kind: listKindSchema,
  /** `question`: a person has to say which column is which. */
  how: z.enum(['recognised', 'given', 'remembered', 'question']),
  /** Headings with a few values that stand below each. */
  headings: z.array(z.object({ name: z.string(), examples: z.array(z.string()) })),
  map: columnMapSchema,
});
export type Looked = z.infer<typeof lookedSchema>;

const changeSchema = z.object({ what: columnSchema, before: z.string(), after: z.string() });

/** What importing a list would do, or has done. Lists of rooms are cut after a thousand; the counts are whole. */
export const importPlanSchema = z.object({
  looked: lookedSchema,
  added: z.number(),
  changed: z.number(),
  same: z.number(),
  /** Rooms of the site that the list does not have; they stay. */
  missing: z.number(),
  devices: z.object({ added: z.number(), changed: z.number(), same: z.number() }),
  problems: z.array(rowProblemSchema),
  rooms: z.array(
    z.object({
      name: z.string(),
      mailbox: z.string(),
      what: z.enum(['added', 'changed', 'missing']),
      state: roomStateSchema.nullable(),
      changes: z.array(changeSchema),
    }),
  ),
  /** Tells this outcome from any other: what is written is what was shown. */
  digest: z.string(),
});
export type ImportOutcome = z.infer<typeof importPlanSchema>;

/** Where a list comes from: pasted, the bytes of a file, Infinity's own entries, or the rooms of the tenant of Microsoft 365. */
const listSourceSchema = z.union([
  z.object({ text: z.string() }),
  z.object({ base64: z.string() }),
  z.object({ from: z.enum(['infinity', 'microsoft']) }),
]);

/** `sheet`, `kind` and `map` are found out where they are null. */
export const listWishSchema = listSourceSchema.and(
  z.object({
    sheet: z.string().nullable().default(null),
    kind: listKindSchema.nullable().default(null),
    map: columnMapSchema.nullable().default(null),
  }),
);
