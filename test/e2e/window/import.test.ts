/** Lists in the window: a workbook, an export of another program, a table that nobody knows, and what comes of them. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTextSize, tooWide, violations } from '../../support/a11y.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';
import { rawWorkbook, rowXml, sheetXml, workbook } from '../../support/workbook.ts';

const { hosts } = await hostsHere();
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const sample = (name: string) => readFileSync(new URL(`../../../assets/samples/${name}`, import.meta.url));

describe.skipIf(!hasBrowser).each(hosts)('lists in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    window = await openWindow({ home, host });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    const site = { path: `${home}/oslo.otjsite`, name: 'Nordbank Oslo', technician: 'Kari', passphrase: PASSPHRASE };
    await window.call('site.create', { ...site, remember: false });
    await page.evaluate("location.hash = '#/rooms'");
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Rooms' }).waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    remove();
  });

  const dialog = (name: string) => page.getByRole('dialog', { name });
  const press = (name: string, where = page.getByRole('dialog')) =>
    where.getByRole('button', { name, exact: true }).click();
  const choose = async (name: string, buffer: Buffer | Uint8Array, mimeType = 'text/csv') => {
    await page
      .getByLabel('Room list as a CSV or XLSX file')
      .setInputFiles({ name, mimeType, buffer: Buffer.from(buffer) });
    await press('Show what would change');
  };
  const open = async () => {
    await page.getByRole('button', { name: 'Import rooms…' }).first().click();
    await dialog('Import rooms').waitFor();
  };
  const pick = async (label: string, option: string | RegExp) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
  };
  /** Nothing for axe to find in both themes, and all of it fits, also with letters twice as large. */
  const looksWell = async (name: string) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await picture(page, name);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page, ['color-contrast'])).toEqual([]);
    await expect.poll(() => tooWide(page)).toBe(0);
    await setTextSize(page, 2);
    await expect.poll(() => tooWide(page)).toBe(0);
    await setTextSize(page, 1);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  };

  it('reads a workbook, and shows what would come of it before it is written', async () => {
    await open();
    const bytes = await workbook(
      { name: 'Cover', rows: [['Nordbank']] },
      {
        name: 'Rooms 2026',
        rows: [
          ['Room', 'Building', 'Floor', 'Mailbox'],
          ['Fjord', 'Oslo', 2, 'fjord@example.com'],
          ['Skog', 'Oslo', 2, 'skog@example.com'],
          ['Hav', 'Oslo', 3, 'no mailbox'],
        ],
      },
    );
    await choose('rooms.xlsx', bytes, XLSX);
    await dialog('What the import does').getByText('Room list (our columns), Rooms 2026').waitFor();
    await page.getByText('This is not a valid mail address.').waitFor();
    expect(await window.rooms()).toEqual([]);
    await press('Import');
    await looksWell('import-result');
    await press('Done', dialog('Import result'));
    expect((await window.rooms()).map(({ name }) => name)).toEqual(['Fjord', 'Skog']);
  });

  it('reads exports of Control Hub and Poly Lens without a question', async () => {
    for (const [name, kind] of [
      ['control-hub-devices.csv', 'Cisco Control Hub: devices'],
      ['poly-lens-inventory.csv', 'Poly Lens: devices'],
    ] as const) {
      await open();
      await choose(name, sample(name));
      await dialog('What the import does').getByText(kind).waitFor();
      await press('Import');
      await press('Done', dialog('Import result'));
    }
    const suggestions = await window.call('match.suggest', undefined);
    expect(suggestions.map(({ by, score }) => [by, score])).toEqual([
      ['name', 1],
      ['name', 1],
    ]);
  });

  it('accepts what is sure in one go, and takes it back', async () => {
    await page.getByRole('link', { name: /^Match/ }).click();
    await page.getByRole('button', { name: 'Accept all 2 from 90%' }).waitFor();
    await looksWell('match-suggestions');
    await page.getByRole('button', { name: 'Accept all 2 from 90%' }).click();
    await page.getByText('2 rooms were matched').first().waitFor();
    await expect
      .poll(async () => (await window.rooms()).map(({ address }) => address))
      .toEqual(['10.20.2.11', '10.20.2.12']);
    await page.getByRole('button', { name: 'Undo the last match' }).click();
    await page.getByText('2 rooms have again what they had').first().waitFor();
    expect((await window.rooms()).map(({ address }) => address)).toEqual([null, null]);
    await page.getByRole('link', { name: /^Rooms/ }).click();
  });

  it('asks once which column of a free table is which, and remembers it', async () => {
    const table =
      'Anzeigename;Kalender;Wo;Fläche\nElv;elv@example.com;Bergen;20 m²\nFoss;foss@example.com;Bergen;12 m²\n';
    await open();
    await page.getByLabel('Or paste a table').fill(table);
    await press('Show what would change');
    await dialog('Which column is which').waitFor();
    expect(await page.getByRole('combobox', { name: 'Mailbox' }).textContent()).toContain('Kalender');
    await dialog('Which column is which').getByText('Choose a column for the room’s name').waitFor();
    await pick('Room name', 'Anzeigename');
    await pick('Building', 'Wo');
    await dialog('Which column is which').getByText('Elv · Foss', { exact: true }).waitFor();
    await press('Show what would change');
    await dialog('What the import does').getByText('as chosen').waitFor();
    await expect.poll(() => page.getByRole('definition').allTextContents()).toEqual(['2', '0', '0', '2', '0']);
    await press('Import');
    await press('Done', dialog('Import result'));
    expect((await window.rooms()).filter(({ building }) => building === 'Bergen')).toHaveLength(2);

    await open();
    await choose('again.csv', Buffer.from(table.replace('Foss;', 'Foss 2;')));
    await dialog('What the import does').getByText('columns as chosen before').waitFor();
    await page.getByText('Room name: Foss → Foss 2').waitFor();
    await press('Choose the columns');
    await pick('Kind of list', 'Pexip Infinity: OTJ endpoints');
    await page.getByText(/has not the headings of this kind/).waitFor();
    await press('Another list');
    await page.keyboard.press('Escape');
  });

  it('shows why a workbook is not read, and its hostile texts as texts', async () => {
    await open();
    const rows = rowXml(1, ['room', 'mailbox']) + rowXml(2, ['<img src=x onerror=alert(1)>', 'x@example.com']);
    await choose('laughs.xlsx', rawWorkbook(sheetXml(rows, '<!DOCTYPE x [<!ENTITY a "ha">]>')), XLSX);
    await page.getByText('The workbook holds declarations that no spreadsheet program writes').waitFor();
    await choose('old.xls', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), XLSX);
    await page.getByText('The workbook is of a format that is not read').waitFor();
    await choose('markup.xlsx', rawWorkbook(sheetXml(rows)), XLSX);
    await page.getByRole('cell', { name: '<img src=x onerror=alert(1)>' }).waitFor();
    await press('Another list');
    await page.keyboard.press('Escape');
  });

  it('exports all rooms as a list that changes nothing when it is imported', async () => {
    await open();
    await press('As XLSX', page.getByRole('group', { name: 'Export the rooms that are here' }));
    await page.getByText('4 rooms written').first().waitFor();
    await choose('export.xlsx', readFileSync(`${home}/Nordbank Oslo rooms.xlsx`), XLSX);
    await dialog('What the import does').getByText('Nothing would change.').waitFor();
    await expect.poll(() => page.getByRole('definition').allTextContents()).toEqual(['0', '0', '4', '0', '0']);
    await page.keyboard.press('Escape');
  });
});
