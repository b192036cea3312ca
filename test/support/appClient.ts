/** The services as a screen uses them: typed calls, and what they tell meanwhile. In a thread of their own as in the app, or here. */
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Job, JobResult } from '../../main/contract/jobs.ts';
import type { Input, MethodName, Output } from '../../main/contract/methods.ts';
import { type Backend, startBackend } from '../../main/hosts/backend.ts';
import { dispatch } from '../../main/hosts/dispatch.ts';
import { EventQueue } from '../../main/hosts/eventQueue.ts';
import { appHandlers } from '../../main/services/app/handlers.ts';
import { jobHandlers } from '../../main/services/jobs/handlers.ts';
import { type HostFacts, type HostPorts, OpenSite } from '../../main/services/openSite.ts';

type Started = Extract<
  {
    [N in MethodName]: Output<N> extends { job: number } ? (keyof Output<N> extends 'job' ? N : never) : never;
  }[MethodName],
  string
>;

type Services = Pick<Backend, 'call' | 'listen' | 'close'>;

export interface AppClient<B extends Services = Services> {
  readonly backend: B;
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

/** Of a host that can do nothing. */
export const NO_PORTS: HostPorts = {
  keychain: null,
  chooseFile: async () => null,
  openPath: async () => undefined,
  openUrl: async () => undefined,
};

export const factsOf = (userData: string): HostFacts => ({
  host: 'browser',
  version: '0.0.0-test',
  userData,
  fileDialogs: false,
});

/** In their thread. @param userData folder for preferences; @param ports what the host can do */
export function startApp(userData: string, ports: Partial<HostPorts> = {}): AppClient<Backend> {
  return clientOf(startBackend(factsOf(userData), { ...NO_PORTS, ...ports }));
}

/** In this thread, for what has nothing to do with threads: each costs a second of a core. */
export function startAppHere(userData: string, ports: Partial<HostPorts> = {}): AppClient {
  return clientOf(backendHere(factsOf(userData), { ...NO_PORTS, ...ports }));
}

/** What worker.ts does, with copies of all that would cross between two threads. */
function backendHere(facts: HostFacts, ports: HostPorts): Services {
  const listeners = new Set<(events: readonly AppEvent[]) => void>();
  const events = new EventQueue((batch) => {
    for (const hear of listeners) hear(structuredClone(batch));
  });
  const open = new OpenSite(facts, ports, (event) => events.add(event));
  const handlers = { ...appHandlers(open), ...jobHandlers(open) };
  let ended: Promise<void> | null = null;
  return {
    async call(name, input) {
      const reply = await dispatch(handlers, name, structuredClone(input));
      events.flush();
      return structuredClone(reply);
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
    close() {
      ended ??= open.close().then(() => events.flush());
      return ended;
    },
  };
}

function clientOf<B extends Services>(backend: B): AppClient<B> {
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

  const client: AppClient<B> = {
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
