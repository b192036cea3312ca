/** The xAPI over HTTPS against the lab's codec, which was written from the reference and not from this client. */
import { afterEach, describe, expect, it } from 'vitest';
import { openCodec } from '../../main/endpoints/cisco/connect.ts';
import { readFacts } from '../../main/endpoints/cisco/facts.ts';
import { asList, leaf, type Xapi } from '../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget } from '../../main/endpoints/driver.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { GENERATIONS, type GenerationName } from '../lab/cisco/generations.ts';
import { neighbours } from '../lab/cisco/macros.ts';
import type { CodecSpec, Faults, LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { PLACE } from '../support/place.ts';

const ADMIN = { username: 'admin', passphrase: 'Device "Admin" \\ 7654321', roles: ['Admin' as const] };
const never = new AbortController().signal;
const NET = `127.63.${100 + PLACE}`;
let devices = 1;
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function codec(change: Partial<CodecSpec> = {}): Promise<LabDevice> {
  const number = ++devices;
  const spec: CodecSpec = {
    kind: 'codec',
    address: `${NET}.${number}`,
    sshPort: 3022,
    httpsPort: 9643,
    serial: `FOC2222WEB${number}`,
    mac: '00:50:60:00:00:04',
    model: 'Cisco Room Kit Pro',
    systemName: 'Fjord',
    software: 'ce26.4.1.0.0123456789a',
    users: [ADMIN],
    macros: [...neighbours],
    panels: [{ panelId: 'lights', name: 'Lights & <blinds>' }],
    settings: { 'Macros Mode': 'On' },
    ...change,
  };
  const device = await startCodec(spec, createWorld());
  running.push(device);
  return device;
}

function target({ spec }: LabDevice, change: Partial<EndpointTarget> = {}): EndpointTarget {
  return {
    family: 'cisco-roomos',
    address: spec.address,
    sshPort: 3022,
    httpsPort: spec.httpsPort,
    transport: 'https',
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
}

async function open(device: LabDevice, change: Partial<EndpointTarget> = {}): Promise<Xapi> {
  const xapi = await openCodec(target(device, change), never);
  running.push({ stop: () => xapi.close() });
  return xapi;
}

const uptime = (xapi: Xapi) => xapi.get('Status', 'SystemUnit Uptime');

describe.each(Object.keys(GENERATIONS) as GenerationName[])('a codec with %s', (name) => {
  const generation = GENERATIONS[name];
  const legacy = generation.tls?.max === 'TLSv1.1' || generation.ssh?.legacyOnly === true;

  it('tells the same over HTTPS as over SSH', async () => {
    const device = await codec(generation);
    const [ssh, https] = [await open(device, { transport: 'ssh', legacy }), await open(device, { legacy })];
    expect([ssh.link.transport, https.link.transport]).toEqual(['ssh', 'https']);
    const { told: _byShell, ...shell } = await readFacts(ssh);
    const { told: _byWeb, ...web } = await readFacts(https);
    // What moves while one looks.
    const still = (facts: object) =>
      JSON.parse(JSON.stringify(facts, (key, value) => (/^(clock|uptime|offsetMs)/i.test(key) ? 0 : value)));
    expect(still(web)).toEqual(still(shell));
  });

  it('takes a setting and says no to others', async () => {
    const xapi = await open(await codec(generation), { legacy });
    await xapi.set('SystemUnit Name', 'Ærlig <&> "rom"');
    expect(leaf(await xapi.get('Configuration', 'SystemUnit Name'))).toBe('Ærlig <&> "rom"');
    expect(await codeOf(() => xapi.set('NetworkServices HTTP Mode', 'Sometimes'))).toBe('REFUSED');
    expect(await codeOf(() => xapi.set('No Such Setting', 'On'))).toBe('REFUSED');
    expect(await codeOf(() => xapi.command('No Such Command'))).toBe('REFUSED');
    expect(await codeOf(() => xapi.command('Bookings List', { Nonsense: 'x' }))).toBe('REFUSED');
    expect(leaf(await xapi.get('Status', 'Network 1 Ethernet MacAddress'))).toBe('00:50:60:00:00:04');
  });
});

describe('a codec in trouble', () => {
  it('counts a wrong password once', async () => {
    const device = await codec();
    expect(await codeOf(() => open(device, { password: 'Wrong-Secret-1' }))).toBe('LOGIN_REFUSED');
    expect(device.snapshot().users).toMatchObject([{ username: 'admin', failedLogins: 1 }]);
  });

  it.each([
    [{ sessionsFull: true }, 'SESSION_LIMIT'],
    [{ starting: true }, 'STARTING'],
    [{ expired: true }, 'ACCOUNT_EXPIRED'],
    // The web server does not say why.
    [{ passphraseChange: true }, 'LOGIN_REFUSED'],
    [{ hung: true }, 'TIMEOUT'],
    [{ off: true }, 'UNREACHABLE'],
  ] satisfies [Faults, string][])('with %j is told', async (faults, code) => {
    const error = await errorOf(async () => open(await codec({ faults }), { timeoutMs: 1_000 }));
    expect(error?.code).toBe(code);
    expect(`${error?.words}`).not.toContain(ADMIN.passphrase);
  });

  it('is told when its account is locked', async () => {
    const device = await codec({ settings: { 'Security Session MaxFailedLogins': '2' } });
    for (let turn = 0; turn < 2; turn++)
      expect(await codeOf(() => open(device, { password: 'Wrong-Secret-1' }))).toMatch(/LOGIN_REFUSED|ACCOUNT_LOCKED/);
    expect(['LOGIN_REFUSED', 'ACCOUNT_LOCKED']).toContain(await codeOf(() => open(device)));
  });

  it('is told when it wants a certificate of the client', async () => {
    const device = await codec({ tls: { clientCertificate: true } });
    expect(await codeOf(() => open(device))).toBe('CLIENT_CERTIFICATE');
  });

  it('may end sessions as it likes: readings go on', async () => {
    const device = await codec({ faults: { expireSessionAfter: 3 } });
    const xapi = await open(device);
    for (let turn = 0; turn < 8; turn++) expect(Number(leaf(await uptime(xapi)))).toBeGreaterThanOrEqual(0);
    expect(asList((await xapi.command('Macros Macro Get')).Macro)).toHaveLength(neighbours.length);
    await xapi.close();
    expect(device.snapshot().sessions).toBe(0);
  });

  it('may be busy for a while: nothing is lost and nothing done twice', async () => {
    const device = await codec();
    const xapi = await open(device);
    device.setFaults({ busyRequests: 2 });
    await xapi.command('Macros Macro Save', { Name: 'new', Overwrite: false }, 'x');
    const { macros } = device.snapshot() as { macros: { name: string }[] };
    expect(macros.filter((macro) => macro.name === 'new')).toHaveLength(1);
  });

  it('that hangs or restarts in the middle cuts the session off', async () => {
    for (const [faults, code] of [
      [{ hung: true }, 'TIMEOUT'],
      [{ off: true }, 'CONNECTION_LOST'],
    ] satisfies [Faults, string][]) {
      const device = await codec();
      const xapi = await open(device, { timeoutMs: 500 });
      device.setFaults(faults);
      expect(await codeOf(() => uptime(xapi))).toBe(code);
      device.setFaults({});
      expect(await codeOf(() => uptime(xapi))).toBe(code);
    }
  });

  it('that loses a reply has done the command once', async () => {
    const device = await codec({ faults: { dropOnce: 'Macro Remove' } });
    const [name = ''] = neighbours.map((macro) => macro.name);
    const xapi = await open(device);
    expect(await codeOf(() => xapi.command('Macros Macro Remove', { Name: name }))).toBe('CONNECTION_LOST');
    const { macros } = device.snapshot() as { macros: { name: string }[] };
    expect(macros.map((macro) => macro.name)).not.toContain(name);
    await xapi.close();
    expect(device.snapshot().sessions).toBe(0);
  });
});
