import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Faults, LabDevice } from '../lab/types.ts';
import {
  ADMIN,
  client,
  exchange,
  fingerprint,
  ROOM,
  raw,
  startDevice,
  startExchange,
  tryLogin,
} from './lab-poly-client.ts';

let stopExchange: () => Promise<void>;
beforeAll(async () => {
  stopExchange = await startExchange();
});
afterAll(() => stopExchange());

const running: LabDevice[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((device) => device.stop()));
  exchange.seen.length = 0;
  exchange.givesCalendar = true;
});

async function start(...given: Parameters<typeof startDevice>): Promise<LabDevice> {
  const device = await startDevice(...given);
  running.push(device);
  return device;
}

describe('sessions', () => {
  it('logs in by both ways, refuses a second login on a live cookie, and logs out by both', async () => {
    const device = await start();
    expect((await raw(device, 'GET', '/rest/system')).status).toBe(403);
    const first = await tryLogin(device, ADMIN.password);
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, session: { role: 'ADMIN' }, loginStatus: { failedLogins: 0, loginResult: 'NOLOCKOUT' } },
    });
    const me = await client(device);
    expect(me.id).toMatch(/^PS/);
    const again = await raw(device, 'POST', '/rest/session', { ...ADMIN, action: 'Login' }, me.headers());
    expect(again.status).toBe(412);
    expect(again.text).toContain('SessionAlreadyActive');

    const other = await raw(device, 'POST', '/rest/current/session', {
      user: ADMIN.username,
      password: ADMIN.password,
    });
    expect(other.status).toBe(200);
    const list = await me.call('GET', '/rest/current/session/sessions');
    expect((list.body as { sessionList: unknown[] }).sessionList).toHaveLength(3);
    expect((await me.call('DELETE', '/rest/current/session')).status).toBe(200);
    expect((await me.call('GET', '/rest/system')).status).toBe(403);
    const me2 = await client(device);
    expect((await me2.call('POST', '/rest/session', { action: 'Logout' })).status).toBe(200);
    expect((await me2.call('GET', '/rest/system')).status).toBe(403);
  });

  it('counts failed logins, locks, refuses the right password while locked, and unlocks', async () => {
    const device = await start({}, { minuteMs: 1000 });
    expect((await tryLogin(device, 'wrong')).body).toMatchObject({ success: false, loginStatus: { failedLogins: 1 } });
    expect((await tryLogin(device, ADMIN.password)).body).toMatchObject({ loginStatus: { failedLogins: 1 } });
    for (let i = 1; i <= 10; i++) {
      const answer = await tryLogin(device, 'wrong');
      expect(answer.status).toBe(403);
      expect(JSON.stringify(answer.body).includes('"NOLOCKOUT"')).toBe(i < 10);
    }
    expect((await tryLogin(device, ADMIN.password)).status).toBe(403);
    await vi.waitFor(async () => expect((await tryLogin(device, ADMIN.password)).status).toBe(200), 5000);
  });

  it('has a limit of sessions, and forgets idle ones', async () => {
    const device = await start({}, { minuteMs: 1500 });
    const me = await client(device);
    await me.write({ 'sec.access.maxSessions': '1', 'sec.web.idleSessionTimeout': '1' });
    expect((await tryLogin(device, ADMIN.password)).text).toContain('MaxSessionsReached');
    await vi.waitFor(async () => expect((await tryLogin(device, ADMIN.password)).status).toBe(200), 5000);
    expect((await me.call('GET', '/rest/system')).status).toBe(403);
  });

  it('wants the newest XSRF token twice for changes, not for reads', async () => {
    const device = await start();
    const me = await client(device);
    const old = me.headers();
    const { 'x-xsrf-token': token = '', cookie = '' } = old;
    const body = { names: ['cal.enabled'] };
    const post = (headers: Record<string, string>) => raw(device, 'POST', '/rest/config', body, headers);
    expect((await raw(device, 'GET', '/rest/system', undefined, { cookie })).status).toBe(200);
    expect((await post({ cookie })).status).toBe(403);
    expect((await post({ cookie: `session_id=${me.id}`, 'x-xsrf-token': token })).status).toBe(403);
    expect((await post({ cookie, 'x-xsrf-token': 'made-up' })).status).toBe(403);
    const good = await me.call('POST', '/rest/config', body);
    expect(good.status).toBe(200);
    expect(good.token).not.toBe(token);
    await me.call('POST', '/rest/config', body);
    expect((await post(old)).status).toBe(403);
    expect((await me.call('POST', '/rest/config', body)).status).toBe(200);
  });
});

