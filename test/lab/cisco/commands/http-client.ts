/** `HttpClient`: how macros reach web services. Host names are looked up in the name table of the lab. */
import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Codec } from '../model.ts';
import { type Arguments, type Command, Failure, FLAG, integer, type Outcome, text } from './command.ts';

/** [assumed]: came with CE 9.6. */
const SINCE = [9, 6] as const;
const MAX_HOSTS = 10;
const DEFAULT_TIMEOUT_S = 30;
const CALL = {
  Url: { required: true },
  Header: { many: true },
  AllowInsecureHTTPS: FLAG,
  ResponseSizeLimit: integer(1, 1_048_576),
  Timeout: integer(1, 30),
  ResultBody: { values: ['None', 'PlainText', 'Base64'] },
};

/** An empty list allows every host; entries are regular expressions. */
function hostAllowed(codec: Codec, host: string): boolean {
  const list = [...codec.allowedHosts.values()];
  return list.length === 0 || list.some((expression) => new RegExp(`^(?:${expression})$`, 'i').test(host));
}

async function call(args: Arguments, method: string): Promise<Outcome> {
  const { codec } = args;
  if (codec.settings.get('HttpClient Mode') !== 'On') return new Failure('HttpClient Mode is Off');
  if (!URL.canParse(args.get('Url'))) return new Failure('Invalid URL');
  const url = new URL(args.get('Url'));
  if (url.protocol === 'http:' && codec.settings.get('HttpClient AllowHTTP') !== 'True') {
    return new Failure('HTTP is not allowed');
  }
  if (!hostAllowed(codec, url.hostname)) return new Failure('Host is not in the list of allowed hosts');
  const place = codec.world.names.resolve(url.hostname);
  if (!place) return new Failure(`Could not resolve host: ${url.hostname}`);
  try {
    const { status, headers, body } = await send(url, place, {
      method,
      headerLines: args.all('Header'),
      body: args.body,
      timeout: Number(args.get('Timeout') || DEFAULT_TIMEOUT_S) * 1000,
      signal: codec.stopping.signal,
    });
    const result = {
      StatusCode: status,
      Headers: Object.entries(headers).map(([Key, Value]) => ({ Key, Value })),
      Body: body,
    };
    return status < 400 ? result : new Failure(`HTTP status ${status}`, result);
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

interface Call {
  method: string;
  headerLines: readonly string[];
  body: string;
  timeout: number;
  signal: AbortSignal;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One connection per call; certificates of the lab are its own, so they are not checked. */
function send(
  url: URL,
  place: { address: string; port: number },
  { headerLines, body, ...call }: Call,
): Promise<Answer> {
  const headers: Record<string, string> = { host: url.host, connection: 'close' };
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  const options = { ...call, host: place.address, port: place.port, path: url.pathname + url.search, headers };
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest({ ...options, servername: url.hostname, rejectUnauthorized: false, agent: false })
        : httpRequest({ ...options, agent: false });
    outgoing.on('timeout', () => outgoing.destroy(new Error('Timeout')));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.end(body);
  });
}

export const httpClientCommands: readonly Command[] = [
  { path: 'HttpClient Get', since: SINCE, params: CALL, run: (args) => call(args, 'GET') },
  { path: 'HttpClient Post', since: SINCE, params: CALL, body: true, run: (args) => call(args, 'POST') },
  {
    path: 'HttpClient Allow Hostname List',
    since: SINCE,
    run: ({ codec }) =>
      codec.allowedHosts.size === 0
        ? {}
        : { HostName: [...codec.allowedHosts].map(([id, expression]) => ({ Id: id, Expression: expression })) },
  },
  {
    path: 'HttpClient Allow Hostname Add',
    since: SINCE,
    params: { Expression: { ...text(2, 200), required: true } },
    run: ({ codec, get }) => {
      if (codec.allowedHosts.size >= MAX_HOSTS) return new Failure('Too many hostnames');
      try {
        new RegExp(get('Expression'));
      } catch {
        return new Failure('Invalid expression');
      }
      // Ids go from 0 to 9, says the schema of Remove.
      const id = [...Array(MAX_HOSTS).keys()].find((one) => !codec.allowedHosts.has(one)) ?? 0;
      codec.allowedHosts.set(id, get('Expression'));
      return { Id: id };
    },
  },
  {
    path: 'HttpClient Allow Hostname Remove',
    since: SINCE,
    params: { Id: { ...integer(0, MAX_HOSTS - 1), required: true } },
    run: ({ codec, get }) => (codec.allowedHosts.delete(Number(get('Id'))) ? {} : new Failure('No such hostname')),
  },
  {
    path: 'HttpClient Allow Hostname Clear',
    since: SINCE,
    run: ({ codec }) => {
      codec.allowedHosts.clear();
      return {};
    },
  },
];
