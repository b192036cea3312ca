/** Address ranges as technicians write them, with exceptions; counted and gone through without being written out. Pure. */
import ipaddr from 'ipaddr.js';
import { OtjError } from '../contract/errors.ts';

/** More than a /16 at once is a slip of the pen. */
const MOST = 65_536;

/** IPv4 addresses as numbers, both ends belong to it. */
interface Span {
  first: number;
  last: number;
}

/** Addresses to look at, in an order that stays. */
export interface Addresses {
  readonly size: number;
  /** @param from leaves out so many of the first ones */
  each(from?: number): Generator<string>;
  has(address: string): boolean;
}

/** Those of a room list, which may be host names or IPv6 as well. */
export class AddressList implements Addresses {
  private readonly all: ReadonlySet<string>;

  constructor(addresses: readonly string[]) {
    this.all = new Set(addresses);
  }

  get size(): number {
    return this.all.size;
  }

  *each(from = 0): Generator<string> {
    yield* [...this.all].slice(from);
  }

  has(address: string): boolean {
    return this.all.has(address);
  }
}

export class AddressSet implements Addresses {
  /** In order, apart from each other. */
  private readonly spans: readonly Span[];
  readonly size: number;

  /** @param spans in order and apart */
  private constructor(spans: readonly Span[]) {
    this.spans = spans;
    this.size = spans.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  /**
   * @param texts one of `10.20.3.41`, `10.20.3.0/24`, `10.20.3.10-10.20.3.40` or `10.20.3.10-40` each; a `!` before it
   *   takes its addresses out
   * @returns IPv4 addresses, without network and broadcast address of a subnet
   * Throws RANGE_UNFIT, RANGE_REVERSED, RANGE_IPV6, RANGE_TOO_LARGE; the last also for all together.
   */
  static of(texts: readonly string[]): AddressSet {
    const wanted: Span[] = [];
    const unwanted: Span[] = [];
    for (const text of texts) {
      const trimmed = text.trim();
      if (trimmed.startsWith('!')) unwanted.push(spanOf(trimmed.slice(1).trim(), true));
      else wanted.push(spanOf(trimmed, false));
    }
    const set = new AddressSet(without(joined(wanted), joined(unwanted)));
    if (set.size > MOST) throw new OtjError('RANGE_TOO_LARGE', `${set.size} addresses`);
    return set;
  }

  /** In order. @param from leaves out so many of the first ones */
  *each(from = 0): Generator<string> {
    let left = from;
    for (const { first, last } of this.spans) {
      const start = first + left;
      left = Math.max(0, start - last - 1);
      for (let value = start; value <= last; value++) yield dotted(value);
    }
  }

  has(address: string): boolean {
    const value = number(address);
    return value !== null && this.spans.some(({ first, last }) => first <= value && value <= last);
  }

  /** Addresses that are neither private nor of this computer or link; the first of each span at most. */
  publicOnes(): string[] {
    return this.spans.flatMap(({ first, last }) => {
      // Private ranges are whole /8s to /16s, so that a span that leaves one does so at an end or holds all of it.
      const odd = [first, last].find((value) => !isPrivate(dotted(value)));
      if (odd !== undefined) return [dotted(odd)];
      const between = rangeOf(dotted(first)) === rangeOf(dotted(last));
      return between ? [] : [`${dotted(first)}-${dotted(last)}`];
    });
  }
}

/** RFC 1918, RFC 6598 (carriers), RFC 3927 (link-local), and this computer itself. */
const PRIVATE: ReadonlySet<string> = new Set(['private', 'carrierGradeNat', 'linkLocal', 'loopback']);

/** Whether an address may be spoken to without asking who owns it. */
export function isPrivate(address: string): boolean {
  return PRIVATE.has(rangeOf(address));
}

export function isLoopback(address: string): boolean {
  return ipaddr.IPv4.isValid(address) && rangeOf(address) === 'loopback';
}

function rangeOf(address: string): string {
  return ipaddr.IPv4.parse(address).range();
}

/** @param isException an exception may be of any size */
function spanOf(text: string, isException: boolean): Span {
  if (text.includes(':') && ipaddr.IPv6.isValid(text.split(/[/%-]/)[0] ?? '')) throw new OtjError('RANGE_IPV6', text);
  const [first, last] = text.includes('/') ? ofSubnet(text) : ofEnds(text);
  if (first === null || last === null) throw new OtjError('RANGE_UNFIT', text);
  if (last < first) throw new OtjError('RANGE_REVERSED', text);
  if (last - first >= MOST && !isException) throw new OtjError('RANGE_TOO_LARGE', text);
  return { first, last };
}

type Ends = [number | null, number | null];

function ofSubnet(text: string): Ends {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return [null, null];
  const first = number(ipaddr.IPv4.networkAddressFromCIDR(text).toString());
  const last = number(ipaddr.IPv4.broadcastAddressFromCIDR(text).toString());
  if (first === null || last === null) return [null, null];
  return last - first > 1 ? [first + 1, last - 1] : [first, last];
}

function ofEnds(text: string): Ends {
  const [start = '', end, ...more] = text.split('-').map((part) => part.trim());
  if (more.length > 0) return [null, null];
  const full = end !== undefined && /^\d{1,3}$/.test(end) ? start.replace(/\d+$/, end) : (end ?? start);
  return [number(start), number(full)];
}

function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    const before = apart.at(-1);
    if (before && span.first <= before.last + 1) before.last = Math.max(before.last, span.last);
    else apart.push({ ...span });
  }
  return apart;
}

/** Both in order and apart. */
function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const parts: Span[] = [];
    let from = span.first;
    for (const { first, last } of holes) {
      if (last < from || first > span.last) continue;
      if (first > from) parts.push({ first: from, last: first - 1 });
      from = last + 1;
    }
    return from <= span.last ? [...parts, { first: from, last: span.last }] : parts;
  });
}

function number(text: string): number | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  return ipaddr.IPv4.parse(text).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
