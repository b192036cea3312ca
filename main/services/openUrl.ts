/** Opens an address in the browser that the computer has for it, without a shell. */
import { spawn } from 'node:child_process';
import { OtjError } from '../contract/errors.ts';

/** An opener that fails says so quickly; one that goes on has become the browser itself. */
const SOON_MS = 2_000;

const OPENERS: Readonly<Record<string, [string, ...string[]]>> = {
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
  darwin: ['/usr/bin/open'],
};

/** Throws M365_BROWSER when there is none, or it cannot be started. */
export function openUrl(url: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (URL.parse(url)?.protocol !== 'https:') return Promise.reject(new OtjError('M365_BROWSER', 'no https address'));
  const [opener, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(opener, [...before, url], { stdio: 'ignore', detached: true });
  const soon = setTimeout(done, SOON_MS);
  child.once('error', () => failed(`${opener} could not be started`));
  child.once('exit', (code) => (code === 0 ? done() : failed(`${opener} ended with ${code}`)));
  return promise;

  function done(): void {
    clearTimeout(soon);
    child.unref();
    resolve();
  }
  function failed(words: string): void {
    clearTimeout(soon);
    reject(new OtjError('M365_BROWSER', words));
  }
}
