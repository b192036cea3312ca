/** What is kept of comparisons: the last one of all rooms, whatever part was looked at since. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lastDrift, readDrift } from '../../main/services/drift.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { prepareAll, siteOn } from '../support/infinitySite.ts';
import { startPlatform } from './lab-raw.ts';

let platform: Platform;
beforeAll(async () => {
  ({ platform } = await startPlatform('127.31.14'));
});
afterAll(() => platform.stop());

it('a look at some rooms does not take the place of the one at all', async () => {
  const site = await siteOn(platform, 3);
  const { signal } = new AbortController();
  const [first, second] = site.rooms.all();
  if (!first || !second) throw new Error('no rooms');
  expect(lastDrift(site)).toBeNull();
  await readDrift(site, { rooms: [first], signal });
  expect(lastDrift(site)).toBeNull();
  await readDrift(site, { rooms: site.rooms.all(), signal });
  expect(lastDrift(site)).toMatchObject({ counts: { create: 3, same: 0 }, rows: [{}, { writes: true }, {}] });

  // what is written since is as wished; the rest stands as it was seen
  await prepareAll(site, [first, second]);
  expect((await readDrift(site, { rooms: [first], signal })).rows).toEqual([]);
  expect(lastDrift(site)).toMatchObject({ counts: { create: 1, same: 2 }, rows: [{ room: 'Room 3' }] });
});
