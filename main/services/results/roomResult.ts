/** What the site file has to say of a room in the team's list. */
import type { ColumnMapping, ResultFields } from '../../contract/microsoft/results.ts';
import { renderResult } from '../../microsoft/results/fields.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { manualWords } from '../report.ts';
import { withoutOtj } from '../status.ts';
import { isBegunHere } from './flag.ts';

/** Columns that the list does not have are left out. */
export function roomFields(site: Site, room: Room, mapping: ColumnMapping): ResultFields {
  const endpoint = site.rooms.endpointOf(room.id);
  const lastRun = site.journal.lastRun(room.id);
  const all = renderResult({
    name: room.name,
    building: room.building,
    floor: room.floor,
    mailbox: room.mailbox,
    state: room.state,
    stateAt: room.stateAt,
    problem: room.problem,
    model: endpoint?.model ?? null,
    software: endpoint?.software ?? null,
    serial: endpoint?.serial ?? null,
    technician: lastRun?.technician ?? null,
    workedAt: lastRun?.startedAt ?? null,
    cutoverAt: room.cutoverAt,
    servedAt: room.servedAt,
    withoutOtjMs: withoutOtj(room),
    remaining: site.outbox.manualSteps(room.id).flatMap(({ kind, tickedAt }) => (tickedAt ? [] : [manualWords(kind)])),
  });
  return Object.fromEntries(Object.entries(all).filter(([column]) => Object.hasOwn(mapping, column))) as ResultFields;
}

/** Whether anything was done to the room from this site file. */
export function isBegun(site: Site, { id, state }: Room): boolean {
  return isBegunHere({ state, hasRun: site.journal.lastRun(id) !== null });
}
