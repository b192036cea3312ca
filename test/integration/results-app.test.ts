/** Choosing the list as a screen does it: Graph takes seconds, so what goes on by then is looked at again before anything is kept. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { resultsSettings } from '../../main/services/results/settings.ts';
import { Site } from '../../main/site/site.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { startTeamLab, type TeamLab } from '../support/microsoftSite.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

let lab: TeamLab;
beforeAll(async () => {
  lab = await startTeamLab();
});
afterAll(() => lab?.stop());

async function opened(): Promise<{ app: AppClient; path: string }> {
  const site = await tempSite({ technician: 'Kari' });
  addRoom(site);
  await lab.signIn(site);
  site.close();
  const app = startApp(tempFolder());
  onTestFinished(() => app.backend.close());
  await app.call('site.open', { path: site.path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  return { app, path: site.path };
}

it('keeps nothing while another process works on the site file, and the list when it has ended', async () => {
  const { app, path } = await opened();
  const wish = { address: lab.address, list: null, create: true, columns: null, reports: false };
  const other = Site.open(path);
  onTestFinished(() => other.close());
  other.takeLock();
  expect(await codeOf(() => app.call('results.set', wish))).toBe('SITE_BUSY');
  expect(resultsSettings(other)).toBeNull();
  other.releaseLock();
  // Made already, and found again.
  const view = await app.call('results.set', wish);
  expect(view.settings?.list.name).toBe('OTJ migration');
  expect(lab.sites.sites[0]?.lists).toHaveLength(1);
});
