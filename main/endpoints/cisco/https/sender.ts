/**
 * Sends requests to a codec's web server at the pace that it bears, and again where that is harmless. Knows passwords
 * and cookies, but not what a reply means beyond `come later`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { EndpointTarget } from '../../driver.ts';
import { type HttpLink, type HttpReply, openHttp } from '../../transports/http.ts';
import { isBusy, retryAfterMs } from './statuses.ts';

export type WebTarget = Pick<
  EndpointTarget,
  'address' | 'httpsPort' | 'username' | 'password' | 'trust' | 'timeoutMs' | 'legacy'
>;

export interface Ask {
  method: 'GET' | 'POST';
  /** Absolute path with query, already encoded. */
  path: string;
  body?: string;
  /** Whether it may be sent again when it is not known if it was carried out: it only reads. */
  repeatable: boolean;
}

/** No reply of a codec comes near this: 200 macros of 150 kB. */
const MAX_BYTES = 32 * 1024 * 1024;
/** How often a request is sent that is answered with 503, and the first wait; each is twice as long as the one before. */
const TRIES = 4;
const FIRST_WAIT_MS = 1_000;
/** RoomOS release notes: one request with Basic authentication a second, more are kept waiting, then refused. */
const BASIC_EVERY_MS = 1_000;
/** Longest goodbye: the work may be over for a reason that makes it hopeless. */
const GOODBYE_MS = 5_000;

export class PatientSender {
  private readonly link: HttpLink;
  private readonly authorization: string;
  /** Ends waits between requests, and a request as long as nothing can have reached the codec. */
  private readonly haste = new AbortController();
  private readonly connecting = new AbortController();
  private basicAt = Number.NEGATIVE_INFINITY;

  /** @param tap listens in on the link */
  constructor(
    { address, httpsPort: port, username, password, timeoutMs, trust, legacy }: WebTarget,
    tap: (link: HttpLink) => HttpLink = (link) => link,
  ) {
    this.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    this.link = tap(openHttp({ address, port, timeoutMs, tls: { pin: trust }, legacy, maxBytes: MAX_BYTES }));
  }

  /** Whether anything can have reached the codec. */
  get hasSent(): boolean {
    return this.link.tls !== null;
  }

  get weakness(): string | null {
    return this.link.tls?.weakness ?? null;
  }

  /**
   * @param cookie of the session; null = with the password. @returns any reply, a 503 only when patience is at its end:
   * it was not carried out [assumed], so any request may be sent again. Throws as `HttpLink`, CANCELLED after `hurry`.
   */
  async send(ask: Ask, cookie: string | null): Promise<HttpReply> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.sendOrRepeat(ask, cookie);
      if (!isBusy(reply) || attempt === TRIES) return reply;
      await this.wait(retryAfterMs(reply) ?? FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }

  /** One try within a short time; never throws. */
  async sayGoodbye(ask: Ask, cookie: string): Promise<void> {
    const signal = AbortSignal.timeout(GOODBYE_MS);
    await this.link.request({ ...ask, headers: { cookie }, signal }).catch(() => undefined);
  }

  /** From now on nothing waits: neither for a better moment nor for a connection. A request that was sent goes on. */
  hurry(): void {
    this.haste.abort();
    if (!this.hasSent) this.connecting.abort();
  }

  close(): Promise<void> {
    return this.link.close();
  }

  /** A connection that was kept open may be closed by the codec in the moment of sending. */
  private async sendOrRepeat(ask: Ask, cookie: string | null): Promise<HttpReply> {
    try {
      return await this.sendOnce(ask, cookie);
    } catch (thrown) {
      if (!ask.repeatable || asOtjError(thrown).code !== 'CONNECTION_LOST') throw thrown;
      return this.sendOnce(ask, cookie);
    }
  }

  private async sendOnce({ method, path, body }: Ask, cookie: string | null): Promise<HttpReply> {
    if (cookie === null) await this.wait(this.basicAt + BASIC_EVERY_MS - performance.now());
    const headers = {
      ...(cookie === null ? { authorization: this.authorization } : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'text/xml' }),
    };
    const { signal } = this.connecting;
    try {
      return await this.link.request({ method, path, headers, signal, ...(body === undefined ? {} : { body }) });
    } finally {
      if (cookie === null) this.basicAt = performance.now();
    }
  }

  private async wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    await pause(ms, undefined, { signal: this.haste.signal }).catch((cause) => {
      throw new OtjError('CANCELLED', undefined, { cause });
    });
  }
}
