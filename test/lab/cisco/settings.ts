/** The settings of one codec: those that its version has, with its own values, and who may read and change them. */
import { type Role, SETTINGS } from './settings-table.ts';
import { type Element, element, leaf, plant } from './tree.ts';
import { atLeast, type Version } from './version.ts';

const BY_PATH = new Map(SETTINGS.map((setting) => [setting.path.toLowerCase(), setting]));

export class Settings {
  readonly #values = new Map<string, string>();
  readonly #changed: (path: string) => void;
  /** Made at the first reading after a change, for each set of roles: a device does not build its settings anew each time. */
  readonly #trees = new Map<string, Element>();

  /** Overrides may name settings that the table or the version lacks; these take any text. */
  constructor(version: Version, overrides: Record<string, string>, changed: (path: string) => void) {
    for (const { path, since, value } of SETTINGS) {
      if (since && !atLeast(version, ...since)) continue;
      this.#values.set(path, typeof value === 'string' ? value : value(version));
    }
    for (const [path, value] of Object.entries(overrides)) this.#values.set(this.find(path) ?? path, value);
    this.#changed = changed;
  }

  /** The path as the schema writes it. */
  find(path: string): string | undefined {
    const wanted = path.toLowerCase();
    return this.#values.keys().find((known) => known.toLowerCase() === wanted);
  }

  get(path: string): string {
    return this.#values.get(path) ?? '';
  }

  number(path: string): number {
    return Number(this.get(path));
  }

  /** False when the value is not legal for that setting. */
  set(path: string, value: string): boolean {
    const allowed = BY_PATH.get(path.toLowerCase())?.allowed;
    let legal: string | undefined = value;
    if (allowed && 'min' in allowed) {
      legal = /^\d+$/.test(value) && Number(value) >= allowed.min && Number(value) <= allowed.max ? value : undefined;
    } else if (allowed) {
      legal = allowed.find((known) => known.toLowerCase() === value.toLowerCase());
    }
    if (legal === undefined) return false;
    if (this.#values.get(path) !== legal) {
      this.#values.set(path, legal);
      this.#trees.clear();
      this.#changed(path);
    }
    return true;
  }

  may(action: 'read' | 'write', path: string, roles: readonly Role[]): boolean {
    if (roles.includes('Admin')) return true;
    return BY_PATH.get(path.toLowerCase())?.[action].some((role) => roles.includes(role)) ?? false;
  }

  all(): Record<string, string> {
    return Object.fromEntries([...this.#values].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Nobody may change what it returns. */
  tree(roles: readonly Role[]): Element {
    const key = roles.join();
    const made = this.#trees.get(key) ?? this.#plant(roles);
    this.#trees.set(key, made);
    return made;
  }

  #plant(roles: readonly Role[]): Element {
    const root = element('Configuration');
    for (const [path, value] of Object.entries(this.all())) {
      if (!this.may('read', path, roles)) continue;
      const words = path.split(' ');
      const name = words.pop() ?? '';
      plant(root, words, leaf(name, value, { valueSpaceRef: `/Valuespace/${words.concat(name).join('_')}` }));
    }
    return root;
  }
}
