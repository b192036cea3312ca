import type { PolySpec } from '../types.ts';
import type { Words } from './setting.ts';

/**
 * What a VideoOS device calls the calendar's settings in /rest/config, by the lab's keys. No source shows them, so the
 * lab plays all that is thought possible: the Group's `cal.*`, the export's `exchange.*`, names that nobody has
 * written down, and none at all (the setting is then only on the command line and in the web page).
 */
const EXCHANGE: Readonly<Record<string, string>> = {
  'cal.enabled': 'exchange.enable',
  'cal.ews.server': 'exchange.server.url',
  'cal.ews.mailbox': 'exchange.auth.email',
  'cal.ews.domain': 'exchange.auth.domain',
  'cal.ews.username': 'exchange.auth.userName',
  'cal.ews.password': 'exchange.auth.password',
  'cal.remindertime': 'exchange.meeting.reminderInterval',
  'cal.playremindertone': 'exchange.meeting.reminderSound.enable',
  'cal.showprivatemeeting': 'exchange.showPrivateMeeting',
  'exchange.auth.useLoginCredentials': 'exchange.auth.useLoginCredentials',
};

/** The lab's invention. */
const OTHER: Readonly<Record<string, string>> = {
  'cal.enabled': 'calendaring.service.enabled',
  'cal.ews.server': 'calendaring.service.host',
  'cal.ews.mailbox': 'calendaring.service.mailbox',
  'cal.ews.domain': 'calendaring.service.domain',
  'cal.ews.username': 'calendaring.service.user',
  'cal.ews.password': 'calendaring.service.secret',
};

/** By the beginning of the software's number; which number has which names is the lab's invention too. */
const BY_SOFTWARE: readonly (readonly [software: string, names: Exclude<PolySpec['names'], object | undefined>])[] = [
  ['4.3.', 'exchange'],
  ['4.4.', 'other'],
  ['4.5.', 'none'],
];

export function namesOf(spec: PolySpec): { names(key: string): string | undefined; words: Words } {
  const names = spec.names ?? BY_SOFTWARE.find(([software]) => spec.software.startsWith(software))?.[1] ?? 'cal';
  switch (names) {
    case 'cal':
      return { names: (key) => (key.startsWith('cal.') ? key : undefined), words: 'title' };
    case 'exchange':
      // As in the export, whose truths are in lower case.
      return { names: (key) => EXCHANGE[key], words: 'lower' };
    case 'other':
      return { names: (key) => OTHER[key], words: 'title' };
    case 'none':
      return { names: () => undefined, words: 'title' };
    default:
      return { names: (key) => names[key], words: 'title' };
  }
}
