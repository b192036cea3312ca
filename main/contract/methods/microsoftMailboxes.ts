import { z } from 'zod';
import { method, nothing } from '../method.ts';
import { mailboxViewSchema, roomMailboxSchema } from '../microsoft/mailboxes.ts';

export const mailboxMethods = {
  /** What the last check told: how many rooms are well, those that want somebody, and the rooms that the site lacks. */
  'microsoft.mailboxes': method(nothing, mailboxViewSchema),
  /** The same of one room; null where it is none that is to be on Infinity. */
  'microsoft.mailbox': method(z.object({ roomId: z.number() }), roomMailboxSchema.nullable()),
  /**
   * Asks Microsoft 365 about the mailboxes of all rooms. Throws M365_NOT_SET, VAULT_LOCKED, NOTHING_TO_DO, JOB_RUNNING, SITE_BUSY; the
   * job fails with the errors of Graph and of a sign-in, and notes nothing then.
   */
  'jobs.mailboxes': method(nothing, z.object({ job: z.number() })),
};
