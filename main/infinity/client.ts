/**
 * The Management API of Pexip Infinity over HTTPS: sends, waits its turn, repeats what is safe to repeat, and turns
 * every reply that is not a success into one error of the catalogue. Knows no resource's meaning.
 */
import pLimit from 'p-limit';
import { z } from 'zod';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { type HttpOptions, type HttpReply, openHttp } from '../endpoints/transports/http.ts';
import { isHtml, parseErrorBody } from './errorBody.ts';
import { backoffMs, LONGEST_HOLD_MS, Pace, pause, retryAfterMs } from './pace.ts';
import { idFromLocation, isObjectPath, type ObjectPath, type Resource } from './paths.ts';
import { redact, secretsIn, wordsOf } from './redact.ts';
import type { FieldValue } from './resources.ts';

export interface InfinityOptions {
  /** Host name or address of the Management Node. */
  address: string;
  port: number;
  /** Pinned by fingerprint, or verified against system trust or a CA in PEM form. */
  tls: HttpOptions['tls'];
  username: string;
  password: string;
  /** Milliseconds for one request, waiting for its turn not counted. 30,000 as in Pexip's go-infinity-sdk. */
  timeoutMs?: number;
  /** Ends all work of this client. */
  signal?: AbortSignal;
  /** First wait before a read is repeated, milliseconds; doubles. */
  retryMs?: number;
}

/** Gives the value of the `Authorization` header for the next request. */
export type Authorize = () => Promise<string>;

export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * A signed-in Management Node. Every call may throw OtjError INFINITY_UNREACHABLE (no answer, or a server fault),
 * INFINITY_LOGIN, INFINITY_FORBIDDEN, INFINITY_REFUSED, INFINITY_ODD, RATE_LIMITED, HANDSHAKE, TRUST_CHANGED or
 * CANCELLED. Reads are repeated on 429 and server faults; writes never are, because a repeat may do them twice:
 * after INFINITY_UNREACHABLE from a write, look before writing again.
 */
export interface InfinityClient {
  /** One object; null when it does not exist (404). */
  get<T>(path: ObjectPath, schema: z.ZodType<T>): Promise<T | null>;
  /** All objects of a collection, page by page, each once. */
  list<T>(resource: Resource, schema: z.ZodType<T>): Promise<T[]>;
  /** Creates an object and resolves to its id. INFINITY_ODD when the reply names none: the object may exist then. */
  post(resource: Resource, fields: Fields): Promise<number>;
  /** Changes only the given fields of one object. */
  patch(path: ObjectPath, fields: Fields): Promise<void>;
  /** Deletes one object; also resolves when it is gone already. */
  remove(path: ObjectPath): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  reply: HttpReply;
  /** The credential part of the header that was sent, to be kept out of words. */
  credential: string;
}

interface Ask {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  fields?: Fields;
}

/** Pexip's own command-line tool keeps at most five requests in flight to spare the node. */
const IN_FLIGHT = 5;
const RETRIES = 3;
const PAGE = 1000;
/** Beyond any estate; a server that never ends its list must not fill the memory. */
const MOST_OBJECTS = 100_000;

const Envelope = z.looseObject({
  meta: z.looseObject({ total_count: z.number().int().nullish(), next: z.string().nullish() }).nullish(),
  objects: z.array(z.unknown()),
});

/**
 * Opens a client; nothing is sent yet. The first request goes alone, and after a 401 nothing is sent any more, so
 * that a wrong password is tried once and locks no account.
 * @throws OtjError USAGE when the user name cannot be sent (it holds a colon)
 */
