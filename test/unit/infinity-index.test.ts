/** Entries found by index are the ones that a look at each would have found; and what is read back in one go. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { InfinityClient } from '../../main/infinity/client.ts';
import { type EntryWish, findEntry } from '../../main/infinity/entry.ts';
import { EntryIndex } from '../../main/infinity/entryIndex.ts';
import { ReadBack } from '../../main/infinity/readBack.ts';
import { type Entry, EntrySchema, tellsEntry } from '../../main/infinity/resources.ts';

const few = (...texts: string[]) => fc.constantFrom(...texts, null);
const mailboxes = few('a@x.example', ' A@X.example', 'b@x.example', '');
const names = few('Fjord', 'fjord ', 'Skog', '');
const addresses = few('10.0.0.1', '[10.0.0.1]', 'codec.example', 'CODEC.example.', '');
const entries = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 9 }),
      room_resource_email: mailboxes,
      name: names,
      api_address: addresses,
      api_port: fc.constantFrom(null, 443, 8443),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  )
  .map((all) => all.map((one): Entry => EntrySchema.parse(one)));

describe('an index that is renewed', () => {
  const entry = (id: number, name: string) => EntrySchema.parse({ id, name, room_resource_email: `${name}@x.example` });
  const byName = (index: EntryIndex, name: string) => index.near({ mailbox: 'none', name, address: 'none' }, null);

  it('has what was listed and what was put meanwhile, and keeps objects that did not change', async () => {
    const [kept, gone, changed] = [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')];
    const index = new EntryIndex([kept, gone, changed]);
    await index.renew(async ({ page }) => {
      page([entry(9, 'from a listing that was broken off')], true);
      page([entry(1, 'a')], true);
      // its page was told before it was made, or with what it was before
      index.put(entry(5, 'e'));
      index.put(entry(4, 'written'));
      page([entry(3, 'd'), entry(4, 'stale'), entry(6, 'f')], false);
    });
    expect(
      index
        .all()
        .map(({ id, name }) => `${id} ${name}`)
        .sort(),
    ).toEqual(['1 a', '3 d', '4 written', '5 e', '6 f']);
    expect(index.all().find(({ id }) => id === 1)).toBe(kept);
    expect([byName(index, 'b'), byName(index, 'c')]).toEqual([[], []]);
    expect(byName(index, 'd')).toMatchObject([{ id: 3 }]);
  });

  it('stays as it is where the listing fails', async () => {
    const index = new EntryIndex([entry(1, 'a')]);
    const failing = index.renew(async () => {
      throw new Error('away');
    });
    await expect(failing).rejects.toThrow('away');
    expect(index.all()).toHaveLength(1);
  });
});

describe('a row that is known', () => {
  const values = fc.oneof(fc.constantFrom('a', '', 1, '1', true, null), fc.record({ id: fc.constant(3) }));
  const rows = fc.dictionary(
    fc.constantFrom(
      'name',
      'api_port',
      'mjx_endpoint_group',
      'poly_raise_alarms_for_this_endpoint',
      'api_password',
      'new',
    ),
    values,
  );
  const read = (row: object) => EntrySchema.parse({ id: 7, ...row });

  it('is taken for an entry only when it would be read as just that', () => {
    fc.assert(
      fc.property(rows, rows, (row, other) => {
        if (tellsEntry({ id: 7, ...row }, read(other))) expect(read(row)).toEqual(read(other));
      }),
    );
  });

  it('is one that is as it was read, also with a blank password, and not one with a field more or less', () => {
    const row = { id: 7, name: 'Fjord', api_port: null, new: 'x' };
    expect(tellsEntry({ ...row, api_password: '' }, read(row))).toBe(true);
    expect(tellsEntry({ ...row, api_port: 8443 }, read(row))).toBe(false);
    expect(tellsEntry({ ...row, newer: null }, read(row))).toBe(false);
    expect(tellsEntry({ id: 7, name: 'Fjord', api_port: null }, read(row))).toBe(false);
    expect(tellsEntry({ ...row, api_port: '443' }, read({ ...row, api_port: '443' }))).toBe(false);
  });

  it('is not looked into again when a listing is renewed', async () => {
    const index = new EntryIndex([read({ name: 'a' })]);
    const found: unknown[] = [];
    await index.renew(async ({ page, known }) => {
      found.push(
        known?.({ id: 7, name: 'a' }),
        known?.({ id: 7, name: 'b' }),
        known?.({ id: 8, name: 'a' }),
        known?.(null),
      );
      page([read({ name: 'a' })], true);
    });
    expect(found).toEqual([index.all()[0], null, null, null]);
  });
});

describe('the index of entries', () => {
  it('leaves out none that matters, also after entries changed', () => {
    fc.assert(
      fc.property(
        entries,
        entries,
        mailboxes,
        names,
        addresses,
        fc.constantFrom(null, 1, 5),
        (first, then, ...rest) => {
          const [mailbox, name, address, knownId] = rest;
          const wish = { mailbox: mailbox ?? '', name: name ?? '', address: address ?? '', port: null } as EntryWish;
          const index = new EntryIndex(first);
          for (const entry of then) index.put(entry);
          const all = index.all();
          const byId = (found: ReturnType<typeof findEntry>) =>
            found.kind === 'conflict' ? found.entries.map(({ id }) => id).toSorted() : found;
          expect(byId(findEntry(index.near(wish, knownId), wish, knownId))).toEqual(
            byId(findEntry(all, wish, knownId)),
          );
        },
      ),
    );
  });
});

describe('reading back', () => {
  const entry = (id: number): Entry => EntrySchema.parse({ id, name: `Room ${id}` });
  function node(pick: (ids: readonly number[]) => Entry[]) {
    const asked: string[] = [];
    const client: Pick<InfinityClient, 'pick' | 'get'> = {
      async pick(_resource, ids, schema) {
        asked.push(`pick ${ids.length}`);
        return pick(ids).map((one) => schema.parse(one));
      },
      async get(path, schema) {
        asked.push('get');
        const id = Number(/(\d+)\/$/.exec(path)?.[1]);
        return id > 900 ? null : schema.parse(entry(id));
      },
    };
    return { asked, readBack: new ReadBack(client as InfinityClient) };
  }
  /** All are under way before the first has been written. */
  const readOne = (readBack: ReadBack, id: number) =>
    readBack.during(async () => {
      await Promise.resolve();
      return readBack.read(id);
    });
  const readAll = (readBack: ReadBack, ids: number[]) => Promise.all(ids.map((id) => readOne(readBack, id)));

  it('takes one request for many, and one each for few', async () => {
    const { asked, readBack } = node((ids) => ids.map(entry));
    const ids = Array.from({ length: 50 }, (_, at) => at + 1);
    expect((await readAll(readBack, ids)).map((one) => one?.id)).toEqual(ids);
    expect(asked).toEqual(['pick 50']);
    await readAll(readBack, [1]);
    expect(asked).toEqual(['pick 50', 'get']);
  });

  it.each<[string, (ids: readonly number[]) => Entry[]]>([
    [
      'refuses',
      () => {
        throw new OtjError('INFINITY_REFUSED');
      },
    ],
    ['answers with others', () => [entry(700)]],
  ])('asks for each where the node %s, and never picks again', async (_, pick) => {
    const { asked, readBack } = node(pick);
    const ids = [1, 2, 3, 4, 5];
    expect((await readAll(readBack, ids)).map((one) => one?.id)).toEqual(ids);
    await readAll(readBack, ids);
    expect(asked.filter((one) => one.startsWith('pick'))).toHaveLength(1);
    expect(asked.filter((one) => one === 'get')).toHaveLength(10);
  });

  it('does not take what is missing from the answer for gone', async () => {
    const { readBack } = node((ids) => ids.slice(1).map(entry));
    expect((await readAll(readBack, [1, 2, 3, 4, 999])).map((one) => one?.id)).toEqual([1, 2, 3, 4, 999]);
    const { readBack: other } = node((ids) => ids.filter((id) => id < 900).map(entry));
    expect(await readAll(other, [1, 2, 3, 4, 999])).toMatchObject([{}, {}, {}, {}, null]);
  });

  it('does not wait for a room that waits for the others', async () => {
    // No patience ever ends here.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { readBack } = node((ids) => ids.map(entry));
    const others = Promise.withResolvers<void>();
    const last = readBack.during(async () => {
      await readBack.aside(() => others.promise);
      return readBack.read(2);
    });
    expect(await readOne(readBack, 1)).toMatchObject({ id: 1 });
    others.resolve();
    expect(await last).toMatchObject({ id: 2 });
  });

  it('tells all who wait when the node is gone', async () => {
    const { readBack } = node(() => {
      throw new OtjError('INFINITY_UNREACHABLE');
    });
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((id) => readOne(readBack, id)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });
});
