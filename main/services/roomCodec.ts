/** A room's codec for work that is no migration: logged in to and told apart, then spoken to through the xAPI. */
import type { Identity, Transport } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { type CodecTap, openCodec } from '../endpoints/cisco/connect.ts';
import { readIdentity } from '../endpoints/cisco/identity.ts';
import type { Xapi } from '../endpoints/cisco/xapi.ts';
import { type OpenContext, openDevice } from '../migration/openDevice.ts';
import type { Room } from '../site/rooms.ts';
import { secretsOf } from './compare.ts';
import { InfinityLink } from './infinity.ts';
import { textRedactor } from './redactTexts.ts';
import { buildTask } from './tasks.ts';

export interface RoomCodec {
  readonly xapi: Xapi;
  readonly identity: Identity;
  /** Takes the site's secrets, and whatever calls itself one, out of a text of this codec. */
  redact(text: string): string;
  /** Whose login it was, and what of the site must never be told. */
  readonly login: { username: string; secrets: readonly string[] };
}

/** How the codec is spoken to, where that is not left to the room's own settings. */
export interface Way {
  transport?: Transport;
  /** Listens in. */
  tap?: CodecTap;
  /** Called between the login and the first reading. */
  opened?(): Promise<void>;
}

/**
 * One login, remembered as one of a run: keys are pinned and the serial number is taken over at the first visit and
 * compared at every later one. The room's state and plan stay as they are. The caller closes `xapi`.
 * @param insist try a login again that was refused before
 * Throws NO_ADDRESS, USAGE for what is no codec, CREDENTIAL_MISSING, IDENTITY_MISMATCH, and what logging in throws.
 */
export async function openRoomCodec(
  context: OpenContext,
  room: Room,
  insist: boolean,
  { transport, tap, opened }: Way = {},
): Promise<RoomCodec> {
  const { site, signal } = context;
  assertCodec(site.rooms.endpointOf(room.id)?.family ?? null);
  const link = new InfinityLink(site, signal);
  try {
    // A half undone room is not migrated on by being spoken to, so it need not be kept from that.
    const spoken = { ...room, work: null };
    const options = { kind: 'migrate', oldPassword: null, signal, dryRun: true, insist } as const;
    const task = await buildTask(site, link, spoken, options);
    const { driver, endpoint } = task;
    const target = transport ? { ...task.target, transport } : task.target;
    assertCodec(driver.family);
    const { session: xapi, facts } = await openDevice(task, context, {
      connect: async () => {
        const xapi = await openCodec(target, signal, tap);
        try {
          await opened?.();
          return xapi;
        } catch (thrown) {
          await xapi.close();
          throw thrown;
        }
      },
      read: async (opened) => ({ identity: await readIdentity(opened) }),
    });
    try {
      await site.db.durably(() => {
        task.confirmTrust();
        site.rooms.identify(endpoint.id, facts.identity);
        site.rooms.noteVisit(endpoint.id, xapi.link, endpoint.told);
      });
    } catch (thrown) {
      await xapi.close();
      throw thrown;
    }
    const secrets = secretsOf(site, task);
    const login = { username: target.username, secrets };
    return { xapi, identity: facts.identity, redact: textRedactor(secrets), login };
  } finally {
    await link.close();
  }
}

function assertCodec(family: string | null): void {
  if (family !== null && family !== 'cisco-roomos')
    throw new OtjError('USAGE', 'this is for Cisco codecs; the device has no xAPI');
}
