import { isIP } from 'node:net';
import { CONFIGURATION, type Field, type Resource, type Value } from './fields.ts';

/** Messages for each field; none means valid. */
export type FieldErrors = Record<string, string[]>;
export type Row = Record<string, Value> & { id: number };

export interface Peers {
  /** Whether a resource holds this id. */
  exists(resource: string, id: number): boolean;
  /** Id of another row that has this value, ignoring case. */
  holder(field: string, value: string, except: number | undefined): number | undefined;
}

const URI = new RegExp(`^${CONFIGURATION}([a-z0-9_]+)/(\\d+)/$`);
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Body of a POST (no `before`), PUT or PATCH against the resource's fields. Returns the complete new row, or what is
 * wrong with it.
 */
export function validate(
  resource: Resource,
  body: unknown,
  peers: Peers,
  how: { before?: Row; partial: boolean },
): { row: Record<string, Value> } | { errors: FieldErrors } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { errors: { __all__: ['The body must be an object.'] } };
  }
  const given = new Map(Object.entries(body));
  const errors: FieldErrors = {};
  for (const name of given.keys()) {
    // A client that sends back what it read is not at fault for these two.
    if (name === 'id' || name === 'resource_uri' || Object.hasOwn(resource.fields, name)) continue;
    errors[name] = ['Unknown field.'];
  }
  const row: Record<string, Value> = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.type === 'to_many') continue;
    const kept = how.before?.[name];
    if (field.readonly) {
      row[name] = kept ?? '';
    } else if (given.has(name)) {
      const checked = checkField(name, field, given.get(name), peers, how.before?.id);
      if ('message' in checked) errors[name] = [checked.message];
      else row[name] = checked.value;
    } else if (how.partial && how.before) {
      row[name] = kept ?? null;
    } else if (field.required) {
      errors[name] = ['This field is required.'];
    } else {
      row[name] = field.default ?? (field.nullable ? null : field.type === 'boolean' ? false : '');
    }
  }
  if (Object.keys(errors).length === 0 && resource.name === 'mjx_endpoint') endpointRules(row, errors);
  return Object.keys(errors).length > 0 ? { errors } : { row };
}

type Checked = { value: Value } | { message: string };

function checkField(name: string, field: Field, value: unknown, peers: Peers, self: number | undefined): Checked {
  if (value === null) return field.nullable ? { value } : { message: 'This field cannot be null.' };
  if (field.type === 'boolean') {
    return typeof value === 'boolean' ? { value } : { message: 'Enter true or false.' };
  }
  if (field.type === 'integer') {
    if (typeof value !== 'number' || !Number.isInteger(value)) return { message: 'Enter a whole number.' };
    if (value < (field.min ?? value)) {
      return { message: `Ensure this value is greater than or equal to ${field.min}.` };
    }
    if (value > (field.max ?? value)) return { message: `Ensure this value is less than or equal to ${field.max}.` };
    return { value };
  }
  if (typeof value !== 'string') return { message: 'Enter text.' };
  if (field.type === 'to_one') return checkReference(field, value, peers);
  return checkText(name, field, value, peers, self);
}

function checkReference(field: Field, value: string, peers: Peers): Checked {
  const match = URI.exec(value);
  if (!match?.[1] || match[1] !== field.related) return { message: 'Enter a resource URI.' };
  return peers.exists(match[1], Number(match[2])) ? { value } : { message: 'The object does not exist.' };
}

function checkText(name: string, field: Field, value: string, peers: Peers, self: number | undefined): Checked {
  if (field.required && value.trim() === '') return { message: 'This field cannot be blank.' };
  if (field.max !== undefined && [...value].length > field.max) {
    return { message: `Ensure this value has at most ${field.max} characters.` };
  }
  if (field.choices && !field.choices.includes(value)) return { message: `Value '${value}' is not a valid choice.` };
  if (value !== '') {
    if (field.format === 'email' && !EMAIL.test(value)) return { message: 'Enter a valid email address.' };
    if (field.format === 'uuid' && !UUID.test(value)) return { message: 'Enter a valid UUID.' };
    if (field.format === 'host' && !isIP(value) && !HOST.test(value)) {
      return { message: 'Enter a valid IP address or FQDN.' };
    }
    if (field.unique && peers.holder(name, value, self) !== undefined) {
      return { message: 'This value is already in use.' };
    }
  }
  return { value };
}

/** What one kind of endpoint needs and another does not. */
function endpointRules(row: Record<string, Value>, errors: FieldErrors): void {
  const needed: Record<string, string[]> = {
    CISCO: ['api_address'],
    POLY: ['poly_username', 'poly_password'],
    WEBEX: ['webex_device_id'],
  };
  const kind = String(row.endpoint_type);
  for (const name of needed[kind] ?? []) {
    if (row[name] === null || row[name] === '') errors[name] = [`This field is required for type ${kind}.`];
  }
}
