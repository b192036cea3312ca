/** The columns of the results list: what they are, how they are made, and which column of a list is which. */
import { z } from 'zod';
import table from '../../../assets/microsoft/results-list.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import {
  type ColumnMapping,
  type ColumnType,
  LEASE_COLUMNS,
  type ListColumn,
  type ResultColumn,
  resultColumnSchema,
} from '../../contract/microsoft/results.ts';
import { ROOM_STATES } from '../../contract/plan.ts';
import * as reading from '../graph/reading.ts';

const limitSchema = z.object({ value: z.number().int().positive() });

const tableSchema = z.object({
  list: z.object({ name: z.string().min(1), description: z.string() }),
  folder: z.string().min(1),
  limits: z.object({
    textMost: limitSchema,
    noteMost: limitSchema,
    pageSize: limitSchema,
    threshold: limitSchema,
    putMost: limitSchema,
    sliceBytes: limitSchema,
    leaseMinutes: limitSchema,
    settleSeconds: limitSchema,
  }),
  scopes: z.object({ write: z.array(z.string()), create: z.array(z.string()), files: z.array(z.string()) }),
  columns: z.array(
    z.object({
      key: resultColumnSchema,
      name: z.string().regex(/^[A-Za-z]\w{0,31}$/),
      displayName: z.string().min(1),
      type: z.enum(['text', 'note', 'choice', 'number', 'dateTime']),
      indexed: z.boolean().default(false),
      unique: z.boolean().default(false),
      /** Without it there are no results. */
      needed: z.boolean().default(false),
      /** Every list has it. */
      builtIn: z.boolean().default(false),
    }),
  ),
});

/** Throws when the data file is not as it should be: a fault of the program. */
const RESULTS = tableSchema.parse(table);
export type ColumnDefinition = (typeof RESULTS.columns)[number];

export const DEFAULT_LIST = RESULTS.list;
export const DEFAULT_FOLDER = RESULTS.folder;
export const LIMITS = RESULTS.limits;
export const SCOPES = RESULTS.scopes;
export const COLUMNS: readonly ColumnDefinition[] = RESULTS.columns;
const BY_KEY = new Map(COLUMNS.map((column) => [column.key, column]));

export function definitionOf(key: ResultColumn): ColumnDefinition {
  const column = BY_KEY.get(key);
  if (!column) throw new OtjError('INTERNAL', `no column ${key}`);
  return column;
}

/** Body of the request that makes a list with all columns. */
export function listBody(name: string): object {
  return {
    displayName: name,
    description: DEFAULT_LIST.description,
    columns: COLUMNS.filter(({ builtIn }) => !builtIn).map(columnBody),
    list: { template: 'genericList' },
  };
}

/** Body of the request that makes one column. */
function columnBody({ name, displayName, type, indexed, unique }: ColumnDefinition): object {
  const facet = {
    text: { text: { allowMultipleLines: false } },
    note: { text: { allowMultipleLines: true, textType: 'plain' } },
    choice: { choice: { allowTextEntry: false, choices: [...ROOM_STATES], displayAs: 'dropDownMenu' } },
    number: { number: {} },
    dateTime: { dateTime: { format: 'dateTime' } },
  }[type];
  return { name, displayName, indexed, enforceUniqueValues: unique, ...facet };
}

const rawColumnSchema = z.object({
  name: z.string(),
  displayName: reading.words,
  indexed: reading.flag,
  enforceUniqueValues: reading.flag,
  required: reading.flag,
  readOnly: reading.flag,
  text: z.object({ allowMultipleLines: reading.flag, textType: reading.words }).nullable().catch(null),
  choice: z.object({ allowTextEntry: reading.flag, choices: reading.texts }).nullable().catch(null),
  number: z.unknown().optional(),
  dateTime: z.unknown().optional(),
});

