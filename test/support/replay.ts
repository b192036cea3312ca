/**
 * Plays a recording over real sockets, so that the product's own client reads from it as from the codec. Answers go by
 * request: what was asked several times is answered in the recorded order, the last answer again and again. A reading
 * that was not recorded is answered with the whole of a recorded branch that it lies in; what no codec has, as the
 * codec answered to such things. Any password is right.
 */
import { createServer as createWebServer, type Server as WebServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import ssh2, { type ServerChannel } from 'ssh2';
import { commandDocument } from '../../main/endpoints/cisco/https/xmlRequest.ts';
import { UNKNOWN_COMMANDS } from '../../main/endpoints/cisco/record/reads.ts';
import type { HttpExchange, Recording, ShellExchange } from '../../main/endpoints/cisco/record/recording.ts';

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
  return recording.transport === 'ssh'
    ? ShellReplay.start(recording, address, port)
    : WebReplay.start(recording, address, port);
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

class ShellReplay implements Replay {
  private readonly script: Script<ShellExchange>;
  private readonly greeting: string;
  private readonly open = new Set<Socket>();
  private listener = createServer();
  sessions = 0;

  private constructor(recording: Recording) {
    const [greeting, ...rest] = recording.exchanges.filter((one) => one.over === 'ssh');
    this.greeting = greeting?.said ?? '';
    this.script = new Script(rest, ({ sent }) => plainLine(sent));
  }

  static async start(recording: Recording, address: string, port: number): Promise<Replay> {
    const replay = new ShellReplay(recording);
    const server = new ssh2.Server({ hostKeys: [HOST_KEY] });
    server.on('connection', (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', (context) => {
        if (context.method === 'password') context.accept();
        else if (context.method === 'keyboard-interactive')
          context.prompt([{ prompt: 'Password: ', echo: false }], () => context.accept());
        else context.reject(['keyboard-interactive', 'password']);
      });
      connection.on('session', (accept) => accept().on('shell', (acceptShell) => replay.play(acceptShell())));
    });
    replay.listener = createServer((socket) => {
      replay.open.add(socket);
      server.injectSocket(socket);
    });
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

  private play(channel: ServerChannel): void {
    this.sessions++;
    channel.on('close', () => this.sessions--);
    channel.on('error', () => undefined);
    channel.write(this.greeting);
    let said = '';
    channel.setEncoding('utf8');
    channel.on('data', (piece: string) => {
      said += piece;
      for (let end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n')) {
        const line = said.slice(0, end);
        said = said.slice(end + 1);
        if (line === 'bye') return channel.end();
        channel.write(this.answer(line));
      }
    });
  }

  private answer(line: string): string {
    const id = TAG.exec(line)?.[1];
    const asked = plainLine(line);
    const said = (this.script.take(asked) ?? this.script.instead(asked, otherLines(asked)))?.said;
    if (said === undefined) throw new Error(`nothing recorded can stand for: ${asked}`);
    return id === undefined ? said : said.replace(/("ResultId"\s*:\s*)"\d+"/, `$1"${id}"`);
  }
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
  private readonly script: Script<HttpExchange>;
  private server: WebServer | null = null;
  sessions = 0;

  private constructor(recording: Recording) {
    const exchanges = recording.exchanges.filter((one) => one.over === 'https');
    this.script = new Script(exchanges, ({ method, path, body }) => [method, path, body ?? ''].join(' '));
  }

  static async start(recording: Recording, address: string, port: number): Promise<Replay> {
    const replay = new WebReplay(recording);
    const { private: key, cert } = await CERTIFICATE;
    const server = createWebServer({ key, cert }, async (request, response) => {
      const body = await text(request);
      const reply = replay.answer(request.method ?? '', request.url ?? '', body);
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

  private answer(method: string, path: string, body: string): NonNullable<HttpExchange['reply']> {
    const key = (where: string, what: string) => [method, where, what].join(' ');
    if (path === '/xmlapi/session/begin') this.sessions++;
    if (path === '/xmlapi/session/end') this.sessions--;
    const asked = key(path, body);
    const others =
      method === 'GET'
        ? otherPlaces(path).map((place) => key(place, ''))
        : UNKNOWN_COMMANDS.map((one) => key(path, commandDocument(one)));
    const reply = (this.script.take(asked) ?? this.script.instead(asked, others))?.reply;
    if (!reply) throw new Error(`nothing recorded can stand for: ${asked}`);
    return reply;
  }
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
