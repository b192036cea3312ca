/** Macros of somebody's own that an undo may overwrite: the very texts that a person has seen, whatever comes meanwhile. */
import confirm from '@inquirer/confirm';
import { Option } from 'commander';
import type { MacroText } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { compareRoom } from '../services/compare.ts';
import { likeness } from '../services/likeness.ts';
import type { Room } from '../site/rooms.ts';
import type { Context } from './context.ts';
import { macroLines } from './macroText.ts';
import { clean } from './output.ts';
import { hasTerminal } from './secrets.ts';

/** A name, and the text that was seen under it before; null = it is shown and asked about. */
export interface Overwriting {
  name: string;
  sha256: string | null;
}

const SEEN = /^(.+)=([0-9a-f]{64})$/i;
const WIDTH = 120;

export function overwriteOption(): Option {
  return new Option(
    '--overwrite-macro <name>',
    'put the old macro of this name back though somebody has saved another one under it, which is shown and asked about, and goes to the backup; NAME=SHA256 agrees to the text that was shown with this hash, and to no other (repeatable)',
  ).argParser((text, all: readonly Overwriting[] = []) => {
    const [, name, sha256] = SEEN.exec(text) ?? [];
    return [...all, name && sha256 ? { name, sha256: sha256.toLowerCase() } : { name: text, sha256: null }];
  });
}

/**
 * Shows what stands in the way of an undo and asks. @returns the texts that may be overwritten
 * Throws USAGE where nobody can be asked or several rooms are meant, DECLINED, and what keeps the device from being read.
 */
export async function agreedTexts(
  { site, out, signal }: Context,
  rooms: readonly Room[],
  { wanted, insist }: { wanted: readonly Overwriting[]; insist: boolean },
): Promise<MacroText[]> {
  const agreed = wanted.flatMap(({ name, sha256 }) => (sha256 === null ? [] : { name, sha256 }));
  const unseen = wanted.filter(({ sha256 }) => sha256 === null);
  if (unseen.length === 0) return agreed;
  const [room, ...others] = rooms;
  if (!room || others.length > 0)
    throw new OtjError('USAGE', 'of several rooms a macro is overwritten by NAME=SHA256 only');
  site.takeLock();
  const { items } = await compareRoom(site, room, signal, insist);
  for (const { name } of unseen) {
    const item = items.find((one) => one.kind === 'macro' && one.name === name);
    if (!item || item.now === null || item.nowSha256 === null) {
      out.say(`${clean(room.name)}: there is no macro ${clean(name)} now.`);
      continue;
    }
    const { saved, now, nowSha256 } = item;
    out.emit({ type: 'macro', room: room.name, name, sha256: nowSha256, content: now });
    out.say(
      `${clean(room.name)}: this text stands under ${clean(name)} and would go to the backup. SHA-256 ${nowSha256}`,
    );
    const like = saved === null ? null : { name, room: 'the backup', share: likeness(now, saved), content: saved };
    for (const line of macroLines({ content: now, marks: [], like }, process.stdout.columns ?? WIDTH)) out.say(line);
    if (!hasTerminal())
      throw new OtjError('USAGE', `nobody can be asked: read it, then give --overwrite-macro ${name}=${nowSha256}`);
    const yes = await confirm({ message: `Put the old macro in the place of this ${name}?`, default: false });
    if (!yes) throw new OtjError('DECLINED', `${name} stays as it is`);
    agreed.push({ name, sha256: nowSha256 });
  }
  return agreed;
}
