/** The VideoOS driver against the lab's device, which pulls its calendar from two small Exchange look-alikes. */
import { describe, expect, it } from 'vitest';
import { asOtjError, type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { PolyFacts } from '../../main/endpoints/poly/videoos/facts.ts';
import { parseJson } from '../../main/endpoints/poly/videoos/replies.ts';
import { openSession } from '../../main/endpoints/poly/videoos/session.ts';
import type { PolySpec } from '../lab/types.ts';
import {
  device,
  facts,
  fails,
  MAILBOX,
  NEW,
  OLD,
  setMeetings,
  settingsOf,
  settled,
  startDevice,
  target,
  type VisitOptions,
  values,
  visit,
  WISH,
} from './poly-desk.ts';

describe('migration', () => {
  it('moves the calendar, proves it, and does nothing the second time', async () => {
    await startDevice();
    const before = await settled('registered');
    expect(before).toMatchObject({
      identity: { serial: '8L0000000072', mac: '00:E0:DB:00:00:72', model: 'StudioX50', software: '4.2.0' },
      inCall: false,
      provisioning: { managed: false },
    });
    expect(before.calendar).toMatchObject({ conflict: null });
    expect(Object.values(values(before))).toContain(OLD.server);
    expect(JSON.stringify(before)).not.toContain(OLD.password);

    const { seen } = await visit();
    expect(Object.keys(seen)).toEqual([
      'check.fit',
      'calendar.set',
      'device.restart-if-asked',
      'calendar.registered',
      'calendar.meeting',
    ]);
    expect(seen['calendar.meeting']?.words).toContain('lists a meeting');
    const after = await facts();
    expect(Object.values(values(after))).toEqual(expect.arrayContaining([NEW.server, NEW.username, MAILBOX]));

    const again = await visit({
      beforeApply: () => {
        throw new Error('wrote again');
      },
    });
    expect(again.seen['calendar.registered']?.holds).toBe(true);
    expect(values(await facts())).toEqual(values(after));
  });

  it('leaves no session behind', async () => {
    await startDevice();
    await visit();
    await fails('NOT_ARRIVED', visit({ wish: { ...WISH, server: 'nowhere.example.com' }, target: { proofMs: 100 } }));
    const session = await openSession(target(), new AbortController().signal);
    const list = await session.read({ path: '/rest/current/session/sessions' }, parseJson);
    await session.close();
    expect(list).toMatchObject({ sessionList: [expect.anything()] });
  });

  it('tells an empty calendar as such', async () => {
    setMeetings([]);
    await startDevice();
    const { seen } = await visit();
    expect(seen['calendar.meeting']?.words).toContain('calendar is empty');
  });

  it('does not take a wrong calendar password for success', async () => {
    await startDevice();
    await settled('registered');
    const wish = { ...WISH, login: { username: NEW.username, password: 'Wrong-Secret-0987654321' } };
    const error = await fails('NOT_ARRIVED', visit({ wish, target: { proofMs: 1_000 } }));
    expect(error.words).not.toContain(wish.login.password);
    // The right one then mends it, although every readable setting was as wished already.
    expect((await visit()).seen['calendar.registered']?.holds).toBe(true);
  });
});

describe('what stops a room before anything is changed', () => {
  const unchanged = async (code: ErrorCode, options: VisitOptions = {}) => {
    const before = settingsOf(device);
    expect(before).toMatchObject({ 'cal.ews.server': OLD.server });
    await fails(code, visit(options));
    expect(settingsOf(device)).toEqual(before);
  };

  it('a wrong login', async () => {
    await startDevice();
    await unchanged('LOGIN_REFUSED', { target: { password: 'Not-The-Password-1' } });
  });

  it('a call', async () => {
    await startDevice({ faults: { inCall: true } });
    expect((await facts()).inCall).toBe(true);
    await unchanged('IN_CALL');
  });

  it('a call that begins between the look and the write', async () => {
    await startDevice();
    await unchanged('IN_CALL', { beforeApply: () => device.setFaults({ inCall: true }) });
  });

  it('a management server', async () => {
    await startDevice({ provisioningServer: 'rm.example.com' });
    await unchanged('MANAGED');
  });

  it('another device at the address', async () => {
    await startDevice();
    const believe = (read: PolyFacts) => ({ ...read, identity: { ...read.identity, serial: '8L0000009999' } });
    await unchanged('IDENTITY_MISMATCH', { believe });
  });

  it('a user name that is too long', async () => {
    await startDevice();
    await unchanged('VALUE_TOO_LONG', { wish: { ...WISH, login: { ...WISH.login, username: 'u'.repeat(65) } } });
  });

  it('a web page in place of the API', async () => {
    await startDevice({ faults: { htmlInsteadOfApi: true } });
    await unchanged('ODD_REPLY');
  });

  it('another certificate', async () => {
    await startDevice();
    const trust = {
      check: () => {
        throw new OtjError('TRUST_CHANGED', 'other fingerprint');
      },
    };
    await unchanged('TRUST_CHANGED', { target: { trust } });
  });

  it.each<[ErrorCode, PolySpec['faults']]>([
    ['TIMEOUT', { hung: true }],
    ['UNREACHABLE', { off: true }],
  ])('%s', async (code, faults) => {
    await startDevice(faults ? { faults } : {});
    await unchanged(code, { target: { timeoutMs: 500 } });
  });

  it('half a reply', async () => {
    await startDevice();
    device.setFaults({ truncateAt: 20 });
    const error = asOtjError(await visit().catch((thrown: unknown) => thrown));
    expect(['CONNECTION_LOST', 'ODD_REPLY']).toContain(error.code);
  });
});
