/**
 * host.ts SITE FOLDER USERDATA RATE: the browser host as people start it, in a process of its own: real services in
 * their thread, real server. Besides what the services tell it tells of a synthetic run when the bench asks for it, and
 * it watches how long its own thread is blocked. Spoken to by the messages of a forked process.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Bridge, Reply } from '../../../main/contract/bridge.ts';
import type { AppEvent } from '../../../main/contract/events.ts';
import { roomRowSchema } from '../../../main/contract/rooms.ts';
import { type Backend, startBackend } from '../../../main/hosts/backend.ts';
import { serveBrowser } from '../../../main/hosts/browser.ts';
import { EventQueue } from '../../../main/hosts/eventQueue.ts';
import { SyntheticRun } from './syntheticRun.ts';

/** What the bench may ask of this process, and what it answers. */
export const answers = {
  invite: z.object({ address: z.string() }),
  begin: z.object({}),
  /** Room events since `begin`, and how the first room of the list was told last. */
  end: z.object({ events: z.number(), firstState: z.string().nullable() }),
  /** The longest stop of the thread since this was last asked, and the 99th percentile, milliseconds. */
  blocked: z.object({ longest: z.number(), p99: z.number() }),
};
export type Question = keyof typeof answers;

/** The watch ticks so often; a stop is told too long by so much at most, never too short. */
const WATCH_MS = 2;
/** Events are due one by one, as they are when rooms work side by side. */
const TICK_MS = 5;

/** The real services, of which listeners also hear what is made up here. */
class TellingBackend implements Bridge {
  private readonly backend: Backend;
  private readonly listeners = new Set<(events: readonly AppEvent[]) => void>();
  private readonly queue = new EventQueue((events) => {
    for (const hear of this.listeners) hear(events);
  });

  constructor(backend: Backend) {
    this.backend = backend;
  }

  call(name: string, input: unknown): Promise<Reply> {
    return this.backend.call(name, input);
  }

  listen(hear: (events: readonly AppEvent[]) => void): () => void {
    this.listeners.add(hear);
    const stop = this.backend.listen(hear);
    return () => {
      this.listeners.delete(hear);
      stop();
    };
  }

  tell(events: readonly AppEvent[]): void {
    for (const event of events) this.queue.add(event);
  }

  /** Throws what the call is refused with. */
  async ask(name: string, input?: unknown): Promise<unknown> {
    const reply = await this.backend.call(name, input);
    if (!reply.ok) throw new Error(`${name}: ${reply.problem.code} ${reply.problem.words ?? ''}`);
    return reply.output;
  }
}

/** Tells as many room events a second as wanted, and catches up after a stop. */
class Teller {
  private readonly run: SyntheticRun;
  private readonly backend: TellingBackend;
  private readonly timer: NodeJS.Timeout;
  private told = 0;

  constructor(backend: TellingBackend, run: SyntheticRun, rate: number) {
    this.backend = backend;
    this.run = run;
    const began = performance.now();
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) / 1000) * rate);
      for (; this.told < due; this.told++) backend.tell(run.next());
    }, TICK_MS);
  }

  stop(): z.infer<typeof answers.end> {
    clearInterval(this.timer);
    this.backend.tell([this.run.end()]);
    return { events: this.told, firstState: this.run.firstState };
  }
}

async function serve([site = '', folder = '', userData = '', rate = '']: readonly string[]): Promise<void> {
  const facts = { host: 'browser', version: 'bench', userData, fileDialogs: false } as const;
  const ports = {
    keychain: null,
    chooseFile: async () => null,
    openPath: async () => undefined,
    openUrl: async () => undefined,
  };
  const real = startBackend(facts, ports);
  const backend = new TellingBackend(real);
  await backend.ask('site.open', { path: site });
  const server = await serveBrowser({ backend, folder });
  const delay = monitorEventLoopDelay({ resolution: WATCH_MS });
  delay.enable();
  let teller: Teller | null = null;

  const answer: { [Q in Question]: () => Promise<z.infer<(typeof answers)[Q]>> | z.infer<(typeof answers)[Q]> } = {
    invite: () => ({ address: server.invite() }),
    begin: async () => {
      const rows = z.array(roomRowSchema).parse(await backend.ask('rooms.list'));
      teller = new Teller(backend, new SyntheticRun(rows), Number(rate));
      return {};
    },
    end: () => teller?.stop() ?? { events: 0, firstState: null },
    blocked: () => {
      const [longest, p99] = [delay.max / 1e6, delay.percentile(99) / 1e6];
      delay.reset();
      return { longest, p99 };
    },
  };
  process.on('message', async (asked) => process.send?.(await answer[asked as Question]()));
  process.on('disconnect', async () => {
    teller?.stop();
    await server.close();
    await real.close();
  });
  process.send?.('ready');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await serve(process.argv.slice(2));
