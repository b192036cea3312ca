/** What the steps do to a codec of the lab, over both transports: how it is afterwards, and that an undo leaves no trace. */
import { describe, expect, it } from 'vitest';
import { offeredTls, provesLogin } from '../../main/endpoints/cisco/apiLogin.ts';
import { ciscoRoomOs } from '../../main/endpoints/cisco/driver.ts';
import { Visit } from '../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import { GENERATIONS, TC7 } from '../lab/cisco/generations.ts';
import { cameraPresets } from '../lab/cisco/macros.ts';
import { ciscoFacts } from '../support/ciscoFacts.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { codecOf } from '../support/treeCodec.ts';
import {
  OTJ,
  OTJ_HOSTS,
  otjMacros,
  over,
  PAIR,
  putMeetings,
  running,
  settingOf,
  sorted,
  start,
  TIDY,
  TRANSPORTS,
} from './cisco-move.ts';
import { account, comparable, Memory, snapshot, target, until, visit, WISH } from './cisco-visit.ts';

describe.concurrent.each(TRANSPORTS)('over %s', (transport) => {
  it('a codec is moved, and its undo leaves no trace', async () => {
    const device = await start();
    const before = await running(device);
    const memory = new Memory();
    const { facts } = await visit(device, memory, over(transport));
    expect(facts.told.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'generation',
        'uptime',
        'clock',
        'ntp',
        'macros',
        'http',
        'ssh',
        'tls',
        'users',
        'panels',
      ]),
    );
    expect(otjMacros(device)).toEqual([]);
    expect(snapshot(device).runtime.active.filter((name) => OTJ.includes(name))).toEqual([]);
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    await visit(device, memory, { ...over(transport), undo: true });
    expect(comparable(device)).toEqual(before);
    await until(() => expect(snapshot(device).sessions).toBe(0));
  });

  it('what only the old macro needed is tidied up on request, and back after an undo', async () => {
    const allowedHosts = ['mail.example.com', OTJ_HOSTS, 'cisco-macros.pexip.io'];
    const device = await start({ allowedHosts, macros: [cameraPresets, ...PAIR] });
    const before = await running(device);
    const memory = new Memory();
    const { done } = await visit(device, memory, { ...over(transport), wish: TIDY });
    expect(done).toEqual(expect.arrayContaining(['tidy.http-client', 'tidy.hosts']));
    expect(settingOf(device, 'HttpClient Mode')).toBe('Off');
    expect(device.snapshot().allowedHosts).toEqual(['mail.example.com']);
    const again = await visit(device, memory, { ...over(transport), wish: TIDY });
    expect(again.done.filter((id) => id.startsWith('tidy'))).toEqual([]);
    await visit(device, memory, { ...over(transport), wish: TIDY, undo: true });
    expect(sorted(comparable(device))).toEqual(sorted(before));
  });

  it('old meetings are taken off on request', async () => {
    const device = await start();
    await running(device);
    await putMeetings(device, 'old-1', 'old-2');
    const memory = new Memory();
    const { done } = await visit(device, memory, { ...over(transport), wish: { ...WISH, clearBookings: true } });
    expect(done).toContain('bookings.clear');
    expect(device.snapshot().bookings).toEqual([]);
  });

  it('a codec in a call is left alone until the technician says so', async () => {
    const device = await start({ faults: { inCall: true } });
    const before = comparable(device);
    expect(await codeOf(() => visit(device, new Memory(), over(transport)))).toBe('IN_CALL');
    expect(comparable(device)).toEqual(before);
    await visit(device, new Memory(), { ...over(transport), wish: { ...WISH, accepted: ['call'] } });
    expect(otjMacros(device)).toEqual([]);
  });

  it('a codec that restarts in the middle is carried on with, and undone to what it was', async () => {
    const device = await start({ faults: { rebootOn: 'Macro Remove', bootMs: 600 } });
    const before = await running(device);
    const memory = new Memory();
    const code = await codeOf(() => visit(device, memory, over(transport, { timeoutMs: 1_500 })));
    expect(['CONNECTION_LOST', 'TIMEOUT', 'UNREACHABLE', 'STARTING']).toContain(code);
    await until(async () => expect(await codeOf(() => visit(device, memory, over(transport)))).toBeUndefined());
    expect(otjMacros(device)).toEqual([]);
    expect(snapshot(device).runtime.active.filter((name) => OTJ.includes(name))).toEqual([]);
    await visit(device, memory, { ...over(transport), undo: true });
    await running(device);
    expect(comparable(device)).toEqual(before);
  });
});

