/** Records how a room's codec answers, for those who have no such codec at hand; nothing on it is changed. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Identity, Transport } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { readFacts } from '../endpoints/cisco/facts.ts';
import { digestOf } from '../endpoints/cisco/record/digest.ts';
import type { Known } from '../endpoints/cisco/record/disguise/originals.ts';
import { makeRecording } from '../endpoints/cisco/record/make.ts';
import type { Recording } from '../endpoints/cisco/record/recording.ts';
import { Wire } from '../endpoints/cisco/record/tap.ts';
import { walk } from '../endpoints/cisco/record/walk.ts';
import type { Xapi } from '../endpoints/cisco/xapi.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { openRoomCodec } from './roomCodec.ts';

export interface RecordOptions {
  room: Room;
  /** Where the file goes; null = beside the site file. */
  folder: string | null;
  /** null = the room's own. */
  transport: Transport | null;
  /** Try a login again that was refused before. */
  insist?: boolean;
  signal: AbortSignal;
  /** Told after each reading. */
  told?(done: number, of: number): void;
}

export interface Recorded {
  /** Absolute path of the file. */
  path: string;
  recording: Recording;
}

/**
 * One login. Holds the site file's lock while it works. Throws SITE_BUSY, VAULT_LOCKED, what keeps the codec from being
 * spoken to, CANCELLED, RECORD_UNCLEAN, DISK; no file is left then.
 */
export async function recordRoom(
  site: Site,
  { room, folder, transport, ...options }: RecordOptions,
): Promise<Recorded> {
  const { insist = false, signal, told = () => undefined } = options;
  site.takeLock();
  const wire = new Wire();
  const context = { site, gate: new LoginGate(), devices: new Map<string, Room>(), signal };
  const way = { tap: wire, opened: () => wire.endOpening(), ...(transport ? { transport } : {}) };
  const codec = await openRoomCodec(context, room, insist, way);
  const { xapi, identity, login } = codec;
  let outcomes: Recording['outcomes'];
  let seen: Recording['seen'];
  try {
    outcomes = await walk(xapi, wire, { signal, told });
    seen = await lookOver(xapi);
    wire.begin('close');
  } finally {
    await xapi.close();
  }
  const heard = { identity, link: xapi.link, exchanges: wire.exchanges, outcomes, seen };
  const recording = makeRecording(heard, knownOf(site, login.username), login.secrets);
  return { path: await write(resolve(folder ?? dirname(site.path)), recording), recording };
}

/** What the product makes of it; its error is worth as much. */
async function lookOver(xapi: Xapi): Promise<Recording['seen']> {
  try {
    return digestOf(await readFacts(xapi));
  } catch (thrown) {
    return asOtjError(thrown).code;
  }
}

/** Everything by which the site's list tells rooms and devices apart. */
function knownOf({ rooms, settings }: Site, username: string): Known[] {
  const one = (kind: string, ...texts: (string | null | undefined)[]): Known[] =>
    texts.flatMap((text) => (text ? [{ text, kind }] : []));
  return [
    ...one('user', username),
    ...one('name', settings.name),
    ...rooms
      .all()
      .flatMap(({ name, building, floor, mailbox }) => [
        ...one('name', name, building, floor),
        ...one('mail', mailbox, mailbox.split('@')[0]),
        ...one('host', mailbox.split('@')[1]),
      ]),
    ...rooms
      .endpoints()
      .flatMap(({ address, serial, mac, systemName }) => [
        ...one('address', address),
        ...one('serial', serial),
        ...one('mac', mac, mac?.replaceAll(':', '')),
        ...one('name', systemName),
      ]),
  ];
}

/** Written whole or not at all, and over no other file. */
async function write(folder: string, recording: Recording): Promise<string> {
  const path = join(folder, `${nameOf(recording)}.json`);
  const fresh = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(recording, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(fresh, path);
    return path;
  } catch (thrown) {
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  } finally {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
}

/** What it is and when it was made, not of which room. */
function nameOf({ device, transport, madeAt }: Recording): string {
  const { model, software }: Pick<Identity, 'model' | 'software'> = device;
  const plain = `${model} ${software.split('.').slice(0, 3).join('.')}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  const moment = madeAt.replace(/[-:]/g, '').replace(/\..*$/, '').replace('T', '-');
  return `recording-${plain.slice(0, 60).replace(/^-+|-+$/g, '')}-${transport}-${moment}`;
}
