/** Generations of codec software: how they are recognised, and what each of them has. Pure; the table is data. */
import { z } from 'zod';
import table from '../../../assets/cisco-firmware.json' with { type: 'json' };

const versionSchema = z.string().regex(/^\d+\.\d+\.\d+(\.\d+)?$/);
const proven = { source: z.string().min(1), confidence: z.enum(['seen', 'assumed']) };
/** What the driver asks the table about. */
const featureIdSchema = z.enum(['macros', 'macro-transpile', 'tls-1.2', 'users']);
export const firmwareTableSchema = z.object({
  about: z.string(),
  /** Oldest first. */
  generations: z.array(z.object({ id: z.string(), name: z.string(), major: z.int().positive(), ...proven })).min(1),
  refused: z.array(z.object({ starts: z.string(), name: z.string(), reason: z.string(), ...proven })),
  features: z.array(
    z.object({
      id: featureIdSchema,
      since: versionSchema,
      paths: z.array(z.string()).min(1),
      role: z.enum(['Admin', 'User']),
      ...proven,
    }),
  ),
  withoutMacros: z.array(z.object({ product: z.string(), ...proven })),
  /** The last one whose `since` has been reached holds. */
  defaults: z.array(z.object({ path: z.string(), since: versionSchema, value: z.string(), ...proven })),
});
type FeatureId = z.infer<typeof featureIdSchema>;

const { generations, refused, features, withoutMacros, defaults } = firmwareTableSchema.parse(table);

export interface Firmware {
  /** Of the generation, or of the nearest older one when it is not known. */
  id: string;
  /** For people: `RoomOS 11`; `RoomOS 26?` when the version is one that nobody has seen. */
  name: string;
  known: boolean;
  /** Why such software is not worked on; null when it is. */
  refused: string | null;
  /** Numbers of the version, as far as it tells them. */
  version: readonly number[];
}

/**
 * @param software `Status SystemUnit Software Version`, e.g. `ce11.27.2.0.0123456789a`. A version that is newer than
 * all known, or that cannot be read, is taken for the newest: every effect is read back whatever the table says.
 */
export function firmwareOf(software: string): Firmware {
  const old = refused.find(({ starts }) => software.toLowerCase().startsWith(starts.toLowerCase()));
  if (old) return { id: 'refused', name: old.name, known: true, refused: old.reason, version: [] };
  const numbers = /^(?:ce|roomos\s*)(\d{1,4})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:\.(\d{1,6})(?![\da-z]))?/i.exec(
    software.trim(),
  );
  const newest = generations[generations.length - 1];
  const version = (numbers?.slice(1) ?? []).filter((part) => part !== undefined).map(Number);
  const [major = newest?.major ?? 0] = version;
  const nearest = generations.findLast((one) => one.major <= major);
  if (!nearest) return { id: 'refused', name: software, known: true, refused: 'older than CE 8', version };
  const known = version.length > 0 && nearest.major === major;
  return { id: nearest.id, name: known ? nearest.name : `${nearest.name}?`, known, refused: null, version };
}

/** Whether software of this version has a feature; true where the version cannot be read. */
export function offers({ version, refused }: Firmware, id: FeatureId): boolean {
  const feature = features.find((one) => one.id === id);
  return refused === null && feature !== undefined && isFrom(version, feature.since);
}

/** What a login must be, and a codec must have, for a feature: for people who see it refused. */
export function needsOf(id: FeatureId): string {
  const feature = features.find((one) => one.id === id);
  return feature ? `${feature.paths.join(', ')}: role ${feature.role}, software from ${feature.since} on` : id;
}

/** Whether products of this name have macros at all, whatever their software. */
export function mayHaveMacros(model: string): boolean {
  return !withoutMacros.some(({ product }) => model.split(/[^A-Za-z0-9]+/).includes(product));
}

/** The value that a setting has as shipped; null when it is not known. */
export function defaultOf({ version }: Firmware, path: string): string | null {
  return defaults.findLast((one) => one.path === path && isFrom(version, one.since))?.value ?? null;
}

function isFrom(version: readonly number[], since: string): boolean {
  if (version.length === 0) return true;
  for (const [at, least] of since.split('.').map(Number).entries()) {
    const part = version[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
