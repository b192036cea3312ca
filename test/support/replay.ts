/**
 * Plays a recording over real sockets, so that the product's own client reads from it as from the device. Answers go by
 * request, and by how it says who asks: what was asked several times is answered in the recorded order, the last answer
 * again and again. A reading that was not recorded is answered with the whole of a recorded branch that it lies in, or made of
 * the settings that were recorded; what no device has, as the device answered to such things. Any password is right.
 */
import type { IncomingMessage } from 'node:http';
import { createServer as createWebServer, type Server as WebServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import ssh2, { type ServerChannel } from 'ssh2';
import { commandDocument } from '../../main/endpoints/cisco/https/xmlRequest.ts';
import { UNKNOWN_COMMANDS } from '../../main/endpoints/cisco/record/reads.ts';
import { UNKNOWN_LINE } from '../../main/endpoints/poly/record/reads.ts';
import type { HttpExchange, Recording, ShellExchange } from '../../main/endpoints/record/recording.ts';
import { withoutLogin } from '../../main/endpoints/record/tap.ts';
import { settingsAnswer } from './replaySettings.ts';

export interface Replay {
  /** Requests that were not recorded as they are. */
  readonly unrecorded: string[];
  /** Sessions that were begun and not ended. */
  readonly sessions: number;
  stop(): Promise<void>;
}

const HOST_KEY = ssh2.utils.generateKeyPairSync('ed25519').private;
const CERTIFICATE = generate([{ name: 'commonName', value: 'replay' }], { keyType: 'ec', algorithm: 'sha256' });

/** Listens at this place until it is stopped. */
export async function startReplay(recording: Recording, address: string, port: number): Promise<Replay> {
  return recording.transport === 'https'
    ? WebReplay.start(recording, address, port)
    : ShellReplay.start(recording, address, port);
}

/** Recorded answers by what was asked. */
class Script<E> {
  private readonly answers: Map<string, E[]>;
  readonly unrecorded: string[] = [];

  constructor(exchanges: readonly E[], keyOf: (exchange: E) => string) {
    this.answers = Map.groupBy(exchanges, keyOf);
  }

  take(key: string): E | undefined {
    const answers = this.answers.get(key);
    return answers && answers.length > 1 ? answers.shift() : answers?.[0];
  }

  /** The answer to the first of these that was recorded; takes note that the request itself was not. */
  instead(request: string, keys: readonly string[]): E | undefined {
    this.unrecorded.push(request);
    return keys.map((key) => this.take(key)).find((answer) => answer !== undefined);
  }
}

const TAG = / \| resultId="(\d+)"$/;

/** A connection as the shell sees it: an SSH channel or a socket. */
type Line = Pick<ServerChannel | Socket, 'setEncoding' | 'on' | 'write' | 'end'>;

class ShellReplay implements Replay {
  private readonly recording: Recording;
  private readonly script: Script<ShellExchange>;
  /** What comes unasked; over telnet the question for the password, and what follows the answer. */
  private readonly greetings: readonly string[];
  private readonly open = new Set<Socket>();
  private listener: Server = createServer();
  sessions = 0;

  private constructor(recording: Recording) {
    this.recording = recording;
    const exchanges = recording.exchanges.filter((one) => one.over !== 'https');
    const unasked = recording.transport === 'telnet' ? 2 : 1;
    this.greetings = exchanges.slice(0, unasked).map(({ said }) => said);
    this.script = new Script(exchanges.slice(unasked), ({ sent }) => plainLine(sent));
  }

  static async start(recording: Recording, address: string, port: number): Promise<Replay> {
    const replay = new ShellReplay(recording);
    const { transport } = recording;
    replay.listener = createServer(transport === 'telnet' ? (socket) => replay.play(socket) : sshListener(replay));
    replay.listener.on('connection', (socket: Socket) => replay.open.add(socket));
    await new Promise<void>((resolve) => replay.listener.listen(port, address, resolve));
    return replay;
  }

  get unrecorded(): string[] {
    return this.script.unrecorded;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  play(line: Line): void {
    this.sessions++;
    line.on('close', () => this.sessions--);
    line.on('error', () => undefined);
    const [greeting = '', ...later] = this.greetings;
    line.write(greeting);
    let said = '';
    line.setEncoding('utf8');
    line.on('data', (piece: string) => {
      said += piece;
      for (let end = said.search(/[\r\n]/); end >= 0; end = said.search(/[\r\n]/)) {
        const asked = said.slice(0, end);
        said = said.slice(end + 1);
        if (asked === 'bye') return void line.end();
        line.write(later.shift() ?? this.answer(asked));
      }
    });
  }

  private answer(line: string): string {
    const id = TAG.exec(line)?.[1];
    const asked = plainLine(line);
    const others = this.recording.family === 'cisco-roomos' ? otherLines(asked) : [UNKNOWN_LINE];
    const said = (this.script.take(asked) ?? this.script.instead(asked, others))?.said;
    if (said === undefined) throw new Error(`nothing recorded can stand for: ${asked}`);
    return id === undefined ? said : said.replace(/("ResultId"\s*:\s*)"\d+"/, `$1"${id}"`);
  }
}

function sshListener(replay: { play(line: Line): void }): (socket: Socket) => void {
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] });
  server.on('connection', (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (context.method === 'password') context.accept();
      else if (context.method === 'keyboard-interactive')
        context.prompt([{ prompt: 'Password: ', echo: false }], () => context.accept());
      else context.reject(['keyboard-interactive', 'password']);
    });
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (acceptTerminal) => acceptTerminal?.());
      session.on('shell', (acceptShell) => replay.play(acceptShell()));
    });
  });
  return (socket) => server.injectSocket(socket);
}

