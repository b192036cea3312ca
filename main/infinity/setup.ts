/** What a site needs on Infinity before rooms can be moved: read only. */
import { OtjError } from '../contract/errors.ts';
import type { InfinityClient } from './client.ts';
import { fqdnOf, named, nodesOf, uriOf } from './deployment.ts';
import { idFromLocation, RESOURCE, sameObject } from './paths.ts';
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
  /**
   * FQDNs of the location's Conferencing Nodes that are not in maintenance, sorted; Poly devices sign in to these. Or why the
   * account may not read them: only a Poly room needs them.
   */
  nodes: string[] | OtjError;
  /** Enabled meeting processing rules of the profile; with 0, meetings get no Join button. null = it may not read them. */
  rules: number | null;
}

/**
 * Reads everything around an endpoint group. A role with rights on One-Touch Join alone is enough: what it may not read of
 * the platform is not known then.
 * @param groupName name of the OTJ endpoint group, case ignored unless two differ only by it
 * @throws OtjError INFINITY_SETUP naming what is missing (group, its profile, its location), and as
 *   {@link InfinityClient} does
 */
export async function readSetup(client: InfinityClient, groupName: string): Promise<InfinitySetup> {
  const [managers, licensing, groups, profiles, locations, workers, rules] = await Promise.all([
    permitted(client.list(RESOURCE.manager, ManagerSchema)),
    permitted(client.list(RESOURCE.licences, LicenceSchema)),
    client.list(RESOURCE.groups, GroupSchema),
    client.list(RESOURCE.profiles, ProfileSchema),
    permitted(client.list(RESOURCE.locations, LocationSchema)),
    permitted(client.list(RESOURCE.nodes, NodeSchema)),
    permitted(client.list(RESOURCE.rules, RuleSchema)),
  ]);
  const group = pickGroup(groups, groupName);
  const profile = profiles.find((one) => sameObject(uriOf(RESOURCE.profiles, one), group.mjx_integration));
  if (!profile) throw new OtjError('INFINITY_SETUP', `endpoint group "${group.name}" has no OTJ profile`);
  const location =
    locations instanceof OtjError
      ? bare(group.system_location)
      : locations.find((one) => sameObject(uriOf(RESOURCE.locations, one), group.system_location));
  if (!location) throw new OtjError('INFINITY_SETUP', `endpoint group "${group.name}" has no system location`);
  const profileUri = uriOf(RESOURCE.profiles, profile);
  const locationUri = uriOf(RESOURCE.locations, location);
  const { otj_count: used, otj_total: total } = (licensing instanceof OtjError ? null : licensing[0]) ?? {};
  return {
    version: managers instanceof OtjError ? null : (managers.find(({ version }) => version)?.version ?? null),
    licences: used == null || total == null ? null : { used, total },
    group: { uri: uriOf(RESOURCE.groups, group), name: group.name ?? '' },
    profile: {
      uri: profileUri,
      name: profile.name ?? '',
      hasCalendar: [profile.graph_deployment, profile.exchange_deployment, profile.google_deployment].some(Boolean),
    },
    location: { uri: locationUri, name: location.name ?? '' },
    nodes: workers instanceof OtjError ? workers : namesOf(workers, locationUri),
    rules:
      rules instanceof OtjError
        ? null
        : rules.filter((rule) => rule.enabled !== false && sameObject(rule.mjx_integration, profileUri)).length,
  };
}

/** What the role may not read is told in its place. */
async function permitted<T>(work: Promise<T>): Promise<T | OtjError> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof OtjError && thrown.code === 'INFINITY_FORBIDDEN') return thrown;
    throw thrown;
  }
}

/** A location of which only the reference is known. */
function bare(uri: string | null | undefined) {
  const id = idFromLocation(uri ?? undefined);
  return id === null ? undefined : { id, resource_uri: uri, name: '' };
}

/** Those that are not in maintenance. */
function namesOf(nodes: readonly Node[], locationUri: string): string[] {
  const names = nodesOf(nodes, locationUri)
    .filter(({ maintenance_mode }) => !maintenance_mode)
    .flatMap((node) => fqdnOf(node) ?? []);
  return [...new Set(names)].sort();
}

function pickGroup(groups: readonly Group[], name: string): Group {
  const group = named(groups, name);
  if (!group) throw new OtjError('INFINITY_SETUP', `OTJ endpoint group "${name}" does not exist`);
  return group;
}
