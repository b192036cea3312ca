/** A real SSH server that a test tells what to say: for what neither the lab's codecs nor a healthy server ever do. */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import ssh2, { type Algorithms, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { afterEach } from 'vitest';

/** What one test's server does. Absent parts behave like a healthy codec's. */
export interface Script {
  address: string;
  port?: number;
  /** Shown before any login. */
  banner?: string;
  algorithms?: Algorithms;
  hostKey?: string;
  /** Judges everything after `none`. */
  auth?: (context: AuthContext, connection: Connection) => void;
  methods?: AuthContext['method'][];
  /** Refuses to open a session channel, or a shell in it. */
  refuse?: 'session' | 'shell';
  /** What the shell says at its beginning, one packet each; `null` closes it. */
  greeting?: (string | Buffer | null)[];
  /** Called for each line that the client sends; `say` answers. */
  line?: (line: string, say: (words: string | Buffer) => void, channel: ServerChannel) => void;
}

export interface Seen {
  /** Methods that were tried, `none` included, in order. */
  methods: string[];
  /** Answers to questions and passwords, in order. */
  answers: string[];
  lines: string[];
  connections: number;
  pty: boolean;
}

export const GREETING = ['Welcome to \n', 'Cisco Codec Release RoomOS 11.27\n*r Login successful\n\nO', 'K\n\n'];
/** OpenSSH's own form, which the library reads for this kind of key. */
const ED25519 = ssh2.utils.generateKeyPairSync('ed25519').private;
export const RSA: string = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;
export const otherKey = (): string => ssh2.utils.generateKeyPairSync('ed25519').private;

const running: { end(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.end();
});

/** Starts the server; it ends with the test. @returns what it has seen so far, always up to date */
export async function sshServer(script: Script): Promise<Seen> {
  const { address, port = 3022, banner, algorithms, hostKey = ED25519, greeting = GREETING } = script;
  const seen: Seen = { methods: [], answers: [], lines: [], connections: 0, pty: false };
  const methods = script.methods ?? ['keyboard-interactive', 'password'];
  const open = new Set<Connection>();
  const server = new ssh2.Server({
    hostKeys: [hostKey],
    ...(banner ? { banner } : {}),
    ...(algorithms ? { algorithms } : {}),
  });
  server.on('connection', (connection) => {
    seen.connections++;
    open.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => open.delete(connection));
    connection.on('authentication', (context) => {
      seen.methods.push(context.method);
      if (context.method === 'none') context.reject(methods);
      else if (script.auth) script.auth(context, connection);
      else if (context.method === 'password') {
        seen.answers.push(context.password);
        context.accept();
      } else if (context.method === 'keyboard-interactive') ask(context, seen, ['Password: '], () => context.accept());
    });
    connection.on('session', (accept, reject) => {
      if (script.refuse === 'session') return reject();
      const session = accept();
      session.on('pty', (acceptPty) => {
        seen.pty = true;
        acceptPty?.();
      });
      session.on('shell', (acceptShell, rejectShell) => {
        if (script.refuse === 'shell') return rejectShell();
        runShell(acceptShell(), greeting, script.line ?? codecLine, seen);
      });
    });
  });
  // Small packets answer each other here: none may wait for a next one.
  const sockets = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  sockets.listen(port, address);
  await once(sockets, 'listening');
  running.push({
    async end() {
      for (const connection of open) connection.end();
      sockets.close();
      await once(sockets, 'close');
    },
  });
  return seen;
}

/** Asks hidden questions and notes the answers. */
export function ask(
  context: AuthContext,
  seen: Pick<Seen, 'answers'>,
  prompts: (string | { prompt: string; echo: boolean })[],
  then: (answers: string[]) => void,
  instructions = '',
): void {
  if (context.method !== 'keyboard-interactive') {
    context.reject();
    return;
  }
  const shown = prompts.map((one) => (typeof one === 'string' ? { prompt: one, echo: false } : one));
  context.prompt(shown, '', instructions, (answers: unknown) => {
    // An aborted request brings an error in place of answers.
    if (!Array.isArray(answers)) return;
    seen.answers.push(...answers.map(String));
    then(answers.map(String));
  });
}

function runShell(
  channel: ServerChannel,
  greeting: (string | Buffer | null)[],
  line: NonNullable<Script['line']>,
  seen: Seen,
): void {
  channel.on('error', () => undefined);
  const say = (words: string | Buffer) => {
    if (channel.writable) channel.write(words);
  };
  let rest = '';
  channel.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      seen.lines.push(one);
      line(one, say, channel);
    }
  });
  for (const words of greeting) {
    if (words === null) {
      channel.exit(0);
      channel.end();
    } else say(words);
  }
}

/** `echo off` and a status, as a codec with JSON output answers them. */
export function codecLine(line: string, say: (words: string) => void, channel: ServerChannel): void {
  const id = /resultId="([^"]*)"/.exec(line)?.[1];
  if (line === 'echo off') say('\nOK\n');
  else if (line === 'bye') channel.end();
  else if (id)
    say(`{\n  "Status": {"SystemUnit": {"ProductId": {"Value": "Cisco Room Kit"}}}\n  ,"ResultId": "${id}"\n}\n`);
}
