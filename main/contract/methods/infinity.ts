import { z } from 'zod';
import {
  bulkReadSchema,
  bulkWrittenSchema,
  driftSchema,
  proofSchema,
  setupOfferSchema,
  setupStepSchema,
  setupWishSchema,
} from '../infinity.ts';
import { method, nothing } from '../method.ts';

/** Name of the OTJ endpoint group; null = that of the site. */
const group = z.string().trim().min(1).nullable();

export const infinityMethods = {
  /**
   * What Infinity has, what the site wants and what the devices said. `job` null: all rooms as looked at last, null = never.
   * Else what that `jobs.drift` has found for its rooms; only of the last one it is known. Throws JOB_UNKNOWN.
   */
  'infinity.drift': method(z.object({ job: z.number().nullable() }), driftSchema.nullable()),
  /** What a set-up can be made of. Asks Infinity, changes nothing. */
  'infinity.offer': method(nothing, setupOfferSchema),
  /** What a set-up would write. Asks Infinity, changes nothing. */
  'infinity.preview': method(setupWishSchema, z.array(setupStepSchema)),
  /** Writes the steps that were shown, and no others. Throws SETUP_CROSSED where Infinity is another by now. */
  'infinity.apply': method(
    z.object({ wish: setupWishSchema, confirmed: z.array(setupStepSchema) }),
    z.array(setupStepSchema),
  ),
  /** Files for Infinity's bulk import and for typing; null = beside the site file. */
  'infinity.export': method(
    z.object({ folder: z.string().nullable(), group, passwords: z.boolean() }),
    bulkWrittenSchema,
  ),
  /** Notes as done what an export of Infinity has as wished. */
  'infinity.import': method(z.object({ base64: z.string(), group, nodes: z.array(z.string()) }), bulkReadSchema),
  /** Infinity's own word for rooms that were moved, as asked for last by a sync. null = of all rooms. */
  'infinity.proofs': method(
    z.object({ roomId: z.number().nullable() }),
    z.array(z.object({ roomId: z.number(), room: z.string(), proof: proofSchema })),
  ),
};