function plainLine(line: string): string {
  return line.trimEnd().replace(TAG, '');
}

/** Branches that a reading lies in, the nearest first; then readings of things that are not there. */
function otherLines(line: string): string[] {
  const [word = '', ...path] = line.split(' ');
  if (word === 'xCommand') return UNKNOWN_COMMANDS.map((one) => `xCommand ${one}`);
  const branches = path.map((_, at) => [word, ...path.slice(0, path.length - 1 - at)].join(' '));
  return [...branches.slice(0, -1), `${word} ${UNKNOWN_COMMANDS[0]}`];
}

class WebReplay implements Replay {
  private readonly recording: Recording;
  private readonly exchanges: readonly HttpExchange[];
  private readonly script: Script<HttpExchange>;
  private server: WebServer | null = null;
  sessions = 0;

  private constructor(recording: Recording) {
    this.recording = recording;
    this.exchanges = recording.exchanges.filter((one) => one.over === 'https');
    this.script = new Script(this.exchanges, ({ method, path, body, login }) => keyOf(login, method, path, body ?? ''));
  }

  static async start(recording: Recording, address: string, port: number): Promise<Replay> {
    const replay = new WebReplay(recording);
    const { private: key, cert } = await CERTIFICATE;
    const server = createWebServer({ key, cert }, async (request, response) => {
      const body = await text(request);
      const reply = replay.answer(request, body);
      response.writeHead(reply.status, withoutLength(reply.headers));
      response.end(reply.said);
    });
    replay.server = server;
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    return replay;
  }

  get unrecorded(): string[] {
    return this.script.unrecorded;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private answer(
    { method = '', url: path = '', headers }: IncomingMessage,
    raw: string,
  ): NonNullable<HttpExchange['reply']> {
    const body = withoutLogin(raw);
    const login = headers.authorization || body !== raw ? 'password' : headers.cookie === undefined ? 'none' : 'cookie';
    const key = (where: string, what: string) => keyOf(login, method, where, what);
    const asked = key(path, body);
    const recorded = this.script.take(asked)?.reply;
    if (recorded) {
      this.count(path, body);
      return recorded;
    }
    const made = settingsAnswer(this.exchanges, path, body);
    if (made) {
      this.script.unrecorded.push(asked);
      return made;
    }
    const others = this.recording.family === 'cisco-roomos' ? codecInstead(method, path, key) : polyInstead(key);
    const reply = this.script.instead(asked, others)?.reply;
    if (!reply) throw new Error(`nothing recorded can stand for: ${asked}`);
    return reply;
  }

  /** Sessions as the device would count them; a Trio has none. */
  private count(path: string, body: string): void {
    const { action } = path === '/rest/session' ? (JSON.parse(body) as { action?: string }) : {};
    if (path === '/xmlapi/session/begin' || action === 'Login') this.sessions++;
    if (path === '/xmlapi/session/end' || action === 'Logout') this.sessions--;
  }
}

type KeyOf = (path: string, body: string) => string;

function keyOf(login: HttpExchange['login'], method: string, path: string, body: string): string {
  return [login, method, path, body].join(' ');
}

function codecInstead(method: string, path: string, key: KeyOf): string[] {
  if (method === 'GET') return otherPlaces(path).map((place) => key(place, ''));
  return UNKNOWN_COMMANDS.map((one) => key(path, commandDocument(one)));
}

/** As it answers where there is nothing. */
function polyInstead(key: KeyOf): string[] {
  return ['/rest/otj/nothing', '/api/v1/otj/nothing'].map((path) => key(path, ''));
}

/** The length of a body that was disguised is another one; what was packed was unpacked. */
function withoutLength(headers: NonNullable<HttpExchange['reply']>['headers']): Record<string, string | string[]> {
  const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = headers;
  return rest;
}

function otherPlaces(path: string): string[] {
  const words = path.split('/');
  const [tree = ''] = words.slice(2);
  const branches = words.slice(4).map((_, at) => words.slice(0, words.length - 1 - at).join('/'));
  return [...branches, `/getxml?location=/${tree}/${(UNKNOWN_COMMANDS[0] ?? '').replace(' ', '/')}`];
}
