/**
 * Many requests in few: `$batch` takes 20, and answers 200 whatever became of them. Each part is judged by itself; what was turned
 * away for the rate goes into a later batch, after the time it named, together with what is still waiting, so that batches stay full.
 */
import { setImmediate } from 'node:timers/promises';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { retryAfterMs } from '../../endpoints/transports/wait.ts';
import { claimsIn, type Refused } from './chain.ts';
import { backoffMs, busy, IN_FLIGHT, LONGEST_WAIT_MS } from './pace.ts';
import { type GraphError, isUndecided, problemOf, type Told } from './problems.ts';
import { type GraphAnswer, type GraphRequest, isRepeatable } from './request.ts';
import { underWay } from './turn.ts';

/** Parts that a batch may have. Source: json-batching of Microsoft Graph. */
export const BATCH = 20;
/** Batches that are made, under way or read at once: the next is ready before one comes back. */
const LANES = 2 * IN_FLIGHT;
/** How often one part is sent in all. */
const TRIES = 6;

/** One answer in a batch. Read by hand: there are ten thousand of them, and three fields to look at. */
interface Part {
  id: string;
  status: number;
  headers: Readonly<Record<string, unknown>>;
  body: unknown;
}

/** Throws M365_ODD. */
export function readBatch(body: unknown): Part[] {
  const responses = objectOf(body).responses;
  if (!Array.isArray(responses) || responses.length > BATCH)
    throw new OtjError('M365_ODD', 'the answer is none of a batch');
  return responses.map((one: unknown) => {
    const { id, status: told, headers, body: content } = objectOf(one);
    const status = typeof told === 'string' ? Number(told) : told;
    if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599)
      throw new OtjError('M365_ODD', 'an answer without a status in a batch');
    return { id: String(id), status, headers: objectOf(headers), body: content ?? null };
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function headerOf({ headers }: Part, name: string): string | null {
  for (const [key, value] of Object.entries(headers))
    if (key.toLowerCase() === name)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return null;
}

/** What the batches are sent with. */
export interface Sender {
  retryMs: number;
  /**
   * One batch, and the token it went with; throws what concerns all of its parts.
   * @param how.refused a token that it must not take
   * @param how.urgent more depends on it
   */
  send(
    requests: readonly GraphRequest[],
    how: { refused: Refused | null; urgent: boolean },
    signal: AbortSignal | undefined,
  ): Promise<{ parts: Part[]; token: string }>;
  /** The service behind this request wants nothing for a while. */
  hold(request: GraphRequest, ms: number): void;
  /** A batch came back, with what of it was turned away for its rate. */
  answered(requests: readonly GraphRequest[], turnedAway: readonly GraphRequest[]): void;
}

export type Result<T> = GraphAnswer<T> | OtjError;

/** Requests of one caller: what concerns all of them ends them together. */
interface Call {
  signal: AbortSignal | undefined;
}

interface Item {
  request: GraphRequest;
  call: Call;
  /** Its permissions, in one word. */
  scopes: string;
  tries: number;
  urgent: boolean;
  /** The token that it was refused with, once. */
  refused: Refused | null;
  due: number;
  settle(answer: Result<unknown>): void;
  fail(error: OtjError): void;
}

/** Gathers what many callers ask for at the same time into full batches. How many are under way is for pace.ts. */
export class Batcher {
  readonly #sender: Sender;
  #urgent: Item[] = [];
  #waiting: Item[] = [];
  #later: Item[] = [];
  #lanes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** One token for what needs different permissions; not where one of them was not granted. */
  #mixes = true;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Whether a batch is about to go, on which one more part can ride. */
  get isBusy(): boolean {
    return this.#waiting.length + this.#urgent.length > 0;
  }

  /** See `Graph.batch`. */
  async all<T>(
    requests: readonly GraphRequest[],
    signal: AbortSignal | undefined,
    told?: (answer: Result<T>, at: number) => void,
  ): Promise<Result<T>[]> {
    return this.#during(signal, (call) =>
      Promise.all(
        requests.map(async (request, at) => {
          const answer = (await this.#add(request, call, request.urgent === true)) as Result<T>;
          told?.(answer, at);
          return answer;
        }),
      ),
    );
  }

  /** One request that rides on the next batch. Throws its error. */
  async ride<T>(request: GraphRequest, signal: AbortSignal | undefined): Promise<GraphAnswer<T>> {
    const answer = await this.#during(signal, (call) => this.#add(request, call, true));
    if (answer instanceof OtjError) throw answer;
    return answer as GraphAnswer<T>;
  }

  /** A stop ends what still waits; what is under way ends by itself. */
  async #during<T>(signal: AbortSignal | undefined, work: (call: Call) => Promise<T>): Promise<T> {
    if (signal?.aborted) throw new OtjError('CANCELLED');
    const call: Call = { signal };
    const stop = () => this.#end(call, new OtjError('CANCELLED'));
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await work(call);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  #end(call: Call, error: OtjError): void {
    const isOf = (item: Item) => item.call === call;
    const ended = [...this.#urgent, ...this.#waiting, ...this.#later].filter(isOf);
    this.#urgent = this.#urgent.filter((item) => !isOf(item));
    this.#waiting = this.#waiting.filter((item) => !isOf(item));
    this.#later = this.#later.filter((item) => !isOf(item));
    for (const { fail } of ended) fail(error);
  }

  #add(request: GraphRequest, call: Call, first: boolean): Promise<Result<unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Result<unknown>>();
    const scopes = [...request.scopes].sort().join(' ');
    const item: Item = {
      ...{ request, call, scopes, urgent: first, tries: 0, refused: null, due: 0 },
      ...{ settle: resolve, fail: reject },
    };
    if (first) this.#urgent.push(item);
    else this.#waiting.push(item);
    this.#wake();
    return promise;
  }

  /** One more lane, if there may be one. */
  #wake(): void {
    if (this.#lanes >= LANES) return;
    this.#lanes++;
    // not in the same turn, so that all that is asked for now goes together
    queueMicrotask(() => void this.#lane());
  }

  async #lane(): Promise<void> {
    for (let parts = this.#take(); parts.length > 0; parts = this.#take()) {
      await this.#send(parts);
      // who was answered may ask on, such as for the next page, and that goes first
      await setImmediate();
    }
    this.#lanes--;
    // with the last lane gone, only the time wakes those that were told to wait
    const due = this.#later.reduce((least, one) => Math.min(least, one.due), Number.POSITIVE_INFINITY);
    clearTimeout(this.#timer);
    if (due < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#wake(), Math.max(0, Math.ceil(due - performance.now())));
  }

  /** The next parts for one batch; what waited long enough goes first. */
  #take(): Item[] {
    const now = performance.now();
    const due = this.#later.filter((one) => one.due <= now);
    if (due.length > 0) this.#later = this.#later.filter((one) => one.due > now);
    if (due.length > 0) this.#urgent = [...due, ...this.#urgent];
    const taken: Item[] = [];
    this.#urgent = this.#takeFrom(this.#urgent, taken);
    this.#waiting = this.#takeFrom(this.#waiting, taken);
    return taken;
  }

  /** @returns what is left of the queue */
  #takeFrom(queue: Item[], taken: Item[]): Item[] {
    const left: Item[] = [];
    let at = 0;
    for (; at < queue.length && taken.length < BATCH; at++) {
      const item = queue[at];
      if (!item) continue;
      if (this.#mixes || taken.length === 0 || taken[0]?.scopes === item.scopes) taken.push(item);
      else left.push(item);
    }
    return at === 0 ? queue : [...left, ...queue.slice(at)];
  }

  async #send(parts: readonly Item[]): Promise<void> {
    for (const item of parts) item.tries++;
    const signals = new Set(parts.map(({ call }) => call.signal));
    let answers: Part[];
    let token: string;
    try {
      const signal = signals.size === 1 ? parts[0]?.call.signal : undefined;
      const refused = parts.find((item) => item.refused !== null)?.refused ?? null;
      ({ parts: answers, token } = await this.#sender.send(
        parts.map(({ request }) => request),
        { refused, urgent: parts.some(({ urgent }) => urgent) },
        signal,
      ));
    } catch (thrown) {
      this.#failed(parts, asOtjError(thrown));
      return;
    }
    // the next one, which has waited for this place, goes before these answers are looked at
    await underWay();
    const byId = new Map(answers.map((one) => [one.id, one]));
    this.#sender.answered(
      parts.map(({ request }) => request),
      parts.flatMap(({ request }, index) => (byId.get(String(index + 1))?.status === 429 ? [request] : [])),
    );
    for (const [index, item] of parts.entries()) this.#judge(item, byId.get(String(index + 1)), token);
  }

  /**
   * What concerns the whole batch ends its callers. A permission that is missing ends only those who need it; a long wait, and an
   * error of Graph's own, only what was to be asked: what was told before it stays.
   */
  #failed(parts: readonly Item[], error: OtjError): void {
    const isMixed = parts.some(({ scopes }) => scopes !== parts[0]?.scopes);
    for (const item of parts) {
      if (error.code === 'M365_BUSY' || error.code === 'M365_FAILED') item.settle(error);
      else if (error.code !== 'M365_CONSENT_NEEDED') {
        item.fail(error);
        this.#end(item.call, error);
      } else if (isMixed) {
        item.tries--;
        this.#urgent.push(item);
      } else item.settle(error);
    }
    if (isMixed && error.code === 'M365_CONSENT_NEEDED') this.#mixes = false;
  }

  #judge(item: Item, part: Part | undefined, token: string): void {
    const { request, settle } = item;
    if (!part) {
      const code = isRepeatable(request) ? 'M365_ODD' : 'M365_UNCERTAIN';
      settle(new OtjError(code, `no answer to ${request.method} in a batch`));
      return;
    }
    const { status, body } = part;
    const isWell = status >= 200 && status < 300 && typeof body !== 'string';
    const problem = isWell ? null : problemOf(request, toldBy(part));
    if (!problem) {
      settle({ status, body, etag: headerOf(part, 'etag'), requestId: headerOf(part, 'request-id') });
      return;
    }
    if (status === 401 && item.refused === null) {
      item.refused = { token, claims: claimsIn(headerOf(part, 'www-authenticate')) };
      this.#urgent.push(item);
      return;
    }
    if (!mayRepeat(problem, request) || item.tries >= TRIES) {
      settle(isUndecided(problem.status) && !isRepeatable(request) ? uncertain(problem) : problem);
      return;
    }
    const named = retryAfterMs(headerOf(part, 'retry-after') ?? undefined);
    const wait = named ?? backoffMs(item.tries - 1, this.#sender.retryMs);
    // a long one is for a mailbox that was asked too often, which says nothing of the others
    if (named !== null && named <= LONGEST_WAIT_MS) this.#sender.hold(request, named);
    if (wait > LONGEST_WAIT_MS) settle(busy(wait, problem.words));
    else {
      item.due = performance.now() + wait;
      this.#later.push(item);
    }
  }
}

/** A batch as it goes over the wire. */
export function batchBody(requests: readonly GraphRequest[]): unknown {
  return {
    requests: requests.map(({ method, path, body, headers = {} }, index) => ({
      id: String(index + 1),
      method,
      url: path,
      ...(body === undefined
        ? Object.keys(headers).length > 0
          ? { headers }
          : {}
        : { body, headers: { 'Content-Type': 'application/json', ...headers } }),
    })),
  };
}

function toldBy(part: Part): Told {
  const { status, body } = part;
  const text = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
  return { status, header: (name) => headerOf(part, name), text };
}

function mayRepeat(problem: GraphError, request: GraphRequest): boolean {
  if (problem.status === 429 || problem.status === 503) return true;
  return isUndecided(problem.status) && isRepeatable(request);
}

function uncertain(problem: GraphError): OtjError {
  return new OtjError('M365_UNCERTAIN', problem.words, { cause: problem });
}
