/** The entry that a room should have on Infinity: what it looks like, which existing one it is, what differs. Pure. */
import { OtjError } from '../contract/errors.ts';
import { isObjectPath, sameObject } from './paths.ts';
import { checkLimits, type Entry, type FieldValue } from './resources.ts';
import { fitFields, type ResourceSchema } from './schema.ts';

export interface EntryWish {
  /** Name of the room; must be unique on Infinity as far as is known. */
  name: string;
  description: string;
  /**
   * CISCO: Infinity pushes to the codec. POLY: the device signs in to a Conferencing Node. WEBEX: a codec of the Webex cloud,
   * which Infinity reaches there and does not sign in to.
   */
  family: 'CISCO' | 'POLY' | 'WEBEX';
  /** Room resource mailbox: what makes an entry this room's. */
  mailbox: string;
  /** Resource URI of the OTJ endpoint group. */
  groupUri: string;
  /** Address or FQDN of the device as the Conferencing Nodes reach it; for POLY and WEBEX it is only told. */
  address: string;
  /** HTTPS port of the codec; null for 443. */
  port: number | null;
  /** CISCO: the account on the codec. POLY: what the device signs in with. WEBEX: not used. */
  username: string;
  password: string;
  /** What Webex knows the codec by, as far as the codec has told; for WEBEX. */
  webexDeviceId?: string | null;
}

export interface FieldChange {
  field: string;
  before: FieldValue;
  after: FieldValue;
}

export type Found =
  | { kind: 'none' }
  /** `by` says why this entry is the room's: its mailbox, its known id, or its address and name. */
  | { kind: 'one'; entry: Entry; by: 'mailbox' | 'id' | 'address' | 'name' | 'address and name' }
  | { kind: 'conflict'; entries: Entry[] };

/** What a field means when a reply leaves it out: the documented defaults (Pexip's Terraform provider). */
const DEFAULTS: Readonly<Record<string, FieldValue>> = {
  endpoint_type: 'CISCO',
  description: '',
  use_https: 'GLOBAL',
  verify_cert: 'GLOBAL',
  poly_raise_alarms_for_this_endpoint: true,
};

/**
 * The fields to send, without the password. Fields of the other family are left out, so that an entry which had
 * them keeps them.
 */
export function entryFields(wish: EntryWish): Record<string, FieldValue> {
  const common = {
    name: wish.name.trim(),
    description: wish.description.trim(),
    endpoint_type: wish.family,
    room_resource_email: wish.mailbox.trim(),
    mjx_endpoint_group: wish.groupUri,
  };
  // Nobody calls a device that signs in itself; but Pexip's Terraform provider wants an address of every endpoint.
  const address = wish.address.trim() === '' ? {} : { api_address: wish.address.trim() };
  if (wish.family === 'WEBEX')
    return { ...common, ...address, ...(wish.webexDeviceId ? { webex_device_id: wish.webexDeviceId } : {}) };
  if (wish.family === 'POLY')
    return {
      ...common,
      ...address,
      poly_username: wish.username,
      poly_raise_alarms_for_this_endpoint: true,
    };
  return {
    ...common,
    api_address: wish.address.trim(),
    api_port: wish.port === 443 ? null : wish.port,
    api_username: wish.username,
    use_https: 'YES',
    // Codecs carry self-signed certificates, so a node that verifies could push nothing; GLOBAL would depend on a
    // setting of the profile that others may change.
    verify_cert: 'NO',
  };
}

/** The password field of the family, to be sent with {@link entryFields}. */
export function passwordField({
  family,
  password,
}: Pick<EntryWish, 'family' | 'password'>): Record<string, FieldValue> {
  if (family === 'WEBEX') return {};
  return family === 'POLY' ? { poly_password: password } : { api_password: password };
}

/** Without these an entry gives its room no meetings, so a version that lacks one is refused. */
const NEEDED = {
  CISCO: ['name', 'room_resource_email', 'mjx_endpoint_group', 'api_address', 'api_username', 'api_password'],
  POLY: ['name', 'room_resource_email', 'mjx_endpoint_group', 'endpoint_type', 'poly_username', 'poly_password'],
  WEBEX: ['name', 'room_resource_email', 'mjx_endpoint_group', 'endpoint_type', 'webex_device_id'],
} as const;

/**
 * The wished fields as the connected version takes them, without the password.
 * @param before the entry that is there; null = it is to be made, and all that the version requires must be there. What is
 *   nothing and is to be nothing is left out: not every version can be told so
 * @throws OtjError as {@link fitFields} does, WEBEX_ID where neither the codec nor the entry tells it
 */
