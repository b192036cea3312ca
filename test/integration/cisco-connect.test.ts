/** Which way to a codec is taken, and that there is never more than one login try. */
import { afterEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { openCodec } from '../../main/endpoints/cisco/connect.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget } from '../../main/endpoints/driver.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { GENERATIONS } from '../lab/cisco/generations.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';

const NET = `127.61.${100 + PLACE}`;
const PORTS = { sshPort: 3122, httpsPort: 9743 };
/** Nobody listens there. */
const CLOSED = 3999;
const ADMIN = { username: 'admin', passphrase: 'Device "Admin" \\ 7654321', roles: ['Admin' as const] };

let hosts = 0;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function codec(change: Partial<CodecSpec> = {}): Promise<LabDevice> {
  const number = ++hosts;
  const device = await startCodec(
    {
      kind: 'codec',
      address: `${NET}.${number}`,
      ...PORTS,
      serial: `FOC3333LAB${number}`,
      mac: '00:50:60:00:00:03',
      model: 'Cisco Room Kit Pro',
      systemName: 'Fjord',
      software: 'ce26.4.1.0.0123456789a',
      users: [ADMIN],
      macros: [],
      ...change,
    },
    createWorld(),
  );
  cleanups.push(() => device.stop());
  return device;
}

async function open(
  device: LabDevice,
  change: Partial<EndpointTarget> = {},
  signal = new AbortController().signal,
): Promise<Xapi> {
  const target: EndpointTarget = {
    family: 'cisco-roomos',
    address: device.spec.address,
    ...PORTS,
    transport: 'auto',
    lastTransport: null,
    legacy: false,
    username: ADMIN.username,
    password: ADMIN.passphrase,
    trust: { check: () => undefined },
    timeoutMs: 4_000,
    proofMs: 0,
    proofEveryMs: 50,
    ...change,
  };
  const xapi = await openCodec(target, signal);
  cleanups.push(() => xapi.close());
  return xapi;
}

async function refused(
  device: LabDevice,
  change: Partial<EndpointTarget> = {},
  signal?: AbortSignal,
): Promise<OtjError> {
  const end = await open(device, change, signal).catch((thrown: unknown) => thrown);
  if (!(end instanceof OtjError)) throw new Error('it should not have opened');
  return end;
}

type Snapshot = { users: { username: string; failedLogins: number }[]; sessions: number };
const failedLogins = (device: LabDevice) =>
  (device.snapshot() as unknown as Snapshot).users.find(({ username }) => username === ADMIN.username)?.failedLogins;

describe('the way to a codec', () => {
  it.each([
    ['SSH where nothing is known', {}, 'ssh'],
    ['what worked last', { lastTransport: 'https' }, 'https'],
    ['SSH that worked last', { lastTransport: 'ssh' }, 'ssh'],
    ['HTTPS that was chosen', { transport: 'https', lastTransport: 'ssh' }, 'https'],
    ['SSH that was chosen', { transport: 'ssh', lastTransport: 'https' }, 'ssh'],
    ['HTTPS where SSH is closed', { sshPort: CLOSED }, 'https'],
    ['SSH where HTTPS is closed', { httpsPort: CLOSED, lastTransport: 'https' }, 'ssh'],
  ] as const)('is %s', async (_name, change, transport) => {
    const device = await codec();
    const xapi = await open(device, change);
    expect(xapi.link).toEqual({ transport, weakness: null });
    expect(await xapi.get('Status', 'SystemUnit ProductId')).toEqual({ Value: device.spec.model });
    await xapi.close();
    await expect.poll(() => (device.snapshot() as unknown as Snapshot).sessions).toBe(0);
  });

  it('is no other than the chosen one', async () => {
    const device = await codec();
    for (const change of [
      { transport: 'ssh', sshPort: CLOSED },
      { transport: 'https', httpsPort: CLOSED },
    ] as const)
      expect(await refused(device, change)).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('is HTTPS where SSH has old encryption only, unless that is allowed', async () => {
    const device = await codec({ ssh: { legacyOnly: true } });
    expect((await open(device)).link).toEqual({ transport: 'https', weakness: null });
    const old = await open(device, { legacy: true });
    expect(old.link).toEqual({ transport: 'ssh', weakness: expect.stringMatching(/^agreed .*sha1/) });
    expect(await refused(device, { httpsPort: CLOSED })).toMatchObject({ code: 'LEGACY_NEEDED' });
    const last = { httpsPort: CLOSED, lastTransport: 'https' } as const;
    const both = await refused(device, last);
    expect(both).toMatchObject({ code: 'LEGACY_NEEDED' });
    expect(both.words).toMatch(/^HTTPS: UNREACHABLE .*; SSH: LEGACY_NEEDED /);
  });
});

describe('a codec that is not there', () => {
  it('is told with both ways', async () => {
    const error = await refused(await codec(), { sshPort: CLOSED, httpsPort: CLOSED });
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect(error.words).toMatch(/^SSH: UNREACHABLE .*3999.*; HTTPS: UNREACHABLE .*3999/);
  });

  it('is TIMEOUT when it takes connections and says nothing', async () => {
    const error = await refused(await codec({ faults: { hung: true } }), { timeoutMs: 600 });
    expect(error).toMatchObject({ code: 'TIMEOUT', words: expect.stringMatching(/^SSH: TIMEOUT .*; HTTPS: TIMEOUT/) });
  });

  it('is STARTING when HTTPS says so', async () => {
    const device = await codec({ faults: { starting: true } });
    expect(await refused(device)).toMatchObject({ code: 'STARTING' });
    expect(await refused(device, { lastTransport: 'https' })).toMatchObject({ code: 'STARTING' });
  });

  it('is CANCELLED when somebody stops', async () => {
    const device = await codec({ faults: { hung: true } });
    const stop = new AbortController();
    const opening = refused(device, {}, stop.signal);
    setTimeout(() => stop.abort(), 100);
    expect(await opening).toMatchObject({ code: 'CANCELLED' });
    expect(await refused(device, {}, stop.signal)).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('one login try', () => {
  it.each(['ssh', 'https'] as const)('is all there is, first over %s', async (lastTransport) => {
    const device = await codec();
    expect(await refused(device, { lastTransport, password: 'wrong' })).toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(failedLogins(device)).toBe(1);
  });

  it.each(['ssh', 'https'] as const)('is not made where the other way is closed and refuses, %s', async (open) => {
    const device = await codec();
    const change = open === 'ssh' ? { httpsPort: CLOSED, lastTransport: 'https' as const } : { sshPort: CLOSED };
    expect(await refused(device, { ...change, password: 'wrong' })).toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(failedLogins(device)).toBe(1);
  });

  it.each([
    ['ssh', 'ssh'],
    ['https', 'tls'],
  ] as const)('is not made when the key of %s has changed', async (lastTransport, kind) => {
    const device = await codec();
    const asked: string[] = [];
    const check = (one: string) => {
      asked.push(one);
      throw new OtjError('TRUST_CHANGED');
    };
    expect(await refused(device, { lastTransport, trust: { check } })).toMatchObject({ code: 'TRUST_CHANGED' });
    expect(new Set(asked)).toEqual(new Set([kind]));
    expect(failedLogins(device)).toBe(0);
  });

  it.each(['ssh', 'https'] as const)(
    'ends with SESSION_LIMIT where all sessions are taken, over %s',
    async (lastTransport) => {
      const device = await codec({ faults: { sessionsFull: true } });
      expect(await refused(device, { lastTransport })).toMatchObject({ code: 'SESSION_LIMIT' });
    },
  );

  it.each(['ssh', 'https'] as const)('finds a locked and an expired account, over %s', async (lastTransport) => {
    const device = await codec();
    for (let turn = 0; turn < 5; turn++) await refused(device, { lastTransport, password: 'wrong' });
    expect((await refused(device, { lastTransport })).class).toBe('login');
    const other = await codec({ faults: { expired: true } });
    expect((await refused(other, { lastTransport })).class).toBe('login');
  });

  it('is not answered with a new passphrase', async () => {
    const device = await codec({ faults: { passphraseChange: true } });
    expect(await refused(device, { transport: 'ssh' })).toMatchObject({ code: 'PASSPHRASE_CHANGE' });
  });
});

describe('every generation', () => {
  it.each(Object.entries(GENERATIONS))('answers over SSH: %s', async (_name, generation) => {
    const device = await codec({ ...generation, faults: { splitBytes: 3, chatter: true } });
    const xapi = await open(device, { transport: 'ssh', legacy: true });
    expect(xapi.link.weakness === null).toBe(!generation.ssh?.legacyOnly);
    const reads = ['ProductId', 'Software Version', 'Hardware Module SerialNumber'].map((path) =>
      xapi.get('Status', `SystemUnit ${path}`),
    );
    expect(await Promise.all(reads)).toEqual(
      [generation.model, generation.software, device.spec.serial].map((Value) => ({ Value })),
    );
  });
});
