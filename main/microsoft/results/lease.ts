/**
 * Who works on a room, as it stands in the list. Pure. All times are the server's: clocks of laptops differ, so a lease is
 * dated by the `Date` of the server's answers and judged by it.
 */
import type { LeaseView, ResultFields } from '../../contract/microsoft/results.ts';
import { LIMITS } from './columns.ts';

export interface Lease {
  holder: string;
  laptop: string;
  /** Drawn anew by each taking that does not carry on with its own, so that two of one technician are not the same. */
  key: string;
  since: string | null;
  until: string;
}

export const LEASE_MS = LIMITS.leaseMinutes.value * 60_000;
/** Renewed when a third of it is gone: two tries may fail before it runs out. */
export const RENEW_MS = LEASE_MS / 3;

/** null = nobody has it; one without a readable end was not written by us and binds nobody. */
export function leaseIn(fields: ResultFields): Lease | null {
  const { leaseHolder, leaseLaptop, leaseKey, leaseSince, leaseUntil } = fields;
  const until = typeof leaseUntil === 'string' ? Date.parse(leaseUntil) : Number.NaN;
  if (!leaseHolder || Number.isNaN(until)) return null;
  return {
    holder: String(leaseHolder),
    laptop: String(leaseLaptop ?? ''),
    key: String(leaseKey ?? ''),
    since: typeof leaseSince === 'string' && !Number.isNaN(Date.parse(leaseSince)) ? leaseSince : null,
    until: new Date(until).toISOString(),
  };
}

export function newLease(who: Pick<Lease, 'holder' | 'laptop' | 'key'>, serverNow: Date): Lease {
  return { ...who, since: seconds(serverNow), until: seconds(new Date(serverNow.getTime() + LEASE_MS)) };
}

export function renewed(lease: Lease, serverNow: Date): Lease {
  return { ...lease, until: seconds(new Date(serverNow.getTime() + LEASE_MS)) };
}

export function leaseFields(lease: Lease | null): ResultFields {
  return {
    leaseHolder: lease?.holder ?? null,
    leaseLaptop: lease?.laptop ?? null,
    leaseKey: lease?.key ?? null,
    leaseSince: lease?.since ?? null,
    leaseUntil: lease?.until ?? null,
  };
}

export function isLive({ until }: Pick<Lease, 'until'>, serverNow: Date): boolean {
  return Date.parse(until) > serverNow.getTime();
}

/**
 * Whether a room may be taken. `own`: this very site file on this computer has it. `expired`: somebody had it and did not come
 * back in time.
 * @param mine the key by which we know a lease as ours; a copy of the site file on another laptop, at the same path, has it too, so
 *   the laptop counts as well
 */
export function judge(
  lease: Lease | null,
  mine: { key: string | null; laptop: string },
  serverNow: Date,
): 'free' | 'own' | 'expired' | 'taken' {
  if (!lease) return 'free';
  if (isOwn(lease, mine)) return 'own';
  return isLive(lease, serverNow) ? 'taken' : 'expired';
}

export function viewOf(lease: Lease, mine: { key: string | null; laptop: string }, serverNow: Date): LeaseView {
  const { holder, laptop, since, until } = lease;
  return { holder, laptop, since, until, own: isOwn(lease, mine), live: isLive(lease, serverNow) };
}

export function isOwn(lease: Lease, mine: { key: string | null; laptop: string }): boolean {
  return mine.key !== null && lease.key === mine.key && lease.laptop === mine.laptop;
}

function seconds(date: Date): string {
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
