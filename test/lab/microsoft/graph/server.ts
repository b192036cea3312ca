/** Microsoft Graph as the lab has it: one HTTPS server with the rules that hold for all resources. Resources are routes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLarge, type HttpsHost, pause, startHttpsHost, Way } from '../../https-host.ts';
import { batchReply, type Part } from './batch.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR, troubleFor } from './behaviour.ts';
import { type Caller, callerCheck, type TokenRules } from './caller.ts';
import { Query } from './query.ts';
import { type Call, fault, type Reply, type Route, Routes, type Workload } from './route.ts';
import { Throttle } from './throttle.ts';

const ROOT = '/v1.0';
/** Bytes of one request; a file goes up by one PUT of up to 250 MB, which no report is. */
const LARGEST = 30_000_000;

export interface GraphLabOptions extends TokenRules {
  address: string;
  port: number;
  /** Names in the certificate beside the address. */
  certificateNames?: string[];
  routes: readonly Route[];
  behaviour?: Partial<Behaviour>;
  /** Paths outside of `/v1.0`, such as the addresses of upload sessions, which take no token. */
  beside?(request: IncomingMessage, bytes: Buffer): Promise<Reply | undefined>;
}

/** What came in, counted. */
export interface GraphCounts {
  /** HTTP requests, batches as one. */
  requests: number;
  /** Parts of batches. */
  parts: number;
  /** Turned away for their rate, parts as well. */
  refused: number;
  /** Of these, for too many of Outlook at once. */
  crowded: number;
  /** Requests and parts that Outlook has let in. */
  outlook: number;
  /** The most HTTP requests that were open at once. */
  mostOpen: number;
}

export interface GraphLab {
  readonly host: HttpsHost;
  /** `https://address:port/v1.0`. */
  readonly url: string;
  /** The authority to trust, PEM. */
  readonly certificate: string;
  readonly behaviour: Behaviour;
  readonly counts: GraphCounts;
  /** `METHOD /path` of requests and parts, the newest last; the last 1,000. */
  readonly asked: { what: string; headers: Readonly<Record<string, string>>; part: boolean }[];
  stop(): Promise<void>;
}

