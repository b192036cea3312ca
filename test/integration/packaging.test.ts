/**
 * The installers, as far as they can be made without Electron's program: a copy of the sources is built and packed for
 * real, with a stand-in for Electron, up to the moment where electron-builder would start a packer that it downloads.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, posix, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extractAll } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { parse } from 'acorn';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeElectronStub } from '../support/electronStub.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Nothing of these is an input of the build; a copy of the tests must not be taken for tests. */
const NOT_COPIED = /^(\.git|node_modules|dist|test-output|practice)$|\.test\.ts$|\.otjsite/;

/** ssh2 asks for compiled parts that are never shipped, and goes on without them; vite.config.ts gives them this name. */
const LEFT_OUT = /^left-out\//;

/** What an installer is made of, besides the unpacked app. */
interface DebPackage {
  /** Files by the place where they are installed. */
  files: Map<string, string>;
  desktop: string;
  mime: string;
}

let folder: string;
let project: string;
let unpacked: string;
/** Where app.asar was extracted to. */
let app: string;
let files: string[];
let deb: DebPackage;
let appImageDesktop: string;

beforeAll(async () => {
  await mkdir(join(ROOT, 'test-output'), { recursive: true });
  // Inside the project, so that the copy finds the installed libraries; on its own, so that no other test builds here.
  folder = await mkdtemp(join(ROOT, 'test-output', 'packaging-'));
  project = join(folder, 'project');
  unpacked = join(folder, 'installers', 'linux-unpacked');
  app = join(folder, 'app');
  await copyProject();
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  // The test runner's own NODE_ENV would make a page for development, which names source files.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, 'build'], { cwd: project, env });
  // Whether or not the build makes maps: one lies there, and must not be packed.
  await writeFile(join(project, 'dist/main/app.js.map'), '{}');
  await makeElectronStub(join(folder, 'electron'), '45.4.1');
  await pack();
  extractAll(join(unpacked, 'resources/app.asar'), app);
  files = await filesBelow(app);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what is packed', () => {
  it('is the bundles, the page and package.json, and nothing else', () => {
    const named = [
      'dist/main/app.js',
      'dist/main/browser.js',
      'dist/main/lab.js',
      'dist/main/sample-rooms.csv',
      'dist/main/worker.js',
      'dist/preload/index.cjs',
      'dist/renderer/index.html',
      'package.json',
    ];
    const hashed = /^dist\/(main\/chunks|renderer\/assets)\/[\w.-]+-[\w-]{8}\.(js|css|woff2|svg)$/;
    expect(files.filter((file) => !hashed.test(file))).toEqual(named);
    expect(files.some((file) => /^dist\/renderer\/assets\/.+\.js$/.test(file))).toBe(true);
  });

  it('starts at the Electron entry and carries neither scripts nor dependencies', async () => {
    const meta: Record<string, unknown> = JSON.parse(await text('package.json'));
    expect(meta).toMatchObject({ main: 'dist/main/app.js', type: 'module', desktopName: 'otj-migrator.desktop' });
    for (const left of ['scripts', 'devDependencies', 'dependencies', 'build']) expect(meta).not.toHaveProperty(left);
  });

  it('names no path of the machine that built it', async () => {
    const paths = [ROOT, homedir() + sep, dirname(process.execPath)];
    for (const file of files) {
      const content = await readFile(join(app, file));
      for (const path of paths) expect(content.includes(path), `${file} names ${path}`).toBe(false);
    }
  });

  it('needs no library: main imports only Node, the Electron entry also Electron', async () => {
    const seen = new Map<string, Set<string>>();
    for (const entry of ['app', 'browser', 'lab', 'worker']) {
      seen.set(entry, await outsideImports(`dist/main/${entry}.js`));
    }
    expect(seen.get('app')).toContain('electron');
    for (const [entry, names] of seen) {
      const known = (name: string) =>
        isBuiltin(name) || LEFT_OUT.test(name) || (entry === 'app' && name === 'electron');
      const strange = [...names].filter((name) => !known(name));
      expect(strange, entry).toEqual([]);
    }
  });

  it('has a preload in CommonJS that requires nothing but Electron', async () => {
    // A classic script: `import` and `export` would be syntax errors.
    const required = specifiers(await text('dist/preload/index.cjs'), 'script');
    expect([...required]).toEqual(['electron']);
  });

  it('has a page without inline code, and only files of its own', async () => {
    const page = await text('dist/renderer/index.html');
    const scripts = [...page.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gis)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, body] of scripts) {
      expect(attributes).toMatch(/\ssrc="/);
      expect(body?.trim()).toBe('');
    }
    expect(page).not.toMatch(/<style\b|\sstyle=|\son\w+=|javascript:/i);
    const addresses = [...page.matchAll(/\s(?:src|href)="([^"]*)"/gi)].map(([, address]) => address ?? '');
    for (const address of addresses.filter((each) => !each.startsWith('data:'))) {
      expect(files, address).toContain(posix.join('dist/renderer', address));
    }
  });

  it('runs: the browser host starts from it on plain Node and serves the page', async () => {
    await using host = await startBrowserHost();
    const entered = await fetch(host.url);
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await fetch(new URL('/', host.url), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toBe(await text('dist/renderer/index.html'));
  });
});

