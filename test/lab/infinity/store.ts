import { RESOURCES, uriOf, type Value } from './fields.ts';
import type { Peers, Row } from './validate.ts';

interface Change {
  at: number;
  resource: string;
  id: number;
  row: Row | undefined;
}

/**
 * Configuration as the Management Node holds it, and as its Conferencing Nodes see it. A saved change reaches the
 * nodes only after the replication delay.
 */
export class Store {
  readonly #tables = new Map<string, Map<number, Row>>();
  readonly #nextId = new Map<string, number>();
  readonly #nodes = new Map<string, Map<number, Row>>();
  /** Ids by resource, field and value in lower case, for the fields that must be unique. */
  readonly #holders = new Map<string, Map<string, Set<number>>>();
  #pending: Change[] = [];
  readonly #replicationMs: () => number;

  constructor(replicationMs: () => number) {
    this.#replicationMs = replicationMs;
    for (const name of RESOURCES.keys()) {
      this.#tables.set(name, new Map());
      this.#nodes.set(name, new Map());
      this.#nextId.set(name, 1);
    }
  }

  rows(resource: string): Row[] {
    return [...this.#table(resource).values()];
  }

  count(resource: string): number {
    return this.#table(resource).size;
  }

  get(resource: string, id: number): Row | undefined {
    return this.#table(resource).get(id);
  }

  insert(resource: string, values: Record<string, Value>): Row {
    const id = this.#nextId.get(resource) ?? 1;
    this.#nextId.set(resource, id + 1);
    return this.#put(resource, { ...values, id });
  }

  replace(resource: string, id: number, values: Record<string, Value>): Row {
    return this.#put(resource, { ...values, id });
  }

  /** Removes a row; rows that point to it lose the pointer. Names the first row that cannot do without it. */
  remove(resource: string, id: number): { blockedBy?: string } {
    const uri = uriOf(resource, id);
    const pointers = [...RESOURCES.values()].flatMap((other) =>
      Object.entries(other.fields)
        .filter(([, field]) => field.type === 'to_one' && field.related === resource)
        .map(([name, field]) => ({ other: other.name, name, required: field.required === true })),
    );
    const referring = pointers.flatMap((pointer) =>
      this.rows(pointer.other)
        .filter((row) => row[pointer.name] === uri)
        .map((row) => ({ ...pointer, row })),
    );
    const blocking = referring.find((pointer) => pointer.required);
    if (blocking) return { blockedBy: uriOf(blocking.other, blocking.row.id) };
    for (const pointer of referring) this.#put(pointer.other, { ...pointer.row, [pointer.name]: null });
    const row = this.get(resource, id);
    if (row) {
      this.#hold(resource, row, false);
      this.#table(resource).delete(id);
      this.#queue(resource, id, undefined);
    }
    return {};
  }

  peers(resource: string): Peers {
    return {
      exists: (other, id) => this.#tables.get(other)?.has(id) ?? false,
      holder: (field, value, except) => {
        const ids = this.#holders.get(`${resource}.${field}`)?.get(value.toLowerCase()) ?? [];
        return [...ids].find((id) => id !== except);
      },
    };
  }

  /** The row at the end of a resource URI, as the Management Node sees it. */
  follow(uri: Value | undefined): Row | undefined {
    return lookUp(this.#tables, uri);
  }

  /** What the Conferencing Nodes know by now. */
  replicated(resource: string): Map<number, Row> {
    this.#replicate();
    return this.#nodes.get(resource) ?? new Map();
  }

  followReplicated(uri: Value | undefined): Row | undefined {
    this.#replicate();
    return lookUp(this.#nodes, uri);
  }

  /** Everything now: for the state the lab starts with. */
  replicateAll(): void {
    this.#pending = this.#pending.map((change) => ({ ...change, at: 0 }));
    this.#replicate();
  }

  #put(resource: string, row: Row): Row {
    const old = this.get(resource, row.id);
    if (old) this.#hold(resource, old, false);
    this.#hold(resource, row, true);
    this.#table(resource).set(row.id, row);
    this.#queue(resource, row.id, row);
    return row;
  }

  #hold(resource: string, row: Row, holds: boolean): void {
    for (const [name, field] of Object.entries(RESOURCES.get(resource)?.fields ?? {})) {
      if (!field.unique) continue;
      const key = `${resource}.${name}`;
      const values = this.#holders.get(key) ?? new Map<string, Set<number>>();
      this.#holders.set(key, values);
      const value = String(row[name] ?? '').toLowerCase();
      const ids = values.get(value) ?? new Set();
      if (holds) values.set(value, ids.add(row.id));
      else if (ids.delete(row.id) && ids.size === 0) values.delete(value);
    }
  }

  #queue(resource: string, id: number, row: Row | undefined): void {
    this.#pending.push({ at: Date.now() + this.#replicationMs(), resource, id, row });
  }

  #replicate(): void {
    if (this.#pending.length === 0) return;
    const now = Date.now();
    const later: Change[] = [];
    for (const change of this.#pending) {
      if (change.at > now) {
        later.push(change);
        continue;
      }
      const table = this.#nodes.get(change.resource);
      if (change.row) table?.set(change.id, change.row);
      else table?.delete(change.id);
    }
    this.#pending = later;
  }

  #table(resource: string): Map<number, Row> {
    const table = this.#tables.get(resource);
    if (!table) throw new Error(`no resource ${resource}`);
    return table;
  }
}

function lookUp(tables: Map<string, Map<number, Row>>, uri: Value | undefined): Row | undefined {
  const match = /([a-z0-9_]+)\/(\d+)\/$/.exec(String(uri ?? ''));
  return match?.[1] && match[2] ? tables.get(match[1])?.get(Number(match[2])) : undefined;
}
