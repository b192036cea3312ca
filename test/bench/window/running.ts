/** A run of 200 room events a second, by the way that real ones take, while somebody looks on and searches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bar, rounded, say, sayTable } from '../bars.ts';
import { HOST_BLOCKED_MS } from './calling.ts';
import type { OpenSetting, Part } from './part.ts';
import { showTyped, typedBars, typeWords } from './searching.ts';

/** Room events a second. */
export const RATE = 200;
const GROWTH = 1.05;

export async function measureRun(setting: OpenSetting): Promise<Part> {
  const { page, host, list, sizes, signal } = setting;
  const { seconds, settledAfter } = sizes.run;
  const wait = async (until: number) => void (await sleep(Math.max(0, until - performance.now()), null, { signal }));
  // The rooms on top are those that are worked on.
  await page.page.focus('[data-at][tabindex="0"]');
  await page.page.keyboard.press('Home');
  await page.longTasks();
  await host.ask('begin');
  await host.ask('blocked');
  const began = performance.now();
  const cpuBefore = await page.cpu();
  await wait(began + settledAfter * 1000);
  const longTasks = await page.longTasks();
  const settled = await page.heap();
  // The collection that was asked for is none of the window's own work.
  await page.longTasks();
  const typed = await typeWords(page, list, 1);
  await wait(began + seconds * 1000);
  longTasks.push(...(await page.longTasks()));
  const cpu = (await page.cpu()) - cpuBefore;
  const passed = performance.now() - began;
  const heap = await page.heap();
  const stops = await host.ask('blocked');
  const { events, firstState } = await host.ask('end');
  await seen(setting, firstState);

  return {
    show() {
      say(`\nA run of ${RATE} room events a second, with as many steps`);
      sayTable(
        ['events', 'seconds', 'page CPU %', 'long tasks', 'longest ms', 'heap MB', 'then', 'host blocked ms', 'p99'],
        [
          [
            events,
            rounded(passed / 1000),
            rounded((100 * cpu) / passed),
            longTasks.length,
            rounded(Math.max(0, ...longTasks)),
            rounded(settled / 1e6),
            rounded(heap / 1e6),
            rounded(stops.longest),
            rounded(stops.p99),
          ],
        ],
      );
      showTyped('Searching during the run', typed);
    },
    bars: [
      bar('long tasks of the page during a run', longTasks.length, 'lower', 0),
      bar(`heap at the end of a run, to that after ${settledAfter} s`, heap / settled, 'lower', GROWTH),
      bar('host blocked during a run, longest ms', stops.longest, 'lower', HOST_BLOCKED_MS),
      ...typedBars(' during a run', typed),
    ],
  };
}

/** Throws when the screen does not show what was told last: then nothing of this was measured. */
async function seen({ page, list }: OpenSetting, state: string | null): Promise<void> {
  await page.until(`bench.rowCount() === ${list.length + 1}`);
  await page.until(`bench.topState() === ${JSON.stringify(state)}`);
}
