/**
 * Entry of the worker thread that holds the services: whatever they do, the host's window stays quick. It ends with the
 * host's process, or when it is asked to close.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { OtjError } from '../contract/errors.ts';
import type { Handlers } from '../contract/methods.ts';
import { appHandlers } from '../services/app/handlers.ts';
import { jobHandlers } from '../services/jobs/handlers.ts';
import { type HostPorts, OpenSite } from '../services/openSite.ts';
import { dispatch } from './dispatch.ts';
import { EventQueue } from './eventQueue.ts';
import type { Answer, FromWorker, Question, ToWorker, WorkerStart } from './messages.ts';

/** Puts questions to the host and finds the answers that come back. */
class HostLine {
  private readonly send: (message: FromWorker) => void;
  private readonly open = new Map<number, PromiseWithResolvers<unknown>>();
  private lastId = 0;

  constructor(send: (message: FromWorker) => void) {
    this.send = send;
  }

  /** Throws what the host says of its failure. */
  ask(question: Question): Promise<unknown> {
    const id = ++this.lastId;
    const answer = Promise.withResolvers<unknown>();
    this.open.set(id, answer);
    this.send({ type: 'ask', id, question });
    return answer.promise;
  }

  hear(id: number, answer: Answer): void {
    const waiting = this.open.get(id);
    this.open.delete(id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(new OtjError(answer.code, answer.words));
  }

  /** The host's abilities, as the services see them. */
  ports(keychain: boolean): HostPorts {
    const bytes = async (port: 'wrap' | 'unwrap', given: Buffer) =>
      Buffer.from((await this.ask({ port, bytes: given })) as Uint8Array);
    return {
      keychain: keychain ? { wrap: (key) => bytes('wrap', key), unwrap: (wrapped) => bytes('unwrap', wrapped) } : null,
      chooseFile: async (what, suggested) => (await this.ask({ port: 'chooseFile', what, suggested })) as string | null,
      openPath: async (path) => void (await this.ask({ port: 'openPath', path })),
      openUrl: async (url) => void (await this.ask({ port: 'openUrl', url })),
    };
  }
}

function serve(port: MessagePort, { facts, keychain }: WorkerStart): void {
  const send = (message: FromWorker) => port.postMessage(message);
  const events = new EventQueue((batch) => send({ type: 'events', events: batch }));
  const host = new HostLine(send);
  const open = new OpenSite(facts, host.ports(keychain), (event) => events.add(event));
  const handlers: Handlers = { ...appHandlers(open), ...jobHandlers(open) };

  port.on('message', (message: ToWorker) => {
    if (message.type === 'call') void answer(message);
    else if (message.type === 'answer') host.hear(message.id, message.answer);
    else void close();
  });

  async function answer({ id, name, input }: Extract<ToWorker, { type: 'call' }>): Promise<void> {
    const reply = await dispatch(handlers, name, input);
    events.flush();
    send({ type: 'reply', id, reply });
  }

  async function close(): Promise<void> {
    await open.close();
    events.flush();
    // Sockets that are still saying goodbye keep no thread.
    process.exit(0);
  }
}

if (parentPort) serve(parentPort, workerData as WorkerStart);
else throw new OtjError('INTERNAL', 'worker.ts is no program of its own');
