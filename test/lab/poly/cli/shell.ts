import { setTimeout as pause } from 'node:timers/promises';
import type { PolyCli } from '../../types.ts';
import type { Session } from '../sessions.ts';
import { isChange, run, whoami } from './commands.ts';
import type { CliDevice, CliUser } from './device.ts';
import { Refusal, unterminated } from './errors.ts';
import { wordsOf } from './words.ts';

export interface Line {
  write(text: string): void;
  /** Hangs up, after what was written. */
  end(): void;
  /** Breaks the connection. */
  cut(): void;
}

/** A client waits so long between commands, as public adapters do. */
const GAP_MS = 200;
const LONGEST_LINE = 4096;

/** What a device says without being asked; beginnings as an orchestrator's driver knows them, the rest is the lab's. */
const CHATTER = [
  'notification:callstatus:outgoing:34:Polycom Group Series Demo:192.168.1.101:384:connecting:videocall',
  'Control event: vcbutton source none',
  'cs: call[34] chan[0] dialstr[192.168.1.103] state[ALLOCATED]',
  'active: call[34] speed [384]',
  'ended: call[34]',
];

/** One logged-in user of the command line: lines in, answers out, one after the other. */
export class Shell {
  readonly #device: CliDevice;
  readonly #cli: PolyCli;
  readonly #line: Line;
  readonly #eol: string;
  readonly #user: CliUser;
  readonly #session: Session | undefined;
  #typed = '';
  #lastAt = Number.NEGATIVE_INFINITY;
  #said = 0;
  #shown = 0;
  #work: Promise<void> = Promise.resolve();
  #over = false;

  constructor(
    device: CliDevice,
    cli: PolyCli,
    line: Line,
    options: { eol: string; role: 'admin' | 'user'; session: Session | undefined },
  ) {
    this.#device = device;
    this.#cli = cli;
    this.#line = line;
    this.#eol = options.eol;
    this.#session = options.session;
    this.#user = { role: options.role, echo: cli.echo !== undefined && cli.echo !== false, notified: new Set() };
  }

  greet(): void {
    this.#say(whoami({ device: this.#device }));
  }

  /** Ends with a return; a line feed alone does too, and one behind a return is part of it. */
  receive(text: string): void {
    this.#typed += text;
    if (this.#typed.length > LONGEST_LINE && !/[\r\n]/.test(this.#typed)) {
      this.#line.cut();
      return;
    }
    const lines = this.#typed.split(/\r\n|\r|\n/);
    this.#typed = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.#enter(line);
  }

  /** Frees the session. */
  close(): void {
    this.#over = true;
    if (this.#session) this.#device.sessions.end(this.#session);
  }

  #enter(line: string): void {
    const now = performance.now();
    const early = now - this.#lastAt < (this.#cli.gapMs ?? GAP_MS);
    this.#lastAt = now;
    const how = early ? (this.#cli.tooQuick ?? 'taken') : 'taken';
    if (how === 'lost') return;
    // The device was still busy when the line began.
    const heard = how === 'garbled' ? line.slice(Math.ceil(line.length / 2)) : line;
    this.#work = this.#work.then(() => this.#obey(heard)).catch(() => this.#line.cut());
  }

  async #obey(line: string): Promise<void> {
    const { faults, world, sessions } = this.#device;
    if (this.#over || faults.hung || !this.#device.isUp) return;
    if (this.#session && !sessions.find(this.#session.id)) {
      this.#line.end();
      return;
    }
    // What a terminal tells back, it does whatever `cmdecho` says.
    const terminal = this.#cli.echo === 'twice' ? `${line}${this.#eol}` : '';
    this.#line.write(`${terminal}${this.#user.echo ? `${line}${this.#eol}` : ''}`);
    const parsed = wordsOf(line);
    if (this.#cutsBefore(parsed)) return;
    const answer = this.#answer(parsed);
    if (this.#device.restartsAt(line)) {
      this.#line.cut();
      this.#device.reboot();
      return;
    }
    const wait = world.latencyMs + (faults.slowMs ?? 0);
    if (wait > 0) await pause(wait);
    if (this.#over) return;
    if (faults.dropOnce !== undefined && line.includes(faults.dropOnce)) {
      delete faults.dropOnce;
      const text = answer.join(this.#eol);
      this.#line.write(text.slice(0, Math.floor(text.length / 2)));
      setImmediate(() => this.#line.cut());
      return;
    }
    if (faults.chatter) this.#chat();
    this.#say(answer);
    if (faults.chatter) this.#chat();
  }

  /** The fault that lets so many settings through. */
  #cutsBefore(parsed: ReturnType<typeof wordsOf>): boolean {
    const { faults } = this.#device;
    if (faults.dropAfterVars === undefined || parsed === 'unterminated') return false;
    const [root = '', ...args] = parsed.words;
    if (!isChange(root, args)) return false;
    if (faults.dropAfterVars-- > 0) return false;
    delete faults.dropAfterVars;
    this.#line.cut();
    return true;
  }

  #answer(parsed: ReturnType<typeof wordsOf>): string[] {
    try {
      if (parsed === 'unterminated') throw unterminated();
      const [root = '', ...args] = parsed.words;
      return run(root, {
        device: this.#device,
        cli: this.#cli,
        user: this.#user,
        args,
        show: (value) => this.#shownAs(value),
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [this.#cli.tightErrors ? error.message.replace('error: ', 'error:') : error.message];
    }
  }

  #shownAs(value: string): string {
    const { quotes = 'blanks' } = this.#cli;
    const mixed = quotes === 'mixed' && this.#shown++ % 2 === 0;
    const quoted = quotes === 'always' || mixed || (quotes !== 'never' && /\s/.test(value));
    return quoted ? `"${value}"` : value;
  }

  #chat(): void {
    this.#say([CHATTER[this.#said++ % CHATTER.length] ?? '']);
  }

  #say(lines: readonly string[]): void {
    const { truncateAt, splitBytes } = this.#device.faults;
    const text = lines.map((line) => `${line}${this.#eol}`).join('');
    if (truncateAt !== undefined && truncateAt < text.length) {
      this.#line.write(text.slice(0, truncateAt));
      setImmediate(() => this.#line.cut());
    } else if (splitBytes === undefined) {
      this.#line.write(text);
    } else {
      for (let at = 0; at < text.length; at += splitBytes) this.#line.write(text.slice(at, at + splitBytes));
    }
  }
}
