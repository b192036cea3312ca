/**
 * Replies are somebody else's texts and are read with tolerance: a property that is null, absent or of another type was not told,
 * and takes nothing of the rest with it. Only what a reply is worthless without is demanded.
 */
import { z } from 'zod';

/** Null where it is no text. */
export const text = z.string().nullable().catch(null);

/** Empty where it is none; a number is its digits. */
export const words = z.union([z.string(), z.number().transform(String)]).catch('');

/** Only `true` is. */
export const flag = z.boolean().catch(false);

/** Null where neither was told. */
export const either = z.boolean().nullable().catch(null);

/** Digits in a text are a number as well; null where it is none. */
export const number = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number())
  .nullable()
  .catch(null);

/** The texts of a list; empty where it is none. */
export const texts = z
  .array(z.unknown())
  .transform((all) => all.filter((one) => typeof one === 'string'))
  .catch([]);

export const id = z.union([z.string().min(1), z.number().transform(String)]);
