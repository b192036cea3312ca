/**
 * Names, limits and spellings of a Poly family's settings, read from a data file, with the evidence for each.
 * Which of the candidate sets a device really has is found out by asking the device, never guessed.
 */
import { z } from 'zod';
import videoosData from '../../../assets/poly-settings/videoos.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';

const evidence = z.enum(['seen', 'assumed']);

/** What a setting means to One-Touch Join. */
const role = z.enum([
  'enabled',
  'server',
  'mailbox',
  'domain',
  'username',
  'password',
  'protocol',
  'oauth',
  'reuseLogin',
]);
export type Role = z.infer<typeof role>;

/** Roles whose value comes from what Infinity wants; the others have a fixed value in the file. */
const WISHED_ROLES: readonly Role[] = ['enabled', 'server', 'mailbox', 'username', 'password'];

const memberSchema = z.strictObject({
  role,
  name: z.string().min(1),
  /** How values are compared: `host` and `mail` ignore case, `bool` knows the spellings, `secret` cannot be read. */
  type: z.enum(['bool', 'host', 'mail', 'text', 'choice', 'secret']),
  /** Longest value, characters. */
  maxLength: z.number().int().positive().optional(),
  /** The value that is always written. */
  fixed: z.string().optional(),
  /** The set counts as complete without it; it is written only where the device offers it. */
  optional: z.boolean().optional(),
  evidence,
  source: z.string(),
});
export type Member = z.infer<typeof memberSchema>;

const setSchema = z
  .strictObject({
    id: z.string().min(1),
    evidence,
    source: z.string(),
    note: z.string(),
    /** Models and versions on which a technician saw it work. */
    verifiedOn: z.array(z.string()),
    true: z.string(),
    false: z.string(),
    members: z.array(memberSchema),
  })
  .superRefine((set, context) => {
    const roles = set.members.map((member) => member.role);
    for (const wished of WISHED_ROLES)
      if (!roles.includes(wished)) context.addIssue({ code: 'custom', message: `${set.id}: no ${wished}` });
    if (new Set(roles).size !== roles.length) context.addIssue({ code: 'custom', message: `${set.id}: a role twice` });
    if (new Set(set.members.map((member) => member.name.toLowerCase())).size !== set.members.length)
      context.addIssue({ code: 'custom', message: `${set.id}: a name twice` });
    for (const member of set.members) {
      if (WISHED_ROLES.includes(member.role) === (member.fixed !== undefined))
        context.addIssue({ code: 'custom', message: `${member.name}: value must come from one place` });
      if ((member.type === 'secret') !== (member.role === 'password'))
        context.addIssue({ code: 'custom', message: `${member.name}: only the password is secret` });
      if (WISHED_ROLES.includes(member.role) && member.optional)
        context.addIssue({ code: 'custom', message: `${member.name}: cannot be optional` });
    }
  });
export type NameSet = z.infer<typeof setSchema>;

const mappingSchema = z
  .strictObject({
    family: z.string(),
    /** Case-insensitive pattern that a model name of this family matches. */
    models: z.string().min(1),
    sources: z.record(z.string(), z.string()),
    /** Settings that tell whether a management server provisions the device. */
    provisioning: z.strictObject({ enabled: z.string(), server: z.string(), evidence, source: z.string() }),
    /** Attribute of the provisioning export that holds the calendar server, for the cross-check. */
    exportServer: z.strictObject({ name: z.string(), evidence, source: z.string() }),
    /** Candidates; the first one that the device offers completely is used. */
    sets: z.array(setSchema).min(1),
  })
  .superRefine((mapping, context) => {
    const named = [
      mapping.provisioning.source,
      mapping.exportServer.source,
      ...mapping.sets.flatMap((set) => [set.source, ...set.members.map((member) => member.source)]),
    ];
    for (const source of named)
      if (!Object.hasOwn(mapping.sources, source))
        context.addIssue({ code: 'custom', message: `source ${source} is not listed` });
  });
export type PolyMapping = z.infer<typeof mappingSchema>;

/**
 * Reads a mapping file.
 * @throws OtjError INTERNAL when the data does not fit, since the file is part of the product
 */
export function loadMapping(data: unknown): PolyMapping {
  const parsed = mappingSchema.safeParse(data);
  if (!parsed.success) throw new OtjError('INTERNAL', `Poly setting map: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Settings of Studio X, G7500 and G62. */
export const videoosMapping: PolyMapping = loadMapping(videoosData);

/** A set by its id; undefined for an id that this version of the file does not know. */
export function findSet(mapping: PolyMapping, id: string): NameSet | undefined {
  return mapping.sets.find((set) => set.id === id);
}

/** The one member of a role; the schema makes sure that the roles asked for here exist. */
export function memberOf(set: NameSet, wanted: 'enabled' | 'server' | 'mailbox' | 'username' | 'password'): Member {
  const member = set.members.find((candidate) => candidate.role === wanted);
  if (!member) throw new OtjError('INTERNAL', `set ${set.id} has no ${wanted}`);
  return member;
}

const TRUE_WORDS = ['true', '1', 'on', 'yes', 'enabled'];
const FALSE_WORDS = ['false', '0', 'off', 'no', 'disabled'];

/** A switch as the device spells it; undefined for anything else. */
export function readSwitch(value: string | null | undefined): boolean | undefined {
  const word = value?.trim().toLowerCase();
  if (word === undefined) return undefined;
  return TRUE_WORDS.includes(word) ? true : FALSE_WORDS.includes(word) ? false : undefined;
}

/** Whether two readings of a setting mean the same; a value that is not there equals an empty text. */
export function sameValue(type: Member['type'], left: string | null, right: string | null): boolean {
  const [a, b] = [(left ?? '').trim(), (right ?? '').trim()];
  if (a === b) return true;
  if (type === 'bool') return readSwitch(a) !== undefined && readSwitch(a) === readSwitch(b);
  return type !== 'text' && type !== 'secret' && a.toLowerCase() === b.toLowerCase();
}
