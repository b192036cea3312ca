/**
 * Many requests in few: `$batch` takes 20, and answers 200 whatever became of them. Each part is judged by itself; what was turned
 * away for the rate goes into a later batch, after the time it named, together with what is still waiting, so that batches stay full.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { pause, retryAfterMs } from '../../endpoints/transports/wait.ts';
import { busy } from './chain.ts';
import { backoffMs, IN_FLIGHT, LONGEST_WAIT_MS } from './pace.ts';
import { type GraphError, problemOf, type Told } from './problems.ts';
import { type GraphAnswer, type GraphRequest, isRepeatable } from './request.ts';

/** Parts that a batch may have. Source: json-batching of Microsoft Graph. */
export const BATCH = 20;
/** How often one part is sent in all. */
const TRIES = 6;

const partSchema = z.looseObject({
  id: z.coerce.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.coerce.string()).nullish(),
  body: z.unknown().optional(),
});
export const batchSchema = z.looseObject({ responses: z.array(partSchema) });
export type BatchBody = z.infer<typeof batchSchema>;

/** What the batches are sent with. */
export interface Sender {
  retryMs: number;
  /** One batch; throws what concerns all of its parts. */
  send(requests: readonly GraphRequest[], signal: AbortSignal | undefined): Promise<BatchBody>;
  /** Some parts of it were for Outlook. */
  outlookTold(crowded: boolean): void;
}

type Result<T> = GraphAnswer<T> | OtjError;

/** See `Graph.batch`. */
export async function runBatches<T>(
  requests: readonly GraphRequest[],
  sender: Sender,
  signal?: AbortSignal,
  told?: (answer: Result<T>, at: number) => void,
): Promise<Result<T>[]> {
  const results: Result<T>[] = [];
  const tries = requests.map(() => 0);
  // those of one permission together: one that is missing must not stop the others
  const waiting = [...Map.groupBy(requests.keys(), (at) => scopesOf(requests, at)).values()];
  let later: { at: number; due: number }[] = [];
  let broken = false;

  const settle = (at: number, answer: Result<T>) => {
    results[at] = answer;
    told?.(answer, at);
  };

  /** The next parts for one batch; what waited long enough goes first. */
  function take(): number[] {
    const now = performance.now();
    const due = later.filter((one) => one.due <= now).map(({ at }) => at);
    const group = due[0] === undefined ? waiting.find((one) => one.length > 0) : groupOf(due[0]);
    const again = due.filter((at) => groupOf(at) === group).slice(0, BATCH);
    later = later.filter(({ at }) => !again.includes(at));
    return [...again, ...(group?.splice(0, BATCH - again.length) ?? [])];
  }
  const groups = new Map(waiting.flatMap((group) => group.map((at) => [at, group] as const)));
  const groupOf = (at: number) => groups.get(at);

  async function lane(): Promise<void> {
    for (;;) {
      if (broken) return;
      const parts = take();
      if (parts.length > 0) {
        await sendParts(parts);
        continue;
      }
      if (later.length === 0) return;
      await pause(Math.min(...later.map(({ due }) => due)) - performance.now(), signal);
    }
  }

  async function sendParts(parts: readonly number[]): Promise<void> {
    for (const at of parts) tries[at] = (tries[at] ?? 0) + 1;
    const asked = parts.flatMap((at) => requests[at] ?? []);
    let body: BatchBody;
    try {
      body = await sender.send(asked, signal);
    } catch (thrown) {
      const error = asOtjError(thrown);
      // a permission that is missing concerns these parts alone
      if (error.code !== 'M365_CONSENT_NEEDED') throw error;
      for (const at of parts) settle(at, error);
      return;
    }
    const byId = new Map(body.responses.map((one) => [one.id, one]));
    let crowded = false;
    for (const [index, at] of parts.entries()) {
      const request = requests[at];
      const part = byId.get(String(index + 1));
      if (!request) continue;
      if (!part) {
        const code = isRepeatable(request) ? 'M365_ODD' : 'M365_UNCERTAIN';
        settle(at, new OtjError(code, `no answer to ${request.method} in a batch`));
        continue;
      }
      const answer = toldBy(part);
      const problem = problemOf(request, answer);
      if (!problem) {
        settle(at, {
          status: part.status,
          body: part.body as T,
          etag: answer.header('etag'),
          requestId: answer.header('request-id'),
        });
        continue;
      }
      if (isCrowded(problem)) crowded = true;
      if (!mayRepeat(problem, request) || (tries[at] ?? 0) >= TRIES) {
        settle(at, isLost(problem) && !isRepeatable(request) ? uncertain(problem) : problem);
        continue;
      }
      const wait =
        retryAfterMs(answer.header('retry-after') ?? undefined) ?? backoffMs((tries[at] ?? 1) - 1, sender.retryMs);
      if (wait > LONGEST_WAIT_MS) settle(at, busy(wait, problem.words));
      else later.push({ at, due: performance.now() + wait });
    }
    sender.outlookTold(crowded);
  }

  const lanes = Array.from({ length: IN_FLIGHT }, () =>
    lane().catch((thrown: unknown) => {
      broken = true;
      throw thrown;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
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

function scopesOf(requests: readonly GraphRequest[], at: number): string {
  return [...(requests[at]?.scopes ?? [])].sort().join(' ');
}

function toldBy(part: BatchBody['responses'][number]): Told {
  const headers = new Map(Object.entries(part.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const text = typeof part.body === 'string' ? part.body : part.body === undefined ? '' : JSON.stringify(part.body);
  return { status: part.status, header: (name) => headers.get(name) ?? null, text };
}

/** Outlook refuses because too many of an app came at once. The words are Exchange's. */
function isCrowded({ status, words = '' }: GraphError): boolean {
  return status === 429 && words.includes('MailboxConcurrency');
}

function isLost({ status }: GraphError): boolean {
  return status === 502 || status === 504;
}

function mayRepeat(problem: GraphError, request: GraphRequest): boolean {
  if (problem.status === 429 || problem.status === 503) return true;
  return isLost(problem) && isRepeatable(request);
}

function uncertain(problem: GraphError): OtjError {
  return new OtjError('M365_UNCERTAIN', problem.words, { cause: problem });
}
