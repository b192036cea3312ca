/** Events to one page over a connection that may be slow: what waits is merged, and too much of it ends the stream. */
import type { AppEvent } from '../contract/events.ts';
import { merged } from './eventQueue.ts';

/** A page that is so far behind begins anew: it comes back by itself and fetches everything. */
const MOST_WAITING = 10_000;
/** Between two signs of life, milliseconds. */
const PING_MS = 15_000;

export class EventStream {
  private readonly write: (text: string) => Promise<unknown>;
  private readonly giveUp: () => void;
  private readonly ping: NodeJS.Timeout;
  private waiting: AppEvent[] = [];
  private pingDue = false;
  private writing = false;

  /** @param write resolves when there is room for more; @param giveUp ends the connection */
  constructor(write: (text: string) => Promise<unknown>, giveUp: () => void) {
    this.write = write;
    this.giveUp = giveUp;
    this.ping = setInterval(() => {
      this.pingDue = true;
      void this.drain();
    }, PING_MS);
  }

  /** The first bytes, so that the page knows at once that it is connected. */
  greet(): void {
    this.pingDue = true;
    void this.drain();
  }

  send(events: readonly AppEvent[]): void {
    this.waiting.push(...events);
    if (this.writing) this.waiting = merged(this.waiting);
    if (this.waiting.length > MOST_WAITING) this.giveUp();
    else void this.drain();
  }

  stop(): void {
    clearInterval(this.ping);
    this.waiting = [];
  }

  private async drain(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.waiting.length > 0 || this.pingDue) {
      const events = this.waiting;
      this.waiting = [];
      this.pingDue = false;
      await this.write(events.length > 0 ? `data: ${JSON.stringify(events)}\n\n` : ': here\n\n');
    }
    this.writing = false;
  }
}
