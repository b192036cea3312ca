/** One request to Graph over TLS, by the way that this computer has to Microsoft 365. Follows no redirect. */
import { request } from 'undici';
import { OtjError } from '../../contract/errors.ts';
import { type HttpReply, type HttpRequest, httpError, readBounded } from '../../endpoints/transports/http.ts';
import { openWay } from '../trust.ts';
import { IN_FLIGHT } from './pace.ts';

/** Milliseconds for one request, waiting for its turn not counted. */
const TIMEOUT_MS = 60_000;
/** Bytes of one answer: a page of a thousand objects is a tenth of it. */
const LARGEST = 16 * 1024 * 1024;

export interface Sent extends Omit<HttpRequest, 'path' | 'body'> {
  body?: string | Uint8Array;
}

export interface Link {
  /** Any status is a reply. Throws M365_UNREACHABLE, M365_ODD, M365_UNTRUSTED, CANCELLED. */
  send(url: URL, sent: Sent): Promise<HttpReply>;
  close(): Promise<void>;
}

/** @param ca authorities in PEM that are trusted besides the system's */
export function openLink(ca: string | null): Link {
  const way = openWay(ca, TIMEOUT_MS, IN_FLIGHT);
  return {
    async send(url, { method, headers = {}, body, signal }) {
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS);
      const stop = signal ? AbortSignal.any([deadline.signal, signal]) : deadline.signal;
      try {
        const { dispatcher } = way;
        const reply = await request(url, { method, headers, body: body ?? null, dispatcher, signal: stop });
        return { status: reply.statusCode, headers: reply.headers, ...(await readBounded(reply.body, LARGEST)) };
      } catch (thrown) {
        throw asMicrosofts(httpError(thrown, { deadline: deadline.signal, signal, where: url.host }));
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => way.close(),
  };
}

function asMicrosofts(error: OtjError): OtjError {
  switch (error.code) {
    case 'UNREACHABLE':
    case 'CONNECTION_LOST':
      return new OtjError('M365_UNREACHABLE', error.words, { cause: error });
    case 'TIMEOUT':
      return new OtjError('M365_UNREACHABLE', `no answer in time: ${error.words ?? ''}`, { cause: error });
    case 'ODD_REPLY':
    case 'REPLY_TOO_LARGE':
      return new OtjError('M365_ODD', error.words, { cause: error });
    case 'HANDSHAKE':
      return new OtjError('M365_UNTRUSTED', error.words, { cause: error });
    default:
      return error;
  }
}
