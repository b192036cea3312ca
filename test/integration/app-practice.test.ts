/** The practice site in the app, and what its readiness checks say of a site that lacks something. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import { lastChecks, runChecks } from '../../main/services/checks.ts';
import { OpenSite } from '../../main/services/openSite.ts';
import { startPractice } from '../../main/services/practice.ts';
import { Site } from '../../main/site/site.ts';
import { factsOf, NO_PORTS } from '../support/appClient.ts';
import { appDesk, appOn, NEW } from '../support/appDesk.ts';
import { codeOf } from '../support/codeOf.ts';

const desk = appDesk();

describe('the practice site and its readiness', () => {
  const network = { devices: '127.53', core: '127.54.0', ports: { ssh: 2254, https: 8454 } };
  const wish = { rooms: 6, trouble: false, networks: [network] };
  const never = new AbortController().signal;

  function open(): OpenSite {
    const one = new OpenSite(factsOf(desk.userData), NO_PORTS, () => undefined);
    onTestFinished(() => one.close());
    return one;
  }

  it('opens a new file with devices that answer, and ends them with it', async () => {
    const practice = open();
    const { path: file, passphrase } = await startPractice(practice, wish, never);
    expect(file.startsWith(join(desk.folder, 'OTJ practice', 'practice-'))).toBe(true);
    expect(practice.practising).toBe(true);
    const { site } = practice;
    const told: Check[] = [];
    const checks = await runChecks(site, { signal: never, checked: (check) => told.push(check) });
    expect(told).toEqual(checks);
    expect(lastChecks(site)?.checks).toEqual(checks);
    const statuses = Object.fromEntries(checks.map(({ id, status }) => [id, status]));
    // Names of the simulated nodes are in no name server, and their certificates are signed by themselves.
    const looks = ['infinity.reach', 'infinity.nodeCertificates'];
    expect(looks.map((id) => statuses[id])).toEqual(['warn', 'warn']);
    const rest = Object.entries(statuses).filter(([id]) => id !== 'microsoft' && !looks.includes(id));
    expect(new Set(rest.map(([, status]) => status))).toEqual(new Set(['pass']));
    expect(statuses.microsoft).toBe('unchecked');

    const check = async () =>
      new Map((await runChecks(site, { signal: never, checked: () => undefined })).map((one) => [one.id, one]));
    const { infinity } = site.settings;
    if (!infinity) throw new Error('no Infinity');

    site.db.transaction(() => {
      for (let at = 0; at < 20; at++)
        site.rooms.upsert(
          {
            name: `More ${at}`,
            building: 'B',
            floor: '1',
            mailbox: `m${at}@x.example`,
            address: null,
            serial: null,
            family: null,
          },
          { sshPort: 22, httpsPort: 443 },
        );
    });
    const short = await check();
    // 38 licences, 22 of them used; 26 rooms want one.
    expect(short.get('infinity.licences')).toMatchObject({ status: 'fail', count: 10, problem: { code: 'LICENCES' } });
    expect(short.get('rooms.devices')).toMatchObject({ status: 'warn', count: 20 });

    site.saveSettings({ infinity: { ...infinity, group: 'Not in use' } });
    const group = await check();
    expect(group.get('infinity.login')?.status).toBe('pass');
    expect(group.get('infinity.group')?.status).toBe('pass');
    expect(group.get('infinity.profile')).toMatchObject({ status: 'fail', problem: { code: 'INFINITY_SETUP' } });
    expect(group.get('infinity.rules')?.status).toBe('unchecked');

    site.saveSettings({ infinity });
    site.saveCredential('infinity', null, 'admin', 'wrong');
    site.removeCredential('cisco-roomos', null);
    const login = await check();
    expect(login.get('infinity.login')).toMatchObject({ status: 'fail', problem: { code: 'INFINITY_LOGIN' } });
    expect(login.get('infinity.nodes')?.status).toBe('unchecked');
    expect(login.get('logins.cisco')).toMatchObject({ status: 'fail', problem: { code: 'CREDENTIAL_MISSING' } });

    site.saveSettings({ infinity: { ...infinity, pin: 'a'.repeat(64) } });
    expect((await check()).get('infinity.certificate')).toMatchObject({
      status: 'fail',
      problem: { code: 'INFINITY_TRUST' },
    });
    site.saveSettings({ infinity: { ...infinity, pin: null } });
    expect((await check()).get('infinity.certificate')).toMatchObject({
      status: 'fail',
      problem: { code: 'HANDSHAKE' },
    });

    await practice.close();
    const stranger = Site.open(file);
    onTestFinished(() => stranger.close());
    stranger.saveSettings({ infinity });
    const [, away, next] = await runChecks(stranger, { signal: never, checked: () => undefined });
    expect(away).toMatchObject({
      id: 'infinity.certificate',
      status: 'fail',
      problem: { code: 'INFINITY_UNREACHABLE' },
    });
    // Nothing was seen of a certificate, so none is at fault, and it is not mended in the admin pages.
    expect(away?.place).toBeUndefined();
    expect(next).toMatchObject({ status: 'unchecked', evidence: 'Infinity does not answer' });
    await stranger.unlock(passphrase);
    expect(stranger.credentials().map(({ purpose }) => purpose)).toEqual(['infinity', 'poly-videoos']);
  });

  it('of a file without Infinity, rooms or logins says what is missing, and tells a screen again later', async () => {
    const client = appOn(desk);
    await client.call('site.create', { ...NEW, path: desk.path });
    expect(await client.call('site.checks', undefined)).toBeNull();
    const result = await client.done('jobs.check', undefined);
    const checks = result.kind === 'check' ? result.checks : [];
    const failed = checks.flatMap(({ id, status }) => (status === 'fail' ? [id] : []));
    expect(failed).toEqual(['infinity.set', 'rooms.list']);
    expect((await client.call('site.checks', undefined))?.checks).toEqual(checks);
  });

  it('says in its own words why no devices could be started, or that it was stopped', async () => {
    const blocker = createServer().listen(network.ports.https, '127.54.0.10');
    await new Promise((resolve) => blocker.once('listening', resolve));
    onTestFinished(() => void blocker.close());
    const practice = open();
    expect(await codeOf(() => startPractice(practice, wish, never))).toBe('PRACTICE_FAILED');
    expect(await codeOf(() => startPractice(practice, wish, AbortSignal.abort()))).toBe('CANCELLED');
    const next = { ...network, core: '127.54.1' };
    await startPractice(practice, { ...wish, networks: [network, next] }, never);
    expect(practice.site.settings.infinity?.address).toBe('127.54.1.10');
  });
});
