import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Job } from '../../main/contract/jobs.ts';
import type { RoomState } from '../../main/contract/plan.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { EventQueue, merged } from '../../main/hosts/eventQueue.ts';

const row = (id: number, state: RoomState): RoomRow => ({
  id,
  name: `Room ${id}`,
  building: '',
  floor: '',
  mailbox: `room${id}@example.com`,
  state,
  stateAt: '2026-01-01T00:00:00.000Z',
  code: null,
  family: null,
  model: null,
  address: null,
  serial: null,
  owed: 0,
  manual: 0,
  onInfinity: false,
  interrupted: false,
  undoUnfinished: false,
  withoutSince: null,
  withoutOtjMs: null,
});

const rooms = (...rows: RoomRow[]): AppEvent => ({ type: 'rooms', rooms: rows });

function job(id: number, done: number): AppEvent {
  const state: Job = {
    id,
    kind: 'run',
    status: 'running',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    total: 9,
    done,
    failed: 0,
    waiting: null,
    pausable: true,
    held: null,
    problem: null,
    result: null,
  };
  return { type: 'job', job: state };
}

const step = (title: string): AppEvent => ({
  type: 'step',
  job: 1,
  roomId: 1,
  step: 'account',
  title,
  status: 'running',
  ms: 0,
  words: '',
});

describe('events of one batch', () => {
  it('keep the last row of each room, in one event where the newest stood', () => {
    const events = merged([
      rooms(row(1, 'ready'), row(2, 'ready')),
      step('a'),
      rooms(row(1, 'in progress')),
      step('b'),
      rooms(row(1, 'migrated')),
      step('c'),
    ]);
    expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'rooms', 'step']);
    const [all] = events.filter((event) => event.type === 'rooms');
    expect(all?.rooms.map(({ id, state }) => [id, state])).toEqual([
      [1, 'migrated'],
      [2, 'ready'],
    ]);
  });

  it('keep the last state of each job', () => {
    expect(merged([job(1, 1), job(2, 1), job(1, 2), step('a'), job(1, 3)])).toEqual([job(2, 1), step('a'), job(1, 3)]);
  });

  it('keep every step and every item', () => {
    const events = [step('a'), step('a'), step('b')];
    expect(merged(events)).toEqual(events);
  });

  it('are not merged over another list of rooms', () => {
    const site: AppEvent = { type: 'site', site: null };
    const list: AppEvent = { type: 'list' };
    const events = [rooms(row(1, 'migrated')), site, list, rooms(row(1, 'not started'))];
    expect(merged(events)).toEqual(events);
    expect(merged([site, site, list, site])).toEqual([site, list, site]);
  });
});

describe('the queue of events', () => {
  it('sends what came together in one batch, and the next one later', async () => {
    const batches: { at: number; events: AppEvent[] }[] = [];
    const queue = new EventQueue((events) => batches.push({ at: performance.now(), events }));
    for (const title of ['a', 'b', 'c']) queue.add(step(title));
    expect(batches).toEqual([]);
    while (batches.length < 1) await sleep(5);
    queue.add(step('d'));
    queue.add(step('e'));
    while (batches.length < 2) await sleep(5);
    expect(batches.map(({ events }) => events)).toEqual([
      [step('a'), step('b'), step('c')],
      [step('d'), step('e')],
    ]);
    // A timer may fire a moment early by another clock.
    expect((batches[1]?.at ?? 0) - (batches[0]?.at ?? 0)).toBeGreaterThan(45);
  });

  it('sends at once what is asked for before a reply, and nothing twice', async () => {
    const batches: AppEvent[][] = [];
    const queue = new EventQueue((events) => batches.push(events));
    queue.add(step('a'));
    queue.flush();
    queue.flush();
    expect(batches).toEqual([[step('a')]]);
    await sleep(80);
    expect(batches).toHaveLength(1);
  });
});
