/** What time it is for the server, by the `Date` of its answers: clocks of laptops differ. */

export class ServerClock {
  /** Of the server's time less this computer's steady one; null = nothing was heard yet. */
  #ahead: number | null = null;

  /** @param header of an answer that has just come */
  heard(header: string | string[] | undefined): void {
    const at = typeof header === 'string' ? Date.parse(header) : Number.NaN;
    if (!Number.isNaN(at)) this.#ahead = at - performance.now();
  }

  now(): Date {
    return this.#ahead === null ? new Date() : new Date(this.#ahead + performance.now());
  }
}