describe('identity and configuration', () => {
  it('says who it is, the MAC only in the CODEC row', async () => {
    const me = await client(await start({ faults: { inCall: true }, provisioningServer: 'rm.example.com' }));
    const system = await me.call('GET', '/rest/system');
    expect(system.body).toMatchObject({
      model: 'StudioX50',
      serialNumber: '8G00000000TEST',
      softwareVersion: '4.2.0',
      state: 'IN_CALL',
    });
    expect(system.text).not.toMatch(/00:e0:db/i);
    for (const path of ['/rest/devicemanagement/devices', '/rest/current/devicemanagement/devices']) {
      const rows = (await me.call('POST', path, { deviceState: 'PAIRED' })).body as Record<string, string>[];
      expect(rows.find((row) => row.deviceType === 'CODEC')?.macAddress?.toUpperCase()).toBe('00:E0:DB:00:00:01');
    }
    const names = ['management.provisioning.enabled', 'management.provisioning.server', 'system.info.systemname'];
    const read = (await me.call('POST', '/rest/config', { names })).body as { vars: { value: string }[] };
    expect(read.vars.map((entry) => entry.value)).toEqual(['True', 'rm.example.com', 'Room One']);
    expect((await me.write({ 'cal.ews.mailbox': 'in-call@example.com' })).body).toMatchObject({
      vars: [{ result: 'NOERROR' }],
    });
    expect((await me.call('GET', '/rest/system/mode/device')).body).toEqual({ result: false });
    expect((await me.call('GET', '/rest/system/apps')).text).toContain('"Poly"');
    expect((await me.call('GET', '/rest/no/such')).status).toBe(404);
    expect((await me.call('POST', '/rest/system')).status).toBe(405);
    expect((await me.call('POST', '/rest/config', {})).status).toBe(400);
  });

  it('reads by name, says what it does not know, and keeps secrets', async () => {
    const me = await client(await start());
    const names = ['cal.ews.username', 'exchange.server.url', 'cal.ews.password', 'system.info.serialnumber'];
    const { vars } = (await me.call('POST', '/rest/config', { names })).body as { vars: Record<string, unknown>[] };
    const flags = { isHidden: false, isSecure: false, isEditable: true, result: 'NOERROR' };
    expect(vars[0]).toEqual({ ...flags, name: 'cal.ews.username', value: ROOM.username });
    expect(vars[1]?.result).not.toBe('NOERROR');
    expect(vars[2]).toEqual({ ...flags, name: 'cal.ews.password', value: '', isSecure: true });
    expect(vars[3]).toMatchObject({ result: 'NOERROR', isEditable: false });
  });

  it('keeps the good part of a partial write, with HTTP 200', async () => {
    const device = await start();
    const me = await client(device);
    const answer = await me.write({
      'cal.ews.server': 'https://node.example.com/EWS',
      'cal.ews.username': 'u'.repeat(65),
      'cal.enabled': 'yes',
      'cal.ews.mailbox': 'new@example.com',
      'cal.nothing': '1',
      'system.info.serialnumber': 'X',
      'cal.ews.password': 'Echoed-Secret-1',
    });
    expect(answer.status).toBe(200);
    const { vars, rebootNeeded } = answer.body as { vars: { result: string }[]; rebootNeeded: boolean };
    const good = vars.map((entry) => entry.result === 'NOERROR');
    expect(good).toEqual([false, false, false, true, false, false, true]);
    expect(rebootNeeded).toBe(false);
    // As a device does: the value comes back, a password too.
    expect(answer.text).toContain('Echoed-Secret-1');
    expect(device.snapshot()).toMatchObject({
      settings: {
        'cal.ews.server': '',
        'cal.ews.mailbox': 'new@example.com',
        'cal.ews.password': `sha256:${createHash('sha256').update('Echoed-Secret-1').digest('hex')}`,
      },
    });
    expect(JSON.stringify(device.snapshot())).not.toContain('Echoed-Secret-1');
    expect((await me.write({ 'system.network.hostname': 'other' })).body).toMatchObject({ rebootNeeded: true });
  });

  it('exports what the configuration says, without secrets', async () => {
    const me = await client(await start());
    await me.write({ 'cal.ews.server': 'node.example.com', 'cal.ews.domain': 'A&"B', 'system.info.systemname': '<R>' });
    const answer = await me.call('GET', '/rest/provisioning/config');
    const tree: unknown = new XMLParser({ ignoreAttributes: false, parseAttributeValue: false }).parse(answer.text);
    expect(tree).toMatchObject({
      PHONE_CONFIG: {
        ALL: {
          '@_exchange.enable': 'false',
          '@_exchange.server.url': 'node.example.com',
          '@_exchange.auth.email': 'room@example.com',
          '@_exchange.auth.domain': 'A&"B',
          '@_exchange.auth.userName': ROOM.username,
          '@_exchange.auth.password': 'REMOVED_SECURE_CONTENT',
          '@_exchange.auth.useLoginCredentials': 'false',
          '@_device.local.deviceName': '<R>',
          '@_sec.auth.accountLockout.admin.lockoutAttempts': '10',
        },
      },
    });
    expect(answer.text).not.toContain(ROOM.password);
  });
});

