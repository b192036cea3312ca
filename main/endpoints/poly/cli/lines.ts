/**
 * Cuts the text of a Group's command line into lines. Pure and total: any text, cut anywhere, never throws; memory is
 * bounded and time is linear. Ends of lines are `\r\n` (telnet), `\r\r\n` (SSH) or either sign alone; NUL is filling.
 */

/** No answer of a device comes near this. */
export const MAX_LINE_CHARS = 64 * 1024;

export class CliLines {
  private parts: string[] = [];
  private size = 0;

  /**
   * @param text the next piece, cut anywhere
   * @returns the lines that became whole with it, without blanks around them and without empty ones; null when a line
   *   has grown beyond every measure, after which nothing more can be read
   */
  push(text: string): string[] | null {
    const lines: string[] = [];
    let from = 0;
    for (;;) {
      LINE_END.lastIndex = from;
      const end = LINE_END.exec(text);
      const piece = text.slice(from, end?.index ?? text.length);
      this.size += piece.length;
      if (this.size > MAX_LINE_CHARS) {
        this.parts = [];
        return null;
      }
      if (piece) this.parts.push(piece);
      if (!end) return lines;
      from = end.index + 1;
      const line = this.take();
      if (line) lines.push(line);
    }
  }

  /** What of a line has come so far, such as a question that waits for its answer on the same line. */
  get begun(): string {
    if (this.parts.length > 1) this.parts = [this.parts.join('')];
    return tidy(this.parts[0] ?? '');
  }

  /** Forgets what has begun, because it was dealt with. */
  skip(): void {
    this.parts = [];
    this.size = 0;
  }

  private take(): string {
    const line = tidy(this.parts.join(''));
    this.skip();
    return line;
  }
}

const LINE_END = /[\r\n]/g;

function tidy(line: string): string {
  return line.replaceAll('\0', '').trim();
}
