/** What the app asks for, feature by feature and no more, each with its reason. Data in assets/microsoft/permissions.json. */
import { z } from 'zod';
import table from '../../../assets/microsoft/permissions.json' with { type: 'json' };
import type { Feature, Permission } from '../../contract/microsoft/connection.ts';

const permissionSchema = z.object({
  scope: z.string().regex(/^[A-Za-z][A-Za-z.]*$/),
  for: z.string().min(1),
  evidence: z.enum(['seen', 'assumed']),
  /** Its name where the app acts as itself, if that is another. */
  unattended: z.string().exactOptional(),
});
const { features } = z
  .object({
    features: z.object({
      check: z.array(permissionSchema),
      results: z.array(permissionSchema),
      list: z.array(permissionSchema),
    }),
  })
  .parse(table);

/** The permissions of these features, each once. @param unattended as the app itself and not as a person */
export function permissionsOf(wanted: readonly Feature[], unattended = false): Permission[] {
  const all = wanted.flatMap((feature) =>
    features[feature].map((one) => ({
      scope: unattended ? (one.unattended ?? one.scope) : one.scope,
      means: one.for,
      assumed: one.evidence === 'assumed',
    })),
  );
  return all.filter(({ scope }, at) => all.findIndex((other) => other.scope === scope) === at);
}

/** Short names, as Graph knows them. */
export function scopesOf(wanted: readonly Feature[], unattended = false): string[] {
  return permissionsOf(wanted, unattended).map(({ scope }) => scope);
}
