import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

export interface HttpsHost {
  readonly address: string;
  readonly port: number;
  /** PEM, for clients that pin it or take it as their CA. */
  readonly certificate: string;
  readonly running: boolean;
  /** Off: connections are refused, open ones are cut. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An HTTPS server with its own self-signed EC certificate that can be switched off and on at the same address. */
export async function startHttpsHost(options: {
  address: string;
  port: number;
  /** First one is the common name; all become subject alternative names. */
  certificateNames: string[];
  handler: Handler;
}): Promise<HttpsHost> {
  const pem = await selfSigned([...options.certificateNames, options.address]);
  let server: Server | undefined;
  let port = options.port;

  async function start(): Promise<void> {
    if (server) return;
    const next = createServer({ key: pem.key, cert: pem.cert, keepAliveTimeout: 15_000 }, (request, response) => {
      Promise.resolve(options.handler(request, response)).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(error));
      });
    });
    next.on('tlsClientError', () => {});
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen({ host: options.address, port, backlog: 511 }, () => {
        next.off('error', reject);
        resolve();
      });
    });
    next.on('error', () => {});
    const bound = next.address();
    if (bound && typeof bound === 'object') port = bound.port;
    server = next;
  }

  async function stop(): Promise<void> {
    const old = server;
    if (!old) return;
    server = undefined;
    await new Promise<void>((resolve) => {
      old.close(() => resolve());
      old.closeAllConnections();
    });
  }

  await start();
  return {
    address: options.address,
    get port() {
      return port;
    },
    certificate: pem.cert,
    get running() {
      return server !== undefined;
    },
    start,
    stop,
  };
}

async function selfSigned(names: string[]): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'lab' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

export class BodyTooLarge extends Error {}

/** The whole body as text, at most `limit` bytes. */
export async function readBody(request: IncomingMessage, limit = 10_000_000): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    size += part.length;
    if (size > limit) throw new BodyTooLarge('body too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** User and password of a Basic header. */
export function basicOf(request: IncomingMessage): { username: string; password: string } | undefined {
  const match = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? '');
  if (!match?.[1]) return undefined;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

export const pause = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();

/** How much of a mistake is made good by the next one: several are on their way at once. */
const SHARE = 0.2;
const MOST_MS = 2;

/**
 * The way to a host, whose length is right on the mean: timers are of whole milliseconds and end up to one too early or too
 * late, so what the last ones were off is made good by the next.
 */
export class Way {
  #late = 0;

  /**
   * @param from when it was begun, as `performance.now()` told it
   * @param arrive what is at its end; the time that it takes is of the way
   */
  async walk(from: number, ms: number, arrive: () => void): Promise<void> {
    if (ms <= 0) return arrive();
    await pause(Math.round(from + ms - performance.now() - this.#late));
    arrive();
    const late = this.#late + (performance.now() - from - ms) * SHARE;
    this.#late = Math.max(-MOST_MS, Math.min(MOST_MS, late));
  }
}
