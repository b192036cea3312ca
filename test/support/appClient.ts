/** The services in their thread, as a screen uses them: typed calls, and what they tell meanwhile. */
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Job, JobResult } from '../../main/contract/jobs.ts';
import type { Input, MethodName, Output } from '../../main/contract/methods.ts';
import { type Backend, startBackend } from '../../main/hosts/backend.ts';
import type { HostPorts } from '../../main/services/openSite.ts';

type Started = Extract<
  {
    [N in MethodName]: Output<N> extends { job: number } ? (keyof Output<N> extends 'job' ? N : never) : never;
  }[MethodName],
  string
>;

export interface AppClient {
  readonly backend: Backend;
  /** All events so far, in their order. */
  readonly events: AppEvent[];
  /** Everything that was answered, for a look at what it holds. */
  readonly replies: unknown[];
  /** Throws what the call is refused with, as an OtjError. */
  call<N extends MethodName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Starts a job. @returns its id */
  start<N extends Started>(name: N, input: Input<N>): Promise<number>;
  /** Resolves when the job is told to be so. */
  until(job: number, holds: (job: Job) => boolean): Promise<Job>;
  /** Starts a job and waits for its end. Throws when it does not end well. */
  done<N extends Started>(name: N, input: Input<N>): Promise<JobResult>;
}

const NO_PORTS: HostPorts = {
  keychain: null,
  chooseFile: async () => null,
  openPath: async () => undefined,
  openUrl: async () => undefined,
};

/** @param userData folder for preferences; @param ports what the host can do */
export function startApp(userData: string, ports: Partial<HostPorts> = {}): AppClient {
  const facts = { host: 'browser', version: '0.0.0-test', userData, fileDialogs: false } as const;
  const backend = startBackend(facts, { ...NO_PORTS, ...ports });
  const events: AppEvent[] = [];
  const replies: unknown[] = [];
  const latest = new Map<number, Job>();
  const watchers = new Set<(job: Job) => void>();
  backend.listen((batch) => {
    events.push(...batch);
    for (const event of batch) {
      if (event.type !== 'job') continue;
      latest.set(event.job.id, event.job);
      for (const watch of watchers) watch(event.job);
    }
  });

  const client: AppClient = {
    backend,
    events,
    replies,
    async call(name, input) {
      const reply = await backend.call(name, input);
      replies.push(reply);
      if (!reply.ok) {
        const { code, words } = reply.problem;
        if (!Object.hasOwn(CATALOGUE, code)) throw new Error(`${code} is no code`);
        throw new OtjError(code, words);
      }
      return reply.output as Output<typeof name>;
    },
    async start(name, input) {
      const started = await client.call(name, input);
      return (started as { job: number }).job;
    },
    until(id, holds) {
      const known = latest.get(id);
      if (known && holds(known)) return Promise.resolve(known);
      return new Promise((resolve) => {
        const watch = (job: Job) => {
          if (job.id !== id || !holds(job)) return;
          watchers.delete(watch);
          resolve(job);
        };
        watchers.add(watch);
      });
    },
    async done(name, input) {
      const id = await client.start(name, input);
      const { status, result, problem } = await client.until(id, ({ endedAt }) => endedAt !== null);
      if (status !== 'done' || !result) throw new Error(`${name} ended ${status}: ${JSON.stringify(problem)}`);
      return result;
    },
  };
  return client;
}
