/** Data of plans and progress, as they are stored, shown and printed. No logic. */
import { z } from 'zod';

/** `poly-hdx` and `poly-debut` are moved by a person: no driver speaks to them. */
const FAMILIES = ['cisco-roomos', 'poly-videoos', 'poly-group', 'poly-trio', 'poly-hdx', 'poly-debut'] as const;
export const familySchema = z.enum(FAMILIES);
export type Family = z.infer<typeof familySchema>;

/** Whether devices of this family are moved by a person, with a printed recipe. */
export function isByHand(family: Family | null | undefined): family is 'poly-hdx' | 'poly-debut' {
  return family === 'poly-hdx' || family === 'poly-debut';
}

/** Families that a driver speaks to, and so need a login. */
export const drivenFamilySchema = familySchema.exclude(['poly-hdx', 'poly-debut']);
export type DrivenFamily = z.infer<typeof drivenFamilySchema>;

/** Whether devices of this family fetch their meetings from a Conferencing Node, as all of Poly do. */
export function isPoly(family: Family | null | undefined): boolean {
  return family?.startsWith('poly-') ?? false;
}

/**
 * The seven states of a room. A room is always in exactly one; `in progress` with no run alive means that
 * a run was interrupted.
 */
export const ROOM_STATES = [
  'not started',
  'ready',
  'in progress',
  'migrated',
  'awaiting sync',
  'needs attention',
  'undone',
] as const;
export const roomStateSchema = z.enum(ROOM_STATES);
export type RoomState = z.infer<typeof roomStateSchema>;

/** Kinds of work that only a person can do. */
export const MANUAL_KINDS = [
  /** Taking the endpoint out of One-Touch Join in Pexip Control Center: there is no public API for it. */
  'service-portal',
  /** Setting the endpoint up in Pexip Control Center again, after an undo of a room that was taken out there. */
  'service-again',
  /** Typing the former password of an entry that was on Infinity before us: it cannot be read back. */
  'infinity-password',
  /** Removing an entry on Infinity that a person had made there without the API. */
  'infinity-entry',
  /** Making the room's Infinity entry one of type WEBEX, with the id that the device told. */
  'webex-entry',
  /** Telling the management system of the device not to put the old macro, account or settings back. */
  'manager',
  /** Giving Infinity's account a new passphrase before the codec's policy ends this one, or taking the policy back. */
  'passphrase-end',
  /** Setting the calendar up on a device that no driver speaks to, by its recipe. */
  'device-by-hand',
  /** Giving such a device its old calendar back, after an undo. */
  'device-back-by-hand',
] as const;
export type ManualKind = (typeof MANUAL_KINDS)[number];

/** One setting as it is and as it will be. `null` = not there. Secrets are shown as a word, never a value. */
export const changeSchema = z.object({
  setting: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Why this is to be changed, where that was a judgement. */
  why: z.string().optional(),
});
export type Change = z.infer<typeof changeSchema>;

/** The order in which steps of any family run. `entry` is Infinity's own; `cutover` ends the old service. */
export const STAGES = ['check', 'backup', 'access', 'entry', 'cutover', 'proof'] as const;

export const plannedStepSchema = z.object({
  /** Stable within a room, e.g. `macro.remove:otj-macro`. */
  id: z.string(),
  stage: z.enum(STAGES),
  title: z.string(),
  /** Empty for read-only steps. */
  changes: z.array(changeSchema),
  /** A check whose title a person should read before the work. */
  notable: z.literal(true).exactOptional(),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;
