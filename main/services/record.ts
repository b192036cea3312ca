/** Records how a device answers, for those who have no such device at hand; nothing on it is changed. */
import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import type { Identity, Transport } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { type DrivenFamily, type Family, isByHand } from '../contract/plan.ts';
import { DEFAULT_SETTINGS } from '../contract/site.ts';
import { judge } from '../discovery/verdict.ts';
import type { EndpointTarget, TrustStore } from '../endpoints/driver.ts';
import type { Known } from '../endpoints/record/disguise/originals.ts';
import { type Heard, makeRecording } from '../endpoints/record/make.ts';
import type { RecordedDevice } from '../endpoints/record/recorder.ts';
import type { Recording } from '../endpoints/record/recording.ts';
import { Wire } from '../endpoints/record/tap.ts';
import { walk } from '../endpoints/record/walk.ts';
import { RECORDERS } from '../endpoints/recorders.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { lookOnce } from './discover.ts';
import { assertWay, familyByWay, type Opened, openRecorded } from './recordedDevice.ts';
import { openRoomDevice } from './roomDevice.ts';
import { writePrivate } from './writePrivate.ts';

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
 * One login. Holds the site file's lock while it works. Throws SITE_BUSY, VAULT_LOCKED, USAGE for a device that no program
 * speaks to, what keeps the device from being spoken to, CANCELLED, RECORD_UNCLEAN, DISK; no file is left then.
 */
export async function recordRoom(
  site: Site,
  { room, folder, transport, ...options }: RecordOptions,
): Promise<Recorded> {
  const { insist = false, signal, told = () => undefined } = options;
  site.takeLock();
  const context = { site, gate: new LoginGate(), devices: new Map<string, Room>(), signal };
  const device = {
    isFor: (family: Family): family is DrivenFamily => !isByHand(family),
    words: 'no program speaks to such a device',
    connect: (family: DrivenFamily, target: EndpointTarget) => openRecorded(family, target, signal),
    identify: async ({ identity }: Opened) => identity,
  };
  const { session, login } = await openRoomDevice(context, room, insist, device, transport);
  const heard = await hear(session, { signal, told });
  return finish(heard, knownOf(site, login.username), login.secrets, folder ?? dirname(site.path));
}

/** A device of which nothing is known but what it is, where it is and who may log in. */
export type LoneDevice = Pick<
  EndpointTarget,
  'address' | 'sshPort' | 'httpsPort' | 'telnetPort' | 'username' | 'transport' | 'legacy'
> & { family: DrivenFamily };

/**
 * What a device at an address is, by what it shows to everybody; no login is sent.
 * Throws UNREACHABLE, UNKNOWN_DEVICE, BY_HAND, CANCELLED.
 */
export async function familyAt(
  { address, sshPort, httpsPort, transport }: Pick<LoneDevice, 'address' | 'sshPort' | 'httpsPort' | 'transport'>,
  signal: AbortSignal,
): Promise<DrivenFamily> {
  const look = await lookOnce(address, { sshPort, httpsPort }, signal);
  if (!look) throw new OtjError('UNREACHABLE', address);
  const { family } = judge(look.facts);
  if (family === null) throw new OtjError('UNKNOWN_DEVICE', 'say what it is with --family');
  if (isByHand(family)) throw new OtjError('BY_HAND', family);
  return familyByWay(family, transport);
}

/** What a device shows before anything is sent to it. */
export interface ShownKey {
  kind: 'ssh' | 'tls';
  /** Lower-case hex. */
  sha256: string;
}

/**
 * @returns the key of whatever answers; no login is sent. Null over telnet, which has none.
 * Throws USAGE for a way that there is not, UNREACHABLE, TIMEOUT, HANDSHAKE, LEGACY_NEEDED, …
 */
