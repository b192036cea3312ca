/** Which way is taken into a Group, and what only a Trio knows: REST off, default password, a restart that needs a word. */
import { describe, expect, it } from 'vitest';
import { NoLoginTried } from '../../../main/endpoints/transports/loginOutcome.ts';
import { failure, OLD, registered, SUBJECTS, type Subject, settingsOf, startBench, visit, WISH } from './devices.ts';

function subject(name: string, change: Partial<Subject> = {}): Subject {
  const found = SUBJECTS.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return { ...found, ...change };
}

describe('the way into a Group', () => {
  const group = subject('Group over REST');

  it.concurrent('is the command line where REST is not there', async (test) => {
    const bench = await startBench(test, group, { web: false });
    const { transport, facts } = await visit(bench, group);
    expect(transport).toBe('ssh');
    expect(facts.calendar.status.state).toBe('claimed');
    await registered(bench);
  }, 60_000);

  it.concurrent('is never telnet unasked, and that is said', async (test) => {
    const bench = await startBench(test, group, { web: false, settings: { 'sec.telnet.enable': 'True' } });
    const error = await failure(visit(bench, group, { target: { sshPort: 1 } }));
    expect(error.code).toBe('UNREACHABLE');
    expect(error.words).toContain('telnet is not encrypted and was not tried');
    const chosen = await visit(bench, group, { target: { sshPort: 1, transport: 'telnet' } });
    expect(chosen.transport).toBe('telnet');
  }, 60_000);

  it.concurrent('is not changed by a refused login: no second try over SSH', async (test) => {
    const bench = await startBench(test, group);
    expect((await failure(visit(bench, group, { target: { password: 'Not-The-Password-1' } }))).code).toBe(
      'LOGIN_REFUSED',
    );
    expect((await visit(bench, group)).transport).toBe('https');
  }, 60_000);

  it.concurrent('is a command line that tells each command back twice: by its terminal and by itself', async (test) => {
    const ssh = subject('Group over SSH');
    const bench = await startBench(test, ssh, { cli: { echo: 'twice', passwordEcho: true } });
    const { outcome, facts } = await visit(bench, ssh);
    expect(facts.calendar.values['cal.ews.server']).toBe(OLD.server);
    expect(outcome).toMatchObject({ 'calendar.set': 'done', 'calendar.registered': 'done' });
    await registered(bench);
  }, 60_000);

  it.concurrent('proves nothing by a command line with an empty calendar: the proof is left to Infinity', async (test) => {
    const ssh = subject('Group over SSH');
    const bench = await startBench(test, ssh);
    bench.meetings.length = 0;
    const { outcome, words } = await visit(bench, ssh, { target: { proofMs: 100 } });
    expect(outcome).toMatchObject({
      'calendar.set': 'done',
      'calendar.registered': 'owed',
      'calendar.meeting': 'owed',
    });
    expect(words).toContain('configured, not proven');
  }, 60_000);
});

/** `GET system/status` with the calendar in these states. */
function statusOf(...stateList: string[]): string {
  return JSON.stringify([{ name: 'system.status.calendar', langtag: 'CALENDAR_SERVICE_HEADING', stateList }]);
}

