/**
 * Values of the Management API, read whatever form they come in. One odd value in a row of somebody else must not keep a
 * whole site from its work: what cannot be understood is read as nothing.
 */
import { z } from 'zod';
import type { Resource } from './paths.ts';

/** Also a number or a truth value that should have been a text. */
export const text = z
  .string()
  .nullish()
  .catch(({ value }) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : null));

/** Also one that is written as a text. */
export const whole = z
  .number()
  .int()
  .nullish()
  .catch(({ value }) => (typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : null));

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

/** Also `"true"`, `"False"`, 1 and 0. */
export const flag = z
  .boolean()
  .nullish()
  .catch(({ value }) =>
    typeof value === 'string' || typeof value === 'number'
      ? (FLAGS.get(String(value).trim().toLowerCase()) ?? null)
      : null,
  );

/** What tells an object; without it a row is of no use. */
export const id = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * A reference: a URI, or in some replies the object itself; the SDK has decoded both. Also a bare id. Read as a URI.
 * @param resource what it refers to; null = one of several kinds, of which an id says nothing
 */
export function reference(resource: Resource | null) {
  return z
    .string()
    .nullish()
    .catch(({ value }) => {
      const object = typeof value === 'object' && value !== null ? value : { id: value };
      const told: unknown = Reflect.get(object, 'resource_uri');
      if (typeof told === 'string') return told;
      const one = id.safeParse(Reflect.get(object, 'id'));
      return resource && one.success ? `${resource}${one.data}/` : null;
    });
}
