/**
 * The Management API of Pexip Infinity over HTTPS: sends, waits its turn, repeats what is safe to repeat, and turns
 * every reply that is not a success into one error of the catalogue. Knows no resource's fields.
 */
import pLimit from 'p-limit';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import type { HttpReply } from '../endpoints/transports/http.ts';
import { pause, retryAfterMs } from '../endpoints/transports/wait.ts';
import { authorizerOf } from './authorize.ts';
import { NodeClock } from './clock.ts';
import type { InfinityLogin } from './login.ts';
import { backoffMs, LONGEST_HOLD_MS } from './pace.ts';
import { idFromLocation, isObjectPath, type ObjectPath, RESOURCE, type Resource, schemaPath } from './paths.ts';
import { secretsIn } from './redact.ts';
import { problemOf, short } from './replies.ts';
import type { FieldValue } from './resources.ts';
import { type ResourceSchema, readSchema } from './schema.ts';
import { whole } from './tolerant.ts';
import { UnreadRows } from './unread.ts';
import { IN_FLIGHT, lostConnection, openWire, type WireOptions } from './wire.ts';

export interface InfinityOptions extends WireOptions {
  login: InfinityLogin;
  /** Told when it is known whether Infinity takes the login, and when it does no more. */
  loginTold?(accepted: boolean): void;
  /**
   * Told of the first write of an OTJ endpoint that the role permits, and of the first that it does not, each time it is the
   * other. A role has rights for each resource, and these are the ones that every room needs.
   */
  writeTold?(permitted: boolean): void;
  /** Ends all work of this client. */
  signal?: AbortSignal;
  /** First wait before a read is repeated, milliseconds; doubles. */
  retryMs?: number;
}

export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * A signed-in Management Node. Every call may throw OtjError INFINITY_UNREACHABLE (no answer, or a server fault),
 * INFINITY_LOGIN, CLOCK_SKEW, OAUTH_OFF, INFINITY_FORBIDDEN, INFINITY_REFUSED, INFINITY_ODD, RATE_LIMITED, HANDSHAKE,
 * CANCELLED, or what the pin throws. Reads are repeated on 429 and server faults; writes never are, because a repeat may do them twice:
 * after INFINITY_UNREACHABLE from a write, look before writing again.
 */
export interface InfinityClient {
  /** One object; null when it does not exist (404). */
  get<T>(path: ObjectPath, schema: z.ZodType<T>): Promise<T | null>;
  /** All objects of a collection, page by page, each once. What cannot be understood of it stands in `unread`. */
  list<T>(resource: Resource, schema: z.ZodType<T>): Promise<T[]>;
  /** The same, told page by page, so that ten thousand are never held twice. An object that moves between pages is told twice. */
  walk<T>(resource: Resource, schema: z.ZodType<T>, told: PagesTold<T>): Promise<void>;
  /**
   * The objects of these ids, in one request. A node that cannot pick by id refuses, or answers with others: so what is
   * missing may be there all the same.
   */
  pick<T>(resource: Resource, ids: readonly number[], schema: z.ZodType<T>): Promise<T[]>;
  /** Creates an object and resolves to its id. INFINITY_ODD when the reply names none: the object may exist then. */
  post(resource: Resource, fields: Fields): Promise<number>;
  /** Changes only the given fields of one object. */
  patch(path: ObjectPath, fields: Fields): Promise<void>;
  /** Deletes one object; also resolves when it is gone already. */
  remove(path: ObjectPath): Promise<void>;
  /** What the connected version says of a resource's fields, read once; null when it cannot be read there. */
  schema(resource: Resource): Promise<ResourceSchema | null>;
  /** Rows that were passed over, of each list as it was read last. */
  readonly unread: Pick<UnreadRows, 'all' | 'assertNotOf' | 'of'>;
  /** How far this computer's clock is surely ahead of the node's, milliseconds; see {@link NodeClock}. */
  clockAhead(): number;
  close(): Promise<void>;
}

