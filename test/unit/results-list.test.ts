import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import {
  LEASE_COLUMNS,
  type ListColumn,
  type ResultFields,
  resultColumnSchema,
} from '../../main/contract/microsoft/results.ts';
import { sitePath } from '../../main/microsoft/results/address.ts';
import {
  assertMapping,
  COLUMNS,
  columnIn,
  hasLease,
  listBody,
  proposeMapping,
} from '../../main/microsoft/results/columns.ts';
import {
  fromList,
  type RoomResult,
  renderResult,
  roomKey,
  sameValue,
  toList,
} from '../../main/microsoft/results/fields.ts';
import {
  isLive,
  judge,
  LEASE_MS,
  leaseFields,
  leaseIn,
  newLease,
  renewed,
} from '../../main/microsoft/results/lease.ts';
import { adopted, goneConflict, merge } from '../../main/microsoft/results/merge.ts';

const RESULT: RoomResult = {
  name: 'Fjord',
  building: 'Oslo',
  floor: '3',
  mailbox: 'Fjord@contoso.example',
  state: 'migrated',
  stateAt: '2026-11-23T14:02:11.250Z',
  problem: null,
  model: 'Room Kit Pro',
  software: 'RoomOS 11.27',
  serial: 'FOC2533A1B2',
  technician: 'Kari Nordmann',
  workedAt: '2026-11-23T13:58:00.000Z',
  cutoverAt: '2026-11-23T14:01:33.000Z',
  servedAt: '2026-11-23T14:02:11.000Z',
  withoutOtjMs: 38_040,
  remaining: ['Take this endpoint out of One-Touch Join.'],
};

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'nothing thrown';
  } catch (thrown) {
    return thrown instanceof OtjError ? thrown.code : String(thrown);
  }
}

function ours(change: Partial<RoomResult> = {}): ResultFields {
  return renderResult({ ...RESULT, ...change });
}

describe('the columns of the results list', () => {
  it('are each described once, and the data file knows no others', () => {
    expect(COLUMNS.map(({ key }) => key).toSorted()).toEqual([...resultColumnSchema.options].toSorted());
    expect(new Set(COLUMNS.map(({ name }) => name)).size).toBe(COLUMNS.length);
  });

  it('are found again in the list that was made from them', () => {
    const { columns } = listBody('Results') as { columns: object[] };
    const read = [{ name: 'Title', displayName: 'Title', text: {} }, ...columns].map((raw) => columnIn(raw));
    const known = read.filter((column) => column !== null);
    expect(known).toHaveLength(COLUMNS.length);
    const mapping = proposeMapping(known);
    expect(Object.keys(mapping)).toHaveLength(COLUMNS.length);
    expect(() => assertMapping(mapping, known)).not.toThrow();
    expect(hasLease(mapping)).toBe(true);
    expect(known.find(({ name }) => name === 'JobKey')).toMatchObject({ indexed: true, unique: true });
  });

  it('are matched with columns of other names, whatever the case, and never twice with one', () => {
    const theirs = [
      column('field_1', 'job KEY'),
      column('Title', 'Title'),
      column('Zustand', 'state'),
      column('x', 'Building'),
    ];
    expect(proposeMapping(theirs)).toEqual({ jobKey: 'field_1', room: 'Title', state: 'Zustand', building: 'x' });
  });

  it.each([
    ['gone', {}, 'RESULTS_COLUMN_MISSING'],
    ['of another type', { type: 'number' as const }, 'RESULTS_COLUMN_UNFIT'],
    ['with markup', { type: 'rich' as const }, 'RESULTS_COLUMN_UNFIT'],
    ['with other choices', { type: 'choice' as const, choices: ['open', 'closed'] }, 'RESULTS_COLUMN_UNFIT'],
  ])('are refused when one is %s', (_what, change, code) => {
    const whole = [column('JobKey'), column('Title'), column('S')];
    const columns =
      'type' in change ? [column('JobKey'), column('Title'), { ...column('S'), ...change }] : whole.slice(0, 2);
    const mapping = { jobKey: 'JobKey', room: 'Title', state: 'S' };
    expect(() => assertMapping(mapping, whole)).not.toThrow();
    expect(codeOf(() => assertMapping(mapping, columns))).toBe(code);
  });

  it('are refused where a column of theirs must be filled in by us', () => {
    const columns = [column('JobKey'), column('Title'), column('S'), { ...column('Cost'), required: true }];
    expect(codeOf(() => assertMapping({ jobKey: 'JobKey', room: 'Title', state: 'S' }, columns))).toBe(
      'RESULTS_COLUMN_UNFIT',
    );
  });
});

