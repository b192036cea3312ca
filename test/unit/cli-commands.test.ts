import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommands, COMMAND_FILES } from '../../main/cli/commands.ts';
import { exitCodeOf } from '../../main/cli/output.ts';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { type ErrorCode, OtjError } from '../../main/contract/errors.ts';

const added = async (words: readonly string[]) => {
  const program = new Command('otj');
  await addCommands(program, words);
  return program.commands.map((command) => command.name());
};

describe('which commands are loaded', () => {
  it('knows of each file what it adds', async () => {
    for (const { names, add } of COMMAND_FILES) {
      const program = new Command('otj');
      await add(program);
      expect(program.commands.map((command) => command.name())).toEqual(names);
    }
  });

  it('loads only what is called', async () => {
    expect(await added(['--json', '--passphrase-fd', '3', 'status', 'site.otjsite'])).toEqual([
      'status',
      'next',
      'report',
      'tick',
    ]);
    expect(await added(['help', 'match'])).toEqual(['match']);
  });

  it('adds to a command what several files bring', async () => {
    const program = new Command('otj');
    await addCommands(program, ['infinity', 'prepare']);
    const infinity = program.commands.find((command) => command.name() === 'infinity');
    expect(infinity?.commands.map((command) => command.name())).toEqual(expect.arrayContaining(['set', 'drift']));
  });

  it.each([[[]], [['--help']], [['nothing-like-it']], [['--help', 'run']], [['-h', 'run']]])(
    'loads all for a help that must be whole: %j',
    async (words) => {
      const all = [...new Set(COMMAND_FILES.flatMap(({ names }) => names))];
      expect((await added(words)).sort()).toEqual(all.sort());
    },
  );
});

it('a result of an access script that does not fit is wrong use', () => {
  const codes = (Object.keys(CATALOGUE) as ErrorCode[]).filter(
    (code) => code.startsWith('RESULT_') && CATALOGUE[code].class === 'usage',
  );
  expect(codes.length).toBeGreaterThan(3);
  expect(codes.filter((code) => exitCodeOf(new OtjError(code)) !== 2)).toEqual([]);
});
