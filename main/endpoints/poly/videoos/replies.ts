/**
 * Reads the replies of Poly VideoOS REST resources. Pure and total: any text gives a value or a reason, never a throw.
 * Shapes are those of public clients' recordings (Studio X30, VideoOS 3.10 and 3.12); more fields than known are fine, and
 * so is another form of the same value: a number as text, one row in place of a list of one. What must be there must be there.
 */
import { z } from 'zod';
import { tellsSessionLimit } from '../../transports/loginOutcome.ts';

export type Parsed<T> = { ok: true; value: T } | { ok: false; why: string };

const odd = (why: string): { ok: false; why: string } => ({ ok: false, why });
const good = <T>(value: T): Parsed<T> => ({ ok: true, value });

/** JSON text; a web page is told apart, since a captive portal or a proxy answers with one. Quotes nothing of the text. */
export function parseJson(marked: string): Parsed<unknown> {
  const text = marked.replace(/^\uFEFF/, '');
  if (/^\s*</.test(text)) return odd('a web page instead of JSON');
  try {
    return good(JSON.parse(text) as unknown);
  } catch {
    return odd(text.trim() === '' ? 'an empty reply instead of JSON' : 'broken JSON');
  }
}

function shaped<T>(text: string, schema: z.ZodType<T>, what: string): Parsed<T> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return good(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.');
  return odd(`${what}: unknown shape${where ? ` at ${where}` : ''}`);
}

/** Absent or of another kind than expected counts as not told. */
const maybeText = z.string().optional().catch(undefined);
const maybeSwitch = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])
  .optional()
  .catch(undefined);

const maybeNumber = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^-?\d{1,15}(\.\d{1,9})?$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);

/** The list in an answer: the answer itself, or the one list in an object around it; null = neither. */
function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const lists = Object.values(value).filter(Array.isArray);
  return lists.length === 1 ? (lists[0] ?? null) : null;
}

// --- session ---

const loginSchema = z.looseObject({
  success: maybeSwitch,
  session: z.looseObject({ sessionId: maybeText }).optional().catch(undefined),
  loginStatus: z
    .looseObject({ loginResult: maybeText, isPasswordAgeLimitReached: maybeSwitch })
    .optional()
    .catch(undefined),
});

export type LoginVerdict =
  | { kind: 'in'; sessionId: string; passwordExpired: boolean }
  /** The device says that a session is open already and gives no new one. */
  | { kind: 'active' }
  | { kind: 'locked' }
  /** All sessions that it allows are taken: no word on the password. */
  | { kind: 'full' }
  | { kind: 'refused' }
  /** No such resource: not this family. */
  | { kind: 'absent' }
  | { kind: 'odd'; why: string };

/** Cookie characters only (RFC 6265): anything else in a session id would break out of the header. */
const COOKIE_VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/** What the answer to a login means. In only with HTTP 200, `success: true` and a session id. */
export function judgeLogin(status: number, text: string): LoginVerdict {
  if ((status === 400 || status === 412) && text.includes('SessionAlreadyActive')) return { kind: 'active' };
  const login = shaped(text, loginSchema, 'login');
  const result = login.ok ? login.value.loginStatus?.loginResult : undefined;
  const locked = saysLocked(result ?? (status === 200 ? '' : text));
  const refused: LoginVerdict = { kind: locked ? 'locked' : tellsSessionLimit(saidIn(text)) ? 'full' : 'refused' };
  if (status === 401 || status === 403) return refused;
  if (status === 404) return { kind: 'absent' };
  if (status !== 200) return locked ? { kind: 'locked' } : { kind: 'odd', why: `HTTP ${status}` };
  if (!login.ok) return { kind: 'odd', why: login.why };
  if (login.value.success === undefined) return { kind: 'odd', why: 'login: tells neither success nor failure' };
  if (!login.value.success) return refused;
  const sessionId = login.value.session?.sessionId;
  if (!sessionId || !COOKIE_VALUE.test(sessionId)) return { kind: 'odd', why: 'login: success without a session id' };
  return { kind: 'in', sessionId, passwordExpired: login.value.loginStatus?.isPasswordAgeLimitReached ?? false };
}

