/** A site file as a document of the app: made, opened, locked, remembered, kept from others. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Site } from '../../main/site/site.ts';
import type { Keychain } from '../../main/site/vault.ts';
import { appDesk, appOn, NEW, openedSite, threadedAppOn } from '../support/appDesk.ts';
import { codeOf } from '../support/codeOf.ts';
import { PASSPHRASE } from '../support/siteFile.ts';

const desk = appDesk();

/** What an operating system's keychain does: AES with a key that only this user of this computer has. */
class AesKeychain implements Keychain {
  private readonly key = randomBytes(32);

  async wrap(key: Buffer): Promise<Buffer> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const body = Buffer.concat([cipher.update(key), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  async unwrap(wrapped: Buffer): Promise<Buffer> {
    const decipher = createDecipheriv('aes-256-gcm', this.key, wrapped.subarray(0, 12));
    decipher.setAuthTag(wrapped.subarray(12, 28));
    return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
  }
}

describe('a site as a document', () => {
  it('is made where one is named, and never over another file', async () => {
    const client = appOn(desk);
    expect((await client.call('app.state', undefined)).site).toBeNull();
    expect(await codeOf(() => client.call('rooms.list', undefined))).toBe('SITE_NONE');
    expect(await codeOf(() => client.call('site.create', { ...NEW, path: desk.path, passphrase: 'short' }))).toBe(
      'PASSPHRASE_SHORT',
    );
    expect(existsSync(desk.path)).toBe(false);
    const view = await client.call('site.create', { ...NEW, path: 'Bergen 2' });
    expect(view).toMatchObject({
      path: join(desk.folder, 'Bergen 2.otjsite'),
      locked: false,
      remembered: false,
      settings: { name: 'Bergen 2', technician: 'Kari' },
      credentials: [],
      practice: false,
    });
    expect(await codeOf(() => client.call('site.create', { ...NEW, path: '~/Bergen 2.otjsite' }))).toBe('SITE_EXISTS');
    const state = await client.call('app.state', undefined);
    expect(state).toMatchObject({
      home: desk.folder,
      site: { path: view.path },
      recent: [{ name: 'Bergen 2', there: true }],
    });
    expect(await codeOf(() => client.call('site.create', { ...NEW, path: 'no/such/folder' }))).toBe('DISK');
  });

  it('is locked when it is opened again, and opens with its passphrase only', async () => {
    await (await openedSite(desk)).backend.close();
    const client = appOn(desk);
    expect(await client.call('site.open', { path: 'oslo' })).toMatchObject({ path: desk.path, locked: true });
    expect(await client.call('rooms.list', undefined)).toHaveLength(3);
    const save = { purpose: 'infinity', roomId: null, username: 'api', password: 'p' } as const;
    expect(await codeOf(() => client.call('credentials.save', save))).toBe('VAULT_LOCKED');
    const unlock = (passphrase: string) => client.call('site.unlock', { passphrase, remember: true });
    expect(await codeOf(() => unlock('another one'))).toBe('VAULT_PASSPHRASE');
    // A host without a keychain remembers nothing.
    expect(await unlock(PASSPHRASE)).toMatchObject({ locked: false, remembered: false });
    expect(await client.call('site.open', { path: desk.path })).toMatchObject({ locked: false });
    await client.call('site.close', undefined);
    expect(await codeOf(() => client.call('site.unlock', { passphrase: PASSPHRASE, remember: false }))).toBe(
      'SITE_NONE',
    );
    expect(client.events.at(-1)).toMatchObject({ type: 'list' });
  });

  it('is opened by the keychain of this computer until it shall not be', async () => {
    const keychain = new AesKeychain();
    const first = threadedAppOn(desk, { keychain });
    expect(await first.call('site.create', { ...NEW, path: desk.path, remember: true })).toMatchObject({
      remembered: true,
    });
    await first.backend.close();
    copyFileSync(desk.path, join(desk.folder, 'elsewhere.otjsite'));

    const again = threadedAppOn(desk, { keychain });
    expect(await again.call('site.open', { path: desk.path })).toMatchObject({ locked: false, remembered: true });
    expect(await again.call('site.forgetKey', undefined)).toMatchObject({ locked: false, remembered: false });
    await again.call('site.close', undefined);
    expect(await again.call('site.open', { path: desk.path })).toMatchObject({ locked: true, remembered: false });

    const other = appOn(desk, { keychain: new AesKeychain() });
    const copy = join(desk.folder, 'elsewhere.otjsite');
    expect(await other.call('site.open', { path: copy })).toMatchObject({ locked: true, remembered: false });
    expect(await other.call('site.unlock', { passphrase: PASSPHRASE, remember: true })).toMatchObject({
      remembered: true,
    });
  });

  it('opens without a keychain that fails, and says that it was not remembered', async () => {
    const broken: Keychain = {
      wrap: () => Promise.reject(new Error('locked')),
      unwrap: () => Promise.reject(new Error('locked')),
    };
    const client = appOn(desk, { keychain: broken });
    expect(await client.call('site.create', { ...NEW, path: desk.path, remember: true })).toMatchObject({
      locked: false,
      remembered: false,
    });
  });

  it('is not changed while another process works on it', async () => {
    const client = await openedSite(desk);
    const other = Site.open(desk.path);
    onTestFinished(() => other.close());
    other.takeLock();
    expect((await client.call('app.state', undefined)).site?.busyElsewhere).toBe(true);
    expect(await codeOf(() => client.call('site.change', { name: 'Other' }))).toBe('SITE_BUSY');
    expect(await codeOf(() => client.call('match.release', { roomId: 1 }))).toBe('SITE_BUSY');
    other.releaseLock();
    expect(await client.call('site.change', { name: 'Other' })).toMatchObject({
      busyElsewhere: false,
      settings: { name: 'Other' },
    });
    expect((await client.call('app.state', undefined)).recent[0]?.name).toBe('Other');
    // It is held for the moment of the change only.
    other.takeLock();
  });

  it('is neither changed nor closed while work goes on in it', async () => {
    const client = await openedSite(desk);
    // Takes connections and says nothing, so that whoever looks has to wait.
    const deaf = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => deaf.once('listening', resolve));
    onTestFinished(() => void deaf.close());
    const at = deaf.address();
    const httpsPort = typeof at === 'object' && at ? at.port : 0;
    const job = await client.start('jobs.discover', { ranges: ['127.0.0.1'], sshPort: 1, httpsPort });
    const changes = [
      () => client.call('site.change', { name: 'x' }),
      () => client.call('site.infinity', null),
      () => client.call('site.close', undefined),
      () => client.call('site.create', { ...NEW, path: 'another' }),
      () => client.call('credentials.save', { purpose: 'infinity', roomId: null, username: 'a', password: 'b' }),
      () => client.call('rooms.import', { text: 'room,mailbox' }),
      () => client.call('rooms.trust', { roomId: 1, shown: 'cd'.repeat(32) }),
      () => client.call('match.release', { roomId: 1 }),
    ];
    for (const one of changes) expect(await codeOf(one)).toBe('JOB_RUNNING');
    // What people have done by hand disturbs no work.
    expect(await codeOf(() => client.call('rooms.tick', { roomIds: [1], kind: null, note: '' }))).toBe('NOTHING_TO_DO');
    expect((await client.call('app.state', undefined)).site).toMatchObject({ path: desk.path, busyElsewhere: false });
    await client.until(job, ({ endedAt }) => endedAt !== null);
    expect(await client.call('site.change', { name: 'x' })).toMatchObject({ settings: { name: 'x' } });
  });

  it.each([
    ['missing.otjsite', 'SITE_MISSING'],
    ['text.otjsite', 'SITE_NOT_OURS'],
  ])('%s is %s, and what was open stays open', async (name, code) => {
    const client = await openedSite(desk);
    writeFileSync(join(desk.folder, 'text.otjsite'), 'no database');
    expect(await codeOf(() => client.call('site.open', { path: name }))).toBe(code);
    expect((await client.call('app.state', undefined)).site?.path).toBe(desk.path);
  });
});
