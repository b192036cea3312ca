/** Records how a room's codec answers, for those who have no such codec at hand; nothing on it is changed. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import type { Identity, Transport } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { DEFAULT_SETTINGS } from '../contract/site.ts';
import { openCodec } from '../endpoints/cisco/connect.ts';
import { readFacts } from '../endpoints/cisco/facts.ts';
import { readIdentity } from '../endpoints/cisco/identity.ts';
import { digestOf } from '../endpoints/cisco/record/digest.ts';
import type { Known } from '../endpoints/cisco/record/disguise/originals.ts';
import { type Heard, makeRecording } from '../endpoints/cisco/record/make.ts';
import type { Recording } from '../endpoints/cisco/record/recording.ts';
import { Wire } from '../endpoints/cisco/record/tap.ts';
import { walk } from '../endpoints/cisco/record/walk.ts';
import type { Xapi } from '../endpoints/cisco/xapi.ts';
import type { EndpointTarget, TrustStore } from '../endpoints/driver.ts';
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
  const { xapi, identity, login } = await openRoomCodec(context, room, insist, way);
  const heard = await hear({ xapi, identity, wire }, { signal, told });
  return finish(heard, knownOf(site, login.username), login.secrets, folder ?? dirname(site.path));
}

/** A codec of which nothing is known but where it is and who may log in. */
export type LoneCodec = Pick<EndpointTarget, 'address' | 'sshPort' | 'httpsPort' | 'username' | 'transport' | 'legacy'>;

/** What a device shows before anything is sent to it. */
export interface ShownKey {
  kind: 'ssh' | 'tls';
  /** Lower-case hex. */
  sha256: string;
}

/** @returns the key of whatever answers; no login is sent. Throws UNREACHABLE, TIMEOUT, HANDSHAKE, LEGACY_NEEDED, … */
export async function lookAtKey(codec: LoneCodec, signal: AbortSignal): Promise<ShownKey> {
  let shown: ShownKey | undefined;
  const check: TrustStore['check'] = (kind, sha256) => {
    shown ??= { kind, sha256 };
    throw new OtjError('TRUST_CHANGED', 'only looked at');
  };
  try {
    await (await openCodec(lone(codec, '', { check }), signal)).close();
  } catch (thrown) {
    if (!shown) throw thrown;
  }
  if (!shown) throw new OtjError('ODD_REPLY', `${codec.address} shows no key`);
  return shown;
}

/**
 * As `recordRoom`, of a codec that is on no list; one login, and no site file is needed. What no list tells is replaced
 * only where the codec's answers show it to be somebody's. Throws as `recordRoom` does, and TRUST_CHANGED.
 * @param key the one that it showed before; it must show it again
 */
export async function recordAddress(
  codec: LoneCodec & { password: string },
  key: ShownKey,
  { folder, signal, told = () => undefined }: Pick<RecordOptions, 'signal' | 'told'> & { folder: string },
): Promise<Recorded> {
  const wire = new Wire();
  const check: TrustStore['check'] = (kind, sha256) => {
    if (sha256 !== key.sha256) throw new OtjError('TRUST_CHANGED', `${kind}: known ${key.sha256}, shown ${sha256}`);
  };
  const transport = key.kind === 'ssh' ? 'ssh' : 'https';
  const xapi = await openCodec(lone({ ...codec, transport }, codec.password, { check }), signal, wire);
  let identity: Identity;
  try {
    await wire.endOpening();
    identity = await readIdentity(xapi);
  } catch (thrown) {
    await xapi.close();
    throw thrown;
  }
  const heard = await hear({ xapi, identity, wire }, { signal, told });
  const known = [
    { kind: 'user', text: codec.username },
    { kind: isIP(codec.address) ? 'address' : 'host', text: codec.address },
  ];
  return finish(heard, known, [codec.password], folder);
}

function lone(codec: LoneCodec, password: string, trust: TrustStore): EndpointTarget {
  const { timeoutMs, proofMs, proofEveryMs } = DEFAULT_SETTINGS;
  const { address, sshPort, httpsPort, username, transport, legacy } = codec;
  const device = {
    family: 'cisco-roomos',
    address,
    sshPort,
    httpsPort,
    transport,
    lastTransport: null,
    legacy,
  } as const;
  return { ...device, username, password, trust, timeoutMs, proofMs, proofEveryMs };
}

type Opened = { xapi: Xapi; identity: Identity; wire: Wire };

/** Walks an open codec and closes it. */
async function hear(
  { xapi, identity, wire }: Opened,
  how: { signal: AbortSignal; told(done: number, of: number): void },
): Promise<Heard> {
  let outcomes: Recording['outcomes'];
  let seen: Recording['seen'];
  try {
    outcomes = await walk(xapi, wire, how);
    seen = await lookOver(xapi);
    wire.begin('close');
  } finally {
    await xapi.close();
  }
  return { identity, link: xapi.link, exchanges: wire.exchanges, outcomes, seen };
}

async function finish(
  heard: Heard,
  known: readonly Known[],
  secrets: readonly string[],
  folder: string,
): Promise<Recorded> {
  const recording = makeRecording(heard, known, secrets);
  return { path: await write(resolve(folder), recording), recording };
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
