import type { Settings } from './settings.ts';

/** The web's lock: so many wrong logins in a time, then nobody is let in for a time. */
export class WebLock {
  readonly #settings: Settings;
  readonly #secondMs: number;
  #failures: number[] = [];
  #lockedUntil = 0;

  constructor(settings: Settings, minuteMs: number) {
    this.#settings = settings;
    this.#secondMs = minuteMs / 60;
  }

  get locked(): boolean {
    return Date.now() < this.#lockedUntil;
  }

  failed(): void {
    if (!this.#settings.on('httpd.cfg.lockWebUI.enable')) return;
    const now = Date.now();
    const number = (name: string): number => this.#settings.count(`httpd.cfg.lockWebUI.${name}`) ?? 0;
    const within = number('invalidAttemptsTimeout') * this.#secondMs;
    this.#failures = [...this.#failures.filter((at) => now - at < within), now];
    if (this.#failures.length < number('noOfInvalidAttempts')) return;
    this.#lockedUntil = now + number('lockOutDuration') * this.#secondMs;
    this.#failures = [];
  }

  succeeded(): void {
    this.#failures = [];
  }

  clear(): void {
    this.#failures = [];
    this.#lockedUntil = 0;
  }
}
