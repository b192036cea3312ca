import http from 'node:http';
import https from 'node:https';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** Where and how a Conferencing Node calls a codec's API. */
export interface CodecTarget {
  address: string;
  port: number;
  secure: boolean;
  verifyCertificate: boolean;
  username: string;
  password: string;
}

export type PushOutcome = { ok: true } | { ok: false; text: string };

interface Answer {
  status: number;
  cookie: string | undefined;
  body: string;
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });

/**
 * Pushes bookings to one codec through its XML API. Holds one session at a time, because Basic requests are limited
 * to one a second and sessions do not end by themselves (RoomOS release notes and API guide).
 */
export class CodecClient {
  readonly target: CodecTarget;
  readonly #timeoutMs: number;
  readonly #agent: http.Agent;
  #session: string | undefined;
  /** The codec let us in without a cookie: it has no sessions, so every request carries the login. */
  #sessionless = false;

  constructor(target: CodecTarget, timeoutMs = 5000) {
    this.target = target;
    this.#timeoutMs = timeoutMs;
    this.#agent = target.secure
      ? new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: target.verifyCertificate })
      : new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  /** `Bookings Put`: replaces the codec's list. Only the codec's own OK counts. */
  async put(bookings: Record<string, unknown>[]): Promise<PushOutcome> {
    try {
      if (!this.#session && !this.#sessionless) {
        const opened = await this.#begin();
        if (!opened.ok) return opened;
      }
      const put = { '@command': 'True', body: JSON.stringify({ Bookings: bookings }) };
      const answer = await this.#post('/putxml', builder.build({ Command: { Bookings: { Put: put } } }));
      if (answer.status === 200 && putSucceeded(answer.body)) return { ok: true };
      // An expired cookie is answered with the sign-in page and status 200.
      if (answer.status !== 503) this.#session = undefined;
      return { ok: false, text: `HTTP ${answer.status}: ${answer.body.slice(0, 120)}` };
    } catch (error) {
      this.#session = undefined;
      return { ok: false, text: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    const open = this.#session !== undefined;
    if (open) await this.#post('/xmlapi/session/end', '').catch(() => {});
    this.#session = undefined;
    this.#agent.destroy();
  }

  async #begin(): Promise<PushOutcome> {
    const answer = await this.#post('/xmlapi/session/begin', '');
    if (answer.status >= 300) return { ok: false, text: `login: HTTP ${answer.status}` };
    this.#session = answer.cookie;
    this.#sessionless = answer.cookie === undefined;
    return { ok: true };
  }

  #post(path: string, body: string): Promise<Answer> {
    const { target } = this;
    const login = this.#session
      ? { Cookie: this.#session }
      : { Authorization: `Basic ${Buffer.from(`${target.username}:${target.password}`).toString('base64')}` };
    return new Promise((resolve, reject) => {
      const request = (target.secure ? https : http).request(
        {
          host: target.address,
          port: target.port,
          method: 'POST',
          path,
          agent: this.#agent,
          headers: { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body), ...login },
          signal: AbortSignal.timeout(this.#timeoutMs),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              cookie: response.headers['set-cookie']?.[0]?.split(';')[0],
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

function putSucceeded(body: string): boolean {
  try {
    const parsed = parser.parse(body) as { Command?: Record<string, { '@status'?: unknown }> };
    return Object.entries(parsed.Command ?? {}).some(
      ([name, result]) => name.endsWith('PutResult') && result?.['@status'] === 'OK',
    );
  } catch {
    return false;
  }
}
