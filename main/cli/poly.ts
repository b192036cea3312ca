/** `otj poly get|set|shell`: the settings of one Poly device by hand, for odd moments. */
import confirm from '@inquirer/confirm';
import type { Command } from 'commander';
import { asOtjError, OtjError } from '../contract/errors.ts';
import {
  isSecretName,
  onlyReads,
  openRoomPoly,
  type RoomPoly,
  readNames,
  type ToldSetting,
  writeName,
} from '../services/roomPoly.ts';
import type { Room } from '../site/rooms.ts';
import type { Context } from './context.ts';
import { changing, devicePrompt, withRoomDevice } from './devicePrompt.ts';
import { clean, type Output } from './output.ts';
import { hasTerminal } from './secrets.ts';

interface HandOptions {
  yes?: boolean;
  retry?: boolean;
}

export function addPolyHandCommands(poly: Command): void {
  const retry = ['--retry', 'also try a login that was refused before'] as const;

  poly
    .command('get')
    .summary('read settings of one device')
    .description(
      'Reads settings of the Poly device of a room by their names, as its REST API or command line has them, and changes nothing. Passwords are never shown. One login; always logged out.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .argument('<names...>', 'e.g. cal.ews.server (VideoOS, Group) or exchange.server.url (Trio)')
    .option(...retry)
    .action((path: string, room: string, names: string[], own: HandOptions, command: Command) =>
      withDevice(path, room, own, command, async ({ out }, device) => {
        const told = await readNames(device, names);
        sayTold(out, told);
        return told.some(({ problem }) => problem !== null) ? 1 : 0;
      }),
    );

  poly
    .command('set')
    .summary('change one setting of one device')
    .description(
      'Changes one setting of the Poly device of a room: shows what it is and what it will be, asks, writes, and reads it back. Nothing of it is undone by otj undo. A password is not taken here, because others can read an argument: otj poly shell takes it.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .argument('<name>')
    .argument('<value>')
    .option('--yes', 'do not ask')
    .option(...retry)
    .action((path: string, room: string, name: string, value: string, own: HandOptions, command: Command) => {
      if (isSecretName(name))
        throw new OtjError('USAGE', 'others can read an argument: send a password with `otj poly shell`');
      return withDevice(path, room, own, command, async ({ site, out }, device) => {
        const [before] = await readNames(device, [name]);
        if (before?.problem) throw new OtjError('NAMES_UNKNOWN', `${name}: ${before.problem}`);
        out.say(`${clean(name)}: ${shown(before)} → ${clean(value)}`);
        if (own.yes !== true) {
          if (!hasTerminal()) throw new OtjError('YES_NEEDED');
          if (!(await confirm({ message: 'Write it?', default: false }))) throw new OtjError('DECLINED');
        }
        return changing(site, async () => {
          sayTold(out, [await writeName(device, name, value)]);
          return 0;
        });
      });
    });

  poly
    .command('shell')
    .summary('prompt on one device')
    .description(
      'Opens a prompt on the Poly device of a room: one login, one connection, the pinned key. `get NAME…` and `set NAME VALUE` on every device; over a command line (Group over SSH or telnet) also any of its own commands. What may change something is asked about first. Takes lines from a pipe as well. Nothing of it is kept but what is printed.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .option('--yes', 'send what may change something without asking')
    .option(...retry)
    .action((path: string, room: string, own: HandOptions, command: Command) =>
      withDevice(path, room, own, command, (context, device, found) => talk(context, device, found, own.yes === true)),
    );
}

type Work = (context: Context, device: RoomPoly, room: Room) => Promise<number>;

function withDevice(path: string, name: string, own: HandOptions, command: Command, work: Work): Promise<void> {
  return withRoomDevice(
    path,
    name,
    command,
    (opening, room) => openRoomPoly(opening, room, own.retry === true),
    ({ way }) => way.close(),
    work,
  );
}

function sayTold(out: Output, told: readonly ToldSetting[]): void {
  for (const setting of told) {
    out.emit({ type: 'setting', ...setting });
    out.say(`${clean(setting.name)}: ${shown(setting)}`);
  }
}

function shown(setting: ToldSetting | undefined): string {
  if (!setting) return '';
  if (setting.problem !== null) return `▲ ${clean(setting.problem)}`;
  if (setting.secret) return '(a password is never shown)';
  return setting.value === null || setting.value === '' ? '(empty)' : clean(setting.value);
}

const HELP = `get NAME…         read settings
set NAME VALUE    change one, and read it back; the value is all that follows the name
exit              end; so does Ctrl-D`;
const HELP_LINE = `any other line    goes to the command line of the device as it is, e.g. calendarstatus get`;

function talk(context: Context, device: RoomPoly, room: Room, yes: boolean): Promise<number> {
  const { way, identity } = device;
  return devicePrompt(context, {
    room,
    identity,
    link: way.link,
    hint: 'help shows how, exit or Ctrl-D ends.',
    help: way.talk ? `${HELP}\n${HELP_LINE}` : HELP,
    yes,
    isSecret: isSecretName,
    run: (line, mayGo) => oneLine(context, device, line, mayGo),
    cut: () => way.close(),
  });
}

/** See `DevicePrompt.run`. */
async function oneLine(
  { site, out }: Context,
  device: RoomPoly,
  typed: string,
  mayGo: () => Promise<boolean>,
): Promise<OtjError | null> {
  try {
    const [, verb, rest = ''] = /^(get|set)\s+(.*)$/i.exec(typed) ?? [];
    if (verb?.toLowerCase() === 'get') sayTold(out, await readNames(device, rest.trim().split(/\s+/)));
    else if (verb) {
      const [, name = '', value = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
      if (await mayGo()) await changing(site, async () => sayTold(out, [await writeName(device, name, value)]));
    } else await sendLine({ site, out }, device, typed, mayGo);
    return null;
  } catch (thrown) {
    const error = asOtjError(thrown);
    const problem = { ...error.toProblem(), ...(error.words ? { words: device.way.redactor.clean(error.words) } : {}) };
    out.emit({ type: 'error', ...problem });
    out.problem(problem);
    return error;
  }
}

async function sendLine(
  { site, out }: Pick<Context, 'site' | 'out'>,
  { way }: RoomPoly,
  typed: string,
  mayGo: () => Promise<boolean>,
): Promise<void> {
  const send = way.talk?.bind(way);
  if (!send) throw new OtjError('USAGE', 'this device has no command line here: get NAME… or set NAME VALUE');
  const reads = onlyReads(typed);
  if (!reads && !(await mayGo())) return;
  // A line that names a secret may bring it back.
  if (isSecretName(typed)) for (const word of typed.split(/\s+/).slice(1)) way.redactor.add(word.replace(/^"|"$/g, ''));
  const lines = reads ? await send(typed) : await changing(site, () => send(typed));
  const told = lines.map((line) => way.redactor.clean(line, 1_000));
  out.emit({ type: 'answer', lines: told });
  for (const line of told) out.say(clean(line));
}
