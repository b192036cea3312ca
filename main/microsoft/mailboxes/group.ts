/**
 * The group that Infinity's app may read, and who is in it. Its members are read page by page, or each room is asked for, whichever
 * takes fewer requests: a group may have 50,000 members and a site twelve rooms, or the other way round.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { BATCH } from '../graph/batch.ts';
import { literal, segment, withQuery } from '../graph/odata.ts';
import * as reading from '../graph/reading.ts';
import type { Graph, GraphRequest } from '../graph/request.ts';
import { type GroupFacts, isOwnTrouble, type Membership } from './facts.ts';
import { SCOPES } from './scopes.ts';

/** Members on a page. Source: group-list-members of Microsoft Graph. */
const PAGE = 999;
const EVENTUAL = { ConsistencyLevel: 'eventual' } as const;

const groupSchema = z.looseObject({
  id: reading.id,
  displayName: reading.words,
  mailEnabled: reading.flag,
  securityEnabled: reading.flag,
  groupTypes: reading.texts,
  onPremisesSyncEnabled: reading.flag,
});
const memberSchema = z.looseObject({ id: reading.id, '@odata.type': reading.words });
const idsSchema = z.looseObject({ value: z.array(z.unknown()) });
const listSchema = z.looseObject({ value: z.array(z.unknown()), '@odata.nextLink': reading.text });

export interface Group extends GroupFacts {
  id: string;
}

/** Null when there is none of this address. */
export async function findGroup(graph: Graph, address: string, signal: AbortSignal): Promise<Group | null> {
  const { body } = await graph.ask<unknown>(
    {
      method: 'GET',
      path: withQuery('/groups', {
        $filter: `mail eq ${literal(address)}`,
        $select: 'id,displayName,mail,mailEnabled,securityEnabled,groupTypes,onPremisesSyncEnabled',
      }),
      scopes: SCOPES.groups,
    },
    signal,
  );
  const list = listSchema.safeParse(body);
  if (!list.success) throw new OtjError('M365_ODD', 'no list of groups');
  const [group] = list.data.value.flatMap((one) => groupSchema.safeParse(one).data ?? []);
  if (!group) return null;
  const { id, displayName, onPremisesSyncEnabled } = group;
  return {
    id,
    name: displayName,
    kind: kindOf(group),
    onPremises: onPremisesSyncEnabled,
    members: null,
  };
}

/** Source: groups-overview of Microsoft Graph. */
function kindOf({ groupTypes, mailEnabled, securityEnabled }: z.infer<typeof groupSchema>): GroupFacts['kind'] {
  if (groupTypes.includes('Unified')) return 'microsoft365';
  if (groupTypes.includes('DynamicMembership')) return 'dynamic';
  if (!mailEnabled) return 'security';
  return securityEnabled ? 'mail-security' : 'distribution';
}

export interface Counts {
  direct: number | null;
  /** With those of nested groups. */
  all: number | null;
}

/** How many members it has; null where Graph does not count them. */
export async function countMembers(graph: Graph, { id }: Group, signal: AbortSignal): Promise<Counts> {
  const [direct, all] = await graph.batch<unknown>(
    ['members', 'transitiveMembers'].map((what) => ({
      method: 'GET',
      path: `/groups/${segment(id)}/${what}/$count`,
      headers: EVENTUAL,
      scopes: SCOPES.groups,
      urgent: true,
    })),
    signal,
  );
  const numberIn = (answer: typeof direct) => (!answer || answer instanceof OtjError ? null : countIn(answer.body));
  return { direct: numberIn(direct), all: numberIn(all) };
}

/**
 * A count is plain text, and the body of a part that is no JSON comes as it is, as a number, or in Base64. Digits in Base64 begin
 * with a letter, so the forms do not meet. Source: json-batching of Microsoft Graph.
 */
