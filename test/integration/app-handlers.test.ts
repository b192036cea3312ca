/** The calls of the contract that are no jobs, as a screen makes them: logins, rooms, files, preferences. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { appDesk, appOn, NEW, openedSite, threadedAppOn } from '../support/appDesk.ts';
import { codeOf } from '../support/codeOf.ts';
import { bytesBeside } from '../support/siteFile.ts';

const desk = appDesk();
const HOSTILE = ['x'.repeat(100), '<img src=x onerror=alert(1)>', '\u202egnitirw טוב', '👩‍👩‍👧 🎥', '=1+1', '{{7*7}}'];

describe('logins', () => {
  it('are kept sealed, shown only to who asks, and taken away whole', async () => {
    const client = await openedSite(desk);
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
    expect(bytesBeside(desk.path)).not.toContain('Geheim');
  });
});

describe('rooms', () => {
  it('of a hostile list come out as they went in', async () => {
    const client = await openedSite(desk, HOSTILE);
    const rows = await client.call('rooms.list', undefined);
    expect(rows.map(({ name }) => name)).toEqual(HOSTILE);
    for (const { id, name } of rows) expect((await client.call('rooms.detail', { roomId: id })).room.name).toBe(name);
    const { html } = await client.call('report.html', undefined);
    expect(html).not.toContain('<img src=x');
  });

  it('are imported from bytes with the problems of bad rows', async () => {
    const client = await openedSite(desk);
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
    const client = await openedSite(desk);
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
    const client = await openedSite(desk);
    const [room] = await client.call('rooms.list', undefined);
    const roomId = room?.id ?? 0;
    const tick = (kind: string | null) => client.call('rooms.tick', { roomIds: [roomId], kind, note: ' seen ' });
    expect(await codeOf(() => tick(null))).toBe('NOTHING_TO_DO');
    const beside = Site.open(desk.path);
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
    const client = await openedSite(desk);
    for (const name of ['Rom 10', 'Rom 9', '.secret']) mkdirSync(join(desk.folder, name));
    writeFileSync(join(desk.folder, 'notes.txt'), '');
    symlinkSync(join(desk.folder, 'nowhere'), join(desk.folder, 'dangling.otjsite'));
    const { parent, entries, folder: shown } = await client.call('files.list', { folder: null });
    expect({ parent, shown }).toEqual({ parent: join(desk.folder, '..'), shown: desk.folder });
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
    const client = threadedAppOn(desk, {
      openPath: async (file) => void shown.push(file),
      openUrl: async () => undefined,
      chooseFile: async (what) => join(desk.folder, what),
    });
    await client.call('site.create', { ...NEW, path: desk.path });
    const foreign = join(desk.folder, 'oslo-report.html');
    expect(await codeOf(() => client.call('files.open', { path: foreign }))).toBe('USAGE');
    const { html, csv } = await client.call('report.write', { folder: null });
    expect([html, existsSync(csv)]).toEqual([foreign, true]);
    await client.call('files.open', { path: html });
    expect(await codeOf(() => client.call('files.open', { path: desk.path }))).toBe('USAGE');
    expect(shown).toEqual([html]);
    expect(await client.call('files.choose', { what: 'folder', suggested: null })).toEqual({
      path: join(desk.folder, 'folder'),
    });
    const below = await client.call('report.write', { folder: 'for the customer' });
    expect(below.html).toBe(join(desk.folder, 'for the customer', 'oslo-report.html'));
  });
});

describe('preferences and reach', () => {
  it('outlive the app', async () => {
    const first = appOn(desk);
    expect(await first.call('app.preferences', { theme: 'dark' })).toMatchObject({ theme: 'dark', language: 'system' });
    await first.call('site.create', { ...NEW, path: desk.path });
    await first.backend.close();
    const second = appOn(desk);
    expect(await second.call('app.state', undefined)).toMatchObject({
      preferences: { theme: 'dark' },
      recent: [{ path: desk.path }],
    });
    await second.call('app.forget', { path: desk.path });
    expect((await second.call('app.state', undefined)).recent).toEqual([]);
  });

  it('tell when Infinity can be reached, first and whenever it is another', async () => {
    const client = await openedSite(desk);
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
