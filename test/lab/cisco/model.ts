/** A codec without its transports: everything it remembers and everything that can be asked of it. */
import type { CodecSpec, Faults, LabMacro, World } from '../types.ts';
import { Bookings } from './bookings.ts';
import { Manager } from './manager.ts';
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
  readonly manager: Manager;
  readonly bookings = new Bookings();
  readonly macros: LabMacro[];
  /** Names of those that were saved without a translation for the older engines. */
  readonly untranspiled = new Set<string>();
  readonly panels: Panel[];
  /** `HttpClient Allow Hostname`, by id. */
  readonly allowedHosts = new Map<number, string>();
  /** Ends what still waits for others when the device is stopped. */
  readonly stopping = new AbortController();
  /** Texts that the owner shows before and after a login. */
  readonly banners = { signIn: '', welcome: '' };
  faults: Faults;
  startedAt = Date.now();
  /** Called when a listener may have to open or close. */
  onServicesChanged: () => void = () => {};
  /** Called when new connections must be met otherwise than the last ones. */
  onDoorsChanged: () => void = () => {};
  /** `soon` leaves time for a reply. */
  onBoot: (when: 'soon' | 'now') => void = () => {};
  /** Texts of `dropOnce` and `rebootOn` that have already done their work. */
  #dropped: string | undefined;
  #rebooted: string | undefined;
  #turnedAway = 0;

  constructor(spec: CodecSpec, world: World, execute: Execute) {
    this.spec = spec;
    this.world = world;
    this.faults = { ...spec.faults };
    this.version = parseVersion(spec.software);
    const ownSettings = { ...settingsOf(spec), ...spec.settings };
    const faultsNow = () => this.faults;
    this.settings = new Settings(this.version, ownSettings, (path) => this.#settingChanged(path));
    this.users = new Users(spec.users, this.settings, faultsNow);
    this.sessions = new Sessions(this.settings, faultsNow);
    this.macros = spec.macros.map((macro) => ({ ...macro }));
    this.panels = (spec.panels ?? []).map((panel) => ({ ...panel, content: '' }));
    for (const [index, host] of (spec.allowedHosts ?? []).entries()) this.allowedHosts.set(index, host);
    if (spec.ssh?.banner === 'custom') Object.assign(this.banners, CUSTOM_BANNERS);
    this.manager = new Manager(this);
    this.runtime = new MacroRuntime(this, (request) => execute(this, { username: 'macro', roles: ['Admin'] }, request));
  }

  macro(name: string): LabMacro | undefined {
    return this.macros.find((macro) => macro.name === name);
  }

  /** QuickJS came with RoomOS 11.14.2.3, and may be switched off. */
  get hasQuickJs(): boolean {
    return this.settings.get('Macros QuickJSEngine') === 'On';
  }

  /** Whether the engine takes the texts of macros as they are, and not their translations. */
  get runsSources(): boolean {
    return this.hasQuickJs && this.settings.get('Macros EvaluateTranspiled') === 'False';
  }

  get macrosOn(): boolean {
    return this.settings.get('Macros Mode') === 'On';
  }

  bootRuntime(): void {
    if (this.macrosOn && this.settings.get('Macros AutoStart') === 'On') this.runtime.start();
  }

  /** Macros came with CE 9.2. */
  get hasMacros(): boolean {
    return this.settings.find('Macros Mode') !== undefined;
  }

  /** What the codec believes that the time is. */
  now(): Date {
    return new Date(Date.now() + (this.faults.clockOffsetMs ?? 0));
  }

  setFaults(faults: Faults): void {
    this.faults = { ...faults };
    this.#dropped = undefined;
    this.#rebooted = undefined;
    this.#turnedAway = 0;
    this.onServicesChanged();
  }

  /** True for the first request that contains the text of the `dropOnce` fault. */
  takeDrop(request: string): boolean {
    const text = this.faults.dropOnce;
    if (!text || text === this.#dropped || !request.toLowerCase().includes(text.toLowerCase())) return false;
    this.#dropped = text;
    return true;
  }

  /** True for the first request that contains the text of the `rebootOn` fault. */
  takeReboot(request: string): boolean {
    const text = this.faults.rebootOn;
    if (!text || text === this.#rebooted || !request.toLowerCase().includes(text.toLowerCase())) return false;
    this.#rebooted = text;
    return true;
  }

  /** True for as many requests as the `busyRequests` fault says. */
  takeBusy(): boolean {
    if (this.#turnedAway >= (this.faults.busyRequests ?? 0)) return false;
    this.#turnedAway++;
    return true;
  }

  setBanner(which: 'signIn' | 'welcome', text: string): void {
    this.banners[which] = text;
    this.onDoorsChanged();
  }

  log(line: string): void {
    this.world.log(`${this.spec.systemName} (${this.spec.address}): ${line}`);
  }

  #settingChanged(path: string): void {
    if (path === 'NetworkServices HTTP Mode' || path === 'NetworkServices SSH Mode') this.onServicesChanged();
    if (path.startsWith('NetworkServices HTTPS ') || path.startsWith('NetworkServices SSH ')) this.onDoorsChanged();
    if (path === 'Macros Mode') {
      if (this.macrosOn) this.bootRuntime();
      else this.runtime.stop();
    }
  }
}

/** What an owner may have written: words that a client must not take for its own. */
const CUSTOM_BANNERS = {
  signIn: 'Property of the owner. Keep out unless you were asked in.\nOK',
  welcome: 'House rules:\nOK\n{\n  "rule": 1,\n*r Results are to be left as found\n** end',
};

/** The settings that follow from the other words of a description. */
function settingsOf({ ssh, tls, manager }: CodecSpec): Record<string, string> {
  return {
    ...(ssh?.banner === 'none' ? { 'NetworkServices WelcomeText': 'Off' } : {}),
    ...(ssh?.banner === 'last-login' ? { 'Security Session ShowLastLogon': 'On' } : {}),
    ...(tls?.clientCertificate ? { 'NetworkServices HTTPS VerifyClientCertificate': 'On' } : {}),
    ...(manager ? { 'Provisioning Mode': manager.mode } : {}),
    ...(manager?.address ? { 'Provisioning ExternalManager Address': manager.address } : {}),
  };
}
