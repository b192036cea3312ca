import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import type { JobRoom } from '../../main/contract/jobs.ts';
import { actionFor, type CauseAction, failuresOf } from '../../renderer/screens/run/causes.ts';
import { layTiles, tileAfter } from '../../renderer/screens/run/tiles.ts';

describe('what to do about a cause', () => {
  const codes = Object.keys(CATALOGUE) as ErrorCode[];
  const by = (action: CauseAction) => codes.filter((code) => actionFor(code, 'run') === action).sort();

  it('is a login where a login is at fault', () => {
    expect(by('login')).toEqual([
      'ACCOUNT_EXPIRED',
      'CREDENTIAL_MISSING',
      'CREDENTIAL_PAUSED',
      'LOGIN_REFUSED',
      'NOT_ADMIN',
      'PASSPHRASE_CHANGE',
    ]);
  });

  it('is a look at the room where a person has to find out or decide', () => {
    expect(by('open')).toEqual([
      'ACCOUNT_TAKEN',
      'BACKUP_MISSING',
      'BY_HAND',
      'CLIENT_CERTIFICATE',
      'CLOCK_WRONG',
      'HANDSHAKE',
      'IDENTITY_MISMATCH',
      'INFINITY_VERSION',
      'LEGACY_NEEDED',
      'MACRO_IN_THE_WAY',
      'MACRO_UNCERTAIN',
      'MACRO_UNFIT',
      'MANAGED',
      'MATCH_REFUSED',
      'NAMES_UNKNOWN',
      'NOT_CONFIRMED',
      'OLD_PASSWORD_NEEDED',
      'PASSPHRASE_POLICY',
      'PILOT_NEEDED',
      'REFUSED',
      'TLS_TOO_OLD',
      'TRUST_CHANGED',
      'UNKNOWN_DEVICE',
      'UNSUPPORTED',
      'VALUE_TOO_LONG',
      'VALUE_UNFIT',
    ]);
  });

  it('is the place where it can be mended', () => {
    expect(by('match')).toEqual(['DEVICE_UNKNOWN', 'NO_ADDRESS']);
    expect(by('discover')).toEqual(['FAMILY_UNKNOWN']);
    expect(by('prepare')).toEqual(['NOT_PREPARED']);
    expect(by('undo')).toEqual(['UNDO_UNFINISHED']);
    expect(by('infinity')).toEqual([
      'CLOCK_SKEW',
      'INFINITY_LOGIN',
      'INFINITY_LOGIN_PAUSED',
      'INFINITY_NOT_SET',
      'INFINITY_ODD',
      'INFINITY_TRUST',
      'OAUTH_OFF',
    ]);
    expect(by('checks')).toEqual(['INFINITY_SETUP', 'LICENCES']);
    expect(by('sync')).toEqual([
      'INFINITY_CHANGED',
      'INFINITY_CONFLICT',
      'INFINITY_FORBIDDEN',
      'INFINITY_REFUSED',
      'INFINITY_UNREACHABLE',
    ]);
  });

  it('is to try again for all others', () => {
    expect(by('again')).toEqual(
      expect.arrayContaining(['UNREACHABLE', 'TIMEOUT', 'CONNECTION_LOST', 'IN_CALL', 'RATE_LIMITED', 'INTERNAL']),
    );
    const told = (
      ['login', 'open', 'match', 'discover', 'prepare', 'undo', 'infinity', 'checks', 'sync', 'taken'] as const
    )
      .map((action) => by(action).length)
      .reduce((sum, count) => sum + count, 0);
    expect(by('again')).toHaveLength(codes.length - told);
  });

  it('is to prepare once more when preparing failed: a sync has nothing of it', () => {
    expect(actionFor('INFINITY_REFUSED', 'prepare')).toBe('again');
    expect(actionFor('LOGIN_REFUSED', 'prepare')).toBe('login');
  });
});

