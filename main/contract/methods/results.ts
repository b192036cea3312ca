import { z } from 'zod';
import { method, nothing } from '../method.ts';
import {
  columnMappingSchema,
  resultsTargetSchema,
  resultsViewSchema,
  resultTakeSchema,
  teamSchema,
} from '../microsoft/results.ts';

const target = z.object({
  /** Of the SharePoint site, as it stands in a browser. */
  address: z.string().max(2_000),
  /** Name or id; null = the usual name. */
  list: z.string().max(255).nullable(),
});

export const resultsMethods = {
  /** Where the results go, what is owed, and what needs a person. */
  'results.view': method(nothing, resultsViewSchema),
  /** Looks at a site and its list. Writes nothing. Throws RESULTS_SITE_ADDRESS, RESULTS_SITE_MISSING, and what Graph throws. */
  'results.look': method(target, resultsTargetSchema),
  /**
   * Chooses the list, or makes it; the folder of the report files stays as it is. Throws also RESULTS_LIST_MISSING,
   * RESULTS_COLUMN_MISSING, RESULTS_COLUMN_UNFIT, and JOB_RUNNING or SITE_NONE when a run or another site came between.
   */
  'results.set': method(
    target.extend({
      create: z.boolean(),
      /** All that are to be written; null = as before, or as proposed. */
      columns: columnMappingSchema.nullable(),
      reports: z.boolean(),
    }),
    resultsViewSchema,
  ),
  /** Publishes nothing any more; the list stays as it is. */
  'results.end': method(nothing, resultsViewSchema),
  /**
   * Decides about what somebody changed in the list; the next publish acts by it. `shown` is the mark of what the person saw.
   * Throws NOTHING_TO_DO, RESULTS_MOVED.
   */
  'results.decide': method(
    z.object({ roomId: z.number(), take: resultTakeSchema, shown: z.string() }),
    resultsViewSchema,
  ),
  /** What the list told of the team's work when it was read last. */
  'results.team': method(nothing, teamSchema),
  /** Reads the list. Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_*, and what Graph throws. */
  'results.readTeam': method(nothing, teamSchema),
  /** Publishes what is owed; null = all. */
  'jobs.publish': method(z.object({ rooms: z.array(z.number()).nullable() }), z.object({ job: z.number() })),
};
