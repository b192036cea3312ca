/** Ours, base and theirs of an item in the list: what may be written, and what a person has to decide. Pure. */
import {
  type ResultColumn,
  type ResultConflict,
  type ResultFields,
  resultColumnSchema,
} from '../../contract/microsoft/results.ts';
import { sameValue } from './fields.ts';

export interface MergeInput {
  /** What the site file would have there now. */
  ours: ResultFields;
  /** What it would have had when we last wrote; null = we never wrote. */
  written: ResultFields | null;
  /** What was last read back after our write; null = the item is from before us. */
  base: ResultFields | null;
  theirs: ResultFields;
  /** Sent at some time, with the answer lost: finding it there is no news. */
  sent?: ResultFields | null;
}

export interface Merged {
  /** Columns to be written, with our values. */
  write: ResultFields;
  /** Columns that somebody changed and of which we have news too. */
  conflict: ResultConflict | null;
  /** Columns that somebody changed and of which we have no news: they stay, and are shown. */
  theirs: ResultColumn[];
}

/**
 * A column of which we have no news stays as it is. One that nobody has changed since we read it back is ours to write.
 * One that both changed is written by nobody until a person decides; the others are written all the same.
 */
export function merge({ ours, written, base, theirs, sent = null }: MergeInput): Merged {
  const write: ResultFields = {};
  const kept: ResultColumn[] = [];
  const fields: ResultConflict['fields'] = [];
  for (const column of resultColumnSchema.options) {
    const mine = ours[column];
    // Not ours to say, or not in the list.
    if (mine === undefined || theirs[column] === undefined) continue;
    const there = theirs[column] ?? null;
    if (sameValue(column, mine, there)) continue;
    // In an item from before us an empty column is nobody's word.
    const known = base ? base[column] : null;
    const isTheirs = !sameValue(column, there, known) && !(sent && sameValue(column, there, sent[column]));
    const isNews = !written || !sameValue(column, mine, written[column]);
    if (!isTheirs) {
      // What reads back otherwise than it was written, such as a text that the list has cut, is not written for ever.
      if (isNews) write[column] = mine;
    } else if (isNews) {
      fields.push({ column, base: known ?? null, theirs: there, ours: mine });
    } else {
      kept.push(column);
    }
  }
  return { write, conflict: fields.length > 0 ? { gone: false, fields, theirs } : null, theirs: kept };
}

/** Columns that say which room it is, not how far it is. */
const IDENTITY = ['jobKey', 'room', 'building', 'floor', 'mailbox'] as const satisfies readonly ResultColumn[];

/**
 * An item with the room's key that this site file did not make: a colleague's, or one of a list that was there before.
 * What it says of a room that nobody has begun is nobody's word. Of a room that was begun there and not here, there is no
 * news here. Where both were at work, a person decides.
 */
export function adopted(
  ours: ResultFields,
  theirs: ResultFields,
  begunHere: boolean,
): Pick<MergeInput, 'written' | 'base'> {
  const isBegunThere = isNews(theirs.state);
  // What a dry run found here is news only where nobody has begun there.
  if (!begunHere && (isBegunThere || !isNews(ours.state))) return { written: ours, base: theirs };
  const identity = Object.fromEntries(IDENTITY.map((column) => [column, ours[column] ?? null])) as ResultFields;
  return { written: identity, base: isBegunThere ? null : theirs };
}

function isNews(state: ResultFields[ResultColumn]): boolean {
  return Boolean(state) && state !== 'not started' && state !== 'ready';
}

/** Somebody has deleted the item. */
export function goneConflict(base: ResultFields, ours: ResultFields): ResultConflict {
  const fields = resultColumnSchema.options.flatMap((column) => {
    const mine = ours[column];
    return mine === undefined || mine === null
      ? []
      : [{ column, base: base[column] ?? null, theirs: null, ours: mine }];
  });
  return { gone: true, fields, theirs: {} };
}

/** What somebody changed, in a few words for a log or a terminal. */
export function conflictWords({ gone, fields }: ResultConflict): string {
  if (gone) return 'the item was deleted';
  const some = fields.slice(0, 5).map(({ column, base, theirs, ours }) => {
    const [was, is, should] = [base, theirs, ours].map((value) => JSON.stringify(value));
    return `${column} was ${was}, is ${is}, should be ${should}`;
  });
  return some.join('; ').slice(0, 1000);
}
