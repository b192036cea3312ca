/** Access to the mailboxes: scripts that are signed off as they were read, and results that mark the rooms. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccessSettings } from '../../main/contract/microsoft/access.ts';
import { accessView, makeScript, roomAccess, setAccess, signScript, takeResult } from '../../main/services/access.ts';
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
    for (const { id } of site.rooms.all()) site.rooms.setState(id, 'migrated');
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
      ['another version', Buffer.from(whole.toString('utf8').replace('"version":1', '"version":2'))],
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
