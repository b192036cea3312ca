import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import type { ErrorCode, Problem } from '../../main/contract/errors.ts';
import type { RoomRow, StepRecord } from '../../main/contract/rooms.ts';
import type { Known } from '../../renderer/screens/room/deed.ts';
import { type Around, nextAction, startsWork, wasTouched } from '../../renderer/screens/room/nextAction.ts';
import { doubtfulMacros, keyChanges, macrosInTheWay } from '../../renderer/screens/room/said.ts';
import { makeDevice } from '../support/roomRow.ts';

const ROW: RoomRow = {
  id: 7,
  name: 'Fjord',
  building: 'Oslo',
  floor: '3',
  mailbox: 'fjord@example.com',
  state: 'not started',
  stateAt: '2026-11-23T13:00:00.000Z',
  code: null,
  family: 'cisco-roomos',
  model: null,
  address: '127.0.0.1',
  serial: 'FOC1',
  owed: 0,
  manual: 0,
  onInfinity: true,
  interrupted: false,
  undoUnfinished: false,
  withoutSince: null,
  withoutOtjMs: null,
};
const QUIET: Around = {
  job: null,
  working: false,
  locked: false,
  elsewhere: false,
  offline: false,
  newLogin: false,
};
const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)];

function known(row: Partial<RoomRow>, detail: Partial<NonNullable<Known['detail']>> = {}): Known {
  return {
    room: { ...ROW, ...row },
    detail: {
      problem: null,
      device: null,
      pins: { ssh: OLD, tls: null },
      takeMacros: [],
      leaveMacros: [],
      accepted: [],
      steps: [],
      lastRun: null,
      ...detail,
    },
  };
}

function problem(code: ErrorCode, words?: string, effects?: Problem['effects']): Problem {
  const { class: kind, happened, todo } = CATALOGUE[code];
  return { code, class: kind, happened, todo, ...(words ? { words } : {}), ...(effects ? { effects } : {}) };
}

function troubled(code: ErrorCode, words?: string, more: Partial<NonNullable<Known['detail']>> = {}): Known {
  return known({ state: 'needs attention', code }, { problem: problem(code, words), ...more });
}

const does = (facts: Known, around: Partial<Around> = {}) => nextAction(facts, { ...QUIET, ...around }).primary?.do;

