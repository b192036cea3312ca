/**
 * What may stand at a place in a device's answers. Which place holds what is data of each family; what stands at a place that
 * is not named there is judged by its form, and a text that has none is replaced, so that a place nobody thought of gives
 * nothing away.
 */

/**
 * `public`: never touched. `plain`: only what is known to be somebody's is replaced in it. `message`: the device's own words
 * on what went wrong, which may name a host.
 */
export type Kind =
  | 'public'
  | 'plain'
  | 'message'
  | 'name'
  | 'user'
  | 'serial'
  | 'mac'
  | 'address'
  | 'host'
  | 'mail'
  | 'token'
  | 'zone'
  | 'program'
  | 'certificate'
  | 'text';

/** A place by its path, and what stands there; `word`: the device's own where it is one word or a moment, else a text. */
export type Place = readonly [place: RegExp, kind: Kind | 'word'];

const ONE_WORD = /^[\w.:+/-]{0,40}$/;

/** Words of switches and states that stand at many places; whatever their place, they are nobody's. */
const SWITCHES =
  /^(True|False|On|Off|Auto|Manual|None|N\/?A|Unknown|Default|Enabled|Disabled|Yes|No|Up|Down|Idle|Active|Inactive|Available|Unavailable|Running|Stopped|Synced|Registered|Provisioned|Hidden|DHCP|Static|IPv4|IPv6|Dual|HTTPS?|HTTP\+HTTPS|TLSv1(\.\d)?|RSA|ECDSA|ed25519|WebWidget|WebApp|Custom|FollowHTTPService)$/i;
const SHORT_NUMBER = /^-?\d{1,6}(\.\d{1,3})?$/;
const MOMENT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** @param places the first that fits decides. @param path as `leaves.ts` makes it */
export function kindBy(places: readonly Place[], path: string, value: string): Kind {
  const [, kind] = places.find(([pattern]) => pattern.test(path)) ?? [];
  if (kind === 'word') return ONE_WORD.test(value) || MOMENT.test(value) ? 'plain' : 'text';
  if (kind) return kind;
  return SWITCHES.test(value) || SHORT_NUMBER.test(value) || MOMENT.test(value) ? 'plain' : 'text';
}

/** Kinds whose values name somebody, so that they are replaced wherever else they turn up. */
export const TELLING: ReadonlySet<Kind> = new Set<Kind>([
  'name',
  'user',
  'serial',
  'mac',
  'address',
  'host',
  'mail',
  'token',
]);
