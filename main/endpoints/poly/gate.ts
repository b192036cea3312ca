/** What of a Poly mapping is not confirmed for a device, and what a confirmed pilot is worth to others. Pure. */
import type { Gate } from '../driver.ts';
import { findSet, isConfirmed, type PolyMapping, versionOf } from './mapping.ts';
import type { PolyFacts } from './videoos/facts.ts';

/**
 * One gate for each family, model, software and set of names: what is seen on one such device holds for the others.
 * Null where the data file has it as confirmed, and where the device offers no set, because then nothing is written.
 */
export function gateOf(mapping: PolyMapping, { identity, calendar }: PolyFacts): Gate | null {
  const set = calendar.set === null ? undefined : findSet(mapping, calendar.set);
  if (!set || isConfirmed(set, identity)) return null;
  const { model, software } = identity;
  return {
    key: [mapping.family, model, software, set.id].join('|'),
    title: `${model} ${software}, settings ${set.id}.*`,
    about: { family: mapping.family, model, software, set: set.id },
  };
}

/** What a confirmed pilot adds to `confirmed` of a set in the data file of its family. */
export interface Contribution {
  family: string;
  set: string;
  confirmed: { models: string; from: string; to: string; source: string };
}

/**
 * The contribution of one pilot: no room, address, serial number or name of a person is in it.
 * @param day ISO date; @returns null for a pilot that is none of Poly's, or whose software has no number
 */
export function contributionOf(about: Readonly<Record<string, string>>, day: string): Contribution | null {
  const { family, model, software = '', set } = about;
  const version = versionOf(software);
  if (!family?.startsWith('poly-') || !model || !set || !version) return null;
  const models = `^${model.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  return { family, set, confirmed: { models, from: version, to: version, source: `pilot ${day}` } };
}
