/** Services that answer as a test tells them, for tests of what lies between them and a window. */
import type { Reply } from '../../main/contract/bridge.ts';
import { OtjError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Backend } from '../../main/hosts/backend.ts';

export class TestBackend implements Backend {
  readonly calls: [string, unknown][] = [];
  readonly replies = new Map<string, Reply>();
  closed = false;
  private readonly listeners = new Set<(events: readonly AppEvent[]) => void>();
  private readonly mourners = new Set<(error: OtjError) => void>();

  /** Without a reply of its own a call is answered with its name. */
  async call(name: string, input: unknown): Promise<Reply> {
    this.calls.push([name, input]);
    return this.replies.get(name) ?? { ok: true, output: `did ${name}` };
  }
  /** How many listen. */
  get heard(): number {
    return this.listeners.size;
  }
  listen(hear: (events: readonly AppEvent[]) => void) {
    this.listeners.add(hear);
    return () => void this.listeners.delete(hear);
  }
  onCrash(fn: (error: OtjError) => void) {
    this.mourners.add(fn);
    return () => void this.mourners.delete(fn);
  }
  async close() {
    this.closed = true;
  }
  tell(...events: AppEvent[]) {
    for (const hear of this.listeners) hear(events);
  }
  crash() {
    for (const fn of this.mourners) fn(new OtjError('INTERNAL', 'the thread is gone'));
  }
}
