/** What a host and its worker say to each other. Everything is plain data, so that it can cross between threads. */
import type { Reply } from '../contract/bridge.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { AppEvent } from '../contract/events.ts';
import type { HostFacts } from '../services/openSite.ts';

/** What the worker is born with. */
export interface WorkerStart {
  facts: HostFacts;
  /** Whether the host has a keychain to be asked. */
  keychain: boolean;
}

export type ToWorker =
  | { type: 'call'; id: number; name: string; input: unknown }
  | { type: 'answer'; id: number; answer: Answer }
  /** Stop all work, close the site, end. */
  | { type: 'close' };

export type FromWorker =
  | { type: 'reply'; id: number; reply: Reply }
  | { type: 'events'; events: AppEvent[] }
  | { type: 'ask'; id: number; question: Question };

/** What only the host can do. */
export type Question =
  | { port: 'wrap' | 'unwrap'; bytes: Uint8Array }
  | { port: 'chooseFile'; what: 'open-site' | 'new-site' | 'folder'; suggested: string | null }
  | { port: 'openPath'; path: string }
  | { port: 'openUrl'; url: string };

export type Answer = { ok: true; value: unknown } | { ok: false; code: ErrorCode; words: string | undefined };
