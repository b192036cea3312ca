/** The one door between a screen and the services, whatever lies between them: IPC, HTTP or nothing. */
import type { Problem } from './errors.ts';
import type { AppEvent } from './events.ts';

export type Reply = { ok: true; output: unknown } | { ok: false; problem: Problem };

export interface Bridge {
  /** Never rejects: a failure is a reply. @param name a key of METHODS */
  call(name: string, input: unknown): Promise<Reply>;
  /** @returns how to stop listening */
  listen(hear: (events: readonly AppEvent[]) => void): () => void;
}
