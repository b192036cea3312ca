/** Everything we read from a codec, in one flight of commands that do not wait for each other. */
import { createHash } from 'node:crypto';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { Facts } from '../driver.ts';
import { type Judgement, judgeMacros, type Macro } from './otjMacro.ts';
import { asList, isRecord, isTrue, leaf, textAt, type Xapi } from './xapi.ts';

export interface CodecUser {
  username: string;
  roles: string[];
  active: boolean;
  blocked: boolean;
  passphraseChangeRequired: boolean;
}

export interface Panel {
  id: string;
  sha256: string;
}

export interface Bookings {
  ids: string[];
  /** As the codec tells it; null when it does not. */
  lastUpdated: string | null;
}

export interface CiscoFacts extends Facts {
  /** null when the login may not read them. */
  macros: Macro[] | null;
  judgements: Judgement[];
  users: CodecUser[] | null;
  /** Custom panels with a hash of all that the codec's list tells of each. */
  panels: Panel[];
  bookings: Bookings;
  /** Configuration values by path; null when the codec does not have the setting. */
  settings: Record<(typeof SETTINGS)[number], string | null>;
  /** The codec's own clock, ISO; null when it does not tell. */
  clock: string | null;
}

/** Read for the plan, for the backup, and to prove that nothing else moved. */
export const SETTINGS = [
  'Macros Mode',
  'Macros AutoStart',
  'NetworkServices HTTP Mode',
  'HttpClient Mode',
  'HttpClient AllowInsecureHTTPS',
] as const;

export async function readFacts(xapi: Xapi): Promise<CiscoFacts> {
  const [unit, mac, clock, contact, macros, users, panels, bookings, ...values] = await Promise.all([
    permitted(xapi.get('Status', 'SystemUnit')),
    optional(xapi.get('Status', 'Network 1 Ethernet MacAddress')),
    optional(xapi.get('Status', 'Time SystemTime')),
    optional(xapi.get('Status', 'UserInterface ContactInfo Name')),
    permitted(readMacros(xapi)),
    permitted(readUsers(xapi)),
    permitted(readPanels(xapi)),
    permitted(readBookings(xapi)),
    ...SETTINGS.map((path) => optional(xapi.get('Configuration', path))),
  ]);
  if (unit === null) throw new OtjError('NOT_ADMIN', 'Status SystemUnit refused');
  const serial = textAt(unit, 'Hardware', 'Module', 'SerialNumber');
  if (!serial) throw new OtjError('ODD_REPLY', 'the codec tells no serial number');
  return {
    identity: {
      serial,
      mac: leaf(mac)?.toUpperCase() || null,
      model: textAt(unit, 'ProductId') ?? '',
      software: textAt(unit, 'Software', 'Version') ?? '',
      systemName: leaf(contact) || textAt(unit, 'BroadcastName') || '',
    },
    told: [],
    inCall: Number(textAt(unit, 'State', 'NumberOfActiveCalls') ?? 0) > 0,
    macros,
    judgements: judgeMacros(macros ?? []),
    users,
    panels: panels ?? [],
    bookings: bookings ?? { ids: [], lastUpdated: null },
    settings: Object.fromEntries(
      SETTINGS.map((path, at) => [path, leaf(values[at]) ?? null]),
    ) as CiscoFacts['settings'],
    clock: leaf(clock) ?? null,
  };
}

/** All macros with their texts. Throws REFUSED when the login has no Admin role, ODD_REPLY when a text is missing. */
export async function readMacros(xapi: Xapi): Promise<Macro[]> {
  const result = await xapi.command('Macros Macro Get', { Content: true });
  return asList(result.Macro).map((macro) => {
    const name = textAt(macro, 'Name');
    const content = textAt(macro, 'Content');
    if (name === undefined || content === undefined)
      throw new OtjError('ODD_REPLY', `macro ${name ?? 'without name'}: no content`);
    return { name, content, active: isTrue((macro as Record<string, unknown>).Active) };
  });
}

export async function readUsers(xapi: Xapi): Promise<CodecUser[]> {
  const result = await xapi.command('UserManagement User List');
  return asList(result.User).map((user) => ({
    username: textAt(user, 'Username') ?? '',
    roles: asList((user as Record<string, unknown>).Roles).flatMap((entry) => rolesOf(entry)),
    active: isTrue((user as Record<string, unknown>).Active),
    blocked: isTrue((user as Record<string, unknown>).Blocked),
    passphraseChangeRequired: isTrue((user as Record<string, unknown>).PassphraseChangeRequired),
  }));
}

/** `Roles` is seen as a list of `{Role}`; a bare text or a list inside is read as well. */
function rolesOf(entry: unknown): string[] {
  const inner = leaf(entry) === undefined ? (entry as Record<string, unknown> | null)?.Role : entry;
  return asList(inner).flatMap((role) => leaf(role) ?? textAt(role, 'Role') ?? []);
}

async function readPanels(xapi: Xapi): Promise<Panel[]> {
  const result = await xapi.command('UserInterface Extensions List');
  const extensions = result.Extensions as Record<string, unknown> | undefined;
  return asList(extensions?.Panel).map((panel) => {
    // The number within the list moves when another panel comes or goes.
    const { id: _number, ...told } = isRecord(panel) ? panel : {};
    return {
      id: textAt(panel, 'PanelId') ?? '',
      sha256: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
    };
  });
}

export async function readBookings(xapi: Xapi): Promise<Bookings> {
  const result = await xapi.command('Bookings List');
  return {
    ids: asList(result.Booking).flatMap((booking) => textAt(booking, 'Id') ?? []),
    lastUpdated: leaf(result.LastUpdated) || null,
  };
}

/** A setting or status that this software does not have is no fault. */
async function optional(reading: Promise<unknown>): Promise<unknown> {
  return permitted(reading).then((value) => value ?? undefined);
}

/** null when the codec refuses the command, e.g. for want of a role; every other error is one. */
async function permitted<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.class === 'refused') return null;
    throw error;
  }
}