describe('failures by their cause', () => {
  const room = (roomId: number, status: JobRoom['status'], code: ErrorCode | null, words?: string): JobRoom => ({
    roomId,
    status,
    state: code ? 'needs attention' : 'migrated',
    problem: code && new OtjError(code, words).toProblem(),
  });

  it('are grouped, the cause of most rooms first, with the words of the first device', () => {
    const { causes } = failuresOf(
      [
        room(1, 'ended', 'IN_CALL'),
        room(2, 'ended', 'TIMEOUT', 'no answer in 10 s'),
        room(3, 'ended', null),
        room(4, 'ended', 'TIMEOUT', 'other words'),
      ],
      'run',
      () => false,
    );
    expect(causes).toEqual([
      { code: 'TIMEOUT', rooms: [2, 4], without: [], words: 'no answer in 10 s', action: 'again' },
      { code: 'IN_CALL', rooms: [1], without: [], words: null, action: 'again' },
    ]);
  });

  it('come first where a room has no One-Touch Join at this moment', () => {
    const rooms = [room(1, 'ended', 'TIMEOUT'), room(2, 'ended', 'TIMEOUT'), room(3, 'ended', 'CONNECTION_LOST')];
    const { causes } = failuresOf(rooms, 'run', (id) => id === 3);
    expect(causes.map(({ code, without }) => [code, without])).toEqual([
      ['CONNECTION_LOST', [3]],
      ['TIMEOUT', []],
    ]);
  });

  it('know rooms that were left from rooms that failed, and stopped ones from both', () => {
    const failures = failuresOf(
      [
        room(1, 'left', 'BATCH_PAUSED'),
        room(2, 'left', null),
        room(3, 'ended', 'CANCELLED'),
        room(4, 'working', null),
        room(5, 'waiting', null),
      ],
      'run',
      () => false,
    );
    expect(failures).toEqual({ causes: [], left: [1, 2], stopped: [3] });
  });
});

describe('tiles', () => {
  const laptop = { width: 1040, height: 250, zoom: 1 };

  it('of 500 rooms fit on a laptop', () => {
    const { columns, rows, size, gap } = layTiles(500, laptop);
    expect(columns * (size + gap) - gap).toBeLessThanOrEqual(laptop.width);
    expect(rows * (size + gap) - gap).toBeLessThanOrEqual(laptop.height);
    expect(columns * rows).toBeGreaterThanOrEqual(500);
    expect(size).toBeGreaterThanOrEqual(18);
  });

  it('are large when there are few, and keep a size that can be hit when there are many', () => {
    expect(layTiles(24, laptop).size).toBe(36);
    expect(layTiles(10_000, laptop).size).toBe(18);
    expect(layTiles(10_000, { ...laptop, zoom: 2 }).size).toBe(36);
  });

  it('have one column in no width', () => {
    expect(layTiles(5, { width: 0, height: 0, zoom: 1 })).toMatchObject({ columns: 1, rows: 5 });
    expect(layTiles(0, laptop).rows).toBe(0);
  });

  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 9, 10],
    ['ArrowRight', 24, 24],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 10, 9],
    ['ArrowDown', 3, 13],
    ['ArrowDown', 18, 18],
    ['ArrowUp', 13, 3],
    ['ArrowUp', 3, 3],
    ['Home', 13, 10],
    ['End', 13, 19],
    ['End', 22, 24],
    ['PageDown', 3, 23],
    ['PageDown', 8, 18],
    ['PageUp', 23, 3],
    ['PageUp', 13, 3],
  ])('are moved among: %s from %i leads to %i', (key, at, to) => {
    expect(tileAfter(key, { at, count: 25, columns: 10, page: 2 })).toBe(to);
  });

  it('are left by keys that are not theirs; with Ctrl the ends of all are reached', () => {
    expect(tileAfter('Tab', { at: 3, count: 25, columns: 10, page: 2 })).toBeNull();
    expect(tileAfter('Home', { at: 13, count: 25, columns: 10, page: 2 }, true)).toBe(0);
    expect(tileAfter('End', { at: 3, count: 25, columns: 10, page: 2 }, true)).toBe(24);
  });
});
