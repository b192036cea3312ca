/** What a technician decides about a room: its macros, objections of the checks, and how to speak to its device. */
import { OtjError } from '../contract/errors.ts';
import type { Parsed } from '../contract/methods.ts';
import type { Site } from '../site/site.ts';
import { roomOf } from './roomDetail.ts';

/**
 * What is left out stays as it is. @param fresh macros of which it is said anew that they are OTJ's
 * Throws ROOM_UNKNOWN; NO_ADDRESS for a link without a device; USAGE for a macro that
 * is to be taken and left, and for the link of a device that has no choice.
 */
export function decide(site: Site, wish: Parsed<'rooms.decide'>, fresh: readonly string[] = []): void {
  const room = roomOf(site, wish.roomId);
  const takeMacros = unique(wish.takeMacros ?? room.takeMacros);
  const leaveMacros = unique(wish.leaveMacros ?? room.leaveMacros);
  const both = takeMacros.filter((name) => leaveMacros.includes(name));
  if (both.length > 0) throw new OtjError('USAGE', `to be taken and left: ${both.join(', ')}`);
  site.db.transaction(() => {
    site.rooms.decide(room.id, { takeMacros, leaveMacros, accepted: unique(wish.accepted ?? room.accepted) }, fresh);
    if (wish.transport === undefined && wish.legacy === undefined) return;
    const device = site.rooms.endpointOf(room.id);
    if (!device) throw new OtjError('NO_ADDRESS', room.name);
    const { family } = device;
    if (family !== null && family !== 'cisco-roomos' && family !== 'poly-group')
      throw new OtjError('USAGE', 'only Cisco codecs and Poly Group devices have a choice of how they are spoken to');
    if (wish.transport === 'telnet' && family !== 'poly-group')
      throw new OtjError('USAGE', 'only Poly Group devices have a command line over telnet');
    site.rooms.setLink(device.id, {
      transport: wish.transport ?? device.transport,
      legacy: wish.legacy ?? device.legacy,
    });
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
