/** The site file as one document: logins, settings, its lock among processes, and no secret in clear anywhere. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, bytesBeside, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

const SITE_MODULE = fileURLToPath(new URL('../../main/site/site.ts', import.meta.url));

/** Another process that opens the file, takes the lock, says so and stays. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `
    const { Site } = await import(${JSON.stringify(SITE_MODULE)});
    // Kept, or the garbage collector would close it and let the lock go.
    globalThis.site = Site.open(${JSON.stringify(path)});
    globalThis.site.takeLock();
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

function opened(path: string): Site {
  const site = Site.open(path);
  onTestFinished(() => site.close());
  return site;
}

describe('the lock', () => {
  it('keeps a second process out until the first one dies, however it dies', async () => {
    const site = await tempSite();
    const child = await holder(site.path);
    expect(await codeOf(() => site.takeLock())).toBe('SITE_BUSY');
    expect(site.isBusy()).toBe(true);
    // Looking and importing go on meanwhile.
    expect(addRoom(site).outcome).toBe('new');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(site.isBusy()).toBe(false);
    site.takeLock();
    expect(site.isBusy()).toBe(true);
  });

  it('holds between two openings in one process, and may be taken twice by its holder', async () => {
    const site = await tempSite();
    const other = opened(site.path);
    site.takeLock();
    site.takeLock();
    expect(await codeOf(() => other.takeLock())).toBe('SITE_BUSY');
    site.close();
    other.takeLock();
  });

  it('is the same lock under another name of the file', async () => {
    const site = await tempSite();
    const link = join(tempFolder(), 'link.otjsite');
    symlinkSync(site.path, link);
    site.takeLock();
    expect(await codeOf(() => opened(link).takeLock())).toBe('SITE_BUSY');
  });

  it('is not lost to somebody who only looks whether it is taken', async () => {
    const site = await tempSite();
    const script = `
      const { Site } = await import(${JSON.stringify(SITE_MODULE)});
      const site = Site.open(${JSON.stringify(site.path)});
      console.log('looking');
      for (;;) site.isBusy();`;
    const args = ['--input-type=module', '-e', script];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (child.stdout) await once(child.stdout, 'data');
    for (let turn = 0; turn < 300; turn++) {
      const runner = Site.open(site.path);
      expect(await codeOf(() => runner.takeLock())).toBeUndefined();
      runner.close();
    }
  });

  it('tells a lock file that is none as trouble of the disk, not as another process', async () => {
    const site = await tempSite();
    writeFileSync(`${site.path}-lock`, 'x'.repeat(4096));
    expect(await codeOf(() => site.takeLock())).toBe('DISK');
  });
});

describe('logins', () => {
  it("are the room's own before the site's", async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    expect(await codeOf(() => site.credential('cisco-roomos', room.id))).toBe('CREDENTIAL_MISSING');
    site.saveCredential('cisco-roomos', null, 'admin', 'for all');
    expect(site.credential('cisco-roomos', room.id)).toMatchObject({ username: 'admin', password: 'for all' });
    site.saveCredential('cisco-roomos', room.id, 'local', 'for one');
    expect(site.credential('cisco-roomos', room.id)).toMatchObject({ username: 'local', password: 'for one' });
    expect(site.credential('cisco-roomos')).toMatchObject({ password: 'for all' });
    expect(await codeOf(() => site.credential('poly-videoos', room.id))).toBe('CREDENTIAL_MISSING');
  });

  it('are proven until the password changes', async () => {
    const site = await tempSite();
    site.saveCredential('cisco-roomos', null, 'admin', 'one');
    const { id, proven } = site.credential('cisco-roomos');
    expect(proven).toBe(false);
    site.proveCredential(id);
    expect(site.credential('cisco-roomos').proven).toBe(true);
    site.saveCredential('cisco-roomos', null, 'admin', 'two');
    expect(site.credential('cisco-roomos')).toMatchObject({ id, password: 'two', proven: false });
  });

  it('need an open vault', async () => {
    const site = await tempSite();
    site.saveCredential('infinity', null, 'admin', 'secret');
    const other = opened(site.path);
    expect(await codeOf(() => other.credential('infinity'))).toBe('VAULT_LOCKED');
    expect(await codeOf(() => other.saveCredential('infinity', null, 'mallory', 'x'))).toBe('VAULT_LOCKED');
    expect(await codeOf(() => other.unlock('wrong'))).toBe('VAULT_PASSPHRASE');
    await other.unlock(PASSPHRASE);
    // The refused change has left nothing behind.
    expect(other.credential('infinity')).toMatchObject({ username: 'admin', password: 'secret' });
  });
});

describe('settings and plans', () => {
  it('have defaults, keep what is set, and refuse what is wrong', async () => {
    const site = await tempSite({ name: 'Oslo' });
    site.saveSettings({ concurrency: 64 });
    expect(opened(site.path).settings).toMatchObject({ name: 'Oslo', concurrency: 64, sshPort: 22 });
    for (const wrong of [{ concurrency: 0 }, { sshPort: 70_000 }, { accountName: 'a b' }, { accountName: '' }])
      expect(() => site.saveSettings(wrong)).toThrow();
    expect(site.settings.concurrency).toBe(64);
  });

  it('keeps the last plan of a room', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    expect(site.plan(room.id)).toBeNull();
    const step = { id: 'a', stage: 'check' as const, title: 'A', changes: [] };
    site.savePlan(room.id, [step]);
    site.savePlan(room.id, [{ ...step, id: 'b' }]);
    expect(site.plan(room.id)?.steps.map(({ id }) => id)).toEqual(['b']);
  });
});

describe('secrets', () => {
  it('are nowhere in clear: not in the file, not in its log, open or closed', async () => {
    const site = await tempSite();
    const secrets = ['Klart-Passord-4711', 'Hemmelig-Makro-Token-0815', PASSPHRASE];
    site.saveCredential('cisco-roomos', null, 'admin', secrets[0] ?? '');
    const macro = { kind: 'macro', name: 'otj-macro-settings', content: `export const token = '${secrets[1]}';` };
    await site.backups.open(site.vault, 'FOC1', [macro]);
    const base64 = secrets.map((secret) => Buffer.from(secret).toString('base64').slice(0, 12));
    for (const closed of [false, true]) {
      if (closed) site.close();
      const bytes = bytesBeside(site.path);
      expect(bytes).toContain('otj-macro-settings');
      for (const secret of [...secrets, ...base64]) expect(bytes).not.toContain(secret);
    }
  });
});
