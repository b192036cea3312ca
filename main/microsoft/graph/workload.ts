/**
 * Which service behind Graph a request is for, since each has limits of its own.
 * Source: throttling-limits of Microsoft Graph. Places count among the Outlook resources.
 */
export type Workload = 'outlook' | 'sites' | 'directory';

const OUTLOOK =
  /^\/(?:(?:users\/[^/]+|me)\/(?:mailboxSettings|calendar|calendars|calendarView|calendarGroups|events|messages|mailFolders|contacts)(?:[/?]|$)|places(?:[/?]|$))/i;
const SITES = /^\/(?:sites|drives|shares|(?:users\/[^/]+|me|groups\/[^/]+)\/drives?)(?:[/?:]|$)/i;

export function workloadOf(path: string): Workload {
  if (OUTLOOK.test(path)) return 'outlook';
  return SITES.test(path) ? 'sites' : 'directory';
}
