/** What a refusal means while reading: the codec has no such thing, or does not show it to this login. */
import { asOtjError } from '../../../contract/errors.ts';

/** A setting or status that this software does not have is no fault: undefined. */
export async function optional(reading: Promise<unknown>): Promise<unknown> {
  return permitted(reading).then((value) => value ?? undefined);
}

/** null when the codec refuses the command, e.g. for want of a role; every other error is one. */
export async function permitted<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.class === 'refused') return null;
    throw error;
  }
}
