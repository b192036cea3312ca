/** The HTTPS server of a codec: TLS, headers and the faults; what is answered is the HTTP API's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { deliver } from './delivery.ts';
import { type HttpAnswer, HttpApi, isApi, signInPage } from './http-api.ts';
import { certificate } from './keys.ts';
import type { Codec } from './model.ts';

/** As recorded from a device with RoomOS 26.7. */
const HEADERS = {
  server: 'nginx',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=0',
  'cache-control': 'no-store, max-age=0',
  connection: 'close',
};
const MAX_BODY = 8 * 1024 * 1024;

export async function createWebServer(codec: Codec, starting: () => boolean): Promise<Server> {
  const api = new HttpApi(codec);
  const minimum = codec.settings.get('NetworkServices HTTPS Server MinimumTLSVersion');
  const minVersion = minimum === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2';
  return createServer({ ...(await certificate(codec.spec)), minVersion }, (request, response) => {
    serve(codec, api, starting, request, response).catch((error: unknown) => {
      codec.log(`web server: ${String(error)}`);
      response.destroy();
    });
  });
}

async function serve(
  codec: Codec,
  api: HttpApi,
  starting: () => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => {});
  const body = await read(request);
  if (body === undefined || codec.faults.hung) return;
  const url = new URL(request.url ?? '/', 'https://device');
  const ask = {
    method: request.method ?? 'GET',
    url,
    cookie: request.headers.cookie,
    authorization: request.headers.authorization,
    remoteAddress: request.socket.remoteAddress ?? '',
    body,
  };
  let answer: HttpAnswer;
  if (starting()) answer = { status: 502, body: '502 Bad Gateway\n' };
  else if (codec.faults.htmlInsteadOfApi && isApi(url.pathname)) answer = signInPage();
  else answer = await api.answer(ask);
  const drop = codec.takeDrop(`${answer.asked ?? ''}\n${decodeURIComponent(url.pathname + url.search)}`);
  const bytes = Buffer.from(answer.body ?? '');
  const head = { ...HEADERS, ...answer.headers, ...(answer.status === 204 ? {} : { 'content-length': bytes.length }) };
  deliver(codec, bytes, drop, {
    write: (part) => {
      response.writeHead(answer.status, head);
      if (part.length === bytes.length) response.end(part);
      else response.write(part);
    },
    cut: () => response.socket?.destroySoon(),
  });
}

/** Undefined when the client goes away or sends too much. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY) return undefined;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
