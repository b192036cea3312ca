/**
 * One HTTPS link to one host: pinned or verified certificate, bounded reply size, a time limit on every request.
 * Speaks no vendor's protocol. Never follows redirects, so credentials go nowhere else.
 */
import { isUtf8 } from 'node:buffer';
import type { X509Certificate } from 'node:crypto';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { buildConnector, Client, errors, Pool } from 'undici';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { TrustStore } from '../driver.ts';
import { type AgreedTls, agreedOn, clientOptions } from './tls/agreed.ts';
import { checkPin, isUnreachable, wantsClientCertificate, whyNoTls } from './tls/handshake.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path with query, already encoded. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

export interface HttpReply {
  status: number;
  /** Lower-case names; repeated headers as a list. */
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** False when bytes of the body had no meaning in UTF-8, so that `text` is not what was sent. */
  isUtf8: boolean;
}

export interface HttpLink {
  /** What TLS agreed on the newest connection; null before the first one, when nothing was sent yet. */
  readonly tls: AgreedTls | null;
  /** What the peer showed on the newest connection; null before the first one. */
  readonly certificate: X509Certificate | null;
  /**
   * Any status is a reply. Throws OtjError UNREACHABLE, TIMEOUT, CONNECTION_LOST, HANDSHAKE, TRUST_CHANGED,
   * REPLY_TOO_LARGE, CANCELLED, CLIENT_CERTIFICATE; with the option `legacy` also LEGACY_NEEDED.
   */
  request(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

export interface HttpOptions {
  address: string;
  port: number;
  /** Milliseconds for one whole request. */
  timeoutMs: number;
  /** Pinned on first use, or verified against system trust or a CA in PEM form. */
  tls: { pin: TrustStore } | { ca?: string };
  /**
   * For a pinned device: whether TLS versions and ciphers that are no longer safe may be agreed. Where it is given, a
   * connection that fails is looked into, and LEGACY_NEEDED or CLIENT_CERTIFICATE told.
   */
  legacy?: boolean;
  /** Connections kept at once; devices get 1. */
  connections?: number;
  /** GETs that may be under way on one connection at once (RFC 9112, pipelining); 1 when absent. */
  pipelining?: number;
  /** Largest reply body in bytes. */
  maxBytes?: number;
}

/** Why what is under way ends with the link. */
const CLOSED = Object.assign(new Error('closed by us'), { code: 'CLOSED' });

const MAX_BYTES = 16 * 1024 * 1024;

export function openHttp(options: HttpOptions): HttpLink {
  const { address, port, timeoutMs, legacy, maxBytes = MAX_BYTES } = options;
  const where = `${address}:${port}`;
  const origin = `https://${address.includes(':') ? `[${address}]` : address}:${port}`;
  let agreed: AgreedTls | null = null;
  let certificate: X509Certificate | null = null;
  let answered = false;
  const sockets = new Set<TLSSocket>();
  const { connections = 1, pipelining = 1 } = options;
  const settings = {
    pipelining,
    keepAliveTimeout: 30_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: connector(options, (socket, shown) => {
      agreed = agreedOn(socket);
      certificate = shown;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }),
  };
  const client = connections === 1 ? new Client(origin, settings) : new Pool(origin, { ...settings, connections });

  /** A peer that never answered may have had its reason in the handshake, which the failure does not tell by itself. */
  const explained = async (error: OtjError): Promise<OtjError> => {
    if (answered || legacy === undefined || !MAY_BE_TLS.has(error.code)) return error;
    const reason = await whyNoTls({ address, port, timeoutMs }, legacy);
    return reason ? new OtjError(reason.code, reason.words, { cause: error.cause }) : error;
  };

  return {
    get tls() {
      return agreed;
    },
    get certificate() {
      return certificate;
    },
    async request({ method, path, headers = {}, body, signal }) {
      // Ended with the request: a signal that lives on until its time is up holds the request's memory for so long.
      const deadline = { aborted: false };
      const stop = new AbortController();
      const onStop = () => stop.abort();
      const timer = setTimeout(() => {
        deadline.aborted = true;
        onStop();
      }, timeoutMs);
      signal?.addEventListener('abort', onStop, { once: true });
      if (signal?.aborted) stop.abort();
      try {
        const reply = await client.request({
          method,
          path,
          headers,
          body: body ?? null,
          signal: stop.signal,
          // Else nothing goes out behind it before its answer has begun.
          ...(pipelining > 1 && method === 'GET' ? { blocking: false } : {}),
        });
        answered = true;
        return { status: reply.statusCode, headers: reply.headers, ...(await readBounded(reply.body, maxBytes)) };
      } catch (thrown) {
        throw await explained(httpError(thrown, { deadline, signal, where }));
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onStop);
      }
    },
    async close() {
      // With one reason for all: the library would make one for each of its parts, which costs more than the rest of the end.
      for (const socket of sockets) socket.destroy(CLOSED);
      await client.destroy(CLOSED);
    },
  };
}

const MAY_BE_TLS: ReadonlySet<string> = new Set(['HANDSHAKE', 'CONNECTION_LOST']);

/**
 * For a peer without a public authority the certificate's fingerprint is the identity, checked before a byte is sent.
 * @param onConnect called with each socket that may be used
 */
function connector(
  { tls, timeoutMs: timeout, legacy = false }: HttpOptions,
  onConnect: (socket: TLSSocket, certificate: X509Certificate | null) => void,
): buildConnector.connector {
  const connect = buildConnector(
    'pin' in tls
      ? { ...clientOptions(legacy), rejectUnauthorized: false, timeout, maxCachedSessions: 0, allowH2: false }
      : { timeout, ...(tls.ca ? { ca: tls.ca } : {}) },
  );
  return (options, callback) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error || !(socket instanceof TLSSocket)) return callback(...result);
      try {
        // Given out once only.
        const certificate = socket.getPeerX509Certificate();
        if ('pin' in tls) checkPin(tls.pin, certificate?.raw);
        onConnect(socket, certificate ?? null);
        return callback(null, socket);
      } catch (thrown) {
        socket.destroy();
        return callback(asOtjError(thrown), null);
      }
    });
}

