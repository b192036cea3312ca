/** What steps do with a codec's own words, and with a codec that changes under them. */
import { describe, expect, it } from 'vitest';
import type { BackupItem } from '../../main/contract/device.ts';
import { OtjError } from '../../main/contract/errors.ts';
import { readMacroLog } from '../../main/endpoints/cisco/facts/macroLog.ts';
import { runtimeIn } from '../../main/endpoints/cisco/facts/runtime.ts';
import type { CiscoFacts } from '../../main/endpoints/cisco/facts.ts';
import { backupOf } from '../../main/endpoints/cisco/plan/backup.ts';
import { plan } from '../../main/endpoints/cisco/plan.ts';
import { mustTranspile } from '../../main/endpoints/cisco/steps/macros.ts';
import { Visit } from '../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';
import type { StepSupport, Wish } from '../../main/endpoints/driver.ts';
import { otjMacroPair } from '../lab/cisco/macros.ts';
import { ciscoFacts, codecUser, OTJ_TEXT, CISCO_TARGET as TARGET, CISCO_WISH as WISH } from '../support/ciscoFacts.ts';
import { errorOf } from '../support/codeOf.ts';

const NO_LINK: Pick<Xapi, 'link' | 'set' | 'close'> = {
  link: { transport: 'ssh', weakness: null },
  set: async () => undefined,
  close: async () => undefined,
};
const FACTS = ciscoFacts([], { users: [] });

interface Given {
  facts?: CiscoFacts;
  wish?: Wish;
  wasDone?: boolean;
  isEntryOwed?: boolean;
  /** What is saved, before and by the steps. */
  saved?: BackupItem[];
}

function steps(xapi: Xapi, given: Given = {}) {
  const { facts = FACTS, wish = WISH, wasDone = false, isEntryOwed = false, saved } = given;
  const support: StepSupport = {
    get baseline() {
      return saved ? { items: saved } : null;
    },
    addBackup: async (...items) => void saved?.push(...items),
    wasDone: () => wasDone,
    meantAt: () => null,
    isEntryOwed: () => isEntryOwed,
  };
  const bound = bindSteps(new Visit({ xapi, target: TARGET }, facts, wish, support, plan(facts, wish, null)));
  return (id: string) => {
    const step = bound.find((one) => one.plan.id === id);
    if (!step) throw new Error(`no step ${id}`);
    return step;
  };
}

/** A codec that must not be asked anything. */
const SILENT: Xapi = {
  ...NO_LINK,
  get: async (_tree, path) => {
    throw new Error(`read ${path}`);
  },
  command: async (path) => {
    throw new Error(`sent ${path}`);
  },
};

describe("a codec's own words", () => {
  it.each([
    ['plain', (secret: string) => secret],
    ['quoted', (secret: string) => JSON.stringify(secret)],
  ])('are told without the passphrases that it echoes %s', async (_name, echo) => {
    const said = `bad value ${echo(WISH.login.password)} or ${echo(TARGET.password)} of otj-push`;
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async () => {
        throw new OtjError('REFUSED', said);
      },
    };
    const error = await errorOf(() => steps(xapi)('account').apply?.());
    expect(error?.code).toBe('REFUSED');
    expect(error?.words).toMatch(/^bad value "?•••"? or "?•••"? of otj-push$/);
    expect(error?.cause).toBeUndefined();
  });
});

