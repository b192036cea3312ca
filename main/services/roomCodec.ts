/** A room's codec for work that is no migration, spoken to through the xAPI. */
import type { Identity } from '../contract/device.ts';
import { openCodec } from '../endpoints/cisco/connect.ts';
import { readIdentity } from '../endpoints/cisco/identity.ts';
import type { Xapi } from '../endpoints/cisco/xapi.ts';
import type { OpenContext } from '../migration/openDevice.ts';
import type { Room } from '../site/rooms.ts';
import { textRedactor } from './redactTexts.ts';
import { type DeviceWork, openRoomDevice } from './roomDevice.ts';

export interface RoomCodec {
  readonly xapi: Xapi;
  readonly identity: Identity;
  /** Takes the site's secrets, and whatever calls itself one, out of a text of this codec. */
  redact(text: string): string;
}

export const codecWork = (signal: AbortSignal): DeviceWork<Xapi, 'cisco-roomos'> => ({
  isFor: (family) => family === 'cisco-roomos',
  words: 'this is for Cisco codecs; the device has no xAPI',
  connect: (_family, target) => openCodec(target, signal),
  identify: readIdentity,
});

/** As `openRoomDevice`, for codecs alone. The caller closes `xapi`. */
export async function openRoomCodec(context: OpenContext, room: Room, insist: boolean): Promise<RoomCodec> {
  const { session, identity, login } = await openRoomDevice(context, room, insist, codecWork(context.signal));
  return { xapi: session, identity, redact: textRedactor(login.secrets) };
}
