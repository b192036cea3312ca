/** Parts of the SSH library that it shows to nobody. Whoever reaches for one does without where it is not there. */

/** An object or function inside of another; null where there is none of this name. */
export function part(whole: unknown, name: string): object | null {
  const value: unknown = typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : null;
  return typeof value === 'object' || typeof value === 'function' ? value : null;
}

/**
 * Ends the library's reports of what it does: it words one for each packet. To be called when nothing in them is of use
 * any more.
 */
export function hush(client: unknown): void {
  const protocol = part(client, '_protocol');
  if (protocol) Reflect.set(protocol, '_debug', undefined);
}
