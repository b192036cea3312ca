/**
 * A small HTTPS server with the verbs, paging and Location of the Management API, whose replies a test can replace.
 * It knows nothing of One-Touch Join; the lab's Management Node does.
 */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { type InfinityClient, type InfinityOptions, openInfinity } from '../../main/infinity/client.ts';

export const PASSWORD = 'Node+Secret "1"';

export type Row = Record<string, unknown>;
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Row | null;
}
/** A reply, or the connection dropped, or no answer ever. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'drop' | 'hang';

export interface RawNode {
  /** Collections by path. */
  rows: Record<string, Row[]>;
  asked: Asked[];
  /** Most requests that were open at once. */
  most: number;
  latencyMs: number;
  /** How far its clock is ahead, milliseconds. */
  clockOffsetMs: number;
  /** May answer in the server's stead, so that nothing is done. */
  before(asked: Asked): Reply | undefined;
  /** May replace the reply to what was done. */
  after(asked: Asked): Reply | undefined;
  readonly certificate: string;
  readonly port: number;
  /** A client of this server, closed with it. */
  open(options?: Partial<InfinityOptions> & { username?: string; password?: string }): InfinityClient;
  count(method: string): number;
  stop(): Promise<void>;
}

const certificate = generate([{ name: 'commonName', value: 'manager' }], {
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
});

export async function startRawNode(): Promise<RawNode> {
  const { private: key, cert } = await certificate;
  const clients: InfinityClient[] = [];
  let busy = 0;
  const server = createServer({ key, cert }, async (request, response) => {
    node.most = Math.max(node.most, ++busy);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'https://x');
    const text = Buffer.concat(chunks).toString();
    const asked: Asked = { method: request.method ?? '', path, query, body: text ? (JSON.parse(text) as Row) : null };
    node.asked.push(asked);
    if (node.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, node.latencyMs));
    const reply = replyTo(asked, request.headers.authorization);
    busy--;
    if (reply === 'hang') return;
    if (reply === 'drop') return void request.socket.destroy();
    const { status, headers = {}, body } = reply;
    const json = typeof body === 'object';
    // replies without a body are labelled text/html by this kind of API
    const date = new Date(Date.now() + node.clockOffsetMs).toUTCString();
    response.writeHead(status, { date, 'content-type': json ? 'application/json' : 'text/html', ...headers });
    response.end(json ? JSON.stringify(body) : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function replyTo(asked: Asked, authorization: string | undefined): Reply {
    if (authorization !== `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`) return { status: 401 };
    const early = node.before(asked);
    if (early) return early;
    const done = answer(node.rows, asked);
    return node.after(asked) ?? done;
  }

  const node: RawNode = {
    rows: {},
    asked: [],
    most: 0,
    latencyMs: 0,
    clockOffsetMs: 0,
    before: () => undefined,
    after: () => undefined,
    certificate: cert,
    port,
    open({ username = 'admin', password = PASSWORD, ...options } = {}) {
      const login = { kind: 'basic', username, password } as const;
      const client = openInfinity({ address: '127.0.0.1', port, tls: { ca: cert }, login, retryMs: 10, ...options });
      clients.push(client);
      return client;
    },
    count: (method) => node.asked.filter((asked) => asked.method === method).length,
    async stop() {
      for (const client of clients) await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return node;
}

function answer(all: Record<string, Row[]>, { method, path, query, body }: Asked): Reply {
  const [, collection = path, id] = /^(.*\/)(\d+)\/$/.exec(path) ?? [];
  all[collection] ??= [];
  const rows = all[collection];
  const index = rows.findIndex((one) => one.id === Number(id));
  const row = rows[index];
  if (id !== undefined && !row) return { status: 404 };
  if (method === 'GET' && row) return { status: 200, body: row };
  if (method === 'GET') {
    const limit = Number(query.get('limit') ?? 20);
    const offset = Number(query.get('offset') ?? 0);
    const next = offset + limit < rows.length ? `${path}?limit=${limit}&offset=${offset + limit}` : null;
    const meta = { limit, offset, total_count: rows.length, next, previous: null };
    return { status: 200, body: { meta, objects: rows.slice(offset, offset + limit) } };
  }
  const { api_password: _, poly_password: __, ...fields } = body ?? {};
  if (method === 'POST') {
    const fresh = Math.max(0, ...rows.map((one) => Number(one.id))) + 1;
    rows.push({ id: fresh, resource_uri: `${path}${fresh}/`, ...fields });
    return { status: 201, headers: { location: `https://127.0.0.1${path}${fresh}/` } };
  }
  if (!row) return { status: 405 };
  if (method === 'PATCH') {
    Object.assign(row, fields);
    return { status: 202 };
  }
  rows.splice(index, 1);
  return { status: 204 };
}
