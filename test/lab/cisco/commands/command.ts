/** What a command is: its path, who may run it, its parameters and its effect. */
import type { Codec } from '../model.ts';
import type { Caller, Params } from '../request.ts';
import type { Role } from '../settings-table.ts';
import type { Shape } from '../tree.ts';
import { type Lifetime, livesIn } from '../version.ts';

export interface Param extends Lifetime {
  required?: boolean;
  /** May be repeated. */
  many?: boolean;
  /** Legal values; compared without regard to case. */
  values?: readonly string[];
  integer?: { min: number; max: number };
  /** Of a text, in characters. */
  length?: { min: number; max: number };
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

export interface Command extends Lifetime {
  path: string;
  /** Besides Admin. */
  roles?: readonly Role[];
  /** Several forms of one parameter belong to different versions. */
  params?: Record<string, Param | readonly Param[]>;
  /** Multi-line: a body follows the command. */
  body?: boolean;
  run(args: Arguments): Outcome | Promise<Outcome>;
}

export const FLAG: Param = { values: ['True', 'False'] };

export function integer(min: number, max: number): Param {
  return { integer: { min, max } };
}

export function text(min: number, max: number): Param {
  return { length: { min, max } };
}

/** Undefined when a parameter is unknown, missing or has an illegal value. */
export function bind(
  command: Command,
  codec: Codec,
  caller: Caller,
  params: Params,
  body: string | undefined,
): Arguments | undefined {
  const values = new Map<string, string[]>();
  const known = Object.entries(command.params ?? {}).flatMap(([name, forms]) =>
    [forms]
      .flat()
      .filter((form) => livesIn(codec.version, form))
      .map((form) => [name, form] as const),
  );
  for (const [given, value] of params) {
    const entry = known.find(([name]) => name.toLowerCase() === given.toLowerCase());
    if (!entry) return undefined;
    const [name, param] = entry;
    const legal = param.values?.find((one) => one.toLowerCase() === value.toLowerCase());
    if (param.values && legal === undefined) return undefined;
    if (!fits(param, value)) return undefined;
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

function fits({ integer, length }: Param, value: string): boolean {
  if (integer && !(/^\d+$/.test(value) && Number(value) >= integer.min && Number(value) <= integer.max)) return false;
  return !length || (value.length >= length.min && value.length <= length.max);
}
