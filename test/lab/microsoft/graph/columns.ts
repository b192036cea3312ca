/**
 * Columns of a list and what goes into them. Source: columnDefinition and its facets in Graph's reference. What SharePoint says
 * of a value that does not fit is not documented there: `invalidRequest` and these words are the lab's.
 */
import { fault, type Reply } from './route.ts';

export type Kind = 'text' | 'note' | 'rich' | 'choice' | 'number' | 'dateTime' | 'boolean';
export type Value = string | number | boolean;
export type Fields = Record<string, Value>;

export interface Column {
  id: string;
  name: string;
  displayName: string;
  kind: Kind;
  indexed: boolean;
  enforceUniqueValues: boolean;
  required: boolean;
  readOnly: boolean;
  choices: string[];
  allowTextEntry: boolean;
}

const TEXT_MOST = 255;
const NOTE_MOST = 63_999;
/** Indices that a list may have. */
export const MOST_INDICES = 20;

/** A column as a request describes it. */
export function columnFrom(id: string, body: unknown): Column | null {
  const { name, displayName, indexed, enforceUniqueValues, required, ...facets } = body as Record<string, unknown>;
  if (typeof name !== 'string' || !/^\w{1,32}$/.test(name)) return null;
  const text = facets.text as { allowMultipleLines?: boolean; textType?: string } | undefined;
  const choice = facets.choice as { allowTextEntry?: boolean; choices?: string[] } | undefined;
  const kinds: [unknown, Kind][] = [
    [text && (text.allowMultipleLines ? (text.textType === 'richText' ? 'rich' : 'note') : 'text'), 'text'],
    [choice, 'choice'],
    [facets.number, 'number'],
    [facets.dateTime, 'dateTime'],
    [facets.boolean, 'boolean'],
  ];
  const found = kinds.filter(([facet]) => facet !== undefined);
  const [facet, usual] = found[0] ?? [];
  if (found.length !== 1 || !usual) return null;
  return {
    id,
    name,
    displayName: typeof displayName === 'string' ? displayName : name,
    kind: usual === 'text' ? (facet as Kind) : usual,
    indexed: indexed === true || enforceUniqueValues === true,
    enforceUniqueValues: enforceUniqueValues === true,
    required: required === true,
    readOnly: false,
    choices: choice?.choices ?? [],
    allowTextEntry: choice?.allowTextEntry ?? false,
  };
}

/** A column as Graph tells of it. */
export function told(column: Column): Record<string, unknown> {
  const { id, name, displayName, indexed, enforceUniqueValues, required, readOnly, kind } = column;
  const facet = {
    text: {
      text: { allowMultipleLines: false, appendChangesToExistingText: false, linesForEditing: 0, maxLength: TEXT_MOST },
    },
    note: { text: { allowMultipleLines: true, linesForEditing: 6, textType: 'plain' } },
    rich: { text: { allowMultipleLines: true, linesForEditing: 6, textType: 'richText' } },
    choice: { choice: { allowTextEntry: column.allowTextEntry, choices: column.choices, displayAs: 'dropDownMenu' } },
    number: { number: { decimalPlaces: 'automatic', displayAs: 'number' } },
    dateTime: { dateTime: { displayAs: 'default', format: 'dateTime' } },
    boolean: { boolean: {} },
  }[kind];
  return {
    id,
    name,
    displayName,
    description: '',
    columnGroup: 'Custom Columns',
    hidden: false,
    indexed,
    enforceUniqueValues,
    required,
    readOnly,
    ...facet,
  };
}

/** A value as the column keeps it; undefined = it does not fit; null = it is emptied. */
function kept(column: Column, value: unknown): Value | null | undefined {
  if (value === null || value === '') return null;
  switch (column.kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'dateTime': {
      const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
      return Number.isNaN(at) ? undefined : `${new Date(at).toISOString().slice(0, 19)}Z`;
    }
    case 'choice':
      return typeof value === 'string' && (column.allowTextEntry || column.choices.includes(value)) ? value : undefined;
    case 'text':
      return typeof value === 'string' && value.length <= TEXT_MOST && !/[\r\n]/.test(value) ? value : undefined;
    default:
      return typeof value === 'string' && value.length <= NOTE_MOST ? value : undefined;
  }
}

/** The changes as they would be kept; a refusal in their place. */
export function checked(columns: readonly Column[], wish: unknown): Record<string, Value | null> | Reply {
  if (typeof wish !== 'object' || wish === null || Array.isArray(wish)) return invalid('Invalid request');
  const changes: Record<string, Value | null> = {};
  for (const [name, value] of Object.entries(wish)) {
    if (name.includes('@odata')) continue;
    const column = columns.find((one) => one.name === name);
    if (!column || column.readOnly) return invalid(`Field '${name}' is not recognized`);
    const fit = kept(column, value);
    if (fit === undefined) return invalid(`The value of field '${name}' is not valid for its type`);
    changes[name] = fit;
  }
  return changes;
}

export function invalid(message: string): Reply {
  return fault(400, 'invalidRequest', message);
}

export function isReply(value: object): value is Reply {
  return typeof (value as Reply).status === 'number' && 'body' in value;
}