describe('meetings', () => {
  const arrives = (...lists: { ids: string[]; updated?: string }[]) => {
    let look = 0;
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async () => {
        const { ids, updated } = lists[Math.min(look++, lists.length - 1)] ?? { ids: [] };
        return { status: 'OK', Booking: ids.map((Id) => ({ Id })), ...(updated ? { LastUpdated: updated } : {}) };
      },
    };
    const facts = { ...FACTS, bookings: { ids: ['old'], lastUpdated: '1', answer: '{}' } };
    return steps(xapi, { facts })('meeting');
  };

  it('prove nothing while they are the old ones, or none', async () => {
    expect((await arrives({ ids: ['old'], updated: '1' }).inspect()).holds).toBe(false);
    expect((await arrives({ ids: [], updated: '1' }).inspect()).holds).toBe(false);
    expect((await arrives({ ids: ['old'] }).inspect()).holds).toBe(false);
  });

  it('prove it when none of them was there before', async () => {
    expect((await arrives({ ids: ['new'] }).inspect()).holds).toBe(true);
    expect((await arrives({ ids: ['old', 'new'] }).inspect()).holds).toBe(false);
  });

  it('prove it whatever their ids, once the old ones were taken off', async () => {
    const xapi: Xapi = { ...NO_LINK, get: async () => undefined, command: async () => ({ Booking: [{ Id: 'old' }] }) };
    const facts = { ...FACTS, bookings: { ids: ['old'], lastUpdated: null, answer: '{}' } };
    const look = (clearBookings: boolean, wasDone: boolean) =>
      steps(xapi, { facts, wish: { ...WISH, clearBookings }, wasDone })('meeting').inspect();
    expect(await look(true, true)).toMatchObject({ holds: true });
    expect(await look(true, false)).toMatchObject({ holds: false });
    expect(await look(false, true)).toMatchObject({ holds: false });
  });

  it('prove it when the list changes after the first look', async () => {
    const step = arrives(
      { ids: ['old'], updated: '1' },
      { ids: ['old'], updated: '1' },
      { ids: ['old'], updated: '2' },
    );
    const seen = [await step.inspect(), await step.inspect(), await step.inspect()];
    expect(seen.map(({ holds }) => holds)).toEqual([false, false, true]);
  });
});

describe('what the old macro does until it is cut off', () => {
  const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token' });
  /** A codec with macros and a list of meetings that a test changes. */
  function living() {
    const macros = PAIR.map((macro) => ({ ...macro }));
    const list = { ids: ['old-1'], updated: '1' };
    const sent: string[] = [];
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      async command(path, params = {}) {
        sent.push(path);
        if (path === 'Macros Macro Get') {
          const found = macros.filter(({ name }) => !('Name' in params) || params.Name === name);
          if ('Name' in params && found.length === 0) throw new OtjError('REFUSED', 'no such macro');
          return { Macro: found.map(({ name, content }) => ({ Name: name, Content: content, Active: 'True' })) };
        }
        if (path === 'Macros Macro Remove')
          macros.splice(
            macros.findIndex(({ name }) => name === params.Name),
            1,
          );
        return {
          Booking: list.ids.map((Id) => ({ Id: { Value: Id }, Title: { Value: `Title of ${Id}` } })),
          LastUpdated: { Value: list.updated },
        };
      },
    };
    const facts = ciscoFacts(PAIR, { bookings: { ids: ['old-1'], lastUpdated: '1', answer: '{}' } });
    const saved = backupOf(facts);
    return { macros, list, sent, saved, step: steps(xapi, { facts, saved }) };
  }

  it('is not taken for Infinity: all meetings that show behind the restart are old, to a later visit as well', async () => {
    const { list, saved, step } = living();
    Object.assign(list, { ids: ['old-2'], updated: '2' });
    await step('macro.runtime').apply?.();
    expect(await step('meeting').inspect()).toMatchObject({ holds: false });
    expect(saved.some(({ content }) => content.includes('Title of old-2'))).toBe(true);
    Object.assign(list, { updated: '3' });
    // The very first look of another visit knows the list of the cutover.
    const later = steps(
      { ...SILENT, command: async () => ({ Booking: [{ Id: 'old-2' }], LastUpdated: '3' }) },
      { saved },
    );
    expect(await later('meeting').inspect()).toMatchObject({ holds: true });
    expect(await step('meeting').inspect()).toMatchObject({ holds: true });
  });

  it('or what anyone does with its text, is not lost: an edited macro is not removed', async () => {
    const { macros, sent, saved, step } = living();
    const removal = step('macro.remove:otj-macro');
    expect(await removal.inspect()).toMatchObject({ holds: false });
    const macro = macros.find(({ name }) => name === 'otj-macro');
    if (!macro) throw new Error('no macro');
    macro.content += '// edited a second ago';
    expect(await errorOf(() => removal.apply?.())).toMatchObject({ code: 'MACRO_UNCERTAIN' });
    expect(sent).not.toContain('Macros Macro Remove');
    expect(saved.filter(({ kind }) => kind === 'taken')).toEqual([]);
  });

  it('the text that goes is the text that is saved, also where it came back after it was taken', async () => {
    const { macros, saved, step } = living();
    await step('macro.remove:otj-macro').apply?.();
    expect(macros.map(({ name }) => name)).toEqual(['otj-macro-settings']);
    const content = PAIR.find(({ name }) => name === 'otj-macro')?.content;
    expect(saved).toContainEqual({ kind: 'taken', name: 'otj-macro', content });
    await step('macro.remove:otj-macro').apply?.();
    expect(macros).toHaveLength(1);
  });
});

