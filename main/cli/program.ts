/** The `otj` command: arguments in, services, text or JSON lines out. */
import { Command, CommanderError } from 'commander';
import meta from '../../package.json' with { type: 'json' };
import { asOtjError, OtjError } from '../contract/errors.ts';
import { addCommands } from './commands.ts';
import { clean, exitCodeOf, makeOutput } from './output.ts';
import { descriptor } from './secrets.ts';

/** Runs one command to its end; how it ended is `process.exitCode`. @param args without the program's own name */
export async function runOtj(args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  const program = new Command('otj')
    .description('Moves meeting rooms from Pexip Service One-Touch Join to One-Touch Join on Pexip Infinity.')
    .version(meta.version, '--version', 'print the version')
    .option('--json', 'one JSON object per line, for machines')
    .option('--passphrase-fd <fd>', 'read the site passphrase from this file descriptor', descriptor)
    .addHelpText(
      'after',
      `
Order of work:
  office     init, import, credential set, infinity set (or setup), check, prepare
             without access to the Management API: infinity export, infinity import
             mailboxes in Microsoft 365: m365 set, m365 script, m365 result
  building   discover, match, plan, run (or undo), next; works offline
             when a room is odd: macros, device, backup, cisco, poly, record
  online     sync, infinity drift, report, m365 results publish
             with colleagues: m365 results team
  any time   export, poly pilots

Exit codes: 0 all well, 1 some rooms need attention, 2 wrong use, 3 cannot start.
Passwords come from a prompt, a file descriptor or the site file, never from an argument:
  otj credential set site.otjsite --for cisco --user admin --password-fd 3 3<file`,
    )
    .showHelpAfterError('(see otj --help)')
    .exitOverride();

  await addCommands(program, args);
  inheritExit(program);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) wrongUse(thrown, json);
    else if (thrown instanceof Error && thrown.name === 'ExitPromptError') process.exitCode = 130;
    else tell(asOtjError(thrown), json);
  }
}

/** Commander has told a person already; a machine is told here. */
function wrongUse({ exitCode, message }: CommanderError, json: boolean): void {
  process.exitCode = exitCode === 0 ? 0 : 2;
  if (exitCode !== 0 && json) makeOutput(true).emit({ type: 'error', ...new OtjError('USAGE', message).toProblem() });
}

function tell(error: OtjError, json: boolean): void {
  process.exitCode = exitCodeOf(error);
  const { happened, code, words, todo } = error.toProblem();
  const out = makeOutput(json);
  out.emit({ type: 'error', ...error.toProblem() });
  if (out.json) return;
  process.stderr.write(
    `▲ ${happened} [${code}]\n${words ? `    detail:   ${clean(words)}\n` : ''}    do:       ${todo}\n`,
  );
}

/** Wrong arguments of any command end the same way. */
function inheritExit(command: Command, path = 'otj'): void {
  for (const child of command.commands) {
    const name = `${path} ${child.name()}`;
    child.exitOverride().showHelpAfterError(`(see ${name} --help)`);
    inheritExit(child, name);
  }
}
