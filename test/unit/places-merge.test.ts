/** What is written to a place, and put back: nothing of anybody's is lost, whatever happened in between. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesSettingsSchema } from '../../main/contract/microsoft/places.ts';
import { done, NOTHING, type Ours, planUndo, planWrite, settled } from '../../main/microsoft/places/merge.ts';
import { deviceName, has, type PlaceNow } from '../../main/microsoft/places/place.ts';

const EMPTY = { videoDeviceName: null, audioDeviceName: null, displayDeviceName: null };
const place = (change: Partial<PlaceNow['devices']> = {}, tags: string[] = []): PlaceNow => ({
  ...{ id: 'id', mailbox: 'fjord@contoso.example', devices: { ...EMPTY, ...change }, tags },
});
const WISH = { devices: { videoDeviceName: 'Room Kit Pro' }, tags: ['One-Touch Join'] };
const written: Ours = {
  before: { videoDeviceName: 'HDX' },
  written: { videoDeviceName: 'Room Kit Pro' },
  tags: ['One-Touch Join'],
};

describe('a write', () => {
  it('has only what differs, and the tags of others go with ours', () => {
    const plan = planWrite(WISH, NOTHING, place({ audioDeviceName: 'Sennheiser' }, ['Floor 2']), 'replace');
    expect(plan.values).toEqual({ videoDeviceName: 'Room Kit Pro', tags: ['Floor 2', 'One-Touch Join'] });
    expect(planWrite(WISH, NOTHING, place({ videoDeviceName: 'Room Kit Pro' }, ['one-touch join']), 'replace')).toEqual(
      {
        ...{ changes: [], theirs: [], values: null, gone: [] },
      },
    );
  });

  it('replaces what stood there before only where a person has looked, and keeps it', () => {
    const before = place({ videoDeviceName: 'HDX' }, ['One-Touch Join']);
    expect(planWrite(WISH, NOTHING, before, 'fill')).toMatchObject({
      values: null,
      theirs: [{ theirs: 'HDX', ours: 'Room Kit Pro' }],
    });
    const { changes, values } = planWrite(WISH, NOTHING, before, 'replace');
    expect(values).toEqual({ videoDeviceName: 'Room Kit Pro' });
    expect(done(NOTHING, { changes, undo: false })).toEqual({ ...written, tags: [] });
  });

  it('leaves what somebody has set since, or taken away, unless the room is named', () => {
    const theirs = place({ videoDeviceName: 'Ola’s codec' }, []);
    const plan = planWrite(WISH, written, theirs, 'replace');
    expect(plan).toMatchObject({ values: null, changes: [] });
    expect(plan.theirs).toEqual([
      { property: 'videoDeviceName', theirs: 'Ola’s codec', ours: 'Room Kit Pro' },
      { property: 'tags', theirs: null, ours: 'One-Touch Join' },
    ]);
    const over = planWrite(WISH, written, theirs, 'overwrite');
    expect(over.values).toEqual({ videoDeviceName: 'Room Kit Pro', tags: ['One-Touch Join'] });
    // What is put back is theirs then.
    expect(done(written, { changes: over.changes, undo: false }).before).toEqual({ videoDeviceName: 'Ola’s codec' });
  });

  it('follows a device that was changed, and still puts back what stood there at first', () => {
    const wish = { ...WISH, devices: { videoDeviceName: 'Studio X50' } };
    const { changes } = planWrite(
      wish,
      written,
      place({ videoDeviceName: 'Room Kit Pro' }, ['One-Touch Join']),
      'fill',
    );
    expect(done(written, { changes, undo: false })).toEqual({
      ...{ before: { videoDeviceName: 'HDX' }, written: { videoDeviceName: 'Studio X50' }, tags: ['One-Touch Join'] },
    });
  });
});

describe('putting back', () => {
  it('is for what is still as we left it', () => {
    const plan = planUndo(written, place({ videoDeviceName: 'Room Kit Pro' }, ['Floor 2', 'ONE-TOUCH JOIN']));
    expect(plan).toMatchObject({
      values: { videoDeviceName: 'HDX', tags: ['Floor 2'] },
      gone: ['One-Touch Join'],
      theirs: [],
    });
    const theirs = planUndo(written, place({ videoDeviceName: 'Ola’s codec' }, []));
    expect(theirs).toMatchObject({ values: null, theirs: [{ theirs: 'Ola’s codec', ours: 'HDX' }] });
  });
});

describe('a write whose answer got lost', () => {
  const before = place({ videoDeviceName: 'HDX' }, ['Floor 2']);
  const { changes } = planWrite(WISH, NOTHING, before, 'replace');
  const sending = { changes, undo: false };

  it.each([
    ['was done', place({ videoDeviceName: 'Room Kit Pro' }, ['Floor 2', 'One-Touch Join']), written],
    ['was not done', before, NOTHING],
    [
      'was done, and somebody changed it since',
      place({ videoDeviceName: 'Ola’s codec' }, ['Floor 2', 'One-Touch Join']),
      written,
    ],
  ])('%s', (_, now, ours) => {
    expect(settled(NOTHING, sending, now)).toEqual(ours);
  });

  it('of an undo is known as well', () => {
    const undo = {
      changes: planUndo(written, place({ videoDeviceName: 'Room Kit Pro' }, ['One-Touch Join'])).changes,
      undo: true,
    };
    expect(settled(written, undo, place({ videoDeviceName: 'HDX' }, []))).toEqual(NOTHING);
    expect(settled(written, undo, place({ videoDeviceName: 'Room Kit Pro' }, ['One-Touch Join']))).toEqual(written);
  });
});

it('whatever stands there: a second write has nothing to do, and putting back leaves all as it was', () => {
  const name = fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: null });
  const tags = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), {
    maxLength: 5,
    selector: (tag) => tag.normalize('NFC').toLowerCase(),
  });
  fc.assert(
    fc.property(
      name,
      name,
      tags,
      tags,
      fc.string({ minLength: 1, maxLength: 8 }),
      (video, audio, there, wanted, model) => {
        const wish = { devices: { videoDeviceName: model, audioDeviceName: model }, tags: wanted };
        const first = place({ videoDeviceName: video, audioDeviceName: audio }, there);
        const plan = planWrite(wish, NOTHING, first, 'replace');
        const after = applied(first, plan.values);
        expect(has(after, plan.values ?? {}, plan.gone)).toBe(true);
        const ours = done(NOTHING, { changes: plan.changes, undo: false });
        expect(settled(NOTHING, { changes: plan.changes, undo: false }, after)).toEqual(ours);
        expect(planWrite(wish, ours, after, 'replace')).toMatchObject({ values: null, theirs: [] });
        const back = applied(after, planUndo(ours, after).values);
        expect(back.devices).toEqual(first.devices);
        expect(back.tags).toEqual(first.tags);
      },
    ),
  );
});

function applied(now: PlaceNow, values: ReturnType<typeof planUndo>['values']): PlaceNow {
  const { tags = now.tags, ...names } = values ?? {};
  return { ...now, devices: { ...now.devices, ...names }, tags };
}

it('names and tags are one line of plain text, and no longer than is known to fit', () => {
  expect(deviceName('Room\u202E Kit\n<b>Pro</b>')).toBe('Room Kit <b>Pro</b>');
  expect([...deviceName('🙂'.repeat(300))]).toHaveLength(120);
  const fits = (tags: string[]) => placesSettingsSchema.safeParse({ devices: [], tags }).success;
  expect([fits(['One-Touch Join']), fits(['x'.repeat(61)]), fits(['a\nb']), fits(['\u202E']), fits([''])]).toEqual([
    ...[true, false, false, false, false],
  ]);
  expect(fits([])).toBe(false);
});
