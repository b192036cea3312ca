import { describe, expect, it } from 'vitest';
import type { Finding } from '../../main/contract/microsoft/mailboxes.ts';
import { worstOf } from '../../main/microsoft/mailboxes/judge.ts';

const WELL: Finding[] = [
  { check: 'exists', status: 'pass', reason: 'found', words: '' },
  { check: 'kind', status: 'pass', reason: 'room', words: '' },
];

describe('the worst finding of a mailbox', () => {
  it('is the worst of what was looked at', () => {
    expect(worstOf(WELL)).toBe('pass');
    const alias: Finding = { check: 'exists', status: 'warn', reason: 'alias', words: '' };
    expect(worstOf([...WELL, alias])).toBe('warn');
    expect(worstOf([...WELL, alias, { check: 'kind', status: 'fail', reason: 'person', words: '' }])).toBe('fail');
  });

  it('is not known while nothing was looked at, or something that decides was not', () => {
    expect(worstOf([])).toBe('unchecked');
    expect(worstOf([...WELL, { check: 'member', status: 'unchecked', reason: 'group-missing', words: '' }])).toBe(
      'unchecked',
    );
  });

  it('is not held back by what no room can help: no script came yet, no group was set', () => {
    const open: Finding[] = [
      { check: 'processing', status: 'unchecked', reason: 'no-script', words: '' },
      { check: 'member', status: 'unchecked', reason: 'group-unset', words: '' },
    ];
    expect(worstOf([...WELL, ...open])).toBe('pass');
  });
});
