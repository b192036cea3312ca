/** What a program prints, line by line as it comes: bounded, and without what moves a cursor, colours or turns the writing around. */
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Characters of a line that are shown. */
const LONGEST = 500;
/** Lines that are told; what comes after them is counted. */
const MOST = 5_000;
/** Characters that are kept of a line that does not end. */
const MOST_WAITING = 16_384;

export interface TranscriptLine {
  from: 'out' | 'err';
  text: string;
}

export class Transcript {
  readonly #tell: (line: TranscriptLine) => void;
  readonly #see: (line: TranscriptLine) => void;
  readonly #waiting = { out: '', err: '' };
  readonly #decoders = { out: new StringDecoder('utf8'), err: new StringDecoder('utf8') };
  lines = 0;

  /** @param see is given every line, also those beyond what is told */
  constructor(tell: (line: TranscriptLine) => void, see: (line: TranscriptLine) => void = () => undefined) {
    this.#tell = tell;
    this.#see = see;
  }

  /** Lines that were not told, because there are too many. */
  get dropped(): number {
    return Math.max(0, this.lines - MOST);
  }

  feed(from: TranscriptLine['from'], chunk: Buffer): void {
    const pieces = (this.#waiting[from] + this.#decoders[from].write(chunk)).split(/\r\n|\n|\r(?!$)/);
    const last = pieces.pop() ?? '';
    for (const piece of pieces) this.#line(from, piece);
    // A line without an end is cut off where nobody would read on.
    if (last.length < MOST_WAITING) this.#waiting[from] = last;
    else {
      this.#line(from, last);
      this.#waiting[from] = '';
    }
  }

  /** What is left without a line end. */
  end(): void {
    for (const from of ['out', 'err'] as const) {
      const left = this.#waiting[from] + this.#decoders[from].end();
      this.#waiting[from] = '';
      if (left !== '') this.#line(from, left);
    }
  }

  #line(from: TranscriptLine['from'], raw: string): void {
    const text = shownLine(raw);
    if (text === '') return;
    this.lines++;
    this.#see({ from, text });
    if (this.lines <= MOST) this.#tell({ from, text });
  }
}

/** One line as it may be shown anywhere. */
function shownLine(raw: string): string {
  const plain = stripVTControlCharacters(raw.slice(0, MOST_WAITING)).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
  const letters = [...plain.trimEnd()];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : letters.join('');
}
