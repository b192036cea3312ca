import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LabDevice } from '../lab/types.ts';
import { ADMIN, client, ROOM, raw, startDevice, startExchange, tryLogin } from './lab-poly-client.ts';
import { poll, ssh } from './lab-poly-raw.ts';

let stopExchange: () => Promise<void>;
beforeAll(async () => {
  stopExchange = await startExchange();
});
afterAll(() => stopExchange());

const running: LabDevice[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((device) => device.stop()));
});

async function start(...given: Parameters<typeof startDevice>): Promise<LabDevice> {
  const device = await startDevice(...given);
  running.push(device);
  return device;
}

type Var = { name: string; value: string; result: string };
const settingsOf = (device: LabDevice) => device.snapshot().settings as Record<string, string>;

async function read(me: Awaited<ReturnType<typeof client>>, ...names: string[]): Promise<Var[]> {
  return ((await me.call('POST', '/rest/config', { names })).body as { vars: Var[] }).vars;
}

describe('names of a firmware', () => {
  const NAMES = ['cal.ews.server', 'exchange.server.url', 'calendaring.service.host'];

  it.each([
    ['4.2.0', [true, false, false]],
    ['4.3.0', [false, true, false]],
    ['4.4.0', [false, false, true]],
    ['4.5.0', [false, false, false]],
  ])('%s', async (software, known) => {
    const device = await start({ software });
    const me = await client(device);
    const found = await read(me, ...NAMES);
    expect(found.map(({ result }) => result === 'NOERROR')).toEqual(known);
    // The export has the same names on all of them.
    await me.write(Object.fromEntries(NAMES.map((name) => [name, 'node.example.com'])));
    const exported = (await me.call('GET', '/rest/provisioning/config')).text;
    expect(exported.includes('exchange.server.url="node.example.com"')).toBe(known.includes(true));
  });

  it('come with words of their own', async () => {
    const device = await start({ names: 'exchange' });
    const me = await client(device);
    expect(await read(me, 'exchange.enable')).toMatchObject([{ value: 'false', result: 'NOERROR' }]);
    expect((await me.write({ 'exchange.enable': 'True' })).text).toContain('INVALIDVALUE');
    expect((await me.write({ 'exchange.enable': 'true' })).text).toContain('NOERROR');
    expect(settingsOf(device)['cal.enabled']).toBe('True');
  });

  it('can be given one by one, and leave the rest out', async () => {
    const me = await client(await start({ names: { 'cal.enabled': 'my.switch', 'cal.ews.server': 'my.server' } }));
    const found = await read(me, 'my.switch', 'my.server', 'cal.enabled');
    expect(found.map(({ result }) => result)).toEqual(['NOERROR', 'NOERROR', 'INVALIDNAME']);
  });

  it('can be missing, with the command line over SSH as the only way', async () => {
    const at = { address: '127.31.22.1', sshPort: 2022 };
    const device = await start({ software: '4.5.0', ...at, cli: { gapMs: 0 } });
    const terminal = await ssh(at, ADMIN);
    await terminal.until(/SNMP Enabled:[^\n]*\n/);
    expect(await terminal.run('calendarserver node.example.com')).toContain('calendarserver node.example.com');
    expect(settingsOf(device)['cal.ews.server']).toBe('node.example.com');
    const me = await client(device);
    expect((await me.call('GET', '/rest/current/session/sessions')).text).toContain('"SSH"');
    terminal.end();
  });
});

