/** Calls on rooms. */
import { OtjError } from '../../contract/errors.ts';
import type { Parsed } from '../../contract/methods.ts';
import type { RoomDetail } from '../../contract/rooms.ts';
import type { Site } from '../../site/site.ts';
import { decide } from '../decide.ts';
import { type ImportResult, importRooms } from '../inventory.ts';
import { nextRoom } from '../nextRoom.ts';
import type { OpenSite } from '../openSite.ts';
import { backupTexts, roomDetail, roomOf } from '../roomDetail.ts';
import { roomRows } from '../roomRows.ts';
import { technicianOf } from '../settings.ts';
import { type Area, change } from './area.ts';
import { correctRoom } from './correct.ts';

export function roomHandlers(open: OpenSite): Area<'rooms'> {
  return {
    'rooms.list': () => roomRows(open.site),
    'rooms.detail': ({ roomId }) => roomDetail(open.site, roomId),
    'rooms.next': ({ after }) => ({ roomId: nextRoom(roomRows(open.site), after)?.id ?? null }),
    'rooms.import': (list) => importList(open, list),
    'rooms.correct': (wish) => {
      change(open, (site) => correctRoom(site, wish));
      open.emit({ type: 'devices' });
      open.siteChanged();
      return told(open, wish.roomId);
    },
    'rooms.decide': (wish) => {
      change(open, (site) => decide(site, wish));
      return told(open, wish.roomId);
    },
    'rooms.trust': ({ roomId }) => {
      change(open, (site) => forgetPins(site, roomId));
      return told(open, roomId);
    },
    'rooms.tick': (wish) => tick(open, wish),
    'rooms.backup': ({ roomId }) => backupTexts(open.site, roomId),
  };
}

function told(open: OpenSite, roomId: number): RoomDetail {
  open.roomsChanged([roomId]);
  return roomDetail(open.site, roomId);
}

/** Throws LIST_UNREADABLE, and what `change` throws. */
function importList(open: OpenSite, list: Parsed<'rooms.import'>): ImportResult {
  const bytes = 'text' in list ? Buffer.from(list.text, 'utf8') : Buffer.from(list.base64, 'base64');
  const result = change(open, (site) => importRooms(site, bytes));
  open.emit({ type: 'list' });
  open.emit({ type: 'devices' });
  open.siteChanged();
  return result;
}

/** Throws ROOM_UNKNOWN, NO_ADDRESS. */
function forgetPins(site: Site, roomId: number): void {
  const room = roomOf(site, roomId);
  const device = site.rooms.endpointOf(room.id);
  if (!device) throw new OtjError('NO_ADDRESS', room.name);
  site.rooms.pin(device.id, 'ssh', null);
  site.rooms.pin(device.id, 'tls', null);
}

/**
 * No run relies on what people have done by hand, so this may be noted at any time.
 * Throws ROOM_UNKNOWN, and NOTHING_TO_DO when no room has such a step.
 */
function tick(open: OpenSite, { roomIds, kind, note }: Parsed<'rooms.tick'>): { ticked: number } {
  const { site } = open;
  const by = technicianOf(site);
  const ids = [...new Set(roomIds)];
  const ticked = site.db.transaction(() => {
    const counts = ids.map((id) => site.outbox.tick(roomOf(site, id).id, by, note.trim() || null, kind));
    return counts.filter((count) => count > 0).length;
  });
  if (ticked === 0) throw new OtjError('NOTHING_TO_DO');
  open.roomsChanged(ids);
  return { ticked };
}
