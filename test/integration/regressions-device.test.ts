/** What a review found wrong between the site file and devices: each finding with the test that holds it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { textHash } from '../../main/endpoints/cisco/otj/texts.ts';
import { importRooms, roomsNamed } from '../../main/services/inventory.ts';
import { planRooms } from '../../main/services/plan.ts';
import { heldRooms, openRooms, type RunOptions, run } from '../../main/services/run.ts';
import type { Site } from '../../main/site/site.ts';
import { OTJ_MACRO, OTJ_MACRO_SETTINGS, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice, LabMacro } from '../lab/types.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';
import { ADMIN, account, codec, PORTS } from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';
import { core, macroNames, never, refusals, silent } from './regression-lab.ts';

const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
let site: Site;
let device: LabDevice;
let roomId: number;

beforeEach(async () => {
  device = await codec();
  site = await tempSite({ ...PORTS, timeoutMs: 4_000, proofMs: 0, proofEveryMs: 50 });
  site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
  roomId = addRoom(site, { address: device.spec.address, family: null }).room.id;
});

const state = (id = roomId) => site.rooms.get(id);
const work = (kind: RunOptions['kind'] = 'migrate', change: Partial<RunOptions> = {}) =>
  run(site, { kind, rooms: site.rooms.all(), technician: 'Ada', signal: never(), listen: silent, ...change });
/** What a plain `otj run` does. */
const plainRun = () => work('migrate', { rooms: openRooms(site, { retry: false }) });
const otjMacros = (one = device) => macroNames(one).filter((name) => OTJ.includes(name));

function look(change: { insist?: boolean } = {}) {
  const rooms = site.rooms.all();
  return planRooms(site, { rooms, insist: false, signal: never(), planned: () => undefined, ...change });
}

async function save(name: string, text: string): Promise<void> {
  const shell = await (await Shell.open(device.spec as CodecSpec, ADMIN)).json();
  await shell.ask(`xCommand Macros Macro Save Name: "${name}" Overwrite: True`, text);
  shell.end();
}

/** Imports a list of rooms with the columns room, address and serial. */
function list(...rows: string[][]) {
  const lines = rows.map(([room, ...rest]) => [room, `${room}@example.com`, ...rest].join(','));
  return importRooms(site, Buffer.from(['room,mailbox,address,serial', ...lines].join('\n')));
}

/** Sees to it that the account is gone and the macros are back, with the undo's end unknown. */
async function halfUndone(): Promise<void> {
  await work();
  device.setFaults({ dropOnce: 'User Delete' });
  await work('undo');
  expect(state()).toMatchObject({ state: 'needs attention', work: 'undo', problem: { code: 'CONNECTION_LOST' } });
}

describe('a half undone room', () => {
  it('is never taken by a plain run, and refused by name until somebody insists', async () => {
    await halfUndone();
    const before = core(device);
    expect(openRooms(site, { retry: false })).toEqual([]);
    expect(openRooms(site, { retry: true })).toEqual([]);
    await plainRun();
    await look({ insist: true });
    expect(state()).toMatchObject({ state: 'needs attention', work: 'undo' });
    expect(core(device)).toEqual(before);

    expect(await work()).toMatchObject({ failed: 1 });
    expect(state()?.problem?.code).toBe('UNDO_UNFINISHED');
    expect(core(device)).toEqual(before);
    expect(openRooms(site, { retry: false })).toEqual([]);

    expect(await work('migrate', { insist: true })).toMatchObject({ ok: 1 });
    expect(otjMacros()).toEqual([]);
    expect(state()?.state).toBe('awaiting sync');
  });

  it('is not taken either when its undo was stopped between two changes', async () => {
    await work();
    const stop = new AbortController();
    const listen: RunOptions['listen'] = (event) => {
      if (event.type === 'step' && event.step.startsWith('undo.macro:') && event.status === 'done') stop.abort();
    };
    await work('undo', { signal: stop.signal, listen });
    expect(state()).toMatchObject({ state: 'in progress', work: 'undo' });
    expect(openRooms(site, { retry: false })).toEqual([]);
    expect(await work('undo')).toMatchObject({ ok: 1 });
    expect(state()?.state).toBe('undone');
  });
});

