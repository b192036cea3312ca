import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../main/contract/device.ts';
import type { Wish } from '../../main/endpoints/driver.ts';
import { findSet, groupMapping, videoosMapping as mapping, trioMapping } from '../../main/endpoints/poly/mapping.ts';
import { backupOf, savedCalendar } from '../../main/endpoints/poly/videoos/backup.ts';
import { polyVideoOs } from '../../main/endpoints/poly/videoos/driver.ts';
import { chooseSet, judgeProvisioning, type PolyFacts, probeNames } from '../../main/endpoints/poly/videoos/facts.ts';
import {
  clockObstacle,
  migrationObstacle,
  serverObstacle,
  stateObstacle,
  undoObstacle,
} from '../../main/endpoints/poly/videoos/fit.ts';
import { chosenSet, migrationWrites, restoredValues, restoreWrites } from '../../main/endpoints/poly/videoos/plan.ts';
import { type ConfigVars, parseConfig } from '../../main/endpoints/poly/videoos/replies.ts';

const WISH: Wish = {
  mailbox: 'fjord@example.com',
  login: { username: 'otj-fjord', password: 'NewSecret-1234567890' },
  server: 'otj1.example.com',
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

const CURRENT: Record<string, string> = {
  'cal.enabled': 'True',
  'cal.ews.server': 'old.example.net',
  'cal.ews.mailbox': 'fjord@example.com',
  'cal.ews.domain': '',
  'cal.ews.username': 'old-fjord',
  'cal.ews.password': 'shown-by-mistake',
  'cal.ews.secureconnectionprotocol': 'Auto',
};

function varsOf(values: Record<string, string>, more: Record<string, object> = {}): ConfigVars {
  const vars = Object.entries(values).map(([name, value]) => ({ name, value, result: 'NOERROR', ...more[name] }));
  const parsed = parseConfig(JSON.stringify({ vars }));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value.vars;
}

function factsOf(change: Partial<PolyFacts> = {}, values = CURRENT): PolyFacts {
  return {
    way: 'rest',
    identity: { serial: 'S1', mac: null, model: 'StudioX50', software: '4.2.0', systemName: 'Fjord' },
    inCall: false,
    told: [],
    state: 'READY',
    rebootNeeded: false,
    deviceMode: false,
    provider: null,
    trust: { validates: null, authority: null, unreadable: false },
    provisioning: { managed: false, server: null },
    calendar: {
      ...chooseSet(mapping, varsOf(values), new Map()),
      status: { state: 'registered', words: 'calendar registered' },
    },
    exportXml: '<PHONE_CONFIG/>',
    unread: [],
    ...change,
  };
}

const baselineOf = (facts: PolyFacts): Baseline => ({ items: backupOf(facts) });

describe('choosing the names', () => {
  it('asks for all candidates at once', () => {
    expect(probeNames(mapping)).toEqual(expect.arrayContaining(['cal.enabled', 'exchange.enable']));
  });

  it('takes the complete set and never keeps a password that a device shows', () => {
    const { calendar } = factsOf();
    expect(calendar.set).toBe('cal');
    expect(calendar.offered).not.toContain('cal.ews.oauth.enabled');
    expect(calendar.values['cal.ews.password']).toBeNull();
    expect(JSON.stringify(factsOf())).not.toContain('shown-by-mistake');
  });

  it.each([
    ['is missing', 'cal.ews.username', null],
    ['has an error', 'cal.ews.username', { result: 'INVALID' }],
    ['cannot be edited', 'cal.ews.password', { isEditable: false }],
  ])('takes no set of which a member %s', (_why, name, more) => {
    const values = { ...CURRENT };
    if (!more) delete values[name];
    const chosen = chooseSet(mapping, varsOf(values, more ? { [name]: more } : {}), new Map());
    expect(chosen.set).toBeNull();
    expect(chosen.missing[0]).toContain(name);
  });

  it('falls to the next set', () => {
    const names = findSet(mapping, 'exchange')?.members.map(({ name }) => name) ?? [];
    const chosen = chooseSet(mapping, varsOf(Object.fromEntries(names.map((name) => [name, 'false']))), new Map());
    expect(chosen.set).toBe('exchange');
  });

  it('sees when the export tells another server', () => {
    const other = chooseSet(mapping, varsOf(CURRENT), new Map([['exchange.server.url', 'x.example.org']]));
    expect(other.conflict).toContain('x.example.org');
    const same = chooseSet(mapping, varsOf(CURRENT), new Map([['exchange.server.url', 'OLD.example.net']]));
    expect(same.conflict).toBeNull();
  });

  it('tells a managed device by any source', () => {
    const on = new Map([['management.provisioning.enabled', 'true']]);
    expect(judgeProvisioning(mapping, varsOf({}), on).managed).toBe(true);
    const off = varsOf({ 'management.provisioning.enabled': 'False', 'management.provisioning.server': 'rm' });
    expect(judgeProvisioning(mapping, off, new Map())).toEqual({ managed: false, server: 'rm' });
    expect(judgeProvisioning(mapping, varsOf({ 'management.provisioning.server': 'rm' }), new Map()).managed).toBe(
      true,
    );
    const byRow = (...row: string[]) => judgeProvisioning(mapping, varsOf({}), new Map(), row).managed;
    expect([byRow('up'), byRow('off'), byRow('down'), byRow('constructor'), byRow()]).toEqual([
      true,
      false,
      null,
      null,
      null,
    ]);
    expect(judgeProvisioning(mapping, off, new Map(), ['up'])).toEqual({ managed: true, server: 'rm' });
  });
});

describe('the plan', () => {
  it('is pure, names every setting and holds no secret', () => {
    const facts = factsOf();
    const frozen = structuredClone(facts);
    const plan = polyVideoOs.plan(facts, WISH, null);
    expect(polyVideoOs.plan(facts, WISH, null)).toEqual(plan);
    expect(facts).toEqual(frozen);
    expect(plan.map(({ id }) => id)).toEqual([
      'check.fit',
      'calendar.set',
      'device.restart-if-asked',
      'calendar.registered',
      'calendar.meeting',
    ]);
    expect(plan[1]?.changes).toContainEqual({
      setting: 'cal.ews.server',
      before: 'old.example.net',
      after: 'otj1.example.com',
    });
    expect(plan[1]?.changes).toContainEqual({
      setting: 'cal.ews.password',
      before: 'old password (unreadable)',
      after: 'new password (sealed)',
    });
    expect(JSON.stringify(plan)).not.toContain(WISH.login.password);
  });

  it('only checks a device whose names are unknown', () => {
    const facts = factsOf({}, {});
    expect(polyVideoOs.plan(facts, WISH, null).map(({ id }) => id)).toEqual(['check.fit']);
    expect(migrationObstacle(mapping, facts, WISH)?.code).toBe('NAMES_UNKNOWN');
  });

  it('writes off first and on last', () => {
    const chosen = chosenSet(mapping, factsOf());
    if (!chosen) throw new Error('no set');
    const { disable, values, enable } = migrationWrites(chosen.set, chosen.members, WISH);
    expect(disable).toEqual([{ name: 'cal.enabled', value: 'False' }]);
    expect(enable).toEqual([{ name: 'cal.enabled', value: 'True' }]);
    expect(values.map(({ name }) => name)).not.toContain('cal.enabled');
    expect(values).toContainEqual({ name: 'cal.ews.password', value: WISH.login.password });
  });
});

describe('what forbids a change', () => {
  const calendar = (change: object) => ({ calendar: { ...factsOf().calendar, ...change } });
  it.each<[string, Partial<PolyFacts>, Partial<Wish>]>([
    ['MANAGED', { provisioning: { managed: true, server: 'rm.example.com' } }, {}],
    ['PROVIDER_MODE', { provider: 'Teams' }, {}],
    ['PARTLY_READ', { unread: ['/rest/provisioning/config: HTTP 503'] }, {}],
    ['ODD_REPLY', calendar({ conflict: 'two servers' }), {}],
    ['UNSUPPORTED', { identity: { ...factsOf().identity, model: 'RealPresence Group 500' } }, {}],
    ['VALUE_TOO_LONG', {}, { login: { username: 'u'.repeat(65), password: 'p' } }],
    ['VALUE_UNFIT', {}, { login: { username: 'u', password: 'p"q' } }],
    ['VALUE_UNFIT', {}, { mailbox: 'a@b\r\nc' }],
    ['VALUE_UNFIT', {}, { mailbox: '' }],
    ['VALUE_UNFIT', {}, { mailbox: 'fjord room@example.com' }],
    ['VALUE_UNFIT', {}, { server: 'https://otj1.example.com/EWS' }],
    ['VALUE_UNFIT', {}, { server: 'otj1.example.com:8443' }],
    ['VALUE_UNFIT', {}, { server: '2001:db8::1' }],
    ['VALUE_UNFIT', {}, { server: 'otj1..example.com' }],
    ['VALUE_UNFIT', {}, { server: 'otj1.example.com ' }],
    ['VALUE_TOO_LONG', {}, { server: `${'a.'.repeat(130)}example.com` }],
    ['INFINITY_SETUP', {}, { server: null }],
    ['NOT_PREPARED', {}, { login: { username: '', password: '' } }],
  ])('%s', (code, facts, wish) => {
    const obstacle = migrationObstacle(mapping, factsOf(facts), { ...WISH, ...wish });
    expect(obstacle?.code).toBe(code);
    expect(obstacle?.words).not.toContain('p"q');
  });

  it.each<[string, Partial<PolyFacts>, Wish['accepted']]>([
    ['MANAGED', { provisioning: { managed: true, server: 'rm.example.com' } }, ['manager']],
    ['PROVIDER_MODE', { provider: 'Teams' }, ['provider']],
    ['PARTLY_READ', { unread: ['/rest/provisioning/config: HTTP 503'] }, ['unread']],
  ])('%s no longer, once somebody has seen to it', (_code, facts, accepted) => {
    expect(migrationObstacle(mapping, factsOf(facts), { ...WISH, accepted })).toBeUndefined();
  });

  it('a clock that is off by every reading, and not one that may only be in its own zone', () => {
    const now = { serial: 'S1', state: 'READY', model: '', software: '', systemName: '', rebootNeeded: false };
    const off = (ms: number[]) => ({ ...now, clock: ms.map((one) => Date.now() + one) });
    expect(clockObstacle(off([0]), WISH)).toBeUndefined();
    expect(clockObstacle(off([3_600_000, 0]), WISH)).toBeUndefined();
    expect(clockObstacle(off([3_600_000, 3_600_000]), WISH)?.code).toBe('CLOCK_WRONG');
    expect(clockObstacle(off([3_600_000]), { ...WISH, accepted: ['clock'] })).toBeUndefined();
    expect(clockObstacle(now, WISH)).toBeUndefined();
  });

  it('a certificate of the node that the device would refuse, where it looks at certificates', () => {
    const look = { name: 'otj1.example.com', namesIt: true, trusted: true, subject: 'other', issuer: 'nobody' };
    const trust = (validates: boolean | null) => factsOf({ trust: { validates, authority: null, unreadable: false } });
    const hidden = factsOf({ trust: { validates: true, authority: null, unreadable: true } });
    const strange = { ...look, trusted: false };
    const known = { ...WISH, accepted: ['certificate' as const] };
    expect(serverObstacle(trust(true), look, WISH)).toBeUndefined();
    expect(serverObstacle(trust(true), strange, WISH)?.code).toBe('SERVER_UNTRUSTED');
    expect(serverObstacle(trust(true), { ...look, namesIt: false }, known)?.words).toContain('other');
    expect(serverObstacle(trust(false), strange, WISH)).toBeUndefined();
    expect(serverObstacle(trust(true), null, WISH)).toBeUndefined();
    expect(serverObstacle(hidden, strange, WISH)?.code).toBe('SERVER_UNJUDGED');
    expect(serverObstacle(hidden, strange, known)).toBeUndefined();
  });

  it('a port of the server, on every family, with the limit named', () => {
    for (const [of, values] of [
      [groupMapping, CURRENT],
      [trioMapping, Object.fromEntries(trioMapping.sets[0]?.members.map(({ name }) => [name, '0']) ?? [])],
    ] as const) {
      const model = of === groupMapping ? 'RealPresence Group 500' : 'Trio 8800';
      const facts = factsOf({
        identity: { ...factsOf().identity, model },
        calendar: { ...chooseSet(of, varsOf(values), new Map()), status: factsOf().calendar.status },
      });
      const wish = { ...WISH, accepted: ['restart' as const] };
      expect(migrationObstacle(of, facts, wish)).toBeUndefined();
      expect(migrationObstacle(of, facts, { ...wish, server: '10.1.2.3' })).toBeUndefined();
      const found = migrationObstacle(of, facts, { ...wish, server: 'otj1.example.com:8443' });
      expect([found?.code, found?.words]).toEqual(['VALUE_UNFIT', expect.stringContaining('without scheme, port')]);
    }
  });

  it('a device of another family, with what it is', () => {
    const identity = { ...factsOf().identity, model: 'RealPresence Group 500' };
    const found = migrationObstacle(mapping, factsOf({ identity, family: 'poly-group' }), WISH);
    expect([found?.code, found?.words]).toEqual(['FAMILY_CORRECTED', expect.stringContaining('poly-group and not')]);
  });

  it('nothing, on a good day', () => {
    expect(migrationObstacle(mapping, factsOf(), WISH)).toBeUndefined();
  });

  it('a call or a pending restart', () => {
    const now = { serial: 'S1', model: 'StudioX50', software: '', systemName: '', rebootNeeded: false };
    expect(stateObstacle({ ...now, state: 'IN_CALL' }, ['restart'])?.code).toBe('IN_CALL');
    expect(stateObstacle({ ...now, state: 'READY', rebootNeeded: true }, [])?.code).toBe('RESTART_NEEDED');
    expect(stateObstacle({ ...now, state: 'READY', rebootNeeded: true }, ['restart'])).toBeUndefined();
    expect(stateObstacle({ ...now, state: 'ASLEEP' }, [])).toBeUndefined();
  });
});

describe('backup and undo', () => {
  it('saves what can be read, says why the password is not in it, and reads it back', () => {
    const baseline = baselineOf(factsOf());
    expect(baseline.items.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['calendar/settings', 'calendar/export']);
    const content = JSON.parse(baseline.items[0]?.content ?? '');
    expect(content.settings['cal.ews.password']).toEqual({ value: null, reason: 'the device never tells it' });
    expect(savedCalendar(baseline)).toMatchObject({ set: 'cal', registered: true });
    expect(savedCalendar(baseline)?.values).not.toHaveProperty('cal.ews.password');
  });

  it('never takes the placeholder of an export for a value', () => {
    const facts = factsOf({}, { ...CURRENT, 'cal.ews.domain': 'REMOVED_SECURE_CONTENT' });
    expect(savedCalendar(baselineOf(facts))?.values).not.toHaveProperty('cal.ews.domain');
  });

  it.each([null, { items: [] }, { items: [{ kind: 'calendar', name: 'settings', content: '{"version":9}' }] }])(
    'understands no other baseline (%j)',
    (baseline) => {
      expect(savedCalendar(baseline)).toBeNull();
      expect(undoObstacle(mapping, factsOf(), WISH, baseline)?.code).toBe('BACKUP_MISSING');
      if (baseline) expect(() => polyVideoOs.planUndo(factsOf(), WISH, baseline)).toThrow('BACKUP_MISSING');
    },
  );

  it('shows the password in the undo plan only when one was typed', () => {
    const baseline = baselineOf(factsOf());
    const settings = (oldPassword: string | null) =>
      polyVideoOs.planUndo(factsOf(), { ...WISH, oldPassword }, baseline)[1]?.changes.map(({ setting }) => setting);
    expect(settings(null)).not.toContain('cal.ews.password');
    expect(settings('old-secret')).toContain('cal.ews.password');
  });

  it('saves what else the calendar has, leaves it to its owner, and puts it back where it was changed', () => {
    const kept = { 'cal.remindertime': '5', 'cal.playremindertone': 'True', 'cal.showprivatemeeting': 'False' };
    const before = factsOf({}, { ...CURRENT, ...kept });
    const baseline = baselineOf(before);
    expect(savedCalendar(baseline)?.values).toMatchObject(kept);
    const changes = polyVideoOs.plan(before, WISH, null).flatMap((step) => step.changes);
    for (const name of Object.keys(kept)) expect(changes.map(({ setting }) => setting)).not.toContain(name);
    const after = factsOf({}, { ...CURRENT, ...kept, 'cal.remindertime': '15', 'cal.playremindertone': 'on' });
    const undone = polyVideoOs.planUndo(after, WISH, baseline).flatMap((step) => step.changes);
    expect(undone.filter(({ setting }) => setting in kept)).toEqual([
      { setting: 'cal.remindertime', before: '15', after: '5' },
    ]);
    // A device that lacks them all is none the worse for it, and neither is a backup from before.
    expect(factsOf().calendar.set).toBe('cal');
    const older = polyVideoOs.planUndo(after, WISH, baselineOf(factsOf())).flatMap((step) => step.changes);
    expect(older.filter(({ setting }) => setting in kept)).toEqual([]);
  });

  it('leaves a calendar off that was off', () => {
    const saved = savedCalendar(baselineOf(factsOf({}, { ...CURRENT, 'cal.enabled': 'False' })));
    const chosen = chosenSet(mapping, factsOf());
    if (!saved || !chosen) throw new Error('no set');
    const writes = restoreWrites(chosen.set, restoredValues(chosen.set, chosen.members, saved, WISH));
    expect(writes.disable).toEqual([{ name: 'cal.enabled', value: 'False' }]);
    expect(writes.enable).toEqual([]);
    expect(writes.values).toContainEqual({ name: 'cal.ews.server', value: 'old.example.net' });
  });
});
