import { describe, expect, it } from 'vitest';
import { problemOf } from '../../main/microsoft/graph/problems.ts';
import { countIn } from '../../main/microsoft/mailboxes/group.ts';
import { columnIn } from '../../main/microsoft/results/columns.ts';

const PAGE = '<!doctype html><h2>Our services aren’t available right now</h2>';
const told = (status: number, text: string, type = 'application/json') =>
  problemOf(
    { method: 'GET', path: '/users' },
    { status, text, header: (name) => (name === 'content-type' ? type : null) },
  )?.code;

describe('what an answer means', () => {
  it.each([200, 302, 403, 407, 511])('a page with %i is of something in between', (status) => {
    expect(told(status, PAGE, 'text/html')).toBe('M365_PORTAL');
  });

  it.each([
    [500, 'M365_FAILED'],
    [502, 'M365_UNREACHABLE'],
    [503, 'M365_UNREACHABLE'],
    [504, 'M365_UNREACHABLE'],
  ])('a page with %i is of a front door whose house does not answer', (status, code) => {
    expect(told(status, PAGE, 'text/html')).toBe(code);
  });

  it.each([
    ['resourceModified', 'M365_CHANGED'],
    ['conflict', 'M365_CHANGED'],
    ['nameAlreadyExists', 'M365_REFUSED'],
    ['', 'M365_REFUSED'],
  ])('a 409 with %s', (code, expected) => {
    expect(told(409, JSON.stringify({ error: { code, message: '' } }))).toBe(expected);
  });
});

it('a count is read in each form that a batch has for plain text', () => {
  expect([12, '12', '\uFEFF12', 'MTI=', 'MTI', '77u/MTI='].map(countIn)).toEqual([12, 12, 12, 12, 12, 12]);
  for (const digits of ['0', '9', '1234', '50005', '999999'])
    expect([digits, Buffer.from(digits).toString('base64')].map(countIn)).toEqual([Number(digits), Number(digits)]);
  expect([null, '', 'x', -1, 1.5, {}, '-1', 'bm9uZQ=='].map(countIn)).toEqual(Array(8).fill(null));
});

it('a column is read whatever is null or missing in it', () => {
  const text = { allowMultipleLines: false, maxLength: 255, textType: null };
  const whole = { name: 'JobKey', displayName: 'Job key', indexed: true, enforceUniqueValues: true, text };
  expect(columnIn({ ...whole, required: null, readOnly: null })).toMatchObject({ type: 'text', unique: true });
  expect(columnIn({ ...whole, displayName: null, required: 'no' })).toMatchObject({ displayName: 'JobKey' });
  expect(columnIn({ ...whole, text: { allowMultipleLines: true, textType: 'richText' } })).toMatchObject({
    type: 'rich',
  });
  expect(columnIn({ ...whole, text: null, choice: { choices: ['a', null], allowTextEntry: null } })).toMatchObject({
    type: 'choice',
    choices: ['a'],
  });
  expect(columnIn({ ...whole, readOnly: true })).toBeNull();
  expect(columnIn({ ...whole, name: null })).toBeNull();
});
