/**
 * One-Touch Join on Infinity for a site where it is not configured yet, from the template: shown, confirmed, written, read
 * back. The plan is made anew before each write from what is there then, so that it can be cut off and run again; and a step
 * that a person has not seen is never done.
 */
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import type { SetupOffer, SetupStep, SetupWish } from '../contract/infinity.ts';
import type { InfinityClient } from '../infinity/client.ts';
import { CALENDAR_RESOURCE, named } from '../infinity/deployment.ts';
import { listEntries } from '../infinity/endpoints.ts';
import { fold } from '../infinity/entry.ts';
import { idFromLocation, objectPath, RESOURCE, sameObject } from '../infinity/paths.ts';
import {
  DeploymentSchema,
  type FieldValue,
  GroupSchema,
  LocationSchema,
  ProfileSchema,
  RuleSchema,
} from '../infinity/resources.ts';
import { fittedWork, planSetup, type SetupState, type SetupWork, TEMPLATE } from '../infinity/template.ts';
import { id, reference, text } from '../infinity/tolerant.ts';
import type { Site } from '../site/site.ts';
import { connectInfinity } from './infinityLink.ts';

/** What a person can choose from. Throws INFINITY_NOT_SET, CREDENTIAL_MISSING, and as InfinityClient does. */
export async function setupOffer(site: Site, signal: AbortSignal): Promise<SetupOffer> {
  return withClient(site, signal, async (client) => {
    const { locations, groups, profiles } = await stateOf(client, null);
    const nameOf = (uri: string | null | undefined, all: SetupState['locations']) =>
      all.find(({ resource_uri }) => sameObject(resource_uri, uri))?.name ?? null;
    return {
      locations: locations.flatMap(({ name }) => name ?? []),
      groups: groups.map(({ name, mjx_integration, system_location }) => ({
        name: name ?? '',
        profile: nameOf(mjx_integration, profiles),
        location: nameOf(system_location, locations),
      })),
      profiles: profiles.map(({ name, ...one }) => ({
        name: name ?? '',
        hasCalendar: [one.graph_deployment, one.exchange_deployment, one.google_deployment].some(Boolean),
      })),
      ...templateOffer(),
    };
  });
}

/** The part of the offer that needs no server. */
export function templateOffer(): Pick<SetupOffer, 'calendars' | 'rules'> {
  const { calendars, rules } = TEMPLATE;
  return {
    calendars: (['graph', 'exchange', 'google'] as const).map((kind) => ({
      kind,
      fields: calendars[kind].fields.map(({ field, required, value = '', choices = [] }) => ({
        field,
        required,
        value,
        choices,
      })),
      secret: calendars[kind].secret.field,
    })),
    rules: rules.map(({ type, name, chosen }) => ({ type, name, chosen })),
  };
}

/** What would be written; writes nothing. Throws what planSetup and InfinityClient throw. */
export async function previewSetup(site: Site, wish: SetupWish, signal: AbortSignal): Promise<SetupStep[]> {
  return withClient(site, signal, async (client) => (await planned(client, wish)).map(({ step }) => step));
}

export interface ApplyOptions {
  wish: SetupWish;
  /** The steps as the person has seen them. */
  confirmed: readonly SetupStep[];
  signal: AbortSignal;
  /** Told of each step once it is read back. */
  done?(step: SetupStep): void;
}

/**
 * @returns how everything is now; the site's endpoint group is the one of the wish
 * @throws OtjError SETUP_CROSSED (Infinity is not as it was shown; nothing more is written), NOT_CONFIRMED, and what
 *   planSetup and InfinityClient throw
 */
export async function applySetup(site: Site, { wish, confirmed, signal, done }: ApplyOptions): Promise<SetupStep[]> {
  return withClient(site, signal, async (client) => {
    const seen = new Map(confirmed.map((step) => [keyOf(step), step]));
    for (;;) {
      const works = await planned(client, wish);
      const next = works.find(({ step }) => step.action !== 'same');
      if (!next) {
        const { infinity } = site.settings;
        if (infinity) site.saveSettings({ infinity: { ...infinity, group: wish.group.trim() } });
        return works.map(({ step }) => step);
      }
      const shown = seen.get(keyOf(next.step));
      if (!shown || !agrees(shown, next.step))
        throw new OtjError('SETUP_CROSSED', `${next.step.what} "${next.step.name}" is not as it was shown`);
      await write(client, next);
      // Done once is enough: were it to come up again, something undoes it.
      seen.delete(keyOf(next.step));
      done?.(next.step);
    }
  });
}

