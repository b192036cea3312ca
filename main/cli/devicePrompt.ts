/** A prompt on one device of a room: what the shells of codecs and of Poly devices have in common. */
import type { Command } from 'commander';
import type { Identity } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { Link } from '../endpoints/driver.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { OpenContext } from '../migration/openDevice.ts';
import { roomsNamed } from '../services/inventory.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { deviceWords } from './ciscoWords.ts';
import { type Context, withSite } from './context.ts';
import { clean } from './output.ts';
import { promptLoop } from './promptLoop.ts';

/** Logs in to the device of the room that is named so, works, and logs out whatever happens. */
export function withRoomDevice<D>(
  path: string,
  name: string,
  command: Command,
  open: (context: OpenContext, room: Room) => Promise<D>,
  close: (device: D) => Promise<void>,
  work: (context: Context, device: D, room: Room) => Promise<number>,
): Promise<void> {
  const check = (site: Site) => void roomsNamed(site, [name]);
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async (context) => {
    const { site, signal } = context;
    const [room] = roomsNamed(site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    const device = await changing(site, () => open({ site, gate: new LoginGate(), devices: new Map(), signal }, room));
    try {
      return await work(context, device, room);
    } finally {
      await close(device);
    }
  });
}

/** Holds the site file only as long as it must: a prompt may stay open all day, and others work with it meanwhile. */
export async function changing<T>(site: Site, work: () => Promise<T>): Promise<T> {
  site.takeLock();
  try {
    return await work();
  } finally {
    site.releaseLock();
  }
}

export interface DevicePrompt {
  room: Room;
  identity: Identity;
  link: Link;
  /** Told at a terminal before the first line. */
  hint: string;
  help: string;
  /** Nobody is asked about a line that may change something. */
  yes: boolean;
  /** Whether a line must not stay in the history. */
  isSecret(line: string): boolean;
  /**
   * Does what a line says and tells what came of it. @param mayGo for one that may change something; throws YES_NEEDED
   * @returns why it did not go well, already told; null = it did
   */
  run(line: string, mayGo: () => Promise<boolean>): Promise<OtjError | null>;
  /** Cuts the connection. */
  cut(): Promise<void>;
}

const LEAVE = new Set(['exit', 'quit', 'bye']);

/** @returns the exit code: of lines from a pipe, whether all of them went well */
export async function devicePrompt({ out, signal }: Context, prompt: DevicePrompt): Promise<number> {
  const { room, identity, link, yes, isSecret } = prompt;
  // A person types and reads; else lines come from a pipe, or answers go into one.
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !out.json;
  const name = clean(room.name);
  if (terminal) {
    out.say(`${name}: ${deviceWords(identity)}, over ${link.transport.toUpperCase()}`);
    if (link.weakness) out.say(`▲ This connection is not safe: ${clean(link.weakness)}`);
    out.say(prompt.hint);
  }
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
      if (typed === 'help' || typed === '?') out.say(prompt.help);
      else if (typed) {
        const mayGo = async () => {
          if (yes) return true;
          if (!terminal) throw new OtjError('YES_NEEDED');
          return confirm(`Send it to ${name}? It may change something. (y/N) `);
        };
        const error = await prompt.run(typed, mayGo);
        if (error) failed++;
        lost = error !== null && isLost(error);
      }
      return !lost;
    },
    interrupted(again) {
      if (again) void prompt.cut();
      else out.say('The line is under way and its answer is waited for. Ctrl-C again cuts the connection.');
    },
  });
  return lost || (!terminal && failed > 0) ? 1 : 0;
}

/** Whether the connection is gone, so that no other line can go over it. */
function isLost({ code, class: kind }: OtjError): boolean {
  return code === 'CANCELLED' || (kind === 'unreachable' && code !== 'RATE_LIMITED');
}
