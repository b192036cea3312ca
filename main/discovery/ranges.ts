/** Address ranges as technicians write them. Pure. */
import ipaddr from 'ipaddr.js';
import { OtjError } from '../contract/errors.ts';

/** More than a /16 at once is a slip of the pen. */
const MOST = 65_536;

/**
 * @param text one of `10.20.3.41`, `10.20.3.0/24`, `10.20.3.10-10.20.3.40` or `10.20.3.10-40`
 * @returns the IPv4 addresses in order, without network and broadcast address of a subnet. Throws USAGE.
 */
export function addressesOf(text: string): string[] {
  const [from, to] = bounds(text.trim());
  if (from === null || to === null || to < from) throw new OtjError('USAGE', `not an address range: ${text}`);
  if (to - from >= MOST) throw new OtjError('USAGE', `${text} is larger than a /16; name smaller ranges`);
  return Array.from({ length: to - from + 1 }, (_, at) => dotted(from + at));
}

function bounds(text: string): [number | null, number | null] {
  if (text.includes('/')) {
    if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return [null, null];
    const first = number(ipaddr.IPv4.networkAddressFromCIDR(text).toString());
    const last = number(ipaddr.IPv4.broadcastAddressFromCIDR(text).toString());
    if (first === null || last === null) return [null, null];
    return last - first > 1 ? [first + 1, last - 1] : [first, last];
  }
  const [start = '', end, ...more] = text.split('-').map((part) => part.trim());
  if (more.length > 0) return [null, null];
  const full = end !== undefined && /^\d{1,3}$/.test(end) ? start.replace(/\d+$/, end) : (end ?? start);
  return [number(start), number(full)];
}

function number(text: string): number | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  return ipaddr.IPv4.parse(text).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