/** What an answer says in words: of JSON its texts and not its names, which speak of sessions and limits all the time. */
function saidIn(text: string): string {
  const parsed = parseJson(text);
  if (!parsed.ok) return /^\s*[<{[]/.test(text) ? '' : text.slice(0, 500);
  const texts =
    typeof parsed.value === 'object' && parsed.value !== null ? Object.values(parsed.value) : [parsed.value];
  return texts.filter((one) => typeof one === 'string').join(' ');
}

/** `NOLOCKOUT` is the word for "not locked". */
function saysLocked(text: string): boolean {
  return /(?<!b|un)(lock(ed)?[\s_-]*out|locked)/i.test(text.replace(/NO[\s_-]*LOCK[\s_-]*OUT/gi, ''));
}

/** Value of a cookie in the `set-cookie` headers; undefined when it is not set or holds what a cookie cannot. */
export function cookieIn(header: string | string[] | undefined, name: string): string | undefined {
  let latest: string | undefined;
  for (const line of [header ?? []].flat()) {
    const pair = line.split(';', 1)[0] ?? '';
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1).trim();
    if (at > 0 && pair.slice(0, at).trim() === name && COOKIE_VALUE.test(value)) latest = value;
  }
  return latest;
}

// --- identity and state ---

const systemSchema = z.looseObject({
  serialNumber: z.union([z.string(), z.int().transform(String)]).pipe(z.string().trim().min(1)),
  state: z.string().trim().min(1),
  model: maybeText,
  softwareVersion: maybeText,
  systemName: maybeText,
  rebootNeeded: maybeSwitch,
  systemTime: maybeNumber,
  timeOffset: maybeNumber,
  uptime: maybeNumber,
});

export interface SystemInfo {
  serial: string;
  /** Upper case with underscores: `READY`, `ASLEEP`, `IN_CALL`. */
  state: string;
  model: string;
  software: string;
  systemName: string;
  rebootNeeded: boolean;
  /** Seconds since its start, where it tells. */
  uptime?: number;
  /**
   * Its clock, milliseconds since 1970, where it tells. Where it is not known whether that is UTC or its own zone, all
   * readings are given, the likeliest first; a clock is off only where all are.
   */
  clock?: readonly number[];
}

/** `GET /rest/system`. Serial and state are a must: without them nothing may be changed. */
export function parseSystem(text: string): Parsed<SystemInfo> {
  const parsed = shaped(text, systemSchema, 'system');
  if (!parsed.ok) return parsed;
  const {
    serialNumber,
    state,
    model,
    softwareVersion,
    systemName,
    rebootNeeded,
    systemTime,
    timeOffset = 0,
    uptime,
  } = parsed.value;
  return good({
    serial: serialNumber,
    state: state
      .toUpperCase()
      .replace(/[\s-]+/g, '_')
      .replace(/^INCALL$/, 'IN_CALL'),
    model: model ?? '',
    software: softwareVersion ?? '',
    systemName: systemName ?? '',
    rebootNeeded: rebootNeeded ?? false,
    ...(uptime === undefined || uptime < 0 ? {} : { uptime }),
    ...(systemTime === undefined ? {} : { clock: [systemTime, systemTime - timeOffset] }),
  });
}

/** A MAC address in upper case with colons, however it was spelt; null for anything else. */
export function macOf(text: string): string | null {
  const digits = text.replace(/[:.\-\s]/g, '').toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? (digits.match(/../g)?.join(':') ?? null) : null;
}

const deviceRow = z.looseObject({ deviceType: z.string(), macAddress: z.string() });

/** `POST /rest/devicemanagement/devices`: MAC of the codec itself, upper case with colons; null when not told. */
export function parseCodecMac(text: string): Parsed<string | null> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const rows: unknown[] = Array.isArray(json.value) ? json.value : Object.values(json.value ?? {}).flat();
  for (const row of rows) {
    const device = deviceRow.safeParse(row);
    if (!device.success || device.data.deviceType.toUpperCase() !== 'CODEC') continue;
    return good(macOf(device.data.macAddress));
  }
  return good(null);
}

/** Who else may have the calendar in place of the device's own software. */
const OTHERS = /\b(teams|zoom|meet|webex|ringcentral|gotomeeting|starleaf|8x8)/i;

/**
 * `GET /rest/current/system/mode`: the provider in whose mode it runs; null = its own. That there is such a resource is
 * known (public client for VideoOS 3.12), its shape is not: so only a text that names a provider counts.
 */
export function parseProvider(text: string): Parsed<string | null> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const said = typeof json.value === 'object' && json.value !== null ? Object.values(json.value) : [json.value];
  const named = said.find((value): value is string => typeof value === 'string' && OTHERS.test(value));
  return good(named?.slice(0, 40) ?? null);
}

const deviceModeSchema = z.looseObject({ result: maybeSwitch });

/** `GET /rest/system/mode/device`: whether device mode is on; null when the value is not a yes or no. */
export function parseDeviceMode(text: string): Parsed<boolean | null> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = deviceModeSchema.safeParse(json.value);
  return good((parsed.success ? parsed.data.result : undefined) ?? null);
}

