import { beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { Outcome } from '../../main/site/journal.ts';
import type { Site } from '../../main/site/site.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

let site: Site;
let room: number;
let run: number;

beforeEach(async () => {
  site = await tempSite();
  room = addRoom(site).room.id;
  run = site.journal.startRun('migrate', 'Ada');
});

const CHANGE = { setting: 'Light', before: 'off', after: 'on' };
const step = (id: string) => ({ id, title: `Do ${id}` });
const mean = (id: string, of = room) => site.journal.intent(run, of, step(id));
const end = (id: string, outcome: Partial<Outcome> = {}) =>
  site.journal.outcome(run, room, step(id), {
    status: 'done',
    words: `${id} seen`,
    problem: null,
    ms: 1.6,
    changes: [CHANGE],
    ...outcome,
  });
const failed = (code: 'REFUSED' | 'CONNECTION_LOST', changes = [CHANGE]) => ({
  status: 'failed' as const,
  problem: new OtjError(code, 'no').toProblem(),
  changes,
});
const outcomes = () => Object.fromEntries(site.journal.effects(room).map(({ step: id, outcome }) => [id, outcome]));

describe('the journal', () => {
  it('tells what was meant and what was seen, in order', async () => {
    await mean('a');
    await end('a');
    await end('b', { status: 'already', words: '', changes: [] });
    expect(site.journal.ofRoom(room)).toMatchObject([
      { step: 'a', edge: 'intent', status: 'running', words: null, ms: null, changes: [] },
      { step: 'a', title: 'Do a', edge: 'outcome', status: 'done', words: 'a seen', ms: 2, changes: [CHANGE] },
      { step: 'b', edge: 'outcome', status: 'already', words: null },
    ]);
    expect(site.journal.lastRun(room)).toMatchObject({ technician: 'Ada', kind: 'migrate' });
  });

  it('knows what a step was to change when it was done', async () => {
    await end('a');
    await end('b', { changes: [] });
    const done = site.journal.last(room, 'done');
    const changes = ['a', 'b'].map((id) => site.journal.changesOf(done.get(id) ?? 0));
    expect(changes).toEqual([[CHANGE], []]);
  });

  it('has intent and what belongs to it on disk together, or neither', async () => {
    const also = () => {
      throw new Error('broken');
    };
    await expect(site.journal.intent(run, room, step('a'), also)).rejects.toThrow('broken');
    expect(site.journal.ofRoom(room)).toEqual([]);
  });

  it('keeps the same words once', async () => {
    await end('a', { words: 'same' });
    await end('b', { words: 'same' });
    expect(site.db.all('SELECT words FROM evidence')).toEqual([{ words: 'same' }]);
  });

  it('knows where a room was cut off, apart from other rooms', async () => {
    const other = addRoom(site, { name: 'B', mailbox: 'b@example.com', address: '10.0.0.2' }).room.id;
    expect(site.journal.openIntent(room)).toBeNull();
    await mean('a');
    await end('a');
    await mean('b');
    await mean('c', other);
    expect(site.journal.openIntent(room)).toMatchObject({ step: 'b' });
    expect([...site.journal.openIntents(room)]).toEqual(['b']);
    await end('b');
    expect(site.journal.openIntent(room)).toBeNull();
    expect([...site.journal.openIntents(room)]).toEqual([]);
  });

  it('knows the last time that each step was meant and done', async () => {
    await mean('a');
    await end('a');
    await mean('b');
    await mean('a');
    await end('c', { status: 'already' });
    const [meant, done] = [site.journal.last(room, 'running'), site.journal.last(room, 'done')];
    expect([...meant.keys()].sort()).toEqual(['a', 'b']);
    expect([...done.keys()]).toEqual(['a']);
    expect(meant.get('a')).toBeGreaterThan(done.get('a') ?? Number.NaN);
  });
});

describe('effects', () => {
  it('are done, refused, or unknown, and only of steps that were meant', async () => {
    await mean('done');
    await end('done');
    await mean('refused');
    await end('refused', failed('REFUSED'));
    await mean('half refused');
    await end('half refused', failed('REFUSED', [CHANGE, CHANGE]));
    await mean('lost');
    await end('lost', failed('CONNECTION_LOST'));
    await end('already', { status: 'already' });
    await mean('cut off');
    expect(outcomes()).toEqual({
      done: 'done',
      refused: 'refused',
      'half refused': 'unknown',
      lost: 'unknown',
      'cut off': 'unknown',
    });
  });

  it('stay unknown over later failures until the device was looked at', async () => {
    await mean('a');
    await end('a', failed('CONNECTION_LOST'));
    await end('check', failed('CONNECTION_LOST', []));
    expect(outcomes()).toEqual({ a: 'unknown' });
    await end('a', { status: 'already' });
    expect(outcomes()).toEqual({ a: 'done' });
  });

  it('are forgotten once the work is finished', async () => {
    await mean('a');
    await end('a');
    site.rooms.settle(room);
    expect(outcomes()).toEqual({});
    await mean('b');
    expect(outcomes()).toEqual({ b: 'unknown' });
  });
});
