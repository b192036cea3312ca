/** What every Poly device's visit makes of trouble: lost replies, calls, refused logins, other devices, settings refused. */
import { expect, it } from 'vitest';
import { asOtjError } from '../../../main/contract/errors.ts';
import type { Wish } from '../../../main/endpoints/driver.ts';
import { openPoly } from '../../../main/endpoints/poly/open.ts';
import {
  eachPoly,
  failure,
  NEW,
  noSessionLeft,
  OLD,
  registered,
  settingsOf,
  startBench,
  target,
  visit,
  WISH,
} from './devices.ts';

/** Of each command or request that writes the settings. */
const WRITES = { rest: '/rest/config', cli: 'calendarserver', trio: '/api/v1/mgmt/config/set' };
const NAMES = {
  group: ['cal.enabled', 'cal.ews.server', 'cal.ews.mailbox', 'cal.ews.domain'],
  trio: ['feature.exchangeCalendar.enabled', 'exchange.server.url', 'exchange.auth.email', 'exchange.auth.domain'],
} as const;
const isCli = (transport: string) => transport === 'ssh' || transport === 'telnet';

/** What a device answers that has something else there, or nothing. */
const ODD = [
  { status: 500, text: 'x' },
  { status: 204, text: '' },
  { status: 200, text: '<html></html>' },
] as const;
const OPTIONAL = [
  'GET calendar',
  'GET calendar/meetings',
  'GET system/mode/device',
  'GET system/status',
  'POST devicemanagement/devices',
];

eachPoly(
  (subject) => {
    const { spec } = subject;

    it.concurrent.for(ODD)(
      'is not stopped by what is only good to know: %j',
      { timeout: 60_000 },
      async (odd, test) => {
        const bench = await startBench(test, subject);
        const names = odd.status === 204 ? [...OPTIONAL, 'GET provisioning/config', 'GET system/mode'] : OPTIONAL;
        bench.device.setFaults({ oddReplies: Object.fromEntries(names.map((name) => [name, odd])) });
        const { outcome } = await visit(bench, subject, { target: { proofMs: 100 } });
        expect(outcome).toMatchObject({ 'calendar.set': 'done', 'calendar.registered': 'owed' });
        await noSessionLeft(bench);
      },
    );

    it.concurrent.for(['GET provisioning/config', 'GET system/mode'])(
      'is not changed where it may offer what that depends on and does not tell it: %s',
      { timeout: 60_000 },
      async (name, test) => {
        const bench = await startBench(test, subject);
        const before = settingsOf(bench);
        const [path = ''] = name.split(' ').slice(1);
        for (const odd of ODD.filter(({ status }) => status !== 204)) {
          bench.device.setFaults({ oddReplies: { [name]: odd } });
          // A Group has neither.
          if (spec.kind === 'poly-group') continue;
          const error = await failure(visit(bench, subject));
          expect([error.code, error.words]).toEqual(['PARTLY_READ', expect.stringContaining(path)]);
          expect(settingsOf(bench)).toEqual(before);
        }
        const wish: Wish = { ...WISH, accepted: ['restart', 'unread'] };
        const accepted = await visit(bench, subject, { wish, target: { proofMs: 100 } });
        expect(accepted.outcome['calendar.set']).toBe('done');
        await noSessionLeft(bench);
      },
    );

    it.concurrent('is asked once more where it was only busy, so that its export is in the backup', async (test) => {
      const bench = await startBench(test, subject);
      const busy = { status: 503, text: 'busy', times: 1 };
      bench.device.setFaults({ oddReplies: { 'GET provisioning/config': busy, 'GET system/mode': { ...busy } } });
      const { baseline, outcome } = await visit(bench, subject, { target: { proofMs: 100 } });
      expect(outcome['calendar.set']).toBe('done');
      expect(JSON.stringify(baseline).includes('PHONE_CONFIG')).toBe(spec.kind === 'poly-videoos');
    }, 60_000);

    it.concurrent('is stopped by what must be known', async (test) => {
      const bench = await startBench(test, subject);
      bench.device.setFaults({ oddReplies: { 'POST config': { status: 500, text: 'x' } } });
      expect((await failure(visit(bench, subject))).code).toBe('ODD_REPLY');
      await noSessionLeft(bench);
    });

    it.concurrent('leaves no session on a device that ends them in the other way', async (test) => {
      const bench = await startBench(test, subject, { logsOutByDelete: true });
      await visit(bench, subject, { target: { proofMs: 100 } });
      await noSessionLeft(bench);
    });
  },
  ({ transport, spec }) => transport === 'auto' && spec.kind !== 'poly-trio',
);

