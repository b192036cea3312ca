/**
 * An HDX in the window: planned, run, set up by a person, ticked, proven by Infinity, reported, and taken back. And what a
 * person has to say of a Poly that the app moves: its old calendar password, and a new certificate.
 */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pullMeetings } from '../../lab/poly/ews.ts';
import { type LabProcess, type LabRoom, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { makeSite } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
/** Pictures to be looked at by a person. */
const PICTURES = 'test-output/by-hand';

describe.skipIf(!hasBrowser).each(hosts)('a room with an HDX in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;
  let hdx: LabRoom;
  let studio: LabRoom;

  beforeAll(async () => {
    [lab, window] = await Promise.all([
      startLab(['--rooms', '20', '--poly', 'mixed', '--poly-restart', '400', ...ownNetwork()]),
      openWindow({ home, host }),
    ]);
    page = window.page;
    const find = (model: string): LabRoom => {
      const found = lab.document.rooms.find((room) => room.model === model);
      if (!found) throw new Error(model);
      return found;
    };
    hdx = find('HDX 9000');
    studio = find('StudioX50');
    const list = [
      'room,building,floor,mailbox,address,family',
      `${hdx.room},Oslo,1,${hdx.mailbox},${hdx.address},HDX`,
      `${studio.room},Oslo,1,${studio.mailbox},${studio.address},Studio X50`,
    ].join('\n');
    await makeSite(window, { folder: home, lab: lab.document, list });
    mkdirSync(PICTURES, { recursive: true });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const room = () => page.getByRole('complementary', { name: 'Details of the room' });
  const state = async (name: string) => (await window.rooms()).find((one) => one.name === name);
  /** As it is in a bright room and in a dark one. */
  const picture = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png` });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
  const recipe = async (): Promise<Record<string, string>> => {
    const rows = room().locator('dl').filter({ hasText: 'Exchange Server' }).locator('div');
    const pairs = await rows.evaluateAll((all) =>
      all.map((one) => [one.children[0]?.textContent ?? '', one.children[1]?.textContent ?? '']),
    );
    return Object.fromEntries(pairs) as Record<string, string>;
  };

  /** The device as it was set up by a person who typed the recipe: it reads its calendar at the node. */
  const comesToNode = async () => {
    const roomId = (await state(hdx.room))?.id ?? 0;
    const { plan } = await window.call('rooms.detail', { roomId });
    const changes = plan?.steps.flatMap((step) => step.changes) ?? [];
    const typed = (setting: string) => changes.find((one) => one.setting === setting)?.after ?? '';
    const secret = await window.call('secrets.reveal', { of: 'room', roomId });
    const { nodes } = lab.document.infinity;
    const host = typed('Microsoft Exchange Server Address');
    const at = nodes.find(({ fqdn }) => fqdn === host);
    if (!at) throw new Error(`no node ${host}`);
    const { kind } = await pullMeetings({
      ...{ host, at, path: '/EWS/Exchange.asmx', mailbox: hdx.mailbox, validatePeer: false, ca: '', timeoutMs: 10_000 },
      authorization: `Basic ${Buffer.from(`${typed('User Name')}:${secret?.password}`).toString('base64')}`,
      signal: new AbortController().signal,
    });
    return kind;
  };

  it('shows what would be typed before anything is done, once its entry is on Infinity', async () => {
    await window.done('jobs.prepare', { rooms: null });
    await page.getByRole('grid', { name: 'Rooms' }).getByText(hdx.room, { exact: true }).click();
    await room().getByRole('button', { name: 'Check this room' }).click();
    await window.ended('plan');
    await room().getByRole('tab', { name: 'Plan' }).click();
    await room().getByText('Microsoft Exchange Server Address').waitFor();
    await room().getByText('By hand on the Polycom HDX').first().waitFor();
    await picture('plan');
    expect(await state(hdx.room)).toMatchObject({ state: 'ready' });
  });

  it('asks for a person in the run, with what to type and where', async () => {
    await room().getByRole('button', { name: 'Migrate', exact: true }).click();
    await window.ended('run');
    expect(await state(hdx.room)).toMatchObject({ state: 'needs attention', code: 'BY_HAND' });
    await room().getByText('Set the calendar up on the device by hand').waitFor();
    await picture('room');
    const typed = await recipe();
    expect(typed).toMatchObject({
      'Microsoft Exchange Server Address': expect.stringMatching(/^conf-oslo-\d\.lab\.example$/),
      'User Name': expect.stringMatching(/^otj-/),
      Domain: 'leave it empty',
    });
    // The password is in no page before somebody asks for it.
    const password = await window.call('secrets.reveal', {
      of: 'room',
      roomId: (await state(hdx.room))?.id ?? 0,
    });
    expect(await page.content()).not.toContain(password?.password);
    await page.getByRole('link', { name: /^Run/ }).click();
    await page
      .getByText(/No program can set up this model/)
      .first()
      .waitFor();
    await picture('run');
  });

  it('waits for Infinity’s word once it is ticked, and is migrated by that word alone', async () => {
    await page.getByRole('link', { name: /^Rooms/ }).click();
    await page.getByRole('grid', { name: 'Rooms' }).getByText(hdx.room, { exact: true }).click();
    const step = room().getByRole('listitem').filter({ hasText: 'Set the calendar up on the device by hand' });
    await step.getByLabel('Note, optional').fill('typed by Kari');
    await step.getByRole('button', { name: 'Mark as done' }).click();
    await room().getByText('Owed to Infinity: the proof that Infinity reaches it').waitFor();
    expect(await state(hdx.room)).toMatchObject({ state: 'awaiting sync', owed: 1 });
    await picture('awaiting');

    expect(await comesToNode()).toBe('meetings');
    await page.getByRole('link', { name: /^Sync/ }).click();
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await page.getByText('Nothing is owed to Infinity.').waitFor({ timeout: 45_000 });
    expect(await state(hdx.room)).toMatchObject({ state: 'migrated', owed: 0 });
    await page.getByRole('link', { name: /^Rooms/ }).click();
    await page.getByRole('grid', { name: 'Rooms' }).getByText(hdx.room, { exact: true }).click();
    await room().getByRole('region', { name: 'Proven', exact: true }).waitFor();
    await picture('proven');
  }, 90_000);

  it('stands in the report with who set it up', async () => {
    await page.getByRole('link', { name: /^Report/ }).click();
    const preview = page.frameLocator('iframe[title="Preview of the hand-over report"]');
    // Behind what is opened by a click.
    await preview.getByText('Set the calendar up on this device by hand').first().waitFor({ state: 'attached' });
    await preview.getByText('typed by Kari').first().waitFor({ state: 'attached' });
    await picture('report');
    await page.getByRole('link', { name: /^Rooms/ }).click();
  });

  it('is taken back: its entry goes, and a person is asked to give the device its old settings', async () => {
    await page.getByRole('grid', { name: 'Rooms' }).getByText(hdx.room, { exact: true }).click();
    await room().getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Undo this room' }).click();
    const sure = page.getByRole('dialog', { name: `Undo ${hdx.room}` });
    await sure.getByText('you give it its old calendar settings back by hand').waitFor();
    await picture('undo-dialog');
    await sure.getByRole('button', { name: 'Undo this room' }).click();
    await window.ended('undo');
    expect(await state(hdx.room)).toMatchObject({ state: 'undone', code: null });
    await room().getByText('Give the device its old calendar settings back by hand').waitFor();
    await picture('undone');
    const { infinity, devices } = (await lab.state()) as {
      infinity: { endpoints: { room_resource_email: string }[] };
      devices: Record<string, { commands: string[] }>;
    };
    expect(infinity.endpoints.filter((entry) => entry.room_resource_email === hdx.mailbox)).toEqual([]);
    // Nobody but that person has spoken to the device.
    expect(devices[hdx.address]?.commands).toEqual([]);
  });

  it('keeps the old calendar password of a Poly that is moved by the app, for its undo', async () => {
    await page.getByRole('grid', { name: 'Rooms' }).getByText(studio.room, { exact: true }).click();
    await room().getByRole('tab', { name: 'Device' }).click();
    const section = room().locator('section section').filter({ hasText: 'Old calendar password' });
    await section.getByText('None is kept.').waitFor();
    await section.getByLabel('Calendar password that the device has now').fill('Old-Calendar-Secret-1');
    await section.getByRole('button', { name: 'Seal it' }).click();
    await section.getByText('One is sealed in the site file.').waitFor();
    await section.scrollIntoViewIfNeeded();
    await picture('old-password');
    expect(await page.content()).not.toContain('Old-Calendar-Secret-1');
    await section.getByRole('button', { name: 'Forget it' }).click();
    await section.getByText('None is kept.').waitFor();
  });

  it('believes the new certificate of a Poly that has restarted, on a word and by its serial number', async () => {
    const id = (await state(studio.room))?.id ?? 0;
    const run = async () => {
      await window.call('jobs.run', { rooms: [id], insist: false, pilots: 'first' });
      await window.ended('run');
      return (await state(studio.room))?.code;
    };
    // It restarts in the middle of the write, and comes back with another certificate.
    await lab.post(`/device/${studio.address}/faults`, { rebootOn: '"vars"' });
    expect(await run()).toBe('CONNECTION_LOST');
    await expect.poll(run, { timeout: 30_000 }).toBe('TRUST_CHANGED');

    await page.getByRole('grid', { name: 'Rooms' }).getByText(studio.room, { exact: true }).click();
    await room().getByRole('button', { name: 'Trust the new key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The device shows another key' });
    await dialog.getByText('Shown now').waitFor();
    await picture('trust-dialog');
    await dialog.getByRole('button', { name: 'Compare the serial number and trust' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await run()).toBeNull();
    expect(await state(studio.room)).toMatchObject({ state: 'migrated' });
  }, 90_000);
});
