import { describe, expect, it } from 'vitest';
import type { JobItem } from '../../main/contract/jobs.ts';
import { readRanges } from '../../renderer/screens/discover/ranges.ts';
import { seenLines, timeLeft } from '../../renderer/screens/discover/seen.ts';
import { makeDevice } from '../support/roomRow.ts';

describe('ranges out of a pasted text', () => {
  it('are read in all the ways in which they are written', () => {
    const text =
      '10.20.3.0/24, 10.20.4.10-40\n10.20.5.7; 10.20.6.1 – 10.20.6.9 | 10.20.7.0 255.255.255.0 10.20.8.0 / 30';
    expect(readRanges(text)).toEqual({
      ranges: ['10.20.3.0/24', '10.20.4.10-40', '10.20.5.7', '10.20.6.1-10.20.6.9', '10.20.7.0/24', '10.20.8.0/30'],
      exceptions: [],
      addresses: 254 + 31 + 1 + 9 + 254 + 2,
      odd: [],
      large: [],
    });
  });

  it('tell what was not understood and count nothing twice', () => {
    const read = readRanges('Floor 2: 10.20.3.5, 10.20.3.5 and 10.20.3.300, 10.20.3.9-2');
    expect(read.ranges).toEqual(['10.20.3.5']);
    expect(read.addresses).toBe(1);
    expect(read.odd).toEqual(['Floor', '2:', 'and', '10.20.3.300', '10.20.3.9-2']);
  });

  it('leave out what has a ! before it', () => {
    const read = readRanges('10.20.3.0/24 !10.20.3.1, ! 10.20.3.200-254 and not! 10.20.4.1');
    expect(read.ranges).toEqual(['10.20.3.0/24']);
    expect(read.exceptions).toEqual(['!10.20.3.1', '!10.20.3.200-254', '!10.20.4.1']);
    expect(read.odd).toEqual(['and', 'not']);
  });

  it('refuse what is larger than a /16, and odd masks', () => {
    expect(readRanges('10.0.0.0/8').large).toEqual(['10.0.0.0/8']);
    expect(readRanges('10.1.0.0/16').addresses).toBe(65_534);
    expect(readRanges('10.0.0.0 255.0.255.0').ranges).toEqual([]);
    expect(readRanges('1.2.3.4.5').ranges).toEqual([]);
    expect(readRanges('10.0.0.0/40').ranges).toEqual([]);
  });

  it('stay quick with a long text', () => {
    const began = readRanges(`${'x1.2.'.repeat(40_000)} 10.0.0.1`);
    expect(began.ranges).toEqual(['10.0.0.1']);
  });
});

const DEVICE = makeDevice({ id: 1, sighting: 'Cisco endpoint', seenAt: '2026-11-24T10:00:00.000Z' });

function found(about: string, at: string): JobItem {
  return { at, roomId: null, about, what: 'found', words: 'new words', problem: null };
}

describe('what was seen', () => {
  it('is what is stored and what was told since, each address once', () => {
    const items = [found('10.0.0.1', '2026-11-24T10:05:00.000Z'), found('10.0.0.2', '2026-11-24T10:05:01.000Z')];
    const lines = seenLines([DEVICE, { ...DEVICE, id: 2, address: '10.0.0.9', seenAt: null }], items);
    expect(lines.map(({ address, kind, evidence }) => [address, kind, evidence])).toEqual([
      ['10.0.0.1', 'cisco-roomos', 'new words'],
      ['10.0.0.2', null, 'new words'],
    ]);
    const older = seenLines([DEVICE], [found('10.0.0.1', '2026-11-24T09:00:00.000Z')]);
    expect(older[0]?.evidence).toBe('Cisco endpoint');
  });
});

describe('the order of what was seen', () => {
  it('has room systems first, then what nobody knows, then what is not ours', () => {
    const seenAt = '2026-11-24T10:00:00.000Z';
    const devices = [
      makeDevice({ id: 1, seenAt, kind: 'printer', ours: false }),
      makeDevice({ id: 2, seenAt, kind: null, ours: null }),
      makeDevice({ id: 3, seenAt, kind: 'poly-group', ours: true }),
      makeDevice({ id: 4, seenAt, kind: null, ours: null, roomId: 1 }),
    ];
    expect(seenLines(devices, []).map(({ deviceId }) => deviceId)).toEqual([3, 4, 2, 1]);
  });
});

describe('the time that is left', () => {
  const startedAt = '2026-11-24T10:00:00.000Z';
  const at = (ms: number) => Date.parse(startedAt) + ms;

  it('is told only when there is something to tell it from', () => {
    expect(timeLeft({ startedAt, done: 10, total: 100 }, at(1_000))).toBeNull();
    expect(timeLeft({ startedAt, done: 0, total: 100 }, at(10_000))).toBeNull();
    expect(timeLeft({ startedAt, done: 25, total: 100 }, at(10_000))).toBe(30_000);
  });
});