/** A column as Graph tells of it; null = read-only, or nothing that we understand. */
export function columnIn(raw: unknown): ListColumn | null {
  const read = rawColumnSchema.safeParse(raw);
  if (!read.success || read.data.readOnly) return null;
  const { name, displayName, indexed, enforceUniqueValues: unique, required, text, choice } = read.data;
  return {
    name,
    displayName: displayName || name,
    type: typeOf(read.data),
    indexed,
    unique,
    required,
    choices: choice && !text && !choice.allowTextEntry ? choice.choices : null,
  };
}

function typeOf({ text, choice, number, dateTime }: z.infer<typeof rawColumnSchema>): ColumnType {
  if (text) return text.allowMultipleLines ? (text.textType === 'richText' ? 'rich' : 'note') : 'text';
  if (choice) return 'choice';
  if (number) return 'number';
  return dateTime ? 'dateTime' : 'other';
}

/** Which columns of a list could be ours: by internal name, else by the name that people see. */
export function proposeMapping(columns: readonly ListColumn[]): ColumnMapping {
  const mapping: ColumnMapping = {};
  const taken = new Set<string>();
  for (const { key, name, displayName } of COLUMNS) {
    const fits = columns.filter((column) => !taken.has(column.name) && unfitness(key, column) === null);
    const found =
      fits.find((column) => column.name === name) ??
      fits.find((column) => fold(column.displayName) === fold(displayName));
    if (!found) continue;
    mapping[key] = found.name;
    taken.add(found.name);
  }
  return mapping;
}

/**
 * Fails where results could not be written as the mapping has it.
 * @throws OtjError RESULTS_COLUMN_MISSING (a column is gone, or one that is needed is not mapped), RESULTS_COLUMN_UNFIT
 */
export function assertMapping(mapping: ColumnMapping, columns: readonly ListColumn[]): void {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const used = new Map<string, string>();
  for (const { key, displayName, needed } of COLUMNS) {
    const name = mapping[key];
    if (name === undefined) {
      if (needed) throw new OtjError('RESULTS_COLUMN_MISSING', `none is chosen for “${displayName}”`);
      continue;
    }
    const column = byName.get(name);
    if (!column) throw new OtjError('RESULTS_COLUMN_MISSING', `${name} (“${displayName}”)`);
    const unfit = unfitness(key, column);
    if (unfit !== null) throw new OtjError('RESULTS_COLUMN_UNFIT', `${column.displayName}: ${unfit}`);
    const other = used.get(name);
    if (other)
      throw new OtjError('RESULTS_COLUMN_UNFIT', `${column.displayName} is chosen for ${other} and ${displayName}`);
    used.set(name, displayName);
  }
  const demanded = columns.find(({ name, required }) => required && !used.has(name));
  if (demanded)
    throw new OtjError(
      'RESULTS_COLUMN_UNFIT',
      `${demanded.displayName} must be filled in, and none of our columns goes there`,
    );
}

/** Whether who works on a room can stand in the list. */
export function hasLease(mapping: ColumnMapping): boolean {
  return LEASE_COLUMNS.every((key) => mapping[key] !== undefined);
}

/** Why a column does not serve; null = it does. */
function unfitness(key: ResultColumn, column: ListColumn): string | null {
  const { type } = definitionOf(key);
  const { choices } = column;
  // Markup would be taken from words of devices and people.
  if (column.type === 'rich') return 'it takes text with markup; only plain text is written';
  const serves: Record<typeof type, readonly ColumnType[]> = {
    text: ['text', 'note'],
    note: ['note'],
    choice: ['choice', 'text'],
    number: ['number'],
    dateTime: ['dateTime'],
  };
  if (!serves[type].includes(column.type))
    return `it is of type ${column.type}, ${serves[type].join(' or ')} is needed`;
  // Only short text can be looked up.
  if (key === 'jobKey' && column.type !== 'text') return 'a single line of text is needed';
  const missing = choices && ROOM_STATES.filter((state) => !choices.includes(state));
  return missing && missing.length > 0 ? `it does not offer ${missing.join(', ')}` : null;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
