import { describe, expect, it } from 'vitest';
import type { Check, JobItem } from '../../main/contract/jobs.ts';
import { lineOf, polyLoginWanted } from '../../renderer/screens/checks/checkLines.ts';
import { takenFields, takenRows, toPrepare } from '../../renderer/screens/checks/taken.ts';
import { makeRoom } from '../support/roomRow.ts';

const facts = (...checks: Check[]) => ({ checks, credentials: [], pinned: true, infinitySet: true, rooms: 3 });
const problem = (code: NonNullable<Check['problem']>['code']) =>
  ({ code, class: 'precondition', happened: '', todo: '' }) as const;

describe('a line of the readiness list', () => {
  it('claims nothing before anything was looked at', () => {
    expect(lineOf('infinity.group', facts())).toMatchObject({ status: 'unchecked', said: null, act: null });
    expect(lineOf('microsoft', facts())).toMatchObject({ status: 'unchecked', said: { key: 'microsoft' } });
  });

  it('offers what is plainly missing before anything was looked at', () => {
    expect(lineOf('infinity.login', facts()).act).toBe('login');
    expect(lineOf('infinity.set', facts()).act).toBeNull();
    expect(lineOf('infinity.set', { ...facts(), infinitySet: false }).act).toBe('setInfinity');
    expect(lineOf('rooms.list', { ...facts(), rooms: 0 }).act).toBe('import');
    expect(lineOf('rooms.list', facts()).act).toBeNull();
  });

  it('says which check has to come first', () => {
    const unchecked = { id: 'infinity.group', status: 'unchecked', evidence: 'x' } as const;
    const good = (id: Check['id']): Check => ({ id, status: 'pass', evidence: '' });
    expect(lineOf('infinity.group', facts(unchecked)).said).toEqual({ key: 'setFirst' });
    expect(lineOf('infinity.group', facts(good('infinity.set'), unchecked)).said).toEqual({ key: 'certificateFirst' });
    const both = [good('infinity.set'), good('infinity.certificate')];
    expect(lineOf('infinity.group', facts(...both, unchecked)).said).toEqual({ key: 'loginFirst' });
    expect(lineOf('infinity.group', facts(...both, good('infinity.login'), unchecked)).said).toEqual({
      key: 'groupFirst',
    });
  });

  it('offers what mends it, and nothing where all is well', () => {
    const failed = (id: Check['id'], code: NonNullable<Check['problem']>['code']): Check => ({
      id,
      status: 'fail',
      evidence: '',
      problem: problem(code),
    });
    const actOf = (check: Check) => lineOf(check.id, facts(check)).act;
    expect(actOf(failed('infinity.certificate', 'HANDSHAKE'))).toBe('certificate');
    expect(actOf(failed('infinity.certificate', 'INFINITY_UNREACHABLE'))).toBe('changeInfinity');
    expect(actOf(failed('infinity.login', 'INFINITY_LOGIN'))).toBe('login');
    expect(actOf(failed('logins.poly', 'CREDENTIAL_MISSING'))).toBe('polyLogin');
    expect(actOf({ id: 'logins.poly', status: 'pass', evidence: 'admin' })).toBeNull();
    const group = { ...failed('logins.poly', 'CREDENTIAL_MISSING'), purpose: 'poly-group' } as const;
    expect(polyLoginWanted([group], ['poly-videoos'])).toBe('poly-group');
    expect(polyLoginWanted([], ['cisco-roomos', 'poly-trio', null])).toBe('poly-trio');
    expect(polyLoginWanted([], [])).toBe('poly-videoos');
    const place = { path: ['One-Touch Join', 'OTJ Profiles'], assumed: true };
    const calendar = { ...failed('infinity.calendar', 'INFINITY_SETUP'), place };
    expect(lineOf('infinity.calendar', facts(calendar)).place).toEqual(place);
    expect(lineOf('infinity.calendar', facts({ ...calendar, status: 'pass' })).place).toBeNull();
  });

  it('says why, where the services tell it, whatever the outcome', () => {
    const check: Check = { id: 'infinity.reach', status: 'warn', evidence: 'conf-1', count: 2, reason: 'reach-names' };
    expect(lineOf('infinity.reach', facts(check))).toMatchObject({
      said: { key: 'reason', reason: 'reach-names', count: 2 },
      evidence: 'conf-1',
    });
    const untold: Check = {
      id: 'infinity.replication',
      status: 'unchecked',
      evidence: '',
      reason: 'replication-untold',
    };
    expect(lineOf('infinity.replication', facts(untold)).said).toMatchObject({ key: 'reason' });
  });

  it('reads the numbers of the licences and leaves other words as they are', () => {
    const check = (evidence: string): Check => ({ id: 'infinity.licences', status: 'pass', evidence });
    expect(lineOf('infinity.licences', facts(check('22 of 56 used, 24 more needed')))).toMatchObject({
      said: { key: 'licences', used: '22', total: '56', needed: '24' },
      evidence: '',
    });
    expect(lineOf('infinity.licences', facts(check('plenty')))).toMatchObject({ said: null, evidence: 'plenty' });
  });
});

describe('entries that were taken over', () => {
  it('are read field by field, whatever their values hold', () => {
    expect(takenFields('entry 12; name: Fjord → Fjord 2; description: a; b → c → d; e; port: null → 8443')).toEqual([
      { field: 'name', before: 'Fjord', after: 'Fjord 2' },
      { field: 'description', before: 'a; b', after: 'c → d; e' },
      { field: 'port', before: 'null', after: '8443' },
    ]);
    expect(takenFields('entry 12')).toEqual([]);
  });

  it('become rows of one table', () => {
    const item: JobItem = {
      at: '2026-11-24T10:00:00.000Z',
      roomId: 3,
      about: 'Fjord',
      what: 'taken-over',
      words: 'entry 12; name: a → b',
      problem: null,
    };
    expect(takenRows([item, { ...item, what: 'prepared' }])).toEqual([
      { key: '3/name', roomId: 3, room: 'Fjord', field: 'name', before: 'a', after: 'b' },
    ]);
  });
});

describe('what is to be prepared', () => {
  it('counts no entry as written that somebody has changed, and looks at it all the same', () => {
    const rooms = [1, 2].map((id) => makeRoom({ id, address: `10.0.0.${id}`, onInfinity: true, state: 'not started' }));
    const row = (roomId: number, action: 'change' | 'conflict') => ({
      roomId,
      room: `R${roomId}`,
      action,
      writes: true,
      entryId: roomId,
      fields: [],
      problem: null,
    });
    const drift = { rows: [row(1, 'change'), row(2, 'conflict')] };
    expect(toPrepare(rooms, drift)).toMatchObject({ ids: [1, 2], open: 1, differ: 2 });
  });
});
