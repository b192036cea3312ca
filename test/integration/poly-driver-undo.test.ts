/** A Poly device that was cut off in the middle, wants a restart, is put back, or has something for a person to see to. */
import { describe, expect, it } from 'vitest';
import { asOtjError } from '../../main/contract/errors.ts';
import { polyVideoOs } from '../../main/endpoints/poly/videoos/driver.ts';
import {
  baselineNow,
  device,
  facts,
  fails,
  NEW,
  OLD,
  oldBaseline,
  settingsOf,
  settled,
  startDevice,
  values,
  visit,
  WISH,
  world,
} from './poly-desk.ts';

describe('interruption', () => {
  it('carries on after a write whose answer was lost', async () => {
    await startDevice();
    await settled('registered');
    const beforeApply = () => device.setFaults({ dropOnce: '/rest/config' });
    await fails('CONNECTION_LOST', visit({ beforeApply }));
    const { seen } = await visit();
    expect(seen['calendar.registered']?.holds).toBe(true);
    expect(Object.values(values(await facts()))).toContain(NEW.server);
  });

  it('is never cut off in the middle of a write by a stop', async () => {
    await startDevice();
    await visit();
    const goal = settingsOf(device);
    const reached = new Set<string>();
    world.latencyMs = 6;
    for (let ms = 2; ms < 120; ms += 8) {
      await visit({ undo: await oldBaseline(), wish: { ...WISH, oldPassword: OLD.password } });
      const stop = new AbortController();
      const beforeApply = () => setTimeout(() => stop.abort(), ms);
      const outcome = await visit({ signal: stop.signal, beforeApply }).then(
        () => 'done',
        (thrown: unknown) => asOtjError(thrown).code,
      );
      reached.add(outcome);
      expect(settingsOf(device)).toEqual(goal);
    }
    expect([...reached]).toEqual(['done']);
  });
});

describe('a restart that the device asks for', () => {
  const asks = { calendarNeedsReboot: true, pace: { outageMs: 600, newCertificate: false } };
  const agreed = { ...WISH, accepted: ['restart' as const] };

  it('is made after a word only, is seen by its running time or its absence, and not made again', async () => {
    await startDevice(asks);
    await settled('registered');
    await fails('RESTART_NEEDED', visit());
    expect(device.snapshot()).toMatchObject({ rebootNeeded: true, restarts: 0 });
    const { seen } = await visit({ wish: agreed });
    expect(seen['device.restart-if-asked']?.words).toBe('restarted, and back as the same device');
    expect(seen['calendar.meeting']?.words).toContain('lists a meeting');
    const again = await visit({ wish: agreed });
    expect(again.seen['device.restart-if-asked']?.words).toBe('the device asks for no restart');
    expect(device.snapshot()).toMatchObject({ rebootNeeded: false, restarts: 1, sessions: 0 });
  });
});

describe('undo', () => {
  it('brings everything back when the old password was typed', async () => {
    await startDevice();
    await settled('registered');
    const before = settingsOf(device);
    const baseline = await baselineNow();
    await visit();
    expect(settingsOf(device)).not.toEqual(before);
    const { seen } = await visit({ undo: baseline, wish: { ...WISH, oldPassword: OLD.password } });
    expect(Object.keys(seen)).toEqual([
      'check.undo',
      'calendar.restore',
      'device.restart-if-asked',
      'calendar.restored',
    ]);
    expect(settingsOf(device)).toEqual(before);
    expect((await facts()).calendar.status.state).toBe('registered');
  });

  it('says that the old password is missing, with all else back, and can be finished later', async () => {
    await startDevice();
    const before = await settled('registered');
    const baseline = await baselineNow();
    await visit();
    await fails('OLD_PASSWORD_NEEDED', visit({ undo: baseline, target: { proofMs: 500 } }));
    expect(values(await facts())).toEqual(values(before));
    await visit({ undo: baseline, wish: { ...WISH, oldPassword: OLD.password } });
    expect((await facts()).calendar.status.state).toBe('registered');
  });

  it('needs no password for a calendar that was off', async () => {
    await startDevice({
      calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
    });
    const before = await facts();
    const baseline = await baselineNow();
    await visit();
    const { seen } = await visit({ undo: baseline });
    expect(seen['calendar.restored']?.words).toContain('off, as before');
    expect(values(await facts())).toEqual(values(before));
  });

  it('has nothing to do on a device that was never changed', async () => {
    await startDevice();
    await settled('registered');
    const beforeApply = () => expect.unreachable('wrote');
    const { seen } = await visit({ undo: await baselineNow(), beforeApply });
    expect(seen['calendar.restored']?.holds).toBe(true);
  });
});

describe('what a person has to see to', () => {
  it('a clock that is off, and then it goes ahead', async () => {
    await startDevice({ faults: { clockOffsetMs: 3_600_000 } });
    await fails('CLOCK_WRONG', visit());
    expect((await facts()).told).toContainEqual(expect.objectContaining({ key: 'clock', warn: true }));
    expect((await visit({ wish: { ...WISH, accepted: ['clock'] } })).seen['calendar.registered']?.holds).toBe(true);
  });

  it('the mode of another provider, in which the calendar never registers', async () => {
    await startDevice({ faults: { teamsMode: true } });
    const error = await fails('PROVIDER_MODE', visit());
    expect(error.words).toMatch(/teams/i);
    await fails('NOT_ARRIVED', visit({ wish: { ...WISH, accepted: ['provider'] }, target: { proofMs: 300 } }));
  });

  it('a management server, which is to be told', async () => {
    await startDevice({ provisioningServer: 'rm.example.com' });
    const now = await facts();
    expect(polyVideoOs.manualSteps(now, WISH)).toEqual(['manager']);
    const { seen } = await visit({ wish: { ...WISH, accepted: ['manager'] } });
    expect(seen['calendar.registered']?.holds).toBe(true);
  });
});
