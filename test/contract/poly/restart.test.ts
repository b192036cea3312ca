/** A restart that the device itself asks for, over REST: only with somebody's word, once, proven, and never in a call. */
import { expect, it } from 'vitest';
import { OtjError } from '../../../main/contract/errors.ts';
import {
  type Bench,
  eachPoly,
  failure,
  NEW,
  noSessionLeft,
  OLD,
  registered,
  type Subject,
  settingsOf,
  startBench,
  visit,
  WISH,
} from './devices.ts';

const STEP = 'device.restart-if-asked';
/** Long enough to be seen between two looks: of a device that has just been started its running time proves nothing. */
const ASKS = { calendarNeedsReboot: true, pace: { outageMs: 1_500, newCertificate: false } } as const;
/** What the journal has of the visit before, where it ended behind the writing. */
const WRITTEN = ['calendar.set'];
const PASSWORD = 'cal.ews.password';
const UNASKED = { ...WISH, accepted: [] };

const restarts = ({ device }: Bench) => device.snapshot().restarts;

/** Moves the device, looks that nothing is done twice, and puts it back: one restart each way. */
async function thereAndBack(test: Parameters<typeof startBench>[0], subject: Subject): Promise<void> {
  const bench = await startBench(test, subject, ASKS);
  await registered(bench);
  const before = settingsOf(bench);
  const first = await visit(bench, subject);
  expect(first.outcome).toMatchObject({ 'calendar.set': 'done', [STEP]: 'done', 'calendar.registered': 'done' });
  expect([restarts(bench), bench.device.snapshot().rebootNeeded]).toEqual([1, false]);
  expect(JSON.stringify(settingsOf(bench))).toContain(NEW.server);
  await registered(bench);

  const again = await visit(bench, subject, { done: [...WRITTEN, 'calendar.registered'] });
  expect([again.outcome['calendar.set'], again.outcome[STEP], restarts(bench)]).toEqual(['already', 'already', 1]);

  const wish = { ...WISH, oldPassword: OLD.password };
  const undone = await visit(bench, subject, { undo: first.baseline, wish });
  expect([undone.outcome[STEP], restarts(bench)]).toEqual(['done', 2]);
  expect(settingsOf(bench)).toEqual(before);
  await registered(bench);
  await noSessionLeft(bench);
}

