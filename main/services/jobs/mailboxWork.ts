/** The job of the mailbox check: it asks Microsoft 365 and changes nothing there. */
import { OtjError } from '../../contract/errors.ts';
import { connectionOf } from '../connection.ts';
import { checkMailboxes, roomsToCheck } from '../mailboxes.ts';
import type { OpenSite } from '../openSite.ts';
import { readySite, startOnSite } from './onSite.ts';

/** @returns the job's id. Throws M365_NOT_SET, VAULT_LOCKED, NOTHING_TO_DO, JOB_RUNNING, SITE_BUSY. */
export function startMailboxes(open: OpenSite): number {
  const site = readySite(open);
  connectionOf(site);
  const total = roomsToCheck(site).length;
  if (total === 0) throw new OtjError('NOTHING_TO_DO');
  return startOnSite(open, { kind: 'mailboxes', total, pausable: false }, async ({ job }) => {
    const { counts, strangers } = await checkMailboxes(site, { signal: job.signal, done: () => job.count(false) });
    return { kind: 'mailboxes', ...counts, strangers: strangers.count };
  });
}
