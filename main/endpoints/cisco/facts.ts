/** Everything we read from a codec, in one flight of requests that do not wait for each other. */
import { OtjError } from '../../contract/errors.ts';
import type { Facts } from '../driver.ts';
import { readBookings } from './facts/bookings.ts';
import { readClock } from './facts/clock.ts';
import { readAllowedHosts } from './facts/hosts.ts';
import { readMacros } from './facts/macros.ts';
import { readOutside } from './facts/outside.ts';
import { exportPanels, readPanels, withLayouts } from './facts/panels.ts';
import { readPolicy } from './facts/policy.ts';
import type { Kept, Readings } from './facts/readings.ts';
import { optional, permitted } from './facts/reads.ts';
import { readRuntime } from './facts/runtime.ts';
import { readSettings } from './facts/settings.ts';
import { toldBy } from './facts/told.ts';
import { readUsers } from './facts/users.ts';
import { type Firmware, firmwareOf, mayHaveMacros, offers } from './firmware.ts';
import { identityOf } from './identity.ts';
import { judgeMacros, type Macro } from './otj/judge.ts';
import { textHash } from './otj/texts.ts';
import { textAt, type Xapi } from './xapi.ts';

export interface CiscoFacts extends Facts, Readings {}

/**
 * Throws UNSUPPORTED for software that is too old, as soon as it has told its version; NOT_ADMIN when the login may read
 * nothing; ODD_REPLY when the codec does not say who it is; and the transport's errors.
 */
export async function readFacts(xapi: Xapi): Promise<CiscoFacts> {
  const [{ unit, firmware }, mac, contact, ntp, clock, outside, bookings, kept, panels, policy, runtime, exported] =
    await Promise.all([
      readUnit(xapi),
      optional(xapi.get('Status', 'Network 1 Ethernet MacAddress')),
      optional(xapi.get('Status', 'UserInterface ContactInfo Name')),
      optional(xapi.get('Status', 'NetworkServices NTP')),
      readClock(xapi),
      readOutside(xapi),
      permitted(readBookings(xapi)),
      readAllButPanels(xapi),
      permitted(readPanels(xapi)),
      readPolicy(xapi),
      readRuntime(xapi),
      exportPanels(xapi),
    ]);
  const identity = identityOf({ unit, mac, contact });
  const macros = macrosOf(kept.macros, firmware, identity.model);
  const uptime = textAt(unit, 'Uptime');
  const calls = callsIn(unit);
  const readings: Readings = {
    ...kept,
    firmware,
    macros,
    judgements: judgeMacros(macros ?? []),
    panels: withLayouts(panels, exported),
    panelAnswer: panels?.answer ?? '{}',
    panelExport: exported.answer,
    bookings: bookings ?? { ids: [], lastUpdated: null, answer: '{}' },
    clock,
    ntp: { status: textAt(ntp, 'Status') || null, server: textAt(ntp, 'CurrentAddress') || null },
    outside,
    policy,
    runtime,
    uptime: uptime && Number.isFinite(Number(uptime)) ? Number(uptime) : null,
    starting: isStarting(unit),
    calls,
  };
  return {
    ...readings,
    identity,
    inCall: (calls ?? 0) > 0,
    texts: Object.fromEntries((macros ?? []).map(({ name, content }) => [name, textHash(content)])),
    told: toldBy(readings),
  };
}

/** What must not move, read anew. */
export async function readKept(xapi: Xapi, { firmware, identity }: CiscoFacts): Promise<Kept> {
  const [kept, panels, exported] = await Promise.all([
    readAllButPanels(xapi),
    permitted(readPanels(xapi)),
    exportPanels(xapi),
  ]);
  return {
    ...kept,
    macros: macrosOf(kept.macros, firmware, identity.model),
    panels: withLayouts(panels, exported),
  };
}

async function readAllButPanels(xapi: Xapi): Promise<Omit<Kept, 'panels'>> {
  const [macros, users, settings, allowedHosts] = await Promise.all([
    permitted(readMacros(xapi)),
    permitted(readUsers(xapi)),
    readSettings(xapi),
    permitted(readAllowedHosts(xapi)),
  ]);
  return { macros, users, settings, allowedHosts };
}

/** The first thing that is asked: software that is refused ends the reading before it can answer oddly. */
async function readUnit(xapi: Xapi): Promise<{ unit: unknown; firmware: Firmware }> {
  const unit = await permitted(xapi.get('Status', 'SystemUnit'));
  const software = textAt(unit, 'Software', 'Version') ?? '';
  const firmware = firmwareOf(software);
  if (firmware.refused) throw new OtjError('UNSUPPORTED', `${software}: ${firmware.refused}`);
  return { unit, firmware };
}

/** A codec that refuses to list macros because it has none is no codec whose macros may not be read. */
function macrosOf(macros: Macro[] | null, firmware: Firmware, model: string): Macro[] | null {
  return macros ?? (offers(firmware, 'Command Macros Macro Get') && mayHaveMacros(model) ? null : []);
}

/** Both are Initializing until then (public schemas from 11.14.4.0 on). */
function isStarting(unit: unknown): boolean {
  return [['System'], ['Subsystem', 'Application']].some((path) => textAt(unit, 'State', ...path) === 'Initializing');
}

/** Of any state, on hold as well; null when the codec tells of none of them. */
function callsIn(unit: unknown): number | null {
  const told = ['Active', 'InProgress', 'Suspended'].flatMap((state) => {
    const text = textAt(unit, 'State', `NumberOf${state}Calls`);
    return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : [];
  });
  return told.length === 0 ? null : told.reduce((sum, one) => sum + one, 0);
}