eachPoly(
  (subject) => {
    it.concurrent(
      'follows the writes, brings the new calendar, and is not repeated; an undo has its own',
      (test) => thereAndBack(test, subject),
      60_000,
    );

    it.concurrent.for([202, 204, 502])(
      'is waited for whatever it is answered with: %j',
      { timeout: 60_000 },
      async (status, test) => {
        const bench = await startBench(test, subject, ASKS);
        bench.device.setFaults({ rebootStatus: status });
        const { outcome } = await visit(bench, subject);
        expect([outcome[STEP], restarts(bench)]).toEqual(['done', 1]);
      },
    );

    it.concurrent('is never made of a device that asks for none', async (test) => {
      const bench = await startBench(test, subject);
      const { outcome, words } = await visit(bench, subject);
      expect([outcome[STEP], restarts(bench)]).toEqual(['already', 0]);
      expect(words).toContain('asks for no restart');
    }, 60_000);

    it.concurrent('is not made without a word: the room stops, and the word is enough to go on', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      await registered(bench);
      expect((await failure(visit(bench, subject, { wish: UNASKED }))).code).toBe('RESTART_NEEDED');
      expect(JSON.stringify(settingsOf(bench))).toContain(NEW.server);
      const written = settingsOf(bench);
      // Before it is written to again, too.
      expect((await failure(visit(bench, subject, { wish: UNASKED }))).code).toBe('RESTART_NEEDED');
      expect([settingsOf(bench), restarts(bench)]).toEqual([written, 0]);
      // The registration of before is still there, and must not pass for the new one.
      await registered(bench);
      const { outcome } = await visit(bench, subject);
      expect(outcome).toMatchObject({ 'calendar.set': 'done', [STEP]: 'done', 'calendar.registered': 'done' });
      expect(restarts(bench)).toBe(1);
      await noSessionLeft(bench);
    }, 60_000);

    it.concurrent('waits for the end of a call, and is left to a person where the device refuses it', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      const during = (faults: object) => ({
        beforeApply: (id: string) => {
          if (id === STEP) bench.device.setFaults(faults);
        },
      });
      expect((await failure(visit(bench, subject, during({ inCall: true })))).code).toBe('IN_CALL');
      bench.device.setFaults({});
      expect((await failure(visit(bench, subject, during({ refuseReboot: true })))).code).toBe('RESTART_NEEDED');
      expect(restarts(bench)).toBe(0);
      bench.device.setFaults({});
      expect((await visit(bench, subject)).outcome[STEP]).toBe('done');
      expect(restarts(bench)).toBe(1);
      await noSessionLeft(bench);
    }, 60_000);

    it.concurrent('of an undo proves no password that is typed only after it', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      await registered(bench);
      const { baseline } = await visit(bench, subject);
      // Nothing tells of a registration: the settings are a claim, before the restart and after it.
      const silent = { status: 404, text: '' };
      bench.device.setFaults({ oddReplies: { 'GET calendar': silent, 'GET system/status': silent } });
      let asked = 0;
      const beforeApply = (id: string) => {
        if (id === STEP) asked = Date.now();
      };
      const options = { undo: baseline, target: { proofMs: 200 } };
      expect((await failure(visit(bench, subject, { ...options, beforeApply }))).code).toBe('OLD_PASSWORD_NEEDED');
      expect(restarts(bench)).toBe(2);

      const wish = { ...WISH, oldPassword: OLD.password };
      const later = { ...options, wish, done: ['calendar.restore', STEP], meant: { [STEP]: asked } };
      expect((await visit(bench, subject, later)).outcome['calendar.restore']).toBe('done');
      await registered(bench);
      // Written once, it is not written again for a claim alone.
      const again = await visit(bench, subject, { ...later, changed: [PASSWORD] });
      expect([again.outcome['calendar.restore'], restarts(bench)]).toEqual(['already', 3]);
    }, 60_000);

    it.concurrent('that brings another certificate stops for a person, and is not repeated after that', async (test) => {
      const bench = await startBench(test, subject, { ...ASKS, pace: { outageMs: 1_500, newCertificate: true } });
      let pinned: string | null = null;
      const check = (_kind: 'ssh' | 'tls', sha256: string) => {
        pinned ??= sha256;
        if (sha256 !== pinned) throw new OtjError('TRUST_CHANGED');
      };
      const target = { trust: { check } };
      let asked = 0;
      const beforeApply = (id: string) => {
        if (id === STEP) asked = Date.now();
      };
      expect((await failure(visit(bench, subject, { target, beforeApply }))).code).toBe('TRUST_CHANGED');
      expect(restarts(bench)).toBe(1);
      await registered(bench);
      pinned = null;
      const { outcome } = await visit(bench, subject, { target, done: WRITTEN, meant: { [STEP]: asked } });
      expect([outcome['calendar.registered'], restarts(bench)]).toEqual(['done', 1]);
    }, 60_000);
  },
  ({ transport, spec }) => transport === 'auto' && spec.kind !== 'poly-trio',
);

