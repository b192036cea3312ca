/** The HTTPS server of a codec: TLS, headers and the faults; what is answered is the HTTP API's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { SecureContextOptions, SecureVersion, TlsOptions } from 'node:tls';
import { deliver } from './delivery.ts';
import { type HttpAnswer, type HttpApi, isApi, signInPage } from './http-api.ts';
import { certificate } from './keys.ts';
import type { Codec } from './model.ts';
import { atLeast } from './version.ts';
import { answerBadly, hangUpOnKept } from './web-faults.ts';

/** As recorded from a device with RoomOS 26.7; of old software only the name of the server is known. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=0',
  'cache-control': 'no-store, max-age=0',
  connection: 'close',
};
/** As nginx says it when it is told to verify clients after the handshake. */
const NO_CERTIFICATE: HttpAnswer = {
  status: 400,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>400 No required SSL certificate was sent</title></head></html>\n',
};
const MAX_BODY = 8 * 1024 * 1024;

export async function createWebServer(codec: Codec, api: HttpApi, starting: () => boolean): Promise<Server> {
  return createServer({ ...(await certificate(codec.spec)), ...tlsOptions(codec) }, (request, response) => {
    serve(codec, api, starting, request, response).catch((error: unknown) => {
      codec.log(`web server: ${String(error)}`);
      response.destroy();
    });
  });
}

const TLS_VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** The schemas know TLS 1.3 from 11.14 on. */
function tlsOptions({ spec, settings, version }: Codec): SecureContextOptions & TlsOptions {
  const least = settings.get('NetworkServices HTTPS Server MinimumTLSVersion');
  const minVersion = spec.tls?.min ?? TLS_VERSIONS.find((one) => one === least) ?? 'TLSv1';
  const maxVersion = spec.tls?.max ?? (atLeast(version, 11, 14) ? 'TLSv1.3' : 'TLSv1.2');
  const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  return {
    minVersion,
    maxVersion,
    // Signatures of TLS before 1.2 are not allowed at any higher level.
    ...(old ? { ciphers: 'DEFAULT:@SECLEVEL=0' } : {}),
    ...(demandsCertificate(settings)
      ? { requestCert: true, rejectUnauthorized: spec.tls?.clientCertificate !== 'page' }
      : {}),
  };
}

function demandsCertificate(settings: Codec['settings']): boolean {
  return settings.get('NetworkServices HTTPS VerifyClientCertificate') === 'On';
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
  if (codec.faults.badHttp === 'closed' && hangUpOnKept(request.socket)) return;
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
  // Reached only when the handshake itself does not refuse.
  if (demandsCertificate(codec.settings)) answer = NO_CERTIFICATE;
  else if (starting()) answer = { status: 502, body: '502 Bad Gateway\n' };
  else if (isApi(url.pathname) && codec.takeBusy()) answer = { status: 503, body: '503 Service Unavailable\n' };
  else if (codec.faults.htmlInsteadOfApi && isApi(url.pathname)) answer = signInPage();
  else answer = await api.answer(ask);
  const asked = `${answer.asked ?? ''}\n${decodeURIComponent(url.pathname + url.search)}`;
  if (codec.takeReboot(asked)) {
    codec.onBoot('now');
    return;
  }
  const drop = codec.takeDrop(asked);
  const bytes = Buffer.from(answer.body ?? '');
  const server = atLeast(codec.version, 9) ? 'nginx' : 'nginx/1.8.0';
  const head = {
    server,
    ...HEADERS,
    ...answer.headers,
    ...(answer.status === 204 ? {} : { 'content-length': bytes.length }),
  };
  const { badHttp } = codec.faults;
  deliver(codec, bytes, drop, {
    write: (part) => {
      if (badHttp && part.length > 0)
        return answerBadly(response, { status: answer.status, head, bytes: part }, badHttp);
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
