/** A room's result as values of the list's columns. Pure. Words of devices and people stay text: no markup, no formula. */
import { hash } from 'node:crypto';
import type { Problem } from '../../contract/errors.ts';
import {
  type ColumnMapping,
  type ResultColumn,
  type ResultFields,
  type ResultValue,
  resultColumnSchema,
} from '../../contract/microsoft/results.ts';
import type { RoomState } from '../../contract/plan.ts';
import { definitionOf, LIMITS } from './columns.ts';

/** What is told of a room, gathered by the service. Times are ISO. */
export interface RoomResult {
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  state: RoomState;
  stateAt: string;
  problem: Problem | null;
  model: string | null;
  software: string | null;
  serial: string | null;
  technician: string | null;
  workedAt: string | null;
  cutoverAt: string | null;
  servedAt: string | null;
  withoutOtjMs: number | null;
  /** What only a person can still do, in words. */
  remaining: readonly string[];
}

/** The same for everybody who works on the room, whatever site file it is in. Fit for a filter as it is. */
export function roomKey(mailbox: string): string {
  return `otj-${hash('sha256', mailbox.normalize('NFKC').trim().toLowerCase(), 'hex').slice(0, 32)}`;
}

/** All columns but those of the lease. */
export function renderResult(result: RoomResult): ResultFields {
  const { problem, withoutOtjMs } = result;
  return {
    jobKey: roomKey(result.mailbox),
    room: line(result.name) || '(no name)',
    building: line(result.building),
    floor: line(result.floor),
    mailbox: line(result.mailbox),
    state: result.state,
    stateSince: moment(result.stateAt),
    problem: problem && lines([`${problem.code}: ${problem.happened}`, problem.words ?? '', problem.todo]),
    device: line(result.model),
    software: line(result.software),
    serial: line(result.serial),
    technician: line(result.technician),
    workedOn: moment(result.workedAt),
    oldEnded: moment(result.cutoverAt),
    firstMeeting: moment(result.servedAt),
    withoutOtj: withoutOtjMs === null ? null : Math.round(withoutOtjMs / 100) / 10,
    remaining: lines(result.remaining),
  };
}

/** Names of the list in place of ours; columns that it does not have are left out. */
export function toList(fields: ResultFields, mapping: ColumnMapping): Record<string, ResultValue> {
  const named: Record<string, ResultValue> = {};
  for (const key of resultColumnSchema.options) {
    const name = mapping[key];
    const value = fields[key];
    if (name !== undefined && value !== undefined) named[name] = value;
  }
  return named;
}

/** The values of our columns in an item; a reply is somebody else's words, so what is of another type is not there. */
export function fromList(item: Readonly<Record<string, unknown>>, mapping: ColumnMapping): ResultFields {
  const fields: ResultFields = {};
  for (const key of resultColumnSchema.options) {
    const name = mapping[key];
    if (name === undefined) continue;
    const value = Object.hasOwn(item, name) ? item[name] : null;
    fields[key] = typeof value === 'string' || typeof value === 'number' ? value : null;
  }
  return fields;
}

/** Whether two values of a column are the same, as a list keeps them: to the second, without blanks at the ends. */
export function sameValue(key: ResultColumn, one: ResultValue | undefined, other: ResultValue | undefined): boolean {
  return settled(key, one) === settled(key, other);
}

function settled(key: ResultColumn, value: ResultValue | undefined): string | number {
  if (value === null || value === undefined || value === '') return '';
  const { type } = definitionOf(key);
  if (type === 'number') return Number(value);
  const text = String(value);
  if (type === 'dateTime') {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? text : Math.floor(ms / 1000);
  }
  return text.replace(/\r\n?/g, '\n').trim();
}

function moment(iso: string | null): string | null {
  const ms = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? null : new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** One line of plain text, null when there is nothing to say. */
function line(text: string | null): string | null {
  const flat = harmless(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return flat === '' ? null : clip(inert(flat), LIMITS.textMost.value);
}

function lines(all: readonly string[]): string | null {
  const kept = all.map((one) => harmless(one).replace(/\s+/g, ' ').trim()).filter(Boolean);
  return kept.length === 0 ? null : clip(kept.map(inert).join('\n'), LIMITS.noteMost.value);
}

/** Nearly all that is said of a room. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Without control characters and marks that turn the direction of what follows. */
function harmless(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\t\n\r\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');
}

// People take lists out into spreadsheets. Also behind blanks and in full width. A basement, floor -1, is a number.
const FORMULA = /^(?!-\d+$)(?=\s*[=+\-@＝＋－＠])/;

function inert(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** A limit of the list counts UTF-16 units; no character is cut in half. */
function clip(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;
}
