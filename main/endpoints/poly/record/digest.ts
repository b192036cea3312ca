/**
 * What the product made of a Poly device, without anything that names a customer: kept with a recording, so that whoever
 * replays it can see whether the same is still made of it.
 */
import { z } from 'zod';
import { asOtjError } from '../../../contract/errors.ts';
import type { Wish } from '../../driver.ts';
import { gateOf } from '../gate.ts';
import { findSet, type PolyMapping } from '../mapping.ts';
import type { PolyFacts } from '../videoos/facts.ts';
import { migrationObstacle } from '../videoos/fit.ts';
import { planMigration } from '../videoos/plan.ts';

export const polyDigestSchema = z.strictObject({
  state: z.string(),
  inCall: z.boolean(),
  rebootNeeded: z.boolean(),
  deviceMode: z.boolean().nullable(),
  provider: z.string().nullable(),
  /** Whether each is told at all; what it is names the device. */
  has: z.strictObject({ mac: z.boolean(), export: z.boolean() }),
  trust: z.strictObject({ validates: z.boolean().nullable(), authority: z.boolean(), unreadable: z.boolean() }),
  provisioning: z.strictObject({ managed: z.boolean().nullable(), server: z.boolean() }),
  calendar: z.strictObject({
    set: z.string().nullable(),
    offered: z.array(z.string()),
    /** By setting: a switch or choice as it is, of anything else whether there is something; null = not told. */
    values: z.record(z.string(), z.union([z.string(), z.boolean()]).nullable()),
    missing: z.array(z.string()),
    conflict: z.boolean(),
    status: z.strictObject({ state: z.string(), words: z.string() }),
  }),
  /** Which things people would be told, and which of them with a warning sign. */
  told: z.array(z.strictObject({ key: z.string(), warn: z.boolean() })),
  /** Whether the first of its kind would be a pilot. */
  pilot: z.boolean(),
  /** Why a move would be refused with nothing accepted; null = it would not. */
  obstacle: z.string().nullable(),
  /** Steps of a move with nothing decided yet. */
  plan: z.array(z.string()),
});

export type PolyDigest = z.infer<typeof polyDigestSchema>;

/** Nothing decided, and a login that no device has. */
const WISH: Wish = {
  mailbox: 'room@example.com',
  login: { username: 'otj-recorded', password: 'recorded' },
  server: 'node.example.com',
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

export function digestOf(mapping: PolyMapping, facts: PolyFacts): PolyDigest {
  const { calendar, trust, provisioning, identity, exportXml } = facts;
  const obstacle = migrationObstacle(mapping, facts, WISH);
  return {
    state: facts.state,
    inCall: facts.inCall,
    rebootNeeded: facts.rebootNeeded,
    deviceMode: facts.deviceMode,
    provider: facts.provider,
    has: { mac: identity.mac !== null, export: exportXml !== null },
    trust: { validates: trust.validates, authority: trust.authority !== null, unreadable: trust.unreadable },
    provisioning: { managed: provisioning.managed, server: provisioning.server !== null },
    calendar: {
      set: calendar.set,
      offered: calendar.offered,
      values: valuesOf(mapping, facts),
      missing: calendar.missing,
      conflict: calendar.conflict !== null,
      status: calendar.status,
    },
    // The clock is right on one day and wrong on another.
    told: facts.told.filter(({ key }) => key !== 'clock').map(({ key, warn }) => ({ key, warn })),
    pilot: gateOf(mapping, facts) !== null,
    obstacle: obstacle ? asOtjError(obstacle).code : null,
    plan: planMigration(mapping, facts, WISH).map(({ id }) => id),
  };
}

/** What of a digest comes from the device, and not from a list of ours. */
export function wordsOf({ state, provider, calendar }: PolyDigest): string[] {
  const values = Object.values(calendar.values).filter((value) => typeof value === 'string');
  return [state, provider ?? '', calendar.status.words, ...calendar.missing, ...values];
}

function valuesOf(mapping: PolyMapping, { calendar }: PolyFacts): PolyDigest['calendar']['values'] {
  const { members = [] } = (calendar.set === null ? undefined : findSet(mapping, calendar.set)) ?? {};
  const types = new Map(members.map(({ name, type }) => [name, type]));
  const shown = (name: string, value: string | null) =>
    value === null || ['bool', 'choice'].includes(types.get(name) ?? '') ? value : value.trim() !== '';
  return Object.fromEntries(Object.entries(calendar.values).map(([name, value]) => [name, shown(name, value)]));
}
