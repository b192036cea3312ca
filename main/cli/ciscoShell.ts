/** `otj cisco shell`: an interactive xAPI prompt on one codec. */
import type { Command } from 'commander';
import { asOtjError, type OtjError } from '../contract/errors.ts';
import { parseLine, type XapiLine } from '../endpoints/cisco/line.ts';
import { openRoomCodec, type RoomCodec } from '../services/roomCodec.ts';
import { ask, effectsOf } from '../services/xapiLine.ts';
import { printReply, readBody } from './ciscoWords.ts';
import type { Context } from './context.ts';
import { devicePrompt, withRoomDevice } from './devicePrompt.ts';

const HELP = `xStatus PATH                 read a status, e.g. xStatus SystemUnit Uptime
xConfiguration PATH          read a setting or a branch of them
xConfiguration PATH: VALUE   change a setting
xCommand PATH NAME: VALUE …  run a command; texts with spaces stand in double quotes
LINE < FILE                  the text of a file goes with the command, such as a macro
exit                         end; so does Ctrl-D`;

interface ShellOptions {
  yes?: boolean;
  retry?: boolean;
}

export function shellCommand(path: string, name: string, own: ShellOptions, command: Command): Promise<void> {
  return withRoomDevice(
    path,
    name,
    command,
    (opening, room) => openRoomCodec(opening, room, own.retry === true),
    ({ xapi }) => xapi.close(),
    (context, codec, room) =>
      devicePrompt(context, {
        room,
        identity: codec.identity,
        link: codec.xapi.link,
        hint: 'Lines as in the API guide; help shows how, exit or Ctrl-D ends.',
        help: HELP,
        yes: own.yes === true,
        isSecret,
        run: (line, mayGo) => oneLine(context, codec, line, mayGo),
        cut: () => codec.xapi.close(),
      }),
  );
}

/** See `DevicePrompt.run`. */
async function oneLine(
  { site, out }: Context,
  codec: RoomCodec,
  typed: string,
  mayGo: () => Promise<boolean>,
): Promise<OtjError | null> {
  const sent: { line: XapiLine | null } = { line: null };
  try {
    const line = typedLine(typed);
    if (line.mayChange && !(await mayGo())) return null;
    // Reading disturbs nobody; a change waits for no run on this site to be going on.
    if (line.mayChange) site.takeLock();
    sent.line = line;
    const reply = await ask(codec, line);
    out.emit({ type: 'answer', line: line.shown, reply });
    printReply(out, reply);
    return null;
  } catch (thrown) {
    const error = asOtjError(thrown);
    const problem = { ...error.toProblem(), ...(sent.line ? effectsOf(sent.line, true, error) : {}) };
    out.emit({ type: 'error', ...problem });
    out.problem(problem);
    return error;
  } finally {
    site.releaseLock();
  }
}

/** `LINE` or `LINE < FILE`. Throws XAPI_LINE, USAGE. */
function typedLine(typed: string): XapiLine {
  const from = /\s<\s+(\S+)$/.exec(typed);
  // Within quotes it is part of a value.
  const isFile = from?.[1] !== undefined && (typed.slice(0, from.index).match(/"/g) ?? []).length % 2 === 0;
  return isFile && from[1] ? parseLine(typed.slice(0, from.index), readBody(from[1])) : parseLine(typed);
}

function isSecret(typed: string): boolean {
  try {
    return parseLine(typed).secrets.length > 0;
  } catch {
    // A line with a slip in it may hold one all the same.
    return /pass|secret|token|pin|key|community|header/i.test(typed);
  }
}
