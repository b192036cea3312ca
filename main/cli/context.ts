/** What every command starts with: the site file, its passphrase when needed, a way to stop. */
import { userInfo } from 'node:os';
import { Site } from '../site/site.ts';
import { makeOutput, type Output } from './output.ts';
import { readSecret } from './secrets.ts';

export interface GlobalOptions {
  json?: boolean;
  passphraseFd?: number;
}

export interface Context {
  site: Site;
  out: Output;
  /** Aborted by the first Ctrl-C; the second ends the process at once. */
  signal: AbortSignal;
  technician: string;
}

/**
 * Opens the site, runs the work, closes the site whatever happens.
 * @param unlock ask for the passphrase, when the work needs secrets
 * @param work resolves to the exit code
 */
export async function withSite(
  path: string,
  options: GlobalOptions,
  { unlock }: { unlock: boolean },
  work: (context: Context) => Promise<number> | number,
): Promise<void> {
  const out = makeOutput(options.json === true);
  const site = Site.open(path);
  try {
    if (unlock) await site.unlock(await readSecret(options.passphraseFd, `Passphrase of ${path}`));
    process.exitCode = await work({ site, out, signal: stopSignal(out), technician: technicianOf(site) });
  } finally {
    out.progress('');
    site.close();
  }
}

function technicianOf(site: Site): string {
  if (site.settings.technician) return site.settings.technician;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function stopSignal(out: Output): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    out.say('Stopping after the steps now under way. Press Ctrl-C again to stop at once; nothing is lost either way.');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
