/**
 * The reviewed template of a One-Touch Join set-up, and the plan that brings a deployment to it. Pure: what is there, and
 * what is wished, give the steps. An object is known by its name, a rule by its profile and meeting type; what is there
 * already is used, and nothing is made twice.
 */
import { z } from 'zod';
import table from '../../assets/infinity/setup-template.json' with { type: 'json' };
import { OtjError } from '../contract/errors.ts';
import type { SetupStep, SetupWish } from '../contract/infinity.ts';
import { CALENDAR_RESOURCE, type CalendarKind, named, uriOf } from './deployment.ts';
import { fold } from './entry.ts';
import { RESOURCE, type Resource, sameObject } from './paths.ts';
import type { CalendarDeployment, FieldValue, Group, Profile, Rule } from './resources.ts';
import { chosen, demand, type FieldRule, type ResourceSchema } from './schema.ts';

const fieldSchema = z.object({
  field: z.string(),
  required: z.boolean(),
  max: z.number().exactOptional(),
  pattern: z.string().exactOptional(),
  choices: z.array(z.string()).exactOptional(),
  /** Choices that Infinity has and that take a person on its own pages. */
  byHand: z.array(z.string()).exactOptional(),
  /** It is required where another field has this value, and else not sent. */
  when: z.object({ field: z.string(), is: z.string() }).exactOptional(),
  /** `max` absent = none is documented. */
  whole: z.object({ min: z.number(), max: z.number().exactOptional() }).exactOptional(),
  value: z.string().exactOptional(),
});
const calendarSchema = z.object({
  secret: z.object({ field: z.string(), max: z.number(), required: z.boolean() }),
  fields: z.array(fieldSchema),
});
const scalar = z.union([z.string(), z.number(), z.boolean()]);
export const TEMPLATE = z
  .object({
    description: z.string(),
    calendars: z.object({ graph: calendarSchema, exchange: calendarSchema, google: calendarSchema }),
    profile: z.record(z.string(), scalar),
    rules: z.array(z.object({ type: z.string(), name: z.string(), priority: z.number(), chosen: z.boolean() })),
  })
  .parse(table);

/** Longest name that all these objects take. */
const NAME_MAX = 250;
const SECRET = '(secret)';

/** What the plan is made from. */
export interface SetupState {
  locations: readonly { id: number; resource_uri?: string | null | undefined; name?: string | null | undefined }[];
  groups: readonly Group[];
  profiles: readonly Profile[];
  rules: readonly Rule[];
  /** Of the wished kind; empty when none is wished. */
  calendars: readonly CalendarDeployment[];
  /** How many OTJ endpoints each group has, by its URI. */
  endpoints(groupUri: string): number;
}

/** A step with what is sent for it. `readable` is `fields` without secrets: what must read back. */
export interface SetupWork {
  step: SetupStep;
  resource: Resource;
  /** null = it is made. */
  id: number | null;
  fields: Record<string, FieldValue>;
  readable: Record<string, FieldValue>;
}

/**
 * The steps in the order in which they depend on each other. A step whose object must wait for one before it has that
 * one's name in its fields, and is planned anew when that is there.
 * @throws OtjError SETUP_UNFIT (naming the field), INFINITY_SETUP (no such location), SETUP_CROSSED (the profile reads
 *   other calendars already)
 */
export function planSetup(state: SetupState, wish: SetupWish): SetupWork[] {
  for (const [what, name] of Object.entries({ group: wish.group, profile: wish.profile, location: wish.location }))
    assertName(what, name);
  const location = named(state.locations, wish.location.trim());
  if (!location) throw new OtjError('INFINITY_SETUP', `system location "${wish.location}" does not exist`);
  const calendar = wish.calendar ? calendarWork(state, wish.calendar) : null;
  const profile = profileWork(state, wish, calendar);
  const group = groupWork(state, { wish, profile, location });
  return [...(calendar ? [calendar] : []), profile, ...ruleWorks(state, wish, profile), group];
}

type WishedCalendar = NonNullable<SetupWish['calendar']>;

function calendarWork({ calendars }: SetupState, { kind, name, fields: given, secret }: WishedCalendar): SetupWork {
  assertName('calendar', name);
  const resource = CALENDAR_RESOURCE[kind];
  const found = named(calendars, name.trim());
  if (found) return same('calendar', resource, found.name ?? name, found.id);
  const template = TEMPLATE.calendars[kind];
  const unknown = Object.keys(given).find((field) => !template.fields.some((one) => one.field === field));
  if (unknown) throw new OtjError('SETUP_UNFIT', `${kind} has no field ${unknown}`);
  const readable: Record<string, FieldValue> = { name: name.trim(), description: TEMPLATE.description };
  for (const one of template.fields) {
    const text = wishedValue(one.field);
    const isOf = !one.when || wishedValue(one.when.field) === one.when.is;
    if (!isOf || (text === '' && !one.required && !one.when)) continue;
    readable[one.field] = fitting(one, text);
  }
  function wishedValue(name: string): string {
    return (given[name] ?? template.fields.find((one) => one.field === name)?.value ?? '').trim();
  }
  const { field, max } = template.secret;
  if (secret === '') throw new OtjError('SETUP_UNFIT', `${field} is missing`);
  if ([...secret].length > max) throw new OtjError('SETUP_UNFIT', `${field} is longer than ${max} characters`);
  return made('calendar', resource, readable, { [field]: secret });
}

