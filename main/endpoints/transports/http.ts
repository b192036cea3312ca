/**
 * One HTTPS link to one host: pinned or verified certificate, bounded reply size, a time limit on every request.
 * Speaks no vendor's protocol. Never follows redirects, so credentials go nowhere else.
 */
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector, errors } from 'undici';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { TrustStore } from '../driver.ts';

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
}

export interface HttpLink {
  /** Any status is a reply. Throws OtjError UNREACHABLE, TIMEOUT, CONNECTION_LOST, HANDSHAKE, TRUST_CHANGED, REPLY_TOO_LARGE, CANCELLED. */
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
  /** Connections kept at once; devices get 1. */
  connections?: number;
  /** Largest reply body in bytes. */
  maxBytes?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;

export function openHttp(options: HttpOptions): HttpLink {
  const { address, port, timeoutMs, tls, maxBytes = MAX_BYTES } = options;
  const origin = `https://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const agent = new Agent({
    connections: options.connections ?? 1,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect:
      'pin' in tls ? pinnedConnector(tls.pin, timeoutMs) : { timeout: timeoutMs, ...(tls.ca ? { ca: tls.ca } : {}) },
  });

  return {
    async request({ method, path, headers = {}, body, signal }) {
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        const reply = await agent.request({
          origin,
          method,
          path,
          headers,
          body: body ?? null,
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        });
        return { status: reply.statusCode, headers: reply.headers, text: await readBounded(reply.body, maxBytes) };
      } catch (thrown) {
        throw httpError(thrown, { deadline, signal, where: `${address}:${port}` });
      }
    },
    async close() {
      await agent.destroy();
    },
  };
}

/** TLS without a public authority: the certificate's fingerprint is the identity, checked before a byte is sent. */
function pinnedConnector(trust: TrustStore, timeout: number): buildConnector.connector {
  const connect = buildConnector({ rejectUnauthorized: false, timeout, maxCachedSessions: 0 });
  return (options, callback) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error || !socket) return callback(...result);
      try {
        const { raw } = (socket as TLSSocket).getPeerX509Certificate() ?? {};
        if (!raw) throw new OtjError('HANDSHAKE', 'the device showed no certificate');
        trust.check('tls', createHash('sha256').update(raw).digest('hex'));
        return callback(null, socket);
      } catch (thrown) {
        socket.destroy();
        return callback(asOtjError(thrown), null);
      }
    });
}

async function readBounded(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) throw new OtjError('REPLY_TOO_LARGE', `more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

type ErrorContext = { deadline: AbortSignal; signal: AbortSignal | undefined; where: string };

function httpError(thrown: unknown, { deadline, signal, where }: ErrorContext): OtjError {
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
  if (
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code)
  )
    return new OtjError('UNREACHABLE', `${where} ${code}`, { cause: thrown });
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || /CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return new OtjError('HANDSHAKE', code, { cause: thrown });
  if (thrown instanceof errors.HTTPParserError) return new OtjError('ODD_REPLY', 'not HTTP', { cause: thrown });
  return new OtjError('CONNECTION_LOST', `${where} ${code || (error?.message ?? '')}`.trim(), { cause: thrown });
}
