/** The signs by which devices are told apart, as data. */
import { z } from 'zod';
import table from '../../assets/device-fingerprints.json' with { type: 'json' };
import { factSourceSchema } from '../contract/evidence.ts';
import { familySchema } from '../contract/plan.ts';

const kindSchema = z.object({
  /** For people, in English. */
  name: z.string().min(1),
  /** The driver that knows it; null = none does yet. */
  family: familySchema.nullable(),
  /** Whether it is a video system of a meeting room. */
  ours: z.boolean(),
});

const ruleSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    source: factSourceSchema,
    fact: z.string(),
    matches: z.string(),
    weight: z.enum(['sure', 'likely', 'hint']),
    says: z.string().min(1),
    from: z.string().min(1),
    confidence: z.enum(['seen', 'assumed']),
  })
  .transform((rule) => ({ ...rule, matches: new RegExp(rule.matches, 'iu') }));

export type Rule = z.output<typeof ruleSchema>;
export type Kind = z.infer<typeof kindSchema>;

const parsed = z.object({ kinds: z.record(z.string(), kindSchema), rules: z.array(ruleSchema) }).parse(table);

export const KINDS: ReadonlyMap<string, Kind> = new Map(Object.entries(parsed.kinds));
export const RULES: readonly Rule[] = parsed.rules;