/** Throws SETUP_UNFIT; a value is named only by its field, since it may be a secret in the wrong place. */
function fitting(
  { field, max, pattern, choices, byHand, whole }: z.infer<typeof fieldSchema>,
  text: string,
): FieldValue {
  const unfit = (why: string) => new OtjError('SETUP_UNFIT', `${field} ${why}`);
  if (text === '') throw unfit('is missing');
  if (max !== undefined && [...text].length > max) throw unfit(`is longer than ${max} characters`);
  if (pattern !== undefined && !new RegExp(pattern).test(text)) throw unfit(`does not fit ${pattern}`);
  if (byHand?.includes(text))
    throw unfit(
      `${text} needs somebody to sign in on Infinity's own page: make this calendar there, put it into a profile, and set up the rest here with that profile and no calendar`,
    );
  if (choices && !choices.includes(text)) throw unfit(`is none of ${choices.join(', ')}`);
  if (!whole) return text;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < whole.min || number > (whole.max ?? number))
    throw unfit(whole.max ? `is no number from ${whole.min} to ${whole.max}` : `is no number from ${whole.min} on`);
  return number;
}

function profileWork({ profiles }: SetupState, wish: SetupWish, calendar: SetupWork | null): SetupWork {
  const name = wish.profile.trim();
  const found = named(profiles, name);
  const field = wish.calendar ? (`${wish.calendar.kind}_deployment` as const) : null;
  const link = field && calendar ? { [field]: refOf(calendar) } : {};
  if (!found) {
    if (!field) throw new OtjError('SETUP_UNFIT', `profile "${name}" is new and needs a calendar`);
    const base = { name, description: TEMPLATE.description, ...TEMPLATE.profile };
    return made('profile', RESOURCE.profiles, { ...base, ...link }, {});
  }
  const now = calendarOf(found);
  if (!field || !calendar) {
    if (!now) throw new OtjError('SETUP_UNFIT', `profile "${found.name ?? name}" has no calendar: choose one`);
    return same('profile', RESOURCE.profiles, found.name ?? name, found.id);
  }
  if (now && (now.field !== field || !sameObject(now.uri, String(refOf(calendar)))))
    throw new OtjError('SETUP_CROSSED', `profile "${found.name ?? name}" reads another calendar (${now.field})`);
  if (now) return same('profile', RESOURCE.profiles, found.name ?? name, found.id);
  return changed('profile', RESOURCE.profiles, found, link, 0);
}

function calendarOf(profile: Profile): { field: `${CalendarKind}_deployment`; uri: string } | null {
  for (const kind of ['graph', 'exchange', 'google'] as const) {
    const uri = profile[`${kind}_deployment`];
    if (uri) return { field: `${kind}_deployment`, uri };
  }
  return null;
}

type GroupContext = { wish: SetupWish; profile: SetupWork; location: SetupState['locations'][number] };

function groupWork({ groups, endpoints }: SetupState, { wish, profile, location }: GroupContext): SetupWork {
  const name = wish.group.trim();
  const fields = { system_location: uriOf(RESOURCE.locations, location), mjx_integration: refOf(profile) };
  const found = named(groups, name);
  if (!found) return made('group', RESOURCE.groups, { name, description: TEMPLATE.description, ...fields }, {});
  const differing = Object.entries(fields).filter(
    ([field, uri]) => !sameObject(String(Reflect.get(found, field) ?? ''), String(uri)),
  );
  if (differing.length === 0) return same('group', RESOURCE.groups, found.name ?? name, found.id);
  const touches = endpoints(uriOf(RESOURCE.groups, found));
  return changed('group', RESOURCE.groups, found, Object.fromEntries(differing), touches);
}

function ruleWorks({ rules }: SetupState, wish: SetupWish, profile: SetupWork): SetupWork[] {
  const unknown = wish.rules.find((type) => !TEMPLATE.rules.some((rule) => rule.type === type));
  if (unknown) throw new OtjError('SETUP_UNFIT', `the template has no rule for ${unknown}`);
  return TEMPLATE.rules
    .filter(({ type }) => wish.rules.includes(type))
    .map(({ type, name, priority }) => {
      const all = rules.filter(
        (rule) => fold(rule.meeting_type) === type && sameObject(rule.mjx_integration, String(refOf(profile))),
      );
      const own = all.find((rule) => rule.enabled !== false);
      if (own) return same('rule', RESOURCE.rules, own.name ?? name, own.id);
      // One that is switched off makes no meeting joinable; it is shown before it is switched on.
      if (all[0]) return changed('rule', RESOURCE.rules, all[0], { enabled: true }, 0);
      // Names of rules are unique over all profiles.
      const fields = {
        name: `${wish.profile.trim()}: ${name}`.slice(0, NAME_MAX),
        description: TEMPLATE.description,
        priority,
        enabled: true,
        meeting_type: type,
        mjx_integration: refOf(profile),
      };
      return made('rule', RESOURCE.rules, fields, {});
    });
}

