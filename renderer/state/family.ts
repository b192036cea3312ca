/** What kinds of devices have in common. Its own, since the contract gives the window types and no code. */
import type { Family } from '../../main/contract/plan.ts';

/** Whether devices of this family fetch their meetings from a Conferencing Node, as all of Poly do. */
export function isPoly(family: Family | null | undefined): boolean {
  return family?.startsWith('poly-') ?? false;
}
