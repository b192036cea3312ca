/** All that the table of rooms shows, in one query however many rooms there are. */
import type { RoomState } from '../contract/plan.ts';
import { errorCodeSchema, type RoomRow } from '../contract/rooms.ts';
import type { Site } from '../site/site.ts';
import { isBegunHere, storedFlag, teamNow } from './results/flag.ts';
import { withoutOtj } from './status.ts';

const SQL = `
  SELECT r.id, r.name, r.building, r.floor, r.mailbox, r.state, r.state_at, r.problem ->> '$.code' AS code, r.work,
    r.cutover_at, r.served_at, e.family, e.model, e.address, e.serial,
    (SELECT count(*) FROM outbox o WHERE o.room_id = r.id AND o.delivered_at IS NULL) AS owed,
    (SELECT count(*) FROM manual_step m WHERE m.room_id = r.id AND m.ticked_at IS NULL) AS manual,
    EXISTS (SELECT 1 FROM infinity_entry i WHERE i.room_id = r.id) AS on_infinity,
    (SELECT json_group_array(json(t.seen)) FROM team_room t WHERE t.room_id = r.id) AS team,
    (SELECT i.lease FROM result_item i WHERE i.room_id = r.id AND coalesce(i.lease_place, $place) = $place) AS lease,
    EXISTS (SELECT 1 FROM journal j WHERE j.room_id = r.id) AS has_run
  FROM room r LEFT JOIN endpoint e ON e.id = (SELECT min(id) FROM endpoint WHERE room_id = r.id)`;
/** The list told nothing of the room: most rows of a site without a team. */
const NOTHING = '[]';
const SOME = `${SQL} WHERE r.id IN (SELECT value FROM json_each($ids))`;

/**
 * @param ids only these rooms; those that are not there are left out
 * @returns by building, floor and name as a person sorts them: floor 2 before floor 10
 */
export function roomRows(site: Site, ids?: readonly number[]): RoomRow[] {
  const { place } = site.results;
  const found = ids ? site.db.all(SOME, { ids: JSON.stringify(ids), place }) : site.db.all(SQL, { place });
  const idle = found.some(({ state }) => state === 'in progress') && !site.isBusy();
  const now = teamNow(site);
  return inNaturalOrder(found.map((row) => toRow(row, idle, now)));
}

/**
 * @param idle no process is at work on the file
 * @param now by the clock of the team's list
 */
function toRow(row: Record<string, unknown>, idle: boolean, now: Date): RoomRow {
  const state = row.state as RoomState;
  const seen = row.team as string;
  const begun = isBegunHere({ state, hasRun: row.has_run === 1 });
  const team = seen === NOTHING ? null : storedFlag(seen, { lease: row.lease as string | null, begun, now });
  const cutoverAt = row.cutover_at as string | null;
  const servedAt = row.served_at as string | null;
  return {
    id: Number(row.id),
    name: String(row.name),
    building: String(row.building),
    floor: String(row.floor),
    mailbox: String(row.mailbox),
    state,
    stateAt: String(row.state_at),
    code: row.code === null ? null : errorCodeSchema.catch('INTERNAL').parse(row.code),
    family: row.family as RoomRow['family'],
    model: row.model as string | null,
    address: row.address as string | null,
    serial: row.serial as string | null,
    owed: Number(row.owed),
    manual: Number(row.manual),
    onInfinity: row.on_infinity === 1,
    interrupted: state === 'in progress' && idle,
    undoUnfinished: row.work === 'undo' && (state === 'in progress' || state === 'needs attention'),
    withoutSince: servedAt ? null : cutoverAt,
    withoutOtjMs: withoutOtj({ cutoverAt, servedAt }),
    ...(team ? { team } : {}),
  };
}

const natural = new Intl.Collator(undefined, { numeric: true });

/** Few buildings and floors, many rooms: places are compared once each, so that 10,000 rooms sort in an instant. */
function inNaturalOrder(rows: RoomRow[]): RoomRow[] {
  const buildings = ranks(rows.map(({ building }) => building));
  const floors = ranks(rows.map(({ floor }) => floor));
  const rank = (places: Map<string, number>, place: string) => places.get(place) ?? 0;
  return rows.sort(
    (a, b) =>
      rank(buildings, a.building) - rank(buildings, b.building) ||
      rank(floors, a.floor) - rank(floors, b.floor) ||
      natural.compare(a.name, b.name) ||
      a.id - b.id,
  );
}

function ranks(places: readonly string[]): Map<string, number> {
  return new Map([...new Set(places)].sort(natural.compare).map((place, at) => [place, at]));
}
