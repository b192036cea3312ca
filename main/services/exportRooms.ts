/** The rooms of a site as a list that can be imported again. */
import { existsSync } from 'node:fs';
import { OtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import { type ListRow, roomsAsCsv, roomsAsWorkbook } from '../roomlist/write.ts';
import type { Site } from '../site/site.ts';
import { roomRows } from './roomRows.ts';
import { writePrivate } from './writePrivate.ts';

const FAMILIES: Record<Family, string> = {
  'cisco-roomos': 'cisco',
  'poly-videoos': 'poly',
  'poly-group': 'poly-group',
  'poly-trio': 'poly-trio',
  'poly-hdx': 'poly-hdx',
  'poly-debut': 'poly-debut',
};

export interface Exported {
  path: string;
  rooms: number;
  /** Cells that a spreadsheet would have taken for a formula. */
  inert: number;
}

/**
 * Writes all rooms with what is known of their devices; what a list expects of a device that is not there yet as well.
 * Throws USAGE for a name that is neither .csv nor .xlsx, SITE_EXISTS unless `replace`, DISK.
 */
export async function exportRooms(site: Site, path: string, replace = false): Promise<Exported> {
  const format = /\.(csv|xlsx)$/i.exec(path)?.[1]?.toLowerCase();
  if (!format) throw new OtjError('USAGE', `${path}: the name must end in .csv or .xlsx`);
  if (!replace && existsSync(path)) throw new OtjError('SITE_EXISTS', path);
  const rows = listRows(site);
  const { bytes, inert } = format === 'csv' ? roomsAsCsv(rows) : await roomsAsWorkbook(rows);
  writePrivate(path, bytes, { fresh: !replace });
  return { path, rooms: rows.length, inert };
}

function listRows(site: Site): ListRow[] {
  const said = site.listed.rooms();
  const macs = new Map(site.rooms.endpoints().map(({ address, mac }) => [address, mac]));
  return roomRows(site).map(({ id, name, building, floor, mailbox, address, serial, family }) => {
    const listed = said.get(id);
    const kind = family ?? listed?.family ?? null;
    return {
      ...{ room: name, building, floor, mailbox },
      address: address ?? listed?.address ?? '',
      serial: serial ?? listed?.serial ?? '',
      mac: (address && macs.get(address)) || listed?.mac || '',
      family: kind ? FAMILIES[kind] : '',
    };
  });
}
