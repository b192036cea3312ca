/**
 * The search for devices in the window, in a network namespace: public addresses, a search that was stopped, listening,
 * and sources that disagree.
 */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { violations } from '../../support/a11y.ts';
import { inNamespace } from '../../support/namespace.ts';
import { type NetworkHosts, startHosts } from '../../support/networkHosts.ts';
import { startPeer } from '../../support/peer.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const PORTS = { https: 443, ssh: 22, http: 80, sip: 5060 };
const ADDRESSES = ['127.20.0.1', '127.20.0.2', '127.20.0.3'];
/** Of a documentation network, which nobody has (RFC 5737); there is no way to it in here, either. */
const PUBLIC = '203.0.113.7';

inNamespace(import.meta.url, 'the search in the window', () => {
  describe.skipIf(!hasBrowser).each(hosts)('%s', (host) => {
    const { home, remove } = freshHome();
    let window: AppWindow;
    let page: Page;
    let network: NetworkHosts;

    beforeAll(async () => {
      network = await startHosts({ addresses: ADDRESSES, rttMs: 0, ports: PORTS });
      window = await openWindow({ home, host });
      page = window.page;
      const site = { path: `${home}/oslo.otjsite`, name: 'Nordbank Oslo', technician: 'Kari', passphrase: PASSPHRASE };
      await window.call('site.create', { ...site, remember: false });
      await page.evaluate("location.hash = '#/discover'");
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Discover' }).waitFor();
    }, 120_000);

    afterEach(() => expect(window.misdeeds()).toEqual([]));

    afterAll(async () => {
      await window?.close();
      await network?.stop();
      remove();
    });

    const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
    const ranges = (text: string) => page.getByLabel('Addresses and ranges').fill(text);
    const searches = async () =>
      (await window.call('app.state', undefined)).jobs.filter(({ kind }) => kind === 'discover').length;

    it('asks before it looks at addresses that are not private, and takes no for an answer', async () => {
      const dialog = page.getByRole('dialog', { name: 'Look at public addresses?' });
      await ranges(PUBLIC);
      await press('Look for devices');
      await dialog.getByText(PUBLIC).waitFor();
      await picture(page, 'discover-public');
      expect(await violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await searches()).toBe(0);
      await press('Look for devices');
      await dialog.getByRole('button', { name: 'Look at them' }).click();
      await expect.poll(searches).toBe(1);
      await press('Stop');
      expect((await window.ended('discover')).status).toBe('stopped');
    });

    it('carries on where a search was stopped', async () => {
      await window.call('site.change', { searchRate: 20 });
      await ranges('127.20.0.0/26');
      await press('Look again');
      // Something of it is done, so that there is a rest.
      const card = page.getByRole('region', { name: 'Where to look' });
      await card
        .getByRole('strong')
        .filter({ hasText: /^[1-9]/ })
        .waitFor();
      await press('Stop');
      expect((await window.ended('discover')).status).toBe('stopped');
      const rest = page.getByText(/The last search was stopped: \d+ of 62 addresses were looked at\./);
      await rest.waitFor();
      await window.call('site.change', { searchRate: 2_000 });
      await press('Carry on');
      await rest.waitFor({ state: 'hidden' });
      expect(await window.ended('discover')).toMatchObject({ status: 'done', result: { looked: 62 } });
      for (const address of ADDRESSES) await page.getByRole('button', { name: `Facts about ${address}` }).waitFor();
      expect((await window.call('discover.state', undefined)).unfinished).toBeNull();
    });

    it('shows where sources disagree, with all that was seen', async () => {
      const codec = network.hosts.find(({ kind }) => kind === 'cisco-roomos')?.address ?? '';
      await window.call('rooms.import', {
        text: `room,mailbox,address,family\nFjord,fjord@example.com,${codec},poly\n`,
      });
      await ranges(codec);
      await press('Look again');
      await window.ended('discover');
      const card = page.getByRole('table', { name: 'Sources disagree' });
      await card.getByText('known: poly-videoos, seen: Cisco codec').waitFor();
      await card.getByText('kind of device').waitFor();
      await picture(page, 'discover-conflicts');
      expect(await violations(page)).toEqual([]);
      await card.getByRole('button', { name: `Facts about ${codec}` }).click();
      const facts = page.getByRole('dialog', { name: `What was seen at ${codec}` });
      await facts.getByRole('cell', { name: 'realm' }).waitFor();
      await page.keyboard.press('Escape');
      await facts.waitFor({ state: 'hidden' });
    });

    it('listens while it is wished, says on what, and shows who announces itself', async () => {
      const peer = await startPeer('win', '10.66.9');
      onTestFinished(() => peer.stop());
      const device = '<device><friendlyName>Fjord panel</friendlyName><modelName>Room Navigator</modelName></device>';
      await peer.serve(8080, `(q, a) => a.end('<root>${device}</root>')`);
      peer.answerSearch(`http://${peer.address}:8080/d.xml`, 'TANDBERG UPnP/1.0');
      const box = page.getByRole('checkbox', { name: /^Listen while this screen is open/ });
      await box.check();
      await page.getByText(`Listening on ${peer.here}:`).waitFor();
      await page.getByRole('button', { name: `Facts about ${peer.address}` }).waitFor();
      await box.uncheck();
      await page.getByText(`Listening on ${peer.here}:`).waitFor({ state: 'hidden' });
      await expect.poll(async () => (await window.call('discover.state', undefined)).listening.on).toBe(false);
    });
  });
});