/** The plan as the connected version takes it. */
async function planned(client: InfinityClient, wish: SetupWish): Promise<SetupWork[]> {
  const works = planSetup(await stateOf(client, wish), wish);
  return Promise.all(works.map(async (work) => fittedWork(work, await client.schema(work.resource))));
}

/** Writes one object and believes it only after reading it back. */
async function write(client: InfinityClient, { resource, id, fields, readable, step }: SetupWork): Promise<void> {
  const made = id ?? (await create(client, { resource, fields, name: step.name }));
  if (id !== null) await client.patch(objectPath(`${resource}${id}/`), fields);
  const now = await client.get(objectPath(`${resource}${made}/`), AnySchema);
  if (!now) throw new OtjError('NOT_CONFIRMED', `${step.what} "${step.name}" cannot be read back`);
  const left = Object.entries(readable).filter(([field, value]) => !isSo(now, field, value));
  if (left.length > 0)
    throw new OtjError('NOT_CONFIRMED', `${step.what} "${step.name}": ${left.map(([field]) => field).join(', ')}`);
}

const AnySchema = z.looseObject({ id });
const NamedSchema = z.looseObject({ id, name: text });

type Creation = Pick<SetupWork, 'resource' | 'fields'> & { name: string };

/** A creation whose reply was lost is looked for by its name before anything else. */
async function create(client: InfinityClient, { resource, fields, name }: Creation): Promise<number> {
  try {
    return await client.post(resource, fields);
  } catch (thrown) {
    const unknown =
      thrown instanceof OtjError && (thrown.code === 'INFINITY_UNREACHABLE' || thrown.code === 'INFINITY_ODD');
    if (!unknown) throw thrown;
    const all = await client.list(resource, NamedSchema).catch(() => {
      throw thrown;
    });
    const found = named(all, name);
    if (!found) throw thrown;
    return found.id;
  }
}

function isSo(now: Record<string, unknown>, field: string, wanted: FieldValue): boolean {
  const value = Reflect.get(now, field);
  if (typeof wanted === 'string' && /\/\d+\/$/.test(wanted)) {
    const resource = Object.values(RESOURCE).find((one) => sameObject(`${one}${idFromLocation(wanted)}/`, wanted));
    return sameObject(reference(resource ?? null).parse(value), wanted);
  }
  if (typeof wanted === 'string' && UUID.test(wanted)) return fold(String(value ?? '')) === fold(wanted);
  // also where numbers and truth values come back as texts
  return value === wanted || (typeof wanted !== 'string' && String(value ?? '').toLowerCase() === String(wanted));
}

/** Written in either case. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function stateOf(client: InfinityClient, wish: SetupWish | null): Promise<SetupState> {
  const kind = wish?.calendar?.kind;
  const [locations, groups, profiles, rules, calendars, entries] = await Promise.all([
    client.list(RESOURCE.locations, LocationSchema),
    client.list(RESOURCE.groups, GroupSchema),
    client.list(RESOURCE.profiles, ProfileSchema),
    client.list(RESOURCE.rules, RuleSchema),
    kind ? client.list(CALENDAR_RESOURCE[kind], DeploymentSchema) : [],
    wish ? listEntries(client) : [],
  ]);
  const endpoints = (uri: string) => entries.filter((entry) => sameObject(entry.mjx_endpoint_group, uri)).length;
  return { locations, groups, profiles, rules, calendars, endpoints };
}

function keyOf({ what, name, action }: SetupStep): string {
  return JSON.stringify([what, name, action]);
}

/** References that were names when they were shown are URIs once their object is made. */
function agrees(shown: SetupStep, now: SetupStep): boolean {
  return now.fields.every(({ field, before, after }) => {
    const one = shown.fields.find((other) => other.field === field);
    if (!one || one.before !== before) return false;
    return one.after === after || (REFERENCE.test(after) && !REFERENCE.test(one.after));
  });
}

const REFERENCE = /^[a-z_]+\/\d+\/$/;

async function withClient<T>(
  site: Site,
  signal: AbortSignal,
  work: (client: InfinityClient) => Promise<T>,
): Promise<T> {
  const client = connectInfinity(site, signal);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
