/**
 * What an access script reports, read. The file went through hands and other computers: it is bounded, and every text in it is a
 * stranger's. What Exchange answers is told in its own words; only what is known as good counts as good.
 */
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import {
  type AccessState,
  policiesFoundSchema,
  type ScriptKind,
  scriptKindSchema,
} from '../contract/microsoft/access.ts';
import { SETTLING_MINUTES } from './script.ts';

/** Bytes: ten thousand rooms with all their settings. */
export const LARGEST = 20 * 1024 * 1024;
const text = (most: number) => z.string().transform((words) => plain(words, most));

const settingSchema = z.object({ name: text(100), before: text(200), after: text(200), wish: text(200) });
const itemSchema = z.object({
  mailbox: text(254),
  primary: text(254),
  recipient: text(100),
  member: z.enum(['no', 'already', 'nested', 'added']),
  /** Of the test; empty = it was not made. */
  access: text(100),
  /** Null = they were not read. A single one may come without its list. */
  processing: z.preprocess(
    (value) => (Array.isArray(value) ? value : value ? [value] : null),
    z.array(settingSchema).nullable(),
  ),
  error: text(1_000),
});
export type ResultItem = z.infer<typeof itemSchema>;

const resultSchema = z.object({
  format: z.literal('otj-access-result'),
  version: z.union([z.literal(1), z.literal(2)]),
  script: z.uuid(),
  kind: scriptKindSchema,
  /** Id of the tenant that was signed in to; empty = the module did not tell. Earlier scripts did not ask. */
  tenant: text(100)
    .default('')
    .transform((id) => id.toLowerCase()),
  applied: z.boolean(),
  at: z.iso.datetime({ offset: true }),
  /** False: it was cut short, or has failed. Earlier scripts did not tell. */
  complete: z.boolean().default(true),
  restricted: z.boolean(),
  /** The app was kept to the group only just now. */
  fresh: z.boolean().default(false),
  strangers: z.array(text(254)).max(100_000).default([]),
  policies: policiesFoundSchema.nullable().default(null),
  failure: text(1_000),
  notes: z.array(text(500)).max(1_000),
  items: z.array(itemSchema),
});
export interface ScriptResult extends Omit<z.infer<typeof resultSchema>, 'kind'> {
  kind: ScriptKind;
}

/** Throws RESULT_UNREADABLE. */
export function readResult(bytes: Uint8Array): ScriptResult {
  if (bytes.length > LARGEST) throw new OtjError('RESULT_UNREADABLE', 'the file is too large');
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw new OtjError('RESULT_UNREADABLE', 'it is no JSON', { cause: thrown });
  }
  const parsed = resultSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OtjError('RESULT_UNREADABLE', `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unfit'}`);
}

/**
 * What a result comes to for one mailbox; null = the script ended before it had looked at it.
 * @param restricted whether the app is kept to the group
 */
export function stateOf(item: ResultItem, restricted: boolean): AccessState | null {
  if (item.error !== '') return 'failed';
  if (item.recipient === '') return null;
  if (item.recipient !== 'RoomMailbox') return 'not-room';
  if (item.access === '') return 'untested';
  if (item.access !== 'Granted') return 'pending';
  return restricted ? 'granted' : 'open';
}

/** Calendar settings that are not as wished; null = it is not known, for nobody has read them. */
export function unfitSettings(item: ResultItem): { name: string; now: string; wish: string }[] | null {
  if (item.processing === null || item.recipient !== 'RoomMailbox') return null;
  return item.processing.flatMap(({ name, after, wish }) => (after === wish ? [] : [{ name, now: after, wish }]));
}

/** Until when Microsoft 365 may go on as before the script; null = it has changed nothing for this mailbox. */
export function settlesAt(item: ResultItem, { kind, at, fresh, applied }: ScriptResult): string | null {
  if (kind === 'remove' || !applied || !(fresh || item.member === 'added')) return null;
  return new Date(Date.parse(at) + SETTLING_MINUTES[kind] * 60_000).toISOString();
}

function plain(words: string, most: number): string {
  return [...words.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')].slice(0, most).join('').trim();
}
