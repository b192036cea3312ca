/**
 * What the connected version says of a resource's fields, and the payloads that fit it. Versions differ: a field may not
 * be there yet, or be new. The shape of the schema page is that of Pexip's pexshell and of Tastypie, on which the API is
 * built. Pure and total, but for what {@link fitFields} refuses.
 */
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import { checkLimits, type FieldValue } from './resources.ts';
import { flag, text, whole } from './tolerant.ts';

export interface FieldRule {
  readonly: boolean;
  /** null = not told, and the node itself will say. */
  nullable: boolean | null;
  /** A create without it is refused: Tastypie has nothing to put there. */
  required: boolean;
  /** Values that may be sent; null = any. */
  choices: readonly string[] | null;
  /** Longest value, characters; null = not told. */
  longest: number | null;
}
export interface ResourceSchema extends ReadonlyMap<string, FieldRule> {
  /** False when the page offers no verb that writes: for this account, or at all. */
  readonly mayWrite: boolean;
}

/** Larger than any schema page; more is not looked into. */
const MAX_TEXT = 2 * 1024 * 1024;
const MAX_FIELDS = 500;
/** Tastypie's word for a field without a default. */
const NO_DEFAULT = 'No default provided.';

const FieldSchema = z.looseObject({
  blank: flag,
  default: z.unknown().optional(),
  help_text: text,
  nullable: flag,
  readonly: flag,
  related_type: text,
  valid_choices: z.array(z.unknown()).nullish().catch(null),
  max_length: whole,
});
const methods = z.array(z.string()).nullish().catch(null);
const PageSchema = z.looseObject({
  fields: z.record(z.string(), z.unknown()),
  allowed_list_http_methods: methods,
});

/** Null when it is not the schema page of a resource. */
export function readSchema(content: string): ResourceSchema | null {
  if (content.length > MAX_TEXT) return null;
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return null;
  }
  const page = PageSchema.safeParse(json).data;
  if (!page) return null;
  const rules = new Map<string, FieldRule>();
  for (const [name, told] of Object.entries(page.fields).slice(0, MAX_FIELDS)) {
    const field = FieldSchema.safeParse(told).data;
    if (field) rules.set(name, ruleOf(field));
  }
  const verbs = page.allowed_list_http_methods?.map((verb) => verb.toLowerCase()) ?? [];
  const mayWrite = verbs.length === 0 || verbs.includes('post');
  return rules.size > 0 ? Object.assign(rules, { mayWrite }) : null;
}

function ruleOf(field: z.infer<typeof FieldSchema>): FieldRule {
  const readonly = field.readonly === true;
  const nullable = field.nullable ?? null;
  const told = field.valid_choices ?? [];
  const choices = told.flatMap(choiceOf);
  return {
    readonly,
    nullable,
    required:
      !readonly &&
      nullable !== true &&
      field.blank === false &&
      field.default === NO_DEFAULT &&
      field.related_type !== 'to_many',
    // where one cannot be read, it may be the one that is wished
    choices: choices.length > 0 && choices.length === told.length ? choices : null,
    longest: (field.max_length ?? 0) > 0 ? (field.max_length ?? null) : lengthIn(field.help_text ?? ''),
  };
}

/** A bare value, a pair of value and label as Django has them, or both in an object. */
function choiceOf(choice: unknown): string[] {
  const object = typeof choice === 'object' && choice !== null && !Array.isArray(choice);
  const value: unknown = Array.isArray(choice) ? choice[0] : object ? Reflect.get(choice, 'value') : choice;
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** Pexip's help texts tell it so; the page itself has no place for it. */
function lengthIn(help: string): number | null {
  const digits = /maximum length:? (\d{1,6}) characters/i.exec(help)?.[1];
  return digits ? Number(digits) : null;
}

export interface Fit {
  /** A create has to have all that is required; a change has only what is given. */
  creating: boolean;
  /** Fields that the work cannot do without: a version that does not know them is refused. */
  needed: readonly string[];
}

/**
 * The fields as the connected version takes them: those that it does not know are left out, and words of a choice are
 * written as it writes them. Lengths are checked against the smaller of what it says and what is documented.
 * @param schema null when it could not be read: then the built-in table alone is held to
 * @throws OtjError INFINITY_FORBIDDEN (it offers no writing), INFINITY_VERSION (a needed field or value does not exist there, or it demands one that we do not
 *   know), VALUE_TOO_LONG, INFINITY_REFUSED (a value missing or odd); never names a value that was given
 */
export function fitFields(
  schema: ResourceSchema | null,
  fields: Readonly<Record<string, FieldValue>>,
  { creating, needed }: Fit,
): Record<string, FieldValue> {
  checkLimits(fields, schema);
  if (!schema) return { ...fields };
  if (!schema.mayWrite) throw new OtjError('INFINITY_FORBIDDEN', 'its schema page offers no verb that writes');
  const fitting: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const rule = schema.get(name);
    if (!rule || rule.readonly) {
      if (needed.includes(name)) throw new OtjError('INFINITY_VERSION', `it has no field ${name} that can be written`);
      continue;
    }
    if (value === null && rule.nullable !== true) {
      // what this version calls nothing is what it puts there itself
      if (creating && !rule.required) continue;
      if (rule.nullable === false) throw new OtjError('INFINITY_VERSION', `its field ${name} cannot be emptied`);
    }
    fitting[name] = chosen(name, value, rule);
  }
  if (creating) demand(schema, fitting);
  return fitting;
}

/** Refuses a creation that lacks what this version requires. @throws OtjError INFINITY_VERSION */
export function demand(schema: ResourceSchema, fitting: Readonly<Record<string, FieldValue>>): void {
  for (const [name, { required }] of schema)
    if (required && !Object.hasOwn(fitting, name))
      throw new OtjError('INFINITY_VERSION', `it demands a value for ${name.slice(0, 60)}, which is not known here`);
}

/** A value as this version writes it. @throws OtjError INFINITY_VERSION where it is none of its choices */
export function chosen(name: string, value: FieldValue, { choices }: FieldRule): FieldValue {
  if (!choices || typeof value !== 'string') return value;
  const same = choices.find((choice) => choice === value);
  const alike = same ?? choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (alike === undefined)
    throw new OtjError(
      'INFINITY_VERSION',
      `its field ${name} does not take ${value}; only ${choices.join(', ').slice(0, 200)}`,
    );
  return alike;
}