eachPoly((subject) => {
  const { spec, transport, driver } = subject;
  const write = spec.kind === 'poly-trio' ? WRITES.trio : isCli(transport) ? WRITES.cli : WRITES.rest;

  it.concurrent('carries on after a write whose answer was lost', async (test) => {
    const bench = await startBench(test, subject);
    await registered(bench);
    const beforeApply = (id: string) => {
      if (id === 'calendar.set') bench.device.setFaults({ dropOnce: write });
    };
    const error = await failure(visit(bench, subject, { beforeApply }));
    expect(['CONNECTION_LOST', 'TIMEOUT']).toContain(error.code);
    const { outcome } = await visit(bench, subject);
    expect(outcome['calendar.set']).toMatch(/done|already/);
    expect(JSON.stringify(settingsOf(bench))).toContain(NEW.server);
    await registered(bench);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent('tries a wrong password once', async (test) => {
    const bench = await startBench(test, subject);
    const before = settingsOf(bench);
    const wrong = { password: 'Not-The-Password-1' };
    const error = await failure(visit(bench, subject, { target: wrong }));
    expect(error.code).toBe('LOGIN_REFUSED');
    expect(error.message).not.toContain(wrong.password);
    expect(settingsOf(bench)).toEqual(before);
    // The right one is still taken: a lock-out would have come with a second try.
    const { facts } = await visit(bench, subject);
    expect(facts.identity.serial).toBe(spec.serial);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent('changes nothing in a call, on another device, or with a value that does not fit', async (test) => {
    const bench = await startBench(test, subject);
    const before = settingsOf(bench);
    bench.device.setFaults({ inCall: true });
    expect((await failure(visit(bench, subject))).code).toBe('IN_CALL');
    bench.device.setFaults({});
    const long = { ...WISH, login: { ...WISH.login, username: 'u'.repeat(65) } };
    expect((await failure(visit(bench, subject, { wish: long }))).code).toBe('VALUE_TOO_LONG');
    const quote = { ...WISH, login: { ...WISH.login, password: 'a"b' } };
    expect((await failure(visit(bench, subject, { wish: quote }))).code).toBe('VALUE_UNFIT');

    const session = await driver.connect(target(bench, subject), new AbortController().signal);
    try {
      const facts = await session.readFacts();
      const other = { ...facts, identity: { ...facts.identity, serial: '8L0000009999' } };
      const support = {
        baseline: null,
        addBackup: async () => {},
        wasDone: () => false,
        meantAt: () => null,
        isEntryOwed: () => false,
      };
      const steps = session.bind(driver.plan(other, WISH, null), other, WISH, support);
      const set = steps.find(({ plan }) => plan.id === 'calendar.set');
      const error = await failure(set?.apply?.() ?? Promise.resolve());
      expect(error.code).toBe('IDENTITY_MISMATCH');
    } finally {
      await session.close();
    }
    expect(settingsOf(bench)).toEqual(before);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent.for(['bare', 'with results'] as const)(
    'is asked in parts where one name that it does not know has all refused: %s',
    { timeout: 90_000 },
    async (refuseUnknown, test) => {
      const bench = await startBench(test, subject);
      const hideNames = ['cal.ews.oauth.enabled', 'management.provisioning.server', 'device.prov.serverName'];
      bench.device.setFaults({ refuseUnknown, hideNames });
      const { outcome } = await visit(bench, subject, { target: { proofMs: 100 } });
      expect(outcome['calendar.set']).toBe('done');
      await noSessionLeft(bench);
    },
  );

  it.concurrent('tells exactly what was taken of a writing that went wrong', async (test) => {
    const bench = await startBench(test, subject);
    const [enabled, server, mailbox, domain] = NAMES[spec.kind === 'poly-trio' ? 'trio' : 'group'];
    bench.device.setFaults({ refuse: { 'cal.ews.username': 'NOTNOW', 'exchange.userId': '4003' } });
    const { words } = await failure(visit(bench, subject));
    expect(words).toMatch(/cal\.ews\.username|exchange\.userId|4003/);
    const taken = /taken: ([^;]*)/.exec(words ?? '')?.[1]?.split(', ') ?? [];
    expect(taken[0]).toMatch(new RegExp(`^${enabled} (False|0)$`));
    // A Trio answers for all of them in one word.
    if (spec.kind !== 'poly-trio') expect(taken).toContain(server);
    // Mailbox and domain read as wished before: they are not written.
    for (const same of [mailbox, domain]) expect(taken).not.toContain(same);
    expect(words).not.toMatch(/no other setting|still off/);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent('is put back although it refuses a setting that no calendar needs, and the words say so', async (test) => {
    const bench = await startBench(test, subject);
    await registered(bench);
    const { baseline } = await visit(bench, subject);
    const way = await openPoly(spec.kind, target(bench, subject), new AbortController().signal);
    const [name, value] = spec.kind === 'poly-trio' ? ['exchange.pollInterval', '60000'] : ['cal.remindertime', '15'];
    await way.writeNames([{ name, value }]).finally(() => way.close());
    bench.device.setFaults({ refuse: { [name]: spec.kind === 'poly-trio' ? '4003' : 'NOTNOW' } });
    const { outcome, words } = await visit(bench, subject, {
      undo: baseline,
      wish: { ...WISH, oldPassword: OLD.password },
    });
    expect(outcome).toMatchObject({ 'calendar.restore': 'done', 'calendar.restored': 'done' });
    expect(words).toContain(`not put back: ${name}: `);
    expect(settingsOf(bench)).toMatchObject({ [name]: value });
    await registered(bench);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent('takes a setting that the device refuses or forgets for no success', async (test) => {
    const bench = await startBench(test, subject);
    await registered(bench);
    const name = spec.kind === 'poly-trio' ? 'exchange.auth.email' : 'cal.ews.username';
    bench.device.setFaults({ forget: [name, 'cal.ews.username', 'exchange.userId'] });
    const forgotten = asOtjError(await visit(bench, subject).catch((thrown: unknown) => thrown));
    expect(forgotten.code).toBe('NOT_CONFIRMED');
    await noSessionLeft(bench);
  }, 90_000);
});

eachPoly(
  (subject) => {
    it.concurrent('is left alone under a management server, whatever tells of it', async (test) => {
      const bench = await startBench(test, subject, { provisioningServer: 'rm.example.com' });
      expect((await failure(visit(bench, subject))).code).toBe('MANAGED');
      // Where the settings do not tell, the list of states does.
      bench.device.setFaults({ hideNames: ['management.provisioning.enabled', 'management.provisioning.server'] });
      expect((await failure(visit(bench, subject))).code).toBe('MANAGED');
      expect(JSON.stringify(settingsOf(bench))).toContain(OLD.server);
    }, 90_000);

    it.concurrent('is left alone while its clock is wrong', async (test) => {
      const bench = await startBench(test, subject);
      bench.device.setFaults({ clockOffsetMs: 1_200_000 });
      expect((await failure(visit(bench, subject))).code).toBe('CLOCK_WRONG');
      bench.device.setFaults({});
      expect((await visit(bench, subject, { target: { proofMs: 100 } })).outcome['calendar.set']).toBe('done');
    }, 90_000);
  },
  ({ spec }) => spec.kind !== 'poly-trio',
);

/** A command line is over with its connection, and its proof must not be: the device has the settings already. */
eachPoly(
  (subject) => {
    it.concurrent.for([
      ['whose answer is lost', { dropOnce: 'calendarstatus' }],
      ['that goes away for a moment', { off: true }],
    ] as const)(
      '%s while its calendar is waited for is waited for all the same',
      { timeout: 90_000 },
      async ([_, faults], test) => {
        const bench = await startBench(test, subject);
        const beforeStep = (step: string) => {
          if (step !== 'calendar.registered') return;
          bench.device.setFaults({ ...faults });
          if ('off' in faults) setTimeout(() => bench.device.setFaults({}), 500);
        };
        const { outcome } = await visit(bench, subject, { beforeStep, target: { proofMs: 20_000 } });
        expect(outcome).toMatchObject({ 'calendar.registered': 'done', 'calendar.meeting': 'done' });
        await registered(bench);
        await noSessionLeft(bench);
      },
    );

    it.concurrent('that is lost again and again is given up, with no more logins than a few', async (test) => {
      const bench = await startBench(test, subject);
      let logins = 0;
      const check = () => void logins++;
      const beforeStep = (step: string) => {
        if (step === 'calendar.registered') bench.device.setFaults({ truncateAt: 10 });
      };
      const options = { beforeStep, target: { proofMs: 20_000, trust: { check } } };
      // A device that hangs up on a password over telnet may mean that.
      const code = subject.transport === 'ssh' ? 'CONNECTION_LOST' : 'LOGIN_REFUSED';
      expect((await failure(visit(bench, subject, options))).code).toBe(code);
      if (subject.transport === 'ssh') expect(logins).toBe(4);
    }, 90_000);
  },
  ({ transport }) => isCli(transport),
);
