/**
 * A logged-in command line of a RealPresence Group: one command at a time, 200 ms apart, each with its answer.
 * Protocol facts: public control drivers for the Group Series (ACA/PlaceOS, AVI-SPL) and the device's command table.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OtjError } from '../../../contract/errors.ts';
import { createRedactor, type Redactor } from '../../redact.ts';
import type { Shell } from '../../transports/ssh.ts';
import { CliLines } from './lines.ts';
import { type CliLine, isUnasked, judgeLine, rootOf } from './replies.ts';

/**
 * Commands that come closer together get lost (public drivers), milliseconds. Counted from what was heard last, which the
 * device sent after it had the command: so the pause holds there too, however uneven the network is.
 */
export const COMMAND_GAP_MS = 200;
/** Lines since the command was sent, or since the last answer. More is no device that answers. */
const MAX_LINES = 10_000;
/** Of all that came for one command, or since the last one. */
const MAX_ANSWER_CHARS = 1024 * 1024;
/** After a line that may be what was sent or an answer in the same words, milliseconds: what follows then tells. */
const SAME_WORDS_MS = 1_500;
/** A device may think so many times longer before its first line than between two. */
const SILENT_FACTOR = 3;
/** What stands behind this word is a secret: it is dropped where it is read. */
const SECRET = /(\bcalendarpassword)\s+\S.*$/i;

export type CliAnswer = Extract<CliLine, { kind: 'answer' | 'error' }>;

export interface CliBlock {
  /** All lines but echo, notifications and the error. */
  lines: string[];
  /** What stands behind `error:`; null = no such line. */
  error: string | null;
}

/** `same`: in the words of what was sent, and already told back: an answer, unless another one follows. */
type Judged = CliLine | { kind: 'same'; value: string };

/** A command under way. */
interface Waiting {
  /** As it is told back, without its secret. */
  command: string;
  /** Whether its answer may be its own words, as when a setting is written. */
  writes: boolean;
  /** How often it was told back. */
  echoes: number;
  /** One line, judged. @returns whether it was the last one */
  take(judged: Judged, line: string, finish: () => void): boolean;
  settle(error: OtjError | null): void;
}

interface How extends Pick<Waiting, 'writes' | 'take'> {
  /** Called when the command has gone out. */
  sent?(finish: () => void): void;
}

export class CliSession {
  readonly redactor: Redactor;
  readonly #shell: Shell;
  readonly #timeoutMs: number;
  readonly #lines = new CliLines();
  #waiting: Waiting | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #gone: OtjError | null = null;
  /** When something was sent, or heard about it. */
  #last = Number.NEGATIVE_INFINITY;
  /** Lines that answered nothing, in a row. */
  #stray = 0;
  /** Characters since the last command was sent. */
  #chars = 0;
  /**
   * How often a command is told back: by the device, by the terminal, or by both. Found out with those that read, whose
   * answers have other words. null = not known yet.
   */
  #echoes: number | null = null;