export function openInfinity(options: InfinityOptions): InfinityClient {
  const { address, port, tls, username, password, timeoutMs = 30_000, signal, retryMs = 1000 } = options;
  const authorize = basic(username, password);
  const link = openHttp({ address, port, tls, timeoutMs, connections: IN_FLIGHT });
  const pace = new Pace();
  const slots = pLimit(IN_FLIGHT);
  const alone = pLimit(1);
  let login: 'untried' | 'accepted' | 'refused' = 'untried';

  async function exchange({ method, path, fields }: Ask): Promise<Answer> {
    await pace.turn(signal);
    const authorization = await authorize();
    if (login === 'refused') throw new OtjError('INFINITY_LOGIN', 'refused before; not tried again');
    try {
      const reply = await link.request({
        method,
        path,
        headers: {
          authorization,
          accept: 'application/json',
          ...(fields ? { 'content-type': 'application/json' } : {}),
        },
        ...(fields ? { body: JSON.stringify(fields) } : {}),
        // A write under way is never cut off: it would be done or not, and nobody would know.
        ...(signal && method === 'GET' ? { signal } : {}),
      });
      if (reply.status === 401) login = 'refused';
      else if (reply.status < 300 || reply.status === 403) login = 'accepted';
      return { reply, credential: authorization.replace(/^\S+\s+/, '') };
    } catch (thrown) {
      throw transportError(thrown);
    }
  }

  async function once(ask: Ask): Promise<Answer> {
    const early = login === 'untried' ? await alone(() => (login === 'untried' ? exchange(ask) : null)) : null;
    return early ?? slots(() => exchange(ask));
  }

  /** Resolves to a success, or to a 404 of an object that is looked for. */
  async function send(ask: Ask): Promise<HttpReply> {
    // a second lock on the door: types are gone at run time
    if (ask.method !== 'GET' && ask.method !== 'POST' && !isObjectPath(ask.path))
      throw new OtjError('INTERNAL', `${ask.method} on a collection`);
    for (let retry = 0; ; retry++) {
      const last = ask.method !== 'GET' || retry >= RETRIES;
      let answer: Answer;
      try {
        answer = await once(ask);
      } catch (thrown) {
        // a kept connection that the server has just closed; once is enough, and only for a read
        if (last || retry > 0 || !lostConnection(thrown)) throw thrown;
        continue;
      }
      const { reply, credential } = answer;
      const problem = problemOf(ask, reply, [password, credential, ...secretsIn(ask.fields ?? {})]);
      if (!problem) return reply;
      const wait = retryAfterMs(reply.headers['retry-after']) ?? backoffMs(retry, retryMs);
      if (problem.code === 'RATE_LIMITED' && wait <= LONGEST_HOLD_MS) pace.hold(wait);
      const again = problem.code === 'RATE_LIMITED' || problem.code === 'INFINITY_UNREACHABLE';
      if (last || !again || wait > LONGEST_HOLD_MS) throw problem;
      if (problem.code === 'INFINITY_UNREACHABLE') await pause(wait, signal);
    }
  }

  /** Null when objects went away between two pages, so that one may have been missed. */
  async function listOnce<T>(resource: Resource, schema: z.ZodType<T>): Promise<T[] | null> {
    const found = new Map<unknown, T>();
    let smallest: number | null = null;
    for (let offset = 0; ; ) {
      const path = `${resource}?limit=${PAGE}&offset=${offset}`;
      const { meta, objects } = readJson(path, (await send({ method: 'GET', path })).text, Envelope);
      for (const [index, object] of objects.entries())
        found.set(keyOf(object) ?? `#${offset + index}`, check(path, object, schema));
      offset += objects.length;
      const total = meta?.total_count ?? null;
      if (total !== null && smallest !== null && total < smallest) return null;
      smallest = total;
      const more = total === null ? objects.length >= PAGE && meta?.next !== null : offset < total;
      if (!more) return [...found.values()];
      if (objects.length === 0) return null;
      if (offset >= MOST_OBJECTS) throw new OtjError('INFINITY_ODD', `${short(resource)}: the list does not end`);
    }
  }

  return {
    async get(path, schema) {
      const reply = await send({ method: 'GET', path });
      return reply.status === 404 ? null : readJson(path, reply.text, schema);
    },
    async list(resource, schema) {
      for (let attempt = 0; attempt < 3; attempt++) {
        const all = await listOnce(resource, schema);
        if (all) return all;
      }
      throw new OtjError('INFINITY_ODD', `${short(resource)}: the list kept changing while it was read`);
    },
    async post(resource, fields) {
      const { headers, status } = await send({ method: 'POST', path: resource, fields });
      const location = Array.isArray(headers.location) ? headers.location[0] : headers.location;
      const id = idFromLocation(location);
      if (id === null) throw new OtjError('INFINITY_ODD', `POST ${short(resource)}: HTTP ${status} without a Location`);
      return id;
    },
    async patch(path, fields) {
      await send({ method: 'PATCH', path, fields });
    },
    async remove(path) {
      await send({ method: 'DELETE', path });
    },
    close: () => link.close(),
  };
}