describe('the next true thing in a room', () => {
  it.each<[string, Partial<RoomRow>, Partial<Around>, string | undefined]>([
    ['a new room is checked', {}, {}, 'check'],
    ['a room without an address is given one', { address: null }, {}, 'address'],
    ['a checked room is migrated', { state: 'ready' }, {}, 'migrate'],
    ['a room of a kind that is not confirmed goes first', { state: 'ready', code: 'PILOT_NEEDED' }, {}, 'pilot'],
    ['a room that waits for its pilot is left for now', { state: 'ready', code: 'PILOT_WAITS' }, {}, 'next'],
    ['a half-way room that has to go first, too', { state: 'needs attention', code: 'PILOT_NEEDED' }, {}, 'pilot'],
    ['and one that was cut off', { state: 'in progress', interrupted: true, code: 'PILOT_NEEDED' }, {}, 'pilot'],
    [
      'a half-way room whose pilot is another is left for now',
      { state: 'in progress', interrupted: true, code: 'PILOT_WAITS' },
      {},
      'next',
    ],
    ['a room under work has nothing to press', { state: 'in progress' }, {}, undefined],
    ['a room of the running job has nothing to press', { state: 'ready' }, { working: true }, undefined],
    ['a room that was cut off is carried on', { state: 'in progress', interrupted: true }, {}, 'carryOn'],
    ['a half undone room is undone to its end', { state: 'needs attention', undoUnfinished: true }, {}, 'finishUndo'],
    [
      'an undo that was cut off, too',
      { state: 'in progress', interrupted: true, undoUnfinished: true },
      {},
      'finishUndo',
    ],
    ['a room that owes something is synced', { state: 'awaiting sync' }, {}, 'sync'],
    ['away from Infinity it is left for later', { state: 'awaiting sync' }, { offline: true }, 'next'],
    ['after a migrated room comes the next', { state: 'migrated' }, {}, 'next'],
    ['after an undone room comes the next', { state: 'undone' }, {}, 'next'],
  ])('%s', (_, row, around, action) => {
    expect(does(known(row), around)).toBe(action);
  });

  it('lets a pilot of a device that is gone be given up, whatever was begun on it', () => {
    const words = (name: string) => ({ problem: problem('PILOT_WAITS', `${name}: StudioX50 4.3.0`) });
    for (const row of [{ state: 'ready' }, { state: 'needs attention' }] as const) {
      expect(does(known({ ...row, code: 'PILOT_WAITS' }, words('Fjord, device 8L1')))).toBe('pilots');
      expect(does(known({ ...row, code: 'PILOT_WAITS' }, words('Skog')))).toBe('next');
    }
  });

  it('takes three clicks from arrival to done', () => {
    const course = ['not started', 'ready', 'migrated'] as const;
    expect(course.map((state) => does(known({ state })))).toEqual(['check', 'migrate', 'next']);
  });

  it('knows a way on for every error there is, before and after the details are loaded', () => {
    for (const code of Object.keys(CATALOGUE) as ErrorCode[]) {
      expect(does(troubled(code)), code).toBeTruthy();
      expect(does({ room: { ...ROW, state: 'needs attention', code }, detail: null }), code).toBeTruthy();
    }
  });

  it.each<[ErrorCode, string]>([
    ['NO_ADDRESS', 'check'],
    ['MACRO_UNCERTAIN', 'macro'],
    ['LOGIN_REFUSED', 'login'],
    ['CREDENTIAL_MISSING', 'login'],
    ['TRUST_CHANGED', 'trust'],
    ['IDENTITY_MISMATCH', 'identity'],
    ['UNDO_UNFINISHED', 'finishUndo'],
    ['NOT_PREPARED', 'check'],
    ['INFINITY_SETUP', 'infinity'],
    ['IN_CALL', 'check'],
  ])('after %s it says %s', (code, action) => {
    expect(does(troubled(code))).toBe(action);
  });

  it('never offers the same thing twice', () => {
    for (const code of Object.keys(CATALOGUE) as ErrorCode[]) {
      const { primary, second } = nextAction(troubled(code), QUIET);
      expect(second?.do, code).not.toBe(primary?.do);
    }
  });
});

describe('a cause that was put right', () => {
  it('a login that was stored since', () => {
    expect(does(troubled('LOGIN_REFUSED'), { newLogin: true })).toBe('check');
  });

  it('a refused login is tried again only when somebody insists', () => {
    expect(nextAction(troubled('LOGIN_REFUSED'), QUIET).second).toEqual({ do: 'check', insist: true });
  });

  it('an entry that Infinity has by now', () => {
    const row = { state: 'needs attention', code: 'NOT_PREPARED' } as const;
    expect(does(known({ ...row, onInfinity: false }))).toBe('prepare');
    expect(does(known({ ...row, onInfinity: true }))).toBe('check');
  });

  it('an entry about which somebody has decided, once that is delivered', () => {
    const row = { state: 'needs attention', code: 'INFINITY_CHANGED' } as const;
    expect(does(known({ ...row, onInfinity: false, owed: 1 }))).toBe('conflict');
    expect(does(known({ ...row, onInfinity: true, owed: 1 }))).toBe('conflict');
    // Seen by a dry run, which leaves nothing to decide about.
    expect(does(known({ ...row, onInfinity: false, owed: 0 }))).toBe('prepare');
    expect(does(known({ ...row, onInfinity: true, owed: 0 }))).toBe('check');
  });

  it('keys that are no longer pinned', () => {
    const words = `ssh: known ${OLD}, shown ${NEW}`;
    expect(does(troubled('TRUST_CHANGED', words))).toBe('trust');
    // Where the words name no key, it takes another look to see it.
    expect(nextAction(troubled('TRUST_CHANGED'), QUIET).second).toMatchObject({ do: 'check' });
    expect(does(troubled('TRUST_CHANGED', words, { pins: { ssh: null, tls: null } }))).toBe('check');
  });

  it('the certificate of Infinity is not the key of the device', () => {
    expect(does(troubled('INFINITY_TRUST', `known ${OLD}, shown ${NEW}`))).toBe('infinity');
  });

  it('every doubtful macro is judged', () => {
    const words = 'my-otj (55 points: has `otj` in its name; calls a host). old (40 points: speaks of it)';
    expect(does(troubled('MACRO_UNCERTAIN', words, { takeMacros: ['my-otj'] }))).toBe('macro');
    expect(does(troubled('MACRO_UNCERTAIN', words, { takeMacros: ['my-otj', 'old'] }))).toBe('check');
    expect(does(troubled('MACRO_UNCERTAIN', words, { takeMacros: ['my-otj'], leaveMacros: ['old'] }))).toBe('check');
  });

  it('the serial number that was expected is another one now', () => {
    const words = 'expected FOC0, found FOC1 (Room Kit)';
    expect(does(troubled('IDENTITY_MISMATCH', words))).toBe('check');
    expect(does(troubled('IDENTITY_MISMATCH', 'expected FOC1, found FOC2 (Room Kit)'))).toBe('identity');
    expect(does(troubled('IDENTITY_MISMATCH', 'FOC1 is the device of room Hav'))).toBe('identity');
  });
});

