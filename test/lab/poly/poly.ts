import type { LabDevice, StartAnyPoly } from '../types.ts';
import { startPolyGroup } from './group.ts';
import { startPolyOld } from './old.ts';
import { startPolyTrio } from './trio.ts';
import { startPolyVideoOs } from './videoos.ts';

/** Any Poly device of the lab, by the kind that its description names. */
export const startPoly: StartAnyPoly = (spec, world): Promise<LabDevice> => {
  switch (spec.kind) {
    case 'poly-videoos':
      return startPolyVideoOs(spec, world);
    case 'poly-group':
      return startPolyGroup(spec, world);
    case 'poly-trio':
      return startPolyTrio(spec, world);
    case 'poly-hdx':
    case 'poly-debut':
      return startPolyOld(spec, world);
  }
};
