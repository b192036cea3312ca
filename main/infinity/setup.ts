/** What a site needs on Infinity before rooms can be moved: read only. */
import { OtjError } from '../contract/errors.ts';
import type { InfinityClient } from './client.ts';
import { fold } from './entry.ts';
import { RESOURCE, sameObject } from './paths.ts';
import {
  type Group,
  GroupSchema,
  LicenceSchema,
  LocationSchema,
  ManagerSchema,
  type Node,
  NodeSchema,
  ProfileSchema,
  RuleSchema,
} from './resources.ts';

export interface InfinitySetup {
  /** Software version of the Management Node; null when it does not tell. */
  version: string | null;
  /** OTJ endpoint licences; null when unknown. */
  licences: { used: number; total: number } | null;
  group: { uri: string; name: string };
  /** The OTJ profile. `hasCalendar`: it has an Exchange, Google or Graph integration. */
  profile: { uri: string; name: string; hasCalendar: boolean };
  location: { uri: string; name: string };
  /** FQDNs of the location's Conferencing Nodes that are not in maintenance, sorted; Poly devices sign in to these. */
  nodes: string[];
  /** Enabled meeting processing rules of the profile; with 0, meetings get no Join button. */
  rules: number;
}

/**
 * Reads everything around an endpoint group.
 * @param groupName name of the OTJ endpoint group, case ignored unless two differ only by it
 * @throws OtjError INFINITY_SETUP naming what is missing (group, its profile, its location), and as
 *   {@link InfinityClient} does
 */
export async function readSetup(client: InfinityClient, groupName: string): Promise<InfinitySetup> {
  const [managers, licensing, groups, profiles, locations, workers, rules] = await Promise.all([
    client.list(RESOURCE.manager, ManagerSchema),
    client.list(RESOURCE.licences, LicenceSchema),
    client.list(RESOURCE.groups, GroupSchema),
    client.list(RESOURCE.profiles, ProfileSchema),
    client.list(RESOURCE.locations, LocationSchema),
    client.list(RESOURCE.nodes, NodeSchema),
    client.list(RESOURCE.rules, RuleSchema),
  ]);
  const group = pickGroup(groups, groupName);
  const profile = profiles.find((one) => sameObject(uriOf(RESOURCE.profiles, one), group.mjx_integration));
  if (!profile) throw new OtjError('INFINITY_SETUP', `endpoint group "${group.name}" has no OTJ profile`);
  const location = locations.find((one) => sameObject(uriOf(RESOURCE.locations, one), group.system_location));
  if (!location) throw new OtjError('INFINITY_SETUP', `endpoint group "${group.name}" has no system location`);
  const profileUri = uriOf(RESOURCE.profiles, profile);
  const locationUri = uriOf(RESOURCE.locations, location);
  const { otj_count: used, otj_total: total } = licensing[0] ?? {};
  return {
    version: managers.find(({ version }) => version)?.version ?? null,
    licences: used == null || total == null ? null : { used, total },
    group: { uri: uriOf(RESOURCE.groups, group), name: group.name ?? '' },
    profile: {
      uri: profileUri,
      name: profile.name ?? '',
      hasCalendar: [profile.graph_deployment, profile.exchange_deployment, profile.google_deployment].some(Boolean),
    },
    location: { uri: locationUri, name: location.name ?? '' },
    nodes: conferencingNodes(workers, locationUri),
    rules: rules.filter((rule) => rule.enabled !== false && sameObject(rule.mjx_integration, profileUri)).length,
  };
}

/** FQDN = `hostname.domain`; `alternative_fqdn` is for Skype for Business and not meant. */
function conferencingNodes(nodes: readonly Node[], locationUri: string): string[] {
  const names = nodes
    .filter((node) => sameObject(node.system_location, locationUri))
    .filter((node) => (node.node_type ?? 'CONFERENCING').toUpperCase() === 'CONFERENCING' && !node.maintenance_mode)
    .flatMap(({ hostname, domain }) => (hostname && domain ? [`${hostname}.${domain}`] : []));
  return [...new Set(names)].sort();
}

function pickGroup(groups: readonly Group[], name: string): Group {
  const alike = groups.filter((group) => fold(group.name) === fold(name));
  const group = alike.find((one) => one.name === name) ?? (alike.length === 1 ? alike[0] : undefined);
  if (!group) throw new OtjError('INFINITY_SETUP', `OTJ endpoint group "${name}" does not exist`);
  return group;
}

function uriOf(
  resource: string,
  { id, resource_uri }: { id: number; resource_uri?: string | null | undefined },
): string {
  return resource_uri || `${resource}${id}/`;
}
