/**
 * What a deployment is like around one endpoint group, read in nine requests however large it is. Read only. What the
 * account may not read is an error in its place, and does not hide the rest.
 */
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { InfinityClient } from './client.ts';
import { fold } from './entry.ts';
import { isObjectPath, type ObjectPath, RESOURCE, type Resource, sameObject } from './paths.ts';
import {
  type Alarm,
  AlarmSchema,
  type CalendarDeployment,
  DeploymentSchema,
  type Group,
  GroupSchema,
  LicenceSchema,
  ManagerSchema,
  type Node,
  NodeSchema,
  type NodeState,
  NodeStateSchema,
  type Profile,
  ProfileSchema,
  type Rule,
  RuleSchema,
} from './resources.ts';

/** What was read, or why it could not be. */
export type Read<T> = T | OtjError;

export const CALENDAR_KINDS = ['graph', 'exchange', 'google'] as const;
export type CalendarKind = (typeof CALENDAR_KINDS)[number];

export const CALENDAR_RESOURCE = {
  graph: RESOURCE.graphDeployments,
  exchange: RESOURCE.exchangeDeployments,
  google: RESOURCE.googleDeployments,
} as const satisfies Record<CalendarKind, Resource>;

export interface Calendar {
  kind: CalendarKind;
  deployment: CalendarDeployment | null;
}

export interface Deployment {
  /** null = Infinity does not tell. */
  version: Read<string | null>;
  licences: Read<{ used: number; total: number } | null>;
  groups: Read<Group[]>;
  profiles: Read<Profile[]>;
  rules: Read<Rule[]>;
  nodes: Read<Node[]>;
  states: Read<NodeState[]>;
  alarms: Read<Alarm[]>;
  /** The group of the wished name; null = there is none, or several that differ only by case. */
  group: Group | null;
  profile: Profile | null;
  /** Calendar integration of the profile; null = it has none. */
  calendar: Read<Calendar | null>;
}

/**
 * @param groupName name of the OTJ endpoint group, case ignored unless two differ only by it
 * @throws OtjError as {@link InfinityClient} does, where the first question has no answer but that its role may not ask it:
 *   such an account is signed in all the same
 */
export async function readDeployment(client: InfinityClient, groupName: string): Promise<Deployment> {
  const managers = await tried(client.list(RESOURCE.manager, ManagerSchema));
  if (managers instanceof OtjError && managers.code !== 'INFINITY_FORBIDDEN') throw managers;
  const [licensing, groups, profiles, rules, nodes, states, alarms] = await Promise.all([
    tried(client.list(RESOURCE.licences, LicenceSchema)),
    tried(client.list(RESOURCE.groups, GroupSchema)),
    tried(client.list(RESOURCE.profiles, ProfileSchema)),
    tried(client.list(RESOURCE.rules, RuleSchema)),
    tried(client.list(RESOURCE.nodes, NodeSchema)),
    tried(client.list(RESOURCE.nodeStates, NodeStateSchema)),
    tried(client.list(RESOURCE.alarms, AlarmSchema)),
  ]);
  const group = groups instanceof OtjError ? null : named(groups, groupName);
  const profile =
    profiles instanceof OtjError || !group
      ? null
      : (profiles.find((one) => sameObject(uriOf(RESOURCE.profiles, one), group.mjx_integration)) ?? null);
  return {
    version: managers instanceof OtjError ? managers : (managers.find(({ version }) => version)?.version ?? null),
    licences: licensing instanceof OtjError ? licensing : counted(licensing[0]),
    groups,
    profiles,
    rules,
    nodes,
    states,
    alarms,
    group,
    profile,
    calendar: profile ? await tried(readCalendar(client, profile)) : null,
  };
}

function counted(counts: { otj_count?: number | null | undefined; otj_total?: number | null | undefined } | undefined) {
  const { otj_count: used, otj_total: total } = counts ?? {};
  return used == null || total == null ? null : { used, total };
}

async function readCalendar(client: InfinityClient, profile: Profile): Promise<Calendar | null> {
  for (const kind of CALENDAR_KINDS) {
    const path = pathOf(profile[`${kind}_deployment`]);
    if (path) return { kind, deployment: await client.get(path, DeploymentSchema) };
  }
  return null;
}

function pathOf(uri: string | null | undefined): ObjectPath | null {
  const path = URL.parse(uri ?? '', 'https://manager/')?.pathname ?? '';
  return uri && isObjectPath(path) ? path : null;
}

/** An error is what there is to say; a stop on request ends all. */
async function tried<T>(work: Promise<T>): Promise<Read<T>> {
  try {
    return await work;
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.code === 'CANCELLED') throw error;
    return error;
  }
}

/** The one of this name; case counts only where two differ by nothing else. */
export function named<T extends { name?: string | null | undefined }>(all: readonly T[], name: string): T | null {
  const alike = all.filter((one) => fold(one.name) === fold(name));
  return alike.find((one) => one.name === name) ?? (alike.length === 1 ? (alike[0] ?? null) : null);
}

export function uriOf(
  resource: Resource,
  { id, resource_uri }: { id: number; resource_uri?: string | null | undefined },
): string {
  return resource_uri || `${resource}${id}/`;
}

/** Conferencing Nodes of a location, those in maintenance as well; edge nodes serve no calendar (assumed). */
export function nodesOf(nodes: readonly Node[], locationUri: string | null | undefined): Node[] {
  return nodes.filter(
    (node) =>
      sameObject(node.system_location, locationUri) &&
      (node.node_type ?? 'CONFERENCING').toUpperCase() === 'CONFERENCING',
  );
}

/** `hostname.domain` (assumed from the two fields); null when either is missing. `alternative_fqdn` is for Skype for Business and not meant. */
export function fqdnOf({ hostname, domain }: Node): string | null {
  return hostname && domain ? `${hostname}.${domain}` : null;
}
