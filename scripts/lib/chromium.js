/** The browser for the parts that need one: found on the machine, or installed where that is possible unasked. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, seconds } from './run.js';

const LINUX = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const MAC = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'];
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
const PACKAGES = ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'];

/** The path of a Chromium or Chrome, or null. The variable CHROMIUM goes before everything else. */
export function findChromium(env = process.env) {
  return candidates(env).find(isProgram) ?? null;
}

function candidates(env) {
  const chosen = env.CHROMIUM ? [env.CHROMIUM] : [];
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(env.HOME ?? '', 'Applications')];
    return [...chosen, ...folders.flatMap((folder) => MAC.map((app) => join(folder, app)))];
  }
  if (process.platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean);
    return [...chosen, ...WINDOWS.flatMap((app) => folders.map((folder) => join(folder, app)))];
  }
  return [...chosen, ...LINUX];
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds or installs Chromium. Never throws: without it only the browser parts of the tests are left out.
 * @param {(line: string) => void} say
 */
export async function ensureChromium(say) {
  if (process.env.CHROMIUM && !isProgram(process.env.CHROMIUM))
    say('CHROMIUM does not name a program; looking elsewhere');
  if (findChromium()) return;
  const why = reasonNotToInstall();
  if (why) {
    say(`no Chromium: the browser parts will be skipped (${why}; install Chromium or set CHROMIUM to its path)`);
    return;
  }
  const result = await aptInstall();
  if (findChromium()) {
    say(`Chromium installed in ${seconds(result.seconds)}`);
    return;
  }
  const words = result.output.split('\n').filter((line) => /^[EW]:/.test(line));
  say(
    `no Chromium: the browser parts will be skipped (apt-get could not install it: ${words[0] ?? 'no reason given'})`,
  );
}

function reasonNotToInstall() {
  if (process.platform !== 'linux') return 'it is not installed by itself on this system';
  if (!(process.env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder, 'apt-get')))) {
    return 'there is no apt-get to install it with';
  }
  return process.getuid?.() === 0 ? null : 'only root can install it';
}

async function aptInstall() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300'];
  const get = (...args) => run('apt-get', [...options, ...args], { env, timeoutMs: 15 * 60_000 });
  const first = await get('install', '--no-install-recommends', ...PACKAGES);
  if (first.code === 0) return first;
  // Package lists are often absent or stale on small images; only then is it worth fetching them.
  const update = await get('update');
  const second = await get('install', '--no-install-recommends', ...PACKAGES);
  return { ...second, seconds: first.seconds + update.seconds + second.seconds };
}
