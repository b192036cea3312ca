/** A room with an HDX: planned, run, printed, ticked, reported and undone with the real command, without any driver. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { leaveToHand, tickManual } from '../../main/services/byHand.ts';
import { planRooms } from '../../main/services/plan.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { run } from '../../main/services/run.ts';
import type { Room } from '../../main/site/rooms.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

it('goes through plan, run, recipe, tick and report, with the entry first and the proof owed', async () => {
  const site = await tempSite();
  const { room } = addRoom(site, { address: '127.0.0.9', family: 'poly-hdx' });
  const { signal } = new AbortController();
  const now = () => site.rooms.get(room.id);
  const all = () => run(site, { kind: 'migrate', rooms: [room], technician: 'Ada', signal, listen: () => undefined });

  // No entry on Infinity, nothing for anybody to type.
  expect(await all()).toMatchObject({ failed: 1 });
  expect(now()?.problem?.code).toBe('NOT_PREPARED');

  site.outbox.drop(room.id, 'entry');
  site.outbox.saveEntry({ roomId: room.id, entryId: 7, createdByUs: true, before: null, server: 'otj1.example.com' });
  const [plan] = await planRooms(site, { rooms: [room], insist: false, signal, planned: () => undefined });
  expect(plan).toMatchObject({ problem: null });
  expect(plan?.steps.map(({ id }) => id)).toEqual(['entry', 'hand:Polycom HDX']);
  expect(now()?.state).toBe('ready');

  expect(await all()).toMatchObject({ ok: 0, failed: 1 });
  expect(now()).toMatchObject({ state: 'needs attention', problem: { code: 'BY_HAND' } });
  const login = roomLogin(site, room, 'poly-hdx');
  site.releaseLock();

  const recipe = async (...flags: string[]) =>
    (await otjHere(['poly', 'recipe', site.path, room.mailbox, ...flags, '--passphrase-fd', '3'], PASSPHRASE)).stdout;
  expect(await recipe()).toContain('Microsoft Exchange Server Address: otj1.example.com');
  expect(await recipe()).not.toContain(login.password);
  expect(await recipe('--password')).toContain(`Password: ${login.password}`);

  expect((await otj(['tick', site.path, room.mailbox, '--note', 'typed'])).code).toBe(0);
  expect(now()).toMatchObject({ state: 'awaiting sync', problem: null });
  expect(site.outbox.owedOf(room.id)).toEqual(['contact']);
  const open = site.outbox.manualSteps(room.id).filter(({ tickedAt }) => tickedAt === null);
  expect(open.map(({ kind }) => kind)).toEqual(['service-portal']);
  // Another run has nothing to do and takes nothing back.
  expect(await all()).toMatchObject({ ok: 1, failed: 0 });
  site.releaseLock();

  const out = tempFolder();
  const written = jsonLines((await otjHere(['report', site.path, '--out', out, '--json'])).stdout).at(-1);
  const html = readFileSync(String(written?.html), 'utf8');
  expect(html).toContain('Set the calendar up on this device by hand');
  expect(html).not.toContain(login.password);
});

it('does not undo by hand what a driver has moved, whatever the list calls the device since', async () => {
  const site = await tempSite();
  const { signal } = new AbortController();
  const undo = (id: number) =>
    run(site, {
      kind: 'undo',
      rooms: [site.rooms.get(id) as Room],
      technician: 'Ada',
      signal,
      listen: () => undefined,
    });
  const backedUp = addRoom(site, { address: '127.0.0.9', family: 'poly-hdx', serial: 'S1' }).room;
  await site.backups.open(site.vault, 'S1', []);
  const moved = addRoom(site, { name: 'Skog', mailbox: 'skog@example.com', address: '127.0.0.10', family: 'poly-hdx' });
  site.rooms.mark(moved.room.id, 'cutover_at', new Date());
  site.rooms.setState(moved.room.id, 'migrated');
  for (const { id } of [backedUp, moved.room]) {
    expect(await undo(id)).toMatchObject({ ok: 0, failed: 1 });
    expect(site.rooms.get(id)).toMatchObject({ state: 'needs attention', problem: { code: 'IDENTITY_MISMATCH' } });
  }
  expect(site.backups.isOpen('S1')).toBe(true);
});

it('tells a person to set the device back even when Infinity does not take the removal', async () => {
  // Its login was never stored: nothing that passes by itself, and nothing that a person at the device can help.
  const site = await tempSite({ infinity: { address: '127.0.0.1', port: 9, group: 'OTJ', pin: null } });
  const { room } = addRoom(site, { address: '127.0.0.9', family: 'poly-hdx' });
  site.outbox.saveEntry({ roomId: room.id, entryId: 7, createdByUs: true, before: null, server: 'otj1.example.com' });
  leaveToHand(site, room);
  // Ticking many rooms says nothing of a device.
  const { room: other } = addRoom(site, { name: 'Skog', mailbox: 'skog@example.com', address: '127.0.0.10' });
  site.outbox.needManual(other.id, 'service-portal');
  expect((await otjHere(['tick', site.path, room.mailbox, other.mailbox])).code).toBe(0);
  expect(site.outbox.openManual()).toEqual([{ roomId: room.id, kind: 'device-by-hand' }]);
  expect(site.outbox.owed()).toEqual([]);
  tickManual(site, room, 'Ada', null);
  const [{ signal }, moved] = [new AbortController(), site.rooms.get(room.id) as Room];
  const undo = { kind: 'undo', rooms: [moved], technician: 'Ada', signal, listen: () => undefined } as const;
  expect(await run(site, undo)).toMatchObject({ ok: 1, failed: 0 });
  expect(site.rooms.get(room.id)).toMatchObject({ state: 'undone' });
  expect(site.outbox.owed()).toMatchObject([{ kind: 'entry-removal', problem: { code: 'CREDENTIAL_MISSING' } }]);
  const open = site.outbox.manualSteps(room.id).filter(({ tickedAt }) => tickedAt === null);
  expect(open.map(({ kind }) => kind)).toContain('device-back-by-hand');
});
