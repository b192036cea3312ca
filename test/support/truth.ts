/** What is true of a room, by the simulated devices and Infinity themselves, beside what the product says of it. */
import { isDeepStrictEqual } from 'node:util';
import type { RoomStatus } from '../../main/services/status.ts';

/** A device's snapshot. */
type Device = Record<string, unknown>;

interface TruthOf {
  room: RoomStatus;
  was: Device;
  is: Device;
  /** Entries that Infinity has for the room's mailbox. */
  entries: number;
  /** Names of the Conferencing Nodes. */
  nodes: readonly string[];
  /** A codec that Infinity reaches through Webex, without an account of its own on it. */
  isCloud: boolean;
}

/** `service`: as before the work. `infinity`: moved as a whole. `between`: something is changed, and not all. */
type Place = 'service' | 'infinity' | 'between';

const OTJ_MACROS = new Set(['otj-macro', 'otj-macro-settings', 'calendar-sync', 'calendar-settings']);
const ACCOUNT = 'otj-push';
/** The server, by the lab's keys, and whether the calendar is on. */
const SERVER = ['cal.ews.server', 'exchange.server.url'];
const ON = ['cal.enabled', 'feature.exchangeCalendar.enabled'];
const MAILBOX = ['cal.ews.mailbox', 'exchange.auth.email'];

type Settings = Record<string, string>;
type Macro = { name: string };
type User = { username: string; failedLogins: number; blocked: boolean };

/** In which way the product's word of the room is wrong; null when it is true. */
export function untruth({ room, was, is, entries, nodes, isCloud }: TruthOf): string | null {
  const place = placeOf(was, is, nodes, isCloud);
  const served = isServed(is);
  const problem = room.problem;
  const touched = (problem?.effects ?? []).filter(
    ({ step, outcome }) => step !== 'entry' && (outcome === 'done' || outcome === 'unknown'),
  );
  if (entries > 1) return `${entries} entries on Infinity`;
  switch (room.state) {
    case 'migrated':
      // A management server was said to be nobody's business, and has put the old calendar back: that is told as open.
      if (room.manual.includes('manager')) return null;
      if (entries !== 1) return 'migrated without an entry on Infinity';
      if (place !== 'infinity') return `migrated, and its device is ${place}`;
      return served ? null : 'migrated, and its device shows no meetings from Infinity';
    case 'awaiting sync':
      if (room.owed.length === 0) return 'awaits a sync that owes nothing';
      return place === 'infinity' ? null : `awaiting sync, and its device is ${place}`;
    case 'needs attention':
      if (!problem) return 'needs attention for no reason';
      if (place === 'service')
        return touched.some(({ outcome }) => outcome === 'done')
          ? 'tells a change that the device does not have'
          : null;
      return touched.length > 0 ? null : `tells no change, and its device is ${place}`;
    case 'not started':
    case 'ready':
    case 'undone':
      return place === 'service' ? null : `${room.state}, and its device is ${place}`;
    case 'in progress':
      return 'left half way without a word';
  }
}

function placeOf(was: Device, is: Device, nodes: readonly string[], isCloud: boolean): Place {
  if (isDeepStrictEqual(still(was), still(is))) return 'service';
  if (is.macros !== undefined) return codecMoved(was, is, isCloud) ? 'infinity' : 'between';
  const settings = (is.settings ?? {}) as Settings;
  const value = (keys: readonly string[]) => keys.map((key) => settings[key]).find((one) => one !== undefined) ?? '';
  const server = value(SERVER);
  const atNode = nodes.some((node) => server === node || URL.parse(server)?.hostname === node);
  const before = (was.settings ?? {}) as Settings;
  const mailbox = value(MAILBOX);
  const sameMailbox = MAILBOX.some((key) => before[key] !== undefined && before[key] === mailbox);
  return atNode && value(ON) === 'True' && sameMailbox ? 'infinity' : 'between';
}

/** The account is there, nothing of the Service is stored or running, and all else is as it was. */
function codecMoved(was: Device, is: Device, isCloud: boolean): boolean {
  const { active } = is.runtime as { active: string[] };
  const macros = is.macros as Macro[];
  return (
    !macros.some(({ name }) => OTJ_MACROS.has(name)) &&
    !active.some((name) => OTJ_MACROS.has(name)) &&
    (isCloud || (is.users as User[]).some(({ username }) => username === ACCOUNT)) &&
    isDeepStrictEqual(others(was), others(is))
  );
}

function others({ macros, panels, settings, allowedHosts, users }: Device): unknown {
  return {
    macros: (macros as Macro[]).filter(({ name }) => !OTJ_MACROS.has(name)),
    panels,
    settings,
    allowedHosts,
    users: quiet(users as User[]).filter(({ username }) => username !== ACCOUNT),
  };
}

/** A device without what moves by itself: meetings, sessions, failed logins, what runs at the moment. */
function still(device: Device): unknown {
  const { bookings: _b, bookingsUpdated: _u, calendar: _c, sessions: _s, runtime: _r, misdeeds: _m, ...rest } = device;
  return 'users' in rest ? { ...rest, users: quiet(rest.users as User[]) } : rest;
}

function quiet(users: readonly User[]): User[] {
  return users.map((user) => ({ ...user, failedLogins: 0, blocked: false }));
}

/** Whether it shows meetings, and all of them are Infinity's. */
function isServed(device: Device): boolean {
  const calendar = device.calendar as { status: string; meetings: string[] } | undefined;
  const ids = calendar ? calendar.meetings : ((device.bookings ?? []) as { id: string }[]).map(({ id }) => id);
  return (calendar?.status ?? 'registered') === 'registered' && ids.length > 0 && ids.every(isInfinitys);
}

const isInfinitys = (id: string) => id.startsWith('inf-');
