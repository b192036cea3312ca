/** How any work with a device begins: one login try behind the gate, and the proof that it is the room's device. */
import type { Identity } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { EndpointSession, Facts } from '../endpoints/driver.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import type { LoginGate } from './loginGate.ts';

export interface DeviceTask {
  room: Room;
  endpoint: Endpoint;
  /** `version` changes with every new user name or password. */
  login: { id: number; version: string };
}

/** What it takes to open one device among others. */
export interface OpenContext {
  site: Site;
  gate: LoginGate;
  /** Serial numbers met so far, with the room that met each first. */
  devices: Map<string, Room>;
  signal: AbortSignal;
}

/** How to log in, and how to read who it is. */
interface Way<S, F> {
  connect: () => Promise<S>;
  read: (session: S) => Promise<F>;
}

/**
 * Logs in, one try, and makes sure that it is the room's device, whatever shall be done with it then.
 * Throws OtjError; nothing stays open then.
 */
export async function openDevice<S extends Pick<EndpointSession, 'close'>, F extends Pick<Facts, 'identity'>>(
  task: DeviceTask,
  { site, gate, devices, signal }: OpenContext,
  way: Way<S, F>,
): Promise<{ session: S; facts: F }> {
  const { room, endpoint, login } = task;
  const { session, reading } = await gate.enter(login.id, () => logIn(task, { site, signal }, way));
  try {
    if (reading.status === 'rejected') throw reading.reason;
    const facts = reading.value;
    assertSameDevice(site, endpoint, facts.identity);
    claim(devices, room, facts.identity.serial);
    return { session, facts };
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

/**
 * One try, whose end is remembered: a refused login is not tried again, here or elsewhere, until somebody says so. An
 * account that this one device has locked, or lets expire, is no word on the login: it may be tried again once that is
 * mended.
 * The first reading belongs to it, because a device may have its first word on the password only there; any other
 * trouble in it comes from a device that let us in.
 */
export async function logIn<S extends Pick<EndpointSession, 'close'>, F>(
  { login, endpoint }: Pick<DeviceTask, 'login' | 'endpoint'>,
  { site, signal }: Pick<OpenContext, 'site' | 'signal'>,
  { connect, read }: Way<S, F>,
): Promise<{ session: S; reading: PromiseSettledResult<F> }> {
  if (signal.aborted) throw new OtjError('CANCELLED');
  try {
    const session = await connect();
    try {
      const [reading] = await Promise.allSettled([read(session)]);
      if (reading.status === 'rejected' && isLogin(reading.reason)) throw reading.reason;
      site.proveCredential(login.id);
      site.rooms.noteRefusedLogin(endpoint.id, null);
      return { session, reading };
    } catch (thrown) {
      await session.close();
      throw thrown;
    }
  } catch (thrown) {
    if (asOtjError(thrown).code === 'LOGIN_REFUSED') {
      site.refuseCredential(login.id);
      site.rooms.noteRefusedLogin(endpoint.id, login.version);
    }
    throw thrown;
  }
}

function isLogin(thrown: unknown): boolean {
  return asOtjError(thrown).class === 'login';
}

function assertSameDevice({ rooms }: Site, { id, serial, mac }: Endpoint, found: Identity): void {
  if (serial ? serial !== found.serial : mac !== null && found.mac !== null && mac !== found.mac)
    throw new OtjError('IDENTITY_MISMATCH', `expected ${serial ?? mac}, found ${found.serial} (${found.model})`);
  const other = rooms.otherWithSerial(found.serial, id);
  if (other)
    throw new OtjError('IDENTITY_MISMATCH', `${found.serial} is the device of room ${other.room} (${other.address})`);
}

/** Two addresses of a list may lead to one device: the second visit to it must not begin beside the first. */
function claim(devices: Map<string, Room>, room: Room, serial: string): void {
  const first = devices.get(serial) ?? room;
  if (first.id !== room.id) throw new OtjError('IDENTITY_MISMATCH', `${serial} is the device of room ${first.name}`);
  devices.set(serial, room);
}
