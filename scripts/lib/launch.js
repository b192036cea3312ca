/** Hands the terminal over to another program as if it had been started itself. */
import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program with this process's own input, output and further open descriptors, passes signals on, and takes
 * over its end: this process exits with the same code or by the same signal.
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 */
export function launch(file, args, env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: descriptors(args) });
    const handlers = FORWARDED.map((signal) => [signal, () => forward(child, signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const end = (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      if (signal) {
        process.exitCode = 128 + (constants.signals[signal] ?? 0);
        process.kill(process.pid, signal);
      } else process.exitCode = code;
      resolve();
    };
    child.on('error', (error) => {
      process.stderr.write(`${file} could not be started: ${error.message}\n`);
      end(3, null);
    });
    child.on('exit', end);
  });
}

function forward(child, signal) {
  // A terminal sends Ctrl-C to both of us at once; passed on as well it would look like a second, impatient one.
  const fromTerminal = signal === 'SIGINT' && [0, 1, 2].some((fd) => isTerminal(fd));
  if (!fromTerminal) child.kill(signal);
}

function isTerminal(fd) {
  return Boolean([process.stdin, process.stdout, process.stderr][fd]?.isTTY);
}

/**
 * What the child gets: 0 to 2, those of 3 to 9 that can carry data, and any that the arguments name (a shell's
 * `<(command)` becomes /dev/fd/63). Numbers stay the same.
 */
function descriptors(args) {
  const named = args.flatMap((arg) =>
    [...arg.matchAll(/^\/(?:dev|proc\/self)\/fd\/(\d{1,3})$/g)].map((m) => Number(m[1])),
  );
  const wanted = [3, 4, 5, 6, 7, 8, 9, ...named].filter(carriesData);
  const last = Math.max(2, ...wanted);
  return Array.from({ length: last + 1 }, (_, fd) => (fd < 3 ? 'inherit' : wanted.includes(fd) ? fd : 'ignore'));
}

function carriesData(fd) {
  try {
    const what = fstatSync(fd);
    return what.isFile() || what.isFIFO() || what.isSocket() || what.isCharacterDevice();
  } catch {
    return false;
  }
}
