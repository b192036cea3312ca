/** The signs of the Service's macros, as data. */
import { z } from 'zod';
import table from '../../../../assets/macro-signatures.json' with { type: 'json' };

const reasonSchema = z.object({ points: z.number(), reason: z.string() });
const signSchema = z.object({
  id: z.string(),
  in: z.enum(['name', 'content', 'code', 'imports']),
  host: z.string().optional(),
  command: z.string().optional(),
  equals: z.string().optional(),
  word: z.string().optional(),
  text: z.string().optional(),
  points: z.number(),
  proves: z.enum(['link', 'purpose']).optional(),
  reason: z.string(),
});
const signaturesSchema = z.object({
  certain: z.number(),
  possible: z.number(),
  signs: z.array(signSchema),
  mention: reasonSchema,
  hidden: reasonSchema,
  settingsOf: reasonSchema,
  partnerOf: reasonSchema,
  copyOf: reasonSchema,
  siblingOf: reasonSchema,
  doubts: z.object({
    unreadable: z.string(),
    tangled: z.string(),
    link: z.string(),
    purpose: z.string(),
    shared: z.string(),
    works: z.string(),
  }),
  requests: z.array(z.string()),
  shown: z.object({ functions: z.array(z.string()), branches: z.array(z.string()) }),
  never: z.array(z.object({ host: z.string(), reason: z.string() })),
});

export type Sign = z.infer<typeof signSchema>;
export type Reason = z.infer<typeof reasonSchema>;

export const SIGNATURES = signaturesSchema.parse(table);
