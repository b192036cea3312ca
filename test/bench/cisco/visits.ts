/** One room's reading three ways: by the product, by npm jsxapi, and with nothing but the round trips it takes. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { connect as jsxapi } from 'jsxapi';
import { Client } from 'ssh2';
import type { Transport } from '../../../main/contract/device.ts';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import { readFacts } from '../../../main/endpoints/cisco/facts.ts';
import { commandLine, type Xapi, type XapiParams } from '../../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget } from '../../../main/endpoints/driver.ts';
import { holdKeys } from '../../../main/endpoints/transports/ssh/heldKeys.ts';
import { gathering } from '../../../main/endpoints/transports/ssh/socket.ts';
import type { FarCodec } from './codecProcess.ts';

/** What was asked of a codec, so that another client can ask the same. */
export type Reading =
  | { kind: 'get'; tree: 'Status' | 'Configuration'; path: string }
  | { kind: 'command'; path: string; params: XapiParams };

const REPLIED = '"ResultId"';
const NO_STOP = new AbortController().signal;

export function targetOf(codec: FarCodec, transport: Transport): EndpointTarget {
  return {
    family: 'cisco-roomos',
    ...codec,
    transport,
    lastTransport: null,
    legacy: false,
    trust: { check: () => undefined },
    timeoutMs: 30_000,
    proofMs: 0,
    proofEveryMs: 1_000,
  };
}

/** Passes everything on and notes it; counts how often something was asked with nothing under way. */
export class Noted implements Xapi {
  readonly readings: Reading[] = [];
  /** Times that a reply had to come before the next could be asked. */
  flights = 0;
  private readonly xapi: Xapi;
  private underWay = 0;

  constructor(xapi: Xapi) {
    this.xapi = xapi;
  }

  get link() {
    return this.xapi.link;
  }

  get(tree: 'Status' | 'Configuration', path: string) {
    this.readings.push({ kind: 'get', tree, path });
    return this.count(this.xapi.get(tree, path));
  }

  command(path: string, params: XapiParams = {}, body?: string) {
    this.readings.push({ kind: 'command', path, params });
    return this.count(this.xapi.command(path, params, body));
  }

  set(path: string, value: string | number | boolean) {
    return this.count(this.xapi.set(path, value));
  }

  close() {
    return this.xapi.close();
  }

  private async count<T>(asked: Promise<T>): Promise<T> {
    if (this.underWay++ === 0) this.flights++;
    try {
      return await asked;
    } finally {
      this.underWay--;
    }
  }
}

/** What every visit begins with, and all of a dry run: log in, read all facts. @returns what was asked */
export async function visitByUs(codec: FarCodec, transport: Transport): Promise<Noted> {
  const noted = new Noted(await openCodec(targetOf(codec, transport), NO_STOP));
  try {
    await readFacts(noted);
  } finally {
    await noted.close();
  }
  return noted;
}

/** The same readings by our client alone, with nothing made of them: what a client of another maker can be set beside. */
export async function readByUs(codec: FarCodec, readings: readonly Reading[]): Promise<void> {
  const xapi = await openCodec(targetOf(codec, 'ssh'), NO_STOP);
  const asked = readings.map((reading) =>
    reading.kind === 'command' ? xapi.command(reading.path, reading.params) : xapi.get(reading.tree, reading.path),
  );
  // A codec may refuse a reading: that is an answer too.
  await Promise.allSettled(asked);
  await xapi.close();
}

/** The same readings by Cisco's own client. */
export async function visitByJsxapi(codec: FarCodec, readings: readonly Reading[]): Promise<void> {
  const { address, sshPort, username, password } = codec;
  const xapi = jsxapi(`ssh://${address}`, { port: sshPort, username, password });
  // Its errors beside those of single calls, such as text between replies.
  xapi.on('error', () => undefined);
  await new Promise((resolve) => xapi.on('ready', resolve));
  const asked = readings.map((reading) => {
    if (reading.kind === 'command') return xapi.command(reading.path, reading.params);
    return (reading.tree === 'Status' ? xapi.status : xapi.config).get(reading.path);
  });
  await Promise.allSettled(asked);
  xapi.close();
}

/**
 * What the least that the protocol allows is made of, one after the other; `visitBare` does nothing else. Not part of it:
 * asking which login methods there are, waiting until echo is off.
 */
export const BARE_TRIPS = [
  'connection',
  'names of both sides',
  'key exchange',
  'login service',
  'login method',
  'password',
  'channel',
  'shell and its greeting',
  'all readings',
] as const;

/**
 * The least that the protocol allows: log in, start the shell, wait for its greeting, then send everything in one piece
 * and wait until as many replies have come. Nothing is read, checked or kept; the library is treated as thriftily as by us.
 */
export async function visitBare(codec: FarCodec, readings: readonly Reading[]): Promise<void> {
  const { address, sshPort, username, password } = codec;
  const client = new Client();
  client.on('keyboard-interactive', (_name, _instructions, _language, _prompts, finish) => finish([password]));
  const socket = new Socket();
  client.on('handshake', () => holdKeys(client));
  socket.connect({ host: address, port: sshPort }).setNoDelay(true);
  client.connect({ sock: gathering(socket), username, tryKeyboard: true, authHandler: ['keyboard-interactive'] });
  await once(client, 'ready');
  const channel = await new Promise<NodeJS.ReadWriteStream>((resolve, reject) =>
    client.shell(false, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  let text = '';
  let greeted = false;
  let replies = 0;
  let from = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  channel.setEncoding('latin1');
  channel.on('data', (piece: string) => {
    text += piece;
    if (!greeted) {
      if (!/\*r Login successful[\s\S]*\nOK\r?\n/.test(text)) return;
      greeted = true;
      text = '';
      channel.write(`echo off\nxpreferences outputmode json\n${readings.map(lineOf).join('')}`);
    }
    for (let at = text.indexOf(REPLIED, from); at >= 0; at = text.indexOf(REPLIED, from)) {
      from = at + REPLIED.length;
      replies++;
    }
    if (replies >= readings.length) resolve();
  });
  await promise;
  client.end();
}

function lineOf(reading: Reading, at: number): string {
  if (reading.kind === 'command') return `${commandLine(reading.path, reading.params, String(at))}\n`;
  return `x${reading.tree} ${reading.path} | resultId="${at}"\n`;
}
