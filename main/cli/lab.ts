/** `otj lab`: the practice site, simulated devices on real sockets. It lives beside the product, not inside it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { GlobalOptions } from './context.ts';

export function addLabCommand(program: Command): void {
  program
    .command('lab')
    .summary('start the practice site (otj lab --help for its options)')
    .usage('[options]')
    // The lab knows its own options and tells its own help.
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(startLab);
}

async function startLab(_own: unknown, command: Command): Promise<void> {
  const lab = fileURLToPath(new URL('../../test/lab/main.ts', import.meta.url));
  if (!existsSync(lab))
    throw new OtjError('USAGE', 'the practice site comes with the source tree, not with this build');
  const json = command.optsWithGlobals<GlobalOptions>().json ? ['--json'] : [];
  const child = spawn(process.execPath, [lab, ...command.args, ...json], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 0)));
}
