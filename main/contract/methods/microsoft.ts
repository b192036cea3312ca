import { z } from 'zod';
import { method, nothing } from '../method.ts';
import {
  accessResultSchema,
  accessRunModeSchema,
  accessRunWaySchema,
  accessScriptSchema,
  accessSettingsSchema,
  accessViewSchema,
  powerShellSchema,
  scriptKindSchema,
} from '../microsoft/access.ts';

export const microsoftMethods = {
  /** Which app may read which mailboxes, the scripts signed off, and what is known of each room's mailbox. */
  'microsoft.access': method(nothing, accessViewSchema),
  'microsoft.set': method(accessSettingsSchema, accessViewSchema),
  /** The script for reading; nothing is written. Throws ACCESS_UNSET, SETTING_UNFIT, NOTHING_TO_DO. */
  'microsoft.script': method(z.object({ kind: scriptKindSchema }), accessScriptSchema),
  /**
   * Signs off the script that was shown and writes it beside the site file. Throws SCRIPT_CHANGED, DISK, and OLD_APP_NEEDED for a
   * `remove` while rooms have not moved, unless `beforeAllMoved`.
   */
  'microsoft.sign': method(
    z.object({ kind: scriptKindSchema, id: z.uuid(), sha256: z.string(), beforeAllMoved: z.boolean() }),
    z.object({ path: z.string(), view: accessViewSchema }),
  ),
  /** Notes what a script has reported. Throws RESULT_UNREADABLE, RESULT_FOREIGN, RESULT_OLD, RESULT_TENANT; nothing is noted then. */
  'microsoft.result': method(z.object({ base64: z.string() }), accessResultSchema),
  /**
   * Deletes the result of the run that began `at`, which is kept because it could not be taken. It is tried once more before; where it
   * is not kept any more, nothing is deleted. Throws DISK.
   */
  'microsoft.dismissRun': method(z.object({ at: z.string() }), accessViewSchema),
  /** What this computer has to run a script with. */
  'microsoft.powershell': method(nothing, powerShellSchema),
  /**
   * Runs the script that was shown on this computer; `apply` only what was looked at. Its lines are items of the job, and its
   * result is noted. Throws SCRIPT_CHANGED, OLD_APP_NEEDED, PWSH_LOOK_FIRST, USAGE, JOB_RUNNING, SITE_BUSY; the job fails with
   * PWSH_MISSING, PWSH_MODULE, PWSH_UNSTARTED or DISK where nothing was run.
   */
  'jobs.access': method(
    z.object({
      ...{ kind: scriptKindSchema, id: z.uuid(), sha256: z.string(), beforeAllMoved: z.boolean() },
      ...{ mode: accessRunModeSchema, way: accessRunWaySchema },
    }),
    z.object({ job: z.number() }),
  ),
};
