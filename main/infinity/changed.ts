/** Is an entry somebody else's, or has somebody changed it since we wrote it? There are no ETags in the API, so values are compared. Pure. */
import type { Conflict, EntryFields } from '../contract/conflict.ts';
import { OtjError } from '../contract/errors.ts';
import { diffFields, type FieldChange, fieldValue, READABLE, readableFields, sameValue } from './entry.ts';
import type { Entry } from './resources.ts';

/**
 * States of the entry that are no news: as last read back, as sent when the reply was lost, as found before us; the one
 * that people know it by first. None = nothing is known, so nothing can be told.
 */
export type KnownStates = readonly EntryFields[];

/** Nothing was written; a person decides. Carries what differs. */
export class EntryChanged extends OtjError {
  readonly conflict: Conflict;

  constructor(conflict: Conflict) {
    super('INFINITY_CHANGED', wordsOf(conflict));
    this.conflict = conflict;
  }
}

/**
 * Fails when a change that is about to be made would undo somebody else's.
 * @param changes what would be written, and what is there now
 * @throws EntryChanged
 */
export function assertUnchanged(
  wish: Conflict['wish'],
  entry: Entry,
  changes: readonly FieldChange[],
  known: KnownStates,
): void {
  const [base] = known;
  if (!base) return;
  const news = changes.filter(({ field }) => !known.some((state) => isAs(entry, state, field)));
  if (news.length === 0) return;
  throw new EntryChanged({
    wish,
    entryId: entry.id,
    gone: false,
    foreign: false,
    fields: news.map(({ field, before, after }) => ({ field, base: base[field] ?? null, theirs: before, ours: after })),
    theirs: readableFields(entry),
  });
}

/** The fields that differ from all states that we know of, as changes to nothing; for a removal. */
export function newsOf(entry: Entry, [base]: KnownStates): FieldChange[] {
  if (!base) return [];
  return diffFields(entry, base).map(({ field, before }) => ({ field, before, after: null }));
}

/** The entry was there before us and would be changed, and nobody has agreed to that. */
export function foreignEntry(entry: Entry, changes: readonly FieldChange[]): EntryChanged {
  const fields = changes.map(({ field, before, after }) => ({ field, base: null, theirs: before, ours: after }));
  return new EntryChanged({
    wish: 'write',
    entryId: entry.id,
    gone: false,
    foreign: true,
    fields,
    theirs: readableFields(entry),
  });
}

/** A state that was read as a whole: a field that the reply left out had its default. */
export function wholeState(state: EntryFields): EntryFields {
  return Object.fromEntries(READABLE.map((field) => [field, fieldValue(state, field)]));
}

/** The entry was there and is not any more. */
export function goneEntry(
  entryId: number,
  [base = {}]: KnownStates,
  ours: EntryFields,
  wish: Conflict['wish'] = 'write',
): EntryChanged {
  const fields = Object.entries(ours).map(([field, after]) => ({
    field,
    base: base[field] ?? null,
    theirs: null,
    ours: after,
  }));
  return new EntryChanged({ wish, entryId, gone: true, foreign: false, fields, theirs: {} });
}

function isAs(entry: Entry, state: EntryFields, field: string): boolean {
  return Object.hasOwn(state, field) && sameValue(field, fieldValue(entry, field), state[field] ?? null);
}

function wordsOf({ entryId, gone, foreign, fields }: Conflict): string {
  if (gone) return `entry ${entryId} was deleted`;
  const some = fields.slice(0, 5).map(({ field, base, theirs, ours }) => {
    const was = foreign ? '' : ` was ${JSON.stringify(base)},`;
    const now = `${field}${was} is ${JSON.stringify(theirs)}`;
    return ours === null ? now : `${now}, should be ${JSON.stringify(ours)}`;
  });
  return `entry ${entryId}${foreign ? ' was there before' : ''}: ${some.join('; ')}`.slice(0, 1000);
}
