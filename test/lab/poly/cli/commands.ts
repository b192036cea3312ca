import { CALENDAR_COMMANDS, type Command, changes } from './calendar-commands.ts';
import type { CliCall } from './device.ts';
import { denied, illegal, needsMore, notFound, unsupported } from './errors.ts';

const OTHER_COMMANDS: Readonly<Record<string, Command>> = {
  whoami,
  status,
  systemname: ({ device, args, show }) => {
    const [value, ...more] = args;
    if (value === undefined) throw needsMore();
    const setting = device.settings.get('system.info.systemname');
    if (more.length > 0 || !setting) throw illegal();
    if (value !== 'get' && device.settings.keep(setting, value) !== 'NOERROR') throw illegal();
    return [`systemname ${show(device.settings.text('system.info.systemname'))}`];
  },
  serialnum: ({ device }) => [`serialnum ${device.given.serial}`],
  systemsetting: ({ device, args, show }) => {
    const [what, name, ...more] = args;
    if (what === undefined || name === undefined) throw needsMore();
    if (what !== 'get' || name !== 'model' || more.length > 0) throw illegal();
    return [`systemsetting model ${show(device.given.model)}`];
  },
  apiport: ({ device, args }) => {
    if (args[0] !== 'get') throw needsMore();
    return [`apiport ${device.settings.text('sec.telnet.apiPort')}`];
  },
  echo: ({ args }) => [args.join(' ')],
  cmdecho: ({ user, args }) => {
    const [word] = args;
    if (word === undefined) throw needsMore();
    if (word !== 'on' && word !== 'off') throw illegal();
    user.echo = word === 'on';
    return [`cmdecho ${word}`];
  },
  notify: ({ user, args }) => notification('notify', args, (what) => user.notified.add(what)),
  nonotify: ({ user, args }) => notification('nonotify', args, (what) => user.notified.delete(what)),
  reboot: ({ device, args }) => {
    if (args[0] === undefined) throw needsMore();
    if (args[0] !== 'now') throw illegal();
    device.reboot();
    return ['reboot now'];
  },
  // The maker has it; nobody has shown what it says.
  exportprofile: () => {
    throw unsupported();
  },
};

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries({ ...CALENDAR_COMMANDS, ...OTHER_COMMANDS }));

export function run(root: string, call: CliCall): string[] {
  const command = COMMANDS.get(root);
  if (!command) throw notFound();
  if (call.device.faults.refuseCommands?.includes(root)) throw unsupported();
  const naming = root === 'systemname' && call.args[0] !== 'get';
  if (call.user.role !== 'admin' && (changes(root, call.args) || naming || root === 'exportprofile')) throw denied();
  return command(call);
}

export const isChange = (root: string, args: readonly string[]): boolean =>
  changes(root, args) || (root === 'systemname' && args[0] !== 'get');

function notification(root: string, args: readonly string[], take: (what: string) => void): string[] {
  const [what] = args;
  if (what === undefined) throw needsMore();
  if (what !== 'calendarmeetings') throw illegal();
  take(what);
  return [`${root} ${what} success`];
}

/** Labels as adapters look for them; order, blanks and what stands between are the lab's. */
export function whoami({ device }: Pick<CliCall, 'device'>): string[] {
  const { given, settings } = device;
  return [
    `Hi, my name is : ${settings.text('system.info.systemname')}`,
    'Here is what I know about myself:',
    `Model:                        ${given.model}`,
    `Serial Number:                ${given.serial}`,
    `Software Version:             ${given.software}`,
    `Build Information:            ${given.software.replace(/^Release - /, '')} build`,
    'Contact Number:               <empty>',
    'Time In Last Call:            0:00:00',
    `Local Time is:                ${new Date(Date.now() + (device.faults.clockOffsetMs ?? 0)).toUTCString()}`,
    'SNMP Enabled:                 False',
  ];
}

function status({ device }: CliCall): string[] {
  const word = (online: boolean): string => (online ? 'online' : 'offline');
  return [
    `inacall ${word(device.faults.inCall === true)}`,
    `autoanswerp2p ${word(false)}`,
    `remotecontrol ${word(true)}`,
    `microphones ${word(true)}`,
    `ipnetwork ${word(true)}`,
    `gatekeeper ${word(false)}`,
    `sipserver ${word(false)}`,
    `provisioning ${word(device.settings.on('management.provisioning.enabled'))}`,
    `calendar ${word(device.calendar.row === 'up')}`,
    'status end',
  ];
}
