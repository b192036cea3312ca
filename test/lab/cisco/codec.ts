/** A simulated Cisco codec: the model behind an SSH and an HTTPS port on its own loopback address. */
import { createHash } from 'node:crypto';
import type { Server as WebServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Server as SshServer } from 'ssh2';
import { gathering } from '../../../main/endpoints/transports/ssh/socket.ts';
import { Door } from '../door.ts';
import type { LabDevice, StartCodec } from '../types.ts';
import { execute } from './execute.ts';
import { HttpApi } from './http-api.ts';
import { Codec } from './model.ts';
import { createSshServer } from './ssh.ts';
import { createWebServer } from './web.ts';

/** A boot: first nothing listens, then the web server answers 502, then all is as before. Far quicker than a real one. */
const BOOT = { replyMs: 100, wholeMs: 2500, downShare: 0.6 };

export const startCodec: StartCodec = async (spec, world) => {
  const device = new Device(new Codec(spec, world, execute));
  await device.start();
  return device;
};

class Device implements LabDevice {
  readonly #codec: Codec;
  readonly #sshDoor: Door;
  readonly #webDoor: Door;
  readonly #api: HttpApi;
  #ssh: SshServer | undefined;
  #web: Promise<WebServer> | undefined;
  #phase: 'up' | 'down' | 'starting' | 'stopped' = 'up';
  #bootTimer: NodeJS.Timeout | undefined;

  constructor(codec: Codec) {
    this.#codec = codec;
    this.#api = new HttpApi(codec);
    const { address, sshPort, httpsPort } = codec.spec;
    const hung = () => codec.faults.hung === true;
    const { line } = codec.world;
    this.#sshDoor = new Door(address, sshPort, hung, (socket) => this.#takeSsh(socket), line);
    this.#webDoor = new Door(address, httpsPort, hung, (socket) => this.#takeWeb(socket), line);
    codec.onServicesChanged = () => {
      this.#arrangeDoors().catch((error: unknown) => codec.log(`cannot listen: ${String(error)}`));
    };
    codec.onDoorsChanged = () => {
      this.#ssh = undefined;
      this.#web = undefined;
    };
    codec.onBoot = (when) => this.#boot(when === 'soon' ? BOOT.replyMs + codec.world.latencyMs : 0);
  }

  get spec() {
    return this.#codec.spec;
  }

  async start(): Promise<void> {
    await this.#arrangeDoors();
    if (!this.#codec.faults.off) this.#codec.bootRuntime();
  }

  setFaults(faults: Codec['faults']): void {
    this.#codec.setFaults(faults);
  }

  async stop(): Promise<void> {
    this.#phase = 'stopped';
    clearTimeout(this.#bootTimer);
    this.#codec.runtime.stop();
    this.#codec.manager.stop();
    this.#codec.stopping.abort();
    await this.#arrangeDoors();
  }

  snapshot(): Record<string, unknown> {
    const { spec, settings, users, macros, panels, bookings, allowedHosts, runtime, sessions } = this.#codec;
    return {
      serial: spec.serial,
      software: spec.software,
      settings: settings.all(),
      // Without what changes by mere looking, such as the last login.
      users: users.all().map((account) => ({
        username: account.username,
        passphraseHash: createHash('sha256').update(account.passphrase).digest('hex'),
        roles: [...account.roles],
        active: account.active,
        passphraseChangeRequired: account.passphraseChangeRequired,
        shellLogin: account.shellLogin,
        failedLogins: account.failedLogins,
        blocked: users.isBlocked(account),
      })),
      macros: macros.map((macro) => ({ ...macro })),
      panels: panels.map((panel) => ({ ...panel })),
      allowedHosts: [...allowedHosts.values()],
      bookings: bookings.all().map((booking) => structuredClone(booking)),
      bookingsUpdated: bookings.lastUpdated,
      runtime: { running: runtime.running, active: [...runtime.active], crashes: runtime.crashes },
      sessions: sessions.all().length,
    };
  }

  async #arrangeDoors(): Promise<void> {
    const { faults, settings } = this.#codec;
    const reachable = !faults.off && (this.#phase === 'up' || this.#phase === 'starting');
    const ssh = reachable && !this.#starting && settings.get('NetworkServices SSH Mode') === 'On';
    const web = reachable && settings.get('NetworkServices HTTP Mode') !== 'Off';
    await Promise.all([this.#sshDoor.setOpen(ssh), this.#webDoor.setOpen(web)]);
    if (!reachable || this.#starting) this.#sshDoor.destroySockets();
    if (!reachable) this.#webDoor.destroySockets();
  }

  get #starting(): boolean {
    return this.#phase === 'starting' || this.#codec.faults.starting === true;
  }

  #takeSsh(socket: Socket): void {
    this.#ssh ??= createSshServer(this.#codec, this.#sshDoor);
    this.#ssh.injectSocket(gathering(socket));
  }

  #takeWeb(socket: Socket): void {
    this.#web ??= createWebServer(this.#codec, this.#api, () => this.#starting);
    this.#web.then(
      (server) => server.emit('connection', socket),
      () => socket.destroy(),
    );
  }

  #boot(delayMs: number): void {
    const codec = this.#codec;
    const wholeMs = codec.faults.bootMs ?? BOOT.wholeMs;
    const enter = (phase: 'up' | 'down' | 'starting') => {
      this.#phase = phase;
      codec.onServicesChanged();
    };
    this.#later(delayMs, () => {
      codec.runtime.stop();
      codec.sessions.closeAll();
      enter('down');
      this.#later(wholeMs * BOOT.downShare, () => {
        enter('starting');
        this.#later(wholeMs * (1 - BOOT.downShare), () => {
          codec.startedAt = Date.now();
          enter('up');
          codec.bootRuntime();
        });
      });
    });
  }

  #later(delay: number, action: () => void): void {
    clearTimeout(this.#bootTimer);
    this.#bootTimer = setTimeout(action, delay);
  }
}
