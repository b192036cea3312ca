/** The terminal that people ask for with `ssh -t`: echo and the few editing keys that a line needs. */
const ETX = 0x03;
const EOT = 0x04;
const BS = 0x08;
const LF = 0x0a;
const CR = 0x0d;
const NAK = 0x15;
const ESC = 0x1b;
const DEL = 0x7f;

export interface TtyUser {
  line(bytes: Buffer): void;
  show(text: string): void;
  hangUp(): void;
  echo(): boolean;
}

export class Tty {
  readonly #user: TtyUser;
  #line = '';
  #decoder = new TextDecoder();
  #afterReturn = false;

  constructor(user: TtyUser) {
    this.#user = user;
  }

  receive(bytes: Buffer): void {
    // Arrow keys and the like arrive as whole sequences and do nothing here.
    const text = this.#decoder.decode(bytes, { stream: true });
    const lead = String.fromCharCode(ESC);
    for (const key of text.replaceAll(new RegExp(`${lead}(\\[[\\d;]*[A-Za-z~]|O.)`, 'g'), '')) this.#press(key);
  }

  #press(key: string): void {
    const code = key.codePointAt(0);
    const lineFeedOfReturn = code === LF && this.#afterReturn;
    this.#afterReturn = code === CR;
    if (lineFeedOfReturn) return;
    if (code === CR || code === LF) this.#enter();
    else if (code === EOT && this.#line === '') this.#user.hangUp();
    else if (code === BS || code === DEL) this.#erase(1);
    else if (code === NAK || code === ETX) this.#erase([...this.#line].length);
    else this.#type(key);
  }

  #type(key: string): void {
    this.#line += key;
    this.#show(key);
  }

  #enter(): void {
    this.#show('\n');
    const line = this.#line;
    this.#line = '';
    this.#user.line(Buffer.from(`${line}\n`));
  }

  #erase(count: number): void {
    const left = [...this.#line];
    const gone = left.splice(Math.max(0, left.length - count));
    this.#line = left.join('');
    this.#show('\b \b'.repeat(gone.length));
  }

  #show(text: string): void {
    if (this.#user.echo()) this.#user.show(text);
  }
}
