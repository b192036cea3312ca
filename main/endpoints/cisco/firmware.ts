/** Generations of codec software: how they are recognised, and what each of them has. Pure; the table is data. */
import { z } from 'zod';
import table from '../../../assets/cisco-firmware.json' with { type: 'json' };

const versionSchema = z.string().regex(/^\d+\.\d+\.\d+(\.\d+)?$/);
/** Of a shorter one all that begin with it. */
const lackingSchema = z.string().regex(/^\d+(\.\d+){1,3}$/);
const proven = { source: z.string().min(1), confidence: z.enum(['seen', 'assumed']) };
const roleSchema = z.enum(['Admin', 'Integrator', 'RoomControl', 'User']);
export const firmwareTableSchema = z.object({
  about: z.string(),
  /** Oldest first. */
  generations: z.array(z.object({ id: z.string(), name: z.string(), major: z.int().positive(), ...proven })).min(1),
  refused: z.array(z.object({ starts: z.string(), name: z.string(), reason: z.string(), ...proven })),
  xapi: z.array(
    z.strictObject({
      /** `Command`, `Configuration` or `Status` and a path; a parameter stands behind its command. What is below one shares it. */
      paths: z.array(z.string().regex(/^(?:Command|Configuration|Status)( [A-Za-z0-9]+)+$/)).min(1),
      /** The oldest version known to have it. */
      since: versionSchema,
      /** The newest version known to lack it; absent = none is. */
      lacking: lackingSchema.optional(),
      /** Who may run or read it. */
      roles: z.array(roleSchema).min(1),
      ...proven,
    }),
  ),
  withoutMacros: z.array(z.object({ product: z.string(), ...proven })),
  /** The last one whose `since` has been reached holds. */
  defaults: z.array(z.object({ path: z.string(), since: versionSchema, value: z.string(), ...proven })),
});

const { generations, refused, xapi, withoutMacros, defaults } = firmwareTableSchema.parse(table);
const entries = new Map(xapi.flatMap((entry) => entry.paths.map((path) => [path, entry])));

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

/** Whether software of this version is known to have what is at a path, e.g. `Command Macros Macro Get`; true where it cannot be read. */
export function offers({ version, refused }: Firmware, path: string): boolean {
  const entry = entryOf(path);
  return refused === null && entry !== undefined && isFrom(version, entry.since);
}

/** Why something is not asked of this software: in words, where the version is known to lack it, else null. */
export function whyLacking({ version }: Firmware, path: string): string | null {
  const entry = entryOf(path);
  if (!entry?.lacking || version.length === 0 || !isUpTo(version, entry.lacking)) return null;
  return `not in software ${version.join('.')} (known from ${entry.since} on)`;
}

/** What a login must be, and a codec must have: for people who see it refused. */
export function needsOf(path: string): string {
  const entry = entryOf(path);
  return entry ? `${path}: role ${entry.roles.join(' or ')}, software from ${entry.since} on` : path;
}

/** Whether a user with these roles may use what is at a path; true where nothing is known of it. */
export function mayUse(roles: readonly string[], path: string): boolean {
  return entryOf(path)?.roles.some((role) => roles.includes(role)) ?? true;
}

/** The entry of a path or of what it is below, the nearest one. */
function entryOf(path: string): (typeof xapi)[number] | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf(' ')))) {
    const entry = entries.get(at);
    if (entry) return entry;
  }
  return undefined;
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

/** Compares as many numbers as `last` has: 9.1.6 is up to 9.1. */
function isUpTo(version: readonly number[], last: string): boolean {
  for (const [at, most] of last.split('.').map(Number).entries()) {
    const part = version[at] ?? 0;
    if (part !== most) return part < most;
  }
  return true;
}