export function fittedFields(
  wish: EntryWish,
  schema: ResourceSchema | null,
  before: Entry | null,
): { fields: Record<string, FieldValue>; password: Record<string, FieldValue> } {
  if (wish.family === 'WEBEX' && !wish.webexDeviceId && !before?.webex_device_id)
    throw new OtjError('WEBEX_ID', wish.name);
  const password = passwordField(wish);
  const wished = Object.entries(entryFields(wish)).filter(
    ([name, value]) => !(before && value === null && sameValue(name, fieldValue(before, name), null)),
  );
  const all = fitFields(
    schema,
    { ...Object.fromEntries(wished), ...password },
    { creating: before === null, needed: NEEDED[wish.family] },
  );
  const secret = Object.keys(password);
  const pick = (wanted: boolean) => Object.entries(all).filter(([name]) => secret.includes(name) === wanted);
  return { fields: Object.fromEntries(pick(false)), password: Object.fromEntries(pick(true)) };
}

/**
 * Refuses a wish that Infinity could not take, before anything is sent.
 * @throws OtjError NO_ADDRESS, VALUE_TOO_LONG, INFINITY_SETUP (no group), INFINITY_REFUSED (a value missing or odd)
 */
export function checkWish(wish: EntryWish): void {
  if (wish.family === 'CISCO' && wish.address.trim() === '') throw new OtjError('NO_ADDRESS', wish.name);
  if (!isObjectPath(wish.groupUri))
    throw new OtjError('INFINITY_SETUP', `endpoint group ${wish.groupUri || 'not set'}`);
  checkLimits(entryFields(wish));
}

/**
 * Which existing entry is this room's. The mailbox decides (ignoring case and outer spaces). An entry of another
 * mailbox counts only when it is the known one, or when both address and name agree: address or name alone may be
 * another room's, since addresses move with DHCP, and taking its entry over would end that room's meetings. Such a
 * lone agreement is a conflict, because a second entry beside it would push to the same codec or clash by name.
 * @param knownId id that this entry had when it was last written, if any
 */
export function findEntry(entries: readonly Entry[], wish: EntryWish, knownId?: number | null): Found {
  const mine = entries.filter((entry) => fold(entry.room_resource_email) === fold(wish.mailbox));
  const [only] = mine;
  const known = knownId == null ? undefined : entries.find((entry) => entry.id === knownId);
  if (only) {
    // the room's mailbox was changed, and the new one has an entry of its own
    const other = known && known !== only && (sameName(known, wish) || sameAddress(known, wish)) ? [known] : [];
    const all = [...new Set([...mine, ...other])];
    return all.length === 1 ? { kind: 'one', entry: only, by: 'mailbox' } : { kind: 'conflict', entries: all };
  }
  // The address of a device that nobody calls may be old, so it makes no other room's entry this one's.
  const isCalled = (entry: Entry) => !UNCALLED.has(upper(fieldValue(entry, 'endpoint_type')));
  const rivals = entries.filter(
    (entry) => sameName(entry, wish) || (sameAddress(entry, wish) && (isCalled(entry) || entry === known)),
  );
  const [rival] = rivals;
  if (!rival) return { kind: 'none' };
  if (rivals.length > 1) return { kind: 'conflict', entries: rivals };
  const address = sameAddress(rival, wish);
  const name = sameName(rival, wish);
  if (address && name) return { kind: 'one', entry: rival, by: 'address and name' };
  if (rival === known) return { kind: 'one', entry: rival, by: 'id' };
  if (fold(rival.room_resource_email) === '') return { kind: 'one', entry: rival, by: address ? 'address' : 'name' };
  return { kind: 'conflict', entries: rivals };
}

/** What has to change for the entry to be as wished, whatever the version. Passwords can only be written, so they are never part of it. */
export function diffEntry(entry: Entry, wish: EntryWish): FieldChange[] {
  return diffWished(entry, entryFields(wish));
}

/** Which of the wished fields the entry does not have. */
export function diffWished(entry: Entry, fields: Readonly<Record<string, FieldValue>>): FieldChange[] {
  return diffFields(entry, fields).filter(({ field, before }) => !isOptional(field, before, fields.endpoint_type));
}

/**
 * Whether another value of a field is as good: an administrator's stricter choice (the default is GLOBAL, so somebody has
 * meant it), and the address of a device that nobody calls.
 */
export function isOptional(field: string, found: FieldValue, family: FieldValue | undefined): boolean {
  if (field === 'verify_cert') return upper(found) === 'YES';
  return field === 'api_address' && UNCALLED.has(upper(family ?? null));
}

