/** Rows of lists that could not be understood: passed over, but never in silence. */
import { OtjError } from '../contract/errors.ts';
import type { Resource } from './paths.ts';
import { short } from './replies.ts';

/** More of one list are no odd rows any more. */
const MOST = 100;
/** So much of a row is looked through for a room's mailbox. */
const LONGEST = 20_000;

export interface UnreadRow {
  resource: Resource;
  /** What was wrong, for people. Never a value. */
  words: string;
  /** The row itself; hostile, and perhaps with personal data: to be searched and not to be shown. */
  text: string;
}

export class UnreadRows {
  readonly #rows = new Map<Resource, UnreadRow[]>();

  /** The list is read anew. */
  begin(resource: Resource): void {
    this.#rows.delete(resource);
  }

  /** @throws OtjError INFINITY_ODD when there are too many, so that it is no list of this resource */
  note(resource: Resource, row: unknown, words: string): void {
    const rows = this.#rows.get(resource) ?? [];
    if (rows.length >= MOST) throw new OtjError('INFINITY_ODD', words);
    rows.push({ resource, words, text: (JSON.stringify(row) ?? '').slice(0, LONGEST) });
    this.#rows.set(resource, rows);
  }

  /** As each list was read last. */
  all(): readonly UnreadRow[] {
    return [...this.#rows.values()].flat();
  }

  /**
   * A row that may be this room's must not be passed over: another would be made beside it.
   * @throws OtjError INFINITY_ODD
   */
  assertNotOf(resource: Resource, mailbox: string): void {
    const own = this.of(resource, mailbox);
    if (own)
      throw new OtjError('INFINITY_ODD', `a row of ${short(resource)} with this mailbox cannot be read: ${own.words}`);
  }

  /** One that may be this room's, because its mailbox stands in it. */
  of(resource: Resource, mailbox: string): UnreadRow | null {
    const wanted = mailbox.trim().normalize('NFC').toLowerCase();
    if (wanted === '') return null;
    const isOwn = ({ text }: UnreadRow) => text.normalize('NFC').toLowerCase().includes(wanted);
    return this.#rows.get(resource)?.find(isOwn) ?? null;
  }
}