describe('a macro of the customer under an OTJ name', () => {
  it('is left by the next visit, kept from an undo until a technician decides, and saved then', async () => {
    const old = core(device).macros.filter(({ name }) => OTJ.includes(name));
    await work();
    const own = 'console.log("ours, æøå")\n';
    await save(OTJ_MACRO, own);
    await work();
    expect(core(device).macros).toContainEqual(expect.objectContaining({ name: OTJ_MACRO, content: own }));
    await work('undo');
    expect(state()?.problem?.code).toBe('MACRO_IN_THE_WAY');
    expect(core(device).macros).toContainEqual(expect.objectContaining({ name: OTJ_MACRO, content: own }));
    await work('undo', { overwrite: [{ name: OTJ_MACRO, sha256: textHash('console.log("another")\n') }] });
    expect(state()?.problem?.code).toBe('MACRO_IN_THE_WAY');
    await work('undo', { overwrite: [{ name: OTJ_MACRO, sha256: textHash(own) }] });
    expect(core(device).macros.filter(({ name }) => OTJ.includes(name))).toEqual(old);
    const kinds = site.backups.list(device.spec.serial).map(({ kind, name, bytes }) => `${kind} ${name} ${bytes}`);
    expect(kinds).toContain(`overwritten ${OTJ_MACRO} ${Buffer.byteLength(own)}`);
  });
});

describe('a backup', () => {
  it('is taken anew for a device that replaces another at its address', async () => {
    await work();
    const old = device.spec.serial;
    const saved = site.backups.read(site.vault, old);
    await device.stop();
    const other: LabMacro = { name: 'otj-macro', active: true, content: `${otjText(device)}// of the new one` };
    const serial = 'FOC-REPLACED';
    device = await codec({ address: device.spec.address, serial, macros: [other] });
    expect(await work()).toMatchObject({ failed: 1 });
    // The key tells before the serial number can.
    expect(state()?.problem?.code).toBe('TRUST_CHANGED');
    list(['fjord', device.spec.address, serial]);
    for (const kind of ['ssh', 'tls'] as const) site.rooms.pin(endpointId(), kind, null);
    const before = core(device);
    await work('undo');
    expect(state()?.problem?.code).toBe('BACKUP_MISSING');
    expect(core(device)).toEqual(before);
    expect(await work()).toMatchObject({ ok: 1 });
    expect(site.backups.read(site.vault, serial)?.items).toContainEqual(
      expect.objectContaining({ kind: 'macro', content: other.content }),
    );
    await work('undo');
    expect(core(device)).toEqual(before);
    expect(site.backups.isOpen(serial)).toBe(false);
    expect(site.backups.read(site.vault, old)).toEqual(saved);
  });

  it.each([
    ['without serial numbers', false],
    ['with serial numbers', true],
  ])('stays with its device and its room when a list swaps two rooms %s', async (_name, told) => {
    const [, main] = otjMacroPair({ tenant: 'second', token: 'second-token', pollMs: 60_000 });
    const second = await codec({ macros: main ? [{ ...main, content: `${main.content}// the second\n` }] : [] });
    list(['fjord', device.spec.address, ''], ['hav', second.spec.address, '']);
    const before = [core(device), core(second)];
    expect(await work()).toMatchObject({ ok: 2 });
    const [a, b] = [device.spec, second.spec];
    const { problems } = list(['fjord', b.address, told ? b.serial : ''], ['hav', a.address, told ? a.serial : '']);
    expect(problems.map(({ column, message }) => [column, message.includes('was begun')])).toEqual([
      ['address', true],
      ['address', true],
    ]);
    expect(site.rooms.endpointOf(roomId)?.serial).toBe(a.serial);
    expect(await work('undo')).toMatchObject({ ok: 2 });
    expect([core(device), core(second)]).toEqual(before);
  });
});

const endpointId = () => site.rooms.endpointOf(roomId)?.id ?? 0;

