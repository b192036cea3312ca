/** What a web server shows to everybody: its certificate, the names in its headers, the title of its page. */
import type { X509Certificate } from 'node:crypto';
import { Agent } from 'undici';
import { asOtjError } from '../../contract/errors.ts';
import type { Fact } from '../../contract/evidence.ts';
import type { TrustStore } from '../../endpoints/driver.ts';
import { type HttpReply, openHttp } from '../../endpoints/transports/http.ts';
import { plain } from '../words.ts';

/** No secret is sent while looking, so any certificate may be looked at; it is pinned at the first login. */
const LOOK_ONLY: TrustStore = { check: () => undefined };
const LARGEST_PAGE = 128 * 1024;

/**
 * Pages that tell something, in this order. A codec's XML API names itself in its refusal; the page of the device has
 * headers and a title; `/rest/system` is Poly's.
 */
const XML_API = '/getxml?location=/Status/SystemUnit';
const REST = '/rest/system';
const PAGES = [XML_API, '/', REST] as const;

export interface WebOptions {
  /** For one whole request. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Asks one page after the other until that is enough. Algorithms that are no longer safe are agreed: nothing secret is
 * sent, and the oldest devices have no others. Never throws; what went wrong is a fact, too.
 */
export async function httpsFacts(
  address: string,
  port: number,
  { timeoutMs, signal, isEnough }: WebOptions & { isEnough(facts: readonly Fact[]): boolean },
): Promise<Fact[]> {
  const tls = { pin: LOOK_ONLY };
  const link = openHttp({ address, port, timeoutMs, tls, legacy: true, maxBytes: LARGEST_PAGE });
  const facts: Fact[] = [];
  try {
    for (const path of PAGES) {
      const reply = await link.request({ method: 'GET', path, signal });
      if (link.certificate && !facts.some(({ source }) => source === 'tls'))
        facts.push(...certificateFacts(link.certificate));
      facts.push(...pageFacts(reply, path).filter((fact) => !facts.some(({ name }) => name === fact.name)));
      if (isEnough(facts)) break;
    }
  } catch (thrown) {
    const { code } = asOtjError(thrown);
    if (link.certificate && facts.length === 0) facts.push(...certificateFacts(link.certificate));
    facts.push({ source: 'http', name: 'trouble', value: `answers oddly: ${code}` });
  } finally {
    await link.close();
  }
  return facts;
}

/** The page of a web server without TLS. Never throws. */
export async function plainHttpFacts(address: string, port: number, options: WebOptions): Promise<Fact[]> {
  const { timeoutMs, signal } = options;
  const connect = { timeout: timeoutMs };
  const agent = new Agent({
    connect,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: LARGEST_PAGE,
  });
  try {
    const reply = await agent.request({
      origin: `http://${address}:${port}`,
      path: '/',
      method: 'GET',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await reply.body.text().catch(() => '');
    return pageFacts({ status: reply.statusCode, headers: reply.headers, text }, '/');
  } catch {
    return [];
  } finally {
    await agent.destroy();
  }
}

function pageFacts({ status, headers, text }: Omit<HttpReply, 'isUtf8'>, path: string): Fact[] {
  const header = (name: string) => [headers[name] ?? ''].flat().join(', ');
  const realm = /realm="?([^",]{1,120})/i.exec(header('www-authenticate'))?.[1];
  const title = /<title[^>]{0,200}>([^<]{1,300})/i.exec(text.slice(0, 64 * 1024))?.[1];
  const refusesInJson = path === REST && (status === 401 || status === 403) && isJson(text);
  const told = {
    realm,
    server: header('server'),
    location: header('location'),
    // The title of an error page tells nothing.
    title: status < 400 ? title : undefined,
    'rest-refusal': refusesInJson ? String(status) : undefined,
  };
  return Object.entries(told).flatMap(([name, value]): Fact[] =>
    value ? [{ source: 'http', name, value: plain(value) }] : [],
  );
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function certificateFacts({ subject, issuer, subjectAltName, fingerprint256 }: X509Certificate): Fact[] {
  const told = { subject, issuer: issuer === subject ? undefined : issuer, names: subjectAltName };
  const facts = Object.entries(told).flatMap(([name, value]): Fact[] =>
    value ? [{ source: 'tls', name, value: plain(value.replaceAll('\n', ', ')) }] : [],
  );
  return [...facts, { source: 'tls', name: 'sha256', value: fingerprint256.replaceAll(':', '').toLowerCase() }];
}
