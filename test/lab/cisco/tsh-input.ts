/**
 * Cuts the bytes that arrive on the shell into lines and multi-line bodies. Bodies come in two forms: after the
 * command up to a line with a lone dot, or, as jsxapi sends them, length-prefixed: `{N} \n` and N bytes of command
 * line, body and last newline.
 */
const LF = 0x0a;
const CR = 0x0d;
const PREFIX = /^\{(\d+)\} ?$/;

export type TakeLine = (line: string, body: string | undefined) => 'done' | 'wants-body';

export class TshInput {
  readonly #take: TakeLine;
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes still to come of a length-prefixed request. */
  #framed: number | undefined;
  /** A command that waits for its dot-terminated body. */
  #dotted: { line: string; body: Buffer[] } | undefined;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  /** True when something was taken and there may be more. */
  #step(): boolean {
    if (this.#framed !== undefined) {
      if (this.#pending.length < this.#framed) return false;
      this.#takeFrame(this.#cut(this.#framed));
      this.#framed = undefined;
      return true;
    }
    const end = this.#pending.indexOf(LF);
    if (end < 0) return false;
    this.#takeLine(this.#cut(end + 1));
    return true;
  }

  #cut(length: number): Buffer {
    const cut = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return cut;
  }

  #takeFrame(frame: Buffer): void {
    const end = frame.indexOf(LF);
    const line = frame.subarray(0, end < 0 ? frame.length : end);
    const body = end < 0 ? undefined : withoutLast(frame.subarray(end + 1), LF).toString('utf8');
    this.#take(withoutLast(line, CR).toString('utf8'), body);
  }

  #takeLine(raw: Buffer): void {
    const bare = withoutLast(raw, LF);
    const line = withoutLast(bare, CR).toString('utf8');
    if (this.#dotted) {
      if (line === '.') this.#endDotted(bare.length > 1);
      else this.#dotted.body.push(raw);
      return;
    }
    const length = PREFIX.exec(line)?.[1];
    if (length !== undefined) this.#framed = Number(length);
    else if (this.#take(line, undefined) === 'wants-body') this.#dotted = { line, body: [] };
  }

  /** The line end before the dot is not of the body; it is CR LF when the dot's own line ends so. */
  #endDotted(crlf: boolean): void {
    const dotted = this.#dotted;
    this.#dotted = undefined;
    if (!dotted) return;
    const body = withoutLast(Buffer.concat(dotted.body), LF);
    this.#take(dotted.line, (crlf ? withoutLast(body, CR) : body).toString('utf8'));
  }
}

function withoutLast(buffer: Buffer, byte: number): Buffer {
  return buffer.at(-1) === byte ? buffer.subarray(0, -1) : buffer;
}
