import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Control, startControl } from '../lab/control.ts';
import { type Practice, type PracticeDocument, practiceEstate, startPractice } from '../lab/practice.ts';
import { csvOf, listedRooms, SAMPLE_CSV } from '../lab/practice-rooms.ts';
import type { CodecSpec } from '../lab/types.ts';
import { basic, ENDPOINTS, GROUPS, raw, until } from './lab-raw.ts';

const MAIN = fileURLToPath(new URL('../lab/main.ts', import.meta.url));
const distinct = (values: string[]): number => new Set(values).size;

describe('the list of rooms', () => {
  it('starts with the sample list and goes on with rooms that are always the same', () => {
    const rooms = listedRooms(1200);
    expect(csvOf(rooms.slice(0, 24))).toBe(readFileSync(SAMPLE_CSV, 'utf8'));
    for (const field of ['room', 'mailbox', 'address', 'serial'] as const) {
      expect([field, distinct(rooms.map((room) => room[field]))]).toEqual([field, 1200]);
    }
    expect(listedRooms(1200)).toEqual(rooms);
    const families = rooms.slice(0, 24).map((room) => room.family);
    expect(families.filter((family) => family === 'cisco')).toHaveLength(16);
  });

  it('shows a manager and the cloud in sites that are larger than the sample', () => {
    const { description, document } = practiceEstate({ rooms: 26, trouble: true });
    const kinds = document.trouble.slice(9).map(({ kind, address }) => {
      const device = description.devices.find((one) => one.address === address);
      return device?.kind === 'codec' && [kind, device.manager?.mode, device.webex?.status];
    });
    expect(kinds).toEqual([
      ['managed', 'TMS', undefined],
      ['webex', undefined, 'Registered'],
    ]);
  });

  it('can have Poly devices of all families, so many of each maker as are asked for', () => {
    const { description, document } = practiceEstate({
      counts: { cisco: 300, poly: 100 },
      polys: 'mixed',
      polyPace: { outageMs: 500 },
      adjust: (spec, { room }) => (room === 'Fjord' ? { ...spec, faults: { hung: true } } : spec),
    });
    const kinds = Map.groupBy(description.devices, ({ kind }) => kind);
    expect(Object.fromEntries([...kinds].map(([kind, devices]) => [kind, devices.length]))).toEqual({
      codec: 300,
      'poly-videoos': 42,
      'poly-group': 25,
      'poly-trio': 17,
      'poly-hdx': 8,
      'poly-debut': 8,
    });
    expect(distinct(description.devices.map(({ address }) => address))).toBe(400);
    expect(distinct(description.devices.map(({ mac }) => mac))).toBe(400);
    expect(description.devices.filter((spec) => 'pace' in spec && spec.pace?.outageMs === 500)).toHaveLength(100);
    expect(description.devices.find(({ systemName }) => systemName === 'Fjord')?.faults).toEqual({ hung: true });
    const trio = document.rooms.find(({ kind }) => kind === 'poly-trio');
    const device = description.devices.find(({ address }) => address === trio?.address);
    expect(trio?.serial).toBe(device?.mac.replaceAll(':', ''));
    expect(document.logins.trio?.username).toBe('Polycom');
    // The site that everybody knows has none of it.
    expect(new Set(practiceEstate().description.devices.map(({ kind }) => kind))).toEqual(
      new Set(['codec', 'poly-videoos']),
    );
  });

  it('can have troubles of all kinds on its Poly devices', () => {
    const { description, document } = practiceEstate({
      counts: { cisco: 1, poly: 100 },
      polys: 'mixed',
      trouble: true,
    });
    const troubles = document.trouble.filter(({ lasts }) => lasts !== undefined);
    expect(troubles).toHaveLength(28);
    expect(distinct(troubles.map(({ kind }) => kind))).toBe(14);
    for (const { address, kind } of troubles) {
      const device = description.devices.find((one) => one.address === address);
      if (kind === 'overwritten') expect(device).toMatchObject({ provisioning: {} });
      else if (kind === 'rest-off') expect(device).toMatchObject({ kind: 'poly-trio', rest: false });
      else expect(Object.keys(device?.faults ?? {}), kind).not.toEqual([]);
    }
  });

  it('has new secrets at every start, unless it is given a seed', () => {
    const secrets = (seed?: string) => practiceEstate(seed ? { seed } : {}).document.secrets;
    expect(secrets('a')).toEqual(secrets('a'));
    expect(secrets().filter((secret) => secrets().includes(secret))).toEqual([]);
    expect(secrets().every((secret) => secret.length >= 20)).toBe(true);
  });
});

