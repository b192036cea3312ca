/** Reads everything a plan needs from one Poly device, and nothing that changes it. */
import type { Told } from '../../../contract/device.ts';
import type { Facts } from '../../driver.ts';
import {
  familyOfModel,
  isAmong,
  type Member,
  type NameSet,
  type PolyMapping,
  readSwitch,
  sameValue,
  type WayKind,
} from '../mapping.ts';
import type { PolyWay } from '../way.ts';
import type { SettingValues } from './calendar.ts';
import { certificatesIn } from './pem.ts';
import { type ConfigVars, GOOD_RESULT, macOf, type SystemInfo } from './replies.ts';
import type { CalendarStatus } from './status.ts';

export interface PolyFacts extends Facts {
  /** How it was spoken to. */
  way: WayKind;
  /** The device's own word: `READY`, `ASLEEP`, `IN_CALL`. */
  state: string;
  rebootNeeded: boolean;
  /** Whether the device plays camera and loudspeaker for a computer; null when not told. */
  deviceMode: boolean | null;
  /** The provider, such as Teams, in whose mode it runs; null = its own, or not told. */
  provider: string | null;
  trust: TrustFacts;
  /** Whether a management server provisions it; `managed` is null when the device tells nothing about it. */
  provisioning: { managed: boolean | null; server: string | null };
  calendar: CalendarFacts;
  /** The provisioning export as the device wrote it, passwords left out by the device; null when it has none. */
  exportXml: string | null;
  /** What a change depends on and could not be read although the device may offer it, in words. */
  unread: readonly string[];
}

/** How the device looks at the certificate of the calendar server. */
export interface TrustFacts {
  /** null when it does not tell. */
  validates: boolean | null;
  /** PEM of all authorities that are installed on it and can be read; null = none. */
  authority: string | null;
  /** Whether one may be installed that nobody can read from here. */
  unreadable: boolean;
}

export interface CalendarFacts {
  /** Id of the name set that the device offers completely; null when there is none. */
  set: string | null;
  /** Setting names of that set that the device has. */
  offered: string[];
  /** Current values; the password is always null. */
  values: SettingValues;
  /** Why each candidate set was not taken, for people; empty when the first one fits. */
  missing: string[];
  /** Words on a server that differs between settings and export; null when they agree or one cannot be read. */
  conflict: string | null;
  status: CalendarStatus;
}

/**
 * All facts, one question after the other. Over REST in six requests, or seven where the calendar's own word proves
 * nothing; each answer there renews the XSRF token of the next.
 * @throws OtjError as of the session; ODD_REPLY for a reply of unknown shape
 */
export async function readPolyFacts(session: PolyWay, mapping: PolyMapping): Promise<PolyFacts> {
  const system = await session.readSystem();
  const { mac, deviceMode, provider = null, providerUnread } = await session.readAbout();
  const { macName } = session;
  const vars = await session.readNames([...probeNames(mapping), ...(macName ? [macName] : [])]);
  const told = await session.readExport();
  const exported = typeof told === 'string' ? null : told;
  const { manager, ...status } = await session.readStatus();

  const settings = exported?.settings ?? new Map<string, string>();
  let provisioning = judgeProvisioning(mapping, vars, settings, manager);
  // Asked for only where nothing else tells.
  if (provisioning.managed === null && !manager && session.readManager)
    provisioning = judgeProvisioning(mapping, vars, settings, await session.readManager());
  const trust = judgeTrust(mapping, vars, settings);
  const family = familyOfModel(system.model);
  return {
    ...(family && family !== mapping.family ? { family } : {}),
    way: session.link.transport === 'https' ? 'rest' : 'cli',
    identity: {
      serial: system.serial,
      mac: mac ?? (macName ? macOf(vars.get(macName)?.value ?? '') : null),
      model: system.model,
      software: system.software,
      systemName: system.systemName,
    },
    told: toldBy({ system, provisioning, provider, trust }),
    inCall: system.state === 'IN_CALL',
    state: system.state,
    rebootNeeded: system.rebootNeeded,
    deviceMode,
    provider,
    trust,
    provisioning,
    calendar: { ...chooseSet(mapping, vars, settings, system), status },
    exportXml: exported?.xml ?? null,
    unread: [providerUnread, typeof told === 'string' ? told : undefined].filter((words) => words !== undefined),
  };
}

/** Every name of every candidate set and of provisioning: one read-only question. */
export function probeNames(mapping: PolyMapping): string[] {
  const { provisioning, trust, sets } = mapping;
  const trustNames = trust ? [trust.validate, ...(trust.ignore ? [trust.ignore] : []), ...trust.authorities] : [];
  return [
    ...sets.flatMap((set) => set.members.map((member) => member.name)),
    provisioning.enabled,
    provisioning.server,
    ...trustNames,
  ];
}

/**
 * Takes the first set whose every member the device knows without error and lets us edit. Pure.
 * The server it tells must be the one of the export, else the names mean something else than thought.
 */
