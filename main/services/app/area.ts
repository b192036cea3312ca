/** What the handlers of all areas share. */
import { homedir } from 'node:os';
import { resolve, sep } from 'node:path';
import { OtjError } from '../../contract/errors.ts';
import type { Handlers, MethodName } from '../../contract/methods.ts';
import type { SiteView } from '../../contract/site.ts';
import type { Site } from '../../site/site.ts';
import type { OpenSite } from '../openSite.ts';
import { siteView } from '../siteView.ts';

/** The handlers of some areas: `rooms` has all of `rooms.list`, `rooms.detail`, … */
export type Area<A extends string> = Pick<Handlers, Extract<MethodName, `${A}.${string}`>>;

/**
 * Makes a change that what is under way may rely on, so nothing may be under way. For one moment no other process works
 * on the file. Throws SITE_NONE, JOB_RUNNING, SITE_BUSY, DISK.
 */
export function change<T>({ site, jobs }: OpenSite, work: (site: Site) => T): T {
  jobs.assertIdle();
  site.takeLock();
  try {
    return work(site);
  } finally {
    site.releaseLock();
  }
}

/**
 * The same for a change that asks a device or a server first: nothing else begins until it has ended, here or elsewhere.
 * Throws as `change` does, and what the work throws.
 */
export function changeOnline<T>(
  { site, jobs }: OpenSite,
  what: string,
  work: (site: Site, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return jobs.whileAlone(what, async (signal) => {
    site.takeLock();
    try {
      return await work(site, signal);
    } finally {
      site.releaseLock();
    }
  });
}

/** Tells the screen how the site is now. Throws SITE_NONE. */
export function toldView(open: OpenSite): SiteView {
  open.siteChanged();
  return viewOf(open);
}

/** Throws SITE_NONE. */
export function viewOf(open: OpenSite): SiteView {
  const view = siteView(open);
  if (!view) throw new OtjError('SITE_NONE');
  return view;
}

/** The fields that are really given: over some transports an absent one arrives as undefined. */
export function given<T extends object>(wish: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const fields = Object.entries(wish).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Where new files go unless another folder is chosen. */
export function home(): string {
  return homedir();
}

/** A path as a person types it: below the home folder unless it is a whole one. */
export function pathOf(typed: string): string {
  const below = typed.trim().replace(/^~(?=$|[\\/])/, '.');
  return resolve(home(), below.split('/').join(sep));
}