describe("Electron's program", () => {
  it('is the version that the project is built and typed against', async () => {
    const meta = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const config = await readFile(join(ROOT, 'electron-builder.yml'), 'utf8');
    expect(/^electronVersion: (\S+)$/m.exec(config)?.[1]).toBe(meta.devDependencies.electron);
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'otj-migrator'));
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ];
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    for (const fuse of on) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.ENABLE);
    for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.DISABLE);
    // A fuse that a later Electron adds has to be thought about.
    expect(on.length + off.length).toBe(Object.values(FuseV1Options).filter(Number.isInteger).length);
  });

  it('comes with its licences and ours', async () => {
    expect(await readdir(unpacked)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
    expect(await readdir(join(unpacked, 'resources'))).toContain('LICENSE.txt');
  });
});

describe('the installers', () => {
  it('give Linux a launcher that opens site files', () => {
    expect(deb.desktop).toMatch(/^Name=OTJ Migrator$/m);
    expect(deb.desktop).toMatch(/^Exec="\/opt\/OTJ Migrator\/otj-migrator" %F$/m);
    expect(deb.desktop).toMatch(/^StartupWMClass=otj-migrator$/m);
    expect(deb.desktop).toMatch(/^MimeType=application\/vnd\.otj-migrator\.site;$/m);
    expect(deb.mime).toContain('<mime-type type="application/vnd.otj-migrator.site">');
    expect(deb.mime).toContain('<glob pattern="*.otjsite"/>');
    expect([...deb.files.keys()]).toContain('/usr/share/applications/otj-migrator.desktop');
  });

  it('start the AppImage inside the sandbox', () => {
    expect(appImageDesktop).toMatch(/^Exec=AppRun %U$/m);
  });

  it('give Linux an icon of each size', async () => {
    const icons = [...deb.files].filter(([place]) => place.startsWith('/usr/share/icons/hicolor/'));
    expect(icons.length).toBe(8);
    for (const [place, source] of icons) {
      const size = Number(/\/(\d+)x\1\/apps\/otj-migrator\.png$/.exec(place)?.[1]);
      expect(pngSize(await readFile(source))).toEqual([size, size]);
    }
    expect(pngSize(await readFile(join(ROOT, 'assets/icon.png')))).toEqual([1024, 1024]);
  });

  it('give Windows and macOS icons that hold what their directories say', async () => {
    const ico = await readFile(join(ROOT, 'assets/installer/icon.ico'));
    expect([...icoImages(ico)]).toEqual([16, 24, 32, 48, 64, 128, 256]);
    const icns = await readFile(join(ROOT, 'assets/installer/icon.icns'));
    expect([...icnsImages(icns)].sort((a, b) => a - b)).toEqual([32, 64, 128, 256, 256, 512, 512, 1024]);
  });

  it.each(['win', 'mac', 'nsis', 'dmg'] as const)('have settings for %s that the packer knows', async (part) => {
    // All parts of the real file were accepted when it packed; this shows that each of them was looked at.
    const config = { ...packing(), [part]: { unheardOf: true } } as Configuration;
    const wrong = build({ projectDir: project, publish: 'never', targets: linux('dir'), config });
    await expect(wrong).rejects.toThrow(`configuration.${part} should be`);
  });
});

async function copyProject(): Promise<void> {
  await mkdir(project);
  for (const name of await readdir(ROOT)) {
    if (NOT_COPIED.test(name)) continue;
    const filter = (source: string) => !NOT_COPIED.test(source.split(sep).at(-1) ?? '');
    await cp(join(ROOT, name), join(project, name), { recursive: true, filter });
  }
}

function packing(): Configuration {
  return { electronDist: join(folder, 'electron'), directories: { output: join(folder, 'installers') } };
}

