/** A way into any Poly device that a program can speak to, for work that is no migration. */
import type { DrivenFamily, Family } from '../../contract/plan.ts';
import type { EndpointTarget } from '../driver.ts';
import type { LinkTap } from '../transports/tap.ts';
import { openGroup } from './group/connect.ts';
import { groupMapping, type PolyMapping, trioMapping, videoosMapping } from './mapping.ts';
import { openTrioWay } from './trio/driver.ts';
import { openVideoOs } from './videoos/driver.ts';
import type { PolyWay } from './way.ts';

export type PolyFamilyName = Exclude<DrivenFamily, 'cisco-roomos'>;

type OpenPoly = (target: EndpointTarget, signal: AbortSignal, tap?: LinkTap) => Promise<PolyWay>;

const OPEN: Record<PolyFamilyName, OpenPoly> = {
  'poly-videoos': openVideoOs,
  'poly-group': openGroup,
  'poly-trio': openTrioWay,
};

export const MAPPINGS: Readonly<Record<PolyFamilyName, PolyMapping>> = {
  'poly-videoos': videoosMapping,
  'poly-group': groupMapping,
  'poly-trio': trioMapping,
};

export function isDrivenPoly(family: Family | null): family is PolyFamilyName {
  return family !== null && Object.hasOwn(OPEN, family);
}

/** Logs in, one try in all. @param tap listens in on the connection. Throws what the way throws. */
export function openPoly(
  family: PolyFamilyName,
  target: EndpointTarget,
  signal: AbortSignal,
  tap?: LinkTap,
): Promise<PolyWay> {
  return OPEN[family](target, signal, tap);
}
