import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import { Batch, BatchControl, type BatchRoom, Repeats } from '../../main/migration/batch.ts';
import { LoginGate } from '../../main/migration/loginGate.ts';
import { codeOf } from '../support/codeOf.ts';

describe('the gate before logins', () => {
  /** Visits to many devices at once; each login takes a turn. @returns codes in order of the devices */
  async function visits(devices: number, answer: (device: number, login: number) => ErrorCode | null) {
    const gate = new LoginGate();
    const logins: number[] = [];
    let now = 0;
    let most = 0;
    const codes = await Promise.all(
      Array.from({ length: devices }, (_, device) =>
        codeOf(() =>
          gate.enter(1, async () => {
            logins.push(device);
            most = Math.max(most, ++now);
            await turn();
            now--;
            const code = answer(device, logins.length);
            if (code) throw new OtjError(code);
          }),
        ),
      ),
    );
    return { codes, logins, most };
  }

  it('tries a wrong password on exactly one of 200 devices', async () => {
    const { codes, logins } = await visits(200, () => 'LOGIN_REFUSED');
    expect(logins).toEqual([0]);
    expect(codes[0]).toBe('LOGIN_REFUSED');
    expect(codes.slice(1).every((code) => code === 'CREDENTIAL_PAUSED')).toBe(true);
  });

  it('opens for all once one device has accepted it', async () => {
    const { codes, logins, most } = await visits(200, () => null);
    expect(codes.every((code) => code === undefined)).toBe(true);
    expect(logins).toHaveLength(200);
    expect(most).toBe(199);
  });

  it.each(['UNREACHABLE', 'TIMEOUT', 'TRUST_CHANGED', 'IDENTITY_MISMATCH', 'HANDSHAKE'] as const)(
    'hands the trying over, one by one, when the first devices end with %s',
    async (code) => {
      const { codes, logins, most } = await visits(20, (device) => (device < 5 ? code : 'LOGIN_REFUSED'));
      expect(logins).toEqual([0, 1, 2, 3, 4, 5]);
      expect(most).toBe(1);
      expect(codes.slice(0, 6)).toEqual([code, code, code, code, code, 'LOGIN_REFUSED']);
    },
  );

  it.each(['PASSPHRASE_CHANGE', 'ACCOUNT_EXPIRED', 'ACCOUNT_LOCKED'] as const)(
    'takes %s of one device for its own: the next one is tried first, and then all',
    async (code) => {
      const { codes, logins, most } = await visits(20, (device) => (device < 2 ? code : null));
      expect(codes.slice(0, 3)).toEqual([code, code, undefined]);
      expect(codes.slice(3).every((one) => one === undefined)).toBe(true);
      expect(logins).toHaveLength(20);
      expect(most).toBe(17);
    },
  );

  it('stops when three devices in a row have such trouble', async () => {
    const { codes, logins } = await visits(20, () => 'ACCOUNT_LOCKED');
    expect(logins).toEqual([0, 1, 2]);
    expect(codes.slice(3).every((code) => code === 'CREDENTIAL_PAUSED')).toBe(true);
  });

  it('stops a login that was accepted after three refusals in a row', async () => {
    const gate = new LoginGate();
    let logins = 0;
    const enter = (code: ErrorCode | null) =>
      codeOf(() =>
        gate.enter(1, async () => {
          logins++;
          if (code) throw new OtjError(code);
        }),
      );
    expect(await enter(null)).toBeUndefined();
    expect(await enter('LOGIN_REFUSED')).toBe('LOGIN_REFUSED');
    expect(await enter('LOGIN_REFUSED')).toBe('LOGIN_REFUSED');
    expect(await enter(null)).toBeUndefined();
    expect(await enter('LOGIN_REFUSED')).toBe('LOGIN_REFUSED');
    expect(await enter('UNREACHABLE')).toBe('UNREACHABLE');
    expect(await enter('ACCOUNT_LOCKED')).toBe('ACCOUNT_LOCKED');
    expect(await enter('LOGIN_REFUSED')).toBe('LOGIN_REFUSED');
    expect(await enter(null)).toBe('CREDENTIAL_PAUSED');
    expect(logins).toBe(8);
  });

  it('holds up no other login', async () => {
    const gate = new LoginGate();
    const refused = async () => {
      throw new OtjError('LOGIN_REFUSED');
    };
    expect(await codeOf(() => gate.enter(1, refused))).toBe('LOGIN_REFUSED');
    expect(await gate.enter(2, async () => 'in')).toBe('in');
    expect(await codeOf(() => gate.enter(1, async () => 'in'))).toBe('CREDENTIAL_PAUSED');
  });
});

