/** The driver all Poly families share, on ways that only the test speaks through: another way in, and a restart. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { StepSupport, Wish } from '../../main/endpoints/driver.ts';
import { polyDriver } from '../../main/endpoints/poly/driver.ts';
import { readInParts } from '../../main/endpoints/poly/inParts.ts';
import { groupMapping, trioMapping, videoosMapping } from '../../main/endpoints/poly/mapping.ts';
import { probeNames } from '../../main/endpoints/poly/videoos/facts.ts';
import { type ConfigVar, GOOD_RESULT } from '../../main/endpoints/poly/videoos/replies.ts';
import { restartDevice } from '../../main/endpoints/poly/videoos/restart.ts';
import type { PolyWay } from '../../main/endpoints/poly/way.ts';
import { createRedactor } from '../../main/endpoints/redact.ts';
import { NoLoginTried } from '../../main/endpoints/transports/loginOutcome.ts';
import { codeOf } from '../support/codeOf.ts';

const SYSTEM = {
  serial: '8',
  state: 'READY',
  model: 'Group 500',
  software: '6.2.2',
  systemName: '',
  rebootNeeded: false,
};
const NAMES = groupMapping.sets.flatMap(({ members }) => members.map(({ name }) => name));

interface Fake extends PolyWay {
  closed: number;
}

function way(change: Partial<PolyWay>, known: readonly string[] = NAMES): Fake {
  const good: ConfigVar = { value: '', result: GOOD_RESULT, editable: undefined };
  const fake: Fake = {
    link: { transport: 'https', weakness: null },
    redactor: createRedactor(),
    proof: 'status',
    closed: 0,
    readSystem: async () => SYSTEM,
    readSerial: async () => SYSTEM.serial,
    readAbout: async () => ({ mac: null, deviceMode: null }),
    readNames: async () => new Map(known.map((name) => [name.toLowerCase(), good])),
    writeNames: async () => ({ vars: new Map(), rebootNeeded: false }),
    readStatus: async () => ({ state: 'off', words: 'off' }),
    readMeetings: async () => null,
    readExport: async () => null,
    async close() {
      fake.closed++;
    },
    ...change,
  };
  return fake;
}

const target = {
  family: 'poly-group',
  address: '127.0.0.1',
  sshPort: 1,
  httpsPort: 1,
  transport: 'auto',
  lastTransport: null,
  legacy: false,
  username: '',
  password: '',
  trust: { check: () => undefined },
  timeoutMs: 1,
  proofMs: 1,
  proofEveryMs: 1,
} as const;
const { signal } = new AbortController();

describe('a device that lacks the names on its first way', () => {
  it('is spoken to over the other one, and the first is closed', async () => {
    const rest = way({}, []);
    const ssh = way({ link: { transport: 'ssh', weakness: null } });
    const driver = polyDriver({
      family: 'poly-group',
      mapping: groupMapping,
      open: async () => rest,
      other: () => async () => ssh,
    });
    const session = await driver.connect(target, signal);
    expect((await session.readFacts()).calendar.set).toBe('cal');
    expect([session.link.transport, rest.closed, ssh.closed]).toEqual(['ssh', 1, 0]);
    await session.close();
    expect([rest.closed, ssh.closed]).toEqual([1, 1]);
  });

  it('stays with the first where the other is not there, and says what is missing', async () => {
    const rest = way({}, []);
    const other = () => () => Promise.reject(new NoLoginTried('UNREACHABLE'));
    const driver = polyDriver({ family: 'poly-group', mapping: groupMapping, open: async () => rest, other });
    const session = await driver.connect(target, signal);
    const { calendar } = await session.readFacts();
    expect([calendar.set, calendar.missing[0]]).toEqual([null, expect.stringContaining('cal.enabled')]);
    expect(rest.closed).toBe(0);
  });

  it.each([
    new OtjError('LOGIN_REFUSED'),
    new OtjError('ACCOUNT_LOCKED'),
    new OtjError('CONNECTION_LOST'),
    new NoLoginTried('TRUST_CHANGED'),
  ])('tells what the other one said to the login: $code', async (error) => {
    const open = async () => way({}, []);
    const other = () => () => Promise.reject(error);
    const session = await polyDriver({ family: 'poly-group', mapping: groupMapping, open, other }).connect(
      target,
      signal,
    );
    expect(await codeOf(() => session.readFacts())).toBe(error.code);
  });
});

describe('a question for many settings', () => {
  const good: ConfigVar = { value: 'x', result: GOOD_RESULT, editable: undefined };
  const device = (isKnown: (name: string) => boolean) => {
    const asked: string[][] = [];
    return {
      asked,
      ask: async (names: readonly string[]) => {
        asked.push([...names]);
        return names.every(isKnown) ? new Map(names.map((name) => [name.toLowerCase(), good])) : 'HTTP 400';
      },
    };
  };
  const names = Array.from({ length: 27 }, (_, at) => `Name.${at}`);

  it('is asked once where nothing is wrong with it', async () => {
    const { asked, ask } = device(() => true);
    expect((await readInParts(names, ask)).size).toBe(27);
    expect(asked).toEqual([names]);
  });

  it.each([[[0]], [[26]], [[3, 4, 20]], [names.map((_, at) => at)]])(
    'comes to its end whichever names are refused: %j',
    async (bad) => {
      const { asked, ask } = device((name) => !bad.includes(names.indexOf(name)));
      const vars = await readInParts(names, ask);
      expect([...vars.keys()].toSorted()).toEqual(names.map((name) => name.toLowerCase()).toSorted());
      for (const [at, name] of names.entries())
        expect(vars.get(name.toLowerCase())?.result).toBe(bad.includes(at) ? 'HTTP 400' : GOOD_RESULT);
      expect(asked.length).toBeLessThanOrEqual(Math.min(53, 1 + bad.length * 10));
    },
  );

  it.each([videoosMapping, groupMapping, trioMapping])(
    'comes to its end for all names that are asked for, whichever are refused',
    async (mapping) => {
      // With that of the MAC address, which some ways ask for along with them.
      const all = [...probeNames(mapping), 'system.mac'];
      expect((await readInParts(all, device(() => false).ask)).size).toBe(all.length);
    },
  );

  it('is given up after too many parts', async () => {
    const { asked, ask } = device(() => false);
    const many = Array.from({ length: 5_000 }, (_, at) => `n${at}`);
    expect(await codeOf(() => readInParts(many, ask))).toBe('REFUSED');
    expect(asked.length).toBeLessThan(100);
  });
});

describe('a restart', () => {
  const wait = { everyMs: 1, forMs: 60 };
  /** Answers one after the other; the last one goes on. */
  const then = (...answers: (object | OtjError)[]) => {
    let at = 0;
    return async () => {
      const answer = answers[Math.min(at++, answers.length - 1)];
      if (answer instanceof OtjError) throw answer;
      return { ...SYSTEM, ...answer };
    };
  };
  const gone = new OtjError('UNREACHABLE');
  const restart = async () => undefined;

  it.each<[string, (object | OtjError)[], string | undefined]>([
    ['is over when the device was away and answers again', [{}, gone, { state: 'STARTING' }, {}], undefined],
    ['is seen by its running time alone', [{ uptime: 9_000 }, { uptime: 1 }], undefined],
    ['is not believed of a device that never went away', [{ uptime: 9_000 }, { uptime: 9_000 }], 'RESTART_NEEDED'],
    ['is not over while the device is starting', [{}, gone, { state: 'STARTING' }], 'NOT_BACK'],
    ['does not come back', [{}, gone], 'NOT_BACK'],
    ['brings another device', [{}, gone, { serial: '9' }], 'IDENTITY_MISMATCH'],
    ['is not begun in a call', [{ state: 'IN_CALL' }], 'IN_CALL'],
    ['is not begun on another device', [{ serial: '9' }], 'IDENTITY_MISMATCH'],
    ['stops at a refused login', [{}, gone, new OtjError('LOGIN_REFUSED')], 'LOGIN_REFUSED'],
  ])('%s', async (_, answers, code) => {
    const device = way({ restart, readSystem: then(...answers) });
    expect(await codeOf(() => restartDevice(device, '8', wait))).toBe(code);
  });

  it('is looked for where its answer was lost', async () => {
    const lost = async () => Promise.reject(new OtjError('CONNECTION_LOST'));
    const went = way({ restart: lost, readSystem: then({}, gone, {}) });
    expect(await codeOf(() => restartDevice(went, '8', wait))).toBeUndefined();
    const stayed = way({ restart: lost, readSystem: then({}, new OtjError('TIMEOUT'), {}) });
    expect(await codeOf(() => restartDevice(stayed, '8', wait))).toBe('RESTART_NEEDED');
  });

  it.each(['REFUSED', 'NOT_ADMIN'] as const)('that the device answers with %s is left to a person', async (code) => {
    const refused = way({ restart: async () => Promise.reject(new OtjError(code)), readSystem: then({}) });
    expect(await codeOf(() => restartDevice(refused, '8', wait))).toBe('RESTART_NEEDED');
  });
});