export function countIn(body: unknown): number | null {
  const told = typeof body === 'number' ? String(body) : typeof body === 'string' ? body : '';
  for (const text of [told, Buffer.from(told, 'base64').toString('utf8')]) {
    const digits = /^[\s\uFEFF"]*(\d{1,15})[\s"]*$/.exec(text)?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return null;
}

/** Whether reading all members takes no more requests than asking for each of so many rooms. */
export function readsPages({ direct, all }: Counts, rooms: number): boolean {
  if (direct === null || all === null) return true;
  const pages = Math.ceil(direct / PAGE) + (all === direct ? 0 : Math.ceil(all / PAGE));
  return pages <= 2 * Math.ceil(rooms / BATCH);
}

/** All members, by id. Nested ones are read only where a group is among the members. */
export async function readMembers(
  graph: Graph,
  { id }: Group,
  signal: AbortSignal,
): Promise<(id: string) => Membership> {
  const read = async (what: 'members' | 'transitiveMembers') => {
    const ids = new Set<string>();
    let hasGroups = false;
    const path = withQuery(`/groups/${segment(id)}/${what}`, { $select: 'id', $top: PAGE });
    for await (const one of graph.pages<unknown>({ method: 'GET', path, scopes: SCOPES.groups }, signal)) {
      const member = memberSchema.safeParse(one).data;
      if (!member) continue;
      ids.add(member.id);
      // what is not told to be something else may be a group
      hasGroups ||= !/\.(?:user|device|orgContact|servicePrincipal)$/.test(member['@odata.type']);
    }
    return { ids, hasGroups };
  };
  const direct = await read('members');
  const nested = direct.hasGroups ? (await read('transitiveMembers')).ids : direct.ids;
  return (member) => (direct.ids.has(member) ? 'direct' : nested.has(member) ? 'nested' : 'no');
}

/** Asks for each of these accounts. An error in the place of one: it is not known. */
export async function askMembers(
  graph: Graph,
  group: Group,
  accounts: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Membership | OtjError>> {
  const result = new Map<string, Membership | OtjError>();
  const asked = accounts.map(
    (id): GraphRequest => ({
      method: 'POST',
      path: `/users/${segment(id)}/checkMemberGroups`,
      body: { groupIds: [group.id] },
      scopes: SCOPES.membership,
      repeatable: true,
    }),
  );
  const inside: string[] = [];
  for (const [at, answer] of (await graph.batch<unknown>(asked, signal)).entries()) {
    const id = accounts[at] ?? '';
    const groups = answer instanceof OtjError ? answer : idsSchema.safeParse(answer.body).data?.value;
    if (groups instanceof OtjError) result.set(id, groups);
    else if (!groups) result.set(id, new OtjError('M365_ODD', 'no list of groups'));
    else if (!groups.includes(group.id)) result.set(id, 'no');
    else inside.push(id);
  }
  // without a cast to groups, which would be an advanced query, out of an index that may be behind
  const ways = inside.map(
    (id): GraphRequest => ({
      method: 'GET',
      path: withQuery(`/users/${segment(id)}/memberOf`, { $select: 'id', $top: PAGE }),
      scopes: SCOPES.membership,
    }),
  );
  for (const [at, answer] of (await graph.batch<unknown>(ways, signal)).entries()) {
    const [id = '', request] = [inside[at], ways[at]];
    const way = answer instanceof OtjError ? answer : wayIn(answer.body, group);
    result.set(id, way === 'more' && request ? await readWay(graph, request, group, signal) : asMembership(way));
  }
  return result;
}

type Way = 'direct' | 'nested' | 'more' | OtjError;

/** That it is in the group is known; the way may not be. */
function asMembership(way: Way): Membership {
  return way === 'direct' || way === 'nested' ? way : { way: way === 'more' ? new OtjError('M365_ODD') : way };
}

/** What the first page of its groups says. */
function wayIn(body: unknown, group: Group): Way {
  const list = listSchema.safeParse(body).data;
  if (!list) return new OtjError('M365_ODD', 'no list of groups');
  if (idsIn(list.value).includes(group.id)) return 'direct';
  return list['@odata.nextLink'] ? 'more' : 'nested';
}

/** Looks through all pages: few are in more groups than one page has. */
async function readWay(graph: Graph, request: GraphRequest, group: Group, signal: AbortSignal): Promise<Membership> {
  try {
    for await (const one of graph.pages<unknown>(request, signal)) if (idsIn([one]).includes(group.id)) return 'direct';
    return 'nested';
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (!isOwnTrouble(error)) throw error;
    return { way: error };
  }
}

function idsIn(list: readonly unknown[]): string[] {
  return list.flatMap((one) => memberSchema.safeParse(one).data?.id ?? []);
}
