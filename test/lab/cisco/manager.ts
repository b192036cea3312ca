/**
 * Somebody who administers the codec from outside (TMS, CUCM, Control Hub): after a while, what was taken away is back.
 * How long a real one takes, and what it looks at, depends on its own settings.
 */
import type { LabMacro, LabUser } from '../types.ts';
import type { Codec } from './model.ts';

export class Manager {
  readonly #codec: Codec;
  readonly #macros: readonly LabMacro[];
  readonly #users: readonly LabUser[];
  readonly #delayMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(codec: Codec) {
    const { macros, users, manager } = codec.spec;
    this.#codec = codec;
    this.#macros = structuredClone(macros);
    this.#users = structuredClone(users);
    this.#delayMs = manager?.pushesBackMs;
  }

  /** To be told after every command. */
  look(): void {
    if (this.#delayMs === undefined || this.#timer || !this.#missesSomething()) return;
    this.#timer = setTimeout(() => this.#putBack(), this.#delayMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #missesSomething(): boolean {
    return this.#missingMacros().length > 0 || this.#missingUsers().length > 0;
  }

  #missingMacros(): LabMacro[] {
    return this.#macros.filter(({ name }) => !this.#codec.macro(name));
  }

  #missingUsers(): LabUser[] {
    return this.#users.filter(({ username }) => !this.#codec.users.get(username));
  }

  #putBack(): void {
    this.stop();
    const macros = this.#missingMacros();
    this.#codec.macros.push(...structuredClone(macros));
    for (const { username, passphrase, roles } of this.#missingUsers()) {
      this.#codec.users.add(username, passphrase, roles);
    }
    if (macros.length > 0 && this.#codec.runtime.running) this.#codec.runtime.restart();
  }
}
