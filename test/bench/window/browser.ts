/** The page in a real Chromium, and what can be measured of it from outside and inside. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Page,
  type Response,
} from 'playwright-core';
import { z } from 'zod';
import { findBrowser } from '../../../main/hosts/chromium.ts';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const INSIDE = new URL('./page.js', import.meta.url).pathname;
const PATIENCE_MS = 30_000;
const HEAP_LOOKS = 6;

const longTaskSchema = z.object({ at: z.number(), ms: z.number() });
const loadSchema = z.object({ rows: z.number(), answered: z.number(), paint: z.number() });
export const framesSchema = z.object({ times: z.array(z.number()), missing: z.number(), travelled: z.number() });
export type Frames = z.infer<typeof framesSchema>;
const millisecondsSchema = z.array(z.number());

/** Throws when there is no Chromium. */
export function launch(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium, Chrome or Edge was found; set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ARGS });
}

/** A page with nothing kept from those before it. */
export async function openPage(browser: Browser): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript({ path: INSIDE });
  const page = await context.newPage();
  return new BenchPage(context, page, await context.newCDPSession(page));
}

export class BenchPage {
  readonly page: Page;
  private readonly context: BrowserContext;
  private readonly session: CDPSession;

  constructor(context: BrowserContext, page: Page, session: CDPSession) {
    this.context = context;
    this.page = page;
    this.session = session;
  }

  /**
   * Comes in by the invitation and waits until the table answers a key.
   * @returns moments since the page was asked for, and the paths of the files that came before the key
   */
  async enter(address: string): Promise<{ load: z.infer<typeof loadSchema>; paths: string[] }> {
    const { page } = this;
    const paths: string[] = [];
    const note = (response: Response) => {
      const { pathname } = new URL(response.url());
      if (response.ok() && !pathname.startsWith('/enter/')) paths.push(pathname);
    };
    page.on('response', note);
    await page.goto(address);
    await page.waitForURL(`${new URL(address).origin}/`);
    await page.locator('[data-at="0"]').waitFor();
    await page.evaluate('bench.awaitAnswer()');
    page.off('response', note);
    await page.focus('[data-at="0"]');
    await page.keyboard.press('ArrowDown');
    await this.until('bench.load().answered > 0 && bench.load().rows > 0');
    return { load: loadSchema.parse(await page.evaluate('bench.load()')), paths };
  }

  /** Waits inside the page, whose policy forbids the ways of playwright. @param holds an expression */
  async until(holds: string): Promise<void> {
    const held = await this.page.evaluate(`bench.until(() => ${holds})`);
    if (held !== true) throw new Error(`still not so: ${holds}`);
  }

  /** Those since they were last taken, milliseconds. */
  async longTasks(): Promise<number[]> {
    // A task is told of when it is over.
    await sleep(100);
    return z
      .array(longTaskSchema)
      .parse(await this.page.evaluate('bench.takeLongTasks()'))
      .map(({ ms }) => ms);
  }

  /** What the page notes of its frames while something goes on. @param box selector of what scrolls */
  async frames(box: string, work: () => Promise<void>): Promise<Frames> {
    await this.page.evaluate(`bench.startFrames(${JSON.stringify(box)})`);
    await work();
    return framesSchema.parse(await this.page.evaluate('bench.stopFrames()'));
  }

  /** Scrolls down by the wheel, as far as the speed leads. @param speed pixels a second */
  async wheel(milliseconds: number, speed: number): Promise<void> {
    const began = performance.now();
    let gone = 0;
    for (;;) {
      const passed = performance.now() - began;
      if (passed > milliseconds) return;
      const due = Math.round((passed / 1000) * speed);
      await this.page.mouse.wheel(0, due - gone);
      gone = due;
      await sleep(8);
    }
  }

  /** Holds a key down, with the repeats that a keyboard makes. */
  async hold(key: string, milliseconds: number): Promise<void> {
    const REPEAT_MS = 33;
    const { keyboard } = this.page;
    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      await keyboard.down(key);
      await sleep(REPEAT_MS);
    }
    await keyboard.up(key);
  }

  /**
   * Types and waits until the table shows what each key leads to, but not for ever.
   * @param keys with the number of rooms that the table has to show then
   * @returns for each key from the press to the paint, milliseconds; of one without effect, how long it was waited for
   */
  async type(keys: readonly { key: string; rooms: number }[], pauseMs: number): Promise<number[]> {
    // The heading is a row as well.
    await this.page.evaluate(`bench.expectKeys(${JSON.stringify(keys.map(({ rooms }) => rooms + 1))})`);
    for (const { key } of keys) {
      await this.page.keyboard.press(key);
      await sleep(pauseMs);
    }
    return millisecondsSchema.parse(await this.page.evaluate('bench.keys()'));
  }

  /**
   * Calls one after the other by the way that the window takes.
   * @param inputs null = none
   * @returns what each took, milliseconds
   */
  async call(name: string, inputs: readonly unknown[]): Promise<number[]> {
    return millisecondsSchema.parse(
      await this.page.evaluate(`bench.call(${JSON.stringify(name)}, ${JSON.stringify(inputs)})`),
    );
  }

  /** What the page's main thread has used of a core since the page was opened, whatever else the machine did; ms. */
  async cpu(): Promise<number> {
    await this.session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  }

  /** Bytes of JavaScript that are in use once the collector has taken all it can; least while nothing is being drawn. */
  async heap(): Promise<number> {
    const seen: number[] = [];
    for (let look = 0; look < HEAP_LOOKS; look++) {
      await this.session.send('HeapProfiler.collectGarbage');
      seen.push((await this.session.send('Runtime.getHeapUsage')).usedSize);
      await sleep(70);
    }
    return Math.min(...seen);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
