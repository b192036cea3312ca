/**
 * What a recording asks a codec: everything that facts are made of, whole branches besides, so that later versions find
 * more than today's read, and a few things that must fail. Only readings; each command is one of the known read-only
 * ones, or one that no codec has. Source: public xAPI schemas, 9.15 to 26.4.
 */
import type { XapiParams } from '../xapi.ts';

export type Read =
  | { kind: 'get'; tree: 'Status' | 'Configuration'; path: string }
  | { kind: 'command'; path: string; params?: XapiParams }
  /** A line that is no xAPI at all; over SSH only. */
  | { kind: 'line'; text: string };

const NOTHING = 'Otj Nothing';
/** Fits no valuespace of numbers or literals. */
const UNFIT = 'unfit';
const ABSENT = 'otj-nobody';

const status = (path: string): Read => ({ kind: 'get', tree: 'Status', path });
const configuration = (path: string): Read => ({ kind: 'get', tree: 'Configuration', path });
const command = (path: string, params?: XapiParams): Read => ({ kind: 'command', path, ...(params ? { params } : {}) });

export const READS: readonly Read[] = [
  status('SystemUnit'),
  status('Network 1 Ethernet MacAddress'),
  status('Network'),
  status('NetworkServices NTP'),
  status('NetworkServices'),
  status('UserInterface ContactInfo Name'),
  status('UserInterface'),
  status('Provisioning'),
  status('Webex'),
  status('Time SystemTime'),
  status('Time'),
  configuration('Macros Mode'),
  configuration('Macros'),
  configuration('HttpClient'),
  configuration('NetworkServices'),
  configuration('Provisioning'),
  configuration('SystemUnit'),
  configuration('Time Zone'),
  configuration('Time'),
  configuration('Security Session'),
  configuration('UserManagement PasswordPolicy'),
  configuration('UserInterface Bookings'),
  command('Macros Macro Get', { Content: true }),
  command('Macros Macro Get'),
  command('Macros Runtime Status'),
  command('UserManagement User List'),
  command('UserInterface Extensions List'),
  command('UserInterface Extensions Export'),
  command('Bookings List'),
  command('HttpClient Allow Hostname List'),
  command(NOTHING),
  status(NOTHING),
  configuration(NOTHING),
  command('Bookings List', { Days: UNFIT }),
  command('Macros Macro Get', { Name: ABSENT }),
  command('UserManagement User Get', { Username: ABSENT }),
  { kind: 'line', text: 'otjnothing' },
];

/** Commands that are asked for because no codec has them. */
export const UNKNOWN_COMMANDS: readonly string[] = [NOTHING];

/** The reading as a person would type it; names it in the file. */
export function titleOf(read: Read): string {
  if (read.kind === 'line') return read.text;
  if (read.kind === 'get') return `x${read.tree} ${read.path}`;
  const params = Object.entries(read.params ?? {}).map(([name, value]) => ` ${name}: ${String(value)}`);
  return `xCommand ${read.path}${params.join('')}`;
}
