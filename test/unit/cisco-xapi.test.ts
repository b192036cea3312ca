/** Replies in the shapes recorded from codecs and from Cisco's own client; see the sources named in the tests. */
import { describe, expect, it } from 'vitest';
import {
  asList,
  commandLine,
  commandResult,
  confirmSet,
  isTrue,
  leaf,
  quote,
  subtree,
  textAt,
  type XapiValue,
} from '../../main/endpoints/cisco/xapi.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';

describe('a command line', () => {
  it('names the command, its values and its tag', () => {
    expect(commandLine('Macros Macro Save', { Name: 'otj', Overwrite: true, Transpile: false }, '12')).toBe(
      'xCommand Macros Macro Save Name: "otj" Overwrite: True Transpile: False | resultId="12"',
    );
    expect(commandLine('Bookings List', {}, '1')).toBe('xCommand Bookings List | resultId="1"');
  });

  it('repeats a value that is a list', () => {
    expect(commandLine('A', { Role: ['Admin', 'User'], Limit: 3 }, '1')).toBe(
      'xCommand A Role: "Admin" Role: "User" Limit: 3 | resultId="1"',
    );
  });

  it.each([
    'plain',
    '',
    'with space',
    'quote " and \\ and \\" end\\',
    '| resultId="9"',
    'Name: "x"',
    'æøå 会议室 🎥',
    "it's & < > ; $(x) `y`",
  ])('quotes %j so that a JSON reader gets it back', (value) => {
    expect(JSON.parse(quote(value))).toBe(value);
  });

  it.each(['\n', '\r', '\0', '\t', '\u007f', '\u0085', '\u001b'])(
    'refuses control character %j, which could begin another command',
    async (char) => {
      const value = `secret${char}xCommand SystemUnit Boot`;
      const error = await errorOf(() => quote(value));
      expect(error?.code).toBe('ODD_REPLY');
      expect(error?.message).not.toContain('secret');
      expect(await codeOf(() => commandLine('A', { Name: ['fine', value] }, '1'))).toBe('ODD_REPLY');
    },
  );
});

describe('the result of a command', () => {
  const reply = (response: unknown) => ({ CommandResponse: response, ResultId: '1' });

  it('is found under the last two words of its path', () => {
    const result = { status: 'OK', Macro: [{ id: '1', Name: { Value: 'a' } }] };
    expect(commandResult(reply({ MacroGetResult: result }), 'Macros Macro Get')).toEqual(result);
    expect(commandResult(reply({ DialResult: { status: 'OK' } }), 'Dial')).toEqual({ status: 'OK' });
    expect(
      commandResult(reply({ RuntimeRestartResult: { status: { Value: 'OK' } } }), 'Macros Runtime Restart'),
    ).toEqual({ status: { Value: 'OK' } });
  });

  // Shapes of jsxapi (src/backend/tsh.ts and its tests), the drivers of PlaceOS, and the xAPI guide.
  it.each([
    [
      'an unknown command',
      { Result: { status: 'Error', Reason: { Value: 'Unknown command' }, XPath: { Value: '/Dila' } } },
      'Unknown command',
    ],
    ['a bad parameter', { MacroRemoveResult: { status: 'ParameterError' } }, 'ParameterError'],
    ['a reason', { MacroRemoveResult: { status: 'Error', Reason: { Value: 'No such macro' } } }, 'No such macro'],
    ['an error', { MacroRemoveResult: { status: 'Error', Error: { Value: 'No such macro' } } }, 'No such macro'],
    ['a description', { MacroRemoveResult: { status: 'Error', Description: { Value: 'gone' } } }, 'gone'],
    ['a cause', { MacroRemoveResult: { status: 'Error', Cause: { Value: '2' } } }, '2'],
    ['a bare text', { MacroRemoveResult: { status: 'Error', Reason: 'bare' } }, 'bare'],
    ['an empty reason', { MacroRemoveResult: { status: 'Error', Reason: { Value: '' }, Cause: '7' } }, '7'],
    ['no words', { MacroRemoveResult: { status: 'Error' } }, 'Error'],
  ])('refused with %s tells the words of the codec', async (_name, response, words) => {
    const error = await errorOf(() => commandResult(reply(response), 'Macros Macro Remove'));
    expect(error).toMatchObject({ code: 'REFUSED', words: `Macros Macro Remove: ${words}` });
  });

  it.each([
    ['no response', { ResultId: '1' }],
    ['an empty response', reply({})],
    ['a list', reply([])],
    ['null', reply(null)],
    ['text', reply('OK')],
    ['no status', reply({ MacroRemoveResult: {} })],
    ['another status', reply({ MacroRemoveResult: { status: 'Maybe' } })],
    ['a status that only begins so', reply({ MacroRemoveResult: { status: 'OKAY' } })],
    ['a result that is text', reply({ MacroRemoveResult: 'OK' })],
    ['a status reply', { Status: { SystemUnit: {} }, ResultId: '1' }],
  ])('is never success with %s', async (_name, odd) => {
    expect(await codeOf(() => commandResult(odd as Record<string, unknown>, 'Macros Macro Remove'))).toBe('ODD_REPLY');
  });
});

