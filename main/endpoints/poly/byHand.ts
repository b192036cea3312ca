/** Recipes for Poly devices that no driver speaks to: what a person types where. Pure, from a data file. */
import { z } from 'zod';
import data from '../../../assets/poly-recipes.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import type { Change } from '../../contract/plan.ts';

const field = z.union([
  z.strictObject({ label: z.string().min(1), role: z.enum(['server', 'mailbox', 'username', 'password']) }),
  z.strictObject({ label: z.string().min(1), fixed: z.string() }),
]);

const recipesSchema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  families: z.record(
    z.enum(['poly-hdx', 'poly-debut']),
    z.strictObject({
      name: z.string(),
      /** The way through the menus of its web page, in the page's own words. */
      where: z.array(z.string()).min(1),
      evidence: z.enum(['seen', 'assumed']),
      source: z.string(),
      fields: z.array(field).min(1),
    }),
  ),
});

export type HandFamily = 'poly-hdx' | 'poly-debut';

export interface Recipe {
  name: string;
  where: readonly string[];
  /** Whether the menus were only assumed; the labels then may be a little different. */
  assumed: boolean;
  /** `value` null = the password, which is shown only to a person who asks for it. */
  fields: readonly { label: string; value: string | null }[];
}

const parsed = recipesSchema.safeParse(data);
if (!parsed.success) throw new OtjError('INTERNAL', `Poly recipes: ${z.prettifyError(parsed.error)}`);
const recipes = parsed.data.families;

/** @param server null = Infinity has not told it yet */
export function recipeFor(
  family: HandFamily,
  wish: { server: string | null; mailbox: string; username: string },
): Recipe {
  const { name, where, evidence, fields } = recipes[family];
  const typed = (one: z.infer<typeof field>): string | null => {
    if ('fixed' in one) return one.fixed;
    if (one.role === 'password') return null;
    return one.role === 'server' ? (wish.server ?? '') : one.role === 'mailbox' ? wish.mailbox : wish.username;
  };
  return {
    name,
    where,
    assumed: evidence === 'assumed',
    fields: fields.map((one) => ({ label: one.label, value: typed(one) })),
  };
}

/** The recipe as the changes of a plan; what stands on the device now, nobody has read. */
export function handChanges({ fields }: Recipe): Change[] {
  return fields.map(({ label, value }) => ({
    setting: label,
    before: 'not read',
    after: value ?? 'new password (sealed)',
  }));
}
