/** What the window knows, and how events change it. */
import { describe, expect, it } from 'vitest';
import type { AppEvent, StepEvent } from '../../main/contract/events.ts';
import type { Job, JobItem } from '../../main/contract/jobs.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { DEFAULT_SETTINGS, type SiteView } from '../../main/contract/site.ts';
import { isOpen, leftOf } from '../../renderer/state/counts.ts';
import { afterEvents, EMPTY_MODEL, fromRooms, type Model } from '../../renderer/state/model.ts';
import { HOME, hashOf, routeOf, SCREENS } from '../../renderer/state/route.ts';
import { makeRoom } from '../support/roomRow.ts';

const NOW = 1_000_000;

function row(id: number, told: Partial<RoomRow> = {}): RoomRow {
  return makeRoom({ id, ...told });
}

function job(id: number, change: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'run',
    status: 'running',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    total: 2,
    done: 0,
    failed: 0,
    waiting: null,
    pausable: true,
    held: null,
    problem: null,
    result: null,
    ...change,
  };
}

function step(of: number, roomId: number, id: string, change: Partial<StepEvent> = {}): StepEvent {
  return { type: 'step', job: of, roomId, step: id, title: id, status: 'running', ms: 0, words: '', ...change };
}

function site(path: string): SiteView {
  const settings = { ...DEFAULT_SETTINGS };
  return {
    path,
    locked: true,
    remembered: false,
    busyElsewhere: false,
    settings,
    credentials: [],
    owed: 0,
    owedToList: 0,
    owedToPlaces: 0,
    practice: false,
  };
}

function item(about: string): JobItem {
  return { at: '2026-01-01T00:00:00.000Z', roomId: null, about, what: 'found', words: '', problem: null };
}

function model(change: Partial<Model> = {}): Model {
  return { ...EMPTY_MODEL, ...fromRooms([row(1), row(2), row(3)]), ...change };
}

function told(before: Model, events: readonly AppEvent[]): Model {
  return { ...before, ...afterEvents(before, events, NOW) };
}

describe('events', () => {
  it('replace only the rows that changed, in their places', () => {
    const before = model();
    const changed = row(2, { state: 'migrated' });
    const now = told(before, [
      { type: 'rooms', rooms: [row(2, { state: 'ready' })] },
      { type: 'rooms', rooms: [changed] },
    ]);
    expect(now.rooms[1]).toBe(changed);
    expect(now.rooms[0]).toBe(before.rooms[0]);
    expect(now.rooms[2]).toBe(before.rooms[2]);
    expect(now.placeOf).toBe(before.placeOf);
    expect(before.rooms[1]?.state).toBe('not started');
  });

  it('put rooms that were not known at the end, where they are found again', () => {
    const now = told(model(), [
      { type: 'rooms', rooms: [row(9)] },
      { type: 'rooms', rooms: [row(9, { name: 'New' })] },
    ]);
    expect(now.rooms.map(({ id }) => id)).toEqual([1, 2, 3, 9]);
    expect(now.rooms[now.placeOf.get(9) ?? -1]?.name).toBe('New');
  });

  it('leave what they do not touch as it is', () => {
    const before = model({ jobs: new Map([[1, job(1)]]) });
    const now = told(before, [{ type: 'devices' }, { type: 'devices' }, { type: 'list' }]);
    expect(now).toEqual({ ...before, devicesVersion: 2, listVersion: 1 });
    expect(now.rooms).toBe(before.rooms);
    expect(now.jobs).toBe(before.jobs);
    expect(now.live).toBe(before.live);
  });

  it('keep the steps of a visit in order of their beginning, and know since when each goes on', () => {
    const now = told(model(), [
      step(7, 1, 'backup', { ms: 400 }),
      step(7, 1, 'account'),
      step(7, 1, 'backup', { status: 'done', ms: 1100 }),
      step(7, 2, 'backup'),
    ]);
    const steps = now.live.get(1)?.steps ?? [];
    expect(steps.map(({ step: id, status }) => [id, status])).toEqual([
      ['backup', 'done'],
      ['account', 'running'],
    ]);
    expect(steps[0]?.since).toBe(NOW - 1100);
    expect(now.live.get(2)?.steps).toHaveLength(1);
  });

  it('begin a new visit when another job comes to the room', () => {
    const before = told(model(), [step(7, 1, 'backup'), step(7, 1, 'account')]);
    const now = told(before, [step(8, 1, 'check.fit')]);
    expect(now.live.get(1)).toMatchObject({ job: 8, steps: [{ step: 'check.fit' }] });
    expect(before.live.get(1)?.steps).toHaveLength(2);
  });

  it('keep the last 2,000 lines of what a job did', () => {
    const first = told(model(), [{ type: 'item', job: 1, item: item('0') }]);
    const events = Array.from(
      { length: 2_100 },
      (_, at): AppEvent => ({ type: 'item', job: 1, item: item(`${at + 1}`) }),
    );
    const now = told(first, events);
    expect(now.items.get(1)).toHaveLength(2_000);
    expect(now.items.get(1)?.at(-1)?.about).toBe('2100');
    expect(first.items.get(1)).toHaveLength(1);
  });

  it('show nothing of the former site when another is opened, but what came after', () => {
    const before = told(model({ site: site('/a') }), [step(7, 1, 'backup')]);
    const now = told(before, [
      { type: 'site', site: site('/b') },
      { type: 'rooms', rooms: [row(1, { name: 'Of b' })] },
    ]);
    expect(now.rooms.map(({ name }) => name)).toEqual(['Of b']);
    expect(now.live.size).toBe(0);
    expect(now.listVersion).toBe(before.listVersion + 1);
    const same = told(now, [{ type: 'site', site: { ...site('/b'), owed: 2 } }]);
    expect(same.rooms).toBe(now.rooms);
    expect(same.site?.owed).toBe(2);
  });
});

describe('what is left', () => {
  it('counts each phase', () => {
    const rows = [
      row(1, { family: null }),
      row(2, { address: null, family: null }),
      row(3, { onInfinity: true, state: 'migrated', manual: 2 }),
      row(4, { state: 'awaiting sync' }),
      row(5, { state: 'undone' }),
      row(6, { state: 'needs attention', onInfinity: true }),
      row(7, { state: 'in progress', interrupted: true }),
    ];
    expect(leftOf(rows)).toEqual({
      prepare: 4,
      discover: 1,
      match: 1,
      rooms: 4,
      needYou: 1,
      interrupted: 1,
      byHand: 2,
    });
    expect(rows.filter(isOpen).map(({ id }) => id)).toEqual([1, 2, 6, 7]);
  });
});

describe('addresses', () => {
  it('lead to every screen and back', () => {
    for (const screen of SCREENS) {
      const route = { screen, roomId: screen === 'room' ? 12 : null };
      expect(routeOf(hashOf(route))).toEqual(route);
    }
    expect(routeOf('#/rooms/12')).toEqual({ screen: 'rooms', roomId: 12 });
  });

  it('lead home when they are not understood', () => {
    for (const hash of ['', '#', '#/', '#/room', '#/room/x', '#/nowhere', '#/rooms/1/2', '#/__proto__', '#/room/1e9']) {
      expect(routeOf(hash), hash).toEqual(HOME);
    }
    expect(routeOf('#/sync/12')).toEqual({ screen: 'sync', roomId: null });
  });
});