describe('the checks', () => {
  const OTJ = { name: 'otj-macro', active: true, content: OTJ_TEXT };
  const inspect = (id: string, change: Partial<CiscoFacts>, wish: Partial<Wish> = {}, xapi = SILENT) => {
    const users = [codecUser('admin')];
    const facts = ciscoFacts(change.macros ?? [], { users, ...change });
    return steps(xapi, { facts, wish: { ...WISH, ...wish } })(id).inspect();
  };
  const outside = (change: Partial<CiscoFacts['outside']>) => ({ outside: { ...FACTS.outside, ...change } });
  const settings = (change: Partial<CiscoFacts['settings']>) => ({ settings: { ...FACTS.settings, ...change } });

  it('hold for a codec that is as it should be', async () => {
    for (const id of ['check.fit', 'check.call', 'check.clock'])
      expect(await inspect(id, {})).toMatchObject({ holds: true });
  });

  it.each([
    ['UPGRADING', outside({ upgrade: 'Installing' })],
    ['STARTING', { starting: true }],
    ['NOT_ADMIN', { users: [codecUser('admin', { roles: ['User'] })] }],
    ['NOT_ADMIN', { users: null }],
    ['UNSUPPORTED', { macros: null }],
    ['CLIENT_CERTIFICATE', settings({ 'NetworkServices HTTPS VerifyClientCertificate': 'On' })],
    ['ACCOUNT_TAKEN', { users: [codecUser('admin'), codecUser('otj-push')] }],
    ['MACRO_UNCERTAIN', { macros: [{ ...OTJ, content: '// otj.pexip.io' }] }],
    ['MACRO_UNFIT', { macros: [{ ...OTJ, content: `${OTJ.content}\0` }] }],
    ['MACRO_UNFIT', { macros: [{ ...OTJ, content: `${OTJ.content}\ud800` }] }],
    ['MACRO_UNFIT', { macros: [{ ...OTJ, name: 'otj-macro\n' }] }],
    ['PASSPHRASE_POLICY', { policy: { ...FACTS.policy, minimum: { ...FACTS.policy.minimum, MinimumSpecial: 4 } } }],
    ['PASSPHRASE_POLICY', { policy: { ...FACTS.policy, minimum: { ...FACTS.policy.minimum, MinimumLength: 30 } } }],
  ] as const)('stop with %s before anything is changed', async (code, change) => {
    const { identity } = FACTS;
    const seen = await inspect('check.fit', { ...structuredClone(change), identity } as Partial<CiscoFacts>);
    expect(seen).toMatchObject({ holds: false, problem: { code } });
  });

  it.each(['Installing', 'InstallingPeripherals', 'UpgradingPeripherals', 'AboutToInstallUpgrade'])(
    'stop while an upgrade is at %s',
    async (upgrade) => {
      const seen = await inspect('check.fit', outside({ upgrade }));
      expect(seen).toMatchObject({ holds: false, problem: { code: 'UPGRADING' } });
    },
  );

  it('never say that there is no call where nothing is told of calls', async () => {
    const seen = await inspect('check.call', { calls: null });
    expect(seen).toEqual({ holds: true, words: 'the codec does not tell whether it is in a call' });
  });

  it('go on while new software only downloads', async () => {
    expect(await inspect('check.fit', outside({ upgrade: 'Downloading' }))).toMatchObject({ holds: true });
  });

  it('leave what a macro cannot carry over HTTPS to SSH', async () => {
    const macros = [{ ...OTJ, content: `${OTJ.content}\u0001` }];
    const https: Xapi = { ...SILENT, link: { transport: 'https', weakness: null } };
    expect(await inspect('check.fit', { macros })).toMatchObject({ holds: true });
    expect(await inspect('check.fit', { macros }, {}, https)).toMatchObject({ problem: { code: 'MACRO_UNFIT' } });
  });

  it('go on with macros that the technician has judged', async () => {
    const macros = [{ ...OTJ, content: '// otj.pexip.io' }];
    for (const wish of [{ takeMacros: ['otj-macro'] }, { leaveMacros: ['otj-macro'] }])
      expect(await inspect('check.fit', { macros }, wish)).toMatchObject({ holds: true });
  });

  it('ask no cloud codec for what only Infinity would need', async () => {
    const cloud = outside({ webex: { status: 'Registered', developerId: null } });
    const change = { ...settings({ 'NetworkServices HTTPS VerifyClientCertificate': 'On' }), ...cloud, users: null };
    expect(await inspect('check.fit', change)).toMatchObject({ holds: true });
    expect(await inspect('check.webex', cloud)).toMatchObject({
      holds: true,
      words: expect.stringContaining('type WEBEX'),
    });
  });

  const clock = (minutes: number) => ({ clock: { time: '2026-01-01T08:00:00.000Z', offsetMs: minutes * 60_000 } });
  it.each([
    ['check.call', 'IN_CALL', 'call', { calls: 1 }],
    ['check.clock', 'CLOCK_WRONG', 'clock', clock(6)],
    ['check.clock', 'CLOCK_WRONG', 'clock', clock(-6)],
    ['check.manager', 'MANAGED', 'manager', outside({ manager: { name: 'TMS', address: null } })],
  ] as const)('%s stops with %s unless the technician has accepted it', async (id, code, objection, change) => {
    expect(await inspect(id, change)).toMatchObject({ holds: false, problem: { code } });
    expect(await inspect(id, change, { accepted: [objection] })).toMatchObject({ holds: true });
    const others = (['call', 'clock', 'manager'] as const).filter((one) => one !== objection);
    expect(await inspect(id, change, { accepted: others })).toMatchObject({ holds: false });
  });

  it('bear a clock that is five minutes off, or not told', async () => {
    for (const minutes of [5, -5]) expect(await inspect('check.clock', clock(minutes))).toMatchObject({ holds: true });
    expect(await inspect('check.clock', { clock: null })).toMatchObject({ holds: true });
  });
});

