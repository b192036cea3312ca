/** What one call of the contract is: the shape that goes in and the shape that comes out. */
import { z } from 'zod';

export interface Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  input: I;
  output: O;
}

export function method<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Method<I, O> {
  return { input, output };
}

/** For calls that take nothing, and for those that give nothing back. */
export const nothing = z.undefined();