function basic(username: string, password: string): Authorize {
  if (username.includes(':')) throw new OtjError('USAGE', 'an Infinity user name holds no colon');
  const value = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  return async () => value;
}

/** What is wrong with a reply; null for a success. */
function problemOf(ask: Ask, reply: HttpReply, secrets: readonly string[]): OtjError | null {
  const { status, text, headers } = reply;
  const success = status >= 200 && status < 300;
  const about = `HTTP ${status} to ${ask.method} ${short(ask.path)}`;
  if (success) return isHtml(text) ? new OtjError('INFINITY_ODD', `a web page; ${about}`) : null;
  const body = parseErrorBody(text);
  const said = wordsOf(body, secrets);
  const words = said ? `${said} (${about})` : about;
  if (status === 401) return new OtjError('INFINITY_LOGIN', words);
  if (status === 429) return new OtjError('RATE_LIMITED', words);
  if (status === 500 || (status >= 502 && status <= 504)) return new OtjError('INFINITY_UNREACHABLE', words);
  if (status >= 300 && status < 400) {
    const to = redact(String(headers.location ?? ''), secrets).slice(0, 200);
    return new OtjError('INFINITY_ODD', `redirected to ${to || 'nowhere'}; ${about}`);
  }
  // 407 is a proxy's own refusal, so what stands in between is the trouble
  if (body.kind === 'html' || status < 200 || status >= 500 || status === 407)
    return new OtjError('INFINITY_ODD', words);
  if (status === 403) return new OtjError('INFINITY_FORBIDDEN', words);
  if (status === 404 && (ask.method === 'GET' || ask.method === 'DELETE'))
    return isObjectPath(ask.path) ? null : new OtjError('INFINITY_ODD', words);
  return new OtjError('INFINITY_REFUSED', words);
}

function transportError(thrown: unknown): OtjError {
  const error = asOtjError(thrown);
  switch (error.code) {
    case 'UNREACHABLE':
    case 'CONNECTION_LOST':
      return new OtjError('INFINITY_UNREACHABLE', error.words, { cause: error });
    case 'TIMEOUT':
      return new OtjError('INFINITY_UNREACHABLE', `no answer in time: ${error.words ?? ''}`, { cause: error });
    case 'ODD_REPLY':
    case 'REPLY_TOO_LARGE':
      return new OtjError('INFINITY_ODD', error.words, { cause: error });
    default:
      return error;
  }
}

function lostConnection(thrown: unknown): boolean {
  return thrown instanceof OtjError && thrown.cause instanceof OtjError && thrown.cause.code === 'CONNECTION_LOST';
}

function readJson<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new OtjError('INFINITY_ODD', `GET ${short(path)}: not JSON`);
  }
  return check(path, json, schema);
}

function check<T>(path: string, json: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new OtjError(
    'INFINITY_ODD',
    `GET ${short(path)}: ${issue?.path.join('.') || 'reply'}: ${issue?.message ?? ''}`,
  );
}

function keyOf(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return Reflect.get(object, 'resource_uri') ?? Reflect.get(object, 'id');
}

function short(path: string): string {
  return path.replace(/^\/api\/admin\//, '').replace(/\?.*$/, '');
}
