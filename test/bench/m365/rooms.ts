/** The rooms of the bench, as both sides know them, and what a check has to say of each. */

export const GROUP = 'otjrooms@bench.example';

export interface BenchRoom {
  mailbox: string;
  /** What is unusual about it. */
  kind: 'usual' | 'hidden' | 'nested' | 'alias' | 'missing' | 'person' | 'outside';
}

/** Most are usual; one in a hundred is hidden, some are wrong. */
export function benchRooms(count: number): BenchRoom[] {
  return Array.from({ length: count }, (_, at) => ({ mailbox: `room-${at}@bench.example`, kind: kindOf(at) }));
}

function kindOf(at: number): BenchRoom['kind'] {
  if (at % 100 === 7) return 'hidden';
  if (at % 500 === 11) return 'alias';
  if (at % 500 === 13) return 'missing';
  if (at % 1_000 === 17) return 'person';
  if (at % 50 === 19) return 'outside';
  return at % 20 === 3 ? 'nested' : 'usual';
}

/** Status and reason of the check that tells. */
export const SAID: Record<BenchRoom['kind'], [check: string, said: string]> = {
  usual: ['member', 'pass direct'],
  hidden: ['place', 'warn hidden'],
  nested: ['member', 'pass nested'],
  alias: ['exists', 'warn alias'],
  missing: ['exists', 'fail missing'],
  person: ['kind', 'fail person'],
  outside: ['member', 'fail not-member'],
};
