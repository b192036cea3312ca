/**
 * The links that a request to Graph goes through, in place of the library's own: those cut a long `Retry-After`, repeat a POST
 * after a 504, follow redirects, and leave out the token without a word where they do not know the host.
 */
import { randomUUID } from 'node:crypto';
import { type Context, GraphClientError, type Middleware } from '@microsoft/microsoft-graph-client';
import pLimit from 'p-limit';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { HttpReply } from '../../endpoints/transports/http.ts';
import { pause, retryAfterMs } from '../../endpoints/transports/wait.ts';
import type { Tokens } from '../tokens.ts';
import type { ServerClock } from './clock.ts';
import type { Link as Wire } from './link.ts';
import { backoffMs, busy, LONGEST_WAIT_MS, type Pace } from './pace.ts';
import { isUndecided } from './problems.ts';
import type { Workload } from './workload.ts';

/** Sendings of one request in all. */
const TRIES = 4;

/** A token that Graph answered with 401, and what its challenge asks for, if it had one. */
export interface Refused {
  token: string;
  claims: string | null;
}

/** What a request carries through the chain beside what the library knows of. */
export class Ask {
  readonly scopes: readonly string[];
  readonly repeatable: boolean;
  readonly workload: Workload;
  /** Requests that it makes of Outlook at the same time. */
  readonly units: number;
  /** It goes before what waits already. */
  readonly urgent: boolean;
  readonly signal: AbortSignal | undefined;
  /** A token that was not taken; it is not sent again. */
  readonly refused: Refused | null;
  /** The token that was sent last. */
  token = '';
  /** The body of the answer: a stream of the library's kind would be made of it only to be read again. */
  text = '';
  /** Why it failed: the library lets only errors of its own pass as they are. */
  failure: OtjError | null = null;

  constructor(ask: Omit<Ask, 'failure' | 'token' | 'text'>) {
    this.scopes = ask.scopes;
    this.repeatable = ask.repeatable;
    this.workload = ask.workload;
    this.units = ask.units;
    this.urgent = ask.urgent;
    this.signal = ask.signal;
    this.refused = ask.refused;
  }
}

function askOf(context: Context): Ask {
  const ask: unknown = context.middlewareControl?.getMiddlewareOptions(Ask);
  if (!(ask instanceof Ask)) throw new OtjError('INTERNAL', 'a request without its Ask');
  return ask;
}

abstract class Link implements Middleware {
  protected next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.next = next;
  }

  /** Resolves to the answer of the links behind this one. */
  protected async rest(context: Context): Promise<Response> {
    await this.next?.execute(context);
    if (!context.response) throw new OtjError('INTERNAL', 'the chain has no end');
    return context.response;
  }

  abstract execute(context: Context): Promise<void>;
}

/** Outermost: keeps whatever is thrown behind it where the library does not wrap it. */
export class Carrier extends Link {
  async execute(context: Context): Promise<void> {
    try {
      await this.rest(context);
    } catch (thrown) {
      const error = asOtjError(thrown);
      askOf(context).failure = error;
      throw new GraphClientError(error.code);
    }
  }
}

/**
 * Repeats what Graph turned away for its rate (429, 503: it was not done) after the time it named, and what may have been done
 * (500, 504, a lost reply) only if that does no harm. A wait of more than a minute is not begun.
 */
export class Patience extends Link {
  readonly #pace: Pace;
  readonly #retryMs: number;

  constructor(pace: Pace, retryMs: number) {
    super();
    this.#pace = pace;
    this.#retryMs = retryMs;
  }