describe('a wait for a proof', () => {
  const wish: Wish = {
    mailbox: 'fjord@example.com',
    login: { username: 'u', password: 'p' },
    server: 'otj1.example.com',
    takeMacros: [],
    leaveMacros: [],
    accepted: [],
    tidyHttpClient: false,
    clearBookings: false,
    oldPassword: null,
  };
  const support: StepSupport = {
    baseline: null,
    addBackup: async () => undefined,
    wasDone: () => false,
    meantAt: () => null,
    isEntryOwed: () => false,
  };
  const proofOf = async (change: Partial<PolyWay>) => {
    const driver = polyDriver({ family: 'poly-group', mapping: groupMapping, open: async () => way(change) });
    const session = await driver.connect(target, signal);
    const facts = { ...(await session.readFacts()) };
    const steps = session.bind(driver.plan(facts, wish, null), facts, wish, support);
    return steps.filter(({ plan }) => plan.stage === 'proof');
  };
  const status = { state: 'off', words: 'off' } as const;

  it.each(['TIMEOUT', 'CONNECTION_LOST', 'UNREACHABLE', 'RATE_LIMITED'] as const)(
    'goes on after %s, which is the reason only at its end',
    async (code) => {
      let fails = false;
      const readStatus = async () => (fails ? Promise.reject(new OtjError(code)) : status);
      const proofs = await proofOf({ readStatus });
      fails = true;
      for (const { inspect } of proofs) expect(await inspect()).toMatchObject({ holds: false, problem: { code } });
      fails = false;
      for (const { inspect } of proofs) expect(await inspect()).toMatchObject({ problem: { code: 'NOT_ARRIVED' } });
    },
  );

  it('ends with what waiting does not mend, and with a command line that was logged in to often enough', async () => {
    let error: OtjError | null = null;
    let revived = 0;
    const readStatus = async () => (error ? Promise.reject(error) : status);
    const link = { transport: 'ssh', weakness: null } as const;
    const [rest] = await proofOf({ readStatus });
    const [cli] = await proofOf({ readStatus, link, mayRevive: true, revive: async () => void revived++ });
    const [tired] = await proofOf({ readStatus, link, mayRevive: false, revive: async () => undefined });
    error = new OtjError('CONNECTION_LOST');
    expect(await cli?.inspect()).toMatchObject({ holds: false, problem: { code: 'CONNECTION_LOST' } });
    expect(revived).toBe(1);
    expect(await codeOf(() => tired?.inspect())).toBe('CONNECTION_LOST');
    error = new OtjError('LOGIN_REFUSED');
    for (const step of [rest, cli]) expect(await codeOf(() => step?.inspect())).toBe('LOGIN_REFUSED');
  });
});
