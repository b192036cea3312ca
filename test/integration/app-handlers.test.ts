/** The calls of the contract that are no jobs, as a screen makes them: through the thread that holds the services. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import { lastChecks, runChecks } from '../../main/services/checks.ts';
import type { HostPorts } from '../../main/services/opened.ts';
import { OpenSite } from '../../main/services/openSite.ts';
import { startPractice } from '../../main/services/practice.ts';
import { Site } from '../../main/site/site.ts';
import type { Keychain } from '../../main/site/vault.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { bytesBeside, PASSPHRASE, tempFolder } from '../support/siteFile.ts';

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

let folder: string;
let path: string;
/** Where the app keeps its preferences. */
let userData: string;

beforeEach(() => {
  folder = tempFolder();
  userData = tempFolder();
  path = join(folder, 'oslo.otjsite');
  const home = process.env.HOME;
  process.env.HOME = folder;
  onTestFinished(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
  });
});

function app(ports: Partial<HostPorts> = {}): AppClient {
  const client = startApp(userData, ports);
  onTestFinished(() => client.backend.close());
  return client;
}

const NEW = { name: '', technician: 'Kari', passphrase: PASSPHRASE, remember: false };
const HOSTILE = ['x'.repeat(100), '<img src=x onerror=alert(1)>', '\u202egnitirw טוב', '👩‍👩‍👧 🎥', '=1+1', '{{7*7}}'];

/** A site with a room for each name, open in the app. */
async function openedSite(names: readonly string[] = ['Fjord', 'Skog', 'Hav']): Promise<AppClient> {
  const client = app();
  await client.call('site.create', { ...NEW, path });
  const rows = names.map(
    (name, at) => `"${name.replaceAll('"', '""')}",Oslo,${at + 1},r${at}@example.com,10.0.0.${at + 1},,cisco`,
  );
  const text = ['room,building,floor,mailbox,address,serial,family', ...rows].join('\n');
  const { added, problems } = await client.call('rooms.import', { text });
  expect({ added, problems }).toEqual({ added: names.length, problems: [] });
  return client;
}

describe('a site as a document', () => {
  it('is made where one is named, and never over another file', async () => {
    const client = app();
    expect((await client.call('app.state', undefined)).site).toBeNull();
    expect(await codeOf(() => client.call('rooms.list', undefined))).toBe('SITE_NONE');
    expect(await codeOf(() => client.call('site.create', { ...NEW, path, passphrase: 'short' }))).toBe(
      'PASSPHRASE_SHORT',
    );
    expect(existsSync(path)).toBe(false);
    const view = await client.call('site.create', { ...NEW, path: 'Bergen 2' });
    expect(view).toMatchObject({
      path: join(folder, 'Bergen 2.otjsite'),
      locked: false,
      remembered: false,
      settings: { name: 'Bergen 2', technician: 'Kari' },
      credentials: [],
      practice: false,
    });
    expect(await codeOf(() => client.call('site.create', { ...NEW, path: '~/Bergen 2.otjsite' }))).toBe('SITE_EXISTS');
    const state = await client.call('app.state', undefined);
    expect(state).toMatchObject({
      home: folder,
      site: { path: view.path },
      recent: [{ name: 'Bergen 2', there: true }],
    });
    expect(await codeOf(() => client.call('site.create', { ...NEW, path: 'no/such/folder' }))).toBe('DISK');
  });

  it('is locked when it is opened again, and opens with its passphrase only', async () => {
    await (await openedSite()).backend.close();
    const client = app();
    expect(await client.call('site.open', { path: 'oslo' })).toMatchObject({ path, locked: true });
    expect(await client.call('rooms.list', undefined)).toHaveLength(3);
    const save = { purpose: 'infinity', roomId: null, username: 'api', password: 'p' } as const;
    expect(await codeOf(() => client.call('credentials.save', save))).toBe('VAULT_LOCKED');
    const unlock = (passphrase: string) => client.call('site.unlock', { passphrase, remember: true });
    expect(await codeOf(() => unlock('another one'))).toBe('VAULT_PASSPHRASE');
    // A host without a keychain remembers nothing.
    expect(await unlock(PASSPHRASE)).toMatchObject({ locked: false, remembered: false });
    expect(await client.call('site.open', { path })).toMatchObject({ locked: false });
    await client.call('site.close', undefined);
    expect(await codeOf(() => client.call('site.unlock', { passphrase: PASSPHRASE, remember: false }))).toBe(
      'SITE_NONE',
    );
    expect(client.events.at(-1)).toMatchObject({ type: 'list' });
  });

  it('is opened by the keychain of this computer until it shall not be', async () => {
    const keychain = new AesKeychain();
    const first = app({ keychain });
    expect(await first.call('site.create', { ...NEW, path, remember: true })).toMatchObject({ remembered: true });
    await first.backend.close();
    copyFileSync(path, join(folder, 'elsewhere.otjsite'));

    const again = app({ keychain });
    expect(await again.call('site.open', { path })).toMatchObject({ locked: false, remembered: true });
    expect(await again.call('site.forgetKey', undefined)).toMatchObject({ locked: false, remembered: false });
    await again.call('site.close', undefined);
    expect(await again.call('site.open', { path })).toMatchObject({ locked: true, remembered: false });

    const other = app({ keychain: new AesKeychain() });
    const copy = join(folder, 'elsewhere.otjsite');
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
    const client = app({ keychain: broken });
    expect(await client.call('site.create', { ...NEW, path, remember: true })).toMatchObject({
      locked: false,
      remembered: false,
    });
  });

  it('is not changed while another process works on it', async () => {
    const client = await openedSite();
    const other = Site.open(path);
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
    const client = await openedSite();
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
    expect((await client.call('app.state', undefined)).site).toMatchObject({ path, busyElsewhere: false });
    await client.until(job, ({ endedAt }) => endedAt !== null);
    expect(await client.call('site.change', { name: 'x' })).toMatchObject({ settings: { name: 'x' } });
  });

  it.each([
    ['missing.otjsite', 'SITE_MISSING'],
    ['text.otjsite', 'SITE_NOT_OURS'],
  ])('%s is %s, and what was open stays open', async (name, code) => {
    const client = await openedSite();
    writeFileSync(join(folder, 'text.otjsite'), 'no database');
    expect(await codeOf(() => client.call('site.open', { path: name }))).toBe(code);
    expect((await client.call('app.state', undefined)).site?.path).toBe(path);
  });
});

