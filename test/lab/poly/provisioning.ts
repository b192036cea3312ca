import type { PolyBase } from '../types.ts';
import type { Settings } from './settings.ts';

const REAL_MS = 60_000;

/** A provisioning server that wants the settings as they were: puts them back some time after somebody changed one. */
export class Provisioning {
  readonly #settings: Settings;
  readonly #values: Record<string, string>;
  readonly #afterMs: number;
  readonly #log: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #putting = false;

  constructor(settings: Settings, wish: NonNullable<PolyBase['provisioning']>, log: (line: string) => void) {
    this.#settings = settings;
    this.#values = wish.values ?? settings.values((key) => key.startsWith('cal.'));
    this.#afterMs = wish.overwritesMs ?? REAL_MS;
    this.#log = log;
  }

  changed(keys: readonly string[]): void {
    const mine = keys.some((key) => Object.hasOwn(this.#values, key));
    if (!mine || this.#putting || this.#timer) return;
    this.#timer = setTimeout(() => this.#put(), this.#afterMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #put(): void {
    this.#timer = undefined;
    // Whoever takes the device out of management has peace; a Trio has no such switch.
    if (this.#settings.text('management.provisioning.enabled') === 'False') return;
    this.#log('the provisioning server puts its settings back');
    this.#putting = true;
    this.#settings.put(this.#values);
    this.#putting = false;
  }
}