function column(name: string, displayName = name): ListColumn {
  return { name, displayName, type: 'text', indexed: true, unique: false, required: false, choices: null };
}

describe('the address of a site', () => {
  it.each([
    ['https://contoso.sharepoint.com/sites/otj', '/sites/contoso.sharepoint.com:/sites/otj'],
    ['contoso.sharepoint.com/sites/otj/', '/sites/contoso.sharepoint.com:/sites/otj'],
    [
      'https://contoso.sharepoint.com/teams/Møte rom/Lists/x/AllItems.aspx?view=1',
      '/sites/contoso.sharepoint.com:/teams/M%C3%B8te%20rom',
    ],
    ['https://contoso.sharepoint.com/', '/sites/contoso.sharepoint.com'],
    ['https://contoso.sharepoint.com/Shared%20Documents/Forms', '/sites/contoso.sharepoint.com'],
  ])('%s', (typed, path) => {
    expect(sitePath(typed)).toBe(path);
  });

  it.each([
    '',
    'otj',
    'http://contoso.sharepoint.com/sites/otj',
    'https://me:secret@contoso.sharepoint.com/sites/otj',
    'https://contoso.sharepoint.com:8443/sites/otj',
    'https://127.0.0.1/sites/otj',
    'https://contoso.sharepoint.com/sites/',
    'https://contoso.sharepoint.com/sites/a%2Fb%3F%23',
    'https://contoso.sharepoint.com/sites/a:b',
  ])('is not %s', (typed) => {
    expect(codeOf(() => sitePath(typed))).toBe('RESULTS_SITE_ADDRESS');
  });
});