export function chooseSet(
  mapping: PolyMapping,
  vars: ConfigVars,
  exported: ReadonlyMap<string, string>,
  device: { model: string; software: string } = { model: '', software: '' },
): Omit<CalendarFacts, 'status'> {
  const missing: string[] = [];
  for (const set of mapping.sets) {
    if (!isAmong(set.on, device)) {
      missing.push(`${set.id}: not for ${device.model} ${device.software}`);
      continue;
    }
    const lacks = set.members.filter((member) => !member.optional && !isUsable(vars, member));
    if (lacks.length > 0) {
      missing.push(`${set.id}: ${lacks.map(({ name }) => `${name} ${reason(vars, name)}`).join(', ')}`);
      continue;
    }
    const offered = set.members.filter((member) => isUsable(vars, member)).map(({ name }) => name);
    const values: Record<string, string | null> = {};
    for (const { name, type } of set.members)
      if (offered.includes(name))
        values[name] = type === 'secret' ? null : (vars.get(name.toLowerCase())?.value ?? null);
    return { set: set.id, offered, values, missing, conflict: conflictWith(mapping, set, values, exported) };
  }
  return { set: null, offered: [], values: {}, missing, conflict: null };
}

function isUsable(vars: ConfigVars, { name, unread }: Member): boolean {
  const found = vars.get(name.toLowerCase());
  if (!found) return unread === true;
  return found.result === GOOD_RESULT && found.editable !== false;
}

function reason(vars: ConfigVars, name: string): string {
  const found = vars.get(name.toLowerCase());
  if (!found) return 'not in the reply';
  return found.result === GOOD_RESULT ? 'not editable' : found.result || 'no result';
}

function conflictWith(
  mapping: PolyMapping,
  set: NameSet,
  values: SettingValues,
  exported: ReadonlyMap<string, string>,
): string | null {
  if (!mapping.exportServer) return null;
  const inExport = exported.get(mapping.exportServer.name);
  const server = set.members.find((member) => member.role === 'server');
  if (inExport === undefined || !server) return null;
  const inSettings = values[server.name] ?? null;
  return sameValue('host', inSettings, inExport)
    ? null
    : `${server.name} is "${inSettings ?? ''}" but ${mapping.exportServer.name} in the export is "${inExport}"`;
}

/** What a person wants to know of the device beside its identity. */
function toldBy({
  system,
  provisioning,
  provider,
  trust,
}: Pick<PolyFacts, 'provisioning' | 'provider' | 'trust'> & { system: SystemInfo }): Told[] {
  const [time] = system.clock ?? [];
  const manager = provisioning.managed ? (provisioning.server ?? 'on') : null;
  const all: (Told | null)[] = [
    time === undefined ? null : { key: 'clock', value: isoTime(time), warn: clockIsOff(system, Date.now()) },
    system.uptime === undefined ? null : { key: 'uptime', value: `${Math.round(system.uptime)}s`, warn: false },
    manager === null ? null : { key: 'manager', value: manager.slice(0, 300), warn: true },
    provider === null ? null : { key: 'provider', value: provider, warn: true },
    trust.validates === null
      ? null
      : {
          key: 'peer-check',
          value: trust.validates ? (trust.authority ? 'on, own authority' : 'on') : 'off',
          warn: false,
        },
  ];
  return all.filter((one) => one !== null);
}

function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** A clock that is further off hides the Join button of meetings, milliseconds. */
const MOST_OFF_MS = 5 * 60_000;

/** Off by every reading of what the device tells; false when it tells nothing. @param now milliseconds since 1970 */
export function clockIsOff({ clock = [] }: Pick<SystemInfo, 'clock'>, now: number): boolean {
  return clock.length > 0 && clock.every((time) => Math.abs(time - now) > MOST_OFF_MS);
}

/** By settings, else by the export. Pure. */
function judgeTrust({ trust }: PolyMapping, vars: ConfigVars, exported: ReadonlyMap<string, string>): TrustFacts {
  if (!trust) return { validates: null, authority: null, unreadable: false };
  const told = (name: string): string | null => {
    const found = vars.get(name.toLowerCase());
    return (found?.result === GOOD_RESULT ? found.value : null) ?? exported.get(name) ?? null;
  };
  const slots = trust.authorities.map(told);
  const installed = slots.filter((slot) => slot?.trim());
  const read = installed.map((slot) => certificatesIn(slot ?? ''));
  const certificates = read.flatMap((found) => found ?? []);
  const ignores = trust.ignore !== undefined && readSwitch(told(trust.ignore)) === true;
  return {
    validates: ignores ? false : (readSwitch(told(trust.validate)) ?? null),
    authority: certificates.length > 0 ? certificates.join('\n') : null,
    // Present and not a certificate, or no word on any slot.
    unreadable: read.includes(null) || slots.every((slot) => slot === null),
  };
}

/**
 * Managed as soon as one source says so, or names a server without saying that it is off. Pure.
 * @param row words of the device's list of states
 */
export function judgeProvisioning(
  mapping: PolyMapping,
  vars: ConfigVars,
  exported: ReadonlyMap<string, string>,
  row: readonly string[] = [],
): PolyFacts['provisioning'] {
  const told = (name: string): (string | null | undefined)[] => {
    const found = vars.get(name.toLowerCase());
    return [found?.result === GOOD_RESULT ? found.value : undefined, exported.get(name)];
  };
  const { enabled, states = {} } = mapping.provisioning;
  const switches = [
    ...told(enabled).map(readSwitch),
    ...row.map((word) => (Object.hasOwn(states, word) ? states[word] : undefined)),
  ];
  const server = told(mapping.provisioning.server).find((value) => value?.trim()) ?? null;
  const managed = switches.includes(true) || (server !== null && !switches.includes(false));
  return { managed: managed ? true : switches.includes(false) ? false : null, server };
}