describe('a subtree', () => {
  const network = (value: unknown) => ({ Status: { Network: value }, ResultId: '1' });
  const one = { id: '1', Ethernet: { MacAddress: { Value: 'aa' } } };
  const two = { id: '2', Ethernet: { MacAddress: { Value: 'bb' } } };

  it('comes without its wrappers', () => {
    const reply = { Configuration: { Macros: { Mode: { Value: 'On' } } }, ResultId: '1' };
    expect(leaf(subtree(reply, 'Configuration', 'Macros Mode'))).toBe('On');
  });

  it.each([
    ['a list', [two, one]],
    ['a list of one', [one]],
    ['the element alone', one],
    ['the element without its number', { Ethernet: one.Ethernet }],
    [
      'numbers as numbers',
      [
        { ...two, id: 2 },
        { ...one, id: 1 },
      ],
    ],
  ])('picks an element by its number from %s', (_name, value) => {
    expect(leaf(subtree(network(value), 'Status', 'Network 1 Ethernet MacAddress'))).toBe('aa');
  });

  it('is nothing when there is no value', () => {
    expect(subtree({ ResultId: '1' }, 'Status', 'Network 1 Ethernet MacAddress')).toBeUndefined();
    expect(subtree(network([one, two]), 'Status', 'Network 3 Ethernet')).toBeUndefined();
    expect(subtree(network('text'), 'Status', 'Network 1 Ethernet')).toBeUndefined();
    expect(subtree({ Status: null }, 'Status', 'Network')).toBeUndefined();
  });

  it.each([
    ['in a response', { CommandResponse: { Status: { status: 'Error', Reason: { Value: 'No match' } } } }],
    ['at the top', { Status: { status: 'Error', Reason: { Value: 'No match' } } }],
  ])('refused %s tells the reason', async (_name, reply) => {
    expect(await errorOf(() => subtree(reply, 'Status', 'Foo Bar'))).toMatchObject({
      code: 'REFUSED',
      words: 'Status Foo Bar: No match',
    });
  });
});

describe('leaves and lists', () => {
  it('reads texts, wrapped or bare, and nothing else', () => {
    expect([{ Value: 'x' }, 'x', { Value: { Value: 'x' } }].map(leaf)).toEqual(['x', 'x', 'x']);
    expect([3, true, { Value: 0 }].map(leaf)).toEqual(['3', 'true', '0']);
    expect([undefined, null, [], {}, { Value: null }].map(leaf)).toEqual(Array(5).fill(undefined));
    expect(textAt({ A: { B: { Value: 'x' } } }, 'A', 'B')).toBe('x');
    expect(textAt({ A: 'x' }, 'A', 'B', 'C')).toBeUndefined();
  });

  it('takes one element for a list of one and none for an empty one', () => {
    expect(asList([1, 2])).toEqual([1, 2]);
    expect(asList({ id: '1' })).toEqual([{ id: '1' }]);
    expect(asList(undefined)).toEqual([]);
    expect(asList(null)).toEqual([]);
  });

  it('knows true in any case', () => {
    expect(['True', { Value: 'true' }, true].every(isTrue)).toBe(true);
    expect(['False', '', undefined, { Value: '1' }].some(isTrue)).toBe(false);
  });
});

describe('the reply to a set', () => {
  const PATH = 'SIP Authentication Password';
  const end = async (reply: Record<string, unknown>, value: XapiValue = 'x') =>
    (await codeOf(() => confirmSet({ ...reply, ResultId: '1' }, PATH, value))) ?? 'taken';
  const echo = (Password: unknown) => ({ Configuration: { SIP: { Authentication: { Password } } } });

  it('is success only when it is bare, or says what was set', async () => {
    expect(await end({})).toBe('taken');
    expect(await end(echo({ Value: 'x' }))).toBe('taken');
    expect(await end(echo({ Value: 'True' }), true)).toBe('taken');
    expect(await end(echo({ Value: 'other' }))).toBe('ODD_REPLY');
    expect(await end({ Hello: 1 })).toBe('ODD_REPLY');
    expect(await end({ ...echo({ Value: 'x' }), Hello: 1 })).toBe('ODD_REPLY');
    expect(await end({ CommandResponse: {} })).toBe('ODD_REPLY');
  });

  it.each([
    [{ CommandResponse: { Result: { status: 'Error', Reason: { Value: 'Permission denied' } } } }],
    [{ CommandResponse: { ConfigurationSetResult: { status: 'Error' } } }],
    [{ CommandResponse: { Configuration: { status: 'Error', Reason: { Value: 'No match on address expression' } } } }],
    [{ Configuration: { SIP: { error: 'True', Value: 'No such' } } }],
    [{ Configuration: { SIP: [{ id: '1' }, { Authentication: { error: 'True' } }] } }],
    [echo({ status: 'Error', Reason: { Value: 'Denied' } })],
    [{ ActionError: { Reason: { Value: 'x' } } }],
  ])('is a refusal wherever it says so: %j', async (reply) => {
    expect(await end(reply)).toBe('REFUSED');
  });
});

describe('the reply to a command', () => {
  const end = async (response: object, path: string) =>
    (await codeOf(() => commandResult({ CommandResponse: response, ResultId: '1' }, path))) ?? 'done';

  it('is success only under its own name, in any case', async () => {
    expect(await end({ MacroSaveResult: { status: 'OK' } }, 'Macros Macro Save')).toBe('done');
    expect(await end({ macrosaveresult: { status: 'OK' } }, 'Macros Macro Save')).toBe('done');
    expect(await end({ Result: { status: 'OK' } }, 'Macros Macro Save')).toBe('done');
    expect(await end({ MacroRemoveResult: { status: 'OK' } }, 'Macros Macro Save')).toBe('ODD_REPLY');
    expect(await end({ XResult: { status: 'OK' }, MacroSaveResult: { status: 'Error' } }, 'Macros Macro Save')).toBe(
      'REFUSED',
    );
    expect(await end({ XResult: { status: 'Error' } }, 'Macros Macro Save')).toBe('REFUSED');
  });
});