function otjText(one: LabDevice): string {
  return (one.spec as CodecSpec).macros.find(({ name }) => name === OTJ_MACRO)?.content ?? '';
}

describe('a device that is known as the one of another room', () => {
  it('is refused with the name of that room, changed in nothing, and its keys are not pinned', async () => {
    const twin = await codec({ serial: device.spec.serial });
    const { room } = addRoom(site, { name: 'Hav', mailbox: 'hav@example.com', address: twin.spec.address });
    expect(await work('migrate', { rooms: roomsNamed(site, ['Fjord']) })).toMatchObject({ ok: 1 });
    const before = core(twin);
    await work('migrate', { rooms: roomsNamed(site, ['Hav']) });
    const problem = state(room.id)?.problem;
    expect(problem).toMatchObject({ code: 'IDENTITY_MISMATCH', words: expect.stringContaining('Fjord') });
    expect(core(twin)).toEqual(before);
    const endpoint = site.rooms.endpointOf(room.id)?.id ?? 0;
    expect([site.rooms.pinOf(endpoint, 'ssh'), site.rooms.pinOf(endpoint, 'tls')]).toEqual([null, null]);
  });

  it('is refused for the listed serial number too, and then the right device is trusted', async () => {
    list(['fjord', device.spec.address, 'FOC-LISTED']);
    await work();
    expect(state()?.problem?.code).toBe('IDENTITY_MISMATCH');
    expect([site.rooms.pinOf(endpointId(), 'ssh'), site.rooms.pinOf(endpointId(), 'tls')]).toEqual([null, null]);
    await device.stop();
    device = await codec({ address: device.spec.address, serial: 'FOC-LISTED' });
    expect(await work()).toMatchObject({ ok: 1 });
    expect(site.rooms.pinOf(endpointId(), 'ssh')).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a settings macro that calls no host', () => {
  it.each(OTJ)('is removed by the next run when the link broke at %s', async (name) => {
    await device.stop();
    const settings = { name: OTJ_MACRO_SETTINGS, active: true, content: "export const token = 'abc';\n" };
    const macros = [{ name: OTJ_MACRO, active: true, content: otjText(device) }, settings];
    device = await codec({ macros, address: device.spec.address });
    const before = core(device);
    device.setFaults({ dropOnce: `Macro Remove Name: "${name}"` });
    expect(await work()).toMatchObject({ failed: 1 });
    expect(macroNames(device)).not.toContain(OTJ_MACRO);
    expect(await work()).toMatchObject({ ok: 1 });
    expect(macroNames(device)).toEqual([]);
    await work('undo');
    expect(core(device)).toEqual(before);
  });
});

describe('a half done room', () => {
  beforeEach(async () => {
    device.setFaults({ dropOnce: `Macro Remove Name: "${OTJ_MACRO}"` });
    await work();
    expect(otjMacros()).toEqual([OTJ_MACRO_SETTINGS]);
  });
  const effects = () =>
    Object.fromEntries((state()?.problem?.effects ?? []).map(({ step, outcome }) => [step, outcome]));
  const changed = { account: 'done', [`macro.remove:${OTJ_MACRO}`]: 'unknown' };

  it('still tells what was changed when the next visit finds nobody, or cannot begin', async () => {
    device.setFaults({ off: true });
    await work();
    expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'UNREACHABLE' } });
    expect(effects()).toMatchObject(changed);
    site.rooms.pin(endpointId(), 'ssh', '0'.repeat(64));
    device.setFaults({});
    await work();
    expect(state()?.problem?.code).toBe('TRUST_CHANGED');
    expect(effects()).toMatchObject(changed);
    // Could not even be begun.
    site.db.run('DELETE FROM credential', {});
    await work();
    expect(state()?.problem?.code).toBe('CREDENTIAL_MISSING');
    expect(effects()).toMatchObject(changed);
  });

  it('is not made ready by a dry run, nor its fate forgotten', async () => {
    device.setFaults({});
    const [plan] = await look();
    expect(plan?.problem).toBeNull();
    expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'CONNECTION_LOST' } });
    device.setFaults({ off: true });
    await look();
    expect(effects()).toMatchObject(changed);
  });
});

