/**
 * `$batch`. Source: json-batching of Microsoft Graph: 20 parts, ids told apart, 200 for the whole whatever became of the parts,
 * answers in any order, 424 where what a part depends on has failed. Outlook gets four parts at the same time.
 */
import { z } from 'zod';
import { fault, type Reply } from './route.ts';

const MOST = 20;
const OUTLOOK_AT_ONCE = 4;

const partSchema = z.object({
  id: z.string().min(1),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).optional(),
});
const bodySchema = z.object({ requests: z.array(partSchema) });
export type Part = z.infer<typeof partSchema>;

export interface PartRunner {
  isOutlook(part: Part): boolean;
  run(part: Part): Promise<Reply>;
}

export async function batchReply(json: unknown, runner: PartRunner): Promise<Reply> {
  const body = bodySchema.safeParse(json);
  if (!body.success) return fault(400, 'BadRequest', 'Invalid batch payload format.');
  const parts = body.data.requests;
  const ids = new Set(parts.map(({ id }) => id));
  if (parts.length === 0 || parts.length > MOST)
    return fault(400, 'BadRequest', `Number of batch request steps exceeds the maximum value of ${MOST}.`);
  if (ids.size !== parts.length) return fault(400, 'BadRequest', 'Batch request has duplicate step ids.');
  const wrong = parts.find(
    ({ url, body: content, headers = {}, dependsOn = [] }) =>
      !url.startsWith('/') ||
      dependsOn.some((id) => !ids.has(id)) ||
      (content !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')),
  );
  if (wrong) return fault(400, 'BadRequest', `Invalid batch request step ${wrong.id}.`);

  const outlook = new Places(OUTLOOK_AT_ONCE);
  const done = new Map<string, Promise<Reply>>();
  for (const part of parts) {
    done.set(
      part.id,
      (async () => {
        const before = await Promise.all((part.dependsOn ?? []).map((id) => done.get(id)));
        if (before.some((one) => !one || one.status >= 400))
          return fault(424, 'FailedDependency', 'Request was not executed: a dependency failed.');
        return runner.isOutlook(part) ? outlook.with(() => runner.run(part)) : runner.run(part);
      })(),
    );
  }
  const responses = await Promise.all(
    parts.map(async ({ id }) => {
      const { status, headers = {}, body: content } = (await done.get(id)) ?? fault(500, 'generalException', '');
      const type = content === undefined ? {} : { 'Content-Type': 'application/json' };
      return { id, status, headers: { ...type, ...headers }, ...(content === undefined ? {} : { body: content }) };
    }),
  );
  // the order is free, so it is never the one that was asked
  return { status: 200, body: { responses: responses.reverse() } };
}

class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async with<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