describe('a room as values of the list', () => {
  it('says where it stands, in times to the second', () => {
    expect(ours()).toMatchObject({
      jobKey: roomKey('fjord@CONTOSO.example'),
      room: 'Fjord',
      state: 'migrated',
      stateSince: '2026-11-23T14:02:11Z',
      withoutOtj: 38,
      problem: null,
      remaining: 'Take this endpoint out of One-Touch Join.',
    });
    expect(roomKey('a@contoso.example')).not.toBe(roomKey('b@contoso.example'));
  });

  it.each([
    ['=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'],
    ['  +1', "'+1"],
    ['＝1', "'＝1"],
    ['-1', '-1'],
    ['a\u202eb\u0000c\r\nd', 'abc d'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ])('takes %j for text', (name, shown) => {
    expect(ours({ name }).room).toBe(shown);
  });

  it('is one short line of text whatever a device or a list says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const fields = ours({ name: text, model: text, remaining: [text, text] });
        for (const value of [fields.room, fields.device]) {
          if (value === null || value === undefined) continue;
          const line = String(value);
          expect(line.length).toBeLessThanOrEqual(255);
          expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          expect(line).not.toMatch(/^(?!-\d+$)\s*[=+\-@＝＋－＠]/);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('goes to the columns that the list has and to no others, and comes back the same', () => {
    const mapping = { jobKey: 'field_1', room: 'Title', state: 'S', withoutOtj: 'N' };
    const named = toList(ours(), mapping);
    expect(Object.keys(named).toSorted()).toEqual(['N', 'S', 'Title', 'field_1']);
    const back = fromList({ ...named, Cost: 5, Title: ['x'] }, mapping);
    expect(back).toEqual({ jobKey: ours().jobKey, room: null, state: 'migrated', withoutOtj: 38 });
  });

  it('is the same value when the list has only changed its form', () => {
    expect(sameValue('stateSince', '2026-11-23T14:02:11Z', '2026-11-23T14:02:11.0000000Z')).toBe(true);
    expect(sameValue('remaining', 'a\nb', 'a\r\nb\r\n')).toBe(true);
    expect(sameValue('withoutOtj', 38, '38')).toBe(true);
    expect(sameValue('room', null, '')).toBe(true);
    expect(sameValue('room', 'a', 'A')).toBe(false);
  });
});

describe('ours, base and theirs', () => {
  const base = ours();

  it('writes only what has changed here', () => {
    expect(merge({ ours: base, written: base, base, theirs: base }).write).toEqual({});
    const now = ours({ state: 'undone' });
    expect(merge({ ours: now, written: base, base, theirs: base })).toEqual({
      write: { state: 'undone' },
      conflict: null,
      theirs: [],
    });
  });

  it('keeps what a person has changed, and shows it', () => {
    const theirs = { ...base, remaining: 'Ask Per for the key' };
    const now = ours({ state: 'undone' });
    expect(merge({ ours: now, written: base, base, theirs })).toEqual({
      write: { state: 'undone' },
      conflict: null,
      theirs: ['remaining'],
    });
  });

  it('leaves to a person what both have changed, and writes the rest', () => {
    const theirs = { ...base, state: 'needs attention' };
    const merged = merge({ ours: ours({ state: 'undone', technician: 'Ola' }), written: base, base, theirs });
    expect(merged.write).toEqual({ technician: 'Ola' });
    expect(merged.conflict?.fields).toEqual([
      { column: 'state', base: 'migrated', theirs: 'needs attention', ours: 'undone' },
    ]);
  });

  it('has nothing to decide when both say the same', () => {
    const both = ours({ state: 'undone' });
    expect(merge({ ours: both, written: base, base, theirs: both })).toEqual({ write: {}, conflict: null, theirs: [] });
  });

  it('takes what it sent itself, with the answer lost, for no news', () => {
    const sent = ours({ state: 'ready' });
    const now = ours({ state: 'undone' });
    expect(merge({ ours: now, written: base, base, theirs: sent, sent })).toEqual({
      write: { state: 'undone' },
      conflict: null,
      theirs: [],
    });
  });

  it('does not write for ever what the list keeps otherwise', () => {
    const cut = { ...base, remaining: 'Take this endpoint' };
    expect(merge({ ours: base, written: base, base: cut, theirs: cut }).write).toEqual({});
  });

  it('never writes over a value of somebody else unseen, whatever the values', () => {
    const value = fc.constantFrom('a', 'b', 'c', null);
    fc.assert(
      fc.property(value, value, value, value, (mine, was, known, there) => {
        const { write, conflict } = merge({
          ours: { building: mine },
          written: { building: was },
          base: { building: known },
          theirs: { building: there },
        });
        if (there !== known) expect(write).toEqual({});
        if (there !== known && mine !== was && mine !== there) expect(conflict).not.toBeNull();
        if (mine === was) expect(write).toEqual({});
      }),
    );
  });

  it('leaves a colleague’s room alone that nobody has begun here', () => {
    const theirs = ours({ technician: 'Ola', state: 'migrated' });
    const mine = ours({ technician: null, state: 'not started', workedAt: null });
    expect(merge({ ours: mine, ...adopted(mine, theirs, false), theirs }).write).toEqual({});
  });

  it('writes over what a colleague has only imported, and asks where both were at work', () => {
    const imported = ours({ technician: null, state: 'not started', building: 'Oslo HQ' });
    const mine = ours();
    const merged = merge({ ours: mine, ...adopted(mine, imported, true), theirs: imported });
    expect(merged.write).toMatchObject({ state: 'migrated', technician: 'Kari Nordmann' });
    expect(merged.write.building).toBeUndefined();
    const worked = ours({ state: 'needs attention', technician: 'Ola' });
    const asked = merge({ ours: mine, ...adopted(mine, worked, true), theirs: worked });
    expect(asked.conflict?.fields.map(({ column }) => column)).toEqual(['state', 'technician']);
  });

  it('tells of an item that was deleted', () => {
    expect(goneConflict(base, ours({ state: 'undone' }))).toMatchObject({ gone: true });
  });
});

describe('a lease', () => {
  const now = new Date('2026-11-23T14:00:00Z');
  const kari = newLease({ holder: 'Kari', laptop: 'lt-1', key: 'k1' }, now);

  it('goes through the list and back', () => {
    expect(leaseIn(leaseFields(kari))).toEqual({ ...kari, until: new Date(kari.until).toISOString() });
    expect(leaseIn(leaseFields(null))).toBeNull();
    expect(leaseIn({ leaseHolder: 'Ola' })).toBeNull();
    expect(Object.keys(leaseFields(kari)).toSorted()).toEqual([...LEASE_COLUMNS].toSorted());
  });

  it('binds others until its time has run out, by the clock of the server', () => {
    const ola = { key: 'k2', laptop: 'lt-2' };
    expect(judge(kari, ola, now)).toBe('taken');
    const end = new Date(now.getTime() + LEASE_MS);
    expect(judge(kari, ola, new Date(end.getTime() - 1000))).toBe('taken');
    expect(judge(kari, ola, end)).toBe('expired');
    expect(isLive(renewed(kari, end), end)).toBe(true);
    expect(judge(null, ola, now)).toBe('free');
  });

  it('is our own only on this laptop: a copy of the site file is somebody else', () => {
    expect(judge(kari, { key: 'k1', laptop: 'lt-1' }, now)).toBe('own');
    expect(judge(kari, { key: 'k1', laptop: 'lt-9' }, now)).toBe('taken');
    expect(judge(kari, { key: null, laptop: 'lt-1' }, now)).toBe('taken');
  });
});
