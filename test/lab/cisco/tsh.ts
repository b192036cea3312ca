/** The shell of a codec (tsh): banner, words of its own, xAPI requests. */
import { Chatter } from './chatter.ts';
import { deliver, type Exit, inPieces } from './delivery.ts';
import { commandPaths, execute, findCommand, mayRun } from './execute.ts';
import type { Codec } from './model.ts';
import { type OutputMode, print } from './output.ts';
import type { Caller } from './request.ts';
import { TshInput } from './tsh-input.ts';
import { parseLine } from './tsh-line.ts';
import type { Account } from './users.ts';
import { releaseLine } from './version.ts';

export interface TshPort extends Exit {
  /** Ends the session in good order. */
  end(): void;
}

const MODES: readonly OutputMode[] = ['terminal', 'xml', 'json'];
const OK = '\nOK\n';
const HELP = [
  '- User Commands -',
  'help             xcommand         xconfiguration   xstatus          xpreferences',
  'xfeedback        echo             bye',
  '',
].join('\n');

export class Tsh {
  /** Typed characters are shown; only asked when there is a terminal. */
  echo = true;
  readonly #codec: Codec;
  readonly #account: Account;
  readonly #port: TshPort;
  readonly #input: TshInput;
  readonly #chatter = new Chatter();
  #mode: OutputMode = 'terminal';
  #replies = 0;
  /** Said in this turn of the event loop, and where it is to be cut. */
  #unsent: Buffer[] = [];
  #cuts: number[] = [];

  constructor(codec: Codec, account: Account, port: TshPort) {
    this.#codec = codec;
    this.#account = account;
    this.#port = port;
    this.#input = new TshInput((line, body) => this.#take(line, body));
  }

  receive(bytes: Buffer): void {
    this.#input.push(bytes);
  }

  /** In pieces, since clients must cope with an OK cut in two. */
  greet(lastLogin: NonNullable<Account['lastLogin']>): void {
    const { spec, version, settings, banners } = this.#codec;
    const welcome = [
      `Welcome to ${settings.get('SystemUnit Name') || spec.systemName}`,
      releaseLine(version),
      'SW Release Date: 2022-01-10 10:11:12, matchbox',
      '',
    ].join('\n');
    const own = banners.welcome === '' ? '' : `${banners.welcome}\n`;
    const shown = own + (settings.get('NetworkServices WelcomeText') === 'On' ? welcome : '');
    const last =
      settings.get('Security Session ShowLastLogon') === 'On'
        ? `\nLast login from ${lastLogin.address} at ${lastLogin.time}\n`
        : '';
    const text = `${shown}*r Login successful\n\nOK\n${last}\n`;
    const middle = text.indexOf('successful\n\nOK\n') + 'successful\n\nO'.length;
    this.#send(text, false, [9, middle]);
  }

  #take(line: string, body: string | undefined): 'done' | 'wants-body' {
    const words = line.trim().split(/\s+/);
    const [word = '', ...rest] = words.map((one) => one.toLowerCase());
    switch (word) {
      case '':
        return 'done';
      case 'bye':
        this.#flush();
        this.#port.end();
        return 'done';
      case 'echo':
        this.echo = rest[0] !== 'off';
        return this.#say(OK);
      case 'help':
      case '?':
        return this.#say(`${HELP}${commandPaths(this.#codec, this.#roles()).join('\n')}\n${OK}`);
      case 'xpreferences':
        return this.#prefer(rest);
      case 'xfeedback':
        return this.#say(OK);
      default:
        return this.#ask(line, body);
    }
  }

  #prefer([name, value]: readonly string[]): 'done' {
    const mode = MODES.find((one) => one === value);
    if (name !== 'outputmode' || !mode) return this.#say('\nERROR\n');
    this.#mode = mode;
    return this.#say(OK);
  }

  #ask(line: string, body: string | undefined): 'done' | 'wants-body' {
    const { request, resultId } = parseLine(line);
    if (!request) return this.#say('Command not recognized.\n');
    if (request.kind === 'command') {
      const command = findCommand(this.#codec, request.path);
      const multiLine = command?.body === true && mayRun(command, this.#roles());
      if (multiLine && body === undefined) return 'wants-body';
      if (multiLine && body !== undefined) request.body = body;
    }
    const drop = this.#codec.takeDrop(line);
    const reboot = this.#codec.takeReboot(line);
    const caller: Caller = { username: this.#account.username, roles: this.#roles() };
    const mode = this.#mode;
    execute(this.#codec, caller, request).then((reply) => {
      if (reboot) this.#codec.onBoot('now');
      else this.#reply(print(mode, reply, resultId, this.#codec), drop);
    });
    return 'done';
  }

  /** Roles may change while a session is open. */
  #roles(): Caller['roles'] {
    return this.#account.roles;
  }

  #say(text: string): 'done' {
    this.#reply(text, false);
    return 'done';
  }

  #reply(text: string, drop: boolean): void {
    if (this.#codec.faults.chatter) this.#send(this.#chatter.say(this.#mode), false);
    this.#send(text, drop);
    if (this.#codec.faults.chatter) this.#send(this.#chatter.say(this.#mode), false);
  }

  /** @param cuts where it is cut; by itself once, at a place that moves */
  #send(text: string, drop: boolean, cuts?: readonly number[]): void {
    deliver(this.#codec, Buffer.from(text), drop, {
      write: (part) => {
        const { length } = part;
        this.#gather(part, cuts ?? (length < 2 ? [] : [1 + (this.#replies++ % (length - 1))]));
      },
      cut: () => {
        this.#flush();
        this.#port.cut();
      },
    });
  }

  /** As in the pipe behind a shell: what is said while nobody reads is read in one go. */
  #gather(bytes: Buffer, cuts: readonly number[]): void {
    if (this.#unsent.length === 0) process.nextTick(() => this.#flush());
    const before = this.#unsent.reduce((sum, { length }) => sum + length, 0);
    this.#unsent.push(bytes);
    this.#cuts.push(...cuts.map((cut) => before + cut));
  }

  /** In packets that are cut within each reply and go on into the next, as a pipe may; or in as many as a fault wants. */
  #flush(): void {
    const bytes = Buffer.concat(this.#unsent);
    const { splitBytes } = this.#codec.faults;
    const ends = [...this.#cuts, bytes.length];
    const pieces = splitBytes
      ? inPieces(bytes, splitBytes)
      : ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
    this.#unsent = [];
    this.#cuts = [];
    for (const piece of pieces) if (piece.length > 0) this.#port.write(piece);
  }
}