describe('a decision where a check objects', () => {
  const second = (facts: Known) => nextAction(facts, QUIET).second;
  const again = { do: 'check', insist: false };

  it('goes ahead in spite of a call, one time', () => {
    expect(second(troubled('IN_CALL'))).toEqual({ do: 'inCall', undo: false });
    const undone = { kind: 'undo', technician: 'Kim', startedAt: ROW.stateAt } as const;
    expect(second(troubled('IN_CALL', undefined, { lastRun: undone }))).toEqual({ do: 'inCall', undo: true });
    const halfUndone = known({ state: 'needs attention', code: 'IN_CALL', undoUnfinished: true });
    expect(second(halfUndone)).toEqual({ do: 'inCall', undo: true });
  });

  it.each([
    ['MANAGED', 'manager'],
    ['CLOCK_WRONG', 'clock'],
    ['SERVER_UNJUDGED', 'certificate'],
  ] as const)('after %s it is kept with the room, and asked for once', (code, what) => {
    expect(second(troubled(code))).toEqual({ do: 'accept', what, afterwards: again });
    expect(second(troubled(code, undefined, { accepted: [what] }))).toBeNull();
  });

  it('allows old encryption for a device that is known', () => {
    const device = makeDevice({ id: 1 });
    expect(second(troubled('LEGACY_NEEDED', undefined, { device }))).toEqual({ do: 'legacy', afterwards: again });
    expect(second(troubled('LEGACY_NEEDED', undefined, { device: { ...device, legacy: true } }))).toBeNull();
    expect(second(troubled('LEGACY_NEEDED'))).toBeNull();
  });

  it('shows what stands in the way of an undo, however it ended', () => {
    const halfUndone = known({ state: 'needs attention', code: 'MACRO_IN_THE_WAY', undoUnfinished: true });
    for (const one of [troubled('MACRO_IN_THE_WAY'), halfUndone]) expect(second(one)).toEqual({ do: 'overwrite' });
  });

  it('is not there for a call on a Poly device, which is never written to during one', () => {
    expect(second(known({ state: 'needs attention', code: 'IN_CALL', family: 'poly-videoos' }))).toBeNull();
  });

  it('waits for other work in this site', () => {
    const { blocked } = nextAction(troubled('MANAGED'), { ...QUIET, job: { kind: 'sync' } });
    expect(blocked).toBe('job');
    expect(startsWork({ do: 'inCall', undo: false })).toBe(true);
    expect(startsWork({ do: 'macro' })).toBe(false);
  });
});

