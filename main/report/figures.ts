/** What a report says in numbers and groups, computed from its rooms. Pure. */
import type { Report, ReportRoom } from './model.ts';
import { isUnproven, STATE_ORDER } from './words.ts';

/** A room and its place in the report, by which its section is linked. */
export interface Placed {
  room: ReportRoom;
  index: number;
}

/** One thing to do and all rooms where it is to be done. */
export interface Task {
  text: string;
  rooms: Placed[];
}

export interface Bucket {
  label: string;
  rooms: number;
}

export interface Figures {
  /** Sum over all states. */
  total: number;
  attention: Placed[];
  byHand: Task[];
  owed: Task[];
  /** Runs cut off or still going, rooms ready and rooms not started. */
  interrupted: Placed[];
  ready: Placed[];
  notStarted: Placed[];
  without: {
    measured: number;
    medianMs: number | null;
    worst: (Placed & { ms: number }) | null;
    /** Rooms that left the old service and are not yet proven to be served. */
    unproven: Placed[];
    histogram: Bucket[];
  };
}

// Steps that a person tells apart: within the visit, a coffee, a morning, a day and more.
const BUCKETS: readonly (readonly [untilMs: number, label: string])[] = [
  [2_000, 'up to 2 s'],
  [5_000, '2 to 5 s'],
  [15_000, '5 to 15 s'],
  [30_000, '15 to 30 s'],
  [60_000, '30 to 60 s'],
  [120_000, '1 to 2 min'],
  [300_000, '2 to 5 min'],
  [900_000, '5 to 15 min'],
  [3_600_000, '15 to 60 min'],
  [14_400_000, '1 to 4 h'],
  [86_400_000, '4 to 24 h'],
  [Number.POSITIVE_INFINITY, 'over 24 h'],
];

/** All numbers of the summary at once. */
export function figuresOf(report: Report): Figures {
  const placed = report.rooms.map((room, index) => ({ room, index }));
  const inState = (state: string) => placed.filter(({ room }) => room.state === state);
  return {
    total: STATE_ORDER.reduce((sum, state) => sum + report.counts[state], 0),
    attention: inState('needs attention'),
    byHand: tasks(placed, (room) => room.manual.filter((step) => step.tickedAt === null).map((step) => step.text)),
    owed: tasks(placed, (room) => room.owed),
    interrupted: inState('in progress'),
    ready: inState('ready'),
    notStarted: inState('not started'),
    without: withoutOtj(placed),
  };
}

function tasks(placed: readonly Placed[], textsOf: (room: ReportRoom) => readonly string[]): Task[] {
  const byText = new Map<string, Placed[]>();
  for (const place of placed) {
    for (const text of new Set(textsOf(place.room))) {
      const rooms = byText.get(text);
      if (rooms) rooms.push(place);
      else byText.set(text, [place]);
    }
  }
  return [...byText].map(([text, rooms]) => ({ text, rooms })).sort((a, b) => b.rooms.length - a.rooms.length);
}

function withoutOtj(placed: readonly Placed[]): Figures['without'] {
  const measured = placed
    .flatMap((place) => {
      const ms = place.room.withoutOtjMs;
      return ms !== null && Number.isFinite(ms) && ms >= 0 ? [{ ...place, ms }] : [];
    })
    .sort((a, b) => a.ms - b.ms);
  return {
    measured: measured.length,
    medianMs: median(measured.map(({ ms }) => ms)),
    worst: measured.at(-1) ?? null,
    unproven: placed.filter(({ room }) => isUnproven(room)),
    histogram: histogram(measured.map(({ ms }) => ms)),
  };
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The buckets from the first to the last that holds a room, empty ones between them included. */
function histogram(sorted: readonly number[]): Bucket[] {
  const buckets = BUCKETS.map(([, label]) => ({ label, rooms: 0 }));
  for (const ms of sorted) {
    const bucket = buckets[BUCKETS.findIndex(([untilMs]) => ms <= untilMs)];
    if (bucket) bucket.rooms += 1;
  }
  const held = buckets.map(({ rooms }) => rooms > 0);
  return buckets.slice(Math.max(held.indexOf(true), 0), held.lastIndexOf(true) + 1);
}
