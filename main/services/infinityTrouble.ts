/** Troubles of Infinity as a whole and of no room: after the same one from several rooms it is left in peace. */
import type { ErrorCode, OtjError } from '../contract/errors.ts';

const OF_INFINITY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INFINITY_UNREACHABLE',
  'INFINITY_FORBIDDEN',
  'INFINITY_LOGIN',
  'INFINITY_ODD',
  'RATE_LIMITED',
]);

export function isOfInfinity({ code }: OtjError): boolean {
  return OF_INFINITY.has(code);
}
