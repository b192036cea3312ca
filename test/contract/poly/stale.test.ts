/**
 * A calendar that goes on as it was while it is switched off, which nothing tells: what it shows proves no room, in this
 * visit or in any later one.
 */
import { expect, it } from 'vitest';
import { eachPoly, failure, NEW, OLD, registered, settingsOf, startBench, visit, WISH } from './devices.ts';

const SET = 'calendar.set';
const REGISTERED = 'calendar.registered';
const RESTART = 'device.restart-if-asked';
/** What the journal has of a visit that wrote and saw no proof. */
const WRITTEN = [SET, RESTART];
const SHORT = { target: { proofMs: 100 } };

/** Nothing tells of a registration. */
const SILENT = { 'GET calendar': { status: 404, text: '' }, 'GET system/status': { status: 404, text: '' } };
const NO_LIST = { 'GET calendar/meetings': { status: 404, text: '' } };
const OLD_LIST = { 'GET calendar/meetings': { status: 200, text: '[{"inCall":false}]' } };
const OLD_WORD = { 'GET calendar': { status: 200, text: '{"status":"registered"}' } };

eachPoly(
  (subject) => {
    it.concurrent('proves nothing by a list of meetings that never goes away, and all by one that does', async (test) => {
      const bench = await startBench(test, subject);
      await registered(bench);
      bench.device.setFaults({ oddReplies: { ...SILENT, ...NO_LIST } });
      expect((await visit(bench, subject, SHORT)).outcome).toMatchObject({ [SET]: 'done', [REGISTERED]: 'owed' });
      // Nothing is there to be mistaken: it is not written again.
      const silent = await visit(bench, subject, { ...SHORT, done: WRITTEN });
      expect(silent.outcome).toMatchObject({ [SET]: 'already', [REGISTERED]: 'owed' });

      bench.device.setFaults({ oddReplies: { ...SILENT, ...OLD_LIST } });
      const stale = await visit(bench, subject, { ...SHORT, done: WRITTEN });
      expect(stale.outcome).toMatchObject({ [SET]: 'done', [REGISTERED]: 'owed', 'calendar.meeting': 'owed' });
      expect(stale.words).toContain('this proves nothing');

      bench.device.setFaults({ oddReplies: SILENT });
      const seen = await visit(bench, subject, { done: WRITTEN });
      expect(seen.outcome).toMatchObject({ [SET]: 'done', [REGISTERED]: 'done', 'calendar.meeting': 'done' });
    }, 90_000);

    it.concurrent('proves nothing by a list that came behind the look at the settings', async (test) => {
      const bench = await startBench(test, subject);
      bench.device.setFaults({ oddReplies: { ...SILENT, ...NO_LIST } });
      await visit(bench, subject, SHORT);
      const beforeStep = (_step: string, stage: string) => {
        if (stage === 'proof') bench.device.setFaults({ oddReplies: { ...SILENT, ...OLD_LIST } });
      };
      const { outcome, words } = await visit(bench, subject, { ...SHORT, done: WRITTEN, beforeStep });
      expect(outcome).toMatchObject({ [SET]: 'already', [REGISTERED]: 'owed', 'calendar.meeting': 'owed' });
      expect(words).toContain('this proves nothing');
    }, 90_000);

    it.concurrent('proves nothing by a word that never goes away', async (test) => {
      const bench = await startBench(test, subject);
      bench.device.setFaults({ oddReplies: { ...SILENT, ...NO_LIST } });
      await visit(bench, subject, SHORT);
      bench.device.setFaults({ oddReplies: OLD_WORD });
      const error = await failure(visit(bench, subject, { ...SHORT, done: WRITTEN }));
      expect([error.code, error.words]).toEqual(['NOT_ARRIVED', expect.stringContaining('this proves nothing')]);
      // What it said before anybody wrote is its own.
      expect((await visit(bench, subject)).outcome).toMatchObject({ [SET]: 'already', [REGISTERED]: 'done' });
    }, 90_000);
  },
  ({ transport, spec }) => transport === 'auto' && spec.kind !== 'poly-trio',
);

/** Where the device has a word for its calendar, one look that tells nothing decides nothing. */
eachPoly(
  (subject) => {
    it.concurrent('is looked at until it tells something, where the write has it busy for a moment', async (test) => {
      const bench = await startBench(test, subject);
      await registered(bench);
      const busy = (path: string) => [path, { status: 503, text: 'busy', times: 2 }];
      const oddReplies = Object.fromEntries(Object.keys({ ...SILENT, ...NO_LIST }).map(busy));
      const beforeApply = (id: string) => {
        if (id === SET) bench.device.setFaults({ oddReplies });
      };
      const { outcome } = await visit(bench, subject, { beforeApply });
      expect(outcome).toMatchObject({ [SET]: 'done', [REGISTERED]: 'done' });
    }, 90_000);

    it.concurrent('that was off is not one that may have stayed, although nothing is told of it', async (test) => {
      const calendar = { ...OLD, enabled: false, mailbox: WISH.mailbox, domain: '' };
      const bench = await startBench(test, subject, { calendar });
      const beforeApply = (id: string) => {
        if (id === SET) bench.device.setFaults({ oddReplies: { ...SILENT, ...NO_LIST } });
      };
      const beforeStep = (id: string) => {
        if (id === REGISTERED) bench.device.setFaults({});
      };
      const { facts, outcome } = await visit(bench, subject, { beforeApply, beforeStep });
      expect(outcome).toMatchObject({ [SET]: 'done', [REGISTERED]: 'done' });
      expect(facts.calendar.status.state).toBe('off');
    }, 90_000);
  },
  ({ spec }) => spec.kind === 'poly-videoos',
);

eachPoly(
  (subject) => {
    it.concurrent('is no reason for a restart where nothing tells of it, and proves nothing later', async (test) => {
      const pace = { outageMs: 1_500, newCertificate: false };
      const bench = await startBench(test, subject, { calendarNeedsReboot: true, pace });
      await registered(bench);
      const unasked = { ...WISH, accepted: [] };
      bench.device.setFaults({ refuseCommands: ['calendarstatus', 'calendarmeetings'] });
      const { outcome, words } = await visit(bench, subject, { ...SHORT, wish: unasked });
      expect(outcome).toMatchObject({ [SET]: 'done', [RESTART]: 'done', [REGISTERED]: 'owed' });
      expect(words).toContain('nothing shows that a restart is needed');
      expect(JSON.stringify(settingsOf(bench))).toContain(NEW.server);
      // The old calendar is there all the time.
      bench.device.setFaults({});
      const shown = await failure(visit(bench, subject, { wish: unasked, done: WRITTEN }));
      expect([shown.code, shown.words]).toEqual(['RESTART_NEEDED', expect.stringContaining('calendar went on')]);
      expect(bench.device.snapshot().restarts).toBe(0);
    }, 90_000);
  },
  ({ transport }) => transport === 'ssh' || transport === 'telnet',
);
