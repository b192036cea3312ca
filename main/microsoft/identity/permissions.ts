/** What the app asks for, feature by feature and no more, each with its reason. Data in assets/microsoft/permissions.json. */
import { z } from 'zod';
import table from '../../../assets/microsoft/permissions.json' with { type: 'json' };
import type { Connection, Feature, Permission } from '../../contract/microsoft/connection.ts';

const permissionSchema = z.object({
  scope: z.string().regex(/^[A-Za-z][A-Za-z.]*$/),
  for: z.string().min(1),
  evidence: z.enum(['seen', 'assumed']),
  /** Its name where the app acts as itself, if that is another. */
  unattended: z.string().exactOptional(),
  /** Its name where the administrator opens single SharePoint sites to the app, if that is another. */
  selectedSites: z.string().exactOptional(),
});
type Entry = z.infer<typeof permissionSchema>;
const { features } = z
  .object({
    features: z.object({
      check: z.array(permissionSchema),
      results: z.array(permissionSchema),
      list: z.array(permissionSchema),
      places: z.array(permissionSchema),
    }),
  })
  .parse(table);

/** Who asks, and for how much. */
export interface Manner {
  /** As the app itself and not as a person. */
  unattended?: boolean;
  /** Only for SharePoint sites that the administrator has opened to the app. */
  selectedSites?: boolean;
}

export function mannerOf({ way, selectedSites }: Pick<Connection, 'way' | 'selectedSites'>): Required<Manner> {
  return { unattended: way === 'certificate', selectedSites };
}

/** The permissions of these features, each once. */
export function permissionsOf(wanted: readonly Feature[], manner: Manner = {}): Permission[] {
  const all = wanted.flatMap((feature) =>
    features[feature].map((one) => ({
      scope: nameOf(one, manner),
      means: one.for,
      assumed: one.evidence === 'assumed',
    })),
  );
  return all.filter(({ scope }, at) => all.findIndex((other) => other.scope === scope) === at);
}

function nameOf({ scope, ...other }: Entry, { unattended, selectedSites }: Manner): string {
  return (selectedSites && other.selectedSites) || (unattended && other.unattended) || scope;
}

/** Short names, as Graph knows them. */
export function scopesOf(wanted: readonly Feature[], manner: Manner = {}): string[] {
  return permissionsOf(wanted, manner).map(({ scope }) => scope);
}

/** What stands in for permissions in this manner. */
export function insteadOf(scopes: readonly string[], manner: Manner): string[] {
  const known = Object.values(features).flat();
  const all = scopes.map((scope) => {
    const entry = known.find((one) => one.scope === scope);
    return entry ? nameOf(entry, manner) : scope;
  });
  return [...new Set(all)];
}
