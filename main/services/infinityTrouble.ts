/** Troubles of Infinity as a whole and of no room: after the same one from several rooms it is left in peace. */
import type { ErrorCode, OtjError } from '../contract/errors.ts';
import { IN_FLIGHT } from '../infinity/wire.ts';
import { Repeats } from '../migration/batch.ts';

const OF_INFINITY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INFINITY_UNREACHABLE',
  'INFINITY_FORBIDDEN',
  'INFINITY_LOGIN',
  'INFINITY_TRUST',
  'HANDSHAKE',
  'CLOCK_SKEW',
  'OAUTH_OFF',
  'INFINITY_ODD',
  'RATE_LIMITED',
]);

export function isOfInfinity({ code }: OtjError): boolean {
  return OF_INFINITY.has(code);
}

/** One moment without an answer, such as a restart of its web server, takes all that is in flight: that alone is no reason. */
const SAME_IN_A_ROW = 5 + IN_FLIGHT;

/** Whether work on many entries only repeats one trouble of Infinity. */
export function troubleOfInfinity(): Repeats {
  return new Repeats(SAME_IN_A_ROW, isOfInfinity);
}
