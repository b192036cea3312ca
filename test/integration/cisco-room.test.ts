/** What the technician decides about a codec, through the services and with a site file; without any Infinity. */
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../main/contract/site.ts';
import { decide } from '../../main/services/decide.ts';
import { run } from '../../main/services/run.ts';
import { statusOf } from '../../main/services/status.ts';
import type { Site } from '../../main/site/site.ts';
import { cameraPresets, OTJ_MACRO, OTJ_MACRO_SETTINGS, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { PLACE } from '../support/place.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';
import { ADMIN, account, codec, comparable, PORTS, snapshot } from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';

const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
const OTJ_HOSTS = '.*\\.otj\\.pexip\\.io';
const MACROS = [cameraPresets, ...otjMacroPair({ tenant: 'fjord', token: 'service-token', pollMs: 60_000 })];
let devices = 0;

/** A room with a codec whose old macros run. */
async function room(spec: Partial<CodecSpec> = {}, settings: Partial<Settings> = {}) {
  const address = `127.112.${PLACE}.${100 + ++devices}`;
  const device = await codec({ address, macros: MACROS, allowedHosts: ['a.example.com', OTJ_HOSTS], ...spec });
  await expect.poll(() => snapshot(device).runtime.active, { timeout: 5_000 }).toContain(OTJ_MACRO);
  const site = await tempSite({ ...PORTS, timeoutMs: 4_000, proofMs: 0, proofEveryMs: 50, ...settings });
  site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
  const added = addRoom(site, { address, family: null });
  const roomId = added.room.id;
  // Old meetings are cleared only where Infinity can bring new ones.
  if (settings.clearBookings)
    site.outbox.saveEntry({ roomId, entryId: 7, createdByUs: true, before: null, server: null });
  return {
    device,
    site,
    roomId,
    work: (kind: 'migrate' | 'undo' = 'migrate') => work(site, kind),
    state: () => site.rooms.get(roomId),
    last: (step: string) => site.journal.ofRoom(roomId).findLast((entry) => entry.step === step)?.status,
    told: (key: string) => site.rooms.endpointOf(roomId)?.told.find((one) => one.key === key),
    manual: () => statusOf(site).rooms[0]?.manual,
  };
}

function work(site: Site, kind: 'migrate' | 'undo') {
  const { signal } = new AbortController();
  return run(site, { kind, rooms: site.rooms.all(), technician: 'Ada', signal, insist: false, listen: () => {} });
}

const left = (device: LabDevice) => snapshot(device).macros.filter(({ name }) => OTJ.includes(name));
const sorted = (device: LabDevice) => {
  const { bookings: _bookings, bookingsUpdated: _when, ...state } = comparable(device) as Record<string, unknown>;
  return { ...state, allowedHosts: (state.allowedHosts as string[]).toSorted() };
};

async function putMeetings({ spec }: LabDevice, ...ids: string[]): Promise<void> {
  const StartTime = new Date(Date.now() + 3_600_000).toISOString();
  const one = { Title: 'Plan', Number: 'plan@example.com', Protocol: 'SIP', Organizer: { Name: 'Ada' } };
  const Bookings = ids.map((Id) => ({ ...one, Id, Time: { StartTime, Duration: 30 } }));
  const shell = await (await Shell.open(spec as CodecSpec, ADMIN)).json();
  await shell.ask('xCommand Bookings Put', JSON.stringify({ Bookings }));
  shell.end();
}

describe('a room that is tidied up', () => {
  it('has each change on record, is left alone by a second run, and is as before after an undo', async () => {
    const { device, work, state, last } = await room({}, { tidyHttpClient: true, clearBookings: true });
    await putMeetings(device, 'old-1');
    const before = sorted(device);
    expect((await work()).ok).toBe(1);
    for (const step of ['account', `macro.remove:${OTJ_MACRO}`, 'macro.runtime', 'tidy.http-client', 'tidy.hosts'])
      expect([step, last(step)]).toEqual([step, 'done']);
    expect(last('bookings.clear')).toBe('done');
    expect(device.snapshot()).toMatchObject({ allowedHosts: ['a.example.com'], bookings: [] });
    expect(state()).toMatchObject({ state: 'awaiting sync', problem: null });

    // Infinity may give meetings the ids that the old service gave them: they are not taken off a second time.
    await putMeetings(device, 'old-1');
    expect((await work()).ok).toBe(1);
    for (const step of ['tidy.http-client', 'tidy.hosts', 'bookings.clear', 'macro.runtime'])
      expect([step, last(step)]).toEqual([step, 'already']);
    expect(device.snapshot().bookings).toHaveLength(1);

    expect((await work('undo')).ok).toBe(1);
    expect(sorted(device)).toEqual(before);
    expect(state()?.state).toBe('undone');
    // And once more, from the start.
    expect((await work()).ok).toBe(1);
    expect(last('tidy.hosts')).toBe('done');
    await work('undo');
    expect(sorted(device)).toEqual(before);
  });

  it.each(['HttpClient Mode', 'Hostname Remove', 'Bookings Clear'])(
    'needs attention when the link breaks at %s, is completed by the next run, and undone to what it was',
    async (dropOnce) => {
      const { device, work, state } = await room({}, { tidyHttpClient: true, clearBookings: true });
      await putMeetings(device, 'old-1');
      const before = sorted(device);
      device.setFaults({ dropOnce });
      expect(await work()).toMatchObject({ failed: 1 });
      expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'CONNECTION_LOST' } });
      expect((await work()).ok).toBe(1);
      expect(device.snapshot()).toMatchObject({ allowedHosts: ['a.example.com'], bookings: [] });
      expect(state()?.problem).toBeNull();
      await work('undo');
      expect(sorted(device)).toEqual(before);
    },
  );
});

describe('a room whose codec is not alone', () => {
  it('waits for the technician when it is managed, and says afterwards what is left to do', async () => {
    const { device, site, roomId, work, state, told, manual } = await room({
      manager: { mode: 'TMS', address: '10.0.0.9' },
    });
    const before = sorted(device);
    expect(await work()).toMatchObject({ failed: 1 });
    expect(state()).toMatchObject({ state: 'needs attention', problem: { code: 'MANAGED' } });
    expect(told('manager')).toEqual({ key: 'manager', value: 'TMS, 10.0.0.9', warn: true });
    expect(sorted(device)).toEqual(before);
    decide(site, { roomId, accepted: ['manager'] });
    expect((await work()).ok).toBe(1);
    expect(left(device)).toEqual([]);
    expect(manual()?.toSorted()).toEqual(['manager', 'service-portal']);
  });

  it('is moved without an account when it is registered with Webex', async () => {
    const { device, work, told, manual } = await room({ webex: { status: 'Registered', developerId: 'DEV-1' } });
    expect((await work()).ok).toBe(1);
    expect(left(device)).toEqual([]);
    expect(account(device, 'otj-push')).toBeUndefined();
    expect(told('webex-id')).toMatchObject({ value: 'DEV-1' });
    expect(manual()?.toSorted()).toEqual(['service-portal', 'webex-entry']);
  });
});

describe('a room whose macro is left', () => {
  it('keeps it, running, whatever it looks like', async () => {
    const { device, site, roomId, work } = await room();
    decide(site, { roomId, leaveMacros: OTJ });
    expect((await work()).ok).toBe(1);
    expect(left(device)).toHaveLength(2);
    expect(snapshot(device).runtime.active).toEqual(expect.arrayContaining([OTJ_MACRO]));
  });
});
