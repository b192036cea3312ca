/** One SharePoint list with its items: versions, and columns that refuse a second item with the same value. */
import { randomUUID } from 'node:crypto';
import { type Column, columnFrom, type Fields, invalid, type Value } from './columns.ts';
import type { Reply } from './route.ts';

export interface LabItem {
  id: string;
  version: number;
  guid: string;
  fields: Fields;
  /** Since when queries see it, milliseconds of the steady clock. */
  seenFrom: number;
}

export class LabList {
  readonly id = randomUUID();
  readonly columns: Column[];
  readonly items = new Map<string, LabItem>();
  displayName: string;
  private readonly unique = new Map<string, Map<string, string>>();
  private last = 0;

  constructor(displayName: string, columns: readonly Column[] = []) {
    this.displayName = displayName;
    const title = columnFrom(randomUUID(), { name: 'Title', displayName: 'Title', text: {} });
    this.columns = [...(title ? [title] : []), ...columns];
  }

  /** What a person does in the browser; no etag is asked for. */
  edit(id: string, fields: Record<string, Value | null>): void {
    const item = this.items.get(id);
    if (!item) throw new Error(`no item ${id}`);
    this.put(item, fields);
  }

  add(changes: Readonly<Record<string, Value | null>>, visibleInMs = 0): LabItem | Reply {
    const missing = this.columns.find(({ required, name }) => required && changes[name] == null);
    if (missing) return invalid(`Field '${missing.name}' is required`);
    const id = String(this.last + 1);
    const double = this.doubleOf(id, changes);
    if (double)
      return invalid(
        `The list item could not be added or updated because duplicate values were found in the field '${double}'`,
      );
    this.last++;
    const item = { id, version: 0, guid: randomUUID(), fields: {}, seenFrom: performance.now() + visibleInMs };
    this.items.set(id, item);
    this.put(item, changes);
    return item;
  }

  change(item: LabItem, changes: Readonly<Record<string, Value | null>>): Reply | null {
    const double = this.doubleOf(item.id, changes);
    if (double) return invalid(`duplicate values were found in the field '${double}'`);
    this.put(item, changes);
    return null;
  }

  remove(id: string): boolean {
    for (const index of this.unique.values()) for (const [value, owner] of index) if (owner === id) index.delete(value);
    return this.items.delete(id);
  }

  etag({ guid, version }: LabItem): string {
    return `"${guid},${version}"`;
  }

  private put(item: LabItem, changes: Readonly<Record<string, Value | null>>): void {
    for (const [name, value] of Object.entries(changes)) {
      const index = this.indexOf(name);
      const former = item.fields[name];
      if (index && former !== undefined) index.delete(String(former).toLowerCase());
      if (value === null) delete item.fields[name];
      else {
        item.fields[name] = value;
        index?.set(String(value).toLowerCase(), item.id);
      }
    }
    item.version++;
  }

  private doubleOf(id: string, changes: Readonly<Record<string, Value | null>>): string | undefined {
    return Object.entries(changes).find(([name, value]) => {
      const owner = value === null ? undefined : this.indexOf(name)?.get(String(value).toLowerCase());
      return owner !== undefined && owner !== id;
    })?.[0];
  }

  private indexOf(name: string): Map<string, string> | undefined {
    const column = this.columns.find((one) => one.name === name);
    if (!column?.enforceUniqueValues) return undefined;
    const index = this.unique.get(name) ?? new Map<string, string>();
    this.unique.set(name, index);
    return index;
  }
}
