/** Access to the mailboxes: scripts that are signed off as they were read, and results that mark the rooms. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccessSettings } from '../../main/contract/microsoft/access.ts';
import { accessView, makeScript, roomAccess, setAccess, signScript, takeResult } from '../../main/services/access.ts';
import { connect } from '../../main/services/connection.ts';
import type { Site } from '../../main/site/site.ts';
import { ACCESS, resultBytes, resultItem } from '../support/access.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

const NOW = '2026-11-28T12:00:00.0000000Z';

async function siteWithRooms(change: Partial<AccessSettings> = {}): Promise<Site> {
  const site = await tempSite();
  addRoom(site, { name: 'Fjord', mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
  addRoom(site, { name: 'Skog', mailbox: 'Skog@contoso.example', address: '10.0.0.2' });
  setAccess(site, { ...ACCESS, ...change });
  return site;
}

function signed(site: Site): string {
  const script = makeScript(site, 'policy');
  const path = join(tempFolder(), 'script.ps1');
  signScript(site, { script, path, technician: 'Kari', beforeAllMoved: false });
  return script.id;
}

const states = (site: Site) => Object.fromEntries(roomAccess(site).map(({ room, state }) => [room, state]));
const code = (error: string) => expect.objectContaining({ code: error });

describe('a script', () => {
  it('is written as it was read, for its owner only, and who has read it is noted', async () => {
    const site = await siteWithRooms();
    const path = join(tempFolder(), 'script.ps1');
    const script = makeScript(site, 'policy');
    expect(script).toMatchObject({ rooms: 2, left: [], notMoved: 0 });
    signScript(site, { script, path, technician: 'Kari', beforeAllMoved: false });
    const bytes = readFileSync(path);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(script.sha256);
    expect(bytes.toString('utf8').replaceAll('\r\n', '\n')).toBe(`\uFEFF${script.text}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(accessView(site).signed).toMatchObject([
      { id: script.id, kind: 'policy', sha256: script.sha256, by: 'Kari' },
    ]);
  });

  it('is not written when the rooms are others than when it was read', async () => {
    const site = await siteWithRooms();
    const path = join(tempFolder(), 'script.ps1');
    const script = makeScript(site, 'policy');
    addRoom(site, { name: 'Hav', mailbox: 'hav@contoso.example', address: '10.0.0.3' });
    expect(() => signScript(site, { script, path, technician: 'Kari', beforeAllMoved: false })).toThrow(
      code('SCRIPT_CHANGED'),
    );
    expect(() => readFileSync(path)).toThrow();
    expect(accessView(site).signed).toEqual([]);
  });

  it('that takes the old app’s access away waits until all rooms have moved', async () => {
    const site = await siteWithRooms();
    const path = join(tempFolder(), 'remove.ps1');
    const script = makeScript(site, 'remove');
    expect(script.notMoved).toBe(2);
    const sign = (beforeAllMoved: boolean) => signScript(site, { script, path, technician: 'Kari', beforeAllMoved });
    expect(() => sign(false)).toThrow(code('OLD_APP_NEEDED'));
    const ids = site.rooms.all().map(({ id }) => id);
    for (const id of ids) site.rooms.setState(id, 'migrated');
    // One that was put back to how it was reads its calendar by the old app again.
    site.rooms.setState(ids[0] ?? 0, 'undone');
    expect(makeScript(site, 'remove').notMoved).toBe(1);
    expect(() => sign(false)).toThrow(code('OLD_APP_NEEDED'));
    site.rooms.setState(ids[0] ?? 0, 'awaiting sync');
    expect(makeScript(site, 'remove').notMoved).toBe(0);
    sign(false);
    expect(readFileSync(path, 'utf8')).toContain(`Old app: ${ACCESS.oldAppId}`);
  });

  it('is not made while something is missing', async () => {
    const site = await tempSite();
    expect(() => makeScript(site, 'policy')).toThrow(code('ACCESS_UNSET'));
    setAccess(site, { ...ACCESS, oldAppId: null });
    expect(() => makeScript(site, 'policy')).toThrow(code('NOTHING_TO_DO'));
    expect(() => makeScript(site, 'remove')).toThrow(code('ACCESS_UNSET'));
    expect(() => setAccess(site, { ...ACCESS, oldAppId: ACCESS.appId })).toThrow(code('SETTING_UNFIT'));
    expect(() => setAccess(site, { ...ACCESS, scope: 'rbac', objectId: null })).toThrow(code('SETTING_UNFIT'));
  });
});

describe('a result', () => {
  it('marks each room with what Exchange said', async () => {
    const site = await siteWithRooms();
    addRoom(site, { name: 'Hav', mailbox: 'hav@contoso.example', address: '10.0.0.3' });
    addRoom(site, { name: 'Foss', mailbox: 'foss@contoso.example', address: '10.0.0.4' });
    addRoom(site, { name: 'Elv', mailbox: 'elv@contoso.example', address: '10.0.0.5' });
    const items = [
      resultItem('fjord@contoso.example'),
      resultItem('SKOG@contoso.example', { member: 'no', access: 'Denied' }),
      resultItem('hav@contoso.example', { recipient: 'UserMailbox', member: 'no', access: '' }),
      resultItem('foss@contoso.example', { error: "The operation couldn't be performed\r\nbecause …" }),
      resultItem('boss@contoso.example'),
    ];
    const told = takeResult(site, resultBytes(signed(site), { items, at: NOW }));
    expect(told).toMatchObject({
      counts: { granted: 1, pending: 1, 'not-room': 1, failed: 1, open: 0 },
      others: ['boss@contoso.example'],
    });
    expect(states(site)).toEqual({
      Fjord: 'granted',
      Skog: 'pending',
      Hav: 'not-room',
      Foss: 'failed',
      Elv: 'unknown',
    });
    expect(roomAccess(site).find(({ room }) => room === 'Foss')?.words).toBe(
      "The operation couldn't be performed because …",
    );
  });

  it('is no good word for an app that nothing keeps to the group', async () => {
    const site = await siteWithRooms();
    const items = [resultItem('fjord@contoso.example'), resultItem('skog@contoso.example')];
    takeResult(site, resultBytes(signed(site), { items, restricted: false }));
    expect(states(site)).toEqual({ Fjord: 'open', Skog: 'open' });
  });

  it('tells which calendar settings are still not as wished', async () => {
    const site = await siteWithRooms();
    const processing = [
      { name: 'DeleteComments', before: 'True', after: 'True', wish: 'False' },
      { name: 'DeleteSubject', before: 'True', after: 'False', wish: 'False' },
    ];
    // PowerShell 5.1 writes a list of one as the one.
    const items = [
      resultItem('fjord@contoso.example', { processing }),
      resultItem('skog@contoso.example', { processing: processing[0] }),
    ];
    takeResult(site, resultBytes(signed(site), { items }));
    const left = [{ name: 'DeleteComments', now: 'True', wish: 'False' }];
    expect(roomAccess(site).map((one) => one.processing)).toEqual([left, left]);
  });

  it('is no good word while the group is not all that the app may read', async () => {
    const site = await siteWithRooms();
    const items = [resultItem('fjord@contoso.example', { member: 'nested' }), resultItem('skog@contoso.example')];
    const notes = ['Another policy lets this app read the members of Others as well.'];
    takeResult(
      site,
      resultBytes(signed(site), { items, restricted: false, notes, strangers: ['boss@contoso.example'] }),
    );
    expect(states(site)).toEqual({ Fjord: 'open', Skog: 'open' });
    // What the script noted stays with the site, and is not gone with the first look at it.
    expect(accessView(site).told).toMatchObject([{ kind: 'policy', notes, strangers: ['boss@contoso.example'] }]);
  });

  it('counts a member of a nested group as Exchange’s own test does', async () => {
    const site = await siteWithRooms();
    takeResult(site, resultBytes(signed(site), { items: [resultItem('fjord@contoso.example', { member: 'nested' })] }));
    expect(states(site).Fjord).toBe('granted');
  });

  it('of a script that was cut short marks nothing that it has not looked at', async () => {
    const site = await siteWithRooms();
    const id = signed(site);
    const cut = { recipient: '', primary: '', member: 'no', access: '', processing: null };
    const untested = { access: '' };
    const items = [resultItem('fjord@contoso.example', untested), resultItem('skog@contoso.example', cut)];
    const told = takeResult(site, resultBytes(id, { items, complete: false }));
    expect(told).toMatchObject({ complete: false, missed: ['Skog'], counts: { untested: 1, 'not-room': 0 } });
    expect(states(site)).toEqual({ Fjord: 'untested', Skog: 'unknown' });
    expect(accessView(site).told).toMatchObject([{ complete: false, failure: '' }]);
    const failed = takeResult(site, resultBytes(id, { items, failure: 'no such group' }));
    expect(failed).toMatchObject({ complete: false, failure: 'no such group' });
  });

  it('tells of rooms that it has nothing on', async () => {
    const site = await siteWithRooms();
    const told = takeResult(site, resultBytes(signed(site), { items: [resultItem('fjord@contoso.example')] }));
    expect(told.missed).toEqual(['Skog']);
  });

  it('knows settings that nobody has read from settings that are as wished', async () => {
    const site = await siteWithRooms();
    const person = { recipient: 'UserMailbox', access: '', processing: [] };
    const items = [resultItem('fjord@contoso.example'), resultItem('skog@contoso.example', person)];
    takeResult(site, resultBytes(signed(site), { items }));
    expect(roomAccess(site).map(({ processing }) => processing)).toEqual([[], null]);
  });

  it('says until when Graph may still go by what was before', async () => {
    const site = await siteWithRooms();
    const id = signed(site);
    const at = new Date(Date.now() - 60_000).toISOString();
    const fresh = new Date(Date.parse(at) + 60 * 60_000).toISOString();
    const added = resultItem('fjord@contoso.example', { member: 'added' });
    const there = resultItem('skog@contoso.example');
    const until = () => roomAccess(site).map((one) => one.until);
    takeResult(site, resultBytes(id, { items: [added, there], at, applied: false }));
    expect(until()).toEqual([null, null]);
    takeResult(site, resultBytes(id, { items: [added, there], at }));
    expect(until()).toEqual([fresh, null]);
    // The next run finds all in order, and the hour is not over.
    const again = [resultItem('fjord@contoso.example'), there];
    takeResult(site, resultBytes(id, { items: again, at: new Date().toISOString() }));
    expect(until()).toEqual([fresh, null]);
    takeResult(site, resultBytes(id, { items: again, fresh: true, at: new Date().toISOString() }));
    expect(until().every((one) => one !== null && one > fresh)).toBe(true);
  });

  it('from a clock that is ahead does not hide what comes after it', async () => {
    const site = await siteWithRooms();
    const id = signed(site);
    const one = (access: string, at: number) =>
      takeResult(
        site,
        resultBytes(id, { items: [resultItem('fjord@contoso.example', { access })], at: new Date(at).toISOString() }),
      );
    one('Denied', Date.now() + 86_400_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(one('Granted', Date.now())).toMatchObject({ older: 0, counts: { granted: 1 } });
    expect(states(site).Fjord).toBe('granted');
    expect(one('Denied', Date.now() - 86_400_000)).toMatchObject({ older: 1, counts: { pending: 0 } });
  });

  it('of an earlier form of the script still counts', async () => {
    const site = await siteWithRooms();
    const bytes = resultBytes(signed(site), { items: [resultItem('fjord@contoso.example')], version: 1 });
    const { complete: _1, fresh: _2, strangers: _3, ...old } = JSON.parse(bytes.toString('utf8'));
    expect(takeResult(site, Buffer.from(JSON.stringify(old), 'utf8'))).toMatchObject({ complete: true });
    expect(states(site).Fjord).toBe('granted');
  });

  it('does not count for another mailbox, nor over a later one', async () => {
    const site = await siteWithRooms();
    const id = signed(site);
    const one = (access: string, at: string) =>
      takeResult(site, resultBytes(id, { items: [resultItem('fjord@contoso.example', { access })], at }));
    one('Granted', '2026-11-28T12:00:00Z');
    one('Denied', '2026-11-28T11:00:00Z');
    expect(states(site).Fjord).toBe('granted');
    one('Denied', '2026-11-28T14:00:00+01:00');
    expect(states(site).Fjord).toBe('pending');
    site.db.run("UPDATE room SET mailbox = 'other@contoso.example' WHERE name = 'Fjord'", {});
    expect(states(site).Fjord).toBe('unknown');
  });

  it('says nothing of another app', async () => {
    const site = await siteWithRooms();
    takeResult(site, resultBytes(signed(site), { items: [resultItem('fjord@contoso.example')] }));
    setAccess(site, { ...ACCESS, outside: null });
    expect(states(site).Fjord).toBe('granted');
    setAccess(site, { ...ACCESS, appId: '99999999-2222-4333-8444-555555555555' });
    expect(states(site).Fjord).toBe('unknown');
  });

  it('of a script from before the app, the group or the cloud was another is not taken', async () => {
    const site = await siteWithRooms();
    const bytes = resultBytes(signed(site), { items: [resultItem('fjord@contoso.example')] });
    for (const change of [
      { cloud: 'china' as const },
      { group: 'others@contoso.example' },
      { scope: 'rbac' as const },
    ]) {
      setAccess(site, { ...ACCESS, ...change });
      expect(() => takeResult(site, bytes)).toThrow(code('RESULT_OLD'));
    }
    setAccess(site, ACCESS);
    takeResult(site, bytes);
    expect(states(site).Fjord).toBe('granted');
  });

  it('of a removal says how many policies there were, and that there was none', async () => {
    const site = await siteWithRooms();
    const script = makeScript(site, 'remove');
    const sign = { script, path: join(tempFolder(), 'remove.ps1'), technician: 'Kari', beforeAllMoved: true };
    signScript(site, sign);
    const take = (policies: object) =>
      takeResult(site, resultBytes(script.id, { kind: 'remove', items: [], policies }));
    expect(take({ found: 2, removed: 2 })).toMatchObject({ policies: { found: 2, removed: 2 } });
    expect(take({ found: 0, removed: 0 })).toMatchObject({ complete: true, policies: { found: 0, removed: 0 } });
    expect(accessView(site).told).toMatchObject([{ kind: 'remove', policies: { found: 0 } }]);
  });

  it('of another tenant than the site is connected to is not taken', async () => {
    const site = await siteWithRooms();
    await connect(site, { tenant: '77777777-2222-4333-8444-555555555555', clientId: ACCESS.appId });
    const items = [resultItem('fjord@contoso.example')];
    const id = signed(site);
    const from = (tenant: string) => takeResult(site, resultBytes(id, { items, tenant }));
    expect(() => from('88888888-2222-4333-8444-555555555555')).toThrow(code('RESULT_TENANT'));
    expect(states(site).Fjord).toBe('unknown');
    // Older modules do not tell.
    from('');
    expect(states(site).Fjord).toBe('granted');
    from('77777777-2222-4333-8444-555555555555');
  });

  it('of a script of another site, or that is none, changes nothing', async () => {
    const site = await siteWithRooms();
    const id = signed(site);
    const items = [resultItem('fjord@contoso.example')];
    expect(() => takeResult(site, resultBytes('0f0f0f0f-1111-4222-8333-444444444444', { items }))).toThrow(
      code('RESULT_FOREIGN'),
    );
    expect(() => takeResult(site, resultBytes(id, { items, kind: 'remove' }))).toThrow(code('RESULT_FOREIGN'));
    const whole = resultBytes(id, { items });
    const unreadable: [string, Uint8Array][] = [
      ['no JSON', Buffer.from('hello')],
      ['half', whole.subarray(0, whole.length / 2)],
      ['another version', Buffer.from(whole.toString('utf8').replace('"version":2', '"version":3'))],
      ['a strange member', Buffer.from(whole.toString('utf8').replace('"already"', '"perhaps"'))],
      ['no time', resultBytes(id, { items, at: 'yesterday' })],
      ['no UTF-8', Buffer.from([0xff, 0xfe, 0x7b])],
      ['too large', Buffer.alloc(21 * 1024 * 1024, 0x20)],
    ];
    for (const [what, bytes] of unreadable)
      expect(() => takeResult(site, bytes), what).toThrow(code('RESULT_UNREADABLE'));
    expect(states(site)).toEqual({ Fjord: 'unknown', Skog: 'unknown' });
  });

  it('is shown without what could turn or break a line', async () => {
    const site = await siteWithRooms();
    const items = [resultItem('fjord@contoso.example', { error: '\u202Egnp.exe\u0007<img src=x>\u2028x' })];
    const { notes } = takeResult(site, resultBytes(signed(site), { items, notes: ['a\nb', 'c'.repeat(9_999)] }));
    expect(roomAccess(site)[0]?.words).toBe('gnp.exe <img src=x> x');
    expect(notes).toEqual(['a b', 'c'.repeat(500)]);
  });
});