describe('logins', () => {
  it('are kept sealed, shown only to who asks, and taken away whole', async () => {
    const client = await openedSite();
    const [room] = await client.call('rooms.list', undefined);
    const roomId = room?.id ?? 0;
    const password = 'Geheim-Æøå-1234567';
    const cisco = { purpose: 'cisco-roomos', roomId: null } as const;
    await client.call('credentials.save', { ...cisco, username: 'admin', password });
    expect(await codeOf(() => client.call('secrets.reveal', { of: 'credential', ...cisco, roomId }))).toBe(
      'CREDENTIAL_MISSING',
    );
    const view = await client.call('credentials.save', { ...cisco, roomId, username: 'own', password: `${password}!` });
    expect(view.credentials).toMatchObject([
      { roomId: null, username: 'admin', proven: false, refused: false },
      { roomId, username: 'own' },
    ]);
    expect(await client.call('rooms.detail', { roomId })).toMatchObject({ ownLogin: true });
    expect(JSON.stringify([client.replies, client.events])).not.toContain('Geheim');
    expect(await client.call('secrets.reveal', { of: 'credential', ...cisco })).toEqual({
      username: 'admin',
      password,
    });
    expect(await client.call('secrets.reveal', { of: 'room', roomId })).toMatchObject({ username: 'otj-push' });
    expect((await client.call('credentials.remove', { ...cisco, roomId })).credentials).toHaveLength(1);
    expect(await codeOf(() => client.call('credentials.remove', { ...cisco, roomId }))).toBe('CREDENTIAL_MISSING');
    expect(
      await codeOf(() => client.call('credentials.save', { ...cisco, roomId: 999, username: 'x', password })),
    ).toBe('ROOM_UNKNOWN');
    await client.call('site.close', undefined);
    expect(bytesBeside(path)).not.toContain('Geheim');
  });
});

