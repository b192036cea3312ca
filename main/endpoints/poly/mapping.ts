/**
 * Names, limits and spellings of a Poly family's settings, read from a data file, with the evidence for each.
 * Which of the candidate sets a device really has is found out by asking the device, never guessed.
 */
import { z } from 'zod';
import groupData from '../../../assets/poly-settings/group.json' with { type: 'json' };
import trioData from '../../../assets/poly-settings/trio.json' with { type: 'json' };
import videoosData from '../../../assets/poly-settings/videoos.json' with { type: 'json' };
import { OtjError } from '../../contract/errors.ts';
import { type Family, familySchema } from '../../contract/plan.ts';

const evidence = z.enum(['seen', 'assumed']);

/** A numeric version such as `4.2.0`; of a longer text the first one counts (`Release - 6.2.2.8-670021`). */
const version = z.string().regex(/^\d+(\.\d+)*$/);

/** For which devices something holds: both absent = for every model and every version of the family. */
const devices = z.strictObject({
  /** Case-insensitive pattern that the model name matches. */
  models: pattern().optional(),
  /** Versions from and to this one, both included; of a shorter version all that begin with it. */
  from: version.optional(),
  to: version.optional(),
});
export type Devices = z.infer<typeof devices>;

function pattern() {
  return z.string().min(1).refine(isPattern, 'is no pattern');
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'i');
    return true;
  } catch {
    return false;
  }
}

/** How the settings were spoken of: names over REST, or the commands of a command line. */
export const wayKind = z.enum(['rest', 'cli']);
export type WayKind = z.infer<typeof wayKind>;

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
  // Of the calendar and not of One-Touch Join: saved, never changed by a move, and put back by an undo.
  'kept',
]);
export type Role = z.infer<typeof role>;

/** Roles whose value comes from what Infinity wants; the others have a fixed value in the file, but for those that are kept. */
const WISHED_ROLES: readonly Role[] = ['enabled', 'server', 'mailbox', 'username', 'password'];

const memberSchema = z.strictObject({
  role,
  name: z.string().min(1),
  /** How values are compared: `host` and `mail` ignore case, `bool` knows the spellings, `secret` cannot be read. */
  type: z.enum(['bool', 'host', 'mail', 'text', 'choice', 'secret']),
  /** Longest value, characters. */
  maxLength: z.number().int().positive().optional(),
  /** The value as this family wants it, with `{}` for what is wished, such as a whole URL around the server's name. */
  form: z.string().regex(/\{\}/).optional(),
  /** The value that is always written. */
  fixed: z.string().optional(),
  /** The set counts as complete without it; it is written only where the device offers it. */
  optional: z.boolean().optional(),
  /** A device may leave it out of what it reads although it has it: a secret is then no missing name. */
  unread: z.boolean().optional(),
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
    /** Devices that may have these names; they are asked all the same. */
    on: devices,
    /**
     * Models, versions and way on which technicians saw it work to the end, from the contributions of their sites. On every
     * other device the first of its model and version is a pilot.
     */
    confirmed: z.array(
      devices.extend({ models: pattern(), from: version, to: version, way: wayKind, source: z.string() }),
    ),
    true: z.string(),
    false: z.string(),
    members: z.array(memberSchema),
  })
  .superRefine((set, context) => {
    const roles: readonly Role[] = set.members.map((member) => member.role).filter((one) => one !== 'kept');
    for (const wished of WISHED_ROLES)
      if (!roles.includes(wished)) context.addIssue({ code: 'custom', message: `${set.id}: no ${wished}` });
    if (new Set(roles).size !== roles.length) context.addIssue({ code: 'custom', message: `${set.id}: a role twice` });
    if (new Set(set.members.map((member) => member.name.toLowerCase())).size !== set.members.length)
      context.addIssue({ code: 'custom', message: `${set.id}: a name twice` });
    for (const member of set.members) {
      const hasFixed = !WISHED_ROLES.includes(member.role) && member.role !== 'kept';
      if (hasFixed !== (member.fixed !== undefined))
        context.addIssue({ code: 'custom', message: `${member.name}: value must come from one place` });
      if ((member.type === 'secret') !== (member.role === 'password'))
        context.addIssue({ code: 'custom', message: `${member.name}: only the password is secret` });
      if (member.unread && member.type !== 'secret')
        context.addIssue({ code: 'custom', message: `${member.name}: only a secret may be left out of a reading` });
      if (WISHED_ROLES.includes(member.role) && member.optional)
        context.addIssue({ code: 'custom', message: `${member.name}: cannot be optional` });
      if (member.role === 'kept' && !member.optional)
        context.addIssue({ code: 'custom', message: `${member.name}: must be optional, since nothing depends on it` });
    }
  });
export type NameSet = z.infer<typeof setSchema>;

/** `registered` is the only proof; see `status.ts` for what the others mean. */
const judged = z.record(z.string(), z.enum(['registered', 'underway', 'refused', 'down', 'unavailable', 'off']));

