/** What every command starts with: the site file, its passphrase when needed, a way to stop. */
import { OtjError } from '../contract/errors.ts';
import { technicianOf } from '../services/settings.ts';
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

interface Needs {
  /** The passphrase, because the work needs secrets. */
  unlock: boolean;
  /** The work changes what a run relies on, so it waits for none to be going on (SITE_BUSY). */
  change?: boolean;
  /** What can be found wrong before a secret is asked for; throws. */
  check?(site: Site): void;
}

/** Opens the site, runs the work, closes the site whatever happens. @param work resolves to the exit code */
export async function withSite(
  path: string,
  options: GlobalOptions,
  { unlock, change = false, check }: Needs,
  work: (context: Context) => Promise<number> | number,
): Promise<void> {
  const out = makeOutput(options.json === true);
  const site = Site.open(path);
  try {
    check?.(site);
    if (change) site.takeLock();
    if (unlock) await openVault(site, path, options.passphraseFd);
    process.exitCode = await work({ site, out, signal: stopSignal(out), technician: technicianOf(site) });
  } finally {
    out.progress('');
    site.close();
  }
}

/** Three tries for a person, one for a descriptor. */
async function openVault(site: Site, path: string, fd: number | undefined): Promise<void> {
  for (let tries = fd === undefined ? 3 : 1; ; tries--) {
    try {
      return await site.unlock(await readSecret(fd, `Passphrase of ${path}`));
    } catch (thrown) {
      if (tries <= 1 || !(thrown instanceof OtjError) || thrown.code !== 'VAULT_PASSPHRASE') throw thrown;
      process.stderr.write('That passphrase does not open it. Once more:\n');
    }
  }
}

export function stopSignal(out: Output): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    out.say(
      'Stopping after the steps now under way. Ctrl-C again stops at once; the next run carries on in both cases.',
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
