/** What a command is: its path, who may run it, its parameters and its effect. */
import type { Codec } from '../model.ts';
import type { Caller, Params } from '../request.ts';
import type { Role } from '../settings.ts';
import type { Shape } from '../tree.ts';

export interface Param {
  required?: boolean;
  /** May be repeated. */
  many?: boolean;
  /** Legal values; compared without regard to case. */
  values?: readonly string[];
  integer?: boolean;
}

export interface Arguments {
  codec: Codec;
  caller: Caller;
  /** First value given, or the empty text. */
  get(name: string): string;
  has(name: string): boolean;
  all(name: string): string[];
  flag(name: string, fallback: boolean): boolean;
  body: string;
}

/** The fields of an OK result, or why it failed. */
export type Outcome = Record<string, Shape> | Failure;

export class Failure {
  readonly reason: string;
  readonly more: Record<string, Shape>;

  constructor(reason: string, more: Record<string, Shape> = {}) {
    this.reason = reason;
    this.more = more;
  }
}

export interface Command {
  path: string;
  /** Besides Admin. */
  roles?: readonly Role[];
  params?: Record<string, Param>;
  /** Multi-line: a body follows the command. */
  body?: boolean;
  run(args: Arguments): Outcome | Promise<Outcome>;
}

export const FLAG: Param = { values: ['True', 'False'] };

/** Undefined when a parameter is unknown, missing or has an illegal value. */
export function bind(
  command: Command,
  codec: Codec,
  caller: Caller,
  params: Params,
  body: string | undefined,
): Arguments | undefined {
  const values = new Map<string, string[]>();
  const known = Object.entries(command.params ?? {});
  for (const [given, value] of params) {
    const entry = known.find(([name]) => name.toLowerCase() === given.toLowerCase());
    if (!entry) return undefined;
    const [name, param] = entry;
    const legal = param.values?.find((one) => one.toLowerCase() === value.toLowerCase());
    if (param.values && legal === undefined) return undefined;
    if (param.integer && !/^\d+$/.test(value)) return undefined;
    const list = values.get(name) ?? [];
    if (list.length > 0 && !param.many) return undefined;
    values.set(name, [...list, legal ?? value]);
  }
  if (known.some(([name, param]) => param.required && !values.has(name))) return undefined;
  const all = (name: string) => values.get(name) ?? [];
  const has = (name: string) => values.has(name);
  return {
    codec,
    caller,
    get: (name) => all(name)[0] ?? '',
    has,
    all,
    flag: (name, fallback) => (has(name) ? all(name)[0] === 'True' : fallback),
    body: body ?? '',
  };
}
