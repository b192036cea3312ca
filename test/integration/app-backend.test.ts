/** The thread that holds the services, as a host lives with it: questions to the host, faults, the end. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OtjError } from '../../main/contract/errors.ts';
import { type Backend, startBackend } from '../../main/hosts/backend.ts';
import type { HostPorts } from '../../main/services/openSite.ts';
import type { Keychain } from '../../main/site/vault.ts';
import { factsOf, NO_PORTS, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';

const PASSPHRASE = 'Correct-Horse-Battery-77';

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'otj-app-backend-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A keychain with a real key of this user, kept in this process. */
function keychain(): Keychain {
  const own = randomBytes(32);
  const nonce = randomBytes(12);
  return {
    async wrap(key) {
      const cipher = createCipheriv('aes-256-gcm', own, nonce);
      return Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrap(wrapped) {
      const decipher = createDecipheriv('aes-256-gcm', own, nonce);
      decipher.setAuthTag(wrapped.subarray(-16));
      return Buffer.concat([decipher.update(wrapped.subarray(0, -16)), decipher.final()]);
    },
  };
}

function app(ports: Partial<HostPorts> = {}) {
  const client = startApp(tempFolder(), ports);
  onTestFinished(() => client.backend.close());
  return client;
}

describe('the services in their thread', () => {
  it('ask the host for its keychain', async () => {
    const path = join(tempFolder(), 'oslo.otjsite');
    const client = app({ keychain: keychain() });
    const given = { path, name: 'Oslo', technician: '', passphrase: PASSPHRASE, remember: true };
    expect(await client.call('site.create', given)).toMatchObject({ locked: false, remembered: true });
    await client.call('site.close', undefined);
    expect(await client.call('site.open', { path })).toMatchObject({ locked: false, remembered: true });
  });

  it('ask the host for a file, and learn of its failure', async () => {
    const asked: unknown[] = [];
    const client = app({
      async chooseFile(what, suggested) {
        asked.push([what, suggested]);
        if (what === 'folder') throw new Error('no dialog');
        return '/home/kari/oslo.otjsite';
      },
    });
    const wish = { what: 'open-site', suggested: '/home/kari' } as const;
    expect(await client.call('files.choose', wish)).toEqual({ path: '/home/kari/oslo.otjsite' });
    expect(asked).toEqual([['open-site', '/home/kari']]);
    expect(await codeOf(() => client.call('files.choose', { what: 'folder', suggested: null }))).toBe('INTERNAL');
  });

  it('learn it when the host gives what is no plain data', async () => {
    const client = app({ chooseFile: async () => (() => undefined) as never });
    expect(await codeOf(() => client.call('files.choose', { what: 'folder', suggested: null }))).toBe('INTERNAL');
    expect((await client.call('app.state', undefined)).site).toBeNull();
  });

  it('refuse an input that is no plain data, without telling it', async () => {
    const client = app();
    const reply = await client.backend.call('site.unlock', { passphrase: PASSPHRASE, remember: () => true });
    expect(reply).toMatchObject({ ok: false, problem: { code: 'USAGE' } });
    expect(JSON.stringify(reply)).not.toContain(PASSPHRASE);
  });

  it('answer many calls at once, each its own', async () => {
    const client = app();
    const names = Array.from({ length: 200 }, (_, at) => (at % 2 ? 'app.state' : 'no.such.call'));
    const replies = await Promise.all(names.map((name) => client.backend.call(name, undefined)));
    expect(replies.map(({ ok }) => ok)).toEqual(names.map((name) => name === 'app.state'));
  });

  it('start simulated devices with a site of their own, and end them with it', async () => {
    const home = process.env.HOME;
    process.env.HOME = tempFolder();
    onTestFinished(() => {
      process.env.HOME = home;
    });
    const client = app();
    const id = await client.start('jobs.practice', { rooms: 3, trouble: false });
    expect((await client.until(id, ({ waiting }) => waiting !== null)).waiting).toMatchObject({
      for: 'devices-starting',
      count: 3,
    });
    expect(await codeOf(() => client.call('jobs.practice', { rooms: 3, trouble: false }))).toBe('JOB_RUNNING');
    const { status, result } = await client.until(id, ({ endedAt }) => endedAt !== null);
    const path = result?.kind === 'practice' ? result.path : '';
    expect(status).toBe('done');
    expect((await client.call('app.state', undefined)).site).toMatchObject({ path, practice: true, locked: false });
    expect(await client.done('jobs.prepare', { rooms: null })).toMatchObject({ prepared: 3 });
    await client.call('site.close', undefined);
    expect(await client.call('site.open', { path })).toMatchObject({ practice: false, locked: true });
  });

  it('end with the host, and answer later calls', async () => {
    const client = app();
    const path = join(tempFolder(), 'oslo.otjsite');
    await client.call('site.create', { path, name: 'Oslo', technician: '', passphrase: PASSPHRASE, remember: false });
    const crashes: OtjError[] = [];
    client.backend.onCrash((error) => crashes.push(error));
    await client.backend.close();
    await client.backend.close();
    expect(await codeOf(() => client.call('app.state', undefined))).toBe('INTERNAL');
    expect(crashes).toEqual([]);
  });
});

describe('a thread that breaks', () => {
  const broken = new URL('../support/brokenWorker.ts', import.meta.url);

  function startBroken(): { backend: Backend; crashes: string[] } {
    const backend = startBackend(factsOf(tempFolder()), NO_PORTS, broken);
    const crashes: string[] = [];
    backend.onCrash(({ words }) => crashes.push(words ?? ''));
    onTestFinished(() => backend.close());
    return { backend, crashes };
  }

  it.each([
    ['throw', 'a fault that nobody foresaw'],
    ['reject', 'a promise that nobody kept'],
    ['exit', 'it ended with 3'],
  ])('by %s leaves nobody waiting and says why', async (name, why) => {
    const { backend, crashes } = startBroken();
    const waiting = ['rooms.list', name, 'app.state'].map((call) => backend.call(call, undefined));
    const replies = [...(await Promise.all(waiting)), await backend.call('app.state', undefined)];
    for (const reply of replies)
      expect(reply).toMatchObject({ ok: false, problem: { code: 'INTERNAL', words: expect.stringContaining(why) } });
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toContain(why);
  });

  it('that cannot even start leaves nobody waiting', async () => {
    const backend = startBackend(factsOf(tempFolder()), NO_PORTS, new URL('../support/not-there.ts', import.meta.url));
    expect(await backend.call('app.state', undefined)).toMatchObject({ ok: false, problem: { code: 'INTERNAL' } });
    await backend.close();
  });

  it('answers what was still waiting when the host closes it', async () => {
    const { backend, crashes } = startBroken();
    const waiting = backend.call('rooms.list', undefined);
    await backend.close();
    expect(await waiting).toMatchObject({ ok: false, problem: { code: 'INTERNAL', words: 'the app is closing' } });
    expect(crashes).toEqual([]);
  });
});
