import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Faults, LabDevice, PolySpec, StartPoly, World } from '../types.ts';
import { answer } from './api.ts';
import { Calendar } from './calendar.ts';
import { deviceCertificate } from './certificate.ts';
import { Front } from './front.ts';
import { BodyTooLarge, cutOf, html, json, readBody, send } from './reply.ts';
import type { Device } from './resources.ts';
import { Sessions } from './sessions.ts';
import { Settings } from './settings.ts';

export interface Timing {
  /** A minute of the device's own settings: lock-out and idle times. */
  minuteMs: number;
  /** From the reboot to the first answer; a public client waits 200 s on a real one. */
  outageMs: number;
  /** Whether a reboot brings a new TLS certificate. */
  newCertificate: boolean;
  /** Patience with the calendar server. */
  pullTimeoutMs: number;
}

const REAL: Timing = { minuteMs: 60_000, outageMs: 200_000, newCertificate: true, pullTimeoutMs: 10_000 };

/** The reply to the reboot itself still gets out. */
const GOING_DOWN_MS = 50;

const PAGE = '<!DOCTYPE html><html><head><title>Proxy</title></head><body>Please sign in.</body></html>';

/** A Poly VideoOS device with its REST API, at the pace of a real one. */
export const startPolyVideoOs: StartPoly = polyVideoOs();

/** The same at another pace, for tests. */
export function polyVideoOs(timing: Partial<Timing> = {}): StartPoly {
  return async (spec, world) => {
    const device = new VideoOs(spec, world, { ...REAL, ...timing });
    await device.start();
    return device;
  };
}

class VideoOs implements LabDevice, Device {
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly calendar: Calendar;
  readonly #given: PolySpec;
  readonly #world: World;
  readonly #timing: Timing;
  faults: Faults;
  bootedAt = Date.now();
  #front: Front | undefined;
  #rebooting: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(spec: PolySpec, world: World, timing: Timing) {
    this.#given = spec;
    this.#world = world;
    this.#timing = timing;
    this.faults = { ...spec.faults };
    this.settings = new Settings(spec);
    this.sessions = new Sessions(this.settings, spec.admin, timing.minuteMs);
    this.calendar = new Calendar(this.settings, world, {
      who: this.#who,
      pollMs: spec.pollMs,
      timeoutMs: timing.pullTimeoutMs,
    });
  }

  /** As given, with the real port where 0 was asked for. */
  get spec(): PolySpec {
    return { ...this.#given, httpsPort: this.#front?.port ?? this.#given.httpsPort };
  }

  get #who(): string {
    return `${this.#given.model} ${this.#given.address}`;
  }

  async start(): Promise<void> {
    const front = new Front({
      address: this.#given.address,
      port: this.#given.httpsPort,
      certificate: await this.#certificate(),
      onRequest: (request, response) => void this.#serve(request, response),
    });
    this.#front = front;
    front.hung = this.faults.hung === true;
    if (this.faults.off) return;
    await front.open();
    this.calendar.start();
  }

  snapshot(): Record<string, unknown> {
    const { model, serial, mac, software } = this.#given;
    const { status, row, meetings } = this.calendar;
    return {
      model,
      serial,
      mac,
      software,
      rebootNeeded: this.settings.rebootNeeded,
      settings: this.settings.snapshot(),
      calendar: { status, row, meetings: meetings.map((meeting) => meeting.id) },
    };
  }

  setFaults(faults: Faults): void {
    const wasOff = this.faults.off === true;
    this.faults = { ...faults };
    if (this.#front) this.#front.hung = faults.hung === true;
    const isOff = faults.off === true;
    if (isOff && !wasOff) this.#down();
    if (!isOff && wasOff && !this.#rebooting) this.#up();
  }

  reboot(): void {
    if (this.#rebooting || this.#stopped) return;
    this.#world.log(`${this.#who}: reboots`);
    this.#rebooting = setTimeout(() => {
      this.#down();
      this.#rebooting = setTimeout(() => void this.#booted(), this.#timing.outageMs).unref();
    }, GOING_DOWN_MS).unref();
  }

  async #booted(): Promise<void> {
    if (this.#timing.newCertificate) this.#front?.useCertificate(await this.#certificate());
    this.settings.rebooted();
    this.#rebooting = undefined;
    if (!this.faults.off) this.#up();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#rebooting);
    this.calendar.stop();
    await this.#front?.close();
  }

  /** Power, or at least the network, is gone; nothing in memory survives. */
  #down(): void {
    this.calendar.stop();
    this.sessions.clear();
    void this.#front?.close();
  }

  #up(): void {
    if (this.#stopped) return;
    this.bootedAt = Date.now();
    this.calendar.start();
    this.#front?.reopen(() => !this.#stopped && !this.faults.off && !this.#rebooting);
  }

  #certificate() {
    return deviceCertificate(this.#given.systemName, this.#given.address);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    try {
      const text = await readBody(request);
      if (this.faults.hung) return;
      const url = new URL(request.url ?? '/', 'https://device.invalid');
      const isApi = url.pathname.startsWith('/rest/');
      const reply =
        isApi && this.faults.htmlInsteadOfApi
          ? html(PAGE)
          : answer(this, {
              method: request.method ?? 'GET',
              path: url.pathname,
              query: url.searchParams,
              text,
              request,
            });
      const cut = isApi ? cutOf(this.faults, `${request.url}\n${text}`, reply) : undefined;
      if (this.#world.latencyMs > 0) await pause(this.#world.latencyMs);
      send(response, reply, cut);
    } catch (error) {
      if (error instanceof BodyTooLarge) send(response, json(413, { success: false, reason: 'TooLarge' }), undefined);
      else response.destroy();
    }
  }
}
