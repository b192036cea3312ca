/** The window with 10,000 rooms, in a real Chromium over the real browser host: loading, scrolling, searching, a run. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, say, tell } from './bars.ts';
import { launch } from './window/browser.ts';
import { measureCalls } from './window/calling.ts';
import { builtWindow, HostProcess } from './window/hostProcess.ts';
import { measureLoading } from './window/loading.ts';
import type { OpenSetting, Part, Setting, Sizes } from './window/part.ts';
import { listedRooms, makeBenchSite } from './window/rooms.ts';
import { measureRun, RATE } from './window/running.ts';
import { measureScrolling } from './window/scrolling.ts';
import { measureSearching } from './window/searching.ts';

const ROOMS = 10_000;
const FOLDER = fileURLToPath(new URL('../../test-output', import.meta.url));

const FULL: Sizes = {
  loads: 7,
  calls: { detail: 500, list: 20 },
  scroll: { wheel: 10_000, key: 10_000, empty: 5_000 },
  words: 4,
  run: { seconds: 60, settledAfter: 10 },
};
/** As many rooms, but for a shorter time: fewer would be another window. */
const QUICK: Sizes = {
  loads: 2,
  calls: { detail: 100, list: 5 },
  scroll: { wheel: 3_000, key: 2_000, empty: 1_000 },
  words: 1,
  run: { seconds: 10, settledAfter: 3 },
};

export const window: Bench = async ({ quick, signal }) => {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'bench-window-'));
  const list = listedRooms(ROOMS);
  const site = join(folder, 'bench.otjsite');
  const built = join(folder, 'window');
  try {
    tell(`a site of ${ROOMS} rooms, and the window`);
    await builtWindow(built);
    await makeBenchSite(site, list);
    signal.throwIfAborted();
    const host = await HostProcess.start({ site, folder: built, userData: join(folder, 'user'), rate: RATE }, signal);
    const browser = await launch();
    const stop = () => void browser.close();
    signal.addEventListener('abort', stop);
    try {
      const before = load();
      const parts = await measureAll({ browser, host, list, sizes: quick ? QUICK : FULL, signal }, built);
      for (const part of parts) part.show();
      say(`\n${availableParallelism()} cores for all; load of the last minute ${before} before and ${load()} after.`);
      return parts.flatMap(({ bars }) => bars);
    } finally {
      signal.removeEventListener('abort', stop);
      await browser.close();
      await host.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Other work on the machine is measured along: this tells how much of it there was. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

async function measureAll(setting: Setting, built: string): Promise<Part[]> {
  tell('loading');
  const { page, part } = await measureLoading(setting, built);
  const open: OpenSetting = { ...setting, page };
  const parts = [part];
  for (const [name, measure] of Object.entries({
    calls: measureCalls,
    scrolling: measureScrolling,
    searching: measureSearching,
    'a run': measureRun,
  })) {
    setting.signal.throwIfAborted();
    tell(name);
    parts.push(await measure(open));
  }
  return parts;
}
