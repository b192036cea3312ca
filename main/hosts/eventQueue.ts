/** Gathers events, so that a screen is told in few messages what happened in many small ones. */
import type { AppEvent } from '../contract/events.ts';
import type { RoomRow } from '../contract/rooms.ts';

/** Between two batches, milliseconds. */
const EVERY_MS = 50;

export class EventQueue {
  private waiting: AppEvent[] = [];
  private timer: NodeJS.Timeout | null = null;
  private sentAt = Number.NEGATIVE_INFINITY;
  private readonly send: (events: AppEvent[]) => void;

  constructor(send: (events: AppEvent[]) => void) {
    this.send = send;
  }

  add(event: AppEvent): void {
    this.waiting.push(event);
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.sentAt + EVERY_MS - performance.now()));
  }

  /** Sends what there is now. A reply is preceded by all that happened before it. */
  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting.length === 0) return;
    this.sentAt = performance.now();
    const events = merged(this.waiting);
    this.waiting = [];
    this.send(events);
  }
}

/**
 * Of several events that tell how one thing is, the last is enough; it keeps its place. Rows of rooms come together.
 * Nothing is merged over a `list`: rooms before it may be those of another site.
 */
export function merged(events: readonly AppEvent[]): AppEvent[] {
  const kept: AppEvent[] = [];
  const known = new Set<string>();
  /** Rows of this stretch by room, newest first; their event stands at the place of the newest. */
  let rows: Map<number, RoomRow> | null = null;
  const gathered: { at: number; rows: Map<number, RoomRow> }[] = [];
  for (const event of events.toReversed()) {
    if (event.type === 'list') {
      known.clear();
      rows = null;
    }
    if (event.type === 'rooms') {
      if (!rows) {
        rows = new Map();
        gathered.push({ at: kept.push(event) - 1, rows });
      }
      for (const row of event.rooms) if (!rows.has(row.id)) rows.set(row.id, row);
      continue;
    }
    const key = keyOf(event);
    if (key !== null && known.has(key)) continue;
    if (key !== null) known.add(key);
    kept.push(event);
  }
  for (const { at, rows } of gathered) kept[at] = { type: 'rooms', rooms: [...rows.values()] };
  return kept.reverse();
}

/** What an event is the present state of; null = it is a happening of its own. */
function keyOf(event: AppEvent): string | null {
  switch (event.type) {
    case 'job':
      return `job ${event.job.id}`;
    case 'site':
    case 'devices':
    case 'reach':
      return event.type;
    default:
      return null;
  }
}
