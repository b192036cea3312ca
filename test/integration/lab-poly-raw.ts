import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Client } from 'ssh2';
import { Agent, request } from 'undici';
import { expect } from 'vitest';
import type { AnyPolySpec, PolyGroupSpec, PolyTrioSpec } from '../lab/types.ts';

/** Raw clients for the simulated Poly devices, none of them the product's. */
export const ADMIN = { username: 'admin', password: 'correct-horse-1' };
export const TRIO_ADMIN = { username: 'Polycom', password: 'correct-horse-2' };
const CALENDAR = {
  enabled: false,
  server: 'old.example.com',
  mailbox: 'room@example.com',
  domain: '',
  username: 'old-user',
  password: 'old-secret-1',
};
const PORTS = { httpsPort: 8443, sshPort: 2022, telnetPort: 2324 };

export const GROUP: PolyGroupSpec = {
  kind: 'poly-group',
  address: '127.31.20.1',
  ...PORTS,
  serial: '82150000TEST01',
  mac: '00:E0:DB:00:10:01',
  model: 'RealPresence Group 500',
  systemName: 'Board Room',
  software: 'Release - 6.2.2.8-670021',
  admin: ADMIN,
  calendar: CALENDAR,
  pollMs: 100,
  cli: { gapMs: 0 },
};

export const TRIO: PolyTrioSpec = {
  kind: 'poly-trio',
  address: '127.31.21.1',
  httpsPort: 8443,
  serial: '64167F0A0B01',
  mac: '64:16:7F:0A:0B:01',
  model: 'Trio 8800',
  systemName: 'Huddle',
  software: '7.2.2.1094 28-Feb-22 15:29',
  admin: TRIO_ADMIN,
  calendar: { ...CALENDAR, server: '' },
  pollMs: 100,
};

/** Patient: the machine may be busy. */
export const poll = <Value>(get: () => Value) => expect.poll(get, { interval: 10, timeout: 15_000 });

const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, headersTimeout: 5000, bodyTimeout: 5000 });

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: unknown;
}

export async function ask(
  spec: AnyPolySpec,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const reply = await request(`https://${spec.address}:${spec.httpsPort}${path}`, {
    method,
    dispatcher,
    // One device follows the other at the same address.
    reset: true,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.body.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: reply.statusCode, headers: reply.headers, text, json };
}

export const basic = ({ username, password }: { username: string; password: string }) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** The answer to a Digest challenge (RFC 2617, qop auth). */
export function digest(
  challenge: string,
  { method, uri, username, password }: { method: string; uri: string; username: string; password: string },
  nc = '00000001',
): { authorization: string } {
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const [realm, nonce] = [field('realm'), field('nonce')];
  const ha1 = md5(`${username}:${realm}:${password}`);
  const response = md5(`${ha1}:${nonce}:${nc}:abc:auth:${md5(`${method}:${uri}`)}`);
  const parts = `username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`;
  return { authorization: `Digest ${parts}, qop=auth, nc=${nc}, cnonce="abc"` };
}

/** A command line that is only read and written. */
export class Terminal {
  text = '';
  closed = false;
  readonly #write: (text: string) => void;
  readonly end: () => void;

  constructor(write: (text: string) => void, end: () => void) {
    this.#write = write;
    this.end = end;
  }

  send(text: string): void {
    this.#write(text);
  }

  /** One command and what comes until the next mark. */
  async run(command: string): Promise<string> {
    const from = this.text.length;
    this.send(`${command}\r`);
    this.send('echo "-mark-"\r');
    await poll(() => /^-mark-/m.test(this.text.slice(from)) || this.closed).toBe(true);
    return this.text.slice(from).replace(/(^|\n)-mark-[\s\S]*$/, '$1');
  }

  async until(pattern: RegExp): Promise<void> {
    await poll(() => this.text).toMatch(pattern);
  }
}

export function telnet(spec: { address: string; telnetPort?: number }): Promise<Terminal> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: spec.address, port: spec.telnetPort ?? 0 }, () => resolve(terminal));
    const terminal = new Terminal(
      (text) => socket.write(text),
      () => socket.end(),
    );
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      terminal.text += text;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      terminal.closed = true;
    });
  });
}

export function ssh(
  spec: { address: string; sshPort?: number },
  { username, password }: { username: string; password: string },
): Promise<Terminal> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', reject);
    client.on('ready', () => {
      client.shell({ term: 'vt100' }, (error, channel) => {
        if (error) return reject(error);
        const terminal = new Terminal(
          (text) => channel.write(text),
          () => client.end(),
        );
        channel.setEncoding('utf8');
        channel.on('data', (text: string) => {
          terminal.text += text;
        });
        client.on('close', () => {
          terminal.closed = true;
        });
        return resolve(terminal);
      });
    });
    client.connect({
      host: spec.address,
      port: spec.sshPort ?? 0,
      username,
      password,
      hostVerifier: () => true,
    });
  });
}

/** A logged-in command line, past its greeting. */
export async function loggedIn(spec: PolyGroupSpec, way: 'telnet' | 'ssh'): Promise<Terminal> {
  const terminal = way === 'ssh' ? await ssh(spec, spec.admin) : await telnet(spec);
  if (way === 'telnet') {
    await terminal.until(/Password:/);
    terminal.send(`${spec.admin.password}\r`);
  }
  await terminal.until(/SNMP Enabled:[^\n]*\n/);
  return terminal;
}