describe('a batch', () => {
  const never = new AbortController().signal;

  /** Rooms that all end the same way, or as told by their number. */
  function rooms(batch: Batch, count: number, end: (room: number) => ErrorCode | null) {
    const worked: number[] = [];
    const skipped: { room: number; code: ErrorCode }[] = [];
    const list = Array.from(
      { length: count },
      (_, room): BatchRoom => ({
        async work() {
          worked.push(room);
          await turn();
          const code = end(room);
          batch.ended(code && new OtjError(code));
          return null;
        },
        async skip({ code }) {
          skipped.push({ room, code });
        },
      }),
    );
    return { list, worked, skipped };
  }

  it('works on no more rooms at once than told', async () => {
    const batch = new Batch(4, never);
    let now = 0;
    let most = 0;
    const room: BatchRoom = {
      async work() {
        most = Math.max(most, ++now);
        await turn();
        now--;
        return null;
      },
      skip: async () => undefined,
    };
    await batch.run(Array.from({ length: 50 }, () => room));
    expect(most).toBe(4);
  });

  it('pauses after five same failures in a row and leaves the rest untouched', async () => {
    const batch = new Batch(1, never);
    const { list, worked, skipped } = rooms(batch, 12, () => 'UNREACHABLE');
    await batch.run(list);
    expect(worked).toEqual([0, 1, 2, 3, 4]);
    expect(skipped.map(({ code }) => code)).toEqual(Array(7).fill('BATCH_PAUSED'));
  });

  it.each([
    ['a success between', (room: number) => (room % 5 === 4 ? null : ('UNREACHABLE' as const))],
    ['another failure between', (room: number) => (room % 5 === 4 ? ('TIMEOUT' as const) : ('UNREACHABLE' as const))],
    ['refusals before any touch', () => 'IN_CALL' as const],
    ['rooms whose login is paused', () => 'CREDENTIAL_PAUSED' as const],
    ['rooms that Infinity’s paused login keeps back', () => 'INFINITY_LOGIN_PAUSED' as const],
  ])('goes on with %s', async (_name, end) => {
    const batch = new Batch(1, never);
    const { list, worked } = rooms(batch, 30, end);
    await batch.run(list);
    expect(worked).toHaveLength(30);
  });

  it('leaves to its owner how often is too often, and what counts', async () => {
    const repeats = new Repeats(8, ({ code }) => code === 'INFINITY_TRUST');
    const batch = new Batch(1, never, new BatchControl(), repeats);
    const { list, worked } = rooms(batch, 30, (room) => (room % 2 ? 'TIMEOUT' : 'INFINITY_TRUST'));
    await batch.run(list);
    expect(worked.filter((room) => room % 2 === 0)).toHaveLength(8);
  });

  it('counts over refusals before any touch', async () => {
    const batch = new Batch(1, never);
    const { list, worked } = rooms(batch, 30, (room) => (room % 2 ? 'IN_CALL' : 'TIMEOUT'));
    await batch.run(list);
    expect(worked.filter((room) => room % 2 === 0)).toHaveLength(5);
  });

  it('begins no room after a cancel', async () => {
    const stop = new AbortController();
    const batch = new Batch(1, stop.signal);
    const { list, worked, skipped } = rooms(batch, 5, (room) => {
      if (room === 1) stop.abort();
      return null;
    });
    await batch.run(list);
    expect(worked).toEqual([0, 1]);
    expect(skipped.map(({ code }) => code)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
  });

  it('holds no place for a room that waits for its proof', async () => {
    const batch = new Batch(1, never);
    const allWorked = Promise.withResolvers<void>();
    let worked = 0;
    let proved = 0;
    const room: BatchRoom = {
      async work() {
        if (++worked === 10) allWorked.resolve();
        return {
          async prove() {
            // Would never end if a room in proof kept others from their work.
            await allWorked.promise;
            proved++;
          },
        };
      },
      skip: async () => undefined,
    };
    await batch.run(Array.from({ length: 10 }, () => room));
    expect(proved).toBe(10);
  });
});

describe('a person who holds a batch', () => {
  /** A batch whose rooms each wait until the test lets them end. */
  function batchOf(count: number, concurrency: number, signal = new AbortController().signal) {
    const counts: number[] = [];
    const control: BatchControl = new BatchControl(() => counts.push(control.underWay));
    const batch = new Batch(concurrency, signal, control);
    const begun: number[] = [];
    const skipped: string[] = [];
    const ends = Array.from({ length: count }, () => Promise.withResolvers<void>());
    const proofs = Array.from({ length: count }, () => Promise.withResolvers<void>());
    const rooms = ends.map(
      (end, room): BatchRoom => ({
        async work() {
          begun.push(room);
          await end.promise;
          return { prove: () => proofs[room]?.promise ?? Promise.resolve() };
        },
        async skip({ code }) {
          skipped.push(code);
        },
      }),
    );
    const done = batch.run(rooms);
    const work = (room: number) => ends[room]?.resolve();
    const prove = (room: number) => proofs[room]?.resolve();
    const finish = (room: number) => {
      work(room);
      prove(room);
    };
    return { control, begun, skipped, counts, done, work, prove, finish };
  }

  /** Long enough for everything that waits for nothing but the event loop. */
  async function settle(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) await turn();
  }

  it('begins no new room while paused, lets those under way end, and goes on', async () => {
    const { control, begun, skipped, done, finish } = batchOf(5, 2);
    await settle();
    control.pause();
    expect(control.underWay).toBe(2);
    finish(0);
    await settle();
    expect(begun).toEqual([0, 1]);
    expect(control.underWay).toBe(1);
    finish(1);
    await settle();
    expect(begun).toEqual([0, 1]);
    expect(control.underWay).toBe(0);
    control.resume();
    await settle();
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const room of [2, 3, 4]) finish(room);
    await done;
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(skipped).toEqual([]);
  });

  it('may pause again at once after a resume', async () => {
    const { control, begun, done, finish } = batchOf(3, 1);
    await settle();
    control.pause();
    finish(0);
    await settle();
    control.resume();
    control.pause();
    await settle();
    expect(begun).toEqual([0]);
    control.resume();
    for (const room of [1, 2]) finish(room);
    await done;
    expect(begun).toEqual([0, 1, 2]);
  });

  it('counts a room that waits for its proof as under way', async () => {
    const { control, counts, done, work, prove } = batchOf(1, 1);
    await settle();
    work(0);
    await settle();
    expect(control.underWay).toBe(1);
    prove(0);
    await done;
    expect(counts).toEqual([1, 0]);
  });

  it('finishes the rooms under way and leaves the rest', async () => {
    const { control, begun, skipped, done, finish } = batchOf(6, 2);
    await settle();
    control.finish();
    finish(0);
    finish(1);
    await done;
    expect(begun).toEqual([0, 1]);
    expect(skipped).toEqual(Array(4).fill('CANCELLED'));
  });

  it('can stop it for good while it is paused, after the rooms or at once', async () => {
    const now = new AbortController();
    for (const { control, begun, skipped, done, finish } of [batchOf(4, 1), batchOf(4, 1, now.signal)]) {
      await settle();
      control.pause();
      finish(0);
      await settle();
      now.abort();
      control.finish();
      control.pause();
      await done;
      expect(begun).toEqual([0]);
      expect(skipped).toEqual(Array(3).fill('CANCELLED'));
    }
  });

  it('counts a room whose work throws as ended', async () => {
    const control = new BatchControl();
    const batch = new Batch(1, never(), control);
    const broken: BatchRoom = {
      work: () => Promise.reject(new OtjError('INTERNAL')),
      skip: async () => undefined,
    };
    expect(await codeOf(() => batch.run([broken]))).toBe('INTERNAL');
    expect(control.underWay).toBe(0);
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}