function linux(...targets: string[]) {
  return Platform.LINUX.createTarget(targets, Arch.x64);
}

/** Packs, and stops at each installer when all that goes into it is known: what comes next is a download. */
async function pack(): Promise<void> {
  const effectiveOptionComputed = async (options: unknown) => {
    if (Array.isArray(options)) deb = await readDeb(options[0]);
    else appImageDesktop = String((options as { desktop: unknown }).desktop);
    return true;
  };
  const targets = linux('deb', 'AppImage');
  await build({ projectDir: project, publish: 'never', targets, config: packing(), effectiveOptionComputed });
}

/** @param args of the program that makes the package: options, then SOURCE=PLACE for each file */
async function readDeb(args: readonly string[]): Promise<DebPackage> {
  const placed = args.flatMap((arg) => {
    const [, source, place] = /^(\/.*)=(\/.*)$/.exec(arg) ?? [];
    return source && place ? [[place, source] as const] : [];
  });
  const places = new Map(placed);
  const content = (place: string) => readFile(places.get(place) ?? '', 'utf8');
  return {
    files: places,
    desktop: await content('/usr/share/applications/otj-migrator.desktop'),
    mime: await content('/usr/share/mime/packages/otj-migrator.xml'),
  };
}

/** Paths with forward slashes, sorted. */
async function filesBelow(top: string): Promise<string[]> {
  const names = await readdir(top, { recursive: true });
  const found: string[] = [];
  for (const name of names) {
    if ((await stat(join(top, name))).isFile()) found.push(relative(top, join(top, name)).split(sep).join('/'));
  }
  return found.sort();
}

function text(file: string): Promise<string> {
  return readFile(join(app, file), 'utf8');
}

/** Follows the imports from an entry through the archive. @returns the names that lead out of it */
async function outsideImports(entry: string): Promise<Set<string>> {
  const outside = new Set<string>();
  const known = new Set([entry]);
  for (const file of known) {
    for (const name of specifiers(await text(file), 'module')) {
      if (name.startsWith('.')) known.add(posix.join(posix.dirname(file), name));
      else outside.add(name);
    }
  }
  return outside;
}

/** What a file imports or requires, in whatever form, by name. */
function specifiers(code: string, sourceType: 'module' | 'script'): Set<string> {
  const found = new Set<string>();
  for (const node of nodes(parse(code, { ecmaVersion: 'latest', sourceType }))) {
    // `import` and `export … from` have a source; the bundler names what it makes of require() `__require`.
    const isCall = /^_*require$/.test(String(node.callee?.name));
    const named = isCall ? node.arguments?.[0] : node.source;
    if (typeof named?.value === 'string') found.add(named.value);
  }
  return found;
}

interface SyntaxNode {
  source?: { value?: unknown };
  callee?: { name?: unknown };
  arguments?: readonly { value?: unknown }[];
}

/** The tree in no special order; without recursion, for a bundle nests deeply. */
function* nodes(tree: object): Generator<SyntaxNode> {
  const pending = [tree];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) pending.push(child);
  }
}

async function startBrowserHost() {
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
  const entry = join(app, 'dist/main/browser.js');
  const child = spawn(process.execPath, [entry, '--no-open'], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await printed(child, /http:\/\/127\.0\.0\.1:\d+\/\S+/);
  return {
    url,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** The first text in the output that looks like what is wanted. */
async function printed(child: ChildProcess, wanted: RegExp): Promise<string> {
  if (!child.stdout) throw new Error('no output to read from');
  for await (const line of createInterface({ input: child.stdout })) {
    const found = wanted.exec(line)?.[0];
    if (found) return found;
  }
  throw new Error(`the program ended with ${child.exitCode} and printed nothing like ${wanted}`);
}

/** @returns width and height, in pixels */
function pngSize(image: Buffer): [number, number] {
  expect(image.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [image.readUInt32BE(16), image.readUInt32BE(20)];
}

/** The sizes of the images, each read from the image itself and compared with its entry. */
function* icoImages(ico: Buffer): Generator<number> {
  for (let entry = 6; entry < 6 + 16 * ico.readUInt16LE(4); entry += 16) {
    const width = ico.readUInt32BE(ico.readUInt32LE(entry + 12) + 16);
    expect(ico.readUInt8(entry)).toBe(width % 256);
    yield width;
  }
}

function* icnsImages(icns: Buffer): Generator<number> {
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    expect(icns.subarray(at + 9, at + 12).toString('latin1')).toBe('PNG');
    yield icns.readUInt32BE(at + 8 + 16);
  }
}
