/** Whole visits to one lab codec through the services, with a site file, and without any Infinity. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../main/contract/progress.ts';
import { planRooms } from '../../main/services/plan.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { run } from '../../main/services/run.ts';
import { statusOf } from '../../main/services/status.ts';
import { Site } from '../../main/site/site.ts';
import { OTJ_MACRO, OTJ_MACRO_SETTINGS } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, bytesBeside, PASSPHRASE, tempSite } from '../support/siteFile.ts';
import { ADMIN, account, codec, comparable, GUEST, PORTS, snapshot } from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';

const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
let site: Site;
let device: LabDevice;
let roomId: number;
let endpointId: number;
let serial: string;

async function newSite(password = ADMIN.passphrase): Promise<Site> {
  const made = await tempSite({ ...PORTS, timeoutMs: 4_000, proofMs: 200, proofEveryMs: 50 });
  made.saveCredential('cisco-roomos', null, ADMIN.username, password);
  return made;
}

beforeEach(async () => {
  device = await codec();
  await expect.poll(() => snapshot(device).runtime.active).toContain(OTJ_MACRO);
  site = await newSite();
  const added = addRoom(site, { address: device.spec.address, family: null });
  roomId = added.room.id;
  endpointId = added.endpoint.id;
  serial = device.spec.serial;
});

const state = () => site.rooms.get(roomId);
const stored = () => snapshot(device).macros.filter(({ name }) => OTJ.includes(name));
const last = (step: string) => site.journal.ofRoom(roomId).findLast((entry) => entry.step === step);

async function work(
  kind: 'migrate' | 'undo' = 'migrate',
  { signal = new AbortController().signal, listen = (_event: RunEvent) => {}, insist = false } = {},
) {
  const rooms = site.rooms.all();
  return run(site, { kind, rooms, technician: 'Ada', signal, insist, listen });
}

async function typed(command: string, body?: string): Promise<void> {
  const shell = await (await Shell.open(device.spec as CodecSpec, ADMIN)).json();
  await shell.ask(command, body);
  shell.end();
}

function meetings(...ids: string[]): string {
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const Bookings = ids.map((Id) => ({
    Id,
    Title: 'Plan',
    Number: 'plan@example.com',
    Protocol: 'SIP',
    Organizer: { Name: 'Ada' },
    Time: { StartTime: start, Duration: 30 },
  }));
  return JSON.stringify({ Bookings });
}

describe('a room without Infinity at hand', () => {
  it('is migrated, waits for sync, is undone to what it was, and can be migrated again', async () => {
    const before = comparable(device);
    expect(await work()).toEqual({ ok: 1, failed: 0, skipped: 0 });
    expect(stored()).toEqual([]);
    expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
    expect(state()).toMatchObject({ state: 'awaiting sync', problem: null, servedAt: null });
    expect(state()?.cutoverAt).not.toBeNull();
    expect(statusOf(site).rooms[0]).toMatchObject({
      owed: ['entry'],
      manual: ['service-portal'],
      onInfinity: false,
      family: 'cisco-roomos',
      withoutOtjMs: null,
    });
    expect(site.rooms.endpointOf(roomId)).toMatchObject({ serial: device.spec.serial, mac: device.spec.mac });

    expect(await work('undo')).toEqual({ ok: 1, failed: 0, skipped: 0 });
    expect(comparable(device)).toEqual(before);
    expect(site.backups.read(site.vault, serial)).toBeNull();
    expect(state()).toMatchObject({ state: 'undone', problem: null, cutoverAt: null, servedAt: null });
    // What an earlier, cut-off write may have left on Infinity is asked for at the next sync; nothing is written again.
    expect(statusOf(site).rooms[0]?.manual).toEqual([]);
    expect(site.outbox.owedOf(roomId).filter((kind) => kind !== 'entry-removal')).toEqual([]);

    expect((await work()).ok).toBe(1);
    expect(stored()).toEqual([]);
    expect(state()?.state).toBe('awaiting sync');
    await work('undo');
    expect(comparable(device)).toEqual(before);
  });

  it('has an intent on record before each effect, and an outcome after', async () => {
    await work();
    const edges = site.journal.ofRoom(roomId).map(({ step, edge, status }) => `${step} ${edge} ${status}`);
    for (const step of ['backup', 'account', `macro.remove:${OTJ_MACRO}`, 'macro.runtime'])
      expect(edges.slice(edges.indexOf(`${step} intent running`)).slice(0, 2)).toEqual([
        `${step} intent running`,
        `${step} outcome done`,
      ]);
    expect(edges).toContain('entry outcome owed');
    expect(edges).toContain('meeting outcome owed');
  });

  it('is only looked at by a dry run', async () => {
    const before = comparable(device);
    const signal = new AbortController().signal;
    const [plan] = await planRooms(site, { rooms: site.rooms.all(), signal, insist: false, planned: () => undefined });
    expect(plan?.problem).toBeNull();
    expect(plan?.steps.map(({ id }) => id)).toContain(`macro.remove:${OTJ_MACRO}`);
    expect(comparable(device)).toEqual(before);
    expect(state()?.state).toBe('ready');
    expect(site.backups.read(site.vault, serial)).toBeNull();
    expect(site.outbox.owed()).toEqual([]);
  });

  it('leaves no secret in clear in the site file', async () => {
    await work();
    const room = site.rooms.get(roomId);
    const secrets = [ADMIN.passphrase, GUEST.passphrase, PASSPHRASE, 'service-token'];
    if (room) secrets.push(roomLogin(site, room, 'cisco-roomos').password);
    await work('undo');
    const bytes = bytesBeside(site.path);
    for (const secret of secrets) expect(bytes).not.toContain(secret);
    expect(bytes).not.toContain(JSON.stringify(ADMIN.passphrase).slice(1, -1));
  });
});

describe('a visit that breaks off', () => {
  it.each(['User Add', 'Macro Remove', 'Runtime Restart', 'Macro Get'])(
    'at %s needs attention, and the next one completes it',
    async (dropOnce) => {
      const before = comparable(device);
      device.setFaults({ dropOnce });
      expect(await work()).toMatchObject({ ok: 0, failed: 1 });
      expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'CONNECTION_LOST' } });
      expect((await work()).ok).toBe(1);
      expect(stored()).toEqual([]);
      expect(snapshot(device).runtime.active.filter((name) => OTJ.includes(name))).toEqual([]);
      await work('undo');
      expect(comparable(device)).toEqual(before);
    },
  );

  it('saves a macro that was edited since the backup before it removes it', async () => {
    const [main] = stored();
    const edited = `${main?.content}// edited by hand`;
    device.setFaults({ dropOnce: 'User Add' });
    await work();
    await typed(`xCommand Macros Macro Save Name: "${main?.name}"`, edited);
    await work();
    await work('undo');
    expect(stored().find(({ name }) => name === main?.name)?.content).toBe(edited);
  });

  it('tells which changes were made, which are unknown and which were not tried', async () => {
    device.setFaults({ dropOnce: `Macro Remove Name: "${OTJ_MACRO_SETTINGS}"` });
    await work();
    const effects = Object.fromEntries((state()?.problem?.effects ?? []).map(({ what, outcome }) => [what, outcome]));
    expect(effects).toMatchObject({
      'Make account otj-push for Infinity and sign in as it': 'done',
      'Remove macro otj-macro': 'done',
      'Remove macro otj-macro-settings': 'unknown',
      'Restart the macro runtime': 'not tried',
    });
  });

  it('is told as interrupted at the step that was meant last', async () => {
    const runId = site.journal.startRun('migrate', 'Ada');
    site.rooms.setState(roomId, 'in progress');
    expect(statusOf(site).rooms[0]?.interrupted).toMatchObject({ step: 'start' });
    await site.journal.intent(runId, roomId, { id: 'account', title: 'Make account' });
    expect(statusOf(site).rooms[0]?.interrupted).toMatchObject({ step: 'account' });
    // Not while some process is at work on it.
    const other = Site.open(site.path);
    other.takeLock();
    expect(statusOf(site).rooms[0]?.interrupted).toBeNull();
    other.close();
    expect((await work()).ok).toBe(1);
    expect(statusOf(site).rooms[0]).toMatchObject({ state: 'awaiting sync', interrupted: null });
  });

  it('is cancelled between steps, with what was done standing', async () => {
    const stop = new AbortController();
    const listen = (event: RunEvent) => {
      if (event.type === 'step' && event.step === `macro.remove:${OTJ_MACRO}`) stop.abort();
    };
    expect(await work('migrate', { signal: stop.signal, listen })).toMatchObject({ failed: 1 });
    expect(last(`macro.remove:${OTJ_MACRO}`)?.status).toBe('done');
    // Not a failure of the room: the next run takes it up unasked.
    expect(state()).toMatchObject({ state: 'in progress', problem: { code: 'CANCELLED' } });
    expect(stored().map(({ name }) => name)).toEqual([OTJ_MACRO_SETTINGS]);
    expect((await work()).ok).toBe(1);
    expect(stored()).toEqual([]);
  });
});

describe('the restart of the macro runtime', () => {
  it('is not repeated by a second visit that removes nothing', async () => {
    await work();
    expect(last('macro.runtime')?.status).toBe('done');
    await work();
    expect(last('macro.runtime')?.status).toBe('already');
  });

  it('is done again for a macro that came back', async () => {
    const [main] = stored();
    await work();
    await typed(`xCommand Macros Macro Save Name: "${main?.name}"`, main?.content);
    await typed(`xCommand Macros Macro Activate Name: "${main?.name}"`);
    await typed('xCommand Macros Runtime Restart');
    await work();
    expect(last('macro.runtime')?.status).toBe('done');
    expect(snapshot(device).runtime.active).not.toContain(main?.name);
  });

  it('is done in each turn of migration and undo, also when the link broke at the removal', async () => {
    await work();
    await work('undo');
    expect(snapshot(device).runtime.active).toContain(OTJ_MACRO);
    device.setFaults({ dropOnce: `Macro Remove Name: "${OTJ_MACRO_SETTINGS}"` });
    await work();
    await work();
    expect(last(`macro.remove:${OTJ_MACRO_SETTINGS}`)?.status).toBe('already');
    expect(last('macro.runtime')?.status).toBe('done');
    expect(snapshot(device).runtime.active).not.toContain(OTJ_MACRO);
  });

  it('is done when an undo that broke off had started the macro since', async () => {
    await work();
    device.setFaults({ dropOnce: 'User Delete' });
    await work('undo');
    expect(state()?.state).toBe('needs attention');
    expect(snapshot(device).runtime.active).toContain(OTJ_MACRO);
    // Somebody deletes the macros by hand; they go on running.
    for (const { name } of stored()) await typed(`xCommand Macros Macro Remove Name: "${name}"`);
    await work();
    expect(state()?.problem?.code).toBe('UNDO_UNFINISHED');
    await work('migrate', { insist: true });
    expect(last(`macro.remove:${OTJ_MACRO}`)?.status).toBe('already');
    expect(snapshot(device).runtime.active).not.toContain(OTJ_MACRO);
  });
});

describe('the proof by a meeting', () => {
  it("is not taken from the old service's newer meetings", async () => {
    await typed('xCommand Bookings Put', meetings('old-1'));
    device.setFaults({ dropOnce: 'User Add' });
    await work();
    expect(state()?.state).toBe('needs attention');
    // Days later: the old macro has brought other meetings, and nothing of Infinity has come.
    await typed('xCommand Bookings Put', meetings('old-2', 'old-3'));
    await work();
    expect(last('meeting')?.status).toBe('owed');
    expect(state()?.servedAt).toBeNull();
  });

  it('is taken from meetings that came after the cutover', async () => {
    await typed('xCommand Bookings Put', meetings('old-1'));
    await work();
    expect(last('meeting')?.status).toBe('owed');
    await typed('xCommand Bookings Put', meetings('inf-1'));
    await work();
    expect(last('meeting')?.status).toBe('done');
    expect(state()?.servedAt).not.toBeNull();
  });
});

describe('a room that must not be touched', () => {
  it('is refused when another device is at its address', async () => {
    addRoom(site, { address: device.spec.address, serial: 'FOC-ANOTHER' });
    const before = comparable(device);
    expect(await work()).toMatchObject({ failed: 1 });
    expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'IDENTITY_MISMATCH' } });
    expect(comparable(device)).toEqual(before);
    expect(site.backups.read(site.vault, serial)).toBeNull();
  });

  it('is refused when its key has changed, before any login', async () => {
    site.rooms.pin(endpointId, 'ssh', '0'.repeat(64));
    site.saveCredential('cisco-roomos', null, ADMIN.username, 'Wrong-Secret-1');
    await work();
    expect(state()?.problem).toMatchObject({ code: 'TRUST_CHANGED', words: expect.stringContaining('0'.repeat(64)) });
    expect(account(device, 'admin')?.failedLogins).toBe(0);
  });

  it('is refused without a login, without an address, without a backup to undo', async () => {
    expect(await work('undo')).toMatchObject({ failed: 1 });
    expect(state()?.problem?.code).toBe('BACKUP_MISSING');
    const { room } = addRoom(site, { name: 'B', mailbox: 'b@example.com', address: device.spec.address });
    await work();
    expect(site.rooms.get(roomId)?.problem?.code).toBe('NO_ADDRESS');
    expect(site.rooms.get(room.id)?.state).toBe('awaiting sync');
  });

  it('takes one failed login among many devices with a wrong password', async () => {
    const devices = [device, await codec(), await codec(), await codec()];
    site.saveCredential('cisco-roomos', null, ADMIN.username, 'Wrong-Secret-1');
    for (const [at, { spec }] of devices.entries())
      addRoom(site, { name: `R${at}`, mailbox: `r${at}@example.com`, address: spec.address, family: 'cisco-roomos' });
    await work();
    const failed = devices.map((one) => account(one, 'admin')?.failedLogins ?? 0);
    expect(failed.reduce((sum, one) => sum + one, 0)).toBe(1);
    const codes = site.rooms.all().map(({ problem }) => problem?.code);
    expect(codes.filter((code) => code === 'LOGIN_REFUSED')).toHaveLength(1);
    expect(codes.filter((code) => code === 'CREDENTIAL_PAUSED')).toHaveLength(3);
  });

  it('waits while another process works on the site file', async () => {
    const other = Site.open(site.path);
    other.takeLock();
    expect(await codeOf(() => work())).toBe('SITE_BUSY');
    expect(state()?.state).toBe('not started');
    other.close();
    expect((await work()).ok).toBe(1);
  });
});
