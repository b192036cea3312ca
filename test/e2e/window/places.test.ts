/** Places of Microsoft 365 in the window: switched on, looked at, written, somebody's change respected, and put back. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Site } from '../../../main/site/site.ts';
import type { LabAccount } from '../../lab/microsoft/graph/tenant.ts';
import { tooWide, violations } from '../../support/a11y.ts';
import { startTeamLab, type TeamLab } from '../../support/microsoftSite.ts';
import { addRoom } from '../../support/siteFile.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();

describe.skipIf(!hasBrowser).each(hosts)('places, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: TeamLab;
  let window: AppWindow;
  let page: Page;
  let fjord: LabAccount;
  let skog: LabAccount;

  beforeAll(async () => {
    lab = await startTeamLab();
    const path = `${home}/oslo.otjsite`;
    const site = await Site.create(path, PASSPHRASE, { name: 'Nordbank Oslo', technician: 'Kari' });
    for (const [at, name] of ['Fjord', 'Skog', 'Elv'].entries()) {
      const mailbox = `${name.toLowerCase()}@contoso.example`;
      const { room, endpoint } = addRoom(site, { name, mailbox, address: `10.0.0.${at + 1}` });
      site.rooms.identify(endpoint.id, {
        serial: `S${at}`,
        mac: null,
        model: 'Room Kit Pro',
        software: '11',
        systemName: '',
      });
      site.rooms.setState(room.id, name === 'Elv' ? 'ready' : 'migrated', null);
    }
    fjord = lab.directory.addRoom({
      upn: 'fjord@contoso.example',
      name: 'Fjord',
      place: { videoDeviceName: '<b>HDX</b>', tags: ['Floor 2'] },
    });
    skog = lab.directory.addRoom({ upn: 'skog@contoso.example', name: 'Skog' });
    await lab.signIn(site);
    site.close();
    window = await openWindow({ home, host, site: path });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await window.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    await page.evaluate("location.hash = '#/sync'");
    await page.reload();
    await card().waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const card = () => page.getByRole('region', { name: 'Places in Microsoft 365' });
  const looksWell = async (name: string) => {
    // Behind a dialog it is out of reach.
    if ((await page.getByRole('dialog').count()) === 0) await card().scrollIntoViewIfNeeded();
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await expect.poll(() => tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null });
  };

  it('is off, and its permission is offered only once it is on', async () => {
    await card().getByText('Off until it is switched on').waitFor();
    await looksWell('places-off');
    const permission = page.getByText('Place.ReadWrite.All');
    await page.evaluate("location.hash = '#/checks'");
    await page.getByText('Place.Read.All').waitFor();
    expect(await permission.count()).toBe(0);
    await page.evaluate("location.hash = '#/sync'");
    await card().getByRole('button', { name: 'Switch on…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Places in Microsoft 365' });
    await dialog.getByRole('checkbox', { name: 'Display' }).click();
    await looksWell('places-set');
    await dialog.getByRole('button', { name: 'Switch on' }).click();
    await card().getByText('2 migrated rooms are not in their places yet.').waitFor();
    await page.evaluate("location.hash = '#/checks'");
    await permission.waitFor();
    await page.evaluate("location.hash = '#/sync'");
  });

  it('shows what would be written, and writes it', async () => {
    await card().getByRole('button', { name: 'Look what would be written' }).click();
    await card().getByText('2 would be written, 0 are as wanted, 0 not looked at.').waitFor();
    await card().getByText('<b>HDX</b> → Room Kit Pro').waitFor();
    await looksWell('places-look');
    expect(lab.directory.placeWrites).toBe(0);
    // Nobody has looked at what is wished for by then.
    for (const on of [false, true]) {
      await card().getByRole('button', { name: 'Change…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Places in Microsoft 365' });
      await dialog.getByRole('checkbox', { name: 'Audio device' }).click();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      if (!on) await card().getByRole('button', { name: 'Write 2 rooms' }).waitFor({ state: 'hidden' });
    }
    await card().getByRole('button', { name: 'Write 2 rooms' }).click();
    await card().getByText('2 written, 0 as they were, 0 not.').waitFor();
    await card().getByText('Nothing waits to be written.').waitFor();
    const wanted = { videoDeviceName: 'Room Kit Pro', displayDeviceName: 'Room Kit Pro' };
    expect([fjord.place, skog.place]).toEqual([
      { ...wanted, tags: ['Floor 2', 'One-Touch Join'] },
      { ...wanted, tags: ['One-Touch Join'] },
    ]);
  });

  it('leaves what somebody has set since, until a person decides', async () => {
    skog.place = { ...skog.place, videoDeviceName: 'Ola’s codec' };
    const { job } = await window.call('jobs.places', { mode: 'write', rooms: null, overwrite: false });
    await expect.poll(async () => (await window.call('jobs.detail', { job })).job.status).toBe('done');
    const theirs = card().getByRole('region', { name: /^Places that somebody has changed/ });
    await theirs.getByText('Ola’s codec').waitFor();
    await looksWell('places-theirs');
    await theirs.getByRole('button', { name: 'Write ours all the same' }).click();
    await theirs.waitFor({ state: 'hidden' });
    expect(skog.place.videoDeviceName).toBe('Room Kit Pro');
  });

  it('knows what a sync has written, though no room has moved', async () => {
    await window.call('places.set', { devices: ['videoDeviceName', 'displayDeviceName'], tags: ['Quiet'] });
    await page.reload();
    await card().getByText('2 migrated rooms are not in their places yet.').waitFor();
    await card().getByRole('button', { name: 'Look what would be written' }).click();
    await card().getByRole('button', { name: 'Write 2 rooms' }).waitFor();
    await window.call('jobs.sync', { waitMs: 0, finish: false });
    await card().getByText('Nothing waits to be written.').waitFor();
    expect(await card().getByRole('button', { name: 'Write 2 rooms' }).count()).toBe(0);
    expect(skog.place.tags).toContain('Quiet');
  });

  it('puts back what stood there before', async () => {
    await card().getByRole('button', { name: 'Put back…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put back what stood there before' });
    await dialog.getByText('2 places get back what stood there before').waitFor();
    await dialog.getByRole('button', { name: 'Put back' }).click();
    await card().getByText('2 put back, 0 as they were, 0 not.').waitFor();
    await looksWell('places-undone');
    expect(fjord.place).toEqual({ videoDeviceName: '<b>HDX</b>', displayDeviceName: null, tags: ['Floor 2'] });
    expect(skog.place).toMatchObject({ videoDeviceName: 'Ola’s codec', tags: [] });
  });
});