describe('a macro that is put back', () => {
  const on = (change: Partial<CiscoFacts['settings']>, software: string) => {
    const facts = ciscoFacts([], { identity: { ...FACTS.identity, software } });
    return mustTranspile({ ...facts, settings: { ...facts.settings, ...change } });
  };
  const engine = (quick: string | null, transpiled: string | null) => ({
    'Macros QuickJSEngine': quick,
    'Macros EvaluateTranspiled': transpiled,
  });

  it.each([
    ['ce9.2.1.0', engine(null, null), null],
    ['ce9.15.17.4.1a2b3c4d5e6', engine(null, null), true],
    ['ce10.19.4.2', engine(null, null), true],
    ['ce11.14.2.1', engine(null, null), true],
    ['ce11.14.2.3', engine(null, null), true],
    ['ce11.27.2.0', engine('On', 'True'), true],
    ['ce11.27.2.0', engine('On', 'False'), false],
    ['ce11.27.2.0', engine('Off', 'False'), true],
    ['ce26.4.1.0', engine(null, null), false],
    ['ce26.4.1.0', engine('Off', null), true],
    ['ce26.4.1.0', engine('On', 'True'), true],
  ] as const)('on %s with %j is translated: %s', (software, change, expected) => {
    expect(on(change, software)).toBe(expected);
  });
});

describe('the log of macros', () => {
  it('is read through all its pages, and ends where a codec has none', async () => {
    const line = (at: number) => ({ Offset: at, Macro: { Value: 'a' }, Level: 'Info', Message: `line ${at}` });
    const read = (command: Xapi['command']) => readMacroLog({ ...SILENT, command });
    const paged = await read(async (_path, params = {}) => ({
      status: 'OK',
      Line: [0, 1, 2, 3, 4]
        .slice(Number(params.Offset ?? 0))
        .slice(0, 2)
        .map(line),
    }));
    expect(paged?.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((at) => `line ${at}`));
    for (const number of ['Offset', 'id']) {
      const old = await read(async (_path, params = {}) => ({
        status: 'OK',
        Line: [700, 701, 702, 703]
          .filter((at) => at >= Number(params.Offset ?? 0))
          .map((at) => ({ [number]: String(at), Macro: 'a', Message: `line ${at}` }))
          .slice(0, 3),
      }));
      expect(old?.map(({ text }) => text)).toEqual([700, 701, 702, 703].map((at) => `line ${at}`));
    }
    expect(await read(async () => ({ status: 'OK', Line: line(1) }))).toHaveLength(1);
    expect(await read(async () => ({ status: 'OK' }))).toEqual([]);
    const refused = async () => {
      throw new OtjError('REFUSED', 'Unknown command');
    };
    expect(await read(refused)).toBeNull();
  });
});

