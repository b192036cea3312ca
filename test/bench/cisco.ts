/** One codec from near and far, beside Cisco's own client and beside the least that the protocol allows; then 200 at once. */
import { type Bench, tell } from './bars.ts';
import { Codecs } from './cisco/codecs.ts';
import { CROWD, crowdBars, measureCrowd, sayCrowd } from './cisco/crowd.ts';
import { distanceBars, measureDistances, sayDistances } from './cisco/distance.ts';

const FULL = { visits: 11, httpsVisits: 3, wholeVisits: 5, crowds: 5 };
const QUICK = { visits: 3, httpsVisits: 1, wholeVisits: 1, crowds: 3 };

export const cisco: Bench = async ({ quick, signal }) => {
  const sizes = quick ? QUICK : FULL;
  tell(`starting ${CROWD.codecs} codecs in another process`);
  const codecs = await Codecs.start(CROWD.codecs, signal);
  try {
    // First, because the codecs that are migrated below answer otherwise afterwards.
    const crowd = await measureCrowd(codecs, sizes, signal);
    const distances = await measureDistances(codecs, sizes, signal);
    sayDistances(distances);
    sayCrowd(crowd);
    return [...distanceBars(distances), ...crowdBars(crowd)];
  } finally {
    await codecs.stop();
  }
};
