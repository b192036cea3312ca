import { type Algorithms, type AuthHandlerMiddleware, type Client, Client as SshClient } from 'ssh2';
import { Agent, request } from 'undici';
import { afterEach, expect, vi } from 'vitest';
import { startCodec } from '../lab/cisco/codec.ts';
import type { CodecSpec, World } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';

// Raw ssh2 and undici on purpose: the simulator is checked against the reference, not against the product's driver.
export const ADMIN = { username: 'admin', passphrase: 'lab-passphrase', roles: ['Admin', 'User'] as const };
export const USER = { username: 'guest', passphrase: 'guest-passphrase', roles: ['User'] as const };
const SSH_PORT = 2022;
const HTTPS_PORT = 8443;
const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, pipelining: 1 });

export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const NETWORK = `127.65.${PLACE}`;
let devices = 0;

export async function codec(change: Partial<CodecSpec> = {}, world: World = createWorld()) {
  const number = ++devices;
  const spec: CodecSpec = {
    kind: 'codec',
    address: `${NETWORK}.${number}`,
    httpsPort: HTTPS_PORT,
    sshPort: SSH_PORT,
    serial: `FOC0000LAB${number}`,
    mac: '00:50:60:00:00:01',
    model: 'Cisco Room Kit Pro',
    systemName: 'boardroom-2',
    software: 'ce11.27.2.0.0123456789a',
    users: [
      { ...ADMIN, roles: [...ADMIN.roles] },
      { ...USER, roles: [...USER.roles] },
    ],
    macros: [],
    ...change,
  };
  const device = await startCodec(spec, world);
  cleanups.push(() => device.stop());
  return { spec, device };
}

