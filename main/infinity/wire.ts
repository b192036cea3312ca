/** One link to the Management Node below the API: its address, its turn, and what went wrong on the way. */
import { asOtjError, OtjError } from '../contract/errors.ts';
import { type HttpOptions, type HttpReply, type HttpRequest, openHttp } from '../endpoints/transports/http.ts';
import { Pace } from './pace.ts';

/** Pexip's own command-line tool keeps at most five requests in flight to spare the node. */
export const IN_FLIGHT = 5;

export interface WireOptions {
  /** Host name or address of the Management Node. */
  address: string;
  port: number;
  /** Pinned by fingerprint, or verified against system trust or a CA in PEM form. */
  tls: HttpOptions['tls'];
  /** Milliseconds for one request, waiting for its turn not counted. 30,000 as in Pexip's go-infinity-sdk. */
  timeoutMs?: number;
  /** Requests in 60 seconds; see {@link Pace}. */
  perMinute?: number;
}

export interface Wire {
  /** `https://host` or `https://host:port`, as a browser would write it. */
  readonly origin: string;
  readonly pace: Pace;
  /**
   * Sends one request, once. Any status is a reply.
   * @throws OtjError INFINITY_UNREACHABLE, INFINITY_ODD, HANDSHAKE, CANCELLED, or what the pin throws
   */
  request(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

export function openWire({ address, port, tls, timeoutMs = 30_000, perMinute }: WireOptions): Wire {
  const link = openHttp({ address, port, tls, timeoutMs, connections: IN_FLIGHT });
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    origin: URL.parse(`https://${host}:${port}`)?.origin ?? `https://${host}:${port}`,
    pace: new Pace(perMinute),
    async request(request) {
      try {
        return await link.request(request);
      } catch (thrown) {
        throw transportError(thrown);
      }
    },
    close: () => link.close(),
  };
}

/** Whether a kept connection went away, so that a request may never have been seen. */
export function lostConnection(thrown: unknown): boolean {
  return thrown instanceof OtjError && thrown.cause instanceof OtjError && thrown.cause.code === 'CONNECTION_LOST';
}

function transportError(thrown: unknown): OtjError {
  const error = asOtjError(thrown);
  switch (error.code) {
    case 'UNREACHABLE':
    case 'CONNECTION_LOST':
      return new OtjError('INFINITY_UNREACHABLE', error.words, { cause: error });
    case 'TIMEOUT':
      return new OtjError('INFINITY_UNREACHABLE', `no answer in time: ${error.words ?? ''}`, { cause: error });
    case 'ODD_REPLY':
    case 'REPLY_TOO_LARGE':
      return new OtjError('INFINITY_ODD', error.words, { cause: error });
    default:
      return error;
  }
}
