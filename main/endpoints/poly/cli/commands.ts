/**
 * Commands of the Group's command line that read and write calendar variables, with the spelling of each value.
 * Source: command table of a RealPresence Group 500, release 6.2.2.8 (its variables and their command line twins).
 * Assumed: that a value with blanks stands in double quotes, that an empty one is written `""`, and that no value can
 * hold a quotation mark or a line end.
 */
import { OtjError } from '../../../contract/errors.ts';
import { readSwitch } from '../mapping.ts';

export interface CliSetting {
  /** Name of the variable, as in the REST API. */
  name: string;
  /** Root word of the command. */
  root: string;
  /** A word between root and value when it is written. */
  verb?: string;
  /** Spellings that differ: on the command line, in the variable. */
  spelling?: readonly (readonly [cli: string, stored: string])[];
  /** It can be written and never read. */
  secret?: true;
}

const YES_NO = [
  ['yes', 'True'],
  ['no', 'False'],
] as const;

export const CLI_SETTINGS: readonly CliSetting[] = [
  { name: 'cal.enabled', root: 'calendarregisterwithserver', spelling: YES_NO },
  { name: 'cal.ews.server', root: 'calendarserver' },
  { name: 'cal.ews.mailbox', root: 'calendarresource' },
  { name: 'cal.ews.domain', root: 'calendardomain', verb: 'set' },
  { name: 'cal.ews.username', root: 'calendaruser' },
  { name: 'cal.ews.password', root: 'calendarpassword', secret: true },
  {
    name: 'cal.ews.secureconnectionprotocol',
    root: 'calendarprotocol',
    spelling: [
      ['auto', 'Auto'],
      ['tls', 'tlsv1'],
    ],
  },
  { name: 'cal.remindertime', root: 'calendarremindertime', spelling: [['none', 'None']] },
  { name: 'cal.playremindertone', root: 'calendarplaytone', spelling: YES_NO },
  { name: 'cal.showprivatemeeting', root: 'calendarshowpvtmeetings', spelling: YES_NO },
];

/** The command that goes with a variable; case does not count. */
export function cliSetting(name: string): CliSetting | undefined {
  return CLI_SETTINGS.find((setting) => setting.name === name.toLowerCase());
}

/** `calendarserver get`. */
export function readCommand({ root }: CliSetting): string {
  return `${root} get`;
}

/**
 * `calendarserver otj.example.com`.
 * @param value as the variable holds it, or in the words of the command line
 * @throws OtjError VALUE_UNFIT for a value that would end early or begin another command
 */
export function writeCommand(setting: CliSetting, value: string): string {
  const { root, verb, spelling } = setting;
  const stored = storedValue(setting, value);
  const word = spelling?.find(([, one]) => one === stored)?.[0] ?? value;
  return [root, verb, quoted(root, word)].filter((part) => part !== undefined).join(' ');
}

/** The variable's spelling of a value, whichever of its spellings that is in. */
export function storedValue({ spelling }: CliSetting, value: string): string {
  const word = value.toLowerCase();
  const isMeant = (one: string) =>
    one.toLowerCase() === word || (spelling === YES_NO && readSwitch(one) === readSwitch(word));
  return spelling?.find((spellings) => spellings.some(isMeant))?.[1] ?? value;
}

function quoted(root: string, value: string): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}"]/u.test(value))
    throw new OtjError('VALUE_UNFIT', `${root}: a line end, control character or quotation mark`);
  return value === '' || /\s/.test(value) ? `"${value}"` : value;
}
