/** A codec without its transports: everything it remembers and everything that can be asked of it. */
import type { CodecSpec, Faults, LabMacro, World } from '../types.ts';
import { Bookings } from './bookings.ts';
import type { Execute } from './request.ts';
import { MacroRuntime } from './runtime.ts';
import { Sessions } from './sessions.ts';
import { Settings } from './settings.ts';
import { Users } from './users.ts';
import { parseVersion, type Version } from './version.ts';

export interface Panel {
  panelId: string;
  name: string;
  content: string;
}

export class Codec {
  readonly spec: CodecSpec;
  readonly world: World;
  readonly version: Version;
  readonly settings: Settings;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly runtime: MacroRuntime;
  readonly bookings = new Bookings();
  readonly macros: LabMacro[];
  readonly panels: Panel[];
  /** `HttpClient Allow Hostname`, by id. */
  readonly allowedHosts = new Map<number, string>();
  /** Ends what still waits for others when the device is stopped. */
  readonly stopping = new AbortController();
  faults: Faults;
  startedAt = Date.now();
  /** Called when a listener may have to open or close. */
  onServicesChanged: () => void = () => {};
  onBoot: () => void = () => {};
  /** Text of `dropOnce` that has already done its work. */
  #dropped: string | undefined;

  constructor(spec: CodecSpec, world: World, execute: Execute) {
    this.spec = spec;
    this.world = world;
    this.faults = { ...spec.faults };
    this.version = parseVersion(spec.software);
    this.settings = new Settings(this.version, spec.settings ?? {}, (path) => this.#settingChanged(path));
    this.users = new Users(spec.users, this.settings);
    this.sessions = new Sessions(this.settings);
    this.macros = spec.macros.map((macro) => ({ ...macro }));
    this.panels = (spec.panels ?? []).map((panel) => ({ ...panel, content: '' }));
    this.runtime = new MacroRuntime(this, (request) => execute(this, { username: 'macro', roles: ['Admin'] }, request));
  }

  macro(name: string): LabMacro | undefined {
    return this.macros.find((macro) => macro.name === name);
  }

  get macrosOn(): boolean {
    return this.settings.get('Macros Mode') === 'On';
  }

  bootRuntime(): void {
    if (this.macrosOn && this.settings.get('Macros AutoStart') === 'On') this.runtime.start();
  }

  setFaults(faults: Faults): void {
    this.faults = { ...faults };
    this.#dropped = undefined;
    this.onServicesChanged();
  }

  /** True for the first request that contains the text of the `dropOnce` fault. */
  takeDrop(request: string): boolean {
    const text = this.faults.dropOnce;
    if (!text || text === this.#dropped || !request.toLowerCase().includes(text.toLowerCase())) return false;
    this.#dropped = text;
    return true;
  }

  log(line: string): void {
    this.world.log(`${this.spec.systemName} (${this.spec.address}): ${line}`);
  }

  #settingChanged(path: string): void {
    if (path === 'NetworkServices HTTP Mode' || path === 'NetworkServices SSH Mode') this.onServicesChanged();
    if (path === 'Macros Mode') {
      if (this.macrosOn) this.bootRuntime();
      else this.runtime.stop();
    }
  }
}
