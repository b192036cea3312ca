/** Words that are nobody's, so that they may stay. */

/** Of letters and digits. */
export const WORD = /[\p{L}\p{N}]+/gu;

/** Those of every protocol. */
const COMMON =
  'ok error end true false on off auto http https wss json xml utf8 cdata url header headers body console log info warn debug ' +
  'admin user otj nobody nothing unfit';

/** The words that stay in one recording: the fixed ones, those of names of places, and those of public values. */
export class Vocabulary {
  private readonly fixed: ReadonlySet<string>;
  private readonly own = new Set<string>();

  /** @param fixed texts whose words stay in free text too */
  constructor(fixed: readonly string[] = []) {
    this.fixed = new Set([COMMON, ...fixed].flatMap((text) => text.toLowerCase().match(WORD) ?? []));
  }

  /** @param text of a name of a place, or of a value that is the same for every customer */
  add(text: string): void {
    const parts = text.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').match(WORD) ?? [];
    for (const word of [...parts, ...(text.match(WORD) ?? [])]) this.own.add(word.toLowerCase());
  }

  /** Whether a word stays in free text. */
  isFixed(word: string): boolean {
    return this.fixed.has(word.toLowerCase());
  }

  /** Whether a text says so little that it can be found anywhere: words of the device's makers, or a short number. */
  isCommon(text: string): boolean {
    const words = text.toLowerCase().match(WORD) ?? [];
    if (words.length === 0 || text.trim().length < 2) return true;
    return words.every((word) => this.fixed.has(word) || this.own.has(word) || /^\d{1,4}$/.test(word));
  }
}