/** What a client has to name outright to reach the oldest software. */
export const LEGACY: Algorithms = {
  kex: ['diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['3des-cbc'],
  hmac: ['hmac-sha1'],
};

export interface ShellOptions {
  /** Left open behind the test, whose end may be that of another one beside it: the caller ends it. */
  keep?: boolean;
  pty?: boolean;
  algorithms?: Algorithms;
}

/** A shell without a terminal, as jsxapi opens it. */
export class Shell {
  text = '';
  closed = false;
  readonly #client: Client;
  readonly #write: (text: string | Buffer) => void;

  static open(
    spec: CodecSpec,
    login: { username: string; passphrase: string },
    { pty = false, algorithms = {}, keep = false }: ShellOptions = {},
  ): Promise<Shell> {
    return new Promise((resolve, reject) => {
      const client = new SshClient();
      client.on('keyboard-interactive', (_name, _text, _language, _prompts, finish) => finish([login.passphrase]));
      client.on('error', reject);
      client.on('connect', () => client.setNoDelay(true));
      client.on('ready', () => {
        client.shell(pty ? { term: 'vt100' } : false, (error, channel) => {
          if (error) return reject(error);
          const shell = new Shell(client, (text) => channel.write(text));
          // A character may come in two packets.
          channel.setEncoding('utf8');
          channel.on('data', (text: string) => {
            shell.text += text;
          });
          client.on('close', () => {
            shell.closed = true;
          });
          if (!keep) cleanups.push(() => client.end());
          return resolve(shell);
        });
      });
      client.connect({
        host: spec.address,
        port: spec.sshPort,
        username: login.username,
        tryKeyboard: true,
        ...(spec.ssh?.auth === 'password' ? { password: login.passphrase } : {}),
        algorithms,
        hostVerifier: () => true,
      });
    });
  }

  private constructor(client: Client, write: (text: string | Buffer) => void) {
    this.#client = client;
    this.#write = write;
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const look = () => {
      const match = pattern.exec(this.text);
      if (!match) throw new Error(`${pattern} did not come, but ${JSON.stringify(this.text.slice(-500))}`);
      return match;
    };
    return await vi.waitFor(look, { timeout: 10_000, interval: 5 });
  }

  send(text: string | Buffer): void {
    this.#write(text);
  }

  /** Ready for JSON. */
  async json(): Promise<this> {
    await this.until(/^OK$/m);
    this.send('echo off\nxpreferences outputmode json\n');
    await this.until(/Login successful[\s\S]*^OK$[\s\S]*^OK$[\s\S]*^OK$/m);
    return this;
  }

  #tag = 0;

  /** Sends one command and gives its JSON reply. */
  async ask(command: string, body?: string): Promise<Record<string, unknown>> {
    const id = `t${++this.#tag}`;
    const line = `${command} | resultId="${id}"\n`;
    if (body === undefined) this.send(line);
    else this.send(`{${Buffer.byteLength(`${line}${body}\n`)}} \n${line}${body}\n`);
    return this.reply(id);
  }

  async reply(id: string): Promise<Record<string, unknown>> {
    const end = new RegExp(`"ResultId": "${id}"\\n}\\n`);
    const match = await this.until(end);
    const start = this.text.lastIndexOf('\n{\n', match.index) + 1;
    return JSON.parse(this.text.slice(start, match.index + match[0].length)) as Record<string, unknown>;
  }

  end(): void {
    this.#client.end();
  }
}

/** What a login meets on its way in, and how it ends. */
export interface Knock {
  banner: string;
  /** After the method `none`. */
  methods: string[];
  /** Texts of all prompts and instructions, in order. */
  asked: string[];
  hostKey: string;
  outcome: 'in' | 'refused' | Error;
}

/** One try by one method; `answers` are given to one request for words after the other. */
export function knock(
  spec: CodecSpec,
  username: string,
  method: 'password' | 'keyboard-interactive',
  answers: readonly string[][],
  algorithms: Algorithms = {},
): Promise<Knock> {
  const seen: Knock = { banner: '', methods: [], asked: [], hostKey: '', outcome: 'refused' };
  const left = [...answers];
  const next = () => left.shift() ?? [];
  return new Promise((resolve) => {
    const client = new SshClient();
    const end = (outcome: Knock['outcome']) => {
      client.end();
      resolve({ ...seen, outcome });
    };
    let calls = 0;
    const authHandler: AuthHandlerMiddleware = (methodsLeft, _partial, go) => {
      calls++;
      if (calls === 2) seen.methods = [...(methodsLeft ?? [])];
      if (calls === 1) return go('none');
      // No more ways: the library's word for it is `false`, which its types do not know.
      if (calls > 2) return false;
      if (method === 'password') return go({ type: 'password', username, password: next()[0] ?? '' });
      return go({
        type: 'keyboard-interactive',
        username,
        prompt: (_name, instructions, _language, prompts, finish) => {
          seen.asked.push(...(instructions ? [instructions] : []), ...prompts.map((one) => one.prompt));
          finish(prompts.length === 0 ? [] : next());
        },
      });
    };
    client.on('banner', (text) => {
      seen.banner += text;
    });
    client.on('change password', (text, done) => {
      seen.asked.push(text);
      done(next()[0] ?? '');
    });
    client.on('ready', () => end('in'));
    client.on('error', (error: Error & { level?: string }) =>
      end(error.level === 'client-authentication' ? 'refused' : error),
    );
    client.connect({
      host: spec.address,
      port: spec.sshPort,
      username,
      // The library says it again when it answers a demand for a new one.
      ...(method === 'password' ? { password: answers[0]?.[0] ?? '' } : {}),
      authHandler,
      algorithms,
      hostVerifier: (key: Buffer) => {
        seen.hostKey = key.toString('base64');
        return true;
      },
    });
  });
}

export function status(result: string, value = 'OK') {
  return { CommandResponse: { [result]: { status: value } } };
}

export async function http(spec: CodecSpec, method: 'GET' | 'POST', path: string, headers = {}, body?: string) {
  const url = `https://${spec.address}:${spec.httpsPort}${path}`;
  const reply = await request(url, { method, dispatcher, headers, ...(body === undefined ? {} : { body }) });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}

export const basic = ({ username, passphrase }: { username: string; passphrase: string }) => ({
  authorization: `Basic ${Buffer.from(`${username}:${passphrase}`).toString('base64')}`,
});

export async function cookie(spec: CodecSpec) {
  const begun = await http(spec, 'POST', '/xmlapi/session/begin', basic(ADMIN));
  expect(begun.status).toBe(204);
  return { cookie: String(begun.headers['set-cookie']).split(';')[0] ?? '' };
}

export function getMacro(name: string): string {
  return `<Command><Macros><Macro><Get command="True"><Name>${name}</Name><Content>True</Content></Get></Macro></Macros></Command>`;
}
