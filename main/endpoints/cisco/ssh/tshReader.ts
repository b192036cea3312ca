/**
 * Cuts the text of a codec's SSH session (tsh, JSON output mode) into what matters: whole JSON objects and stray lines.
 * Pure and total: any text, cut anywhere, never throws; memory is bounded.
 */

export type TshItem =
  | { kind: 'object'; value: Record<string, unknown> }
  /** A line outside of any object, such as `OK` or `Command not recognized.` */
  | { kind: 'line'; text: string }
  /** Something that began like an object and is none, or grew beyond the limit. */
  | { kind: 'broken'; tooLarge: boolean; text: string };

/** No reply of a codec comes near this: 200 macros of 150 kB. */
export const MAX_OBJECT_CHARS = 32 * 1024 * 1024;
const MAX_LINE_CHARS = 64 * 1024;
/** Enough to tell what it was; not enough to reach into a macro's text, which may hold tokens. */
const TOLD_CHARS = 40;

export class TshReader {
  private parts: string[] = [];
  private size = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** @param text the next piece, cut anywhere. @returns what became whole with it, in order. */
  push(text: string): TshItem[] {
    const items: TshItem[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (this.depth > 0) {
        if (this.scanObject(text.charCodeAt(at))) {
          this.keep(text.slice(from, at + 1));
          from = at + 1;
          items.push(toObject(this.take()));
        }
      } else if (text[at] === '\n') {
        this.keep(text.slice(from, at));
        from = at + 1;
        const line = this.take().trim();
        if (line) items.push({ kind: 'line', text: line });
      } else if (text[at] === '{' && this.onlyBlanksSince(text.slice(from, at))) {
        this.take();
        from = at;
        this.depth = 1;
      }
    }
    this.keep(text.slice(from));
    if (this.size > (this.depth > 0 ? MAX_OBJECT_CHARS : MAX_LINE_CHARS)) {
      items.push({ kind: 'broken', tooLarge: true, text: this.take().slice(0, TOLD_CHARS) });
      this.depth = 0;
      this.inString = false;
      this.escaped = false;
    }
    return items;
  }

  /** @returns true when this character ends the outermost object */
  private scanObject(char: number): boolean {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (char === BACKSLASH) this.escaped = true;
      else if (char === QUOTE) this.inString = false;
      return false;
    }
    if (char === QUOTE) this.inString = true;
    else if (char === OPEN) this.depth++;
    else if (char === CLOSE) return --this.depth === 0;
    return false;
  }

  private onlyBlanksSince(text: string): boolean {
    return text.trim() === '' && this.parts.every((part) => part.trim() === '');
  }

  private keep(text: string): void {
    if (!text) return;
    this.parts.push(text);
    this.size += text.length;
  }

  private take(): string {
    const text = this.parts.join('');
    this.parts = [];
    this.size = 0;
    return text;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

function toObject(text: string): TshItem {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { kind: 'object', value: value as Record<string, unknown> };
  } catch {
    // Told as broken below: the caller decides what hangs on it.
  }
  return { kind: 'broken', tooLarge: false, text: text.slice(0, TOLD_CHARS) };
}
