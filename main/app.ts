/** Electron's entry: the life of the program from its start to its end. Everything else is in hosts/electron.ts. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { startBackend } from './hosts/backend.ts';
import { ElectronHost, guardContents, registerScheme } from './hosts/electron.ts';
import { WINDOW_FOLDER } from './hosts/pages.ts';

const PRELOAD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/preload/index.cjs' : '../preload/index.cjs', import.meta.url),
);

let host: ElectronHost | null = null;
let over = false;
/** A site file that was asked for; the window opens it as soon as there is one. */
let wanted = siteIn(process.argv, process.cwd());

app.enableSandbox();
app.setPath('userData', join(app.getPath('appData'), 'OTJ Migrator'));
registerScheme();
app.on('web-contents-created', (_event, contents) => guardContents(contents));
app.on('open-file', (event, path) => {
  event.preventDefault();
  open(path);
});
app.on('second-instance', (_event, argv, folder) => {
  host?.focus();
  const site = siteIn(argv, folder);
  if (site !== null) open(site);
});
// One window is the whole program, on macOS too.
app.on('window-all-closed', () => app.quit());
app.on('will-quit', (event) => {
  if (over || !host) return;
  event.preventDefault();
  void host.close().finally(() => {
    over = true;
    app.quit();
  });
});

if (app.requestSingleInstanceLock()) void app.whenReady().then(begin);
else app.quit();

function begin(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu()));
  const facts = { host: 'electron', version: app.getVersion(), userData: app.getPath('userData') } as const;
  host = new ElectronHost({
    start: (ports) => startBackend({ ...facts, fileDialogs: true }, ports),
    folder: WINDOW_FOLDER,
    preload: PRELOAD,
  });
  if (wanted !== null) void host.openSite(wanted);
}

/** Copy and paste on macOS, and larger letters everywhere, come from the menu. It does not reload and has no tools. */
function menu(): MenuItemConstructorOptions[] {
  const zoom = ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;
  const view: MenuItemConstructorOptions = { label: 'View', submenu: zoom.map((role) => ({ role })) };
  if (process.platform !== 'darwin') return [{ role: 'editMenu' }, view];
  return [{ role: 'appMenu' }, { role: 'editMenu' }, view, { role: 'windowMenu' }];
}

function open(site: string): void {
  if (host) void host.openSite(site);
  else wanted = site;
}

/** The site file among the arguments of a start, or null; Electron and the system add arguments of their own. */
function siteIn(argv: readonly string[], folder: string): string | null {
  const name = argv.slice(1).findLast((argument) => !argument.startsWith('-') && argument.endsWith('.otjsite'));
  return name === undefined ? null : resolve(folder, name);
}
