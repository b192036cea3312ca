/** `otj` sets up Infinity: an OAuth2 client, a file of authorities, and what of it lies in the site file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Site } from '../../main/site/site.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { prepareAll, siteOn } from '../support/infinitySite.ts';
import { type OtjRun, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { bytesBeside, PASSPHRASE, tempFolder } from '../support/siteFile.ts';
import { type Call, ENDPOINTS, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.10'));
  platform.behaviour.oauth = true;
});
afterAll(() => platform.stop());

describe('otj credential set --oauth2 and otj infinity set --ca', () => {
  it('store a client and authorities, with which otj check signs in', async () => {
    const folder = tempFolder();
    const given = tempFolder();
    const site = join(folder, 'a.otjsite');
    const passphrase = ['--passphrase-fd', '3'];
    const well = async (args: string[], ...secrets: string[]): Promise<OtjRun> => {
      const run = await otjHere(args, ...secrets);
      expect(run, args.join(' ')).toMatchObject({ code: 0 });
      return run;
    };
    const made = await call('POST', '/api/admin/configuration/v1/oauth2_client/', {
      client_name: 'otj',
      role: '/api/admin/configuration/v1/role/1/',
    });
    const [id, key] = [String(made.json.client_id), String(made.json.private_key_jwt)];
    (await Site.create(site, PASSPHRASE, {})).close();

    const store = ['credential', 'set', site, '--for', 'infinity', '--oauth2', '--client-id', id, ...passphrase];
    const stored = await well([...store, '--key-fd', '4'], PASSPHRASE, key);
    expect(stored.stdout).toContain(id);
    const mixed = await otjHere([...store, '--password-fd', '4'], PASSPHRASE, 'x');
    expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining('--oauth2') });

    const host = new URL(platform.url).host;
    const set = ['infinity', 'set', site, host, '--group', 'Oslo'];
    const other = join(given, 'other.pem');
    writeFileSync(other, platform.nodes[0]?.host.certificate ?? '');
    const wrong = await otjHere([...set, '--ca', other]);
    expect(wrong.stderr).toContain('CA_UNFIT');
    const ca = join(given, 'ca.pem');
    // a private key beside it in the file must not get into the site file
    writeFileSync(ca, `${key}${platform.management.certificate}`);
    await well([...set, '--ca', ca]);

    const checked = await otj(['check', site, '--json', ...passphrase], PASSPHRASE);
    expect(checked.stdout).toMatch(/"infinity\.certificate","status":"pass"/);
    expect(checked.stdout).toMatch(/"infinity\.login","status":"pass"/);
    const lying = bytesBeside(site);
    expect(lying).toContain('BEGIN CERTIFICATE');
    expect(lying).not.toContain('PRIVATE KEY');
    expect(lying).not.toContain(key.split('\n')[1]);
  }, 120_000);
});

describe('otj prepare', () => {
  it('leaves an entry from before us alone unasked, and changes it with --yes', async () => {
    const site = await siteOn(platform, 2);
    const fields = { name: 'Old 1', room_resource_email: 'room-1@lab.example', api_address: '10.7.7.1' };
    await call('POST', ENDPOINTS, fields);
    const names = async () => (await call('GET', ENDPOINTS)).json.objects.map(({ name }) => name).toSorted();
    const prepare = ['prepare', site.path, '--passphrase-fd', '3'];
    const { otjTotal } = platform.behaviour;
    platform.behaviour.otjTotal = 1;
    const { stdout } = await otjHere([...prepare, '--dry-run', '--json'], PASSPHRASE);
    platform.behaviour.otjTotal = otjTotal;
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'result', short: 1 });
    expect(await otjHere(prepare, PASSPHRASE)).toMatchObject({ code: 1 });
    expect(await names()).toEqual(['Old 1', 'Room 2']);
    expect(await otj([...prepare, '--yes'], PASSPHRASE)).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['Room 1', 'Room 2']);
    await call('DELETE', ENDPOINTS);
  }, 120_000);
});

describe('otj sync', () => {
  it('shows an entry that somebody changed as three values, and --take writes ours', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    const entry = async () => (await call('GET', ENDPOINTS)).json.objects[0];
    await call('PATCH', String((await entry())?.resource_uri), { api_address: '10.9.9.9' });
    const looked = await otjHere(['prepare', site.path, '--dry-run', '--passphrase-fd', '3'], PASSPHRASE);
    expect(looked.stdout).toContain('1 entry was changed by somebody else');
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED' });
    const sync = ['sync', site.path, '--wait', '0', '--passphrase-fd', '3'];
    const shown = await otjHere(sync, PASSPHRASE);
    expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining('INFINITY_CHANGED') });
    expect(shown.stdout).toMatch(/api_address.*10\.1\.0\.1.*10\.9\.9\.9.*10\.1\.0\.1/);
    expect((await entry())?.api_address).toBe('10.9.9.9');
    expect(await otjHere([...sync, '--take', 'site'], PASSPHRASE)).toMatchObject({ code: 2 });
    expect(await otjHere([...sync, '--take', 'site', 'Room 1'], PASSPHRASE)).toMatchObject({ code: 0 });
    expect((await entry())?.api_address).toBe('10.1.0.1');
  }, 120_000);
});
