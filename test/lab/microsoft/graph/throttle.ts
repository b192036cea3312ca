/** The limits that Graph keeps. Source: throttling-limits (Outlook: four at once; the directory: units in ten seconds). */
import type { Behaviour } from './behaviour.ts';
import { fault, type Reply } from './route.ts';

const BUCKET_MS = 10_000;
const OUTLOOK_MS = 600_000;

export class Throttle {
  readonly #behaviour: Behaviour;
  readonly #busy = new Map<string, number>();
  readonly #outlook = new Map<string, { from: number; count: number }>();
  readonly #directory = new Map<string, { from: number; units: number }>();

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /** Takes one of Outlook's places; `leave` gives it back. @param mailbox whose; empty when it is nobody's, such as places */
  outlook(app: string, mailbox: string): { refused: Reply } | { leave(): void } {
    const { throttling, outlookScope, outlookAtOnce, outlookRequests, retryAfterS } = this.#behaviour;
    if (!throttling) return { leave: () => {} };
    const key = outlookScope === 'app' ? app : `${app} ${mailbox.toLowerCase()}`;
    const busy = this.#busy.get(key) ?? 0;
    if (busy >= outlookAtOnce) {
      const words = 'Application is over its MailboxConcurrency limit.';
      return { refused: fault(429, 'ApplicationThrottled', words, { 'Retry-After': String(retryAfterS) }) };
    }
    const now = Date.now();
    const each = `${app} ${mailbox.toLowerCase()}`;
    const window = this.#outlook.get(each);
    const fresh = !window || now - window.from >= OUTLOOK_MS ? { from: now, count: 0 } : window;
    this.#outlook.set(each, fresh);
    if (++fresh.count > outlookRequests) {
      const wait = Math.ceil((fresh.from + OUTLOOK_MS - now) / 1000);
      const words = 'Application is over its RequestCount limit.';
      return { refused: fault(429, 'ApplicationThrottled', words, { 'Retry-After': String(wait) }) };
    }
    this.#busy.set(key, busy + 1);
    return { leave: () => this.#busy.set(key, (this.#busy.get(key) ?? 1) - 1) };
  }

  /** A refused request counts as well. */
  directory(app: string, units: number): { refused: Reply } | { headers: Record<string, string> } {
    const { throttling, directoryUnits } = this.#behaviour;
    if (!throttling) return { headers: {} };
    const now = Date.now();
    const bucket = this.#directory.get(app);
    const fresh = !bucket || now - bucket.from >= BUCKET_MS ? { from: now, units: 0 } : bucket;
    this.#directory.set(app, fresh);
    fresh.units += units;
    const share = fresh.units / directoryUnits;
    const headers: Record<string, string> = { 'x-ms-resource-unit': String(units) };
    if (share >= 0.8) headers['x-ms-throttle-limit-percentage'] = share.toFixed(1);
    if (share <= 1) return { headers };
    const wait = Math.max(1, Math.ceil((fresh.from + BUCKET_MS - now) / 1000));
    return { refused: fault(429, 'TooManyRequests', 'Too Many Requests', { 'Retry-After': String(wait), ...headers }) };
  }
}
