/** The driver of RealPresence Group 300, 310, 500, 550 and 700: REST first, else the command line. */
import type { Driver } from '../../driver.ts';
import { polyDriver } from '../driver.ts';
import { groupMapping } from '../mapping.ts';
import type { PolyFacts } from '../videoos/facts.ts';
import { OPEN, openGroup } from './connect.ts';

export const polyGroup: Driver<PolyFacts> = polyDriver({
  family: 'poly-group',
  mapping: groupMapping,
  open: openGroup,
  other: (way, target) =>
    way.link.transport === 'https' && target.transport === 'auto' ? (signal) => OPEN.ssh(target, signal) : null,
});
