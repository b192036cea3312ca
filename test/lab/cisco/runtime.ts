/**
 * The macro runtime: one for all macros of a codec, as on the device. It reads the stored macros only when it starts,
 * so a macro that was removed or changed goes on as it was until the runtime is restarted.
 */
import { parse } from 'acorn';
import type { LabMacro } from '../types.ts';
import { runMacro } from './macro-module.ts';
import type { Codec } from './model.ts';
import type { Reply, Request } from './request.ts';
import { createXapi } from './xapi-object.ts';

export interface LogEntry {
  time: string;
  macro: string;
  level: 'Info' | 'Warning' | 'Error';
  text: string;
}

type Note = (macro: string, level: LogEntry['level'], text: string) => void;

const MAX_LOG = 1000;

export class MacroRuntime {
  readonly log: LogEntry[] = [];
  crashes = 0;
  readonly #codec: Codec;
  readonly #execute: (request: Request) => Promise<Reply>;
  #run: Run | undefined;
  #starting: NodeJS.Timeout | undefined;

  constructor(codec: Codec, execute: (request: Request) => Promise<Reply>) {
    this.#codec = codec;
    this.#execute = execute;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Names of the macros that run now, stored or not. */
  get active(): string[] {
    return this.#run?.macros ?? [];
  }

  start(): void {
    const { runtimeDown, runtimeStartMs = 0 } = this.#codec.faults;
    if (runtimeDown || this.#run || this.#starting) return;
    if (runtimeStartMs === 0) this.#begin();
    else this.#starting = setTimeout(() => this.#begin(), runtimeStartMs);
  }

  #begin(): void {
    this.#starting = undefined;
    this.#run ??= new Run(this.#codec, this.#execute, (macro, level, text) => this.#note(macro, level, text));
  }

  stop(): void {
    clearTimeout(this.#starting);
    this.#starting = undefined;
    this.#run?.end();
    this.#run = undefined;
  }

  restart(): void {
    this.stop();
    this.start();
  }

  #note(macro: string, level: LogEntry['level'], text: string): void {
    if (level === 'Error') {
      this.crashes++;
      this.#codec.log(`macro ${macro} crashed: ${text}`);
    }
    this.log.push({ time: new Date().toISOString(), macro, level, text });
    if (this.log.length > MAX_LOG) this.log.shift();
  }
}

/** From one start of the runtime to its stop. */
class Run {
  readonly macros: string[] = [];
  readonly #codec: Codec;
  readonly #execute: (request: Request) => Promise<Reply>;
  readonly #note: Note;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #modules = new Map<string, Record<string, unknown>>();
  /** Library macros are imported whether active or not, and as they were when the runtime started. */
  readonly #stored: Map<string, LabMacro>;
  #ended = false;

  constructor(codec: Codec, execute: (request: Request) => Promise<Reply>, note: Note) {
    this.#codec = codec;
    this.#execute = execute;
    this.#note = note;
    this.#stored = new Map(codec.macros.map((macro) => [macro.name, { ...macro }]));
    for (const macro of this.#stored.values()) {
      if (!macro.active) continue;
      try {
        this.#load(macro.name);
        this.macros.push(macro.name);
      } catch (error) {
        this.#crash(macro.name, error);
      }
    }
  }

  end(): void {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #load(name: string): Record<string, unknown> {
    const known = this.#modules.get(name);
    if (known) return known;
    const macro = this.#stored.get(name);
    if (!macro) throw new Error(`Could not find module './${name}'`);
    this.#assertRuns(macro);
    const exports: Record<string, unknown> = {};
    this.#modules.set(name, exports);
    const xapi = createXapi((request) => this.#call(request));
    const load = (specifier: string) =>
      specifier === 'xapi' ? { default: xapi } : this.#load(specifier.replace(/^\.\//, '').replace(/\.js$/, ''));
    runMacro(name, macro.content, { load, exports, globals: this.#globals(name, xapi) }).catch((error: unknown) =>
      this.#crash(name, error),
    );
    return exports;
  }

  /**
   * A macro that was saved without its translation, on a codec that would take that one. [assumed] The engine gets the
   * text as it is then: the older one knows ECMAScript 5, none of them modules in what should be a script.
   */
  #assertRuns({ name, content }: LabMacro): void {
    if (this.#codec.runsSources || !this.#codec.untranspiled.has(name)) return;
    parse(content, { ecmaVersion: this.#codec.hasQuickJs ? 'latest' : 5, sourceType: 'script' });
  }

  #globals(name: string, xapi: unknown): Record<string, unknown> {
    const print =
      (level: LogEntry['level']) =>
      (...values: unknown[]) =>
        this.#note(
          name,
          level,
          values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '),
        );
    const info = print('Info');
    // Macros written with require() run only while the device evaluates transpiled text.
    const transpiled = this.#codec.settings.get('Macros EvaluateTranspiled') !== 'False';
    return {
      console: { log: info, info, debug: info, warn: print('Warning'), error: print('Warning') },
      setTimeout: (callback: () => unknown, delay?: number) => this.#timer(name, setTimeout, callback, delay),
      setInterval: (callback: () => unknown, delay?: number) => this.#timer(name, setInterval, callback, delay),
      clearTimeout: (timer: NodeJS.Timeout) => this.#clear(timer),
      clearInterval: (timer: NodeJS.Timeout) => this.#clear(timer),
      require: transpiled ? (specifier: string) => (specifier === 'xapi' ? xapi : this.#load(specifier)) : undefined,
      process: undefined,
      globalThis: undefined,
      // A codec has none of these; here they would reach the real network.
      fetch: undefined,
      WebSocket: undefined,
      EventSource: undefined,
      XMLHttpRequest: undefined,
    };
  }

  #timer(
    name: string,
    make: typeof setTimeout | typeof setInterval,
    callback: () => unknown,
    delay: number | undefined,
  ): NodeJS.Timeout | undefined {
    if (this.#ended) return undefined;
    const timer = make(() => {
      if (make === setTimeout) this.#timers.delete(timer);
      (async () => callback())().catch((error: unknown) => this.#crash(name, error));
    }, delay);
    this.#timers.add(timer);
    return timer;
  }

  #clear(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }

  /** What a macro still awaits when its runtime ends never comes. */
  async #call(request: Request): Promise<Reply> {
    if (this.#ended) return new Promise(() => {});
    const reply = await this.#execute(request);
    return this.#ended ? new Promise(() => {}) : reply;
  }

  #crash(name: string, error: unknown): void {
    if (this.#ended) return;
    const text = error instanceof SyntaxError || !(error instanceof Error) ? String(error) : error.message;
    this.#note(name, 'Error', text);
  }
}