describe('rooms', () => {
  it('of a hostile list come out as they went in', async () => {
    const client = await openedSite(HOSTILE);
    const rows = await client.call('rooms.list', undefined);
    expect(rows.map(({ name }) => name)).toEqual(HOSTILE);
    for (const { id, name } of rows) expect((await client.call('rooms.detail', { roomId: id })).room.name).toBe(name);
    const { html } = await client.call('report.html', undefined);
    expect(html).not.toContain('<img src=x');
  });

  it('are imported from bytes with the problems of bad rows', async () => {
    const client = await openedSite();
    const list = Buffer.from('\ufeffroom;mailbox\r\nElv;elv@example.com\r\nFoss;no mail\r\n', 'utf8');
    expect(await client.call('rooms.import', { base64: list.toString('base64') })).toMatchObject({
      added: 1,
      problems: [{ row: 3, value: 'no mail' }],
    });
    expect(client.events).toContainEqual({ type: 'list' });
    const nothing = await client.call('rooms.import', { text: '' });
    expect(nothing).toMatchObject({ added: 0, problems: [{ row: 1 }] });
  });

  it('are corrected, trusted, judged and matched one by one, and each change is told', async () => {
    const client = await openedSite();
    const [fjord, skog] = await client.call('rooms.list', undefined);
    const roomId = fjord?.id ?? 0;
    const corrected = await client.call('rooms.correct', { roomId, address: '10.0.0.77', serial: 'FOC1' });
    expect(corrected.room).toMatchObject({ address: '10.0.0.77', serial: 'FOC1' });
    expect(client.events).toContainEqual({ type: 'rooms', rooms: [corrected.room] });
    expect(await client.call('rooms.decide', { roomId, takeMacros: ['a', 'a', 'b'] })).toMatchObject({
      takeMacros: ['a', 'b'],
    });
    // Nobody is there to prove by its serial number that it is the same device.
    expect(await codeOf(() => client.call('rooms.trust', { roomId, shown: 'cd'.repeat(32) }))).toBe(
      'CREDENTIAL_MISSING',
    );
    const devices = await client.call('devices.list', undefined);
    const device = devices.find(({ address }) => address === skog?.address);
    await client.call('match.assign', { roomId, deviceId: device?.id ?? 0 });
    expect(client.events.at(-1)).toMatchObject({ type: 'site' });
    const rows = await client.call('rooms.list', undefined);
    expect(rows.map(({ address }) => address)).toEqual([skog?.address, null, '10.0.0.3']);
    await client.call('match.release', { roomId });
    expect(await codeOf(() => client.call('rooms.trust', { roomId, shown: 'cd'.repeat(32) }))).toBe('NO_ADDRESS');
    expect(await client.call('match.suggest', undefined)).toEqual([]);
    expect(await client.call('rooms.next', { after: roomId })).toEqual({ roomId: skog?.id });
    expect(await client.call('rooms.backup', { roomId })).toEqual([]);
    expect(await codeOf(() => client.call('rooms.detail', { roomId: 999 }))).toBe('ROOM_UNKNOWN');
  });

  it('are ticked by hand, all kinds or one', async () => {
    const client = await openedSite();
    const [room] = await client.call('rooms.list', undefined);
    const roomId = room?.id ?? 0;
    const tick = (kind: string | null) => client.call('rooms.tick', { roomIds: [roomId], kind, note: ' seen ' });
    expect(await codeOf(() => tick(null))).toBe('NOTHING_TO_DO');
    const beside = Site.open(path);
    beside.outbox.needManual(roomId, 'service-portal');
    beside.outbox.needManual(roomId, 'infinity-password');
    beside.close();
    expect(await client.call('report.summary', undefined)).toMatchObject({
      manual: 2,
      owed: 0,
      without: [],
      finished: [],
    });
    expect(await client.call('manual.list', undefined)).toEqual([
      { kind: 'service-portal', open: [roomId] },
      { kind: 'infinity-password', open: [roomId] },
    ]);
    expect(await tick('service-portal')).toEqual({ ticked: 1 });
    expect(await client.call('manual.list', undefined)).toEqual([{ kind: 'infinity-password', open: [roomId] }]);
    expect((await client.call('rooms.detail', { roomId })).manual).toMatchObject([
      { kind: 'service-portal', tickedBy: 'Kari', note: 'seen' },
      { kind: 'infinity-password', tickedBy: null },
    ]);
    expect(await tick(null)).toEqual({ ticked: 1 });
    expect(await client.call('rooms.list', undefined)).toMatchObject([{ manual: 0 }, {}, {}]);
  });
});

