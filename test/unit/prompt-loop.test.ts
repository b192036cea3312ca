/** The prompt of `otj cisco shell` as keys are pressed, without a device behind it. */
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { promptLoop } from '../../main/cli/promptLoop.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';

/** A prompt with a person before it. Lines that begin with `change` are asked about; `slow` waits to be let go. */
function prompt() {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const ran: string[] = [];
  const presses: boolean[] = [];
  const slow = Promise.withResolvers<void>();
  let screen = '';
  let shown = Promise.withResolvers<void>();
  output.setEncoding('utf8').on('data', (text: string) => {
    // Without the codes that move the cursor.
    screen += stripVTControlCharacters(text);
    shown.resolve();
    shown = Promise.withResolvers<void>();
  });
  const ended = promptLoop({
    input,
    output,
    terminal: true,
    prompt: '> ',
    signal: stop.signal,
    isSecret: (line) => line.includes('secret'),
    async run(line, confirm) {
      if (line === 'exit') return false;
      if (line === 'slow') await slow.promise;
      const runs = !line.startsWith('change') || (await confirm('sure? '));
      if (runs) ran.push(line);
      output.write(runs ? '[done]\n' : '[left]\n');
      return true;
    },
    interrupted: (again) => void presses.push(again),
  });
  onTestFinished(() => void input.destroy());
  /** Presses keys, then waits until the screen has shown this since. */
  const press = async (keys: string, until: string) => {
    const from = screen.length;
    input.write(keys);
    while (!screen.slice(from).includes(until)) await shown.promise;
  };
  return { press, ran, presses, ended, input, stop, letGo: () => slow.resolve() };
}

it('runs lines, asks about some, and ends with exit', async () => {
  const { press, ran, ended, input } = prompt();
  await press('one\r', '[done]\n> ');
  await press('change a\r', 'sure? ');
  await press('n\r', '[left]\n> ');
  await press('change b\r', 'sure? ');
  await press('y\r', '[done]\n> ');
  await press('change c\r', 'sure? ');
  await press(CTRL_C, '[left]\n> ');
  input.write('exit\r');
  await ended;
  expect(ran).toEqual(['one', 'change b']);
});

it('drops the line that is being typed at Ctrl-C, and ends at Ctrl-D', async () => {
  const { press, ran, ended, input } = prompt();
  await press('half a li', 'half a li');
  await press(CTRL_C, '^C\n> ');
  await press('two\r', '[done]\n> ');
  input.write(CTRL_D);
  await ended;
  expect(ran).toEqual(['two']);
});

it('keeps lines in its history, but no secrets and no answers', async () => {
  const { press, ran, input, ended } = prompt();
  await press('first\r', '[done]\n> ');
  await press('change it\r', 'sure? ');
  await press('y\r', '[done]\n> ');
  await press('a secret\r', '[done]\n> ');
  await press(`${UP}${UP}\r`, '[done]\n> ');
  await press(`${UP}${UP}\r`, 'sure? ');
  await press('y\r', '[done]\n> ');
  input.write('exit\r');
  await ended;
  expect(ran).toEqual(['first', 'change it', 'a secret', 'first', 'change it']);
});

it('hands Ctrl-C to the line under way, and takes the next line afterwards', async () => {
  const { press, ran, presses, ended, input, letGo } = prompt();
  input.write(`slow\r${CTRL_C}${CTRL_C}`);
  await new Promise(setImmediate);
  letGo();
  await press('next\r', '[done]\n> ');
  input.write(CTRL_D);
  await ended;
  expect([presses, ran]).toEqual([
    [false, true],
    ['slow', 'next'],
  ]);
});

it('ends a question, and itself, when it is to stop', async () => {
  const { press, ran, ended, stop } = prompt();
  await press('change it\r', 'sure? ');
  stop.abort();
  await ended;
  expect(ran).toEqual([]);
});
