/**
 * The one way to the services: the preload's two functions in the desktop app, HTTP in a browser. Everything above this
 * file knows calls, answers and events, and not what lies between.
 */
import type { Bridge, Reply } from '../../main/contract/bridge.ts';
import type { ErrorCode, Problem } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Input, MethodName, Output } from '../../main/contract/methods.ts';

declare global {
  interface Window {
    /** Set by the preload of the desktop app. */
    readonly otj?: Bridge;
  }
}

/** A call that failed, with everything that can be shown about it. */
export class CallError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.happened}`);
    this.name = 'CallError';
    this.problem = problem;
  }
}

/** Any thrown thing as a problem; what is no CallError is a fault of the window itself. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof CallError) return thrown.problem;
  return faultOf(thrown instanceof Error ? thrown.message : String(thrown));
}

/** What is known of a problem while only its code is there: its texts are looked up by that. */
export function problemOfCode(code: ErrorCode): Problem {
  return { code, class: 'odd', happened: '', todo: '' };
}

/** `happened` and `todo` are placeholders: texts are looked up by code in the chosen language. */
function faultOf(words: string): Problem {
  return { code: 'INTERNAL', class: 'internal', happened: 'INTERNAL', todo: '', words };
}

export interface Listener {
  events(events: readonly AppEvent[]): void;
  /** The program behind the page answers again, or for the first time: what was missed has to be fetched. */
  connected(): void;
  /** The program behind the page has ended or cannot be reached. */
  lost(): void;
}

/**
 * One call of the contract.
 * @throws CallError with the problem that the services told
 */
export async function call<N extends MethodName>(name: N, input: Input<N>): Promise<Output<N>> {
  const reply = await (window.otj ? window.otj.call(name, input) : post(name, input));
  if (!reply.ok) throw new CallError(reply.problem);
  // The services have parsed their answer with the schema of this very type.
  return reply.output as Output<N>;
}

/** @returns how to stop listening */
export function listen(listener: Listener): () => void {
  if (!window.otj) return listenByHttp(listener);
  const stop = window.otj.listen((events) => listener.events(events));
  listener.connected();
  return stop;
}

/** Proves to the program that this page was let in; a cookie alone is shown to other ports of this computer as well. */
const key = () => sessionStorage.getItem('otj-key') ?? '';

async function post(name: string, input: unknown): Promise<Reply> {
  try {
    const answer = await fetch('./call', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-otj-key': key() },
      body: JSON.stringify({ name, input }),
    });
    const reply: unknown = await answer.json();
    if (isReply(reply)) return reply;
    return { ok: false, problem: faultOf(`HTTP ${answer.status}`) };
  } catch (thrown) {
    return { ok: false, problem: faultOf(thrown instanceof Error ? thrown.message : String(thrown)) };
  }
}

function isReply(value: unknown): value is Reply {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ok' in value &&
    ('output' in value || 'problem' in value || value.ok === true)
  );
}

const AGAIN_MS = 2_000;

/** EventSource comes back by itself after a lost connection, but not after a refusal: then it is made anew. */
function listenByHttp(listener: Listener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`./events?key=${key()}`);
    source.onopen = () => listener.connected();
    source.onmessage = ({ data }: MessageEvent<string>) => listener.events(JSON.parse(data) as AppEvent[]);
    source.onerror = () => {
      listener.lost();
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, AGAIN_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