describe('trying again', () => {
  const touched = problem('TIMEOUT', undefined, [{ step: 'account', what: 'Make account', outcome: 'done' }]);
  const step: StepRecord = {
    runId: 1,
    step: 'account',
    title: 'Make account',
    status: 'failed',
    at: ROW.stateAt,
    ms: 1,
    words: null,
    problem: problem('TIMEOUT'),
    changes: [],
  };
  const lastRun = { kind: 'migrate', technician: 'Kim', startedAt: ROW.stateAt } as const;

  it('runs a room that was touched, and only looks at one that was not', () => {
    const row = { state: 'needs attention', code: 'TIMEOUT' } as const;
    expect(does(known(row, { problem: touched }))).toBe('retry');
    expect(does(known(row, { problem: problem('TIMEOUT') }))).toBe('check');
    expect(does(known(row, { problem: problem('TIMEOUT'), steps: [step], lastRun }))).toBe('retry');
  });

  it('counts an unknown effect as a touch', () => {
    expect(wasTouched(problem('TIMEOUT', undefined, [{ step: 'a', what: 'A', outcome: 'unknown' }]))).toBe(true);
    expect(wasTouched(problem('TIMEOUT', undefined, [{ step: 'a', what: 'A', outcome: 'not tried' }]))).toBe(false);
    expect(wasTouched(null)).toBe(false);
  });
});

describe('what stands in the way of a button', () => {
  it('work in this site and in another program', () => {
    expect(nextAction(known({ state: 'ready' }), { ...QUIET, job: { kind: 'sync' } }).blocked).toBe('job');
    expect(nextAction(known({ state: 'ready' }), { ...QUIET, elsewhere: true }).blocked).toBe('elsewhere');
    expect(nextAction(known({ state: 'migrated' }), { ...QUIET, job: { kind: 'run' } }).blocked).toBeNull();
  });

  it('a locked site asks for the passphrase only where secrets are needed', () => {
    expect(nextAction(known({ state: 'ready' }), { ...QUIET, locked: true }).unlock).toBe(true);
    expect(nextAction(known({ state: 'migrated' }), { ...QUIET, locked: true }).unlock).toBe(false);
    expect(nextAction(known({ address: null }), { ...QUIET, locked: true }).unlock).toBe(false);
  });
});

describe('words of a problem', () => {
  it('tells known and shown fingerprints apart', () => {
    expect(keyChanges(`tls: known ${OLD}, shown ${NEW}`)).toEqual([{ kind: 'tls', known: OLD, shown: NEW }]);
    expect(keyChanges('the key is another one')).toEqual([]);
  });

  it('names each doubtful macro with its reasons', () => {
    const words =
      'my-otj (55 points: has `otj` in its name; speaks of One-Touch Join). room (a) (40 points: calls Pexip (otj.pexip.io))';
    expect(doubtfulMacros(words)).toEqual([
      { name: 'my-otj', score: 55, reasons: ['has `otj` in its name', 'speaks of One-Touch Join'] },
      { name: 'room (a)', score: 40, reasons: ['calls Pexip (otj.pexip.io)'] },
    ]);
    expect(doubtfulMacros('')).toEqual([]);
  });

  it('names the macros in the way of an undo: only such as were taken', () => {
    const of = { kind: 'taken', sha256: OLD, bytes: 1, savedAt: ROW.stateAt };
    const backup = [
      { ...of, name: 'otj', open: true },
      { ...of, name: 'otj', open: true },
      { ...of, name: 'otj-old', open: false },
      { ...of, name: 'otj-settings', open: true },
    ];
    const words = 'otj, otj-old, lights';
    expect(macrosInTheWay({ problem: problem('MACRO_IN_THE_WAY', words), backup })).toEqual(['otj']);
    expect(macrosInTheWay({ problem: problem('IN_CALL', 'otj'), backup })).toEqual([]);
    expect(macrosInTheWay({ problem: null, backup })).toEqual([]);
  });
});
