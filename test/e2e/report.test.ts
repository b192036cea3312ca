import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../main/report/html.ts';
import { bringAxe } from '../support/a11y.ts';
import { ATTACKS, hostileReport, sampleReport } from '../unit/reportSample.ts';

// Empty means that the one who started the tests found no browser.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const OUTPUT = fileURLToPath(new URL('../../test-output/', import.meta.url));
const SCREENS = [
  { scheme: 'light', width: 1280, height: 720 },
  { scheme: 'dark', width: 1280, height: 720 },
  { scheme: 'light', width: 400, height: 800 },
  { scheme: 'dark', width: 400, height: 800 },
  { scheme: 'dark', width: 3840, height: 2160 },
] as const;
const REPORTS = { sample: sampleReport(), hostile: hostileReport() };
type Kind = keyof typeof REPORTS;

describe.skipIf(!existsSync(executablePath))('report in Chromium', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'otj-report-'));
    for (const [kind, report] of Object.entries(REPORTS)) {
      await writeFile(join(folder, `${kind}.html`), renderHtml(report));
    }
    await mkdir(OUTPUT, { recursive: true });
    browser = await chromium.launch({ executablePath, args: ARGS.split(' ') });
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a report and notes everything that it must not do. */
  async function open(kind: Kind, screen: (typeof SCREENS)[number] = SCREENS[0]) {
    const context = await browser.newContext({
      viewport: { width: screen.width, height: screen.height },
      colorScheme: screen.scheme,
    });
    const page = await context.newPage();
    const misdeeds: string[] = [];
    page.on('dialog', (dialog) => {
      misdeeds.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => misdeeds.push(`console ${message.text()}`));
    page.on('pageerror', (error) => misdeeds.push(`error ${error.message}`));
    const address = pathToFileURL(join(folder, `${kind}.html`)).href;
    page.on('request', (request) => {
      if (request.url() !== address) misdeeds.push(`request ${request.url()}`);
    });
    await page.goto(address);
    return { page, misdeeds, close: () => context.close() };
  }

  async function violations(page: Page, only?: string): Promise<unknown[]> {
    await bringAxe(page);
    const options = { resultTypes: ['violations'], ...(only && { runOnly: [only] }) };
    const result = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as axe.AxeResults;
    return result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map((node) => node.html) }));
  }

  const openAll = 'for (const section of document.querySelectorAll("details")) section.open = true';
  const pageWidth = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';

  for (const kind of ['sample', 'hostile'] as const) {
    it.each(SCREENS)(`shows the ${kind} report, $scheme, $width px wide`, async (screen) => {
      const { page, misdeeds, close } = await open(kind, screen);
      const path = join(OUTPUT, `report-${kind}-${screen.scheme}-${screen.width}.png`);
      await page.screenshot({ path });
      await page.evaluate(openAll);
      const [wanted, given] = (await page.evaluate(pageWidth)) as [number, number];
      expect(wanted).toBeLessThanOrEqual(given);
      // Nothing but the colours is different in the dark.
      expect(await violations(page, screen.scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
      expect(misdeeds).toEqual([]);
      await close();
    });
  }

  it('makes nothing of hostile texts but text', async () => {
    const { page, misdeeds, close } = await open('hostile');
    await page.evaluate(openAll);
    const found = await page.evaluate(`({
      hit: window.hit ?? null,
      odd: document.querySelectorAll('script, img, iframe, object, embed, base, link, form, input, textarea').length,
      handlers: [...document.querySelectorAll('*')].filter((element) =>
        [...element.attributes].some(({ name }) => name.startsWith('on'))).length,
      styles: document.querySelectorAll('style').length,
      links: [...document.querySelectorAll('a')].filter((link) => !/^#(room-\\d+|rooms)$/.test(link.getAttribute('href'))).length,
      rows: document.querySelectorAll('table.rooms tbody tr').length,
      sections: document.querySelectorAll('main > section > details').length,
      title: document.title,
    })`);
    expect(found).toMatchObject({
      hit: null,
      odd: 0,
      handlers: 0,
      styles: 1,
      links: 0,
      rows: ATTACKS.length,
      sections: ATTACKS.length,
      title: expect.stringMatching(/^<script>window\.hit = 1<\/script> <\/style>/),
    });
    // What a device said stands there letter by letter.
    const said = (await page.locator('samp').allTextContents()).join('\n');
    for (const attack of ATTACKS.slice(0, 8)) expect(said).toContain(attack);
    expect(said).toContain('N'.repeat(10_000));
    expect(misdeeds).toEqual([]);
    await close();
  });

  it('opens the section of a room by its link', async () => {
    const { page, close } = await open('sample');
    const section = page.locator('details').first();
    expect(await section.getAttribute('open')).toBeNull();
    await page.locator('table.rooms a', { hasText: 'Fjord' }).click();
    await page.locator('#room-1 dl').first().waitFor({ state: 'visible' });
    const top = await section.locator('summary').evaluate((summary) => summary.getBoundingClientRect().top);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(720);
    await close();
  });

  it('prints all sections, black on white, also from a dark screen', async () => {
    const { page, close } = await open('sample', SCREENS[1]);
    const closed = page.locator('#room-1 dl').first();
    expect(await closed.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width: 703, height: 1000 });
    const shown = await page.locator('.body dl').evaluateAll((lists) => lists.filter((list) => list.clientHeight > 40));
    expect(shown.length).toBeGreaterThanOrEqual(24);
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    const [wanted, given] = (await page.evaluate(pageWidth)) as [number, number];
    expect(wanted).toBeLessThanOrEqual(given);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(OUTPUT, 'report-print.png'), fullPage: true });
    await close();
  });

  it('holds at twice the text size', async () => {
    const { page, close } = await open('sample');
    await page.evaluate(openAll);
    await page.addStyleTag({ content: 'html { font-size: 175% !important }' });
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 720 });
      const [wanted, given] = (await page.evaluate(pageWidth)) as [number, number];
      expect(wanted).toBeLessThanOrEqual(given);
      const cut = await page.evaluate(`[...document.querySelectorAll('td, th, dd, dt, .state')]
        .filter((cell) => cell.offsetParent && cell.clientWidth > 1 && cell.scrollWidth > cell.clientWidth + 1)
        .map((cell) => cell.outerHTML.slice(0, 120))`);
      expect(cut).toEqual([]);
    }
    await page.screenshot({ path: join(OUTPUT, 'report-large-text.png') });
    await close();
  });
});
