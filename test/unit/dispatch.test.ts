import { describe, expect, it } from 'vitest';
import { OtjError, type Problem } from '../../main/contract/errors.ts';
import type { Handlers } from '../../main/contract/methods.ts';
import { dispatch } from '../../main/hosts/dispatch.ts';

const SECRET = 'Correct-Horse-Battery-77';

/** A call with the one handler that this test is about. */
async function call(name: string, input: unknown, handlers: Partial<Handlers> = {}): Promise<unknown> {
  const reply = await dispatch(handlers as Handlers, name, input);
  if (!reply.ok) throw reply.problem;
  return reply.output;
}

async function problemOf(name: string, input: unknown, handlers: Partial<Handlers> = {}): Promise<Problem> {
  const reply = await dispatch(handlers as Handlers, name, input);
  if (reply.ok) throw new Error(`${name} was answered`);
  return reply.problem;
}

describe('a call', () => {
  it('is handed to its handler and answered with what that gives', async () => {
    const given: unknown[] = [];
    const handlers: Partial<Handlers> = {
      'rooms.next': (input) => {
        given.push(input);
        return { roomId: 7 };
      },
    };
    expect(await call('rooms.next', { after: 3, more: 'is left out' }, handlers)).toEqual({ roomId: 7 });
    expect(given).toEqual([{ after: 3 }]);
  });

  it('may take nothing and give nothing', async () => {
    expect(await call('site.close', undefined, { 'site.close': () => undefined })).toBeUndefined();
  });

  it.each(['rooms.nothing', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    'that does not exist is refused: %j',
    async (name) => {
      const { code, words } = await problemOf(name, undefined);
      expect(code).toBe('USAGE');
      expect(words).toBe('there is no such call');
    },
  );

  it('with bad input is refused with the place that is wrong, and never with what was there', async () => {
    let asked = 0;
    const handlers: Partial<Handlers> = {
      'credentials.save': () => {
        asked++;
        throw new Error('not to be called');
      },
    };
    const inputs: unknown[] = [
      { purpose: SECRET, roomId: null, username: 'admin', password: SECRET },
      { purpose: 'infinity', roomId: SECRET, username: '', password: SECRET },
      { purpose: 'infinity', roomId: null, username: 'admin', password: [SECRET] },
      SECRET,
      [SECRET],
      null,
    ];
    for (const input of inputs) {
      const problem = await problemOf('credentials.save', input, handlers);
      expect(problem.code).toBe('USAGE');
      expect(problem.words).toContain('credentials.save');
      expect(JSON.stringify(problem)).not.toContain(SECRET);
    }
    expect((await problemOf('credentials.save', inputs[2], handlers)).words).toContain('password');
    expect(asked).toBe(0);
  });

  it('keeps a short answer to long bad input', async () => {
    const input = { roomIds: Array(5_000).fill('x'), kind: null, note: '' };
    expect((await problemOf('rooms.tick', input)).words?.length).toBeLessThan(400);
  });

  it('whose answer has another shape is our own fault, and the answer is not handed on', async () => {
    const odd: Partial<Handlers> = { 'files.choose': () => JSON.parse(`{"path": {"secret": "${SECRET}"}}`) };
    const problem = await problemOf('files.choose', { what: 'folder', suggested: null }, odd);
    expect(problem).toMatchObject({ code: 'INTERNAL', class: 'internal' });
    expect(problem.words).toContain('files.choose');
    expect(JSON.stringify(problem)).not.toContain(SECRET);
  });

  it('hands on nothing beside what the contract names', async () => {
    const chatty: Partial<Handlers> = { 'files.choose': () => JSON.parse(`{"path": "/a", "passphrase": "${SECRET}"}`) };
    expect(await call('files.choose', { what: 'folder', suggested: null }, chatty)).toEqual({ path: '/a' });
  });

  it('keeps code and words of an error, thrown at once or later', async () => {
    const handlers: Partial<Handlers> = {
      'rooms.detail': () => {
        throw new OtjError('ROOM_UNKNOWN', '12');
      },
      'rooms.trust': async () => {
        throw new OtjError('SITE_NONE');
      },
    };
    expect(await problemOf('rooms.detail', { roomId: 12 }, handlers)).toMatchObject({
      code: 'ROOM_UNKNOWN',
      words: '12',
    });
    const trust = { roomId: 12, shown: 'cd'.repeat(32) };
    // Whichever key is shown is not for a screen to believe.
    expect(await problemOf('rooms.trust', { ...trust, shown: null }, handlers)).toMatchObject({ code: 'USAGE' });
    expect(await problemOf('rooms.trust', trust, handlers)).toEqual(new OtjError('SITE_NONE').toProblem());
  });

  it('answers any other throw as INTERNAL', async () => {
    const handlers: Partial<Handlers> = {
      'rooms.detail': () => {
        throw new TypeError('x is not a function');
      },
    };
    expect(await problemOf('rooms.detail', { roomId: 1 }, handlers)).toMatchObject({
      code: 'INTERNAL',
      words: 'x is not a function',
    });
    expect((await problemOf('rooms.next', { after: null })).code).toBe('INTERNAL');
  });
});
