/** `otj lab`: the practice site, simulated devices on real sockets. It lives beside the product, not inside it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';

export function addLabCommand(program: Command): void {
  program
    .command('lab')
    .summary('start the practice site')
    .description(
      'Starts simulated codecs, Poly devices, Infinity and the Pexip Service on loopback addresses, and prints how to log in. Ends with Ctrl-C.',
    )
    .option('--rooms <number>', 'how many rooms', '24')
    .option('--latency <ms>', 'added to every reply', '0')
    .option('--trouble', 'with the troubles of the demo')
    .option('--ssh-port <port>', 'SSH port of the codecs')
    .option('--https-port <port>', 'HTTPS port of everything')
    .action(async (own: Record<string, string | true>, command: Command) => {
      const lab = fileURLToPath(new URL('../../test/lab/main.ts', import.meta.url));
      if (!existsSync(lab))
        throw new OtjError('USAGE', 'the practice site comes with the source tree, not with this build');
      const flags = Object.entries(own).flatMap(([key, value]) => {
        const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
        return value === true ? [flag] : [flag, value];
      });
      const json = command.optsWithGlobals<{ json?: boolean }>().json ? ['--json'] : [];
      const child = spawn(process.execPath, [lab, ...flags, ...json], { stdio: 'inherit' });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 0)));
    });
}
