/**
 * What is to be written to a place, and what is to be put back. Pure. What is ours there is known by what we wrote; whatever
 * differs from that was set by somebody, and stays.
 */
import type { PlaceChange, PlaceDevice, PlaceTheirs } from '../../contract/microsoft/places.ts';
import { hasTag, type PlaceNow, type PlaceValues } from './place.ts';

type Values = Partial<Record<PlaceDevice, string | null>>;

/** What we have written to a place. */
export interface Ours {
  /** What stood there before our first write. */
  before: Values;
  written: Values;
  /** Tags that we have added. */
  tags: string[];
}

export interface PlaceWish {
  devices: Values;
  tags: readonly string[];
}

/**
 * Whose values may be written over. `fill`: nobody's. `replace`: what stood there before we first wrote, which is kept.
 * `overwrite`: also what somebody has set since.
 */
export type Policy = 'fill' | 'replace' | 'overwrite';

export interface Planned {
  changes: PlaceChange[];
  theirs: PlaceTheirs[];
  /** null = there is nothing to be written. */
  values: PlaceValues | null;
  /** Tags that are to be gone. */
  gone: string[];
}

/** A write on its way: should its answer get lost, the next look tells what became of it. */
export interface Sending {
  changes: PlaceChange[];
  undo: boolean;
}

export const NOTHING: Ours = { before: {}, written: {}, tags: [] };

/** What is ours, once it is seen whether a write got there. */
export function settled(ours: Ours, sending: Sending | null, now: PlaceNow): Ours {
  if (!sending) return ours;
  const after: Ours = { before: { ...ours.before }, written: { ...ours.written }, tags: [...ours.tags] };
  for (const { property, before, after: to } of sending.changes)
    if (property === 'tags') settleTag(after, before, to, now);
    else if (now.devices[property] === before) continue;
    else if (!sending.undo) note(after, property, before, to);
    else if (now.devices[property] === to) forget(after, property);
  return after;
}

/** The same where the place was read back and has all of it. */
export function done(ours: Ours, { changes, undo }: Sending): Ours {
  const after: Ours = { before: { ...ours.before }, written: { ...ours.written }, tags: [...ours.tags] };
  for (const { property, before, after: to } of changes)
    if (property !== 'tags') undo ? forget(after, property) : note(after, property, before, to);
    else if (to !== null) after.tags = [...after.tags.filter((tag) => !hasTag([to], tag)), to];
    else if (before !== null) after.tags = after.tags.filter((tag) => !hasTag([before], tag));
  return after;
}

function settleTag(after: Ours, before: string | null, to: string | null, now: PlaceNow): void {
  if (to !== null && hasTag(now.tags, to) && !hasTag(after.tags, to)) after.tags.push(to);
  if (before !== null && !hasTag(now.tags, before)) after.tags = after.tags.filter((tag) => !hasTag([before], tag));
}

function note(after: Ours, property: PlaceDevice, before: string | null, to: string | null): void {
  // What stood there before our first write is what is put back.
  if (!Object.hasOwn(after.before, property) || after.written[property] !== before) after.before[property] = before;
  after.written[property] = to;
}

function forget(after: Ours, property: PlaceDevice): void {
  delete after.before[property];
  delete after.written[property];
}

export function planWrite(wish: PlaceWish, ours: Ours, now: PlaceNow, policy: Policy): Planned {
  const changes: PlaceChange[] = [];
  const theirs: PlaceTheirs[] = [];
  for (const [property, wanted] of entries(wish.devices)) {
    const there = now.devices[property];
    if (there === wanted || wanted === null) continue;
    const written = ours.written[property];
    const isOurs = written !== undefined && written === there;
    const isFree = written === undefined && (there === null || policy !== 'fill');
    if (isOurs || isFree || policy === 'overwrite') changes.push({ property, before: there, after: wanted });
    else theirs.push({ property, theirs: there, ours: wanted });
  }
  for (const tag of wish.tags) {
    if (hasTag(now.tags, tag)) continue;
    // We added it, and it is gone: somebody took it away.
    if (hasTag(ours.tags, tag) && policy !== 'overwrite') theirs.push({ property: 'tags', theirs: null, ours: tag });
    else changes.push({ property: 'tags', before: null, after: tag });
  }
  return planned(changes, theirs, now);
}

export function planUndo(ours: Ours, now: PlaceNow): Planned {
  const changes: PlaceChange[] = [];
  const theirs: PlaceTheirs[] = [];
  for (const [property, written] of entries(ours.written)) {
    const there = now.devices[property];
    const before = ours.before[property] ?? null;
    if (there === before) continue;
    if (there === written) changes.push({ property, before: there, after: before });
    else theirs.push({ property, theirs: there, ours: before });
  }
  for (const tag of ours.tags) if (hasTag(now.tags, tag)) changes.push({ property: 'tags', before: tag, after: null });
  return planned(changes, theirs, now);
}

/** Tags go as a whole, so those of others go with ours. */
function planned(changes: PlaceChange[], theirs: PlaceTheirs[], now: PlaceNow): Planned {
  const gone = changes.flatMap(({ property, before, after }) =>
    property === 'tags' && after === null && before !== null ? [before] : [],
  );
  if (changes.length === 0) return { changes, theirs, values: null, gone };
  const values: PlaceValues = {};
  for (const { property, after } of changes) if (property !== 'tags') values[property] = after;
  const added = changes.flatMap(({ property, after }) => (property === 'tags' && after !== null ? [after] : []));
  if (added.length + gone.length > 0) values.tags = [...now.tags.filter((tag) => !hasTag(gone, tag)), ...added];
  return { changes, theirs, values, gone };
}

function entries(values: Values): [PlaceDevice, string | null][] {
  return Object.entries(values) as [PlaceDevice, string | null][];
}

/** Whether nothing of ours is there any more. */
export function isNothing({ written, tags }: Ours): boolean {
  return Object.keys(written).length === 0 && tags.length === 0;
}
