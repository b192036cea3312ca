/**
 * What the product made of a codec, without anything that names a customer: kept with a recording, so that whoever replays
 * it can see whether the same is still made of it.
 */
import { z } from 'zod';
import type { Wish } from '../../driver.ts';
import { troubleOf } from '../facts/users.ts';
import type { CiscoFacts } from '../facts.ts';
import { plan } from '../plan.ts';

const word = z.string().nullable();

export const codecDigestSchema = z.strictObject({
  generation: z.string(),
  inCall: z.boolean(),
  starting: z.boolean(),
  settings: z.record(z.string(), word),
  /** In the codec's order; null when it shows none to this login. */
  macros: z
    .array(
      z.strictObject({
        /** Not bytes: an address may have a shorter stand-in. */
        lines: z.number(),
        active: z.boolean(),
        verdict: z.string(),
        score: z.number(),
        reasons: z.number(),
      }),
    )
    .nullable(),
  users: z.array(z.strictObject({ roles: z.array(z.string()), trouble: z.array(z.string()) })).nullable(),
  panels: z.number(),
  bookings: z.number(),
  allowedHosts: z.number().nullable(),
  ntp: word,
  provisioning: z.strictObject({ mode: word, status: word, manager: word, webex: word, upgrade: word }),
  /** Which things people would be told, and which of them with a warning sign. */
  told: z.array(z.strictObject({ key: z.string(), warn: z.boolean() })),
  /** Steps of a move with nothing decided yet; macros by their place in the list. */
  plan: z.array(z.string()),
});

export type CodecDigest = z.infer<typeof codecDigestSchema>;

/** Nothing decided, and an account name that no codec has. */
const WISH: Wish = {
  mailbox: 'room@example.com',
  login: { username: 'otj-recorded', password: '' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

export function digestOf(facts: CiscoFacts): CodecDigest {
  const { outside, macros, judgements, users, allowedHosts } = facts;
  return {
    generation: facts.firmware.name,
    inCall: facts.inCall,
    starting: facts.starting,
    settings: { ...facts.settings },
    macros:
      macros?.map(({ content, active }, at) => {
        const { verdict = 'other', score = 0, reasons = [] } = judgements[at] ?? {};
        return { lines: content.split('\n').length, active, verdict, score, reasons: reasons.length };
      }) ?? null,
    users: users?.map((user) => ({ roles: user.roles, trouble: troubleOf(user) })) ?? null,
    panels: facts.panels.length,
    bookings: facts.bookings.ids.length,
    allowedHosts: allowedHosts?.length ?? null,
    ntp: facts.ntp.status,
    provisioning: {
      mode: outside.mode,
      status: outside.status,
      manager: outside.manager?.name ?? null,
      webex: outside.webex.status,
      upgrade: outside.upgrade,
    },
    // The clock is right on one day and wrong on another.
    told: facts.told.filter(({ key }) => key !== 'clock').map(({ key, warn }) => ({ key, warn })),
    plan: plan(facts, WISH, null).map(({ id }) => withoutNames(id, facts)),
  };
}

/** What of a digest comes from the codec, and not from a list of ours. */
export function wordsOf({ settings, provisioning, ntp, users }: CodecDigest): string[] {
  const values = [ntp, ...Object.values(settings), ...Object.values(provisioning)];
  return [...values.filter((value) => value !== null), ...(users ?? []).flatMap(({ roles }) => roles)];
}

function withoutNames(stepId: string, { macros }: CiscoFacts): string {
  const [kind, ...name] = stepId.split(':');
  const place = (macros ?? []).findIndex((macro) => macro.name === name.join(':'));
  return place < 0 ? stepId : `${kind}:#${place}`;
}