/** Types of endpoints whose address Infinity has no use for. */
const UNCALLED: ReadonlySet<string> = new Set(['POLY', 'WEBEX']);

/** Which of `fields` the entry does not have, with the documented default where the reply leaves a field out. */
export function diffFields(entry: Entry, fields: Readonly<Record<string, FieldValue>>): FieldChange[] {
  return Object.entries(fields).flatMap(([field, after]) => {
    const before = fieldValue(entry, field);
    return sameValue(field, before, after) ? [] : [{ field, before, after }];
  });
}

/** Fields of an entry that can be read and written, as they are; for putting them back. */
export function readableFields(entry: Entry): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const field of READABLE) if (entry[field] !== undefined) fields[field] = fieldValue(entry, field);
  return fields;
}

export const READABLE = [
  'name',
  'description',
  'endpoint_type',
  'room_resource_email',
  'mjx_endpoint_group',
  'api_address',
  'api_port',
  'api_username',
  'use_https',
  'verify_cert',
  'poly_username',
  'poly_raise_alarms_for_this_endpoint',
  'webex_device_id',
] as const satisfies readonly (keyof Entry)[];

/** One line for people: id, name and mailbox. */
export function describeEntry(entry: Entry): string {
  return `${entry.id} "${entry.name ?? ''}" (${entry.room_resource_email ?? 'no mailbox'})`;
}

/** Entries of which none is surely the room's, each with what it has in common with the room. */
export function describeRivals(entries: readonly Entry[], wish: EntryWish): string {
  const words = entries.slice(0, MOST_NAMED).map((entry) => {
    const isOwn = fold(entry.room_resource_email) === fold(wish.mailbox);
    const common = [
      ...(isOwn ? ['this mailbox'] : []),
      ...(sameName(entry, wish) ? ['this name'] : []),
      ...(sameAddress(entry, wish) ? [`this address, ${entry.api_address}`] : []),
    ].join(' and ');
    const isOthers = !isOwn && fold(entry.room_resource_email) !== '';
    return `entry ${describeEntry(entry)} has ${common}${isOthers ? ' but another mailbox' : ''}`;
  });
  return `${wish.mailbox.trim()}: ${words.join('; ')}`;
}
const MOST_NAMED = 5;

/** Mailboxes, names and addresses are compared without case and outer spaces; `ø` is `ø` however it was typed. */
export function fold(text: string | null | undefined): string {
  return (text ?? '').trim().normalize('NFC').toLowerCase();
}

/** A field of an entry, with the documented default where the reply leaves it out. */
export function fieldValue(entry: object, field: string): FieldValue {
  const value: unknown = Reflect.get(entry, field);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return DEFAULTS[field] ?? null;
}

/** A value as people see it: a resource URI says nothing to them but its end. */
export function shownValue(value: FieldValue): string {
  return value === null ? '' : String(value).replace(/^.*\/api\/admin\/configuration\/v1\//, '');
}

/** Whether two values of a field mean the same to Infinity. */
export function sameValue(field: string, before: FieldValue, after: FieldValue): boolean {
  switch (field) {
    case 'room_resource_email':
      return fold(String(before ?? '')) === fold(String(after ?? ''));
    case 'api_address':
      return hostOf(String(before ?? '')) === hostOf(String(after ?? ''));
    case 'api_port':
      // null means 443, as use_https is YES
      return (before ?? 443) === (after ?? 443);
    case 'mjx_endpoint_group':
      return before === after || sameObject(String(before ?? ''), String(after ?? ''));
    case 'endpoint_type':
    case 'use_https':
    case 'verify_cert':
      return upper(before) === upper(after);
    default:
      return (before ?? '') === (after ?? '');
  }
}

function upper(value: FieldValue): string {
  return String(value ?? '').toUpperCase();
}

function sameName(entry: Entry, wish: EntryWish): boolean {
  return fold(entry.name) !== '' && fold(entry.name) === fold(wish.name);
}

/** Port included: several codecs may stand behind one address. The default ports count as one, being one codec's. */
function sameAddress(entry: Entry, wish: EntryWish): boolean {
  const address = hostOf(entry.api_address ?? '');
  return address !== '' && address === hostOf(wish.address) && usual(entry.api_port) === usual(wish.port);
}

function usual(port: number | null | undefined): number {
  return port == null || port === 80 ? 443 : port;
}

/** An address as it is compared. */
export function hostOf(address: string): string {
  return fold(address)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
