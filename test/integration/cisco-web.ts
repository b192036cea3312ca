/** A web server that answers as a test tells it, with sessions as codecs have them, on a loopback address of its own. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expect, onTestFinished } from 'vitest';
import type { ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { WebTarget } from '../../main/endpoints/cisco/https/sender.ts';
import { XmlApi } from '../../main/endpoints/cisco/https/xmlApi.ts';
import { leaf } from '../../main/endpoints/cisco/xapi.ts';
import { errorOf } from '../support/codeOf.ts';
import { PLACE } from '../support/place.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Cuts the connection: before a byte of the reply, or in its middle. */
  cut?: 'before' | 'within';
}

export interface Request {
  method: string;
  path: string;
  body: string;
  /** `basic` with user and password, or the cookie. */
  as: string;
}

/** What a request is answered with; nothing = as a codec with one status and no other content. */
type Script = (request: Request, number: number) => Answer | undefined | Promise<Answer | undefined>;

export const PASSWORD = 'Web "Secret" <&> 7654321';
const pem = generate([{ name: 'commonName', value: 'codec' }], { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' });
let addresses = 0;

export class Web {
  readonly requests: Request[] = [];
  /** Cookies of the sessions that are open. */
  readonly sessions = new Set<string>();
  connections = 0;
  address = '';
  port = 0;
  private script: Script;
  private made = 0;

  private constructor(script: Script) {
    this.script = script;
  }

  static async start(script: Script = () => undefined, options: ServerOptions = {}): Promise<Web> {
    const web = new Web(script);
    const { private: key, cert } = await pem;
    const server = createServer({ key, cert, ...options }, (request, response) => {
      web.answer(request, response).catch(() => response.destroy());
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', () => web.connections++);
    web.address = `127.63.${PLACE}.${1 + (addresses++ % 250)}`;
    await new Promise<void>((resolve) => server.listen(0, web.address, resolve));
    web.port = (server.address() as AddressInfo).port;
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return web;
  }

  target(change: Partial<WebTarget> = {}): WebTarget {
    return {
      address: this.address,
      httpsPort: this.port,
      username: 'admin',
      password: PASSWORD,
      trust: { check: () => undefined },
      timeoutMs: 4_000,
      legacy: false,
      ...change,
    };
  }

  /** The requests in short, e.g. `POST /putxml`. */
  get log(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const basic = Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const as = basic ? `basic ${basic}` : (headers.cookie ?? '');
    const request = { method, path, body: Buffer.concat(parts).toString(), as };
    this.requests.push(request);
    const told = (await this.script(request, this.requests.length)) ?? this.usual(request);
    const body = Buffer.from(told.body ?? '');
    if (told.cut === 'before') return void response.destroy();
    response.writeHead(told.status ?? 200, { 'content-length': body.length, ...told.headers });
    if (told.cut !== 'within') return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }

  private usual({ path, as }: Request): Answer {
    if (path === '/xmlapi/session/begin') {
      const cookie = `SessionId=${(0xabc000 + ++this.made).toString(16)}`;
      this.sessions.add(cookie);
      return { status: 204, headers: { 'set-cookie': `${cookie}; Path=/; HttpOnly; Secure` } };
    }
    if (!this.sessions.has(as) && !as.startsWith('basic ')) return { body: PAGE };
    if (path === '/xmlapi/session/end') return { status: this.sessions.delete(as) ? 204 : 200 };
    if (path.startsWith('/getxml'))
      return { body: '<?xml version="1.0"?><Status><SystemUnit><Uptime>7</Uptime></SystemUnit></Status>' };
    return { body: '<?xml version="1.0"?><Command><MacroGetResult status="OK"/></Command>' };
  }
}

export const PAGE = '<!DOCTYPE html>\n<html><head><style>.a{display:block}</style></head><body>Sign in</body></html>';

export const BEGIN = 'POST /xmlapi/session/begin';
export const END = 'POST /xmlapi/session/end';
/** What shows whether a password is good where there are no sessions. */
export const PRODUCT = 'GET /getxml?location=/Status/SystemUnit/ProductId';
export const UPTIME = 'GET /getxml?location=/Status/SystemUnit/Uptime';

export function start(target: WebTarget, signal = new AbortController().signal): Promise<XmlApi> {
  return XmlApi.start(target, signal);
}

export async function uptime(api: XmlApi): Promise<string | undefined> {
  return leaf(await api.get('Status', 'SystemUnit Uptime'));
}

/** Whether a request is for the API, not for the session. */
export function isApi({ path }: Request): boolean {
  return !path.startsWith('/xmlapi/');
}

/** A server whose API always answers so. */
export function apiThatAnswers(answer: Answer): Promise<Web> {
  return Web.start((request) => (isApi(request) ? answer : undefined));
}

/** The error of some work, checked to hold neither password nor cookie in any form. */
export async function told(work: () => unknown): Promise<OtjError | undefined> {
  const error = await errorOf(work);
  const base64 = Buffer.from(`admin:${PASSWORD}`).toString('base64');
  for (const form of [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), base64, 'abc00'])
    expect(`${error?.message} ${JSON.stringify(error?.toProblem())}`).not.toContain(form);
  return error;
}

export async function codeOf(work: () => unknown): Promise<ErrorCode | undefined> {
  return (await told(work))?.code;
}