/** What the device's words on its calendar mean, by where they stand. A word that is not listed proves nothing. */
const registration = z.strictObject({
  /** `status` of `GET /rest/calendar`: words that stand for themselves. */
  service: judged.optional(),
  /** States of the row `system.status.calendar` of `GET /rest/system/status`. */
  row: judged.optional(),
  /** Answers of a command line. */
  command: judged.optional(),
  evidence,
  source: z.string(),
  note: z.string().optional(),
});
export type Registration = z.infer<typeof registration>;

const mappingSchema = z
  .strictObject({
    family: familySchema,
    /** Case-insensitive pattern that a model name of this family matches. */
    models: pattern(),
    sources: z.record(z.string(), z.string()),
    /** Settings that tell whether a management server provisions the device. */
    provisioning: z.strictObject({
      enabled: z.string(),
      server: z.string(),
      /** What the device's row on it proves, by the words of the row; a word that is not listed proves nothing. */
      states: z.record(z.string(), z.boolean()).optional(),
      evidence,
      source: z.string(),
      note: z.string().optional(),
    }),
    /**
     * Settings that tell whether the device checks the certificate of the calendar server, and the slots of the authorities
     * installed on it. Where `ignore` is on, it does not check whatever `validate` says.
     */
    trust: z
      .strictObject({
        validate: z.string(),
        ignore: z.string().optional(),
        authorities: z.array(z.string()).min(1),
        evidence,
        source: z.string(),
        note: z.string().optional(),
      })
      .optional(),
    /** Attribute of the provisioning export that holds the calendar server, for the cross-check. */
    exportServer: z.strictObject({ name: z.string(), evidence, source: z.string() }).optional(),
    registration,
    /** Present where written settings take effect only with a restart: `always`, or where the device `asked` for it. */
    restart: z
      .strictObject({ when: z.enum(['always', 'asked']), evidence, source: z.string(), note: z.string() })
      .optional(),
    /** Candidates; the first one that the device offers completely is used. */
    sets: z.array(setSchema).min(1),
  })
  .superRefine((mapping, context) => {
    const named = [
      mapping.provisioning.source,
      mapping.registration.source,
      ...[mapping.exportServer, mapping.trust, mapping.restart].flatMap((part) => part?.source ?? []),
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
/** Settings of RealPresence Group. */
export const groupMapping: PolyMapping = loadMapping(groupData);
/** Settings of Trio. */
export const trioMapping: PolyMapping = loadMapping(trioData);

/** The family that a model is of, by the patterns of the maps; null for a model that none or several of them know. */
export function familyOfModel(model: string): Family | null {
  const found = [videoosMapping, groupMapping, trioMapping].filter(({ models }) => new RegExp(models, 'i').test(model));
  return found.length === 1 ? (found[0]?.family ?? null) : null;
}

/** Whether this device is among those. A version that cannot be read is in no range that has an end. */
export function isAmong({ models, from, to }: Devices, device: { model: string; software: string }): boolean {
  if (models !== undefined && !new RegExp(models, 'i').test(device.model)) return false;
  if (from === undefined && to === undefined) return true;
  const numbers = versionOf(device.software)?.split('.').map(Number);
  if (!numbers) return false;
  const compared = (bound: string) => {
    const parts = bound.split('.').map(Number);
    const at = parts.findIndex((part, index) => part !== (numbers[index] ?? 0));
    return at < 0 ? 0 : Math.sign((numbers[at] ?? 0) - (parts[at] ?? 0));
  };
  return (from === undefined || compared(from) >= 0) && (to === undefined || compared(to) <= 0);
}

/** The number in a device's words on its software: `6.2.2.8` of `Release - 6.2.2.8-670021`; null when there is none. */
export function versionOf(software: string): string | null {
  return /\d+(?:\.\d+)+/.exec(software)?.[0] ?? null;
}

/** Whether technicians have seen this set work to the end on this model and version, spoken to in this way. */
export function isConfirmed(set: NameSet, device: { model: string; software: string }, way: WayKind): boolean {
  return set.confirmed.some((range) => range.way === way && isAmong(range, device));
}

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

/** How values of a setting are compared, by its name in any set; undefined for a name that is in none. */
export function typeOf(mapping: PolyMapping, name: string): Member['type'] | undefined {
  const wanted = name.toLowerCase();
  return mapping.sets.flatMap(({ members }) => members).find((member) => member.name.toLowerCase() === wanted)?.type;
}

/** A switch in the words of the set that has it; any other value as it is. */
export function spelt(mapping: PolyMapping, name: string, value: string): string {
  const wanted = name.toLowerCase();
  const on = readSwitch(value);
  const isIt = ({ type, ...member }: Member) => type === 'bool' && member.name.toLowerCase() === wanted;
  const set = on === undefined ? undefined : mapping.sets.find(({ members }) => members.some(isIt));
  return set ? (on ? set.true : set.false) : value;
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
