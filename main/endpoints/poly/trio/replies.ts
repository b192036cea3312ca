/** Reads the replies of a Trio's REST API (UC Software). Pure and total: any text gives a value or a reason. */
import { z } from 'zod';
import { type ConfigVar, type ConfigVars, GOOD_RESULT, macOf, type Parsed, parseJson } from '../videoos/replies.ts';

/** `Status` codes; source: Posh-UCS, except where marked. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  '4000': 'invalid input (4000)', // assumed
  '4001': 'the device is busy (4001)', // assumed
  '4003': 'not allowed (4003)',
  '4004': 'not supported (4004)',
  '4005': 'no such line (4005)',
  '4006': 'URLs are not configured (4006)',
  '4007': 'no such call (4007)',
  '4008': 'the export failed (4008)',
  '4009': 'the input is too large (4009)',
  '4010': 'the default password is not permitted (4010)',
  '5000': 'failed (5000)',
};
export const GOOD_STATUS = '2000';
/** Assumed, as its words. */
export const INVALID = '4000';
export const BUSY = '4001';
export const NOT_ALLOWED = '4003';
export const NOT_SUPPORTED = '4004';
export const NO_CALL = '4007';
export const DEFAULT_PASSWORD = '4010';

/** A status in words; an unknown one as it is. */
export function statusWords(status: string): string {
  return STATUS_WORDS[status] ?? `Status ${status}`;
}

const text = z.union([z.string(), z.number()]).transform(String);
const envelope = z.looseObject({ Status: text, data: z.unknown().optional() });

/** What every answer has: `Status`, and `data` where there is any. */
export function parseEnvelope(reply: string): Parsed<{ status: string; data: unknown }> {
  const json = parseJson(reply);
  if (!json.ok) return json;
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success) return { ok: false, why: 'no Status in the reply' };
  return { ok: true, value: { status: parsed.data.Status.trim(), data: parsed.data.data ?? null } };
}

const maybeText = text.optional().catch(undefined);
const infoSchema = z.looseObject({
  ModelNumber: maybeText,
  MACAddress: z.string(),
  Firmware: z.looseObject({ Application: maybeText }).optional().catch(undefined),
  AppState: maybeText,
  ReadyToUse: maybeText.or(z.boolean().transform(String)).catch(undefined),
  FirmwareRelease: maybeText,
  UpTimeSinceLastReboot: maybeText,
  UpTime: z.looseObject({ Days: text, Hours: text, Minutes: text, Seconds: text }).optional().catch(undefined),
});

export interface TrioInfo {
  mac: string;
  model: string;
  software: string;
  /** Whether it says that it is not ready yet. */
  starting: boolean;
  /** Whether its application says that it is in a call [assumed]. */
  inCall: boolean;
  /** Seconds; null = not told. */
  uptime: number | null;
}

/** `data` of `/api/v2/mgmt/device/info`, or of `v1`, whose names differ. The MAC address is a must: it is all that tells one device from another. */
export function readInfo(data: unknown): Parsed<TrioInfo> {
  const parsed = infoSchema.safeParse(data);
  const mac = parsed.success ? macOf(parsed.data.MACAddress) : null;
  if (!parsed.success || mac === null) return { ok: false, why: 'device info: no MAC address' };
  const { ModelNumber, Firmware, FirmwareRelease, AppState, ReadyToUse, UpTime, UpTimeSinceLastReboot } = parsed.data;
  const software = Firmware?.Application ?? FirmwareRelease ?? '';
  return {
    ok: true,
    value: {
      mac,
      model: ModelNumber?.trim() ?? '',
      software: /\d+(?:\.\d+)+/.exec(software)?.[0] ?? software.trim(),
      starting: /^(false|no|0)$/i.test(ReadyToUse ?? ''),
      inCall: /call/i.test(AppState ?? ''),
      uptime: UpTime ? secondsOf(UpTime) : secondsIn(UpTimeSinceLastReboot ?? ''),
    },
  };
}

function secondsOf(time: { Days: string; Hours: string; Minutes: string; Seconds: string }): number | null {
  const [days, hours, minutes, seconds] = [time.Days, time.Hours, time.Minutes, time.Seconds].map(Number);
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Number.isFinite(total) && total >= 0 ? total : null;
}

/** `1 day 1:41:50`, as a Trio writes it elsewhere too; null for anything else. */
function secondsIn(words: string): number | null {
  const [, days = '0', ...time] = /^\s*(?:(\d+)\s*days?\b)?[\s,]*(\d+):(\d+):(\d+)\s*$/i.exec(words) ?? [];
  const [hours, minutes, seconds] = time.map(Number);
  if (hours === undefined || minutes === undefined || seconds === undefined) return null;
  return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
}

const callRow = z.looseObject({ CallState: maybeText });
const IDLE = /^(idle|disconnected|on ?hook|)$/i;

/** `data` of `/api/v1/webCallControl/callStatus`, one call or a list of them: whether one is going on. */
export function readCalls(data: unknown): boolean {
  return [data ?? []].flat().some((row) => !IDLE.test(callRow.safeParse(row).data?.CallState?.trim() ?? ''));
}

const valuesSchema = z.record(z.string(), z.unknown());
/** A secret may be told as null. */
const valueRow = z.looseObject({ Value: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable() });
/** Nothing of these is kept, whatever a device tells. */
const SECRET_NAME = /passw|secret|\bpin\b/i;

/** `data` of `config/get`: values by name in lower case. What the device does not know has no value in it. */
export function readValues(data: unknown): Parsed<ConfigVars> {
  const parsed = valuesSchema.safeParse(data);
  if (!parsed.success) return { ok: false, why: 'config: unknown shape' };
  const vars = new Map<string, ConfigVar>();
  for (const [name, row] of Object.entries(parsed.data)) {
    const value = valueRow.safeParse(row);
    if (!value.success) continue;
    const kept = SECRET_NAME.test(name) ? null : value.data.Value;
    vars.set(name.toLowerCase(), { value: kept, result: GOOD_RESULT, editable: undefined });
  }
  return { ok: true, value: vars };
}