export async function lookAtKey(device: LoneDevice, signal: AbortSignal): Promise<ShownKey | null> {
  assertWay(device.family, device.transport);
  if (device.transport === 'telnet') return null;
  let shown: ShownKey | undefined;
  const check: TrustStore['check'] = (kind, sha256) => {
    shown ??= { kind, sha256 };
    throw new OtjError('TRUST_CHANGED', 'only looked at');
  };
  try {
    await (await RECORDERS[device.family].open(lone(device, '', { check }), signal, new Wire())).close();
  } catch (thrown) {
    if (!shown) throw thrown;
  }
  if (!shown) throw new OtjError('ODD_REPLY', `${device.address} shows no key`);
  return shown;
}

/**
 * As `recordRoom`, of a device that is on no list; one login, and no site file is needed. What no list tells is replaced
 * only where the device's answers show it to be somebody's. Throws as `recordRoom` does, and TRUST_CHANGED.
 * @param key the one that it showed before; it must show it again. Null = telnet, which has none
 */
export async function recordAddress(
  device: LoneDevice & { password: string },
  key: ShownKey | null,
  { folder, signal, told = () => undefined }: Pick<RecordOptions, 'signal' | 'told'> & { folder: string },
): Promise<Recorded> {
  const { address, username, password } = device;
  const check: TrustStore['check'] = (kind, sha256) => {
    if (sha256 !== key?.sha256)
      throw new OtjError('TRUST_CHANGED', `${kind}: known ${key?.sha256 ?? 'none'}, shown ${sha256}`);
  };
  const transport = key === null ? 'telnet' : key.kind === 'ssh' ? 'ssh' : 'https';
  const opened = await openRecorded(device.family, lone({ ...device, transport }, password, { check }), signal);
  const heard = await hear(opened, { signal, told });
  const known = [
    { kind: 'user', text: username },
    { kind: isIP(address) ? 'address' : 'host', text: address },
  ];
  return finish(heard, known, [password], folder);
}

function lone(device: LoneDevice, password: string, trust: TrustStore): EndpointTarget {
  const { timeoutMs, proofMs, proofEveryMs } = DEFAULT_SETTINGS;
  return { ...device, lastTransport: null, password, trust, timeoutMs, proofMs, proofEveryMs };
}

/** Walks an open device and closes it. */
async function hear(
  { recorder, device, identity, wire }: Opened,
  how: { signal: AbortSignal; told(done: number, of: number): void },
): Promise<Heard> {
  let outcomes: Recording['outcomes'];
  let looked: Pick<Heard, 'seen' | 'beside'>;
  try {
    outcomes = await walk(device.readings, wire, how);
    looked = await lookOver(device);
    wire.begin('close');
  } finally {
    await device.close();
  }
  return { recorder, identity, link: device.link, exchanges: wire.exchanges, outcomes, ...looked };
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
async function lookOver(device: RecordedDevice): Promise<Pick<Heard, 'seen' | 'beside'>> {
  try {
    const { digest, words } = await device.look();
    return { seen: digest, beside: words };
  } catch (thrown) {
    return { seen: asOtjError(thrown).code, beside: [] };
  }
}

/** Parts of a domain that are nobody's. */
const ANYBODYS = /^(.{0,2}|com|org|net|gov|edu)$/i;

/** A domain and its parts: in a program it may stand in another spelling, as `contoso\.com`. */
function domainWords(domain = ''): string[] {
  const parts = domain.split('.').slice(0, -1);
  return [domain, ...parts.filter((part) => !ANYBODYS.test(part))];
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
        ...one('host', ...domainWords(mailbox.split('@')[1])),
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
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
  writePrivate(path, `${JSON.stringify(recording, null, 2)}\n`, { fresh: true });
  return path;
}

/** What it is and when it was made, not of which room. */
function nameOf({ device, transport, madeAt }: Recording): string {
  const { model, software }: Pick<Identity, 'model' | 'software'> = device;
  const plain = `${model} ${software.split('.').slice(0, 3).join('.')}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  const moment = madeAt.replace(/[-:]/g, '').replace(/\..*$/, '').replace('T', '-');
  return `recording-${plain.slice(0, 60).replace(/^-+|-+$/g, '')}-${transport}-${moment}`;
}
