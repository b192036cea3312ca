/** What transports and macros ask of a codec and what they get, whatever the encoding. */
import type { Codec } from './model.ts';
import type { Role } from './settings-table.ts';
import type { Element } from './tree.ts';

export interface Caller {
  username: string;
  roles: readonly Role[];
}

export type Params = readonly (readonly [name: string, value: string])[];

export type Request =
  | { kind: 'get'; document: 'Status' | 'Configuration'; path: string[] }
  | { kind: 'set'; path: string[]; value: string }
  | { kind: 'command'; path: string[]; params: Params; body?: string };

export type Reply =
  /** Of a get: the whole document cut down to the path. */
  | { kind: 'document'; root: Element }
  /** Of a command: the `…Result` element with its `status`. */
  | { kind: 'command'; result: Element }
  | { kind: 'set' }
  | { kind: 'no-match'; document: 'Status' | 'Configuration'; xpath: string }
  | { kind: 'illegal-value'; path: string[] };

/** Effects happen before the first await inside, so requests that arrive in order take effect in order. */
export type Execute = (codec: Codec, caller: Caller, request: Request) => Promise<Reply>;