describe('a room that is named in several ways', () => {
  it('is visited once', async () => {
    const rooms = roomsNamed(site, ['Fjord', 'FJORD', 'fjord@example.com', device.spec.address, 'Fjord']);
    const begun: string[] = [];
    const listen: RunOptions['listen'] = (event) => {
      if (event.type === 'room' && event.state === 'in progress') begun.push(event.room);
    };
    expect(await work('migrate', { rooms, listen })).toEqual({ ok: 1, failed: 0, skipped: 0 });
    expect(begun).toEqual(['Fjord']);
  });
});

describe('a refused login', () => {
  it('is not tried again on that device by later commands until it is set anew', async () => {
    site.saveCredential('cisco-roomos', roomId, ADMIN.username, 'Wrong-Secret-1');
    await work();
    expect(state()?.problem?.code).toBe('LOGIN_REFUSED');
    expect(refusals(device)).toBe(1);
    await work();
    await look();
    await work('undo');
    await plainRun();
    expect(refusals(device)).toBe(1);
    expect(state()?.problem?.code).toBe('LOGIN_REFUSED');
    await work('migrate', { insist: true });
    expect(refusals(device)).toBe(2);
    site.saveCredential('cisco-roomos', roomId, ADMIN.username, ADMIN.passphrase);
    expect(await work()).toMatchObject({ ok: 1 });
  });

  it('of the whole site pauses all other rooms, in the next command as well', async () => {
    const devices = [device, await codec(), await codec()];
    site.saveCredential('cisco-roomos', null, ADMIN.username, 'Wrong-Secret-1');
    for (const [at, { spec }] of devices.entries())
      if (at > 0) addRoom(site, { name: `R${at}`, mailbox: `r${at}@example.com`, address: spec.address });
    const tries = () => devices.reduce((sum, one) => sum + refusals(one), 0);
    const codes = () => site.rooms.all().map(({ problem }) => problem?.code);
    const paused = ['CREDENTIAL_PAUSED', 'CREDENTIAL_PAUSED', 'LOGIN_REFUSED'];
    await work();
    expect(tries()).toBe(1);
    expect(codes().toSorted()).toEqual(paused);
    await work();
    await plainRun();
    await look();
    expect(tries()).toBe(1);
    expect(codes().toSorted()).toEqual(paused);
    await work('migrate', { insist: true });
    expect(tries()).toBe(2);
    site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
    expect(await work()).toMatchObject({ ok: 3 });
  });
});

describe('a stop', () => {
  const stopped = async (step: string, status: string) => {
    const stop = new AbortController();
    const told: (string | undefined)[] = [];
    const listen: RunOptions['listen'] = (event) => {
      if (event.type === 'step' && event.step === step && event.status === status) stop.abort();
      if (event.type === 'room') told.push(event.problem?.code);
    };
    expect(await work('migrate', { signal: stop.signal, listen })).toMatchObject({ failed: 1 });
    expect(told.at(-1)).toBe('CANCELLED');
  };

  it('before anything was changed leaves the room as it was', async () => {
    await stopped('check.fit', 'running');
    expect(state()).toMatchObject({ state: 'not started', problem: null });
    await look();
    await stopped('check.fit', 'running');
    expect(state()?.state).toBe('ready');
    expect(account(device, 'otj-push')).toBeUndefined();
    expect(heldRooms(site)).toEqual([]);
    expect(await plainRun()).toMatchObject({ ok: 1 });
  });

  it('after a change leaves it in progress, and a plain run carries on', async () => {
    await stopped('account', 'done');
    expect(state()?.state).toBe('in progress');
    expect(state()?.problem?.effects).toContainEqual(expect.objectContaining({ step: 'account', outcome: 'done' }));
    expect(await plainRun()).toMatchObject({ ok: 1 });
    expect(otjMacros()).toEqual([]);
    expect(state()).toMatchObject({ state: 'awaiting sync', problem: null });
  });
});
