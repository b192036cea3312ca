/**
 * The network as msal uses it: over real TLS, to the hosts of the tenant's cloud only, with a time limit, following no redirect.
 * It remembers why a request failed: of many failures msal hands on no more than a word.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { request } from 'undici';
import { z } from 'zod';
import { OtjError } from '../../contract/errors.ts';
import { httpError, readBounded } from '../../endpoints/transports/http.ts';
import type { Way } from '../trust.ts';

/** Longest wait for one answer of the identity service, milliseconds. */
export const ANSWER_MS = 30_000;
const MOST_BYTES = 1024 * 1024;
/** What is sent and must never come back in an error's words. */
const SECRET_FIELDS = ['code', 'code_verifier', 'refresh_token', 'client_assertion', 'device_code', 'client_secret'];

/** An OAuth error as the service tells it; strings are the service's own and hostile. */
const refusalSchema = z.object({
  error: z.string(),
  error_description: z.string().catch(''),
  error_codes: z.array(z.number()).catch([]),
  suberror: z.string().catch(''),
  trace_id: z.string().catch(''),
  correlation_id: z.string().catch(''),
  claims: z.string().catch(''),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** What went wrong last: the service said no, or it was not reached. */
export type Trouble = { kind: 'refusal'; refusal: Refusal; status: number } | { kind: 'failure'; error: OtjError };

export interface Network extends INetworkModule {
  /**
   * Runs work of msal; what it throws goes through `explain`, with what the last request of this very work met (null = it went
   * well, or there was none).
   */
  explained<T>(work: () => Promise<T>, explain: (thrown: unknown, trouble: Trouble | null) => unknown): Promise<T>;
}

interface NetworkOptions {
  way: Way;
  /** Hosts with port that may be spoken to. */
  hosts: ReadonlySet<string>;
  signal?: AbortSignal;
}

export function openNetwork({ way, hosts, signal }: NetworkOptions): Network {
  const works = new AsyncLocalStorage<{ trouble: Trouble | null }>();

  async function ask<T>(method: 'GET' | 'POST', url: string, sent: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    const seen = works.getStore() ?? { trouble: null };
    seen.trouble = null;
    try {
      const { protocol, host } = new URL(url);
      if (protocol !== 'https:' || !hosts.has(host)) throw new OtjError('M365_ISSUER', host);
      const deadline = AbortSignal.timeout(ANSWER_MS);
      const reply = await exchange(method, url, { ...sent, deadline, signal }, way);
      const body = jsonOf(reply.text);
      if (reply.status >= 500) throw new OtjError('M365_UNREACHABLE', `${host} answers with HTTP ${reply.status}`);
      if (body === undefined) throw new OtjError('M365_UNREACHABLE', `${host} answers with something else than JSON`);
      const refusal = reply.status >= 400 ? refusalSchema.safeParse(body).data : undefined;
      if (refusal) seen.trouble = { kind: 'refusal', refusal: without(refusal, sent.body), status: reply.status };
      return { status: reply.status, headers: reply.headers, body: body as T };
    } catch (thrown) {
      const error = thrown instanceof OtjError ? thrown : new OtjError('INTERNAL', String(thrown));
      seen.trouble = { kind: 'failure', error };
      throw error;
    }
  }

  return {
    explained(work, explain) {
      const seen = { trouble: null };
      return works.run(seen, () =>
        work().catch((thrown: unknown) => {
          throw explain(thrown, seen.trouble);
        }),
      );
    },
    sendGetRequestAsync: (url, sent = {}) => ask('GET', url, sent),
    sendPostRequestAsync: (url, sent = {}) => ask('POST', url, sent),
  };
}

type Asked = NetworkRequestOptions & { deadline: AbortSignal; signal: AbortSignal | undefined };
type Reply = { status: number; headers: Record<string, string>; text: string };

async function exchange(
  method: 'GET' | 'POST',
  url: string,
  { headers = {}, body, deadline, signal }: Asked,
  { dispatcher }: Way,
): Promise<Reply> {
  const { host } = new URL(url);
  try {
    const stop = signal ? AbortSignal.any([deadline, signal]) : deadline;
    const reply = await request(url, { method, headers, body: body ?? null, dispatcher, signal: stop });
    const { text } = await readBounded(reply.body, MOST_BYTES);
    return { status: reply.statusCode, headers: plain(reply.headers), text };
  } catch (thrown) {
    throw asMicrosofts(httpError(thrown, { deadline, signal, where: host }), host);
  }
}

function asMicrosofts(error: OtjError, host: string): OtjError {
  if (error.code === 'CANCELLED') return error;
  if (error.code === 'HANDSHAKE') return new OtjError('M365_UNTRUSTED', `${host}: ${error.words ?? ''}`);
  return new OtjError('M365_UNREACHABLE', error.code === 'TIMEOUT' ? `no answer in time: ${host}` : error.words);
}

function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** undefined = it is none. An answer without a body is an empty object. */
function jsonOf(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A service that says back what it was sent must not bring a secret into an error. */
function without(refusal: Refusal, body: string | undefined): Refusal {
  const sent = new URLSearchParams(body ?? '');
  const values = SECRET_FIELDS.flatMap((name) => sent.getAll(name)).filter((secret) => secret.length > 3);
  const secrets = values.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return { ...refusal, error: clean(refusal.error), error_description: clean(refusal.error_description) };
}
