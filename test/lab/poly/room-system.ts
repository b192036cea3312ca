/** What VideoOS and Group share: settings, sessions, a calendar, a provisioning server, a command line, REST. */
import type { Door } from '../door.ts';
import type { Faults, PolyBase, PolyCli, PolyPace, World } from '../types.ts';
import { answer } from './api.ts';
import { Appliance, type Asked } from './appliance.ts';
import { Calendar, type CalendarWish, wishOf } from './calendar.ts';
import { CliPorts } from './cli/ports.ts';
import { Provisioning } from './provisioning.ts';
import { json, type Reply } from './reply.ts';
import type { Device, Dialect } from './resources.ts';
import { Sessions } from './sessions.ts';
import type { Setting } from './setting.ts';
import { Settings } from './settings.ts';

type Spec = PolyBase & { sshPort?: number; telnetPort?: number; cli?: PolyCli; web?: boolean };

export class RoomSystem extends Appliance<Spec> implements Device {
  readonly dialect: Dialect;
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly calendar: Calendar;
  readonly #provisioning: Provisioning | undefined;
  readonly #cli: CliPorts;
  /** What the calendar works with. */
  #applied: CalendarWish;

  constructor(spec: Spec, world: World, options: { dialect: Dialect; settings: Setting[]; pace: Partial<PolyPace> }) {
    super(spec, world, options.pace);
    const faults = (): Faults => this.faults;
    this.dialect = options.dialect;
    const settings = options.settings.map((one) =>
      spec.calendarNeedsReboot && isCalendar(one.key) ? { ...one, needsReboot: true } : one,
    );
    this.settings = new Settings(settings, faults);
    this.#applied = wishOf(this.settings);
    this.sessions = new Sessions(this.settings, spec.admin, { minuteMs: this.pace.minuteMs, faults });
    this.calendar = new Calendar(() => this.#applied, world, {
      who: this.who,
      pollMs: spec.pollMs,
      timeoutMs: this.pace.pullTimeoutMs,
      registerMs: this.pace.registerMs,
      faults,
    });
    const log = (line: string): void => this.log(line);
    this.#provisioning = spec.provisioning && new Provisioning(this.settings, spec.provisioning, log);
    this.#cli = new CliPorts(this, spec);
    this.settings.onChange = (keys) => this.#changed(keys);
  }

  snapshot(): Record<string, unknown> {
    const { model, serial, mac, software } = this.given;
    const { status, row, meetings } = this.calendar;
    return {
      model,
      serial,
      mac,
      software,
      rebootNeeded: this.settings.rebootNeeded,
      restarts: this.restarts,
      settings: this.settings.snapshot(),
      calendar: { status, row, meetings: meetings.map((meeting) => meeting.id) },
      sessions: this.sessions.list().length,
    };
  }

  #changed(keys: readonly string[]): void {
    // What makes a device register anew.
    if (!this.given.calendarNeedsReboot) {
      this.#applied = wishOf(this.settings);
      if (keys.some(isCalendar)) this.calendar.restart();
    }
    this.#provisioning?.changed(keys);
    if (keys.some((key) => key === 'sec.ssh.enable' || key === 'sec.telnet.enable')) {
      this.arrangeDoors().catch((error: unknown) => this.log(`cannot listen: ${String(error)}`));
    }
  }

  protected answer(asked: Asked): Reply {
    const { busyRequests = 0 } = this.faults;
    if (busyRequests > 0 && this.isApi(asked.path)) {
      this.faults.busyRequests = busyRequests - 1;
      return json(503, { success: false, reason: 'Busy' });
    }
    return answer(this, asked);
  }

  protected isApi(path: string): boolean {
    return path.startsWith('/rest/');
  }

  protected override get hasWeb(): boolean {
    return this.given.web !== false;
  }

  protected override doors(): { door: Door; open: boolean }[] {
    return this.#cli.doors();
  }

  protected override faultsChanged(was: Faults): void {
    if (was.teamsMode !== this.faults.teamsMode && this.isUp) this.calendar.restart();
  }

  protected override cameUp(): void {
    this.#applied = wishOf(this.settings);
    this.calendar.start();
  }

  protected override wentDown(): void {
    this.calendar.stop();
    this.#provisioning?.stop();
    this.sessions.clear();
  }

  protected override rebooted(): void {
    this.settings.rebooted();
  }
}

const isCalendar = (key: string): boolean => key === 'cal.enabled' || key.startsWith('cal.ews.');
