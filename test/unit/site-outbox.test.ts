import { beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { Outbox } from '../../main/site/outbox.ts';
import type { Site } from '../../main/site/site.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

let site: Site;
let outbox: Outbox;
let room: number;

beforeEach(async () => {
  site = await tempSite();
  outbox = site.outbox;
  room = addRoom(site).room.id;
});

/** As before the first write to an Infinity that has no entry. */
const noteNoneBefore = () => outbox.noteWrite(room, { sent: {}, there: null, before: null });

describe('debts', () => {
  it('are one per kind and room until delivered', () => {
    outbox.owe(room, 'entry');
    outbox.owe(room, 'entry');
    outbox.owe(room, 'contact');
    expect(outbox.owedOf(room).sort()).toEqual(['contact', 'entry']);
    outbox.delivered(room, 'entry');
    expect(outbox.owedOf(room)).toEqual(['contact']);
    outbox.owe(room, 'entry');
    expect(outbox.owed().map(({ kind }) => kind)).toEqual(['contact', 'entry']);
  });

  it('count tries and tell the last problem', () => {
    outbox.owe(room, 'entry');
    outbox.failed(room, 'entry', new OtjError('INFINITY_UNREACHABLE', 'one').toProblem());
    outbox.failed(room, 'entry', new OtjError('INFINITY_LOGIN', 'two').toProblem());
    outbox.owe(room, 'entry');
    expect(outbox.owed()).toMatchObject([{ kind: 'entry', attempts: 2, problem: { code: 'INFINITY_LOGIN' } }]);
  });

  it('can be taken back, and what is delivered cannot', () => {
    outbox.owe(room, 'contact');
    outbox.delivered(room, 'contact');
    outbox.drop(room, 'contact');
    outbox.owe(room, 'contact');
    outbox.drop(room, 'contact');
    expect(outbox.owed()).toEqual([]);
    expect(site.db.all('SELECT kind FROM outbox')).toHaveLength(1);
  });

  it('remember that Infinity had none, for this debt only', () => {
    noteNoneBefore();
    expect(outbox.wasNoneBefore(room)).toBe(false);
    outbox.owe(room, 'entry');
    expect(outbox.wasNoneBefore(room)).toBe(false);
    noteNoneBefore();
    outbox.owe(room, 'entry');
    expect(outbox.wasNoneBefore(room)).toBe(true);
    outbox.delivered(room, 'entry');
    outbox.owe(room, 'entry');
    expect(outbox.wasNoneBefore(room)).toBe(false);
  });

  it('are not taken for a room that is not there', () => {
    expect(() => outbox.owe(room + 1, 'entry')).toThrow();
  });
});

describe('the entry on Infinity', () => {
  const before = { id: 7, name: 'Theirs' };
  const save = (entryId: number, createdByUs: boolean, was: Record<string, unknown> | null = null) =>
    outbox.saveEntry({ roomId: room, entryId, createdByUs, before: was, server: null });

  it('stays ours when it is updated later', () => {
    save(7, true);
    save(7, false, before);
    expect(outbox.entry(room)).toMatchObject({ entryId: 7, createdByUs: true, before: null });
  });

  it('stays theirs, with its first fields, when it is updated later', () => {
    save(7, false, before);
    save(7, true, { id: 7, name: 'Ours' });
    expect(outbox.entry(room)).toMatchObject({ createdByUs: false, before });
  });

  it('is another one with another number', () => {
    save(7, true);
    save(8, false, before);
    expect(outbox.entry(room)).toMatchObject({ entryId: 8, createdByUs: false, before });
  });

  it('keeps the last contact over an update and goes when forgotten', () => {
    save(7, true);
    outbox.saveContact(room, { at: new Date(5), node: 'conf-1', meetings: 3 });
    save(7, true);
    expect(outbox.entry(room)).toMatchObject({ lastContact: new Date(5).toISOString(), lastNode: 'conf-1' });
    outbox.forgetEntry(room);
    expect(outbox.entry(room)).toBeNull();
  });
});

describe('manual steps', () => {
  it('are wanted once, and wanting them again keeps the tick and its note', () => {
    outbox.needManual(room, 'service-portal');
    outbox.needManual(room, 'service-portal');
    expect(outbox.tick(room, 'Ada', 'done by phone')).toBe(1);
    outbox.needManual(room, 'service-portal');
    expect(outbox.tick(room, 'Bob', null)).toBe(1);
    expect(outbox.manualSteps(room)).toMatchObject([{ tickedBy: 'Ada', note: 'done by phone' }]);
  });

  it('tell when one that somebody ticked is withdrawn', () => {
    outbox.needManual(room, 'service-portal');
    expect(outbox.dropManual(room, 'service-portal')).toBe(false);
    outbox.needManual(room, 'service-portal');
    outbox.tick(room, 'Ada', null);
    expect(outbox.dropManual(room, 'service-portal')).toBe(true);
    expect(outbox.manualSteps(room)).toEqual([]);
    expect(outbox.tick(room, 'Ada', null)).toBe(0);
  });
});
