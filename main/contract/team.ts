/** What the team's list says of a room before work on it begins, and a person's word to begin it all the same. */
import { z } from 'zod';

/**
 * `taken`: somebody else has it in work, until a time that is the server's. `elsewhere`: somebody else has done something there
 * that this site file does not know of.
 */
const takenSchema = z.object({
  kind: z.literal('taken'),
  by: z.string(),
  laptop: z.string(),
  since: z.string().nullable(),
  until: z.string(),
});
const elsewhereSchema = z.object({ kind: z.literal('elsewhere'), by: z.string(), state: z.string() });
const itemFlagSchema = z.discriminatedUnion('kind', [takenSchema, elsewhereSchema]);
/** What one item of the list says. */
export type ItemFlag = z.infer<typeof itemFlagSchema>;

/** What further items of the same room say that is not said yet, where the list has it twice: empty = the same. */
const beside = { beside: z.array(itemFlagSchema).exactOptional() };
export const teamFlagSchema = z.discriminatedUnion('kind', [
  takenSchema.extend(beside),
  elsewhereSchema.extend(beside),
]);
export type TeamFlag = z.infer<typeof teamFlagSchema>;

/** A room that is begun all the same, with what was seen of it: what others do there later was not agreed to. */
export const teamAgreedSchema = z.object({ roomId: z.number(), team: teamFlagSchema });
export type TeamAgreed = z.infer<typeof teamAgreedSchema>;
