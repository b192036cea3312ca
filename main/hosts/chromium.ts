/** A window of its own in a Chromium that is on this computer: found, started quietly, and gone without a trace. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LINUX = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
];

/** It is a window of ours: no first steps, no accounts, no extensions, and no word to anybody but this computer. */
const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-breakpad',
  '--disable-quic',
  '--no-pings',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--password-store=basic',
  '--use-mock-keychain',
  '--window-size=1280,800',
];

export interface BrowserWindow {
  /** Resolves when the browser has ended, by itself or not; its folder is gone then. */
  readonly ended: Promise<void>;
  /** Removes what led to the address. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** The path of a Chromium, Chrome or Edge, or null. The variable CHROMIUM goes before everything else. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | null {
  return candidates(env).find(isProgram) ?? null;
}

/** @returns why no window can be shown here, or null */
export function reasonForNoWindow(env: NodeJS.ProcessEnv = process.env): string | null {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display here';
  return findBrowser(env) ? null : 'no Chromium, Chrome or Edge was found on this computer';
}

/** Its sandbox does not work for root, who should not do this. */
export const WITHOUT_SANDBOX = process.getuid?.() === 0;

/**
 * Starts the browser with a window at this address. The address never becomes an argument, which everybody on this
 * computer could read: the browser is given a file that only this user may read, and that leads on.
 */
export async function openBrowser(program: string, url: string): Promise<BrowserWindow> {
  const folder = await mkdtemp(join(tmpdir(), 'otj-window-'));
  const page = join(folder, 'open.html');
  await writeFile(page, leadTo(url), { mode: 0o600, flag: 'wx' });
  const args = [`--app=${pathToFileURL(page).href}`, `--user-data-dir=${join(folder, 'profile')}`, ...FLAGS];
  const child = spawn(program, WITHOUT_SANDBOX ? [...args, '--no-sandbox'] : args, { stdio: 'ignore' });
  const over = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  // The last helpers of a browser may still write for a moment.
  const ended = over.then(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return {
    ended: ended.catch(() => undefined),
    forget: () => rm(page, { force: true }),
    async close() {
      child.kill();
      await ended.catch(() => undefined);
    },
  };
}

function leadTo(url: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}"><title>OTJ Migrator</title>
`;
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const chosen = env.CHROMIUM ? [env.CHROMIUM] : [];
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(homedir(), 'Applications')];
    return [...chosen, ...MAC.flatMap((app) => folders.map((folder) => `${folder}/${app}.app/Contents/MacOS/${app}`))];
  }
  if (process.platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((folder) => folder);
    return [...chosen, ...WINDOWS.flatMap((app) => folders.map((folder) => `${folder}\\${app}`))];
  }
  // Not the search path: what lies there first may be anything.
  return [...chosen, ...LINUX.map((name) => `/usr/bin/${name}`)];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
