/** What of a Poly mapping is not confirmed for a device, and what a confirmed pilot is worth to others. Pure. */
import type { Gate } from '../driver.ts';
import { findSet, groupMapping, isConfirmed, type PolyMapping, versionOf, type WayKind, wayKind } from './mapping.ts';
import type { PolyFacts } from './videoos/facts.ts';

/**
 * One gate for each family, model, software, set of names and way in: what is seen on one such device holds for the others.
 * That the commands of a command line work says nothing of the names of REST. Where there is one way only, the key does
 * without it, so that pilots of sites from before ways were told apart are still known; those of a Group confirm neither.
 * Null where the data file has it as confirmed, and where the device offers no set, because then nothing is written.
 */
export function gateOf(mapping: PolyMapping, { identity, calendar, way }: PolyFacts): Gate | null {
  const set = calendar.set === null ? undefined : findSet(mapping, calendar.set);
  if (!set || isConfirmed(set, identity, way)) return null;
  const { model, software } = identity;
  const several = hasCommandLine(mapping);
  return {
    key: [mapping.family, model, software, set.id, ...(several ? [way] : [])].join('|'),
    title: `${model} ${software}, settings ${set.id}.*${several ? (way === 'cli' ? ' by command line' : ' by REST') : ''}`,
    about: { family: mapping.family, model, software, set: set.id, way },
  };
}

function hasCommandLine({ registration }: PolyMapping): boolean {
  return registration.command !== undefined;
}

/** What a confirmed pilot adds to `confirmed` of a set in the data file of its family. */
export interface Contribution {
  family: string;
  set: string;
  confirmed: { models: string; from: string; to: string; way: WayKind; source: string };
}

/**
 * The contribution of one pilot: no room, address, serial number or name of a person is in it.
 * @param day ISO date; @returns null for a pilot that is none of Poly's, whose software has no number, or of a Group from
 *   before its way was kept
 */
export function contributionOf(about: Readonly<Record<string, string>>, day: string): Contribution | null {
  const { family, model, software = '', set, way: told } = about;
  const version = versionOf(software);
  const way = wayKind.safeParse(told ?? (family === groupMapping.family ? undefined : 'rest')).data;
  if (!family?.startsWith('poly-') || !model || !set || !version || !way) return null;
  const models = `^${model.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  return { family, set, confirmed: { models, from: version, to: version, way, source: `pilot ${day}` } };
}