describe('what a device says of its calendar', () => {
  const group = subject('Group over REST');
  const owed = { 'calendar.set': 'done', 'calendar.registered': 'owed', 'calendar.meeting': 'owed' };

  it.concurrent('is a word where it has one', async (test) => {
    const bench = await startBench(test, group, { calendarTold: 'all' });
    const { outcome, facts, words } = await visit(bench, group);
    expect(facts.calendar.status.state).not.toBe('unknown');
    expect([outcome['calendar.registered'], words]).toEqual(['done', expect.stringContaining('calendar registered')]);
  }, 60_000);

  it.concurrent('is nothing where it has none: the proof is left to Infinity, and the settings are not written again', async (test) => {
    const bench = await startBench(test, group, { calendarTold: 'nothing' });
    const { outcome, words, baseline } = await visit(bench, group, { target: { proofMs: 100 } });
    expect(outcome).toMatchObject(owed);
    expect(words).toContain('configured, not proven');
    const again = await visit(bench, group, { target: { proofMs: 100 }, done: ['calendar.set'] });
    expect(again.outcome).toMatchObject({ ...owed, 'calendar.set': 'already' });
    const back = await visit(bench, group, { undo: baseline, wish: { ...WISH, oldPassword: OLD.password } });
    expect(back.outcome).toMatchObject({ 'calendar.restore': 'done', 'calendar.restored': 'done' });
    await registered(bench);
  }, 60_000);

  it.concurrent.for([
    ['word', { 'GET calendar': '{"status":"syncing"}' }],
    ['state', { 'GET calendar': '{"status":"syncing"}', 'GET system/status': statusOf('degraded') }],
    ['word from nowhere', { 'GET calendar': '{"status":"constructor"}', 'GET system/status': statusOf('__proto__') }],
  ] as const)(
    'is told as unknown, and proves nothing, where VideoOS has a %s that no list has',
    { timeout: 60_000 },
    async ([, texts], test) => {
      const videoos = subject('VideoOS');
      const bench = await startBench(test, videoos);
      // A listed meeting would be a proof of its own.
      bench.meetings.length = 0;
      // The list of states of the device itself is true, and would prove it.
      const rows = 'GET system/status' in texts ? {} : { 'GET system/status': statusOf('all_up', 'off') };
      const odd = Object.entries({ ...texts, ...rows }).map(([name, text]) => [name, { status: 200, text }]);
      bench.device.setFaults({ oddReplies: Object.fromEntries(odd) });
      const { facts, outcome, words } = await visit(bench, videoos, { target: { proofMs: 200 } });
      expect(facts.calendar.status.state).toBe('unknown');
      expect(outcome).toMatchObject(owed);
      expect(words).toContain('configured, not proven');
      expect(words).not.toMatch(/calendar registered|on, registered/);
      // It is: by nobody's word, so not by ours.
      await registered(bench);
    },
  );

  it.concurrent('is no proof with a password that the server refuses', async (test) => {
    const wish = { ...WISH, login: { ...WISH.login, password: 'Not-This-Secret-1' } };
    const rest = await startBench(test, group);
    await registered(rest);
    expect((await visit(rest, group, { wish, target: { proofMs: 300 } })).outcome).toMatchObject(owed);
    const ssh = subject('Group over SSH');
    const error = await failure(visit(await startBench(test, ssh), ssh, { wish, target: { proofMs: 300 } }));
    expect([error.code, error.words]).toEqual(['NOT_ARRIVED', expect.stringContaining('refuses the login')]);
  }, 60_000);
});

describe('a Trio', () => {
  const trio = subject('Trio with Basic');

  it.concurrent('with REST off is told how to switch it on', async (test) => {
    const bench = await startBench(test, trio, { rest: false });
    const error = await failure(visit(bench, trio));
    expect([error.code, error.words]).toEqual(['REST_OFF', expect.stringContaining('apps.restapi.enabled')]);
  });

  it.concurrent.for([trio, subject('Trio with Digest')])(
    'whose web is closed to this computer is told so, and is sent no password: $name',
    async (closed, test) => {
      const bench = await startBench(test, closed, { settings: { 'httpd.cfg.lockWebUI.noOfInvalidAttempts': '1' } });
      bench.device.setFaults({ webClosed: true });
      const error = await failure(visit(bench, closed));
      expect([error.code, error.words]).toEqual(['REFUSED', expect.stringContaining('before it was told a password')]);
      expect(error).toBeInstanceOf(NoLoginTried);
      // One password would have locked it.
      bench.device.setFaults({});
      expect((await visit(bench, closed)).outcome['calendar.set']).toBe('done');
    },
  );

  it.concurrent('with its default password is told so', async (test) => {
    const admin = { username: 'Polycom', password: '456' };
    const bench = await startBench(test, trio, { admin });
    expect((await failure(visit(bench, trio, { target: { password: '456' } }))).code).toBe('DEFAULT_PASSWORD');
  });

  it.concurrent.for([{ api: 'v1' }, { api: 'v2' }, { passwordRow: 'null' }, { passwordRow: 'none' }] as const)(
    'is moved whatever its software has: %j',
    { timeout: 60_000 },
    async (change, test) => {
      const bench = await startBench(test, trio, change);
      const { facts, outcome } = await visit(bench, trio);
      expect(facts.identity.software).toMatch(/^7\.2/);
      expect(facts.told.some(({ key }) => key === 'uptime')).toBe(true);
      expect(outcome).toMatchObject({ 'calendar.set': 'done', 'device.restart': 'done' });
      await registered(bench);
      bench.device.setFaults({ inCall: true });
      expect((await failure(visit(bench, trio))).code).toBe('IN_CALL');
    },
  );

  it.concurrent('is not touched before somebody agrees to its restart, and restarted once', async (test) => {
    const bench = await startBench(test, trio);
    const before = settingsOf(bench);
    expect((await failure(visit(bench, trio, { wish: { ...WISH, accepted: [] } }))).code).toBe('RESTART_CONSENT');
    expect(settingsOf(bench)).toEqual(before);
    const { outcome } = await visit(bench, trio);
    expect(outcome['device.restart']).toBe('done');
    // What was changed counts only after a restart: the calendar has come to the new server, so there was one.
    await registered(bench);
    expect(bench.device.snapshot().misdeeds).toEqual([]);
  });
});
