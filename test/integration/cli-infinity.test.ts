/** `otj` sets up Infinity: an OAuth2 client, a file of authorities, and what of it lies in the site file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { type OtjRun, otj } from '../support/otj.ts';
import { bytesBeside, PASSPHRASE, tempFolder } from '../support/siteFile.ts';
import { type Call, startPlatform } from './lab-raw.ts';

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
      const run = await otj(args, ...secrets);
      expect(run, args.join(' ')).toMatchObject({ code: 0 });
      return run;
    };
    const made = await call('POST', '/api/admin/configuration/v1/oauth2_client/', {
      client_name: 'otj',
      role: '/api/admin/configuration/v1/role/1/',
    });
    const [id, key] = [String(made.json.client_id), String(made.json.private_key_jwt)];
    await well(['init', site, ...passphrase], PASSPHRASE);

    const store = ['credential', 'set', site, '--for', 'infinity', '--oauth2', '--client-id', id, ...passphrase];
    const stored = await well([...store, '--key-fd', '4'], PASSPHRASE, key);
    expect(stored.stdout).toContain(id);
    const mixed = await otj([...store, '--password-fd', '4'], PASSPHRASE, 'x');
    expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining('--oauth2') });

    const host = new URL(platform.url).host;
    const set = ['infinity', 'set', site, host, '--group', 'Oslo'];
    const other = join(given, 'other.pem');
    writeFileSync(other, platform.nodes[0]?.host.certificate ?? '');
    const wrong = await otj([...set, '--ca', other]);
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
  });
});
