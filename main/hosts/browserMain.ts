#!/usr/bin/env node
/** Entry of the browser host: `browserMain.ts [SITE] [--no-open] [--once]`. Exit codes: 0 well, 1 a fault, 2 wrong use. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import meta from '../../package.json' with { type: 'json' };
import { OtjError } from '../contract/errors.ts';
import type { HostPorts } from '../services/openSite.ts';
import { openUrl } from '../services/openUrl.ts';
import { userData } from '../services/userData.ts';
import { startBackend } from './backend.ts';
import { runBrowserHost } from './browserRun.ts';
import { WINDOW_FOLDER } from './pages.ts';

const USAGE = `Usage: [SITE] [--no-open] [--once]
  --no-open  print the address instead of opening a window
  --once     end when the last page was closed
`;

const PORTS: HostPorts = { keychain: null, chooseFile: async () => null, openPath, openUrl };

const wish = readArguments();
if (wish) {
  const facts = { host: 'browser', version: meta.version, userData: userData(), fileDialogs: false } as const;
  const signal = stopSignal();
  process.exitCode = await runBrowserHost(startBackend(facts, PORTS), {
    ...wish,
    folder: WINDOW_FOLDER,
    say: (line) => process.stdout.write(`${line}\n`),
    signal,
  });
}

function readArguments(): { site: string | null; print: boolean; once: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'no-open': { type: 'boolean', default: false }, once: { type: 'boolean', default: false } },
    });
    const [site, ...others] = positionals;
    if (others.length > 0) throw new TypeError('Only one site can be opened.');
    return { site: site === undefined ? null : resolve(site), print: values['no-open'], once: values.once };
  } catch (thrown) {
    process.exitCode = 2;
    process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n${USAGE}`);
    return null;
  }
}

/** Throws INTERNAL when this computer has no program that opens files. */
function openPath(path: string): Promise<void> {
  const opener = { win32: 'explorer.exe', darwin: '/usr/bin/open' }[process.platform as string] ?? 'xdg-open';
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  const child = spawn(opener, [path], { stdio: 'ignore', detached: true });
  child.once('error', () => reject(new OtjError('INTERNAL', `${opener} could not be started; the file is ${path}`)));
  child.once('spawn', () => {
    child.unref();
    done();
  });
  return promise;
}

/** Aborted by the first Ctrl-C; the second ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    process.stdout.write('Stopping after the steps now under way. Ctrl-C again stops at once.\n');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