describe('writes', () => {
  it('can be refused for one name with HTTP 200', async () => {
    const device = await start({ faults: { refuse: { 'cal.ews.username': 'SYSTEMBUSY' } } });
    const me = await client(device);
    const answer = await me.write({ 'cal.ews.server': 'node.example.com', 'cal.ews.username': 'new-user' });
    expect([answer.status, (answer.body as { vars: Var[] }).vars.map(({ result }) => result)]).toEqual([
      200,
      ['NOERROR', 'SYSTEMBUSY'],
    ]);
    expect(settingsOf(device)).toMatchObject({
      'cal.ews.server': 'node.example.com',
      'cal.ews.username': ROOM.username,
    });
  });

  it('can be said to be good and be forgotten', async () => {
    const device = await start({ faults: { forget: ['cal.ews.mailbox'] } });
    const me = await client(device);
    expect((await me.write({ 'cal.ews.mailbox': 'new@example.com' })).text).toContain('NOERROR');
    expect(await read(me, 'cal.ews.mailbox')).toMatchObject([{ value: 'room@example.com' }]);
  });

  it('can be cut off in the middle, once', async () => {
    const device = await start();
    const me = await client(device);
    device.setFaults({ dropAfterVars: 1 });
    const values = { 'cal.ews.server': 'node.example.com', 'cal.ews.mailbox': 'new@example.com' };
    await expect(me.write(values)).rejects.toThrow();
    expect(settingsOf(device)).toMatchObject({
      'cal.ews.server': 'node.example.com',
      'cal.ews.mailbox': 'room@example.com',
    });
    expect((await me.write(values)).status).toBe(200);
    expect(settingsOf(device)['cal.ews.mailbox']).toBe('new@example.com');
  });

  it('are undone by a provisioning server after its time', async () => {
    const device = await start({ provisioningServer: 'rm.example.com', provisioning: { overwritesMs: 1000 } });
    const me = await client(device);
    await me.write({ 'cal.ews.mailbox': 'new@example.com', 'system.info.systemname': 'Kept' });
    expect(settingsOf(device)['cal.ews.mailbox']).toBe('new@example.com');
    await poll(() => settingsOf(device)['cal.ews.mailbox']).toBe('room@example.com');
    expect(settingsOf(device)['system.info.systemname']).toBe('Kept');
  });
});

describe('logins', () => {
  it('lock after as many tries as the settings say', async () => {
    const device = await start({ settings: { 'sec.auth.accountLockout.admin.lockoutAttempts': '5' } });
    for (let tries = 1; tries <= 5; tries++) await tryLogin(device, 'wrong');
    expect((await tryLogin(device, ADMIN.password)).text).toContain('ACCOUNTLOCKOUT');
  });

  it('find no place while others have left sessions open', async () => {
    const device = await start({ faults: { sessionsLeftOpen: 49 } });
    await client(device);
    expect((await tryLogin(device, ADMIN.password)).text).toContain('MaxSessionsReached');
    device.setFaults({});
    expect((await tryLogin(device, ADMIN.password)).status).toBe(200);
  });

  it('end when somebody ends them', async () => {
    const me = await client(await start({ faults: { expireSessionAfter: 1 } }));
    expect((await me.call('GET', '/rest/system')).status).toBe(200);
    expect((await me.call('GET', '/rest/system')).status).toBe(403);
  });
});

describe('registration', () => {
  const on = { 'cal.ews.server': 'node.example.com', 'cal.enabled': 'True' };

  it('goes from off to down to up', async () => {
    const me = await client(await start({ pace: { registerMs: 800 } }));
    expect((await me.calendar()).row).toBe('off');
    await me.write(on);
    expect(await me.calendar()).toEqual({ status: 'configured', row: 'down' });
    await poll(async () => (await me.calendar()).row).toBe('up');
  });

  it('can show a refused login as a server that is not there', async () => {
    const device = await start({ faults: { authErrorHidden: true } });
    const me = await client(device);
    await me.write({ ...on, 'cal.ews.password': 'wrong' });
    await poll(() => me.calendar()).toEqual({ status: 'offline', row: 'down' });
    device.setFaults({});
    await poll(() => me.calendar()).toEqual({ status: 'authenticationerr', row: 'down' });
  });

  it('rests while Teams runs', async () => {
    const device = await start({ faults: { teamsMode: true } });
    const me = await client(device);
    await me.write(on);
    expect(await me.calendar()).toEqual({ status: 'disabled', row: 'off' });
    expect((await me.call('GET', '/rest/system/apps')).text).toContain('Microsoft Teams');
    expect((await me.call('GET', '/rest/current/system/mode')).body).toMatchObject({ provider: 'Teams' });
    device.setFaults({});
    await poll(async () => (await me.calendar()).row).toBe('up');
  });
});

it('is busy, and wrong about the time', async () => {
  const device = await start({ faults: { busyRequests: 1, clockOffsetMs: -3_600_000 } });
  expect((await raw(device, 'GET', '/rest/system')).status).toBe(503);
  const me = await client(device);
  const { systemTime } = (await me.call('GET', '/rest/system')).body as { systemTime: number };
  expect(Math.round((systemTime - Date.now()) / 60_000)).toBe(-60);
});
