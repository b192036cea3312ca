import { afterEach, describe, expect, it } from 'vitest';
import { startPoly } from '../lab/poly/poly.ts';
import type { LabDevice, PolyTrioSpec } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ask, basic, digest, poll, TRIO, TRIO_ADMIN } from './lab-poly-raw.ts';

let device: LabDevice | undefined;
afterEach(async () => {
  await device?.stop();
  device = undefined;
});

async function start(changes: Partial<PolyTrioSpec> = {}): Promise<PolyTrioSpec> {
  const spec = { ...TRIO, ...changes };
  device = await startPoly(spec, createWorld());
  return spec;
}

const INFO = '/api/v2/mgmt/device/info';
const GET = '/api/v1/mgmt/config/get';
const SET = '/api/v1/mgmt/config/set';
const headers = basic(TRIO_ADMIN);

describe('a Trio', () => {
  it('says who it is to whoever has its password', async () => {
    const spec = await start();
    const without = await ask(spec, 'GET', INFO);
    expect([without.status, without.headers['www-authenticate']]).toEqual([401, 'Basic realm="PolycomTrio"']);
    expect((await ask(spec, 'GET', INFO, { headers })).json).toMatchObject({
      Status: '2000',
      data: { ModelNumber: 'Trio 8800', MACAddress: '64167f0a0b01', Firmware: { Application: spec.software } },
    });
    expect((await ask(spec, 'GET', '/api/v1/mgmt/device/info', { headers })).status).toBe(200);
    expect((await ask(spec, 'GET', '/api/v1/mgmt/nothing', { headers })).json).toEqual({ Status: '4007' });
  });

  it('reads with the source of each value, and writes', async () => {
    const spec = await start({ calendar: { ...TRIO.calendar, password: '' } });
    const names = ['exchange.server.url', 'exchange.auth.email', 'exchange.pollInterval', 'no.such.name'];
    expect((await ask(spec, 'POST', GET, { headers, body: { data: names } })).json).toEqual({
      Status: '2000',
      data: {
        'exchange.server.url': { Value: '', Source: 'default' },
        'exchange.auth.email': { Value: 'room@example.com', Source: 'web' },
        'exchange.pollInterval': { Value: '30000', Source: 'default' },
      },
    });
    const data = { 'exchange.server.url': 'https://node/EWS/Exchange.asmx', 'feature.exchangeCalendar.enabled': '1' };
    expect((await ask(spec, 'POST', SET, { headers, body: { data } })).json).toEqual({ Status: '2000' });
    expect((await ask(spec, 'POST', GET, { headers, body: { data: Object.keys(data) } })).json).toMatchObject({
      data: {
        'exchange.server.url': { Value: 'https://node/EWS/Exchange.asmx', Source: 'web' },
        'feature.exchangeCalendar.enabled': { Value: '1', Source: 'web' },
      },
    });
    const wrong = { 'exchange.auth.email': 'other@example.com', 'feature.exchangeCalendar.enabled': 'yes' };
    expect((await ask(spec, 'POST', SET, { headers, body: { data: wrong } })).json).toEqual({ Status: '4000' });
    expect((await ask(spec, 'POST', SET, { headers, body: 'no json' })).json).toEqual({ Status: '4000' });
    expect(device?.snapshot()).toMatchObject({ settings: { 'exchange.auth.email': 'room@example.com' } });
  });

  it('is not there for REST while that is off', async () => {
    const spec = await start({ rest: false });
    expect((await ask(spec, 'GET', INFO, { headers })).status).toBe(404);
    expect((await ask(spec, 'GET', '/')).text).toContain('Trio 8800');
  });

  it('refuses the password it was delivered with', async () => {
    const admin = { username: 'Polycom', password: '456' };
    const spec = await start({ admin });
    expect((await ask(spec, 'GET', INFO, { headers: basic(admin) })).json).toEqual({ Status: '4010' });
  });

  it('takes Digest where it asks for it, each answer once', async () => {
    const spec = await start({ auth: 'digest' });
    expect((await ask(spec, 'GET', INFO, { headers })).status).toBe(401);
    const challenge = String((await ask(spec, 'GET', INFO)).headers['www-authenticate']);
    expect(challenge).toMatch(/^Digest realm=/);
    const answer = digest(challenge, { method: 'GET', uri: INFO, ...TRIO_ADMIN });
    expect((await ask(spec, 'GET', INFO, { headers: answer })).status).toBe(200);
    expect((await ask(spec, 'GET', INFO, { headers: answer })).status).toBe(401);
    const next = digest(challenge, { method: 'GET', uri: INFO, ...TRIO_ADMIN }, '00000002');
    expect((await ask(spec, 'GET', INFO, { headers: next })).status).toBe(200);
  });

  it('locks its web for a minute after five wrong logins', async () => {
    const spec = await start({
      pace: { minuteMs: 1500 },
      // However long the tries take.
      settings: { 'httpd.cfg.lockWebUI.invalidAttemptsTimeout': '6000' },
    });
    const wrong = basic({ username: 'Polycom', password: 'wrong' });
    for (let tries = 1; tries <= 5; tries++)
      expect((await ask(spec, 'GET', INFO, { headers: wrong })).status).toBe(401);
    expect((await ask(spec, 'GET', INFO, { headers })).status).toBe(403);
    await poll(async () => (await ask(spec, 'GET', INFO, { headers })).status).toBe(200);
  });
});

describe('a restart of a Trio', () => {
  it('waits for the end of a call, then is away and comes back with another certificate', async () => {
    const spec = await start({ faults: { inCall: true }, pace: { outageMs: 1000 } });
    const info = async (): Promise<unknown> =>
      ask(spec, 'GET', INFO, { headers }).then(
        (answer) => (answer.json as { data: unknown }).data,
        (error: Error & { code?: string }) => error.code,
      );
    expect((await ask(spec, 'GET', '/api/v2/webCallControl/callStatus', { headers })).text).toContain('Connected');
    expect((await ask(spec, 'POST', '/api/v1/mgmt/safeRestart', { headers })).json).toEqual({ Status: '2000' });
    await poll(info).toMatchObject({ IntendToShutdown: 'True', CanApplyShutdownRequest: 'False' });
    device?.setFaults({});
    await poll(info).toBe('ECONNREFUSED');
    await poll(info).toMatchObject({ IntendToShutdown: 'False', ReadyToUse: 'True' });
  });

  it('after a reset is remembered as a misdeed', async () => {
    const spec = await start({ pace: { outageMs: 100 } });
    await ask(spec, 'POST', '/api/v1/mgmt/configReset', { headers });
    expect(device?.snapshot()).toMatchObject({ misdeeds: ['configReset'], settings: { 'exchange.auth.email': '' } });
  });
});

it('a Trio is busy, and fails', async () => {
  const spec = await start({ faults: { busyRequests: 1, refuse: { 'exchange.userId': '5000' } } });
  const data = { 'exchange.userId': 'new-user', 'exchange.auth.email': 'new@example.com' };
  const set = () => ask(spec, 'POST', SET, { headers, body: { data } });
  expect((await set()).json).toEqual({ Status: '4001' });
  expect((await set()).json).toEqual({ Status: '5000' });
  expect(device?.snapshot()).toMatchObject({
    settings: { 'exchange.userId': 'old-user', 'exchange.auth.email': 'new@example.com' },
  });
});
