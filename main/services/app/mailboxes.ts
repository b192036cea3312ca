/** Calls on what Microsoft 365 told of the rooms' mailboxes. */
import { mailboxView, roomMailbox } from '../mailboxes.ts';
import type { OpenSite } from '../openSite.ts';
import type { Area } from './area.ts';

type MailboxHandlers = Pick<Area<'microsoft'>, 'microsoft.mailboxes' | 'microsoft.mailbox'>;

export function mailboxHandlers(open: OpenSite): MailboxHandlers {
  return {
    'microsoft.mailboxes': () => mailboxView(open.site),
    'microsoft.mailbox': ({ roomId }) => roomMailbox(open.site, roomId),
  };
}
