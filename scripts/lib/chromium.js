/** The browser for the parts that need one: found on the machine, or installed where that is possible unasked. */
import { join } from 'node:path';
import { aptComplaint, aptInstall, isProgram, reasonNotToInstall } from './apt.js';
import { seconds } from './run.js';

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
  const result = await aptInstall(PACKAGES);
  if (findChromium()) {
    say(`Chromium installed in ${seconds(result.seconds)}`);
    return;
  }
  say(`no Chromium: the browser parts will be skipped (apt-get could not install it: ${aptComplaint(result)})`);
}