describe('the practice site', () => {
  let practice: Practice;
  let control: Control;
  let stopped = false;

  const documentOf = (): PracticeDocument => practice.document;
  const deviceOf = (name: string) => {
    const room = documentOf().rooms.find((candidate) => candidate.room === name);
    const device = practice.estate.devices.get(room?.address ?? '');
    if (!room || !device) throw new Error(`no room ${name}`);
    return { room, device };
  };
  const bookingIds = (name: string): string[] => {
    const { bookings } = deviceOf(name).device.snapshot();
    return (bookings as { id: string }[]).map((booking) => booking.id);
  };
  const ask = (method: string, path: string, body?: unknown) =>
    raw(method, control.url + path, {}, body === undefined ? undefined : JSON.stringify(body));

  beforeAll(async () => {
    practice = await startPractice({ trouble: true, networks: { devices: '127.43', core: '127.44.0' } });
    const onStop = () => {
      stopped = true;
    };
    control = await startControl({ estate: practice.estate, document: { ...practice.document }, onStop });
  });

  afterAll(async () => {
    await control.stop();
    await practice.estate.stop();
    if (practice.temporaryCsv) rmSync(practice.temporaryCsv);
  });

  it('has the troubles that it says', () => {
    const specOf = (name: string) => deviceOf(name).device.spec as CodecSpec;
    const names = (name: string) => specOf(name).macros.map((macro) => macro.name);
    expect(documentOf().trouble.map((one) => one.room)).toHaveLength(9);
    expect(names('Hav')).toEqual(['calendar-settings', 'calendar-sync']);
    expect(specOf('Hav').macros.some((macro) => macro.content.includes('.otj.pexip.io'))).toBe(true);
    expect(names('Fjord')).toEqual(expect.arrayContaining(['pexip-meeting-controls', 'otj-macro']));
    expect(specOf('Vidde').serial).not.toBe(deviceOf('Vidde').room.serial);
    expect(specOf('Vik').users[0]?.passphrase).not.toBe(documentOf().logins.cisco.passphrase);
    expect(specOf('Bjørk').faults).toEqual({ dropOnce: 'Macro Remove' });
    expect(specOf('Gran').faults).toEqual({ inCall: true });
    for (const room of documentOf().rooms) {
      if (room.room !== 'Vidde') expect(deviceOf(room.room).device.spec.serial).toBe(room.serial);
    }
  });

  it('lets the Service fill codecs and Polys, and Infinity take a codec over', async () => {
    for (const name of ['Fjord', 'Hav', 'Solvind']) {
      await until(() => bookingIds(name).some((id) => id.startsWith('svc-')), 8000);
    }
    await until(() => practice.estate.service.requests.has('skog@nordbank.example'), 8000);

    const { infinity, logins } = documentOf();
    const { room } = deviceOf('Solvind');
    const headers = { authorization: basic(`${infinity.username}:${infinity.password}`) };
    const entry = {
      name: room.room,
      room_resource_email: room.mailbox,
      mjx_endpoint_group: `${GROUPS}1/`,
      api_address: room.address,
      api_port: room.httpsPort,
      api_username: logins.cisco.username,
      api_password: logins.cisco.passphrase,
    };
    const made = await raw('POST', infinity.url + ENDPOINTS, headers, JSON.stringify(entry));
    expect(made.status, made.text).toBe(201);
    await until(() => bookingIds('Solvind').some((id) => id.startsWith('inf-')), 8000);
    const url = `${infinity.url}/api/admin/status/v1/mjx_endpoint/?endpoint_name=Solvind`;
    await until(async () => (await raw('GET', url, headers)).json.objects[0]?.last_contact_time !== null);
  });

  it('can be looked at and steered from outside', async () => {
    const estate = (await ask('GET', '/estate')).json;
    expect(estate).toMatchObject({ control: control.url, sampleCsv: SAMPLE_CSV, ports: { ssh: 2022, https: 8443 } });
    const { text } = await ask('GET', '/state');
    expect(text).not.toMatch(/\d{4}-\d\d-\d\dT\d\d/);
    expect(Object.keys((JSON.parse(text) as { devices: object }).devices)).toHaveLength(24);

    const { url } = documentOf().infinity;
    expect((await ask('POST', '/infinity/stop')).json).toEqual({ running: false });
    await raw('GET', url, {}).catch(() => {});
    await expect(raw('GET', url, {})).rejects.toThrow(/ECONNREFUSED/);
    expect((await ask('POST', '/infinity/start')).json).toEqual({ running: true });
    expect((await raw('GET', `${url}/api/admin/status/v1/`, {})).status).toBe(401);

    const { room } = deviceOf('Elv');
    const device = `https://${room.address}:${room.httpsPort}/`;
    expect((await ask('POST', `/device/${room.address}/faults`, { off: true })).status).toBe(200);
    await raw('GET', device, {}).catch(() => {});
    await expect(raw('GET', device, {})).rejects.toThrow(/ECONNREFUSED/);
    expect((await ask('POST', `/device/${room.address}/faults`, {})).status).toBe(200);
    expect((await ask('POST', `/device/${room.address}/faults`, { of: true })).status).toBe(400);
    expect((await ask('POST', `/device/${room.address}/faults`, { starting: true })).status).toBe(200);
    expect((await raw('GET', device, {})).status).toBe(502);
    expect((await ask('POST', `/device/${room.address}/faults`, {})).status).toBe(200);
    expect((await ask('POST', '/device/127.0.0.1/faults', {})).status).toBe(404);
    const foreign = await raw('GET', `${control.url}/estate`, { host: 'evil.example' });
    expect(foreign.status).toBe(403);
    await ask('POST', '/stop');
    await until(() => stopped);
  });
});

describe('the lab as a program', () => {
  it('prints one line when it is ready, and ends when its input closes', async () => {
    const nets = ['--device-net', '127.45', '--core-net', '127.46.0'];
    const lab = spawn(process.execPath, [MAIN, '--json', '--rooms', '3', ...nets], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exit = once(lab, 'exit');
    const [line] = (await once(createInterface({ input: lab.stdout }), 'line')) as [string];
    const estate = JSON.parse(line) as PracticeDocument & { control: string };
    expect(estate.rooms.map((room) => room.room)).toEqual(['Fjord', 'Skog', 'Elv']);
    expect(readFileSync(estate.roomsCsv, 'utf8')).toBe(csvOf(estate.rooms));
    expect((await raw('GET', `${estate.control}/state`, {})).status).toBe(200);
    lab.stdin.end();
    expect(await exit).toEqual([0, null]);
    expect(existsSync(estate.roomsCsv)).toBe(false);
  });
});
