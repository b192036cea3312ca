/** Faults that were found in the calls of a screen, each with what brought it about. */
import { X509Certificate } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Check } from '../../main/contract/jobs.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { runChecks } from '../../main/services/checks.ts';
import { startOnSite } from '../../main/services/jobs/onSite.ts';
import { OpenSite } from '../../main/services/openSite.ts';
import { type AppClient, factsOf, NO_PORTS, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';
import { PASSWORD, startRawNode } from './infinity-server.ts';

const NEW = { name: '', technician: 'Kari', passphrase: PASSPHRASE, remember: false };

function app(): AppClient {
  const client = startApp(tempFolder());
  onTestFinished(() => client.backend.close());
  return client;
}

/** An open site without a host's window; `told` has all that it tells. */
async function openSite() {
  const told: AppEvent[] = [];
  const open = new OpenSite(factsOf(tempFolder()), NO_PORTS, (event) => told.push(event));
  const site = await tempSite();
  open.set(site);
  return { open, site, told };
}

describe('the open site', () => {
  it('stays when another file has settings that cannot be read', async () => {
    const damaged = await tempSite();
    damaged.keep('settings', { sshPort: 70_000 });
    const client = app();
    const { path } = await client.call('site.create', { ...NEW, path: join(tempFolder(), 'oslo.otjsite') });
    expect(await codeOf(() => client.call('site.open', { path: damaged.path }))).toBe('SITE_NOT_OURS');
    expect((await client.call('app.state', undefined)).site).toMatchObject({ path, locked: false });
  });

  it('that was moved away meanwhile does not keep another one from being opened', async () => {
    const other = await tempSite();
    const client = app();
    const { path } = await client.call('site.create', { ...NEW, path: join(tempFolder(), 'oslo.otjsite') });
    renameSync(path, `${path}-away`);
    expect(await client.call('site.open', { path: other.path })).toMatchObject({ path: other.path });
  });
});

describe('the readiness list', () => {
  it('tells each check once, also when Infinity does not give its entries to somebody who is signed in', async () => {
    const node = await startRawNode();
    onTestFinished(() => node.stop());
    node.rows = {
      [RESOURCE.manager]: [{ id: 1, version: '40' }],
      [RESOURCE.licences]: [{ id: 1, otj_count: 1, otj_total: 10 }],
      [RESOURCE.groups]: [
        {
          id: 1,
          name: 'OTJ',
          system_location: `${RESOURCE.locations}1/`,
          mjx_integration: `${RESOURCE.profiles}1/`,
        },
      ],
      [RESOURCE.profiles]: [{ id: 1, name: 'Profile', graph_deployment: '/graph/1/' }],
      [RESOURCE.locations]: [{ id: 1, name: 'Oslo' }],
    };
    node.before = ({ path }) => (path === RESOURCE.endpoints ? { status: 403 } : undefined);
    const pin = new X509Certificate(node.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
    const site = await tempSite({ infinity: { address: '127.0.0.1', port: node.port, group: 'OTJ', pin } });
    site.saveCredential('infinity', null, 'admin', PASSWORD);
    const told: Check[] = [];
    await runChecks(site, { signal: new AbortController().signal, checked: (check) => told.push(check) });
    const statusOf = new Map(told.map(({ id, status }) => [id, status]));
    expect(told).toHaveLength(statusOf.size);
    expect(statusOf.get('infinity.login')).toBe('pass');
    // How many entries are to come cannot be reckoned without them: not known, and not well.
    expect(statusOf.get('infinity.licences')).toBe('warn');
    expect(statusOf.get('infinity.group')).toBe('pass');
  });
});

describe('practice devices', () => {
  it('that end by themselves are no longer told to be there', async () => {
    const { open, told } = await openSite();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    open.keepPractice({ ended, stop: () => ended });
    expect(told.at(-1)).toMatchObject({ type: 'site', site: { practice: true } });
    end();
    await ended;
    expect(open.practising).toBe(false);
    expect(told.at(-1)).toMatchObject({ type: 'site', site: { practice: false } });
  });
});

describe('debts that come while work goes on', () => {
  it('are told now and then and not each time, but the last of them always', async () => {
    const { open, site, told } = await openSite();
    const ids = Array.from(
      { length: 60 },
      (_, at) => addRoom(site, { name: `Room ${at}`, mailbox: `room-${at}@contoso.example` }).room.id,
    );
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const sites = () => told.flatMap((event) => (event.type === 'site' ? [event.site?.owed] : []));
    const before = sites().length;
    startOnSite(open, { kind: 'sync', total: 0, pausable: false }, async ({ moved }) => {
      for (const id of ids) {
        site.outbox.owe(id, 'contact');
        moved(id);
      }
      await ended;
      return { kind: 'sync', owed: 0, freed: [] };
    });
    await expect.poll(() => sites().at(-1)).toBe(ids.length);
    expect(open.busy).toBe(true);
    expect(told.filter(({ type }) => type === 'rooms')).toHaveLength(ids.length);
    expect(sites().length - before).toBeLessThan(ids.length / 2);
    end();
    await expect.poll(() => open.busy).toBe(false);
    expect(sites().at(-1)).toBe(ids.length);
  });
});