export async function startGraphLab(options: GraphLabOptions): Promise<GraphLab> {
  const behaviour: Behaviour = { ...DEFAULT_BEHAVIOUR, faults: [], ...options.behaviour };
  const routes = new Routes(options.routes);
  const throttle = new Throttle(behaviour);
  const callerOf = callerCheck(options);
  const counts: GraphCounts = { requests: 0, parts: 0, refused: 0, crowded: 0, outlook: 0, mostOpen: 0 };
  const asked: GraphLab['asked'] = [];
  const way = new Way();
  let open = 0;

  function note(what: string, headers: Readonly<Record<string, string>>, part: boolean): void {
    asked.push({ what, headers, part });
    if (asked.length > 1_000) asked.shift();
  }

  /** One request, or one part of a batch. */
  async function answer(
    asking: Pick<Call, 'method' | 'headers' | 'body' | 'bytes' | 'caller'> & { url: string; part: boolean },
  ): Promise<Reply | 'drop'> {
    const [path = '', ...rest] = asking.url.split('?');
    const what = `${asking.method} ${path}`;
    note(what, asking.headers, asking.part);
    const trouble = troubleFor(behaviour, what, asking.part);
    const spoiled = (): Reply | 'drop' =>
      trouble?.drop ? 'drop' : { status: trouble?.status ?? 500, headers: trouble?.headers ?? {}, body: trouble?.body };
    if (trouble && !trouble.afterDone) return counted(spoiled());
    const found = routes.find(asking.method, path);
    if (found === 'no-path')
      return fault(400, 'BadRequest', `Resource not found for the segment '${path.split('/')[1]}'.`);
    if (found === 'no-method') return fault(405, 'BadRequest', 'The method is not supported.');
    const { route, params } = found;
    if (!route.needs.some((name) => asking.caller.permissions.has(name))) return forbidden(route.workload);
    const call: Call = { ...asking, path, params, query: new Query(rest.join('?')), behaviour, base: graph.url };
    const reply = await limited(route, call);
    return trouble ? counted(spoiled()) : counted(reply);
  }

  async function limited(route: Route, call: Call): Promise<Reply> {
    const app = call.caller.app;
    if (route.workload === 'outlook') {
      const place = throttle.outlook(app, call.params.user ?? '');
      if ('refused' in place) {
        counts.crowded++;
        return place.refused;
      }
      counts.outlook++;
      try {
        await pause(behaviour.serviceMs);
        return await route.handle(call);
      } finally {
        place.leave();
      }
    }
    const units = Math.max(1, (route.cost ?? 1) - (call.query.get('$select') === undefined ? 0 : 1));
    const share = route.workload === 'directory' ? throttle.directory(app, units) : { headers: {} };
    if ('refused' in share) return share.refused;
    await pause(behaviour.serviceMs);
    const reply = await route.handle(call);
    return { ...reply, headers: { ...share.headers, ...reply.headers } };
  }

  function counted<T extends Reply | 'drop'>(reply: T): T {
    if (reply !== 'drop' && reply.status === 429) counts.refused++;
    return reply;
  }

  async function batch(json: unknown, caller: Caller): Promise<Reply> {
    return batchReply(json, {
      isOutlook({ method, url }) {
        const found = routes.find(method, url.split('?')[0] ?? '');
        return typeof found === 'object' && found.route.workload === 'outlook';
      },
      async run({ method, url, headers = {}, body }: Part) {
        counts.parts++;
        const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
        const reply = await answer({ method, url, headers: lower(headers), body, bytes, caller, part: true });
        return reply === 'drop' ? fault(504, 'timeout', 'The request timed out.') : inBatch(reply, behaviour);
      },
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = performance.now();
    counts.requests++;
    counts.mostOpen = Math.max(counts.mostOpen, ++open);
    response.once('close', () => open--);
    const headers = lower(request.headers);
    const bytes = await bodyOf(request);
    const reply = await serve(request, headers, bytes);
    await way.walk(arrived, behaviour.latencyMs, () => {
      if (reply === 'drop') request.socket.destroy();
      else send(response, reply, headers['client-request-id']);
    });
  }

  async function serve(
    request: IncomingMessage,
    headers: Record<string, string>,
    bytes: Buffer,
  ): Promise<Reply | 'drop'> {
    const url = request.url ?? '';
    const method = request.method ?? '';
    if (!url.startsWith(`${ROOT}/`)) {
      const other = await options.beside?.(request, bytes);
      return other ?? fault(404, 'ResourceNotFound', 'No such version.');
    }
    const caller = await callerOf(headers.authorization);
    if ('refused' in caller) {
      const bearer = { 'WWW-Authenticate': `Bearer realm="", authorization_uri="${options.issuer}"` };
      return fault(401, 'InvalidAuthenticationToken', caller.refused, bearer);
    }
    const body = jsonOf(bytes);
    const path = url.slice(ROOT.length);
    if (method === 'POST' && path === '/$batch') {
      note('POST /$batch', headers, false);
      const trouble = troubleFor(behaviour, 'POST /$batch', false);
      const done = trouble && !trouble.afterDone ? undefined : await batch(body, caller);
      if (!trouble) return done ?? fault(500, 'generalException', '');
      return trouble.drop
        ? 'drop'
        : counted({ status: trouble.status ?? 500, headers: trouble.headers ?? {}, body: trouble.body });
    }
    return answer({ method, url: path, headers, body, bytes, caller, part: false });
  }

  const host = await startHttpsHost({
    address: options.address,
    port: options.port,
    certificateNames: options.certificateNames ?? ['graph.test.example'],
    handler: handle,
  });
  const graph: GraphLab = {
    host,
    get url() {
      return `https://${host.address}:${host.port}${ROOT}`;
    },
    certificate: host.certificate,
    behaviour,
    counts,
    asked,
    stop: () => host.stop(),
  };
  return graph;
}

/** What is plain text by itself is something else as a part of JSON. */
function inBatch(reply: Reply, { textParts }: Behaviour): Reply {
  const { body, headers } = reply;
  if (typeof body !== 'string' || headers?.['Content-Type'] !== 'text/plain' || textParts === 'text') return reply;
  return { ...reply, body: textParts === 'number' ? Number(body) : Buffer.from(body).toString('base64') };
}

/** Each service says it in its own words. */
function forbidden(workload: Workload): Reply {
  if (workload === 'directory')
    return fault(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  if (workload === 'outlook')
    return fault(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  return fault(403, 'accessDenied', 'Access denied');
}

function send(response: ServerResponse, { status, headers = {}, body }: Reply, clientId: string | undefined): void {
  const bare = body === undefined;
  const bytes = Buffer.isBuffer(body) || typeof body === 'string';
  response.writeHead(status, {
    'request-id': randomUUID(),
    ...(clientId === undefined ? {} : { 'client-request-id': clientId }),
    ...(bare || bytes ? {} : { 'Content-Type': 'application/json; odata.metadata=minimal; charset=utf-8' }),
    ...headers,
  });
  response.end(bare ? undefined : bytes ? body : JSON.stringify(body));
}

function lower(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]],
    ),
  );
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    size += part.length;
    if (size > LARGEST) throw new BodyTooLarge('body too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return bytes.length > 0 ? (JSON.parse(bytes.toString('utf8')) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
