/** `otj cisco`: the xAPI of codecs by hand. One line over many rooms, or a prompt on one. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { parseLine, type XapiLine } from '../endpoints/cisco/line.ts';
import { roomsNamed } from '../services/inventory.ts';
import { sendLine, type XapiAnswer } from '../services/xapiLine.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { shellCommand } from './ciscoShell.ts';
import { deviceWords, printReply, readBody } from './ciscoWords.ts';
import { withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

export function addCiscoCommands(program: Command): void {
  const cisco = program
    .command('cisco')
    .description('The xAPI of Cisco codecs by hand, through the login of the site.');

  cisco
    .command('exec')
    .summary('one xAPI line over many rooms')
    .usage("[options] <site> <rooms...> -- 'xCommand …'")
    .description(
      'Sends one xAPI line (xCommand, xStatus, xConfiguration) to the codecs of these rooms and shows what each answers. A line that may change something is only shown, with the codec it would go to, unless you say --apply; then it goes to one room first, and to the others when that one took it. Nothing of it is kept but what is printed.',
    )
    .argument('<site>')
    .argument('<rooms...>', 'names, mailboxes or addresses; then the line, in single quotes')
    .option('--all', 'all rooms with a Cisco codec, in place of names')
    .option('--apply', 'send the line even if it may change something')
    .option('--body-file <file>', 'the text that goes with the line, such as a macro (UTF-8)')
    .option('--retry', 'also try logins that were refused before')
    .action(exec);

  cisco
    .command('shell')
    .summary('xAPI prompt on one codec')
    .description(
      'Opens a prompt on the codec of a room: one login, one connection, the pinned key. Takes the lines from a pipe as well. A line that may change something is asked about before it is sent. `LINE < FILE` sends the text of a file with a line. Nothing of it is kept but what is printed.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .option('--yes', 'send lines that may change something without asking')
    .option('--retry', 'also try a login that was refused before')
    .action(shellCommand);
}

interface ExecOptions {
  all?: boolean;
  apply?: boolean;
  bodyFile?: string;
  retry?: boolean;
}

function exec(path: string, operands: string[], own: ExecOptions, command: Command): Promise<void> {
  const words = lineWords(operands);
  const names = operands.slice(0, operands.length - words.length);
  if ((names.length === 0) !== (own.all === true))
    throw new OtjError('USAGE', 'name rooms, or say --all; then the line');
  const line = parseLine(words.join(' '), own.bodyFile === undefined ? null : readBody(own.bodyFile));
  if (line.secrets.length > 0)
    throw new OtjError('USAGE', 'others can read an argument: send a passphrase with `otj cisco shell`');
  const apply = own.apply === true;
  const chosen = (site: Site) => (own.all ? codecRooms(site) : roomsNamed(site, names));
  const check = (site: Site) => void chosen(site);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async ({ site, out, signal }) => {
    const rooms = chosen(site);
    if (rooms.length === 0) throw new OtjError('NOTHING_TO_DO');
    let ended = 0;
    const { ok, failed, skipped, sent } = await sendLine(site, {
      rooms,
      line,
      apply,
      insist: own.retry === true,
      signal,
      answered(answer) {
        const { room, identity, reply, problem } = answer;
        out.emit({ type: 'answer', room: room.name, device: identity, sent: answer.sent, reply, problem });
        printAnswer(out, answer);
        out.progress(`${++ended} of ${rooms.length} rooms`);
      },
    });
    out.progress('');
    out.say(summary({ ok, failed, sent, rooms: rooms.length, line }));
    if (skipped > 0) out.say(`${roomCount(skipped)} not asked.`);
    out.emit({ type: 'result', line: line.shown, ok, failed, skipped, sent });
    return failed + skipped > 0 ? 1 : 0;
  });
}

/** The line is what stands behind `--`, or the last argument. */
function lineWords(operands: readonly string[]): readonly string[] {
  const mark = process.argv.indexOf('--');
  return mark < 0 ? operands.slice(-1) : process.argv.slice(mark + 1);
}

function codecRooms({ rooms }: Site): Room[] {
  return rooms.all().filter(({ id }) => rooms.endpointOf(id)?.family === 'cisco-roomos');
}

function printAnswer(out: Output, { room, identity, sent, reply, problem }: XapiAnswer): void {
  if (problem) {
    out.problem(problem, room.name);
    return;
  }
  out.say(`${sent ? '●' : '◇'} ${clean(room.name)}  ${identity ? deviceWords(identity) : ''}`);
  if (sent) printReply(out, reply, '    ');
}

interface Outcome {
  ok: number;
  failed: number;
  sent: boolean;
  rooms: number;
  line: XapiLine;
}

function summary({ ok, failed, sent, rooms, line }: Outcome): string {
  const shown = clean(line.shown);
  if (sent) return `${ok} of ${roomCount(rooms)} took: ${shown}`;
  if (ok === 0) return `Nothing was sent, and with --apply nothing would be: ${shown}`;
  const where = ok === 1 ? '1 room' : `${roomCount(ok)}, to one first`;
  const but = failed > 0 ? `, and not to the ${failed} with trouble` : '';
  return `Nothing was sent, because this line may change something. With --apply it goes to ${where}${but}: ${shown}`;
}
