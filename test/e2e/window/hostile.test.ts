/** Names that mean harm, from a room list and from a site file of somebody else: through every screen they stay text. */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tooWide } from '../../support/a11y.ts';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import {
  type AppWindow,
  freshHome,
  hasBrowser,
  hostsHere,
  openWindow,
  ownNetwork,
  picture,
} from '../../support/window.ts';
import { makeSite, PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const SCREENS = ['Prepare', 'Discover', 'Match', 'Rooms', 'Run', 'Sync', 'Report', 'Settings'];
const MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
/** In the order of the rooms of the lab. */
const NAMES = [
  MARKUP,
  `"><svg onload=window.hit=1>{{t('x')}}\${7*7}$t(app)`,
  'غرفة الاجتماعات \u202eetihw\u202c الكبيرة',
  '🏳️‍🌈👩‍👩‍👧‍👦 Z̷̢̛̳͔͙͎̈́̑a̵l̴g̶o̷ 🦊',
  'Nospacesatallinthisverylongnameofaroomthatneverendsandhasnoplacewhereitcouldbebrokenintotwolines1234',
  '=HYPERLINK("http://192.0.2.1","x")',
];
/** No list brings such a name in, but a site file may come from anywhere. */
const GIANT = 'W'.repeat(10_240);

describe.skipIf(!hasBrowser).each(hosts)('hostile names in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    const site = await makeSite(window, { folder: home, lab: lab.document, list: hostileList(lab) });
    expect((await window.rooms()).map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
    await window.close();
    const file = new DatabaseSync(site);
    file.prepare('UPDATE room SET name = ? WHERE name = ?').run(GIANT, NAMES[5] ?? '');
    file.close();
    window = await openWindow({ home, site, host });
    page = window.page;
    await window.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    await window.call('site.change', { name: `${MARKUP}${GIANT}`, technician: MARKUP });
    await window.done('jobs.prepare', { rooms: null });
    await window.done('jobs.discover', { ranges: [], sshPort: null, httpsPort: null });
  }, 120_000);

  afterEach(async () => {
    expect(await page.evaluate('window.hit ?? null')).toBeNull();
    expect(await page.locator('main img, main script, main svg[onload]').count()).toBe(0);
    expect(window.misdeeds()).toEqual([]);
  });

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  it('are refused by the import where they are too long, and shown there', async () => {
    await page.getByRole('button', { name: 'Import rooms…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import rooms' });
    await dialog.getByLabel('Or paste a table').fill(`room,mailbox\n${GIANT},giant@nordbank.example\n`);
    await dialog.getByRole('button', { name: 'Show what would change' }).click();
    const preview = page.getByRole('dialog', { name: 'What the import does' });
    await preview.getByText('The value is longer than 100 characters.').waitFor();
    await expect.poll(() => tooWide(page)).toBe(0);
    expect(await preview.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await preview.waitFor({ state: 'hidden' });
  });

  it('leave the rows of the table as high as they are, and the page as wide', async () => {
    await page.getByRole('link', { name: /^Rooms/ }).click();
    const rows = page.getByRole('grid', { name: 'Rooms' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(NAMES.length + 1);
    const heights = await rows.evaluateAll((all) => all.slice(1).map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights).size).toBe(1);
    expect(heights[0]).toBeLessThanOrEqual(32);
    await page.getByRole('button', { name: 'Map' }).click();
    await page
      .getByRole('region', { name: 'Map of the rooms' })
      .or(page.getByLabel('Map of the rooms'))
      .first()
      .waitFor();
    await expect.poll(() => tooWide(page)).toBe(0);
    await page.getByRole('button', { name: 'List' }).click();
  });

  it.each([0, 4])('are migrated like others: room %i', async (at) => {
    await openAlone(at);
    await page.getByRole('button', { name: 'Check this room' }).click();
    // The first Poly of its model is watched.
    await page.getByRole('button', { name: /^Migrate(?:, I watch this device)?$/ }).click();
    await page.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    await expectTabsFit();
  });

  it('are told as the trouble where they are longer than Infinity takes, and nothing is removed then', async () => {
    const id = await openAlone(5);
    await page.getByRole('button', { name: 'Check this room' }).click();
    await page.getByText(`name has ${GIANT.length} characters, at most 100 are allowed`).first().waitFor();
    const { room, backup } = await window.call('rooms.detail', { roomId: id });
    expect(room).toMatchObject({ state: 'needs attention', code: 'VALUE_TOO_LONG' });
    expect(backup.filter(({ kind }) => kind === 'taken')).toEqual([]);
    await expectTabsFit();
    await picture(page, 'hostile-room', ['light']);
  });

  /** @param at place in the lab  @returns the room's id */
  async function openAlone(at: number): Promise<number> {
    const address = lab.document.rooms[at]?.address;
    const room = (await window.rooms()).find((one) => one.address === address);
    if (!room) throw new Error(`no room has the address ${address}`);
    await page.evaluate(`location.hash = '#/room/${room.id}'`);
    await page.getByRole('button', { name: 'Back to all rooms' }).waitFor();
    return room.id;
  }

  async function expectTabsFit(): Promise<void> {
    for (const tab of ['Plan', 'Steps', 'Evidence', 'Device']) {
      await page.getByRole('tab', { name: tab }).click();
      expect({ tab, tooWide: await tooWide(page) }).toEqual({ tab, tooWide: 0 });
    }
  }

  it.each(SCREENS)('are text on the screen %s', async (screen) => {
    await page
      .getByRole('navigation', { name: 'Phases' })
      .getByRole('link', { name: new RegExp(`^${screen}`) })
      .click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => tooWide(page)).toBe(0);
    await picture(page, `hostile-${screen.toLowerCase()}`, ['light']);
  });

  it('are found by the palette and fit into it', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Screen, room or action' }).waitFor();
    await page.keyboard.type('<img');
    await page.getByRole('option', { name: MARKUP }).waitFor();
    await expect.poll(() => tooWide(page)).toBe(0);
    await page.keyboard.press('Escape');
  });
});

function hostileList({ document }: LabProcess): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const [head = '', ...rows] = readFileSync(document.roomsCsv, 'utf8').trim().split('\n');
  return [head, ...rows.map((row, at) => row.replace(/^[^,]*/, () => cell(NAMES[at] ?? '')))].join('\n');
}
