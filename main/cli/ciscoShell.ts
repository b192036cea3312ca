/** `otj cisco shell`: an interactive xAPI prompt on one codec. */
import type { Command } from 'commander';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { parseLine, type XapiLine } from '../endpoints/cisco/line.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { roomsNamed } from '../services/inventory.ts';
import { openRoomCodec, type RoomCodec } from '../services/roomCodec.ts';
import { ask, effectsOf } from '../services/xapiLine.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { deviceWords, printReply, readBody } from './ciscoWords.ts';
import { type Context, withSite } from './context.ts';
import { clean, type Output } from './output.ts';
import { promptLoop } from './promptLoop.ts';

const HELP = `xStatus PATH                 read a status, e.g. xStatus SystemUnit Uptime
xConfiguration PATH          read a setting or a branch of them
xConfiguration PATH: VALUE   change a setting
xCommand PATH NAME: VALUE …  run a command; texts with spaces stand in double quotes
LINE < FILE                  the text of a file goes with the command, such as a macro
exit                         end; so does Ctrl-D`;
const LEAVE = new Set(['exit', 'quit', 'bye']);

interface ShellOptions {
  yes?: boolean;
  retry?: boolean;
}

export function shellCommand(path: string, name: string, own: ShellOptions, command: Command): Promise<void> {
  const check = (site: Site) => void roomsNamed(site, [name]);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async (context) => {
    const [room] = roomsNamed(context.site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    const codec = await logIn(context, room, own.retry === true);
    try {
      return await talk(context, { room, codec, yes: own.yes === true });
    } finally {
      await codec.xapi.close();
    }
  });
}

/** The file is let go again: a prompt may stay open all day, and others work with the site meanwhile. */
async function logIn({ site, signal }: Context, room: Room, insist: boolean): Promise<RoomCodec> {
  site.takeLock();
  try {
    return await openRoomCodec({ site, gate: new LoginGate(), devices: new Map(), signal }, room, insist);
  } finally {
    site.releaseLock();
  }
}

interface Talk {
  room: Room;
  codec: RoomCodec;
  /** Lines that may change something are not asked about. */
  yes: boolean;
}

async function talk(context: Context, { room, codec, yes }: Talk): Promise<number> {
  const { out, signal } = context;
  // A person types and reads; else lines come from a pipe, or answers go into one.
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !out.json;
  const name = clean(room.name);
  if (terminal) greet(out, name, codec);
  let failed = 0;
  let lost = false;
  await promptLoop({
    input: process.stdin,
    output: process.stdout,
    terminal,
    prompt: `${name}> `,
    signal,
    isSecret,
    async run(text, confirm) {
      const typed = text.trim();
      if (LEAVE.has(typed.toLowerCase())) return false;
      if (typed === 'help' || typed === '?') out.say(HELP);
      else if (typed) {
        const mayGo = async () => {
          if (!terminal) throw new OtjError('YES_NEEDED');
          return confirm(`Send it to ${name}? It may change something. (y/N) `);
        };
        const error = await oneLine(context, codec, typed, yes ? null : mayGo);
        if (error) failed++;
        lost = error !== null && isLost(error);
      }
      return !lost;
    },
    interrupted(again) {
      if (again) void codec.xapi.close();
      else out.say('The line is under way and its answer is waited for. Ctrl-C again cuts the connection.');
    },
  });
  return lost || (!terminal && failed > 0) ? 1 : 0;
}

function greet(out: Output, name: string, { identity, xapi }: RoomCodec): void {
  const { transport, weakness } = xapi.link;
  out.say(`${name}: ${deviceWords(identity)}, over ${transport.toUpperCase()}`);
  if (weakness) out.say(`▲ This connection is not safe: ${clean(weakness)}`);
  out.say('Lines as in the API guide; help shows how, exit or Ctrl-D ends.');
}

/**
 * @param mayGo asks about a line that may change something; null = nobody is asked
 * @returns why it did not go well, already told; null = it did
 */
async function oneLine(
  { site, out }: Context,
  codec: RoomCodec,
  typed: string,
  mayGo: (() => Promise<boolean>) | null,
): Promise<OtjError | null> {
  const sent: { line: XapiLine | null } = { line: null };
  try {
    const line = typedLine(typed);
    if (line.mayChange && mayGo && !(await mayGo())) return null;
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
    return /pass|secret|token|pin/i.test(typed);
  }
}

/** Whether the connection is gone, so that no other line can go over it. */
function isLost({ code, class: kind }: OtjError): boolean {
  return code === 'CANCELLED' || (kind === 'unreachable' && code !== 'RATE_LIMITED');
}
