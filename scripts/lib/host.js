/** Which host shows the window: Electron, or a browser. Found out from the file system; nothing of Electron is run for it. */
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { run } from './run.js';

const DOWNLOAD_MS = 20_000;

/**
 * @typedef {{ host: 'electron', program: string, why: string } | { host: 'browser', why: string, fetch?: boolean }} Choice
 *   `fetch`: with Electron's program it would be Electron, and to get it looks possible.
 */

/**
 * @param {{ root?: string, env?: NodeJS.ProcessEnv, platform?: string, isRoot?: boolean }} [computer]
 * @returns {Choice}
 */
export function chooseHost({
  root = ROOT,
  env = process.env,
  platform = process.platform,
  isRoot = process.getuid?.() === 0,
} = {}) {
  const browser = (why, fetch = false) => ({ host: 'browser', why, fetch });
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return browser('there is no display here');
  if (platform === 'linux' && isRoot) return browser("Electron's sandbox does not work for root");
  const folder = join(root, 'node_modules', 'electron');
  const named = read(join(folder, 'path.txt'));
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const program = join(override, named || defaultProgram(platform));
    if (isProgram(program)) return { host: 'electron', program, why: 'ELECTRON_OVERRIDE_DIST_PATH names it' };
    return browser('ELECTRON_OVERRIDE_DIST_PATH names no Electron');
  }
  const program = named && join(folder, 'dist', named);
  if (program && isProgram(program)) return { host: 'electron', program, why: 'it is installed' };
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD) return browser('Electron is not installed');
  if (read(failureIn(root)) === signOf(root)) {
    return browser('Electron could not be downloaded before; delete node_modules/.otj-no-electron to try again');
  }
  return browser('Electron is not installed', canFetch(root));
}

/**
 * Lets Electron's own script download its program, once. A failure is remembered, so that later starts are quick.
 * @param {string} node the Node to run it with
 * @param {{ root?: string, timeoutMs?: number }} [options]
 */
export async function fetchElectron(node, { root = ROOT, timeoutMs = DOWNLOAD_MS } = {}) {
  const script = join(root, 'node_modules', 'electron', 'install.js');
  // Its output may name a company's own registry and is not shown.
  const { code } = await run(node, [script], { cwd: root, timeoutMs });
  if (code === 0) rmSync(failureIn(root), { force: true });
  else writeFileSync(failureIn(root), signOf(root));
}

function canFetch(root) {
  return ['electron/install.js', '@electron/get'].every((part) => existsSync(join(root, 'node_modules', part)));
}

function failureIn(root) {
  return join(root, 'node_modules', '.otj-no-electron');
}

/** Another version, or another computer, is another try. */
function signOf(root) {
  const text = read(join(root, 'node_modules', 'electron', 'package.json'));
  return `${text === null ? 'none' : JSON.parse(text).version} ${process.platform} ${process.arch}`;
}

function defaultProgram(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
