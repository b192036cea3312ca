/** What was heard and waits for its place on record: nothing of it is lost, whatever comes when. */
import { expect, it } from 'vitest';
import type { Fact } from '../../main/contract/evidence.ts';
import type { Heard } from '../../main/discovery/listen.ts';
import { Backlog } from '../../main/services/backlog.ts';

const name = (value: string): Fact => ({ source: 'mdns', name: 'name', value });
const words = (all: readonly Heard[]) =>
  all.map(({ address, facts }) => `${address} ${facts.map(({ value }) => value).join(',')}`);

/** Names are told only when the test says so, as a slow resolver would. */
function backlog(write: (all: readonly Heard[]) => boolean = () => true) {
  const written: string[][] = [];
  let answer = (_: Fact[]) => undefined as unknown;
  const one = new Backlog({
    more: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    write(all) {
      const isWritten = write(all);
      if (isWritten) written.push(words(all));
      return isWritten;
    },
  });
  return { one, written, answer: () => answer([name('more')]) };
}

it('keeps what is heard of a host while that host is being recorded', async () => {
  const { one, written, answer } = backlog();
  one.add({ address: '10.0.0.1', facts: [name('a')] });
  const first = one.round();
  one.add({ address: '10.0.0.1', facts: [name('b')] });
  one.add({ address: '10.0.0.1', facts: [name('c')] });
  answer();
  await first;
  const second = one.round();
  answer();
  await second;
  expect(written).toEqual([['10.0.0.1 a,more'], ['10.0.0.1 b,c,more']]);
  expect(one.recorded).toBe(1);
});

it('goes one round at a time', async () => {
  const { one, written, answer } = backlog();
  one.add({ address: '10.0.0.1', facts: [name('a')] });
  const both = [one.round(), one.round()];
  answer();
  await Promise.all(both);
  await one.round();
  expect(written).toEqual([['10.0.0.1 a,more']]);
});

it.each([
  ['may not be written now', () => false],
  [
    'cannot be written',
    () => {
      throw new Error('the disk is full');
    },
  ],
])('keeps all in its order while it %s', async (_, refuse) => {
  let isRefused = true;
  const { one, written, answer } = backlog(() => (isRefused ? refuse() : true));
  one.add({ address: '10.0.0.1', facts: [name('a')] });
  const first = one.round();
  one.add({ address: '10.0.0.1', facts: [name('b')] });
  answer();
  await first.catch(() => undefined);
  isRefused = false;
  const second = one.round();
  answer();
  await second;
  expect(written).toEqual([['10.0.0.1 a,b,more']]);
});

it('bounds what a stranger can say of himself', async () => {
  const { one, written, answer } = backlog();
  for (let at = 0; at < 200; at++) one.add({ address: '10.0.0.1', facts: [name(String(at))] });
  const round = one.round();
  answer();
  await round;
  expect(written[0]?.[0]?.split(',')).toHaveLength(61);
});
