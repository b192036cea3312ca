/** Scrolling through all rooms, against a page that has nothing to do but scroll. */
import { bar, rounded, say, sayTable } from '../bars.ts';
import { type BenchPage, type Frames, openPage } from './browser.ts';
import { droppedShare, intervalOf, longestGap } from './figures.ts';
import type { OpenSetting, Part } from './part.ts';

/** All 10,000 rows of 30 pixels in ten seconds. */
const SPEED = 30_000;
const EMPTY = 'data:text/html,<!doctype html><div style="height:400000px"></div>';
const TABLE_BOX = ':has(> table[aria-rowcount])';
/** What is left to chance on a machine that does other things as well. */
const NOISE = 0.01;

interface Scrolled {
  name: string;
  frames: Frames;
  /** Of the page's main thread, milliseconds. */
  cpuMs: number;
  longTasks: number[];
}

export async function measureScrolling(setting: OpenSetting): Promise<Part> {
  const { page, sizes } = setting;
  const { wheel, key, empty } = sizes.scroll;
  const before = await emptyPage(setting, empty);
  await page.page.bringToFront();
  await page.page.mouse.move(500, 500);
  const byWheel = await scrolled('wheel', page, TABLE_BOX, () => page.wheel(wheel, SPEED));
  await page.page.focus('[data-at][tabindex="0"]');
  await page.page.keyboard.press('Home');
  const byKey = await scrolled('held key', page, TABLE_BOX, async () => {
    await page.hold('ArrowDown', key / 2);
    await page.hold('PageDown', key / 2);
  });
  const after = await emptyPage(setting, empty);
  await page.page.bringToFront();

  const interval = intervalOf(before.frames);
  const share = ({ frames }: Scrolled) => droppedShare(frames, interval);
  const peer = Math.max(share(before), share(after));
  const missing = Math.max(...[byWheel, byKey].map(({ frames }) => frames.missing / frames.times.length));
  return {
    show() {
      say(`\nScrolling, a frame each ${interval.toFixed(1)} ms`);
      sayTable(
        ['', 'frames', 'dropped %', 'longest gap ms', 'rows missing %', 'long tasks', 'pixels', 'CPU ms a frame'],
        [before, byWheel, byKey, after].map((one) => [
          one.name,
          one.frames.times.length,
          rounded(100 * share(one)),
          rounded(longestGap(one.frames)),
          rounded((100 * one.frames.missing) / one.frames.times.length),
          one.longTasks.length,
          rounded(one.frames.travelled),
          rounded(one.cpuMs / one.frames.times.length),
        ]),
      );
    },
    bars: [
      bar('frames dropped by the wheel, more than an empty page', Math.max(0, share(byWheel) - peer), 'lower', NOISE),
      bar('frames dropped by a held key, more than an empty page', Math.max(0, share(byKey) - peer), 'lower', NOISE),
      bar('frames with rows missing, share', missing, 'lower', 0),
    ],
  };
}

/** @param box selector of what scrolls */
async function scrolled(name: string, page: BenchPage, box: string, work: () => Promise<void>): Promise<Scrolled> {
  await page.longTasks();
  const before = await page.cpu();
  const frames = await page.frames(box, work);
  const cpuMs = (await page.cpu()) - before;
  return { name, frames, cpuMs, longTasks: await page.longTasks() };
}

/** What the browser itself loses on this machine at this time, by the same turns of the wheel. */
async function emptyPage({ browser }: OpenSetting, milliseconds: number): Promise<Scrolled> {
  const peer = await openPage(browser);
  try {
    await peer.page.goto(EMPTY);
    await peer.page.mouse.move(500, 500);
    return await scrolled('empty page', peer, 'html', () => peer.wheel(milliseconds, SPEED));
  } finally {
    await peer.close();
  }
}
