/** What the others of the team have finished and have in work, as the list tells it. */
import type { Team, TeamRoom } from '../../contract/microsoft/results.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { roomKey } from '../../microsoft/results/fields.ts';
import { leaseIn, viewOf } from '../../microsoft/results/lease.ts';
import type { TeamSeen } from '../../site/results.ts';
import type { Site } from '../../site/site.ts';
import { laptop, noteTime, TEAM, teamNow } from './flag.ts';
import { openList } from './open.ts';

/**
 * Reads the whole list, for all to see who does what. Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_*, and what
 * Graph throws; what was known before stays then.
 */
export async function readTeam(site: Site, graph: Graph, signal?: AbortSignal): Promise<Team> {
  const list = await openList(site, graph, signal);
  const ids = new Map(site.rooms.all().map(({ id, mailbox }) => [roomKey(mailbox), id]));
  const seen: TeamSeen[] = [];
  for await (const { id, fields } of list.readAll(signal)) {
    const key = String(fields.jobKey);
    seen.push({ key, item: id, roomId: ids.get(key) ?? null, seen: fields });
  }
  site.db.transaction(() => {
    site.results.saveTeam(seen);
    noteTime(site, graph.now());
  });
  return teamOf(site);
}

/** As the list was read last. */
export function teamOf(site: Site): Team {
  const kept = site.kept(TEAM) as { at: string } | null;
  const now = teamNow(site);
  const byKey = Map.groupBy(site.results.team(), ({ key }) => key);
  const rooms = [...byKey.values()].flatMap((items) =>
    items.map((one) => ({ ...teamRoom(site, one, now), double: items.length > 1 })),
  );
  const doubles = [...byKey.values()]
    .filter((items) => items.length > 1)
    .map((items) => ({ room: nameOf(site, items), items: items.map(({ item }) => item) }));
  return { at: kept?.at ?? null, rooms, doubles };
}

/** As the site has it; a column for it may be left out of the list. */
function nameOf(site: Site, items: readonly TeamSeen[]): string {
  const [first] = items;
  const ours = first?.roomId ? site.rooms.get(first.roomId)?.name : null;
  return ours ?? String(first?.seen.room ?? first?.key ?? '');
}

function teamRoom(site: Site, { roomId, item, seen }: TeamSeen, now: Date): Omit<TeamRoom, 'double'> {
  const lease = leaseIn(seen);
  const key = roomId === null ? null : (site.results.of(roomId)?.lease ?? null);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    item,
    roomId,
    room: text(seen.room),
    building: text(seen.building),
    mailbox: text(seen.mailbox),
    state: text(seen.state),
    technician: text(seen.technician),
    workedOn: text(seen.workedOn) || null,
    lease: lease && viewOf(lease, { key, laptop: laptop() }, now),
  };
}
