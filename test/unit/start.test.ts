/** `npm start`: which host is chosen, by what lies in real folders, and what has to be built before. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';

interface Computer {
  root?: string;
  env?: Record<string, string>;
  platform?: string;
  isRoot?: boolean;
}
interface HostScript {
  chooseHost(computer: Computer): { host: string; program?: string; why: string; fetch?: boolean };
  fetchElectron(node: string, options: { root: string; timeoutMs?: number }): Promise<void>;
}
interface BuildScript {
  isStale(part: 'window' | 'desktop', root: string): boolean;
}

const script = (path: string) => fileURLToPath(new URL(`../../scripts/${path}`, import.meta.url));
// Plain JavaScript for any Node, without types; these are what this test relies on.
const { chooseHost, fetchElectron }: HostScript = await import(script('lib/host.js'));
const { isStale }: BuildScript = await import(script('lib/build.js'));

let root: string;

beforeEach(({ onTestFinished }) => {
  root = mkdtempSync(join(tmpdir(), 'otj-start-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
});

function write(path: string, content = '', mode = 0o644): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content, { mode });
  return full;
}

/** Electron as npm leaves it: without its program. */
function installPackage(installScript = 'process.exit(1);'): void {
  write('node_modules/electron/package.json', '{"version":"45.4.1"}');
  write('node_modules/electron/install.js', installScript);
  write('node_modules/@electron/get/package.json', '{}');
}

const choose = (change: Computer = {}) =>
  chooseHost({ root, env: { DISPLAY: ':0' }, platform: 'linux', isRoot: false, ...change });

describe('the host', () => {
  it('is Electron where its program is installed', () => {
    installPackage();
    write('node_modules/electron/path.txt', 'electron');
    const program = write('node_modules/electron/dist/electron', '', 0o755);
    expect(choose()).toMatchObject({ host: 'electron', program });
    expect(choose({ env: { WAYLAND_DISPLAY: 'wayland-0' } })).toMatchObject({ host: 'electron' });
  });

  it('is the Electron that a variable names, and no other', () => {
    installPackage();
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/electron', '', 0o755);
    const program = write('own/electron', '', 0o755);
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: join(root, 'own') };
    expect(choose({ env })).toMatchObject({ host: 'electron', program });
    rmSync(program);
    expect(choose({ env })).toMatchObject({ host: 'browser', why: 'ELECTRON_OVERRIDE_DIST_PATH names no Electron' });
  });

  it.each([
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
    ['win32', 'electron.exe'],
  ])('has its program elsewhere on %s', (platform, path) => {
    const program = write(`own/${path}`, '', 0o755);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'own') };
    expect(choose({ env, platform, isRoot: true })).toMatchObject({ host: 'electron', program });
  });

  it('is a browser where a file is named but cannot be run, or is not there', () => {
    installPackage();
    write('node_modules/electron/path.txt', 'electron');
    expect(choose()).toMatchObject({ host: 'browser', fetch: true });
    mkdirSync(join(root, 'node_modules/electron/dist'));
    expect(choose()).toMatchObject({ host: 'browser' });
  });

  it('is a browser without a display, and for root', () => {
    installPackage();
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/electron', '', 0o755);
    expect(choose({ env: {} })).toEqual({ host: 'browser', why: 'there is no display here', fetch: false });
    expect(choose({ isRoot: true })).toMatchObject({ host: 'browser', why: expect.stringContaining('root') });
  });
});

describe('getting Electron', () => {
  it('is tried only where its own script can work and nobody forbade it', () => {
    expect(choose()).toMatchObject({ host: 'browser', fetch: false });
    installPackage();
    expect(choose()).toMatchObject({ host: 'browser', fetch: true });
    const env = { DISPLAY: ':0', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
    expect(choose({ env })).toMatchObject({ host: 'browser', fetch: false });
    rmSync(join(root, 'node_modules/@electron/get'), { recursive: true });
    expect(choose()).toMatchObject({ host: 'browser', fetch: false });
  });

  it('is tried once for each version', async () => {
    installPackage();
    await fetchElectron(process.execPath, { root });
    expect(choose()).toMatchObject({ host: 'browser', fetch: false, why: expect.stringContaining('.otj-no-electron') });
    write('node_modules/electron/package.json', '{"version":"46.0.0"}');
    expect(choose()).toMatchObject({ fetch: true });
  });

  it('does not take for ever', async () => {
    installPackage('setInterval(() => undefined, 1000);');
    await fetchElectron(process.execPath, { root, timeoutMs: 500 });
    expect(choose()).toMatchObject({ fetch: false });
  });

  it('ends in Electron when it works', async () => {
    installPackage(`
      const { mkdirSync, writeFileSync } = require('node:fs');
      const { join } = require('node:path');
      mkdirSync(join(__dirname, 'dist'));
      writeFileSync(join(__dirname, 'dist', 'electron'), '', { mode: 0o755 });
      writeFileSync(join(__dirname, 'path.txt'), 'electron');
    `);
    write('node_modules/.otj-no-electron', 'of another version');
    await fetchElectron(process.execPath, { root });
    expect(choose()).toMatchObject({ host: 'electron', program: join(root, 'node_modules/electron/dist/electron') });
    expect(() => readFileSync(join(root, 'node_modules/.otj-no-electron'))).toThrow('ENOENT');
  });
});

describe('what is built', () => {
  const [before, then, later] = [new Date(1_000_000_000_000), new Date(1_100_000_000_000), new Date(1_200_000_000_000)];

  function project(): void {
    for (const path of ['renderer/app/x.tsx', 'main/app.ts', 'main/contract/plan.ts', 'preload/index.ts']) write(path);
    for (const path of ['renderer', 'renderer/app', 'renderer/app/x.tsx', 'main', 'main/app.ts', 'main/contract'])
      utimesSync(join(root, path), before, before);
    for (const path of ['main/contract/plan.ts', 'preload', 'preload/index.ts'])
      utimesSync(join(root, path), before, before);
    const results = ['dist/renderer/index.html', 'dist/main/app.js', 'dist/main/worker.js', 'dist/main/lab.js'];
    for (const path of [...results, 'dist/preload/index.cjs']) utimesSync(write(path), then, then);
  }

  it('is what is missing', () => {
    project();
    expect([isStale('window', root), isStale('desktop', root)]).toEqual([false, false]);
    rmSync(join(root, 'dist/renderer/index.html'));
    expect(isStale('window', root)).toBe(true);
    rmSync(join(root, 'dist/preload/index.cjs'));
    expect(isStale('desktop', root)).toBe(true);
  });

  it.each([
    ['renderer/app/x.tsx', true, false],
    ['renderer/app', true, false],
    ['main/contract/plan.ts', true, true],
    ['main/app.ts', false, true],
    ['preload/index.ts', false, true],
  ])('is what is older than %s', (path, window, desktop) => {
    project();
    utimesSync(join(root, path), later, later);
    expect([isStale('window', root), isStale('desktop', root)]).toEqual([window, desktop]);
  });
});

describe('the command', () => {
  it.each([
    [['--unheard-of'], 'there is no option --unheard-of'],
    [['a.otjsite', 'b.otjsite'], 'only one site can be opened'],
    [['rooms.csv'], 'a site file is named NAME.otjsite'],
  ])('tells wrong use: %j', (args, words) => {
    const { status, stderr } = spawnSync(process.execPath, [script('start.js'), ...args], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage:');
  });
});
