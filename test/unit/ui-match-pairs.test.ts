import { describe, expect, it } from 'vitest';
import type { DeviceRow, RoomRow, Suggestion } from '../../main/contract/rooms.ts';
import { devicePicks, proposalsOf, roomPicks, searched, surePairs } from '../../renderer/screens/match/pairs.ts';
import { makeDevice } from '../support/roomRow.ts';

function room(id: number, address: string | null = null): RoomRow {
  return {
    id,
    name: `Møterom ${id}`,
    building: 'Oslo',
    floor: '2',
    mailbox: `r${id}@example.com`,
    state: 'not started',
    stateAt: '2026-11-24T10:00:00.000Z',
    code: null,
    family: null,
    model: null,
    address,
    serial: null,
    owed: 0,
    manual: 0,
    onInfinity: false,
    interrupted: false,
    undoUnfinished: false,
    withoutSince: null,
    withoutOtjMs: null,
  };
}

const deviceNo = (id: number, rest: Partial<DeviceRow> = {}) => makeDevice({ id, ...rest });
const like = (roomId: number, deviceId: number, score: number, rival = 0): Suggestion => ({
  ...{ roomId, deviceId, score, rival, by: 'name' },
  ...{ said: 'Room Kit 1', wanted: 'Møterom 1' },
});

describe('the two lists', () => {
  it('hold what has no match, the likeliest to what is chosen first', () => {
    const rooms = [room(1), room(2, '10.0.0.9'), room(3)];
    expect(roomPicks(rooms, [like(3, 7, 0.8)], 7).map(({ id, score }) => [id, score])).toEqual([
      [3, 0.8],
      [1, null],
    ]);
    expect(roomPicks(rooms, [like(3, 7, 0.8)], null).map(({ id }) => id)).toEqual([1, 3]);
  });

  it('put devices that were not recognised last, unless they are the likeliest', () => {
    const devices = [deviceNo(1, { family: null }), deviceNo(2), deviceNo(3, { roomId: 5 })];
    const ids = (suggestions: Suggestion[]) => devicePicks(devices, suggestions, 4, String).map(({ id }) => id);
    expect(ids([])).toEqual([2, 1]);
    expect(ids([like(4, 1, 0.7)])).toEqual([1, 2]);
    expect(devices.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('are searched by all words, without accents', () => {
    const picks = roomPicks([room(1), room(12)], [], null);
    expect(searched(picks, 'MOTEROM oslo 12').length).toBe(0);
    expect(searched(picks, 'MØTEROM 12').map(({ id }) => id)).toEqual([12]);
    expect(searched(picks, ' ')).toBe(picks);
  });
});

describe('proposals that are sure', () => {
  const rooms = [1, 2, 3, 4].map((id) => room(id));
  const devices = [1, 2, 3, 4].map((id) => deviceNo(id));
  const sure = (...all: Suggestion[]) =>
    surePairs(proposalsOf(all, rooms, devices), 0.9).map(({ roomId, deviceId }) => [roomId, deviceId]);

  it('are those above the bound', () => {
    expect(sure(like(1, 1, 0.89), like(2, 2, 0.9))).toEqual([[2, 2]]);
  });

  it('never give a device to two rooms, nor a room two devices', () => {
    expect(sure(like(1, 1, 1, 1), like(2, 1, 1, 1), like(3, 3, 1))).toEqual([[3, 3]]);
    expect(sure(like(1, 1, 1, 0.95), like(2, 1, 0.95, 1), like(2, 2, 0.92, 0.95))).toEqual([[1, 1]]);
  });

  it('leave out what is no longer there', () => {
    expect(sure(like(9, 1, 1), like(1, 9, 1))).toEqual([]);
  });
});
