/** Requests per second with a waiting line, as RoomOS 10 and later have it for its HTTP API. */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #queue: number;
  #next = 0;

  constructor(perSecond: number, queue: number) {
    this.#intervalMs = 1000 / perSecond;
    this.#queue = queue;
  }

  /** Milliseconds to wait; undefined when the line is full. */
  take(): number | undefined {
    const now = Date.now();
    const turn = Math.max(now, this.#next);
    if (turn - now > this.#queue * this.#intervalMs) return undefined;
    this.#next = turn + this.#intervalMs;
    return turn - now;
  }
}