describe('a macro runtime that is stopped', () => {
  const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token' });

  it('stays so, and one of which nothing is told is restarted', async () => {
    const restart = (runtime: CiscoFacts['runtime']) =>
      steps(SILENT, { facts: ciscoFacts(PAIR, { runtime }) })('macro.runtime').inspect();
    expect(await restart('stopped')).toMatchObject({ holds: true });
    expect(await restart('running')).toMatchObject({ holds: false });
    expect(await restart(null)).toMatchObject({ holds: false });
  });

  it.each([
    [{ Running: { Value: 'True' } }, 'running'],
    [{ running: { Value: 'false' } }, 'stopped'],
    [{ Runtime: { State: { Value: 'Stopped' } } }, 'stopped'],
    [{ status: 'OK', ActiveMacros: { Value: '0' } }, null],
    [{ State: { Value: 'Perhaps' } }, null],
  ])('is told from %j', (result, state) => {
    expect(runtimeIn(result)).toBe(state);
  });
});

describe('the old meetings', () => {
  const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token' });
  const clears = (ids: string[], wasDone = false, given: Given = {}) => {
    const sent: string[] = [];
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async (path) => {
        sent.push(path);
        return {
          status: 'OK',
          Booking: path === 'Bookings List' && sent.length === 1 ? ids.map((Id) => ({ Id })) : [],
        };
      },
    };
    const facts = ciscoFacts(PAIR, { bookings: { ids: ['old'], lastUpdated: null, answer: '{}' } });
    const wish = { ...WISH, clearBookings: true };
    return { step: steps(xapi, { facts, wish, wasDone, ...given })('bookings.clear'), sent };
  };

  it('are taken off while they show', async () => {
    const { step, sent } = clears(['old', 'other']);
    expect(await step.inspect()).toMatchObject({ holds: false });
    await step.apply?.();
    expect(await step.inspect()).toMatchObject({ holds: true });
    expect(sent).toContain('Bookings Clear');
  });

  it.each([
    ['are gone when Infinity has pushed in the moment of the clearing, with the same ids', 't2', true],
    ['are still there when the clearing did nothing', 't1', false],
  ])('%s', async (_what, afterwards, expected) => {
    let lastUpdated = 't1';
    const xapi: Xapi = {
      ...NO_LINK,
      get: async () => undefined,
      command: async (path) => {
        if (path === 'Bookings Clear') lastUpdated = afterwards;
        return { status: 'OK', LastUpdated: { Value: lastUpdated }, Booking: [{ Id: { Value: 'old' } }] };
      },
    };
    const facts = ciscoFacts(PAIR, { bookings: { ids: ['old'], lastUpdated: 't1', answer: '{}' } });
    const step = steps(xapi, { facts, wish: { ...WISH, clearBookings: true }, saved: backupOf(facts) })(
      'bookings.clear',
    );
    expect(await step.inspect()).toMatchObject({ holds: false });
    await step.apply?.();
    expect(await step.inspect()).toMatchObject({ holds: expected });
  });

  it("are not looked for again once they were taken off: these are Infinity's", async () => {
    const { step, sent } = clears(['old'], true);
    expect(await step.inspect()).toMatchObject({ holds: true });
    expect(sent).toEqual([]);
  });

  it('stay while Infinity does not know of the room, which is said', async () => {
    const { step, sent } = clears(['old'], false, { isEntryOwed: true });
    expect(await step.inspect()).toMatchObject({ holds: true, words: expect.stringContaining('stay until Infinity') });
    expect(sent).toEqual([]);
    const facts = ciscoFacts(PAIR, {
      outside: { ...FACTS.outside, webex: { status: 'Registered', developerId: null } },
    });
    expect(await clears(['old'], false, { facts }).step.inspect()).toMatchObject({ holds: true });
  });

  it('are gone when others show', async () => {
    expect(await clears(['new']).step.inspect()).toMatchObject({ holds: true });
  });
});