const refusalSchema = z.looseObject({ success: z.literal(false) });

/**
 * `POST /rest/system/reboot`: whether it was taken. A Group answers in plain words (public script), and the shape of VideoOS
 * was not seen: so only a plain `success: false` is a no. Whether the device then restarts is seen, not believed.
 */
export function parseReboot(text: string): Parsed<boolean> {
  const json = parseJson(text);
  const said = json.ok ? refusalSchema.safeParse(json.value) : null;
  return good(!said?.success);
}

// --- settings ---

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable().optional().catch(undefined);
const varRow = z.looseObject({
  name: z.string(),
  value: scalar,
  result: maybeText,
  isEditable: maybeSwitch,
  isSecure: maybeSwitch,
});
const varsSchema = z.looseObject({
  // One row may stand for a list of one; an object without a name is none.
  vars: z.union([z.array(z.unknown()), z.looseObject({ name: z.string() }).transform((row): unknown[] => [row])]),
  rebootNeeded: maybeSwitch,
});

export interface ConfigVar {
  /** null = none told, or one that the device keeps to itself (`isSecure`). */
  value: string | null;
  /** `NOERROR` when good; empty when the device told none. */
  result: string;
  /** Undefined when not told. */
  editable: boolean | undefined;
}

/** Settings by name in lower case; names that the device left out are not there. */
export type ConfigVars = ReadonlyMap<string, ConfigVar>;

export const GOOD_RESULT = 'NOERROR';

/** `NoError` and `NO_ERROR` are the same word. */
function resultOf(word = ''): string {
  return /^no[\s_-]?error$/i.test(word.trim()) ? GOOD_RESULT : word;
}

/** Answer of `POST /rest/config`, to a read or to a write. */
export function parseConfig(text: string): Parsed<{ vars: ConfigVars; rebootNeeded: boolean }> {
  const parsed = shaped(text, varsSchema, 'config');
  if (!parsed.ok) return parsed;
  const vars = new Map<string, ConfigVar>();
  for (const row of parsed.value.vars) {
    const item = varRow.safeParse(row);
    if (!item.success) continue;
    const { name, value, result, isEditable, isSecure } = item.data;
    const told: ConfigVar = {
      value: isSecure ? null : (value ?? null),
      result: resultOf(result),
      editable: isEditable,
    };
    const before = vars.get(name.toLowerCase());
    // The same twice is the same; what contradicts itself is not understood.
    if (before && (before.value !== told.value || before.result !== told.result)) return odd('config: a name twice');
    vars.set(name.toLowerCase(), told);
  }
  return good({ vars, rebootNeeded: parsed.value.rebootNeeded ?? false });
}

// --- calendar ---

const words = z.union([z.string().transform((word) => [word]), z.array(z.string())]);
const statusRow = z.looseObject({ name: z.string(), stateList: words.nullish(), state: words.nullish() });

/** States of two rows in lower case; empty where there is no such row. */
export interface StatusRows {
  calendar: string[];
  provisioning: string[];
}

/**
 * `GET /rest/system/status`: the rows of the calendar and of the management server.
 * VideoOS names the list `stateList`, RealPresence Group `state`; both are read.
 */
export function parseStatusRows(text: string): Parsed<StatusRows> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const rows = listIn(json.value);
  if (!rows) return odd('status: unknown shape');
  const items = rows.flatMap((row) => statusRow.safeParse(row).data ?? []);
  const of = (name: string) => {
    const found = items.find((item) => item.name === `system.status.${name}`);
    return (found?.stateList ?? found?.state ?? []).map((word) => word.trim().toLowerCase());
  };
  return good({ calendar: of('calendar'), provisioning: of('provisioning') });
}

const calendarSchema = z.union([z.string(), z.looseObject({ status: maybeText })]);

/** `GET /rest/calendar`: the service's own word in lower case, in an object or alone; null when it tells none. */
export function parseCalendarService(text: string): Parsed<string | null> {
  if (/^\s*[a-z][a-z_ -]{0,40}\s*$/i.test(text) && text.trim() !== 'null') return good(text.trim().toLowerCase());
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = calendarSchema.safeParse(json.value);
  if (!parsed.success) return odd('calendar: unknown shape');
  const word = typeof parsed.data === 'string' ? parsed.data : parsed.data.status;
  return good(word?.trim().toLowerCase() || null);
}

/** `GET /rest/calendar/meetings?number=n`: how many meetings were listed. Their content is nobody's business. */
export function parseMeetings(text: string): Parsed<number> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const list = json.value === null ? [] : listIn(json.value);
  return list?.every((one) => typeof one === 'object' && one !== null)
    ? good(list.length)
    : odd('meetings: unknown shape');
}
