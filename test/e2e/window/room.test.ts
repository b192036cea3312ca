/** One room at a time: checked, moved, proven and put back, by mouse and by keyboard alone. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isFocused, keyboardOf } from '../../support/keyboard.ts';
import { type LabProcess, type LabState, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { makeSite } from '../../support/windowSite.ts';

const { hosts, why } = await hostsHere();
if (hasBrowser && hosts.length === 1) process.stdout.write(`window: only the browser host is tested (${why})\n`);

describe.skipIf(!hasBrowser).each(hosts)('a room in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
    await makeSite(window, { folder: home, lab: lab.document, list: codecsFirst(lab) }, { prepared: true });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  it('is checked and migrated in three clicks, then undone', async () => {
    const before = await lab.state();
    const room = page.getByRole('complementary', { name: 'Details of the room' });
    await page.getByRole('button', { name: 'Next room' }).click();
    await room.getByRole('button', { name: 'Check this room' }).click();
    await room.getByRole('button', { name: 'Migrate', exact: true }).click();

    const proof = room.getByRole('region', { name: 'Proven', exact: true });
    await proof.waitFor();
    expect(await proof.textContent()).toMatch(/ without One-Touch Join.*: \d+ meetings, last updated /);
    const [first] = await window.rooms();
    expect(first).toMatchObject({ name: 'Elv', state: 'migrated', owed: 0 });
    const address = first?.address ?? '';
    expect(otjOn(await lab.state(), address)).toEqual({ stored: [], running: [], pushed: true });

    await room.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Undo this room' }).click();
    const sure = page.getByRole('dialog', { name: 'Undo Elv' });
    await sure.getByRole('button', { name: 'Undo this room' }).click();
    await room.getByText('The device is with the old service again.').waitFor();
    const after = await lab.state();
    expect(codec(after, address)).toEqual(codec(before, address));
    expect(entriesOf(after, 'elv@nordbank.example')).toEqual([]);
  });

  it('is moved and put back by keyboard alone, and the keyboard is never lost', async () => {
    const before = await lab.state();
    const keys = keyboardOf(page);
    await page.reload();
    await page.getByRole('grid', { name: 'Rooms' }).waitFor();
    await keys.press('g', 'r');

    // The table is one stop on the way of Tab; arrows move inside.
    await keys.tabTo(page.getByRole('row', { name: /Elv/ }));
    await keys.press('ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter');
    await page.getByRole('heading', { level: 1, name: 'Fjord' }).waitFor();
    await keys.stands();
    await keys.tabTo(page.getByRole('button', { name: 'Check this room' }));
    await keys.press('Enter');
    // After a check that found nothing wrong the keyboard is on the way on already.
    const migrate = page.getByRole('button', { name: 'Migrate', exact: true });
    await migrate.waitFor();
    await expect.poll(() => isFocused(migrate)).toBe(true);
    await keys.press('Enter');
    await page.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    await keys.stands();

    await keys.tabTo(page.getByRole('button', { name: 'More' }));
    await keys.press('Enter');
    const undo = page.getByRole('menuitem', { name: 'Undo this room' });
    await undo.waitFor();
    await keys.press('End');
    await expect.poll(() => isFocused(undo)).toBe(true);
    await keys.press('Enter');
    await page.getByRole('dialog', { name: 'Undo Fjord' }).waitFor();
    await keys.tabTo(page.getByRole('dialog').getByRole('button', { name: 'Undo this room' }));
    await keys.press('Enter');
    await page.getByText('The device is with the old service again.').waitFor();
    await keys.stands();
    const [, fjord] = await window.rooms();
    expect(fjord).toMatchObject({ name: 'Fjord', state: 'undone' });
    expect(codec(await lab.state(), fjord?.address ?? '')).toEqual(codec(before, fjord?.address ?? ''));
  });

  it('is brought up by a key, also after a list of choices was opened, and Enter goes on', async () => {
    const keys = keyboardOf(page);
    await keys.press('g', 'r');
    await keys.tabTo(page.getByRole('combobox', { name: 'Group by' }));
    await keys.press('Enter');
    await page.getByRole('listbox').waitFor();
    await keys.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await keys.press('n');
    const panel = page.getByRole('complementary', { name: 'Details of the room' });
    await expect.poll(() => isFocused(panel.getByRole('button', { name: 'Check this room' }))).toBe(true);

    // Back in the table by Escape, the same room alone by Enter, and back again.
    const name = (await panel.getByRole('heading').first().textContent()) ?? '';
    await keys.press('Escape');
    await expect.poll(() => isFocused(page.getByRole('row', { name: new RegExp(name) }))).toBe(true);
    await keys.press('Enter');
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await keys.press('Escape');
    await page.getByRole('grid', { name: 'Rooms' }).waitFor();
  });

  it('is found by the palette, and the list of shortcuts by its key', async () => {
    const keys = keyboardOf(page);
    await keys.press('Control+k');
    await page.getByRole('combobox', { name: 'Screen, room or action' }).waitFor();
    await page.keyboard.type('skog');
    await page.getByRole('option', { name: /Skog/ }).waitFor();
    await keys.press('Enter');
    await page.getByRole('complementary', { name: 'Details of the room' }).getByText('Skog').first().waitFor();
    await keys.stands();

    await keys.press('?');
    const list = page.getByRole('dialog', { name: 'Shortcuts' });
    await list.getByText('Next room').waitFor();
    await keys.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await keys.stands();

    // A slash leads to the search; what is typed there moves nothing else.
    await keys.press('/');
    await page.keyboard.type('nms');
    expect(await page.getByRole('searchbox').inputValue()).toBe('nms');
    await keys.press('Escape');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });
});

/** Without the one Poly room whose name comes before all codecs'. */
function codecsFirst({ document }: LabProcess): string {
  return readFileSync(document.roomsCsv, 'utf8').replace(/^Bre,.*\n/m, '');
}

type Codec = {
  macros: { name: string }[];
  settings: unknown;
  users: { username: string; roles: string[]; active: boolean }[];
  panels: unknown;
  bookings: { id: string }[];
  runtime: { active: string[] };
};

function deviceIn(state: LabState, address: string): Codec {
  const device = (state.devices as Record<string, Codec>)[address];
  if (!device) throw new Error(`the lab has no device at ${address}`);
  return device;
}

/** What is left of the old service on a codec, and whether meetings come from Infinity. */
function otjOn(state: LabState, address: string) {
  const { macros, runtime, bookings } = deviceIn(state, address);
  const isOtj = (name: string) => name.startsWith('otj-macro');
  return {
    stored: macros.map(({ name }) => name).filter(isOtj),
    running: runtime.active.filter(isOtj),
    pushed: bookings.length > 0 && bookings.every(({ id }) => id.startsWith('inf-')),
  };
}

/** What an undo must bring back of a codec. */
function codec(state: LabState, address: string) {
  const { macros, settings, users, panels, runtime } = deviceIn(state, address);
  return {
    macros: macros.toSorted((a, b) => a.name.localeCompare(b.name)),
    settings,
    users: users.map(({ username, roles, active }) => ({ username, roles, active })),
    panels,
    active: runtime.active.toSorted(),
  };
}

function entriesOf(state: LabState, mailbox: string): unknown[] {
  const { endpoints } = state.infinity as { endpoints: { room_resource_email: string }[] };
  return endpoints.filter((entry) => entry.room_resource_email === mailbox);
}
