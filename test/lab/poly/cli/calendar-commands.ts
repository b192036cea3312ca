import type { CliCall } from './device.ts';
import { illegal, needsMore, noSub, Refusal, unsupported } from './errors.ts';

/** Lines of an answer. */
export type Command = (call: CliCall) => string[];

interface Twin {
  key: string;
  /** Word on the command line to stored value, where they differ; other words are refused. */
  words?: Readonly<Record<string, string>>;
  /** The value comes behind `set`. */
  behindSet?: boolean;
  /** There is no getter. */
  writeOnly?: boolean;
}

const YES_NO = { yes: 'True', no: 'False' };

/** Each variable's twin, from the device's own command table (https://github.com/HL727/Meeting). */
const TWINS: Readonly<Record<string, Twin>> = {
  calendarregisterwithserver: { key: 'cal.enabled', words: YES_NO },
  calendarserver: { key: 'cal.ews.server' },
  calendarresource: { key: 'cal.ews.mailbox' },
  calendardomain: { key: 'cal.ews.domain', behindSet: true },
  calendaruser: { key: 'cal.ews.username' },
  calendarpassword: { key: 'cal.ews.password', writeOnly: true },
  calendarprotocol: { key: 'cal.ews.secureconnectionprotocol', words: { auto: 'Auto', tls: 'tlsv1' } },
  calendarremindertime: {
    key: 'cal.remindertime',
    words: { none: 'None', '1': '1', '5': '5', '10': '10', '15': '15', '30': '30' },
  },
  calendarplaytone: { key: 'cal.playremindertone', words: YES_NO },
  calendarshowpvtmeetings: { key: 'cal.showprivatemeeting', words: YES_NO },
};

/** `configured` counts as established, and a refused login as unavailable: that is what makes this no proof. */
const SHOWN_STATUS = {
  configured: 'established',
  connected: 'established',
  logged: 'established',
  registered: 'established',
  offline: 'unavailable',
  disabled: 'unavailable',
  authenticationerr: 'unavailable',
} as const;

export const CALENDAR_COMMANDS: Readonly<Record<string, Command>> = {
  ...Object.fromEntries(
    Object.entries(TWINS).map(([root, twin]) => [root, (call: CliCall) => twinCommand(root, twin, call)]),
  ),
  calendarstatus: ({ device, args }) => {
    if (args.length === 0) throw needsMore();
    if (args.length > 1 || args[0] !== 'get') throw illegal();
    return [`calendarstatus ${SHOWN_STATUS[device.calendar.status]}`];
  },
  calendarmeetings: meetings,
  // Two parameters whose meaning nobody knows.
  calendardiscovery: ({ args }) => {
    throw args.length < 2 ? needsMore() : unsupported();
  },
};

/** Whether a command changes settings, which only an administrator may. */
export function changes(root: string, args: readonly string[]): boolean {
  return Object.hasOwn(TWINS, root) && args.length > 0 && args[0] !== 'get';
}

function twinCommand(root: string, twin: Twin, { device, cli, args, show }: CliCall): string[] {
  const [first, ...rest] = args;
  if (first === undefined) throw needsMore();
  const setting = device.settings.get(twin.key);
  if (!setting) throw unsupported();
  if (first === 'get' && rest.length === 0 && !twin.writeOnly) {
    const word = Object.entries(twin.words ?? {}).find(([, stored]) => stored === setting.value)?.[0];
    return [`${root} ${word ?? show(setting.value)}`];
  }
  if (twin.behindSet && first !== 'set') throw noSub(first);
  const values = twin.behindSet ? rest : args;
  const [value, ...more] = values;
  if (value === undefined || (twin.behindSet && value === '' && cli.clearsDomain === false)) throw needsMore();
  if (more.length > 0) throw illegal();
  const stored = twin.words ? twin.words[value] : value;
  if (stored === undefined) throw illegal();
  if (device.settings.keep(setting, stored) !== 'NOERROR') throw illegal();
  if (twin.writeOnly && cli.passwordEcho === false) return [root];
  return [`${root} ${twin.words ? value : show(value)}`];
}

/** Their form is that of the maker's integrator guide as the lab remembers it, not checked against a device. */
function meetings({ device, args }: CliCall): string[] {
  const [what, first, ...rest] = args;
  if (what === undefined) throw needsMore();
  const known = device.calendar.meetings;
  const at = (iso: string): string => iso.replace('T', ':').slice(0, 16);
  if (what === 'list') {
    if (first === undefined) throw needsMore();
    if (rest.length > 1) throw illegal();
    return [
      'calendarmeetings list begin',
      ...known.map(({ id, start, end, subject }) => `meeting|${id}|${at(start)}|${at(end)}|${subject}`),
      'calendarmeetings list end',
    ];
  }
  if (what !== 'info') throw noSub(what);
  if (first === undefined) throw needsMore();
  const found = known.find(({ id }) => id === first);
  if (!found) throw new Refusal('error: calendarmeetings meeting not found');
  return [
    'calendarmeetings info start',
    `id|${found.id}`,
    `${at(found.start)}|${at(found.end)}|dialable|public`,
    `organizer|${found.organizer}`,
    `location|${found.location}`,
    `subject|${found.subject}`,
    'calendarmeetings info end',
  ];
}