describe('files', () => {
  it('are listed: folders and site files, nothing hidden', async () => {
    const client = await openedSite();
    for (const name of ['Rom 10', 'Rom 9', '.secret']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'notes.txt'), '');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.otjsite'));
    const { parent, entries, folder: shown } = await client.call('files.list', { folder: null });
    expect({ parent, shown }).toEqual({ parent: join(folder, '..'), shown: folder });
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['Rom 9', 'folder'],
      ['Rom 10', 'folder'],
      ['oslo.otjsite', 'site'],
    ]);
    expect((await client.call('files.list', { folder: '/' })).parent).toBeNull();
    for (const bad of ['no such folder', 'notes.txt'])
      expect(await codeOf(() => client.call('files.list', { folder: bad }))).toBe('SITE_MISSING');
  });

  it('are opened in other programs only if they were written here', async () => {
    const shown: string[] = [];
    const client = app({
      openPath: async (file) => void shown.push(file),
      openUrl: async () => undefined,
      chooseFile: async (what) => join(folder, what),
    });
    await client.call('site.create', { ...NEW, path });
    const foreign = join(folder, 'oslo-report.html');
    expect(await codeOf(() => client.call('files.open', { path: foreign }))).toBe('USAGE');
    const { html, csv } = await client.call('report.write', { folder: null });
    expect([html, existsSync(csv)]).toEqual([foreign, true]);
    await client.call('files.open', { path: html });
    expect(await codeOf(() => client.call('files.open', { path }))).toBe('USAGE');
    expect(shown).toEqual([html]);
    expect(await client.call('files.choose', { what: 'folder', suggested: null })).toEqual({
      path: join(folder, 'folder'),
    });
    const below = await client.call('report.write', { folder: 'for the customer' });
    expect(below.html).toBe(join(folder, 'for the customer', 'oslo-report.html'));
  });
});

describe('preferences and reach', () => {
  it('outlive the app', async () => {
    const first = app();
    expect(await first.call('app.preferences', { theme: 'dark' })).toMatchObject({ theme: 'dark', language: 'system' });
    await first.call('site.create', { ...NEW, path });
    await first.backend.close();
    const second = app();
    expect(await second.call('app.state', undefined)).toMatchObject({
      preferences: { theme: 'dark' },
      recent: [{ path }],
    });
    await second.call('app.forget', { path });
    expect((await second.call('app.state', undefined)).recent).toEqual([]);
  });

  it('tell when Infinity can be reached, first and whenever it is another', async () => {
    const client = await openedSite();
    expect((await client.call('app.state', undefined)).reach).toMatchObject({
      lan: { state: 'unknown' },
      infinity: { state: 'unset' },
      microsoft: { state: 'unset' },
    });
    const deaf = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    onTestFinished(() => void deaf.close());
    await new Promise((resolve) => deaf.once('listening', resolve));
    const at = deaf.address();
    const port = typeof at === 'object' && at ? at.port : 0;
    await client.call('site.infinity', { address: '127.0.0.1', port, group: 'g', pin: null });
    const infinity = () => client.events.flatMap((event) => (event.type === 'reach' ? [event.reach.infinity] : []));
    await expect.poll(() => infinity().at(-1)?.state, { timeout: 20_000 }).toBe('away');
    expect(infinity().at(-1)?.about).toBe(`127.0.0.1:${port}`);
    await client.call('site.infinity', null);
    await expect.poll(() => infinity().at(-1)?.state, { timeout: 20_000 }).toBe('unset');
  });
});

describe('the practice site and its readiness', () => {
  const network = { devices: '127.53', core: '127.54.0', ports: { ssh: 2254, https: 8454 } };
  const wish = { rooms: 6, trouble: false, networks: [network] };
  const never = new AbortController().signal;

  function open(): OpenSite {
    const facts = { host: 'browser', version: '0', userData, fileDialogs: false } as const;
    const ports: HostPorts = {
      keychain: null,
      chooseFile: async () => null,
      openPath: async () => undefined,
      openUrl: async () => undefined,
    };
    const one = new OpenSite(facts, ports, () => undefined);
    onTestFinished(() => one.close());
    return one;
  }

  it('opens a new file with devices that answer, and ends them with it', async () => {
    const practice = open();
    const { path: file, passphrase } = await startPractice(practice, wish, never);
    expect(file.startsWith(join(folder, 'OTJ practice', 'practice-'))).toBe(true);
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
      problem: { code: 'TRUST_CHANGED' },
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
    const [, away] = await runChecks(stranger, { signal: never, checked: () => undefined });
    expect(away).toMatchObject({
      id: 'infinity.certificate',
      status: 'fail',
      problem: { code: 'INFINITY_UNREACHABLE' },
    });
    await stranger.unlock(passphrase);
    expect(stranger.credentials().map(({ purpose }) => purpose)).toEqual(['infinity', 'poly-videoos']);
  });

  it('of a file without Infinity, rooms or logins says what is missing, and tells a screen again later', async () => {
    const client = app();
    await client.call('site.create', { ...NEW, path });
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
