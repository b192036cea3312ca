/**
 * Cuts the text of a codec's SSH session (tsh, JSON output mode) into what matters: whole JSON objects and stray lines.
 * Pure and total: any text, cut anywhere, never throws; memory is bounded, time is linear. After anything odd it goes on
 * reading with the next line, or at once where a new object begins.
 */
import { MAX_DEPTH, ObjectScanner, type Verdict } from './objectScanner.ts';

export type TshItem =
  | { kind: 'object'; value: Record<string, unknown> }
  /** A line outside of any object, such as `OK` or `Command not recognized.` */
  | { kind: 'line'; text: string }
  /** Something that began like an object and is none, or grew beyond a limit. */
  | { kind: 'broken'; tooLarge: boolean; text: string };

/** No reply of a codec comes near this: 200 macros of 150 kB. */
export const MAX_OBJECT_CHARS = 32 * 1024 * 1024;
const MAX_LINE_CHARS = 64 * 1024;
/** Lines in a row with no object between. More is no codec that answers. */
export const MAX_STRAY_LINES = 10_000;
/** Enough to tell what it was; not enough to reach into a macro's text, which may hold tokens. */
const TOLD_CHARS = 40;
const SMALL_PARTS = 1024;

export class TshReader {
  /** What was kept so far, in few large parts and many small ones behind: pieces may be single characters. */
  private parts: string[] = [];
  private small: string[] = [];
  private size = 0;
  /** The object that is being read, if any. */
  private scanner: ObjectScanner | null = null;
  /** Whether an object may begin here: nothing but blanks on this line so far. */
  private blank = true;
  private strayLines = 0;
  /** Whether no object of this piece was looked for in vain: then it is no usual piece, and each costs time. */
  private mayBeWhole = true;

  /** Whether an object has begun and not ended. */
  get isInside(): boolean {
    return this.scanner !== null;
  }

  /** @param text the next piece, cut anywhere. @returns what became whole with it, in order. */
  push(text: string): TshItem[] {
    const items: TshItem[] = [];
    this.mayBeWhole = true;
    let at = 0;
    while (at < text.length)
      at = this.scanner ? this.readObject(text, at, this.scanner, items) : this.readLine(text, at, items);
    return items;
  }

  /** Each returns where to go on in the text. */
  private readObject(text: string, from: number, scanner: ObjectScanner, items: TshItem[]): number {
    const verdict = scanner.scan(text, from);
    this.keep(text.slice(from, scanner.at));
    if (this.size > MAX_OBJECT_CHARS) this.giveUp('deep', items);
    else if (verdict === 'whole') {
      this.scanner = null;
      this.strayLines = 0;
      this.blank = true;
      items.push(toObject(this.take()));
    } else if (verdict === 'not') {
      // Text of a person with a brace in front: a line like any other. After the brace there were only blanks.
      const brace = this.take();
      this.scanner = null;
      this.blank = brace.includes('\n');
      if (this.blank) this.addLine(brace, items);
      else this.keep(brace);
    } else if (verdict !== 'more') this.giveUp(verdict, items, text.charAt(scanner.at));
    return scanner.at;
  }

  private readLine(text: string, from: number, items: TshItem[]): number {
    if (this.blank) {
      NOT_BLANK.lastIndex = from;
      const first = NOT_BLANK.exec(text);
      if (first?.[0] === '{') {
        this.take();
        const end = this.takeWhole(text, first.index, items);
        if (end > 0) return end;
        this.scanner = new ObjectScanner();
        this.keep('{');
        return first.index + 1;
      }
      if (first?.[0] !== '\n') this.blank = first === null;
    }
    const end = text.indexOf('\n', from);
    // Blanks alone are not worth keeping.
    if (!this.blank) this.keep(text.slice(from, end < 0 ? text.length : end));
    if (this.size > MAX_LINE_CHARS) this.giveUp('deep', items);
    if (end < 0) return text.length;
    this.addLine(this.take(), items);
    this.blank = true;
    return end + 1;
  }

  /**
   * The usual case, without a look at each character: an object that stands in one piece as codecs write it, its last
   * brace alone at the beginning of a line. Text that is JSON from brace to brace is what the scanner would find. @returns where to go on; 0 = there is none such, and no other is looked for in the piece
   */
  private takeWhole(text: string, from: number, items: TshItem[]): number {
    if (!this.mayBeWhole) return 0;
    this.mayBeWhole = false;
    const end = text.indexOf(LAST_BRACE, from) + LAST_BRACE.length;
    if (end < LAST_BRACE.length) return 0;
    const whole = toObject(text.slice(from, end));
    if (whole.kind !== 'object' || !isPlain(whole.value, MAX_DEPTH)) return 0;
    this.mayBeWhole = true;
    this.strayLines = 0;
    items.push(whole);
    return end;
  }

  private addLine(text: string, items: TshItem[]): void {
    const line = text.trim();
    if (!line) return;
    items.push({ kind: 'line', text: line });
    if (++this.strayLines > MAX_STRAY_LINES) this.giveUp('deep', items);
  }

  /** @param next the character that was wrong: a brace there begins a new object, as after a reply that was cut short */
  private giveUp(verdict: Verdict, items: TshItem[], next = ''): void {
    items.push({ kind: 'broken', tooLarge: verdict === 'deep', text: this.take().slice(0, TOLD_CHARS) });
    this.scanner = null;
    this.blank = next === '{' || next === '\n';
    this.strayLines = 0;
  }

  private keep(text: string): void {
    if (!text) return;
    this.size += text.length;
    if (this.small.push(text) < SMALL_PARTS) return;
    this.parts.push(this.small.join(''));
    this.small = [];
  }

  private take(): string {
    const text = this.parts.concat(this.small).join('');
    this.parts = [];
    this.small = [];
    this.size = 0;
    return text;
  }
}

const LAST_BRACE = '\n}';

/** Not too deep, and of texts as codecs write them: of a number nobody knows any more how long it was, which the scanner bounds. */
function isPlain(node: unknown, levels: number): boolean {
  if (typeof node !== 'object' || node === null) return typeof node !== 'number';
  if (levels === 0) return false;
  for (const name in node) if (!isPlain(Reflect.get(node, name), levels - 1)) return false;
  return true;
}

/** The first character that is no blank, or the end of the line. */
const NOT_BLANK = /\n|\S/g;

function toObject(text: string): TshItem {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { kind: 'object', value: value as Record<string, unknown> };
  } catch {
    // Told as broken below: the caller decides what hangs on it.
  }
  return { kind: 'broken', tooLarge: false, text: text.slice(0, TOLD_CHARS) };
}
