/** What only codecs have: what they tell, how they are spoken to, what a person decides about them, console, recording. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../main/contract/catalogue.ts';
import type { ErrorCode, Problem } from '../../../main/contract/errors.ts';
import { setTextSize, tooWide, violations } from '../../support/a11y.ts';
import { CodecDesk } from '../../support/codecDesk.ts';
import { CODEC, DOUBT, HOSTILE, MACROS, TOLD } from '../../support/codecSample.ts';
import { makeDevice, makeRoom } from '../../support/roomRow.ts';
import { type AppWindow, hasBrowser, openScripted, picture } from '../../support/window.ts';

const problem = (code: ErrorCode, words?: string): Problem => {
  const { class: kind, happened, todo } = CATALOGUE[code];
  return { code, class: kind, happened, todo, ...(words ? { words } : {}) };
};

describe.skipIf(!hasBrowser)('codecs in the window', () => {
  let desk: CodecDesk;
  let window: Pick<AppWindow, 'page' | 'misdeeds' | 'close'>;
  let page: Page;

  beforeAll(async () => {
    const codec = { family: 'cisco-roomos' as const, model: 'Cisco Room Kit', state: 'ready' as const };
    desk = new CodecDesk([
      makeRoom({ id: 1, name: 'Fjord', serial: 'FOC2533N0AB', ...codec }),
      makeRoom({ id: 2, name: 'Skog', ...codec }),
      makeRoom({ id: 3, name: 'Elv', family: 'poly-videoos', state: 'ready' }),
    ]);
    window = await openScripted(desk);
    page = window.page;
  }, 120_000);

  beforeEach(async () => {
    desk.asked.length = 0;
    desk.endings.clear();
    desk.change(1, {
      room: { state: 'ready', code: null, undoUnfinished: false },
      problem: null,
      device: makeDevice({ ...CODEC, told: TOLD }),
      pins: { ssh: null, tls: null },
      takeMacros: [],
      leaveMacros: [],
      accepted: [],
    });
    await page.evaluate("location.hash = '#/rooms'");
    await page.evaluate("location.hash = '#/room/1'");
    // A test that failed may have left something open.
    if ((await page.getByRole('dialog').count()) > 0) await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Fjord' }).waitFor();
  });

  afterEach(async () => {
    expect(await page.evaluate('window.hit ?? null')).toBeNull();
    expect(window.misdeeds()).toEqual([]);
  });

  afterAll(() => window?.close());

  const started = (name: string) => desk.asked.filter(([asked]) => asked === name).map(([, input]) => input);
  /** What the page puts on the clipboard; it is not allowed to read it. */
  const copies = () => page.evaluate('navigator.clipboard.writeText = async (text) => { window.copied = text; }; 0');
  const copied = () => page.evaluate('window.copied');
  const fromPalette = async (words: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Screen, room or action' }).fill(words);
  };
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const needsYou = (code: ErrorCode, words?: string) =>
    desk.change(1, { room: { state: 'needs attention', code }, problem: problem(code, words) });

  /** Nothing for axe in both schemes, nothing wider than the window, at two sizes of text. */
  async function looksWell(name: string): Promise<void> {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await picture(page, name);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page, ['color-contrast'])).toEqual([]);
    await setTextSize(page, 2);
    await expect.poll(() => tooWide(page)).toBe(0);
    await setTextSize(page, 1);
    await expect.poll(() => tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }

  it('tell of themselves, what wants a look first', async () => {
    await tab('Device');
    const told = page.getByRole('tabpanel').locator('section').filter({ hasText: 'What the codec told' });
    await told.getByText('41 d 0 h').waitFor();
    const terms = await told.locator('dt').allTextContents();
    expect(terms.slice(0, 3)).toEqual(['Clock', 'Management system', 'Webex']);
    expect(await told.getByText('look at it').count()).toBe(3);
    await looksWell('codec-device');
  });

  it('are spoken to as somebody chooses, and a weak connection is a warning', async () => {
    const device = desk.detail(1).device;
    if (device) desk.change(1, { device: { ...device, lastTransport: 'ssh', weakness: 'agreed group14-sha1' } });
    await tab('Device');
    await page.getByText('The connection was not safe: agreed group14-sha1').waitFor();
    await page.getByRole('checkbox', { name: 'Allow old encryption' }).scrollIntoViewIfNeeded();
    await looksWell('codec-link');
    await page.getByRole('combobox', { name: 'Way' }).click();
    await page.getByRole('option', { name: 'only HTTPS' }).click();
    await expect.poll(() => started('rooms.decide')).toEqual([{ roomId: 1, transport: 'https' }]);
    await page.getByRole('checkbox', { name: 'Allow old encryption for this device' }).click();
    await expect.poll(() => desk.detail(1).device?.legacy).toBe(true);
    await tab('Plan');
    await page.getByText('Old encryption may be used with this device').waitFor();
    await looksWell('codec-decided');
  });

  it('are trusted with another key only once that key was seen', async () => {
    const [known, shown] = ['ab'.repeat(32), 'cd'.repeat(32)];
    const dialog = page.getByRole('dialog', { name: 'The device shows another key' });
    const trust = dialog.getByRole('button', { name: 'Compare the serial number and trust' });
    needsYou('TRUST_CHANGED', 'as an older version has told it');
    await page.getByRole('button', { name: 'Trust the new key' }).click();
    await dialog.getByText('Which key it shows is not known here.').waitFor();
    expect(await trust.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    desk.change(1, { pins: { ssh: null, tls: known } });
    needsYou('TRUST_CHANGED', `tls: known ${known}, shown ${shown}`);
    await page.getByRole('button', { name: 'Trust the new key' }).click();
    await expect.poll(() => trust.isEnabled()).toBe(true);
    await trust.click();
    await expect.poll(() => started('rooms.trust')).toEqual([{ roomId: 1, shown }]);
  });

  it('are migrated in spite of a call only when that is said', async () => {
    needsYou('IN_CALL', 'NumberOfActiveCalls 1');
    desk.endings.set('run', () => ({
      result: { kind: 'run', ok: 1, failed: 0, skipped: 0 },
      rooms: [{ id: 1, state: 'migrated', code: null }],
    }));
    await page.getByRole('button', { name: 'Migrate in spite of the call' }).click();
    await expect.poll(() => started('jobs.run')).toEqual([{ rooms: [1], insist: false, accept: ['call'] }]);
    expect(desk.detail(1).accepted).toEqual([]);
  });

  it.each([
    ['MANAGED', 'manager', 'A management system looks after this device: you have seen to it'],
    ['CLOCK_WRONG', 'clock', 'The clock of the device is off: you have seen to it'],
  ] as const)(
    'that object with %s go on once somebody has seen to it, and that can be taken back',
    async (...given) => {
      const [code, what, words] = given;
      needsYou(code, HOSTILE);
      await looksWell(`codec-${what}`);
      desk.endings.set('plan', () => ({
        result: { kind: 'plan', ready: 1, needAttention: 0 },
        rooms: [{ id: 1, state: 'ready', code: null }],
      }));
      await page.getByRole('button', { name: 'I have seen to it: go ahead' }).click();
      await expect.poll(() => started('jobs.plan')).toEqual([{ rooms: [1], insist: false }]);
      expect(desk.detail(1).accepted).toEqual([what]);
      await tab('Plan');
      const decided = page.getByRole('region', { name: 'Decided by you' });
      await decided.getByText(words).waitFor();
      await decided.getByRole('button', { name: 'Take back' }).click();
      await decided.waitFor({ state: 'hidden' });
      expect(desk.detail(1).accepted).toEqual([]);
    },
  );

  it('with nothing but old encryption are checked again once it is allowed', async () => {
    needsYou('LEGACY_NEEDED');
    await page.getByRole('button', { name: 'Allow old encryption for this device' }).click();
    await expect.poll(() => started('jobs.plan')).toHaveLength(1);
    expect(desk.detail(1).device?.legacy).toBe(true);
    desk.end({});
  });

  it('have macros that a person judges, one after the other', async () => {
    needsYou('MACRO_UNCERTAIN', DOUBT);
    desk.endings.set('macros', () => ({ result: { kind: 'macros', macros: MACROS } }));
    await page.getByRole('button', { name: 'Look at the macros' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Macros on the codec of Fjord' });
    const view = dialog.getByRole('region', { name: 'meetings_edited', exact: true });
    await view.getByText('55 points').waitFor();
    await expect.poll(() => view.locator('mark').allTextContents()).toEqual(['otj.pexip.io1', 'One-Touch Join2']);
    await looksWell('codec-macros');
    await view.getByRole('tab', { name: /Side by side/ }).click();
    await view.getByText('91% alike').first().waitFor();
    await looksWell('codec-macros-like');

    await view.getByRole('button', { name: 'It is OTJ: take it' }).click();
    const second = dialog.getByRole('region', { name: HOSTILE, exact: true });
    await second.getByText('40 points').waitFor();
    await expect.poll(() => second.locator('mark').allTextContents()).toEqual(['pexip1']);
    await looksWell('codec-macros-long');
    await second.getByRole('button', { name: 'It is not: leave it' }).click();
    await dialog.getByText('not OTJ, by you').first().waitFor();
    expect(desk.detail(1)).toMatchObject({ takeMacros: ['meetings_edited'], leaveMacros: [HOSTILE] });

    await second.getByRole('button', { name: 'Take back' }).click();
    await second.getByRole('button', { name: 'It is OTJ: take it' }).click();
    await dialog.getByText('You said that it is One-Touch Join').waitFor();
    expect(desk.detail(1)).toMatchObject({ takeMacros: ['meetings_edited', HOSTILE], leaveMacros: [] });
    await dialog.getByRole('button', { name: /room-lights/ }).click();
    await dialog.getByText('its text is not shown').waitFor();
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => started('jobs.plan')).toHaveLength(1);
    desk.end({});
  });

  it('are undone over a macro that somebody has put in the way, once both texts were seen', async () => {
    const name = 'otj-fjord';
    const taken = { kind: 'taken', name, sha256: 'a'.repeat(64), bytes: 12, savedAt: '2026-11-20T08:00:00.000Z' };
    desk.change(1, {
      room: { state: 'needs attention', code: 'MACRO_IN_THE_WAY', undoUnfinished: true },
      problem: problem('MACRO_IN_THE_WAY', name),
      backup: [{ ...taken, open: true }],
    });
    const items = [
      {
        kind: 'macro',
        name,
        saved: '// the old service\nstart();\n',
        now: `// lights ${HOSTILE}\nstart();\n`,
        nowSha256: 'c'.repeat(64),
      },
      { kind: 'macro', name: 'camera-presets', saved: '// same', now: '// same', nowSha256: 'd'.repeat(64) },
    ];
    desk.endings.set('compare', () => ({ problem: problem('UNREACHABLE', 'connect ECONNREFUSED') }));
    await page.getByRole('button', { name: 'Look at what is in the way' }).click();
    const dialog = page.getByRole('dialog', { name: 'Macros in the way in Fjord' });
    await dialog.getByText('Nothing answered at the address.').waitFor();
    const replace = dialog.getByRole('button', { name: 'Replace it and undo' });
    // Nothing is agreed to unseen.
    expect(await replace.isDisabled()).toBe(true);
    desk.endings.set('compare', () => ({ result: { kind: 'compare', items, steps: [] } }));
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('// the old service').waitFor();
    await dialog.getByText('‹U+202E›').waitFor();
    expect(await dialog.getByText('camera-presets').count()).toBe(0);
    await looksWell('codec-in-the-way');
    desk.endings.set('undo', () => ({
      result: { kind: 'undo', ok: 1, failed: 0, skipped: 0 },
      rooms: [{ id: 1, state: 'undone', code: null, undoUnfinished: false }],
    }));
    await replace.click();
    await expect
      .poll(() => started('jobs.undo'))
      .toEqual([
        { rooms: [1], insist: false, oldPassword: null, overwrite: [{ name, sha256: 'c'.repeat(64) }], taken: [] },
      ]);
    await dialog.waitFor({ state: 'hidden' });
  });

  it('whose macros cannot be read say why, and are asked again', async () => {
    desk.endings.set('macros', () => ({ problem: problem('UNREACHABLE', 'connect ECONNREFUSED') }));
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Macros of the codec' }).click();
    const dialog = page.getByRole('dialog', { name: 'Macros on the codec of Fjord' });
    await dialog.getByText('Nothing answered at the address.').waitFor();
    desk.endings.set('macros', () => ({ result: { kind: 'macros', macros: [] } }));
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('The codec has no macros.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('answer one line at a time; what may change something is shown before it is sent', async () => {
    const answer = `{\n  "Uptime": "${HOSTILE}"\n}`;
    desk.endings.set('xapi', ({ line, apply }) => {
      const sent = apply === true || String(line).startsWith('xStatus');
      const words = sent ? answer : `Cisco Room Kit, FOC2533N0AB: ${line}`;
      return {
        items: [{ roomId: 1, about: 'Fjord', what: 'answered', words, problem: null }],
        result: { kind: 'xapi', ok: 1, failed: 0, skipped: 0, sent },
      };
    });
    await copies();
    await fromPalette('console');
    await page.getByRole('option', { name: 'Console' }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Console: Fjord' });
    const line = dialog.getByRole('textbox', { name: 'xAPI line' });
    const hasFocus = () => line.evaluate((element) => element === element.ownerDocument.activeElement);
    await dialog.getByText('Lines to begin with').waitFor();
    await looksWell('codec-console-empty');
    await line.fill('xStatus SystemUnit Uptime');
    await line.press('Enter');
    await dialog.getByRole('button', { name: 'Copy' }).waitFor();
    expect(await hasFocus()).toBe(true);
    const shown = dialog.getByRole('region', { name: /^Answer \d of Fjord$/ });
    await shown.getByText('‹U+202E›').waitFor();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    expect(await copied()).toBe(answer);

    await line.fill('xConfiguration SystemUnit Name: "Elv"');
    await line.press('Enter');
    await dialog.getByText('it was not sent yet').waitFor();
    expect(await hasFocus()).toBe(true);
    await looksWell('codec-console');
    await dialog.getByRole('button', { name: 'Do not send it' }).click();
    await dialog.getByText('Not sent.').waitFor();
    expect(await hasFocus()).toBe(true);
    await line.press('ArrowUp');
    await line.press('Enter');
    await dialog.getByRole('button', { name: 'Send it to Fjord' }).click();
    await expect.poll(() => shown.count()).toBe(2);
    expect(await hasFocus()).toBe(true);
    const lines = started('jobs.xapi').map((input) => [input.line, input.apply]);
    expect(lines).toEqual([
      ['xStatus SystemUnit Uptime', false],
      ['xConfiguration SystemUnit Name: "Elv"', false],
      ['xConfiguration SystemUnit Name: "Elv"', false],
      ['xConfiguration SystemUnit Name: "Elv"', true],
    ]);
    await line.press('ArrowUp');
    await line.press('ArrowUp');
    expect(await line.inputValue()).toBe('xStatus SystemUnit Uptime');
    await line.press('ArrowDown');
    await line.press('ArrowDown');
    expect(await line.inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('answer together when several are chosen; Poly devices are left out', async () => {
    desk.endings.set('xapi', () => ({
      items: [
        { roomId: 1, about: 'Fjord', what: 'answered', words: '{\n "Uptime": "12"\n}', problem: null },
        { roomId: 2, about: 'Skog', what: 'failed', words: 'no route', problem: problem('UNREACHABLE', 'no route') },
      ],
      result: { kind: 'xapi', ok: 1, failed: 1, skipped: 0, sent: true },
    }));
    await page.evaluate("location.hash = '#/rooms'");
    for (const name of ['Fjord', 'Skog', 'Elv']) await page.getByRole('checkbox', { name: `Choose ${name}` }).click();
    await fromPalette('console');
    await page.getByRole('option', { name: 'Console for 2 chosen codecs' }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Console: 2 codecs' });
    await dialog.getByRole('textbox').fill('xStatus SystemUnit Uptime');
    await dialog.getByRole('textbox').press('Enter');
    await dialog.getByText('1 answered, 1 failed, 0 not asked').waitFor();
    expect(started('jobs.xapi')).toMatchObject([{ rooms: [1, 2] }]);
    await dialog.getByText('Nothing answered at the address.').first().click();
    await dialog.getByText('no route').waitFor();
    await looksWell('codec-console-many');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('are recorded for support, and the person is told to read the file', async () => {
    await copies();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Record for support' }).click();
    const dialog = page.getByRole('dialog', { name: 'Record Fjord for support' });
    await looksWell('codec-record');
    await dialog.getByRole('button', { name: 'Record', exact: true }).click();
    await expect.poll(() => started('jobs.record')).toEqual([{ roomId: 1, folder: null }]);
    await dialog.getByRole('button', { name: 'Stop' }).waitFor();
    const path = '/home/kari/recording-of-a-room-kit-2026-11-24.json';
    desk.end({ result: { kind: 'record', path, exchanges: 1204 } });
    await dialog.getByText('1,204 questions and their answers').waitFor();
    await dialog.getByText('Read the file before you pass it on').waitFor();
    await looksWell('codec-recorded');
    await dialog.getByRole('button', { name: 'Copy the path' }).click();
    expect(await copied()).toBe(path);
    await page.keyboard.press('Escape');
  });

  it('that are registered with Webex tell what is left to do on Infinity, and their id', async () => {
    const open = { tickedBy: null, tickedAt: null, note: null };
    desk.change(1, {
      room: { state: 'migrated' },
      manual: ['webex-entry', 'manager'].map((kind) => ({ kind, ...open })),
    });
    const left = page.getByRole('region', { name: 'Left for you' });
    await left.getByText('Enable Webex for it on Infinity').waitFor();
    await left.getByText(TOLD.find(({ key }) => key === 'webex-id')?.value ?? '').waitFor();
    await left.getByText('Tell the management system of this device').waitFor();
    await looksWell('codec-webex');
    desk.change(1, { manual: [] });
  });

  it('are tidied up after the move as the settings say', async () => {
    await page.evaluate("location.hash = '#/settings'");
    const tidy = page.getByRole('checkbox', { name: 'Tidy up HttpClient' });
    await tidy.click();
    await page.getByRole('checkbox', { name: 'Clear the meetings of the old macro' }).click();
    await looksWell('codec-settings');
    const devices = page.locator('section').filter({ has: tidy }).last();
    await devices.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => desk.site.settings)
      .toMatchObject({ tidyHttpClient: true, clearBookings: false, accountName: 'otj-push' });
  });

  it('have all their words in each language', async () => {
    for (const language of ['de', 'nb'] as const) {
      desk.language = language;
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Fjord' }).waitFor();
      const { told } = JSON.parse(readFileSync(`renderer/locales/${language}/room.json`, 'utf8'));
      await page.getByRole('tab').last().click();
      await page.getByText(told.title).waitFor();
      await looksWell(`codec-device-${language}`);
      desk.endings.set('macros', () => ({ result: { kind: 'macros', macros: MACROS } }));
      await page
        .getByRole('tabpanel')
        .getByRole('button', { name: /^Makro/ })
        .click();
      await page.getByRole('dialog').locator('mark').first().waitFor();
      await looksWell(`codec-macros-${language}`);
      await page.keyboard.press('Escape');
    }
    desk.language = 'en';
    await page.reload();
  });
});
