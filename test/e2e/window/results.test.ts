/** Results for the team in the window: the list, publishing, what a person changed there, and rooms of colleagues. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OtjError } from '../../../main/contract/errors.ts';
import { Site } from '../../../main/site/site.ts';
import type { LabList } from '../../lab/microsoft/graph/list.ts';
import { tooWide, violations } from '../../support/a11y.ts';
import { startTeamLab, type TeamLab } from '../../support/microsoftSite.ts';
import { addRoom } from '../../support/siteFile.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();

describe.skipIf(!hasBrowser).each(hosts)('results for the team, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: TeamLab;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    lab = await startTeamLab();
    const path = `${home}/oslo.otjsite`;
    const site = await Site.create(path, PASSPHRASE, { name: 'Nordbank Oslo', technician: 'Kari' });
    addRoom(site, { name: 'Fjord', mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
    addRoom(site, { name: 'Skog', mailbox: 'skog@contoso.example', address: '10.0.0.2' });
    addRoom(site, { name: '<b>Elv</b>', mailbox: 'elv@contoso.example', address: '10.0.0.3' });
    for (const [name, family, octet] of [
      ['Dal', 'cisco-roomos', 4],
      ['Vik', 'poly-videoos', 5],
    ] as const) {
      const mailbox = `${name.toLowerCase()}@contoso.example`;
      const { room } = addRoom(site, { name, mailbox, family, address: `10.0.0.${octet}` });
      site.rooms.beginWork(room.id, 'undo');
      site.rooms.setState(room.id, 'needs attention', new OtjError('UNREACHABLE').toProblem());
    }
    await lab.signIn(site);
    site.close();
    window = await openWindow({ home, host, site: path });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await window.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    await page.evaluate("location.hash = '#/sync'");
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Results for the team' }).waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const card = () => page.getByRole('region', { name: 'Results for the team' });
  const list = (): LabList => {
    const [one] = lab.sites.sites[0]?.lists ?? [];
    if (!one) throw new Error('no list');
    return one;
  };
  const idOf = (room: string) => [...list().items.values()].find(({ fields }) => fields.Title === room)?.id ?? '';
  const looksWell = async (name: string) => {
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    expect(await tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null });
  };

  it('makes the list after a look, and publishes', async () => {
    await card().getByRole('button', { name: 'Choose the list…' }).click();
    const dialog = page.getByRole('dialog', { name: 'List for the results' });
    await dialog.getByLabel('Address of the SharePoint site').fill('somewhere');
    await dialog.getByRole('button', { name: 'Look' }).click();
    await dialog.getByText('This is not the address of a SharePoint site.').waitFor();
    await dialog.getByLabel('Address of the SharePoint site').fill(lab.address);
    await dialog.getByRole('button', { name: 'Look' }).click();
    await dialog.getByText('OTJ has no list of this name.').waitFor();
    await looksWell('results-set');
    await dialog.getByRole('button', { name: 'Make this list' }).click();
    await card().getByText('5 results are owed to the list').waitFor();
    await page.getByRole('button', { name: '5 owed' }).waitFor();
    await looksWell('results-owed');
    await card().getByRole('button', { name: 'Publish now' }).click();
    await card().getByText('5 written, 0 as they were, 0 not.').waitFor();
    await card().getByText('Nothing is owed to the list.').waitFor();
    expect(list().items.size).toBe(5);
    expect(idOf('<b>Elv</b>')).not.toBe('');
  });

  it('shows what a person changed beside our news, and takes a decision by the keyboard', async () => {
    list().edit(idOf('Fjord'), { Building: 'Bergen' });
    await window.call('rooms.import', {
      text: 'room,building,floor,mailbox,address\nFjord,Stavanger,2,fjord@contoso.example,10.0.0.1',
    });
    await card().getByRole('button', { name: 'Publish now' }).click();
    const compare = card().getByRole('button', { name: 'Compare and decide…' });
    await compare.waitFor();
    await looksWell('results-conflict');
    await compare.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Changed in the list: Fjord' });
    await dialog.getByText('Bergen').waitFor();
    await dialog.getByText('Stavanger').waitFor();
    await looksWell('results-decide');
    await dialog.getByRole('button', { name: 'Write ours' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await card().getByRole('button', { name: 'Publish now' }).click();
    await expect.poll(() => list().items.get(idOf('Fjord'))?.fields.Building).toBe('Stavanger');
  });

  it('tells a debt at the one card where it is paid, and a sync pays it as well', async () => {
    const goesOn = async () => (await window.call('app.state', undefined)).jobs.some(({ endedAt }) => endedAt === null);
    await expect.poll(goesOn).toBe(false);
    await window.call('rooms.import', {
      text: 'room,building,floor,mailbox,address\nFjord,Hamar,2,fjord@contoso.example,10.0.0.1',
    });
    await card().getByText('1 result is owed to the list').waitFor();
    expect(await page.getByText(/\bowed to the\b/).count()).toBe(1);
    await page.getByText('Nothing is owed to Infinity.').waitFor();
    await looksWell('results-once');
    // There is no Infinity to ask, and that is said.
    await page.getByText('No Management Node is set, so Infinity is told and asked nothing.').waitFor();
    expect(await page.getByRole('button', { name: 'Ask Infinity again' }).count()).toBe(0);
    // Nor is it waited for where there is one and no room was moved.
    await window.call('site.infinity', { address: '127.0.0.1', port: 9, group: 'otj', pin: null, ca: null });
    await page.getByText('No room has been moved yet, so Infinity is not asked.').waitFor();
    await window.call('site.infinity', null);
    await page.getByText('No Management Node is set, so Infinity is told and asked nothing.').waitFor();
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await expect.poll(() => list().items.get(idOf('Fjord'))?.fields.Building).toBe('Hamar');
    await card().getByText('Nothing is owed to the list.').waitFor();
    await page.getByText('No Management Node is set for this site, so there is nothing to ask.').waitFor();
    expect(await page.getByRole('button', { name: /^(Deliver now|Ask Infinity again)$/ }).count()).toBe(0);
  });

  it('shows what the others do, and says it of the room before work begins', async () => {
    const until = new Date(Date.now() + 900_000).toISOString();
    const lease = { InWorkBy: 'Ola <i>', InWorkOn: 'lt-2', InWorkKey: 'k', InWorkUntil: until };
    for (const name of ['Skog', 'Dal', 'Vik'])
      list().edit(idOf(name), { ...lease, InWorkSince: new Date().toISOString() });
    list().edit(idOf('<b>Elv</b>'), { MigrationState: 'migrated', Technician: 'Per' });
    await card().getByRole('button', { name: 'See what the others do' }).click();
    await card().getByText('Ola <i> on lt-2, until').first().waitFor();
    await card().getByText('Per', { exact: true }).waitFor();
    await card().scrollIntoViewIfNeeded();
    await looksWell('results-team');
    const flags = Object.fromEntries((await window.rooms()).map(({ name, team }) => [name, team?.kind ?? null]));
    expect(flags).toEqual({ Fjord: null, Skog: 'taken', '<b>Elv</b>': 'elsewhere', Dal: 'taken', Vik: 'taken' });
    await page.evaluate("location.hash = '#/rooms'");
    await page.getByText('In work: Ola <i>').first().waitFor();
    await page.getByText('Team: migrated').first().waitFor();
    await looksWell('results-rooms');
    await page.getByRole('row', { name: /Skog/ }).dblclick();
    const note = page.getByRole('region', { name: 'Somebody else works on this room' });
    await note.getByRole('button', { name: 'Migrate all the same' }).waitFor();
    await looksWell('results-room');
  });

  it('names in the dialog who has which room, and a tick holds for these', async () => {
    await page.evaluate("location.hash = '#/rooms'");
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run' });
    await dialog.getByRole('radio', { name: 'Migrate' }).click();
    const others = dialog.getByRole('region', { name: 'Others in the team' });
    await others.getByText('1 room is in work by somebody else, and is left.').waitFor();
    await others.getByText('In work: Ola <i>, until').waitFor();
    await others.getByText('(Per)').waitFor();
    const tick = others.getByRole('checkbox', { name: 'Begin these rooms all the same' });
    await tick.click();
    await expect.poll(() => tick.isChecked()).toBe(true);
    await looksWell('results-dialog');
    // Another one takes it while the dialog is open: nobody has agreed to that.
    list().edit(idOf('Skog'), { InWorkBy: 'Eli', InWorkKey: 'e' });
    await window.call('results.readTeam', undefined);
    await others.getByText('In work: Eli, until').waitFor();
    expect(await tick.isChecked()).toBe(false);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    list().edit(idOf('Skog'), { InWorkBy: 'Ola <i>', InWorkKey: 'k' });
  });

  it('leaves a room that somebody has in work, and says who', async () => {
    const skog = (await window.rooms()).find(({ name }) => name === 'Skog');
    const { job } = await window.call('jobs.run', { rooms: [skog?.id ?? 0], insist: false });
    await expect.poll(async () => (await window.call('jobs.detail', { job })).job.endedAt).not.toBeNull();
    const { rooms } = await window.call('jobs.detail', { job });
    expect(rooms).toMatchObject([{ state: 'not started', problem: { code: 'ROOM_TAKEN' } }]);
    expect(rooms[0]?.problem?.words).toContain('Ola <i> on lt-2');
    await page.evaluate("location.hash = '#/run'");
    const again = page.getByRole('button', { name: 'Begin 1 room all the same' });
    await again.waitFor();
    await page.getByText('In work: Ola <i>, until').first().waitFor();
    await looksWell('results-run');

    // What is pressed is about Ola; meanwhile Per has taken it.
    const ended = async () => (await window.rooms()).find(({ name }) => name === 'Skog');
    list().edit(idOf('Skog'), { InWorkBy: 'Per', InWorkOn: 'lt-3', InWorkKey: 'p' });
    await again.click();
    await expect.poll(async () => (await ended())?.team).toMatchObject({ kind: 'taken', by: 'Per' });
    expect((await ended())?.state).toBe('not started');
    await page.getByText('In work: Per, until').first().waitFor();
    await again.click();
    await expect.poll(async () => (await ended())?.code).toBe('CREDENTIAL_MISSING');
  });

  const idOfRoom = async (room: string) => (await window.rooms()).find(({ name }) => name === room)?.id ?? 0;
  const undone = async (name: string) => {
    const { jobs } = await window.call('app.state', undefined);
    const job = jobs.findLast(({ kind }) => kind === 'undo')?.id ?? 0;
    await expect.poll(async () => (await window.call('jobs.detail', { job })).job.endedAt).not.toBeNull();
    const { rooms } = await window.call('jobs.detail', { job });
    expect(rooms).toMatchObject([{ roomId: await idOfRoom(name) }]);
    return rooms[0]?.problem?.code;
  };

  it('finishes an undo that was begun, also of a room that somebody has in work', async () => {
    const { job } = await window.call('jobs.undo', {
      rooms: [await idOfRoom('Dal')],
      insist: false,
      oldPassword: null,
    });
    await expect.poll(async () => (await window.call('jobs.detail', { job })).job.endedAt).not.toBeNull();
    expect(await undone('Dal')).toBe('ROOM_TAKEN');
    await page.evaluate(`location.hash = '#/room/${await idOfRoom('Dal')}'`);
    const note = page.getByRole('region', { name: 'Somebody else works on this room' });
    await note.getByRole('button', { name: 'Finish the undo all the same' }).click();
    await expect.poll(() => undone('Dal')).toBe('CREDENTIAL_MISSING');
    expect(list().items.get(idOf('Dal'))?.fields.InWorkBy).not.toBe('Ola <i>');

    // A Poly may need a password for it, so it is asked in a dialog, which has an agreement of its own.
    await page.evaluate(`location.hash = '#/room/${await idOfRoom('Vik')}'`);
    await note.getByRole('button', { name: 'Finish the undo all the same' }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo Vik' });
    await dialog.getByText('In work: Ola <i>').waitFor();
    await looksWell('results-undo');
    await dialog.getByRole('checkbox', { name: 'Begin these rooms all the same' }).click();
    await dialog.getByRole('button', { name: 'Finish the undo' }).click();
    await expect.poll(() => undone('Vik').catch(() => null)).toBe('CREDENTIAL_MISSING');
  });
});
