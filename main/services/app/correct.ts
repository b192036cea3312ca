/** Correcting what the room list says of a room's device, without another list. */
import { OtjError } from '../../contract/errors.ts';
import type { Parsed } from '../../contract/methods.ts';
import { type Field, readAddress, readSerial } from '../../roomlist/fields.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { refuseIfBegun } from '../begun.ts';
import { owesUpdate } from '../owes.ts';
import { roomOf } from '../roomDetail.ts';

/**
 * Throws ROOM_UNKNOWN, NO_ADDRESS; SETTING_UNFIT for what is no address or serial number; MATCH_REFUSED for an address
 * that another room has, or another serial number on a room that was begun.
 */
export function correctRoom(site: Site, { roomId, address, serial }: Parsed<'rooms.correct'>): void {
  const room = roomOf(site, roomId);
  site.db.transaction(() => {
    if (address !== null) move(site, room, valued(readAddress(address.trim())));
    if (serial !== null) expectSerial(site, room, valued(readSerial(serial.trim())));
    owesUpdate(site, site.rooms.get(roomId));
  });
}

/** The device that was worked on moves with its backup and keys; else the room gets what is at the new address. */
function move(site: Site, room: Room, address: string | null): void {
  if (address === null) throw new OtjError('SETTING_UNFIT', 'the address is empty');
  const { rooms, settings } = site;
  const [current, there] = [rooms.endpointOf(room.id), rooms.endpointAt(address)];
  if (there && there.roomId !== null && there.roomId !== room.id) {
    const other = rooms.get(there.roomId);
    throw new OtjError('MATCH_REFUSED', `${address} is the address of ${other?.name ?? 'another room'}`);
  }
  const { name, building, floor, mailbox } = room;
  // What was seen at the address is a newer word on the kind of device than the list. A guess stays one.
  const { family = null, familyGuessed = false } = (there?.family ? there : current) ?? {};
  const { sshPort, httpsPort } = settings;
  rooms.upsert(
    { name, building, floor, mailbox, address, family, familyGuessed, serial: current?.serial ?? null },
    { sshPort, httpsPort },
  );
}

function expectSerial(site: Site, room: Room, serial: string | null): void {
  const device = site.rooms.endpointOf(room.id);
  if (!device) throw new OtjError('NO_ADDRESS', room.name);
  if (device.serial === serial) return;
  // Its backup is found by the serial number.
  refuseIfBegun(site, room);
  site.rooms.expectSerial(device.id, serial);
}

function valued(field: Field<string | null>): string | null {
  if ('value' in field) return field.value;
  throw new OtjError('SETTING_UNFIT', `${field.message} ${field.todo}`);
}