describe.concurrent.each(['ce9', 'roomos10', 'roomos11', 'roomos26'] as const)('a codec with %s', (name) => {
  it('is moved and undone, and tells its generation', async () => {
    const device = await start(GENERATIONS[name]);
    const before = await running(device);
    const memory = new Memory();
    const { facts } = await visit(device, memory, { wish: TIDY });
    expect(facts.firmware).toMatchObject({ id: name, known: true });
    expect(facts.told.find(({ key }) => key === 'generation')).toMatchObject({ warn: false });
    expect(otjMacros(device)).toEqual([]);
    await visit(device, memory, { wish: TIDY, undo: true });
    expect(comparable(device)).toEqual(before);
  });
});

describe.concurrent('software before macros', () => {
  const CE8 = { ...GENERATIONS.ce8, macros: [], panels: [], settings: {} };

  it('has nothing to take, and gets its account all the same', async () => {
    const device = await start({ ...CE8, tls: { min: 'TLSv1', max: 'TLSv1.2' } });
    const memory = new Memory();
    const { facts, done } = await visit(device, memory, over('ssh', { legacy: true }));
    expect(facts).toMatchObject({ macros: [], firmware: { id: 'ce8' } });
    expect(done).toEqual(['account']);
    await visit(device, memory, { ...over('ssh', { legacy: true }), undo: true });
    expect(account(device, 'otj-push')).toBeUndefined();
  });

  it('is refused before any change where Infinity could not speak to its web server', async () => {
    const device = await start(CE8);
    const before = comparable(device);
    expect(await codeOf(() => visit(device, new Memory(), over('ssh', { legacy: true })))).toBe('TLS_TOO_OLD');
    expect(comparable(device)).toEqual(before);
  });

  it('is refused with the reason when it is TC', async () => {
    const device = await start({ ...TC7, macros: [], panels: [], settings: {} });
    const error = await errorOf(() => visit(device, new Memory(), over('ssh', { legacy: true })));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', words: expect.stringContaining('TC7.3.3') });
  });

  it('is taken for the newest when nobody has seen it yet, with a warning', async () => {
    const device = await start({ software: 'ce31.1.0.0.0123456789a' });
    const { facts } = await visit(device, new Memory());
    expect(facts.told.find(({ key }) => key === 'generation')).toMatchObject({ value: 'RoomOS 26?', warn: true });
    expect(otjMacros(device)).toEqual([]);
  });
});

describe.concurrent('a codec whose web server is off', () => {
  it('gets it switched on before the account is signed in as, and off again by an undo', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'Off' } });
    const before = await running(device);
    const memory = new Memory();
    const { done } = await visit(device, memory);
    expect(done.slice(0, 2)).toEqual(['settings.http', 'account']);
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTPS');
    // Over HTTPS it would end the very link on which it is done.
    const error = await errorOf(() => visit(device, memory, { ...over('https'), undo: true }));
    expect(error).toMatchObject({ code: 'NOT_CONFIRMED', words: expect.stringContaining('undo over SSH') });
    await visit(device, memory, { ...over('ssh'), undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it.each(['ssh', 'https'] as const)('has plain HTTP beside it off only where that is wished: %s', async (way) => {
    const device = await start({ settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'HTTP+HTTPS' } });
    const before = await running(device);
    const [unasked, memory] = [new Memory(), new Memory()];
    await visit(device, unasked, over(way));
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTP+HTTPS');
    await visit(device, unasked, { ...over(way), undo: true });
    const { done } = await visit(device, memory, { ...over(way), wish: { ...WISH, httpsOnly: true } });
    expect(done).toContain('settings.http');
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('HTTPS');
    await visit(device, memory, { ...over(way), undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it('is waited for where it takes a moment to be there', async () => {
    const device = await start({ faults: { off: true } });
    const settings = { ...ciscoFacts([]).settings, 'NetworkServices HTTP Mode': 'Off' };
    const facts = ciscoFacts([], { settings });
    const xapi: Xapi = {
      ...codecOf({}),
      set: async () => void setTimeout(() => device.setFaults({}), 700),
    };
    const support = {
      baseline: null,
      addBackup: async () => undefined,
      wasDone: () => false,
      meantAt: () => null,
      isEntryOwed: () => false,
    };
    const steps = ciscoRoomOs.plan(facts, WISH, null);
    const bound = bindSteps(new Visit({ xapi, target: target(device) }, facts, WISH, support, steps));
    await bound.find(({ plan }) => plan.id === 'settings.http')?.apply?.();
    expect(await offeredTls(target(device))).toMatch(/^TLSv1\.[23]$/);
  });

  it('is left off when a cloud codec has it so', async () => {
    const device = await start({
      webex: { status: 'Registered', developerId: 'DEV-1' },
      settings: { 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'Off' },
    });
    await visit(device, new Memory());
    expect(settingOf(device, 'NetworkServices HTTP Mode')).toBe('Off');
    expect(otjMacros(device)).toEqual([]);
  });
});
