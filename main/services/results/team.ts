/** What the others of the team have finished and have in work, as the list tells it. */
import type { ResultFields, Team, TeamRoom } from '../../contract/microsoft/results.ts';
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
  for await (const { fields } of list.readAll(signal)) {
    const key = String(fields.jobKey);
    seen.push({ key, roomId: ids.get(key) ?? null, seen: fields });
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
  const rooms = site.results.team().map(({ roomId, seen }) => teamRoom(site, roomId, seen, now));
  return { at: kept?.at ?? null, rooms };
}

function teamRoom(site: Site, roomId: number | null, seen: ResultFields, now: Date): TeamRoom {
  const lease = leaseIn(seen);
  const key = roomId === null ? null : (site.results.of(roomId)?.lease ?? null);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
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