describe('calendar', () => {
  const on = { 'cal.ews.server': 'node.example.com', 'cal.enabled': 'True' };

  it('goes from off to registered and shows meetings', async () => {
    const device = await start();
    const me = await client(device);
    expect(await me.calendar()).toEqual({ status: 'disabled', row: 'off' });
    await me.write(on);
    await vi.waitFor(async () => expect(await me.calendar()).toEqual({ status: 'registered', row: 'up' }), 3000);
    const list = (await me.call('GET', '/rest/calendar/meetings?number=1')).body;
    expect(list).toMatchObject([{ id: 'AAMk=1', subject: 'Budget & plans', organizer: 'Ann Example', inCall: false }]);
    expect((await me.call('GET', '/rest/calendar/meetings?number=0')).body).toEqual([]);
    expect(exchange.seen[0]).toMatchObject({ host: 'node.example.com', servername: 'node.example.com' });
    expect(exchange.seen[0]?.body).toContain('room@example.com');
    expect(device.snapshot()).toMatchObject({ calendar: { status: 'registered', row: 'up', meetings: ['AAMk=1'] } });
    await vi.waitFor(() => expect(exchange.seen.length).toBeGreaterThan(2), 3000);
    await me.write({ 'cal.enabled': 'False' });
    expect(await me.calendar()).toEqual({ status: 'disabled', row: 'off' });
    expect((await me.call('GET', '/rest/calendar/meetings?number=5')).body).toEqual([]);
  });

  it('is configured, not registered, before the first answer', async () => {
    const device = await start({
      calendar: { ...ROOM, enabled: true, server: 'node.example.com', mailbox: '', domain: '' },
    });
    expect(device.snapshot()).toMatchObject({ calendar: { status: 'configured', row: 'down' } });
  });

  it.each([
    ['a wrong password', { 'cal.ews.password': 'wrong' }, 'authenticationerr'],
    ['a domain the server does not want', { 'cal.ews.domain': 'CORP' }, 'authenticationerr'],
    ['OAuth', { 'cal.ews.oauth.enabled': 'True' }, 'authenticationerr'],
    ['a server that refuses', { 'cal.ews.server': 'dead.example.com' }, 'offline'],
    ['an unknown name', { 'cal.ews.server': 'nowhere.example.com' }, 'offline'],
    ['checking a self-signed server', { 'sec.TLS.cert.validatePeer.enable': 'True' }, 'offline'],
  ])('is down with %s', async (_what, values, status) => {
    const me = await client(await start());
    await me.write({ ...on, ...values });
    await vi.waitFor(async () => expect(await me.calendar()).toEqual({ status, row: 'down' }), 3000);
  });

  it('is logged in but down when the server gives no calendar, and recovers by polling', async () => {
    exchange.givesCalendar = false;
    const me = await client(await start());
    await me.write(on);
    await vi.waitFor(async () => expect(await me.calendar()).toEqual({ status: 'logged', row: 'down' }), 3000);
    exchange.givesCalendar = true;
    await vi.waitFor(async () => expect((await me.calendar()).row).toBe('up'), 3000);
  });
});

