import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Door } from '../door.ts';
import type { DeviceSpec, Faults, LabDevice, PolyPace, World } from '../types.ts';
import { deviceCertificate } from './certificate.ts';
import { Front } from './front.ts';
import { REAL_PACE } from './pace.ts';
import { BodyTooLarge, cutOf, html, json, type Reply, readBody, send } from './reply.ts';

export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  text: string;
  request: IncomingMessage;
}

/** The reply to the reboot itself still gets out. */
const GOING_DOWN_MS = 50;

const PAGE = '<!DOCTYPE html><html><head><title>Proxy</title></head><body>Please sign in.</body></html>';

/** A box with a web interface: it is on or off, restarts, hangs, and hides its certificate behind its port. */
export abstract class Appliance<Spec extends DeviceSpec & { pace?: Partial<PolyPace> }> implements LabDevice {
  readonly given: Spec;
  readonly world: World;
  readonly pace: PolyPace;
  faults: Faults;
  bootedAt = Date.now();
  /** Since the lab began. */
  restarts = 0;
  #front: Front | undefined;
  #rebooting: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(spec: Spec, world: World, pace: Partial<PolyPace> = {}) {
    this.given = spec;
    this.world = world;
    this.pace = { ...REAL_PACE, ...pace, ...spec.pace };
    this.faults = { ...spec.faults };
  }

  /** What the web interface answers. */
  protected abstract answer(asked: Asked): Reply;
  /** Whether a path belongs to the API: faults of replies touch nothing else. */
  protected abstract isApi(path: string): boolean;
  abstract snapshot(): Record<string, unknown>;

  /** Power has come: start what runs by itself. */
  protected cameUp(): void {}
  /** Nothing in memory survives. */
  protected wentDown(): void {}
  protected faultsChanged(_was: Faults): void {}
  /** Called at the end of a restart, before `cameUp`. */
  protected rebooted(): void {}
  /** Ports beside the web's that belong open when the device is on. */
  protected doors(): { door: Door; open: boolean }[] {
    return [];
  }
  /** Whether the web's port is open at all. */
  protected get hasWeb(): boolean {
    return true;
  }

  /** As given, with the real port where 0 was asked for. */
  get spec(): Spec {
    return { ...this.given, httpsPort: this.#front?.port ?? this.given.httpsPort };
  }

  get who(): string {
    return `${this.given.model} ${this.given.address}`;
  }

  log(line: string): void {
    this.world.log(`${this.who}: ${line}`);
  }

  get isUp(): boolean {
    return !this.#stopped && !this.faults.off && !this.#rebooting;
  }

  async start(): Promise<void> {
    if (this.hasWeb) {
      this.#front = new Front({
        address: this.given.address,
        port: this.given.httpsPort,
        line: this.world.line,
        certificate: () => deviceCertificate(this.given.systemName, this.given.address),
        onRequest: (request, response) => void this.serve(request, response),
      });
      this.#front.hung = this.faults.hung === true;
    }
    if (this.faults.off) return;
    await this.#front?.open();
    await this.arrangeDoors();
    this.cameUp();
  }

  setFaults(faults: Faults): void {
    const was = this.faults;
    this.faults = { ...faults };
    if (this.#front) this.#front.hung = faults.hung === true;
    if (was.hung && !faults.hung) for (const { door } of this.doors()) door.destroySockets();
    const isOff = faults.off === true;
    if (isOff && !was.off) this.#down();
    if (!isOff && was.off && !this.#rebooting) this.#up();
    this.faultsChanged(was);
  }

  reboot(): void {
    if (this.#rebooting || this.#stopped) return;
    this.log('reboots');
    this.restarts++;
    this.#rebooting = setTimeout(() => {
      this.#down();
      this.#rebooting = setTimeout(() => this.#booted(), this.pace.outageMs).unref();
    }, GOING_DOWN_MS).unref();
  }

  #booted(): void {
    if (this.pace.newCertificate) this.#front?.forgetCertificate();
    this.rebooted();
    this.#rebooting = undefined;
    if (!this.faults.off) this.#up();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#rebooting);
    this.wentDown();
    await Promise.all([this.#front?.close(), this.arrangeDoors()]);
  }

  /** Opens and closes the further ports as things stand now. */
  protected async arrangeDoors(): Promise<void> {
    await Promise.all(this.doors().map(({ door, open }) => door.setOpen(open && this.isUp)));
    if (!this.isUp) for (const { door } of this.doors()) door.destroySockets();
  }

  #down(): void {
    this.wentDown();
    void this.#front?.close();
    for (const { door } of this.doors()) {
      void door.setOpen(false);
      door.destroySockets();
    }
  }

  #up(): void {
    if (this.#stopped) return;
    this.bootedAt = Date.now();
    this.cameUp();
    this.#front?.reopen(() => this.isUp);
    this.arrangeDoors().catch((error: unknown) => this.log(`cannot listen: ${String(error)}`));
  }

  /** One request of the web, over TLS or not. */
  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    if (this.faults.clockOffsetMs !== undefined) {
      response.setHeader('Date', new Date(Date.now() + this.faults.clockOffsetMs).toUTCString());
    }
    try {
      const text = await readBody(request);
      if (this.faults.hung) return;
      const url = new URL(request.url ?? '/', 'https://device.invalid');
      const isApi = this.isApi(url.pathname);
      const asked: Asked = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        text,
        request,
      };
      const seen = `${request.url}\n${text}`;
      const reply = isApi && this.faults.htmlInsteadOfApi ? html(PAGE) : this.answer(asked);
      const cut = isApi ? cutOf(this.faults, seen, reply) : undefined;
      const wait = this.world.latencyMs + (this.faults.slowMs ?? 0);
      if (isApi && this.restartsAt(seen)) {
        response.destroy();
        this.reboot();
        return;
      }
      if (wait > 0) await pause(wait);
      send(response, reply, cut);
    } catch (error) {
      if (error instanceof BodyTooLarge) send(response, json(413, { success: false, reason: 'TooLarge' }), undefined);
      else response.destroy();
    }
  }

  /** Uses the fault up: at the first request that contains its text, after its effect and before its reply. */
  restartsAt(seen: string): boolean {
    const { rebootOn } = this.faults;
    if (rebootOn === undefined || !seen.includes(rebootOn)) return false;
    delete this.faults.rebootOn;
    return true;
  }
}
