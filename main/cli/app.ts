/** `otj app`: the window, as `npm start` opens it. It is a program of its own and not inside the command. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';

interface Options {
  open: boolean;
  once?: true;
}

export function addAppCommand(program: Command): void {
  program
    .command('app [site]')
    .summary('open the window')
    .description('Opens the window: the desktop app where Electron is installed, else a browser window.')
    .option('--no-open', 'print the address for a browser instead of opening a window')
    .option('--once', 'end when the last page was closed')
    .action(openWindow);
}

async function openWindow(site: string | undefined, { open, once }: Options): Promise<void> {
  const program = windowProgram();
  if (!existsSync(program)) throw new OtjError('USAGE', 'the window does not come with this build');
  const args = [program, ...(site ? [site] : []), ...(open ? [] : ['--no-open']), ...(once ? ['--once'] : [])];
  // npm's own note of where it was called would lead a relative path astray.
  const { INIT_CWD: _npm, ...env } = process.env;
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends Ctrl-C to both at once; passed on as well it would look like a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** From the sources, or beside the bundle of a build. */
function windowProgram(): string {
  const path = import.meta.url.endsWith('.ts') ? '../../scripts/start.js' : './main/browser.js';
  return fileURLToPath(new URL(path, import.meta.url));
}