  /** @param shell past its login; its text goes to `receive`. @param redactor of an earlier session with the device */
  constructor(shell: Shell, timeoutMs: number, redactor: Redactor = createRedactor()) {
    this.redactor = redactor;
    this.#shell = shell;
    this.#timeoutMs = timeoutMs;
    shell.onClose((reason) => this.#fail(reason));
  }

  /** Whether nothing more comes of it. */
  get isOver(): boolean {
    return this.#gone !== null;
  }

  /** Text of the device, cut anywhere. Too much of it is left before it is looked at. */
  receive(text: string): void {
    if (this.#gone) return;
    this.#chars += text.length;
    if (this.#chars > MAX_ANSWER_CHARS) {
      this.#tooMuch();
      return;
    }
    const lines = this.#lines.push(text);
    if (!lines) this.#drop(new OtjError('REPLY_TOO_LARGE', 'a line without end on the command line'));
    for (const line of lines ?? []) if (!this.#gone) this.#take(withoutSecret(line));
  }

  /**
   * Sends a command that is answered by one line. @param writes whether it changes a setting
   * @throws OtjError TIMEOUT, REPLY_TOO_LARGE and those of the link, after which the session is over; VALUE_UNFIT
   */
  async ask(command: string, writes = false): Promise<CliAnswer> {
    let answer: CliAnswer = { kind: 'error', words: '' };
    let same: NodeJS.Timeout | undefined;
    const take: Waiting['take'] = (judged, _line, finish) => {
      if (judged.kind === 'same') {
        answer = { kind: 'answer', value: judged.value };
        clearTimeout(same);
        same = setTimeout(finish, Math.min(SAME_WORDS_MS, this.#timeoutMs / 2));
      }
      if (judged.kind !== 'answer' && judged.kind !== 'error') return false;
      answer = judged;
      return true;
    };
    await this.#send(command, { writes, take }).finally(() => clearTimeout(same));
    return answer;
  }

  /**
   * Sends a command that is answered by several lines; an error line ends it as well.
   * @param isLast whether a line ends the answer; null = quiet of `quietMs` does, and a longer one where nothing comes at
   *   all: some commands answer with nothing
   * @throws OtjError as `ask`
   */
  async block(command: string, isLast: ((line: string) => boolean) | null, quietMs = 0): Promise<CliBlock> {
    const block: CliBlock = { lines: [], error: null };
    let quiet: NodeJS.Timeout | undefined;
    const endAfter = (ms: number, finish: () => void) => {
      clearTimeout(quiet);
      quiet = setTimeout(finish, ms);
    };
    const mayBeSilent = isLast === null && quietMs > 0;
    const take: Waiting['take'] = (judged, line, finish) => {
      if (judged.kind === 'error') block.error = judged.words;
      else if (judged.kind !== 'echo' && !isUnasked(line)) block.lines.push(line);
      if (judged.kind === 'error' || isLast?.(line)) return true;
      if (quietMs > 0 && block.lines.length > 0) endAfter(quietMs, finish);
      // The device has it.
      else if (mayBeSilent && judged.kind === 'echo') endAfter(SILENT_FACTOR * quietMs, finish);
      return false;
    };
    const sent = (finish: () => void) => {
      // Nothing is told back there, so nothing tells that the device has it. Elsewhere no echo is no answer.
      if (mayBeSilent && this.#echoes === 0) endAfter(SILENT_FACTOR * quietMs, finish);
    };
    await this.#send(command, { writes: false, take, sent }).finally(() => clearTimeout(quiet));
    return block;
  }

  close(): void {
    this.#fail(new OtjError('CANCELLED', 'closed by us'));
    this.#shell.close();
  }

  /** One after the other, whoever asks. */
  #send(command: string, how: How): Promise<void> {
    const turn = this.#queue.then(() => this.#exchange(command, how));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #exchange(command: string, { writes, take, sent }: How): Promise<void> {
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(command))
      throw new OtjError('VALUE_UNFIT', 'a command holds a line end or a control character');
    for (;;) {
      const early = this.#last + COMMAND_GAP_MS - performance.now();
      if (early <= 0) break;
      await sleep(Math.ceil(early));
    }
    if (this.#gone) throw this.#gone;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A session that missed an answer may take a later one for it: it is not used again.
    const timer = setTimeout(() => this.#drop(new OtjError('TIMEOUT', rootOf(command))), this.#timeoutMs);
    const settle = (error: OtjError | null) => {
      clearTimeout(timer);
      this.#waiting = null;
      if (error) reject(error);
      else resolve();
    };
    this.#waiting = { command: withoutSecret(command), writes, echoes: 0, take, settle };
    this.#stray = 0;
    this.#chars = 0;
    this.#last = performance.now();
    this.#shell.write(`${command}\r`);
    sent?.(() => settle(null));
    await promise;
  }

  #take(line: string): void {
    const waiting = this.#waiting;
    if (waiting) this.#last = performance.now();
    if (++this.#stray > MAX_LINES) {
      this.#tooMuch();
      return;
    }
    if (!waiting?.take(this.#judge(line, waiting), line, () => waiting.settle(null))) return;
    this.#stray = 0;
    waiting.settle(null);
  }

  /**
   * Where commands are told back, nothing before that is an answer to this one. The answer to a write has the words of the
   * write itself, so there as many lines as are told back are not the answer; to a reading only a value `get` looks so.
   */
  #judge(line: string, waiting: Waiting): Judged {
    const judged = judgeLine(line, waiting.command);
    if (judged.kind === 'other') return judged;
    if (judged.kind === 'echo') return this.#judgeEcho(line, waiting);
    if (this.#echoes && waiting.echoes === 0) return { kind: 'other' };
    if (judged.kind === 'answer' && !waiting.writes) this.#echoes = Math.max(this.#echoes ?? 0, waiting.echoes);
    return judged;
  }

  #judgeEcho(line: string, waiting: Waiting): Judged {
    const answer = judgeLine(line, rootOf(waiting.command));
    if (waiting.writes && waiting.echoes >= (this.#echoes ?? 0)) return answer;
    waiting.echoes++;
    if (waiting.writes || waiting.echoes <= (this.#echoes ?? 1)) return { kind: 'echo' };
    return answer.kind === 'answer' ? { kind: 'same', value: answer.value } : { kind: 'echo' };
  }

  #tooMuch(): void {
    this.#drop(new OtjError('REPLY_TOO_LARGE', `${rootOf(this.#waiting?.command ?? '')}: text without end`));
  }

  #drop(reason: OtjError): void {
    this.#fail(reason);
    this.#shell.close();
  }

  #fail(reason: OtjError): void {
    this.#gone ??= reason;
    this.#waiting?.settle(this.#gone);
  }
}

function withoutSecret(line: string): string {
  return line.replace(SECRET, '$1 •••');
}
