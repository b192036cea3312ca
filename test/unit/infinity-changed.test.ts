/** Which changes of an entry are somebody else's. */
import { describe, expect, it } from 'vitest';
import { assertUnchanged, EntryChanged, foreignEntry, wholeState } from '../../main/infinity/changed.ts';
import { diffFields } from '../../main/infinity/entry.ts';
import { EntrySchema } from '../../main/infinity/resources.ts';

const wish = { name: 'Fjord', description: 'Oslo', api_address: '10.1.0.1', use_https: 'YES' };
const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  return null;
};

describe('a state that a reply told without some fields', () => {
  // Infinity leaves a field out where it has its default.
  const bare = { name: 'Old', api_address: '10.7.7.7' };
  const entry = EntrySchema.parse({ id: 4, ...bare });

  it('had the defaults there, so that they are no news', () => {
    const check = () => assertUnchanged('write', entry, diffFields(entry, wish), [wholeState(bare)]);
    expect(thrownBy(check)).toBeNull();
  });

  it('is news where one of them is there now', () => {
    const now = EntrySchema.parse({ ...entry, description: 'by somebody' });
    const check = () => assertUnchanged('write', now, diffFields(now, wish), [wholeState(bare)]);
    expect(thrownBy(check)).toMatchObject({
      code: 'INFINITY_CHANGED',
      conflict: { foreign: false, fields: [{ field: 'description', base: '', theirs: 'by somebody', ours: 'Oslo' }] },
    });
  });
});

describe('an entry from before us', () => {
  it('is told with what it has and what we would write, and nothing as ours', () => {
    const entry = EntrySchema.parse({
      id: 4,
      name: 'Old',
      api_address: '10.1.0.1',
      description: 'Oslo',
      use_https: 'YES',
    });
    const changed = foreignEntry(entry, diffFields(entry, wish));
    expect(changed).toBeInstanceOf(EntryChanged);
    expect(changed.conflict).toMatchObject({
      foreign: true,
      entryId: 4,
      fields: [{ field: 'name', base: null, theirs: 'Old', ours: 'Fjord' }],
    });
    expect(changed.words).toBe('entry 4 was there before: name is "Old", should be "Fjord"');
  });
});