/** Fields of the template that a set-up can do without where the connected version does not know them. */
const SPARE: ReadonlySet<string> = new Set([
  'description',
  ...Object.keys(TEMPLATE.profile),
  ...Object.values(TEMPLATE.calendars).flatMap(({ fields }) =>
    fields.flatMap(({ field, required, when }) => (required || when ? [] : [field])),
  ),
]);

/**
 * The step without what the connected version does not know, so that nothing is shown or sent that it cannot keep.
 * @param schema null when it could not be read: then all is sent
 * @throws OtjError INFINITY_VERSION when a field is missing that the set-up needs, when it demands one that the template has
 *   not, or does not know a choice; SETUP_UNFIT when a value is too long for it; INFINITY_FORBIDDEN
 */
export function fittedWork(work: SetupWork, schema: ResourceSchema | null): SetupWork {
  if (!schema) return work;
  const { step, fields, readable } = work;
  const isThere = (field: string) => schema.get(field)?.readonly === false;
  const missing = Object.keys(fields).find((field) => !isThere(field) && !SPARE.has(field));
  if (missing) throw new OtjError('INFINITY_VERSION', `its ${step.what} has no field ${missing} that can be written`);
  if (step.action !== 'same' && !schema.mayWrite)
    throw new OtjError('INFINITY_FORBIDDEN', `the schema page of its ${step.what} offers no verb that writes`);
  const only = (all: Record<string, FieldValue>) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([field, value]) => {
        const rule = schema.get(field);
        return rule && isThere(field) ? [[field, fitted(field, value, rule)]] : [];
      }),
    );
  if (step.action === 'create') demand(schema, only(fields));
  const kept = only(readable);
  const shown = step.fields
    .filter(({ field }) => isThere(field))
    .map((one) => (Object.hasOwn(kept, one.field) ? { ...one, after: words(kept[one.field] ?? null) } : one));
  return { ...work, step: { ...step, fields: shown }, fields: only(fields), readable: kept };
}

/** A value may be a secret, so only its field is named. */
function fitted(field: string, value: FieldValue, rule: FieldRule): FieldValue {
  if (typeof value === 'string' && rule.longest !== null && [...value].length > rule.longest)
    throw new OtjError('SETUP_UNFIT', `${field} is longer than the ${rule.longest} characters that this version takes`);
  return chosen(field, value, rule);
}

/** Resource URI of an object that is there; the name of one that is still to be made. */
function refOf({ id, resource, step }: SetupWork): FieldValue {
  return id === null ? step.name : `${resource}${id}/`;
}

function assertName(what: string, name: string): void {
  if (name.trim() === '') throw new OtjError('SETUP_UNFIT', `the name of the ${what} is missing`);
  if ([...name.trim()].length > NAME_MAX)
    throw new OtjError('SETUP_UNFIT', `the name of the ${what} is longer than ${NAME_MAX} characters`);
}

type What = SetupStep['what'];

function same(what: What, resource: Resource, name: string, id: number): SetupWork {
  const step = { what, name, action: 'same', fields: [], touches: 0 } as const;
  return { step: { ...step, fields: [] }, resource, id, fields: {}, readable: {} };
}

function made(
  what: What,
  resource: Resource,
  readable: Record<string, FieldValue>,
  secret: Record<string, string>,
): SetupWork {
  const shown = [...Object.entries(readable), ...Object.keys(secret).map((field) => [field, SECRET] as const)];
  const fields = shown.map(([field, value]) => ({ field, before: null, after: words(value) }));
  const step: SetupStep = { what, name: String(readable.name), action: 'create', fields, touches: 0 };
  return { step, resource, id: null, fields: { ...readable, ...secret }, readable };
}

function changed(
  what: What,
  resource: Resource,
  found: { id: number; name?: string | null | undefined },
  fields: Record<string, FieldValue>,
  touches: number,
): SetupWork {
  const shown = Object.entries(fields).map(([field, value]) => ({
    field,
    before: words(refText(Reflect.get(found, field))),
    after: words(value),
  }));
  const step: SetupStep = { what, name: found.name ?? '', action: 'change', fields: shown, touches };
  return { step, resource, id: found.id, fields, readable: fields };
}

function refText(value: unknown): FieldValue {
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** The part of a resource URI that says something to people. */
function words(value: FieldValue): string {
  return value === null ? '' : String(value).replace(/^.*\/api\/admin\/configuration\/v1\//, '');
}
