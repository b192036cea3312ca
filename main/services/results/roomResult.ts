/** What the site file has to say of a room in the team's list. */
import { type ColumnMapping, type ResultFields, resultColumnSchema } from '../../contract/microsoft/results.ts';
import { renderResult } from '../../microsoft/results/fields.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { manualWords } from '../report.ts';
import { withoutOtj } from '../status.ts';
import { isBegunHere } from './flag.ts';

/** Columns that the list does not have are left out. */
export function roomFields(site: Site, room: Room, mapping: ColumnMapping): ResultFields {
  const device = site.rooms.deviceOf(room.id);
  const lastRun = site.journal.lastRun(room.id);
  const all = renderResult({
    name: room.name,
    building: room.building,
    floor: room.floor,
    mailbox: room.mailbox,
    state: room.state,
    stateAt: room.stateAt,
    problem: room.problem,
    model: device?.model ?? null,
    software: device?.software ?? null,
    serial: device?.serial ?? null,
    technician: lastRun?.technician ?? null,
    workedAt: lastRun?.startedAt ?? null,
    cutoverAt: room.cutoverAt,
    servedAt: room.servedAt,
    withoutOtjMs: withoutOtj(room),
    remaining: site.outbox.manualSteps(room.id).flatMap(({ kind, tickedAt }) => (tickedAt ? [] : [manualWords(kind)])),
  });
  const fields: ResultFields = {};
  for (const column of resultColumnSchema.options) {
    const value = all[column];
    if (value !== undefined && mapping[column] !== undefined) fields[column] = value;
  }
  return fields;
}

/** Whether anything was done to the room from this site file. */
export function isBegun(site: Site, { id, state }: Room): boolean {
  return isBegunHere({ state, hasRun: site.journal.lastRun(id) !== null });
}