describe('faults', () => {
  it('drops one reply after its effect', async () => {
    const device = await start();
    const me = await client(device);
    device.setFaults({ dropOnce: 'dropped@example.com' });
    await expect(me.write({ 'cal.ews.mailbox': 'dropped@example.com' })).rejects.toThrow();
    expect(device.snapshot()).toMatchObject({ settings: { 'cal.ews.mailbox': 'dropped@example.com' } });
    // The client has not seen the newest token; the one before it still counts.
    expect((await me.write({ 'cal.ews.mailbox': 'dropped@example.com' })).status).toBe(200);
  });

  it('cuts replies and answers with pages', async () => {
    const device = await start();
    const me = await client(device);
    device.setFaults({ truncateAt: 10 });
    await expect(me.call('GET', '/rest/system')).rejects.toThrow();
    device.setFaults({ truncateAt: 0 });
    await expect(me.call('GET', '/rest/system')).rejects.toThrow();
    device.setFaults({ htmlInsteadOfApi: true });
    expect(await me.call('GET', '/rest/system')).toMatchObject({ status: 200, text: expect.stringContaining('<html') });
    device.setFaults({});
    expect((await me.call('GET', '/rest/system')).body).toMatchObject({ state: 'READY' });
  });

  it('hangs, goes off and comes back', async () => {
    const device = await start();
    const short = async (faults: Faults): Promise<string> => {
      device.setFaults(faults);
      const fresh = new Agent({ connect: { rejectUnauthorized: false, timeout: 300 } });
      const url = `https://127.0.0.1:${device.spec.httpsPort}/rest/system`;
      const outcome = await request(url, { dispatcher: fresh, headersTimeout: 300 }).then(
        (reply) => String(reply.statusCode),
        (error: Error & { code?: string }) => error.code ?? error.message,
      );
      await fresh.destroy();
      return outcome;
    };
    expect(await short({ hung: true })).toMatch(/TIMEOUT/);
    expect(await short({ off: true })).toBe('ECONNREFUSED');
    device.setFaults({});
    await vi.waitFor(async () => expect(await short({})).toBe('403'), 3000);
  });

  it('adds the latency of the lab', async () => {
    const device = await start({}, {}, 120);
    const before = performance.now();
    await raw(device, 'GET', '/rest/system');
    expect(performance.now() - before).toBeGreaterThan(110);
  });

  it('reboots: an outage, no session, another certificate, the same settings', async () => {
    const device = await start({}, { outageMs: 300 });
    const me = await client(device);
    await me.write({ 'system.network.hostname': 'other', 'cal.ews.mailbox': 'kept@example.com' });
    const before = await fingerprint(device);
    expect((await me.call('POST', '/rest/system/reboot', { action: 'reboot' })).status).toBe(200);
    await vi.waitFor(() => expect(fingerprint(device)).rejects.toThrow('ECONNREFUSED'), 2000);
    await vi.waitFor(async () => expect(await fingerprint(device)).not.toBe(before), 3000);
    expect((await me.call('GET', '/rest/system')).status).toBe(403);
    const again = await client(device);
    expect((await again.call('GET', '/rest/system')).body).toMatchObject({ rebootNeeded: false });
    expect(device.snapshot()).toMatchObject({ settings: { 'cal.ews.mailbox': 'kept@example.com' } });
  });
});
