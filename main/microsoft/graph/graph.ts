/**
 * Microsoft Graph: a thin port on Microsoft's client with links of our own (chain.ts). Knows the rules that hold for all of
 * Graph and no resource's meaning.
 */
import { Client, type GraphRequest as LibraryRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { z } from 'zod';
import { OtjError } from '../../contract/errors.ts';
import type { Tokens } from '../tokens.ts';
import { Batcher, batchBody, readBatch } from './batch.ts';
import { Ask, Carrier, Patience, type Refused, Sending, Signing, Turns } from './chain.ts';
import { ServerClock } from './clock.ts';
import { parseJson } from './json.ts';
import { openLink } from './link.ts';
import { IN_FLIGHT, Pace } from './pace.ts';
import { isUndecided, plain, problemOf, shortPath } from './problems.ts';
import { type Graph, type GraphAnswer, type GraphRequest, isRepeatable } from './request.ts';
import { type Workload, workloadOf } from './workload.ts';

export type { Graph, GraphAnswer, GraphRequest } from './request.ts';

/** Beyond any tenant; a server that never ends its list must not keep us. */
const MOST_PAGES = 5_000;

interface GraphOptions {
  /** First wait before a repeat where Graph names none, milliseconds; doubles. */
  retryMs?: number;
}

/** What goes through the chain. */
interface Sent extends GraphRequest {
  workload: Workload;
  units: number;
  refused: Refused | null;
}

/**
 * Nothing is sent yet.
 * @param connection.baseUrl such as `https://graph.microsoft.com/v1.0`
 * @param connection.ca authorities in PEM that are trusted besides the system's
 * @throws OtjError SETTING_UNFIT when the address is not https
 */
export function openGraph(
  connection: { baseUrl: string; ca: string | null },
  tokens: Tokens,
  { retryMs = 1_000 }: GraphOptions = {},
): Graph {
  const base = baseOf(connection.baseUrl);
  const pace = new Pace();
  const clock = new ServerClock();
  const link = openLink(connection.ca);
  const client = Client.initWithMiddleware({
    baseUrl: base.origin,
    defaultVersion: base.pathname.replace(/^\//, ''),
    middleware: [
      new Carrier(),
      new Patience(pace, retryMs),
      new Signing(tokens),
      new Turns(pace),
      new Sending(link, base.origin, clock),
    ],
  });

  async function send(request: Sent, signal?: AbortSignal): Promise<GraphAnswer & { token: string }> {
    const { method, path, body, headers = {}, scopes } = request;
    const { workload, units, refused } = request;
    const { urgent = false } = request;
    const repeatable = isRepeatable(request);
    const carried = new Ask({ scopes, repeatable, workload, units, urgent, signal, refused });
    const sent = client
      // the library looks for an address of its own anywhere in the text
      .api(path.replaceAll('https://', 'https%3A%2F%2F'))
      .responseType(ResponseType.RAW)
      .headers({ ...headers })
      .middlewareOptions([carried]);
    const response: Response = await sendWith(sent, method, body).catch((thrown: unknown) => {
      throw carried.failure ?? thrown;
    });
    const { text } = carried;
    const told = { status: response.status, text, header: (name: string) => response.headers.get(name) };
    const problem = problemOf(request, told);
    if (problem && isUndecided(response.status) && !isRepeatable(request))
      throw new OtjError('M365_UNCERTAIN', problem.words, { cause: problem });
    if (problem) throw problem;
    const json = text === '' ? null : parseJson(text);
    if (json === undefined)
      throw new OtjError('M365_ODD', `no JSON; HTTP ${response.status} to ${method} ${shortPath(path)}`, {
        requestId: told.header('request-id'),
      });
    const ids = { etag: told.header('etag'), requestId: told.header('request-id') };
    return { status: response.status, body: json, ...ids, token: carried.token };
  }

  async function ask<T>(request: GraphRequest, signal?: AbortSignal): Promise<GraphAnswer<T>> {
    const workload = workloadOf(request.path);
    const units = workload === 'outlook' ? 1 : 0;
    const { token: _token, ...answer } = await send({ ...request, workload, units, refused: null }, signal);
    return answer as GraphAnswer<T>;
  }

  const batcher = new Batcher({
    retryMs,
    hold: ({ path }, ms) => pace.hold(workloadOf(path), ms),
    answered(requests, turnedAway) {
      if (outlookIn(turnedAway) > 0) pace.crowded();
      else if (outlookIn(requests) >= IN_FLIGHT) pace.served();
    },
    async send(parts, { refused, urgent }, signal) {
      const outlook = outlookIn(parts);
      const { body, token } = await send(
        {
          method: 'POST',
          path: '/$batch',
          body: batchBody(parts),
          scopes: [...new Set(parts.flatMap(({ scopes }) => scopes))],
          repeatable: parts.every(isRepeatable),
          workload: outlook > 0 ? 'outlook' : workloadOf(parts[0]?.path ?? ''),
          units: Math.min(IN_FLIGHT, outlook),
          refused,
          urgent,
        },
        signal,
      );
      return { parts: readBatch(body), token };
    },
  });

  async function* pages<T>(request: GraphRequest, signal?: AbortSignal): AsyncIterable<T> {
    const seen = new Set<string>();
    for (let path: string | null = request.path; path !== null; ) {
      if (seen.has(path) || seen.size >= MOST_PAGES) throw new OtjError('M365_ODD', 'the list does not end');
      seen.add(path);
      const one = { ...request, path };
      const { body } = await (batcher.isBusy ? batcher.ride<unknown>(one, signal) : ask<unknown>(one, signal));
      const page = pageSchema.safeParse(body);
      if (!page.success) throw new OtjError('M365_ODD', `no list; GET ${shortPath(path)}`);
      yield* page.data.value as T[];
      const next = page.data['@odata.nextLink'] ?? null;
      path = next === null ? null : pathOf(next, base);
    }
  }

  return {
    ask,
    pages,
    batch: (requests, signal, told) => batcher.all(requests, signal, told),
    now: () => clock.now(),
    close: () => link.close(),
  };
}

function outlookIn(parts: readonly GraphRequest[]): number {
  return parts.filter(({ path }) => workloadOf(path) === 'outlook').length;
}

/** A link that cannot be read is no end: what is not on the pages so far would count as not there. */
const pageSchema = z.looseObject({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

async function sendWith(request: LibraryRequest, method: GraphRequest['method'], body: unknown): Promise<Response> {
  switch (method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(body);
    case 'PATCH':
      return request.patch(body);
    case 'PUT':
      return request.put(body);
    case 'DELETE':
      return request.delete();
  }
}

function baseOf(address: string): URL {
  const url = URL.parse(address.replace(/\/+$/, ''));
  if (url?.protocol !== 'https:') throw new OtjError('SETTING_UNFIT', `${plain(address, 200)} is no https address`);
  return url;
}

/** The path of a link that Graph gave, behind the version. A token follows it, so it must lead to the same place. */
function pathOf(link: string, base: URL): string {
  const url = URL.parse(link);
  const root = `${base.pathname.replace(/\/+$/, '')}/`;
  if (url?.origin !== base.origin || !url.pathname.startsWith(root))
    throw new OtjError('M365_ODD', `a link to ${plain(url?.host ?? 'nowhere', 100)}`);
  return `/${url.pathname.slice(root.length)}${url.search}`;
}