/** Who is told of a list. */
export interface PagesTold<T> {
  /** `first`: it begins, perhaps anew; what was told before does not count. */
  page(objects: readonly T[], first: boolean): void;
  /** The object that a row is known to be, so that it need not be looked into once more; null = it is not known so. */
  known?: ((row: unknown) => T | null) | undefined;
}

/** The same with what tells the objects apart. */
interface KeyedPagesTold<T> extends Pick<PagesTold<T>, 'known'> {
  page(objects: readonly { key: unknown; object: T }[], first: boolean): void;
}

/** A reply and what is wrong with it. */
interface Judged {
  reply: HttpReply;
  problem: OtjError | null;
}

interface Ask {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  fields?: Fields;
  /** A form, for the token service alone: sent without a login. */
  form?: string;
}

const RETRIES = 3;
const NO_SCHEMA: ReadonlySet<string> = new Set(['INFINITY_ODD', 'INFINITY_FORBIDDEN', 'INFINITY_REFUSED']);
const PAGE = 1000;
/** Beyond any estate; a server that never ends its list must not fill the memory. */
const MOST_OBJECTS = 100_000;

const Envelope = z.looseObject({
  meta: z
    .looseObject({ total_count: whole, limit: whole, next: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  objects: z.array(z.unknown()),
});

/**
 * Opens a client; nothing is sent yet. The first request goes alone, and after a refused login nothing is sent any more,
 * so that a wrong password is tried once and locks no account. With a token, one new token is fetched after a 401.
 * @throws OtjError USAGE when the user name cannot be sent (it holds a colon), KEY_UNFIT
 */
export function openInfinity(options: InfinityOptions): InfinityClient {
  const { login: credentials, signal, retryMs = 1000 } = options;
  const wire = openWire(options);
  const slots = pLimit(IN_FLIGHT);
  // Only so many writes stand in the line for a slot: what is read waits for these and not for hundreds, because many rooms
  // wait for what is read back.
  const writes = pLimit(IN_FLIGHT);
  const alone = pLimit(1);
  const clock = new NodeClock();
  const unread = new UnreadRows();
  const schemas = new Map<Resource, Promise<ResourceSchema | null>>();
  const authorizer = authorizerOf(credentials, wire.origin, (path, form, judge) =>
    // asking for a token twice gives two tokens and does no harm
    repeating(RETRIES, async () => {
      const reply = await exchange({ method: 'POST', path, form }, null);
      return { reply, problem: judge(reply) };
    }),
  );
  let login: 'untried' | 'accepted' | 'refused' = 'untried';
  let told: boolean | null = null;
  let mayWrite: boolean | null = null;

  /** A refusal is told also after a success: passwords end while one works. */
  function tell(accepted: boolean): void {
    if (told === null || (told && !accepted)) options.loginTold?.(accepted);
    told = accepted && told !== false;
  }

  function tellWrite(permitted: boolean): void {
    if (mayWrite !== permitted) options.writeTold?.(permitted);
    mayWrite = permitted;
  }

  function refuse(): void {
    login = 'refused';
    tell(false);
  }

  function assertWelcome(): void {
    if (login === 'refused') throw new OtjError('INFINITY_LOGIN', 'refused before; not tried again');
  }

  async function exchange({ method, path, fields, form }: Ask, authorization: string | null): Promise<HttpReply> {
    await wire.pace.turn(signal);
    // one that stands in line is not under way
    if (signal?.aborted) throw new OtjError('CANCELLED');
    assertWelcome();
    const body = form ?? (fields && JSON.stringify(fields));
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    return wire.request({
      method,
      path,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
      // A write under way is never cut off: it would be done or not, and nobody would know.
      ...(signal && method === 'GET' ? { signal } : {}),
    });
  }

  /** A 401 means that nothing was done, so it is safe to send the same once more with another token. */
  async function signedIn(ask: Ask): Promise<Judged> {
    for (let turn = 1; ; turn++) {
      assertWelcome();
      const authorization = await authorizer.header().catch((thrown: unknown) => {
        if (thrown instanceof OtjError && thrown.code === 'INFINITY_LOGIN') refuse();
        throw thrown;
      });
      const reply = await exchange(ask, authorization);
      const { status } = reply;
      if (status === 401 && turn === 1 && authorizer.refused(authorization)) continue;
      if (status === 401) refuse();
      else if (status < 300 || status === 403) login = 'accepted';
      const secrets = [...authorizer.secrets, authorization.replace(/^\S+\s+/, ''), ...secretsIn(ask.fields ?? {})];
      const problem = problemOf(ask, reply, secrets);
      const isEntry = ask.method !== 'GET' && ask.path.startsWith(RESOURCE.endpoints);
      if (isEntry && (!problem || problem.code === 'INFINITY_FORBIDDEN')) tellWrite(!problem);
      // a page of somebody else is no word of Infinity's
      if (!problem && status < 300) {
        tell(true);
        clock.note(reply.headers.date);
      }
      return { reply, problem };
    }
  }

  async function once(ask: Ask): Promise<Judged> {
    const early = login === 'untried' ? await alone(() => (login === 'untried' ? signedIn(ask) : null)) : null;
    const inTurn = () => slots(() => signedIn(ask));
    return early ?? (ask.method === 'GET' ? inTurn() : writes(inTurn));
  }

  /** Repeats what the node turned away for its rate or could not answer, where a repeat does no harm. */
  async function repeating(retries: number, attempt: () => Promise<Judged>): Promise<HttpReply> {
    for (let retry = 0; ; retry++) {
      const last = retry >= retries;
      let judged: Judged;
      try {
        judged = await attempt();
      } catch (thrown) {
        // a kept connection that the server has just closed; once is enough
        if (last || retry > 0 || !lostConnection(thrown)) throw thrown;
        continue;
      }
      const { reply, problem } = judged;
      if (!problem) return reply;
      const wait = retryAfterMs(reply.headers['retry-after']) ?? backoffMs(retry, retryMs);
      if (problem.code === 'RATE_LIMITED' && wait <= LONGEST_HOLD_MS) wire.pace.hold(wait);
      const again = problem.code === 'RATE_LIMITED' || problem.code === 'INFINITY_UNREACHABLE';
      if (last || !again || wait > LONGEST_HOLD_MS) throw problem;
      if (problem.code === 'INFINITY_UNREACHABLE') await pause(wait, signal);
    }
  }

  /** Resolves to a success, or to a 404 of an object that is looked for. */
  async function send(ask: Ask): Promise<HttpReply> {
    // a second lock on the door: types are gone at run time
    if (ask.method !== 'GET' && ask.method !== 'POST' && !isObjectPath(ask.path))
      throw new OtjError('INTERNAL', `${ask.method} on a collection`);
    return repeating(ask.method === 'GET' ? RETRIES : 0, () => once(ask));
  }

  async function loadSchema(resource: Resource): Promise<ResourceSchema | null> {
    const path = schemaPath(resource);
    try {
      return readSchema((await send({ method: 'GET', path })).text);
    } catch (thrown) {
      // an old version, or a role that may not see it: the built-in table stands in
      if (thrown instanceof OtjError && NO_SCHEMA.has(thrown.code)) return null;
      throw thrown;
    }
  }

  /** False when objects went away between two pages, so that one may have been missed. */
  async function walkOnce<T>(resource: Resource, schema: z.ZodType<T>, told: KeyedPagesTold<T>): Promise<boolean> {
    let smallest: number | null = null;
    for (let offset = 0; ; ) {
      const path = `${resource}?limit=${PAGE}&offset=${offset}`;
      const { meta, objects } = readJson(path, (await send({ method: 'GET', path })).text, Envelope);
      if (offset === 0) unread.begin(resource);
      told.page(readRows({ resource, path, offset }, objects, { schema, known: told.known }), offset === 0);
      offset += objects.length;
      const total = meta?.total_count ?? null;
      if (total !== null && smallest !== null && total < smallest) return false;
      smallest = total;
      if (!hasMore(meta, { offset, got: objects.length })) return true;
      if (objects.length === 0) return false;
      if (offset >= MOST_OBJECTS) throw new OtjError('INFINITY_ODD', `${short(resource)}: the list does not end`);
    }
  }

  /** What can be understood of a page. Where that is nothing at all, it is no page of this resource. */
  function readRows<T>(
    { resource, path, offset }: { resource: Resource; path: string; offset: number },
    objects: readonly unknown[],
    { schema, known }: { schema: z.ZodType<T>; known: PagesTold<T>['known'] },
  ): { key: unknown; object: T }[] {
    const rows: { key: unknown; object: T }[] = [];
    let odd = '';
    for (const [at, object] of objects.entries()) {
      const key = keyOf(object) ?? `#${offset + at}`;
      const same = known?.(object) ?? null;
      if (same !== null) {
        rows.push({ key, object: same });
        continue;
      }
      const { data, success, error } = schema.safeParse(object);
      if (success) rows.push({ key, object: data });
      else {
        odd = wordsOf(path, error);
        unread.note(resource, object, odd);
      }
    }
    if (rows.length === 0 && objects.length > 0) throw new OtjError('INFINITY_ODD', odd);
    return rows;
  }

  async function walkAll<T>(resource: Resource, schema: z.ZodType<T>, told: KeyedPagesTold<T>): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) if (await walkOnce(resource, schema, told)) return;
    throw new OtjError('INFINITY_ODD', `${short(resource)}: the list kept changing while it was read`);
  }

  return {
    async get(path, schema) {
      const reply = await send({ method: 'GET', path });
      return reply.status === 404 ? null : readJson(path, reply.text, schema);
    },
    async list(resource, schema) {
      const found = new Map<unknown, z.infer<typeof schema>>();
      await walkAll<z.infer<typeof schema>>(resource, schema, {
        page(objects, first) {
          if (first) found.clear();
          for (const { key, object } of objects) found.set(key, object);
        },
      });
      return [...found.values()];
    },
    walk: (resource, schema, { page, known }) =>
      walkAll(resource, schema, {
        known,
        page: (objects, first) =>
          page(
            objects.map(({ object }) => object),
            first,
          ),
      }),
    async pick(resource, ids, schema) {
      const path = `${resource}?limit=${ids.length}&id__in=${ids.join(',')}`;
      const { objects } = readJson(path, (await send({ method: 'GET', path })).text, Envelope);
      return objects.flatMap((object) => {
        const { data, success } = schema.safeParse(object);
        return success ? [data] : [];
      });
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
    schema(resource) {
      const known = schemas.get(resource) ?? loadSchema(resource);
      schemas.set(resource, known);
      known.catch(() => schemas.delete(resource));
      return known;
    },
    unread,
    clockAhead: () => clock.ahead(),
    close: () => wire.close(),
  };
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
  throw new OtjError('INFINITY_ODD', wordsOf(path, result.error));
}

function wordsOf(path: string, { issues: [issue] }: z.ZodError): string {
  return `GET ${short(path)}: ${issue?.path.join('.') || 'reply'}: ${issue?.message ?? ''}`;
}

/** A page that is named as the next is asked for, whatever the count says; without either a full page is no end. */
function hasMore(meta: z.infer<typeof Envelope>['meta'], { offset, got }: { offset: number; got: number }): boolean {
  const { total_count: total, next, limit } = meta ?? {};
  if (next) return got > 0 || (total != null && offset < total);
  if (total != null) return offset < total;
  return next === undefined && got > 0 && got >= Math.min(PAGE, limit || PAGE);
}

function keyOf(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return Reflect.get(object, 'resource_uri') ?? Reflect.get(object, 'id');
}
