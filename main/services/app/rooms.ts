/** Calls on rooms. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OtjError } from '../../contract/errors.ts';
import type { ImportOutcome } from '../../contract/lists.ts';
import type { Parsed } from '../../contract/methods.ts';
import type { RoomDetail } from '../../contract/rooms.ts';
import { tickManual } from '../byHand.ts';
import { decide } from '../decide.ts';
import { exportRooms } from '../exportRooms.ts';
import { importList, lookAtImport, openSource } from '../importList.ts';
import { outcomeOf } from '../importPlan.ts';
import { nextRoom } from '../nextRoom.ts';
import type { OpenSite } from '../openSite.ts';
import { backupTexts, roomDetail, roomOf } from '../roomDetail.ts';
import { keepOldPassword } from '../roomLogin.ts';
import { roomRows } from '../roomRows.ts';
import { technicianOf } from '../settings.ts';
import { pinKeys, proveKeys } from '../trust.ts';
import { type Area, change, changeOnline, pathOf } from './area.ts';
import { correctRoom } from './correct.ts';

/** @param written is told of each file that is written */
export function roomHandlers(open: OpenSite, written: Set<string>): Area<'rooms'> {
  return {
    'rooms.list': () => roomRows(open.site),
    'rooms.detail': ({ roomId }) => roomDetail(open.site, roomId),
    'rooms.next': ({ after }) => ({ roomId: nextRoom(roomRows(open.site), after)?.id ?? null }),
    'rooms.preview': async (wish) => {
      const { site, facts } = open;
      return outcomeOf(lookAtImport(site, await openSource(site, wish, NO_STOP), wish, facts.userData));
    },
    'rooms.import': (wish) => importFrom(open, wish),
    'rooms.export': async ({ format, folder }) => {
      const { site } = open;
      const path = freeName(
        folder === null ? dirname(site.path) : pathOf(folder),
        `${site.settings.name} rooms`,
        format,
      );
      const exported = await exportRooms(site, path);
      written.add(exported.path);
      return exported;
    },
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
    'rooms.trust': async ({ roomId, shown }) => {
      await changeOnline(open, 'trust', async (site, signal) =>
        pinKeys(site, await proveKeys(site, roomOf(site, roomId), { shown, signal })),
      );
      return told(open, roomId);
    },
    'rooms.oldPassword': ({ roomId, password }) => {
      change(open, (site) => keepOldPassword(site, roomOf(site, roomId), password));
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

/** Reading a list takes seconds at most, and Infinity has a time-out of its own. */
const NO_STOP = new AbortController().signal;

/** Throws what `openSource` and `importList` throw, and what `change` throws. */
async function importFrom(open: OpenSite, wish: Parsed<'rooms.import'>): Promise<ImportOutcome> {
  const { site, facts } = open;
  const file = await openSource(site, wish, NO_STOP);
  // Another site may have been opened meanwhile: the list was meant for this one.
  if (open.siteOrNull !== site) throw new OtjError('SITE_NONE');
  const outcome = change(open, () =>
    importList(site, lookAtImport(site, file, wish, facts.userData), wish.seen, facts.userData),
  );
  open.emit({ type: 'list' });
  open.emit({ type: 'devices' });
  open.siteChanged();
  return outcome;
}

/** A name in this folder that no file has: an export never takes the place of a former one. */
function freeName(folder: string, name: string, format: string): string {
  const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, '_').slice(0, 100);
  for (let count = 1; ; count += 1) {
    const path = join(folder, `${plain}${count === 1 ? '' : ` ${count}`}.${format}`);
    if (!existsSync(path)) return path;
  }
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
    const counts = ids.map((id) => tickManual(site, roomOf(site, id), by, note.trim() || null, kind ?? 'bulk'));
    return counts.filter((count) => count > 0).length;
  });
  if (ticked === 0) throw new OtjError('NOTHING_TO_DO');
  open.roomsChanged(ids);
  return { ticked };
}