/** Throws REPLY_TOO_LARGE. */
export function readBounded(body: Readable, maxBytes: number): Promise<Pick<HttpReply, 'text' | 'isUtf8'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<HttpReply, 'text' | 'isUtf8'>>();
  const parts: Buffer[] = [];
  let size = 0;
  // By its events: to iterate over it costs as much as all else that is done with a small reply.
  body.on('data', (part: Buffer) => {
    size += part.length;
    if (size > maxBytes) body.destroy(new OtjError('REPLY_TOO_LARGE', `more than ${maxBytes} bytes`));
    else parts.push(part);
  });
  body.on('error', reject);
  body.on('close', () => {
    if (!body.readableEnded) reject(new OtjError('CONNECTION_LOST', 'the reply broke off'));
  });
  body.on('end', () => {
    const whole = Buffer.concat(parts);
    resolve({ text: whole.toString('utf8'), isUtf8: isUtf8(whole) });
  });
  return promise;
}

type ErrorContext = { deadline: Pick<AbortSignal, 'aborted'>; signal: AbortSignal | undefined; where: string };

/** Any failure of undici as an error of the catalogue. */
export function httpError(thrown: unknown, { deadline, signal, where }: ErrorContext): OtjError {
  if (thrown instanceof OtjError) return thrown;
  if (signal?.aborted) return new OtjError('CANCELLED', undefined, { cause: thrown });
  if (deadline.aborted) return new OtjError('TIMEOUT', where, { cause: thrown });
  const error = thrown as NodeJS.ErrnoException;
  const code = error?.code ?? '';
  if (
    thrown instanceof errors.ConnectTimeoutError ||
    thrown instanceof errors.HeadersTimeoutError ||
    thrown instanceof errors.BodyTimeoutError
  )
    return new OtjError('TIMEOUT', where, { cause: thrown });
  if (wantsClientCertificate(code)) return new OtjError('CLIENT_CERTIFICATE', where, { cause: thrown });
  if (isUnreachable(code)) return new OtjError('UNREACHABLE', `${where} ${code}`, { cause: thrown });
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || /CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return new OtjError('HANDSHAKE', code, { cause: thrown });
  // An end of the file is the connection's, in the middle of an answer in chunks.
  if (thrown instanceof errors.HTTPParserError && !/\bEOF\b/.test(thrown.message))
    return new OtjError('ODD_REPLY', 'not HTTP', { cause: thrown });
  return new OtjError('CONNECTION_LOST', `${where} ${code || (error?.message ?? '')}`.trim(), { cause: thrown });
}
