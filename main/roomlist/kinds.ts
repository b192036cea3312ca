/** Lists of other programs that are known by their headings. What is known of them is data. */
import { z } from 'zod';
import table from '../../assets/import-kinds.json' with { type: 'json' };
import { columnSchema, type ListKind, listKindSchema } from '../contract/lists.ts';
import { familySchema } from '../contract/plan.ts';
import { fold } from './columns.ts';

const headings = z.array(z.string());
const kindSchema = z.strictObject({
  id: listKindSchema,
  name: z.string(),
  /** Where the headings are known from, and how surely. */
  source: z.string(),
  confidence: z.enum(['documented', 'assumed']),
  family: familySchema.nullable().default(null),
  needs: z.array(headings),
  columns: z.partialRecord(columnSchema, headings),
});
export type Kind = z.infer<typeof kindSchema>;

const KINDS: readonly Kind[] = z.array(kindSchema).parse(table.kinds);

/** The first kind, or the first of this id, whose headings are all among these cells. */
export function kindOf(cells: readonly string[], id?: ListKind): Kind | null {
  const folded = new Set(cells.map(fold));
  const fits = ({ needs }: Kind) => needs.every((group) => group.some((heading) => folded.has(fold(heading))));
  return KINDS.find((kind) => (id === undefined || kind.id === id) && fits(kind)) ?? null;
}
