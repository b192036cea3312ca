/** The services in a thread of their own, as a host sees them. */
import { Worker } from 'node:worker_threads';
import type { Bridge, Reply } from '../contract/bridge.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { AppEvent } from '../contract/events.ts';
import type { HostFacts, HostPorts } from '../services/openSite.ts';
import type { Answer, FromWorker, Question, ToWorker, WorkerStart } from './messages.ts';

/** How long work may go on to its next safe place when the app ends, milliseconds. What is cut off then is journaled. */
const GRACE_MS = 30_000;

export interface Backend extends Bridge {
  /** Stops all work, closes the site and ends the thread. Later calls are answered with INTERNAL. */
  close(): Promise<void>;
  /** @param fn told once when the thread ends unasked. @returns how to stop listening */
  onCrash(fn: (error: OtjError) => void): () => void;
}

/**
 * Short-lived objects get 24 MB (semi-spaces of 8): left to itself, the engine takes ten times that for a batch of thousands of
 * rooms, and gains nothing by it. The others get 1 GB, twenty times what a prepare of 10,000 rooms holds; with a quarter of the
 * computer's memory, as the engine would have it, they grow to four times what is in use before it looks for what is not.
 */
export const SERVICES_LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 1024 };

/** From the sources, or beside this file in a build. */
const SERVICES = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Starts the thread; calls may be made at once. @param entry module that serves the calls */
export function startBackend(facts: HostFacts, ports: HostPorts, entry = SERVICES): Backend {
  return new WorkerBackend(facts, ports, entry);
}

class WorkerBackend implements Backend {
  private readonly ports: HostPorts;
  private readonly worker: Worker;
  private readonly ended: Promise<void>;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private readonly listeners = new Set<(events: readonly AppEvent[]) => void>();
  private readonly mourners = new Set<(error: OtjError) => void>();
  private lastId = 0;
  private closing = false;
  /** Why there will be no further answer. */
  private end: OtjError | null = null;

  constructor(facts: HostFacts, ports: HostPorts, entry: URL) {
    this.ports = ports;
    const start: WorkerStart = { facts, keychain: ports.keychain !== null };
    this.worker = new Worker(entry, {
      workerData: start,
      execArgv: [],
      name: 'services',
      resourceLimits: SERVICES_LIMITS,
    });
    this.worker.on('message', (message: FromWorker) => this.hear(message));
    this.worker.on('error', (thrown) => this.lose(`it failed: ${asOtjError(thrown).words ?? ''}`));
    this.worker.on('messageerror', () => {
      this.lose('what it said could not be read');
      void this.worker.terminate();
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.worker.on('exit', (code) => {
      this.lose(`it ended with ${code}`);
      resolve();
    });
  }

  call(name: string, input: unknown): Promise<Reply> {
    if (this.end) return Promise.resolve(refusal(this.end));
    const id = ++this.lastId;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.waiting.set(id, resolve);
    try {
      this.tell({ type: 'call', id, name, input });
    } catch {
      // Functions and the like cannot cross. What was given is not told: it may hold a secret.
      this.settle(id, refusal(new OtjError('USAGE', 'the input is no plain data')));
    }
    return promise;
  }

  listen(hear: (events: readonly AppEvent[]) => void): () => void {
    this.listeners.add(hear);
    return () => void this.listeners.delete(hear);
  }

  onCrash(fn: (error: OtjError) => void): () => void {
    this.mourners.add(fn);
    return () => void this.mourners.delete(fn);
  }

  async close(): Promise<void> {
    if (!this.end && !this.closing) this.tell({ type: 'close' });
    this.closing = true;
    const late = setTimeout(() => void this.worker.terminate(), GRACE_MS);
    await this.ended;
    clearTimeout(late);
  }

  private hear(message: FromWorker): void {
    if (message.type === 'reply') this.settle(message.id, message.reply);
    else if (message.type === 'events') for (const hear of this.listeners) hear(message.events);
    else void this.answer(message.id, message.question);
  }

  private settle(id: number, reply: Reply): void {
    this.waiting.get(id)?.(reply);
    this.waiting.delete(id);
  }

  private async answer(id: number, question: Question): Promise<void> {
    const answer = await this.ask(question).catch(asFailure);
    if (this.end) return;
    try {
      this.tell({ type: 'answer', id, answer });
    } catch (thrown) {
      // What a port gave is no plain data: its asker must learn of that too.
      this.tell({ type: 'answer', id, answer: asFailure(thrown) });
    }
  }

  private async ask(question: Question): Promise<Answer> {
    return { ok: true, value: await this.valueOf(question) };
  }

  private valueOf(question: Question): Promise<unknown> | undefined {
    const { keychain } = this.ports;
    switch (question.port) {
      case 'chooseFile':
        return this.ports.chooseFile(question.what, question.suggested);
      case 'openPath':
        return this.ports.openPath(question.path);
      case 'openUrl':
        return this.ports.openUrl(question.url);
      case 'wrap':
        return keychain?.wrap(Buffer.from(question.bytes));
      case 'unwrap':
        return keychain?.unwrap(Buffer.from(question.bytes));
    }
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  /** No answer will come any more: nobody is left waiting for one. */
  private lose(why: string): void {
    if (this.end) return;
    const words = this.closing
      ? 'the app is closing'
      : `the part that does the work has stopped (${why}); start the app again, rooms carry on from what is true`;
    this.end = new OtjError('INTERNAL', words);
    const reply = refusal(this.end);
    for (const resolve of this.waiting.values()) resolve(reply);
    this.waiting.clear();
    if (!this.closing) for (const told of this.mourners) told(this.end);
  }
}

function refusal(error: OtjError): Reply {
  return { ok: false, problem: error.toProblem() };
}

function asFailure(thrown: unknown): Answer {
  const { code, words } = asOtjError(thrown);
  return { ok: false, code, words };
}
