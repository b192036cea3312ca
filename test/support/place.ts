/**
 * Addresses for tests. Files run side by side, and two of them must never want the same: a file has a network of its own by
 * its number, or, where several files share a set-up, by the place it runs in.
 */

/** The place of this file among those that run now, from 1: no two have the same at one time. */
export const PLACE = Number(process.env.VITEST_POOL_ID || 1);
