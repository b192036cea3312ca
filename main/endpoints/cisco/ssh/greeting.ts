/**
 * From the login of an SSH session to a shell that is ready for commands: the banner in all its forms, then `echo off`.
 * Pure and total. Source of the forms: Cisco jsxapi (tests), recorded sessions.
 */

/** Enough for any banner's last words. */
const MAX_SAID = 4096;
const MAX_LINE = 4096;
const LOGIN = '*r Login successful';
/** Codes for a terminal, sent by the shell's line editor although there is none (recorded: `ESC[?1034h`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what these codes begin with
const TERMINAL_CODES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** `guess`: a line `OK` came, but no line about the login; it is the codec's if nothing follows for a while. */
type Turn = 'wait' | 'guess' | 'send echo off' | 'ready';

export class Greeting {
  private phase: 'login' | 'prompt' | 'echo' = 'login';
  private line = '';
  private guessing = false;
  private text = '';
  private after = '';

  /** @param piece cut anywhere. @returns what to do now */
  push(piece: string): Turn {
    this.text = (this.text + piece).slice(-MAX_SAID);
    let turn: Turn = 'wait';
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      const line = (this.line + piece.slice(from, end)).slice(-MAX_LINE).replace(TERMINAL_CODES, '').trim();
      this.line = '';
      from = end + 1;
      // What follows in this very piece was said before it could hear `echo off`.
      if (turn !== 'send echo off') turn = this.take(line);
      if (turn === 'ready') {
        this.after = piece.slice(from);
        return 'ready';
      }
    }
    this.line = (this.line + piece.slice(from)).slice(-MAX_LINE);
    if (turn === 'send echo off') this.phase = 'echo';
    return turn === 'wait' && this.guessing ? 'guess' : turn;
  }

  /** To be called when nothing came after a `guess`: the line `OK` was the codec's. */
  settle(): void {
    this.phase = 'echo';
    this.guessing = false;
    this.line = '';
  }

  /** What came after the greeting in the same piece. */
  get rest(): string {
    return this.after;
  }

  /** The last words before any sign of a login; empty from there on. */
  get said(): string {
    return this.phase === 'login' ? this.text.replace(TERMINAL_CODES, '') : '';
  }

  /** The login line counts as a sign, and only a line `OK` after it: an owner's own text may hold one before it. */
  private take(line: string): Turn {
    if (this.phase === 'echo') return line === 'OK' ? 'ready' : 'wait';
    if (line.includes(LOGIN)) {
      this.phase = 'prompt';
      this.guessing = false;
    } else if (line === 'OK') {
      if (this.phase === 'prompt') return 'send echo off';
      this.guessing = true;
    }
    return 'wait';
  }
}
