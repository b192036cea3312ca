import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCalendars } from '../lab/calendars.ts';
import { type Infinity as Platform, startInfinity } from '../lab/infinity/infinity.ts';
import { startPoly } from '../lab/poly/poly.ts';
import type { AnyPolySpec, LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ask, basic, GROUP, loggedIn, poll, TRIO, TRIO_ADMIN } from './lab-poly-raw.ts';

const MAILBOX = 'room@example.com';
const HOST = 'conf-1.lab.example';
const world = createWorld();
let platform: Platform;
let entries = 0;
beforeAll(async () => {
  platform = await startInfinity({
    address: '127.31.24.10',
    port: 8443,
    domain: 'lab.example',
    accounts: [{ username: 'admin', password: 'infinity-secret', mayWrite: true }],
    nodes: [{ hostname: 'conf-1', address: '127.31.24.11', port: 8443, location: 'Oslo' }],
    profile: { name: 'OTJ' },
    groups: [{ name: 'Oslo rooms', location: 'Oslo', withProfile: true }],
    graphSecret: 'graph-secret',
    existing: [
      {
        name: 'Room',
        endpoint_type: 'POLY',
        room_resource_email: MAILBOX,
        mjx_endpoint_group: '/api/admin/configuration/v1/mjx_endpoint_group/1/',
        poly_username: 'poly-room',
        poly_password: 'poly-secret-1',
      },
    ],
    behaviour: { replicationMs: 10, otjTotal: 10 },
    pushesPerSecond: 50,
    world,
    calendars: createCalendars([MAILBOX]),
  });
});
afterAll(() => platform.stop());

let device: LabDevice;
const state = () => (device.snapshot() as { calendar: { status: string; meetings: string[] } }).calendar;

async function withDevice(spec: AnyPolySpec, work: () => Promise<void>): Promise<void> {
  device = await startPoly(spec, world);
  await work().finally(() => device.stop());
}

const registered = async (): Promise<void> => {
  await poll(() => state().status).toBe('registered');
  expect(state().meetings[0]).toMatch(/^inf-/);
};

describe('at a Conferencing Node', () => {
  beforeEach(() => {
    entries += 1;
  });

  it('a Group registers by its command line, and says established long before', async () => {
    const spec = { ...GROUP, address: `127.31.24.${20 + entries}`, pace: { registerMs: 600 } };
    await withDevice(spec, async () => {
      const terminal = await loggedIn(spec, 'telnet');
      expect(await terminal.run('calendarstatus get')).toContain('calendarstatus unavailable');
      for (const command of [
        `calendarserver ${HOST}`,
        'calendaruser poly-room',
        'calendarpassword wrong',
        'calendarregisterwithserver yes',
      ]) {
        await terminal.run(command);
      }
      expect(await terminal.run('calendarstatus get')).toContain('calendarstatus established');
      expect(state().status).toBe('configured');
      await poll(() => state().status).toBe('authenticationerr');
      expect(await terminal.run('calendarstatus get')).toContain('calendarstatus unavailable');
      await terminal.run('calendarpassword poly-secret-1');
      await registered();
      expect(await terminal.run('status')).toContain('calendar online');
      const list = await terminal.run('calendarmeetings list "today"');
      expect(list).toContain(`meeting|${state().meetings[0]}|`);
      terminal.end();
    });
  });

  it('a Trio registers after a restart, with a whole URL', async () => {
    const spec = { ...TRIO, address: `127.31.24.${20 + entries}`, pace: { outageMs: 100 } };
    await withDevice(spec, async () => {
      const headers = basic(TRIO_ADMIN);
      const data = {
        'exchange.server.url': `https://${HOST}/EWS/Exchange.asmx`,
        'exchange.userId': 'poly-room',
        'exchange.auth.password': 'poly-secret-1',
        'feature.exchangeCalendar.enabled': '1',
      };
      await ask(spec, 'POST', '/api/v1/mgmt/config/set', { headers, body: { data } });
      expect(state().status).toBe('disabled');
      await ask(spec, 'POST', '/api/v1/mgmt/safeRestart', { headers });
      await registered();
    });
  });

  it('a Studio registers by names of its firmware', async () => {
    const spec: AnyPolySpec = {
      ...GROUP,
      kind: 'poly-videoos',
      address: `127.31.24.${20 + entries}`,
      model: 'G7500',
      software: '4.3.0',
      calendar: {
        enabled: true,
        server: HOST,
        mailbox: MAILBOX,
        domain: '',
        username: 'poly-room',
        password: 'poly-secret-1',
      },
    };
    await withDevice(spec, registered);
  });
});