/** On a command line no word tells of a restart that is needed: what the calendar does is all there is. */
eachPoly(
  (subject) => {
    it.concurrent(
      'is made where the calendar goes on although it is off, and not repeated; an undo has its own',
      (test) => thereAndBack(test, subject),
      120_000,
    );

    it.concurrent('is not made without a word: the room stops, and the word is enough to go on', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      await registered(bench);
      const stopped = await failure(visit(bench, subject, { wish: UNASKED }));
      expect([stopped.code, stopped.words]).toEqual(['RESTART_NEEDED', expect.stringContaining('calendar went on')]);
      // Nothing of the old calendar may pass for the new one, in the next visit either.
      expect((await failure(visit(bench, subject, { wish: UNASKED, done: WRITTEN }))).code).toBe('RESTART_NEEDED');
      expect(restarts(bench)).toBe(0);
      const { outcome } = await visit(bench, subject, { done: WRITTEN });
      expect(outcome).toMatchObject({ 'calendar.set': 'done', [STEP]: 'done', 'calendar.registered': 'done' });
      expect(restarts(bench)).toBe(1);
      await registered(bench);
    }, 120_000);

    it.concurrent('is never made where nothing shows that it is needed, and the words say so', async (test) => {
      const bench = await startBench(test, subject);
      await registered(bench);
      const { outcome, words } = await visit(bench, subject);
      expect([outcome[STEP], restarts(bench)]).toEqual(['already', 0]);
      expect(words).toContain('nothing shows that a restart is needed');
    }, 60_000);

    it.concurrent('may be what is missing where the calendar does not come: the reason says so', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      await registered(bench);
      // The old calendar is away, so that nothing can be seen to go on.
      bench.world.names.set(OLD.server, { address: '127.255.255.1', port: 9 });
      await test.expect.poll(() => (bench.device.snapshot().calendar as { status: string }).status).toBe('offline');
      const error = await failure(visit(bench, subject, { target: { proofMs: 300 } }));
      expect([error.code, error.words]).toEqual(['NOT_ARRIVED', expect.stringContaining('may wait for a restart')]);
    }, 60_000);

    it.concurrent('waits for the end of a call', async (test) => {
      const bench = await startBench(test, subject, ASKS);
      await registered(bench);
      const beforeApply = (id: string) => {
        if (id === STEP) bench.device.setFaults({ inCall: true });
      };
      expect((await failure(visit(bench, subject, { beforeApply }))).code).toBe('IN_CALL');
      expect(restarts(bench)).toBe(0);
    }, 60_000);
  },
  ({ transport }) => transport === 'ssh' || transport === 'telnet',
);

/** A Trio restarts behind each writing, and tells nothing that could be seen anew. */
eachPoly(
  (subject) => {
    const RESTORE = 'calendar.restore';
    const ALWAYS = 'device.restart';
    const secret = 'exchange.auth.password';

    it.concurrent('of an undo that was cut off behind it is not made again', async (test) => {
      const bench = await startBench(test, subject, { pace: { outageMs: 1_500, newCertificate: true } });
      await registered(bench);
      const { baseline } = await visit(bench, subject);
      let pinned: string | null = null;
      const check = (_kind: 'ssh' | 'tls', sha256: string) => {
        pinned ??= sha256;
        if (sha256 !== pinned) throw new OtjError('TRUST_CHANGED');
      };
      let asked = 0;
      const beforeApply = (id: string) => {
        if (id === ALWAYS) asked = Date.now();
      };
      const undo = { undo: baseline, wish: { ...WISH, oldPassword: OLD.password }, target: { trust: { check } } };
      expect((await failure(visit(bench, subject, { ...undo, beforeApply }))).code).toBe('TRUST_CHANGED');
      expect(restarts(bench)).toBe(2);
      await registered(bench);
      pinned = null;
      const earlier = { done: [RESTORE], changed: [secret], meant: { [ALWAYS]: asked } };
      const { outcome } = await visit(bench, subject, { ...undo, ...earlier });
      expect([outcome[RESTORE], outcome[ALWAYS], restarts(bench)]).toEqual(['already', 'already', 2]);
    }, 60_000);

    it.concurrent('of an undo for which nobody has the old password is made once', async (test) => {
      const bench = await startBench(test, subject);
      const { baseline } = await visit(bench, subject);
      const undo = { undo: baseline, target: { proofMs: 200 } };
      for (const done of [[], [RESTORE, ALWAYS]])
        expect((await failure(visit(bench, subject, { ...undo, done }))).code).toBe('OLD_PASSWORD_NEEDED');
      expect(restarts(bench)).toBe(2);
    }, 60_000);
  },
  ({ spec }) => spec.kind === 'poly-trio',
);