  async execute(context: Context): Promise<void> {
    const { repeatable, signal, workload } = askOf(context);
    for (let retry = 0; ; retry++) {
      const last = retry + 1 >= TRIES;
      let wait = backoffMs(retry, this.#retryMs);
      try {
        const { status, headers } = await this.rest(context);
        if (!isTransient(status)) return;
        const turnedAway = status === 429 || status === 503;
        if (!turnedAway && !repeatable) return;
        const named = retryAfterMs(headers.get('retry-after') ?? undefined);
        wait = named ?? wait;
        if (turnedAway && named !== null) this.#pace.hold(workload, wait);
        if (status === 429 && workload === 'outlook') this.#pace.crowded();
        if (wait > LONGEST_WAIT_MS) throw busy(wait);
        if (last) return;
      } catch (thrown) {
        if (!isLost(thrown)) throw thrown;
        if (!repeatable && !isUnsent(thrown)) throw new OtjError('M365_UNCERTAIN', thrown.words, { cause: thrown });
        if (last) throw thrown;
      }
      await pause(wait, signal);
    }
  }
}

function isTransient(status: number): boolean {
  return status === 429 || status === 503 || isUndecided(status);
}

function isLost(thrown: unknown): thrown is OtjError {
  return thrown instanceof OtjError && thrown.code === 'M365_UNREACHABLE';
}

/** Whether it cannot have arrived. */
function isUnsent({ cause }: OtjError): boolean {
  return cause instanceof OtjError && cause.code === 'UNREACHABLE';
}

/**
 * Gives each request its token. A 401 means that nothing was done: a token other than the refused one is asked for, with what a
 * claims challenge wants, and the request sent once more.
 */
export class Signing extends Link {
  readonly #tokens: Tokens;
  /** One after the other: what the first fetches, the others find. */
  readonly #turn = pLimit(1);

  constructor(tokens: Tokens) {
    super();
    this.#tokens = tokens;
  }

  async execute(context: Context): Promise<void> {
    const ask = askOf(context);
    const first = await this.#turn(() => this.#token(ask, ask.refused));
    const { status, headers } = await this.#send(context, first);
    if (status !== 401) return;
    const claims = claimsIn(headers.get('www-authenticate'));
    const second = await this.#turn(() => this.#token(ask, { token: first, claims }));
    if (second !== first) await this.#send(context, second);
  }

  async #token({ scopes, signal }: Ask, refused: Refused | null): Promise<string> {
    const stop = signal ? { signal } : {};
    if (refused?.claims) return this.#tokens.token(scopes, { ...stop, claims: refused.claims });
    const token = await this.#tokens.token(scopes, stop);
    return token === refused?.token ? this.#tokens.token(scopes, { ...stop, fresh: true }) : token;
  }

  #send(context: Context, token: string): Promise<Response> {
    askOf(context).token = token;
    const headers = { ...(context.options?.headers as Record<string, string>), authorization: `Bearer ${token}` };
    context.options = { ...context.options, headers };
    return this.rest(context);
  }
}

/** What a claims challenge asks for, decoded; null when there is none. It is given on as it is, never looked into. */
export function claimsIn(header: string | null): string | null {
  const encoded = /\bclaims="([A-Za-z0-9+/=_-]{1,8000})"/.exec(header ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Waits for the turn of the request. */
export class Turns extends Link {
  readonly #pace: Pace;

  constructor(pace: Pace) {
    super();
    this.#pace = pace;
  }

  execute(context: Context): Promise<void> {
    const { workload, units, urgent, signal } = askOf(context);
    return this.#pace.turn({ workload, units, urgent }, signal, async () => {
      await this.rest(context);
    });
  }
}

/** The last link: one request over HTTPS to the one host that the connection names. */
export class Sending extends Link {
  readonly #wire: Wire;
  readonly #origin: string;
  readonly #clock: ServerClock;

  constructor(wire: Wire, origin: string, clock: ServerClock) {
    super();
    this.#wire = wire;
    this.#origin = origin;
    this.#clock = clock;
  }

  async execute(context: Context): Promise<void> {
    const url = new URL(String(context.request));
    // a second lock on the door: the token goes to this host and nowhere else
    if (url.origin !== this.#origin) throw new OtjError('INTERNAL', `a request for ${url.origin}`);
    const { method, body, headers } = context.options ?? {};
    const ask = askOf(context);
    const { signal } = ask;
    const reply = await this.#wire.send(url, {
      method: method as 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
      headers: { accept: 'application/json', 'client-request-id': randomUUID(), ...plainHeaders(headers) },
      ...(body === undefined || body === null ? {} : { body: body as string | Uint8Array }),
      // A write under way is never cut off: it would be done or not, and nobody would know.
      ...(signal && method === 'GET' ? { signal } : {}),
    });
    this.#clock.heard(reply.headers.date);
    ask.text = reply.text;
    context.response = responseOf(reply);
  }
}

function plainHeaders(headers: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function responseOf({ status, headers }: HttpReply): Response {
  const list = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const one of [value ?? []].flat()) list.append(name, one);
  if (status < 200 || status > 599) throw new OtjError('M365_ODD', `HTTP ${status}`);
  return new Response(null, { status, headers: list });
}
