/**
 * How this computer's clock stands to that of the Management Node, from the `Date` of its replies. A technician's laptop may
 * be many minutes off, and then the node's times say nothing beside this computer's.
 */

/** `Date` has whole seconds. */
const WHOLE_MS = 1000;
/** Less cannot be told from a reply that was on its way. */
const NOTHING_MS = 2000;
/** The clock may be set while a client is open; so many replies are looked back at. */
const KEPT = 16;

/**
 * How far this computer's clock is ahead of the node's, milliseconds, at most a second and the way of the reply too much;
 * negative when it is behind, null when the reply does not tell.
 */
export function clockAhead(date: string | string[] | undefined, now = Date.now()): number | null {
  const at = Date.parse(String(date ?? ''));
  return Number.isNaN(at) ? null : now - at;
}

export class NodeClock {
  readonly #seen: number[] = [];

  note(date: string | string[] | undefined, now = Date.now()): void {
    const ahead = clockAhead(date, now);
    if (ahead === null) return;
    this.#seen.push(ahead);
    if (this.#seen.length > KEPT) this.#seen.shift();
  }

  /**
   * How far this computer is surely ahead of the node, milliseconds; 0 when it is not known or too little to be told. Never
   * too much, so that a contact is never taken for later than it was.
   */
  ahead(): number {
    const least = Math.min(...this.#seen);
    return Number.isFinite(least) && Math.abs(least) >= NOTHING_MS ? least - WHOLE_MS : 0;
  }
}

/** A time of the node's as this computer's clock would have told it. */
export function byOurClock(time: Date | null, ahead: number): Date | null {
  return time && new Date(time.getTime() + ahead);
}
