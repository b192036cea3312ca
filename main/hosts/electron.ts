/**
 * The window of the desktop app and its fences: a page that comes from our own scheme only, may call the services by one
 * door, and is let out nowhere.
 */
import {
  app,
  BrowserWindow,
  dialog,
  type IpcMainInvokeEvent,
  ipcMain,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  type Session,
  safeStorage,
  session,
  shell,
  type WebContents,
} from 'electron';
import type { Reply } from '../contract/bridge.ts';
import { OtjError, type Problem } from '../contract/errors.ts';
import type { AppEvent } from '../contract/events.ts';
import type { HostPorts } from '../services/openSite.ts';
import type { Keychain } from '../site/vault.ts';
import type { Backend } from './backend.ts';
import { makePages } from './pages.ts';

const SCHEME = 'otj';
const PAGE = 'otj://app/';
/** What a page may ask for: its own files, pictures within them, and the tools of somebody who works on this program. */
const LOCAL = /^(?:otj|data|blob|devtools):/;
const SITE_FILES = [{ name: 'OTJ Migrator site', extensions: ['otjsite'] }];

export interface ElectronHostOptions {
  /** Starts the services, once it is known what this computer offers them. */
  start(ports: HostPorts): Backend;
  /** The window as it was built. */
  folder: string;
  /** The preload as it was built. */
  preload: string;
}

/** Must be called before Electron is ready. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Fences in every page that this process will ever have. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => {
    if (!isPage(event.url, '/')) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!isPage(event.url, event.isMainFrame ? '/' : '/report.html')) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
}

/** The keychain of the operating system, or null where there is none that deserves the name. */
async function osKeychain(): Promise<Keychain | null> {
  const weak = ['basic_text', 'unknown'];
  if (process.platform === 'linux' && weak.includes(safeStorage.getSelectedStorageBackend())) return null;
  if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) return null;
  return {
    wrap: (key) => safeStorage.encryptStringAsync(key.toString('base64')),
    unwrap: async (wrapped) => Buffer.from((await safeStorage.decryptStringAsync(wrapped)).result, 'base64'),
  };
}

/** Opens the window at once; the services start meanwhile, and calls wait for them. Call it when Electron is ready. */
export class ElectronHost {
  readonly window: BrowserWindow;
  private readonly backend: Promise<Backend>;
  /** Jobs that have not ended. */
  private readonly working = new Set<number>();
  private blocker: number | null = null;
  private reloaded = false;
  private leave: 'ask' | 'asking' | 'free' = 'ask';

  constructor({ start, folder, preload }: ElectronHostOptions) {
    this.fence(session.defaultSession);
    const pages = makePages(folder, async () => (await this.backend).call('report.html', undefined));
    protocol.handle(SCHEME, async ({ method, url }) => {
      const { host, pathname } = new URL(url);
      const { status, headers, body } = await pages(method, host === 'app' ? pathname : '/elsewhere');
      return new Response(body, { status, headers });
    });
    this.window = makeWindow(preload);
    ipcMain.handle('otj:call', (event, name: unknown, input: unknown) => this.answer(event, name, input));
    this.backend = osKeychain().then((keychain) => this.begin(start({ keychain, ...this.dialogs() })));
    this.window.once('ready-to-show', () => this.window.show());
    this.window.on('close', (event) => {
      if (this.mayClose()) return;
      event.preventDefault();
    });
    this.window.webContents.on('render-process-gone', (_event, { reason }) => this.pageGone(reason));
    void this.window.loadURL(PAGE);
  }

  /** Brings the window to the front. */
  focus(): void {
    // Closed already, while the services come to their end.
    if (this.window.isDestroyed()) return;
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  /** Opens a site file, as if it were chosen in the window; tells when that fails. */
  async openSite(path: string): Promise<void> {
    const reply = await (await this.backend).call('site.open', { path });
    if (reply.ok || this.window.isDestroyed()) return;
    await dialog.showMessageBox(this.window, { type: 'warning', ...wordsOf(reply.problem) });
  }

  /** Stops all work after the steps under way. */
  async close(): Promise<void> {
    await (await this.backend).close();
  }

  private begin(backend: Backend): Backend {
    backend.listen((events) => {
      this.follow(events);
      if (!this.window.isDestroyed()) this.window.webContents.send('otj:events', events);
    });
    backend.onCrash((error) => void this.offerRestart(error.toProblem()));
    return backend;
  }

  private async answer(event: IpcMainInvokeEvent, name: unknown, input: unknown): Promise<Reply> {
    if (!this.isOurs(event)) throw new OtjError('INTERNAL', 'a call that did not come from the window was refused');
    if (typeof name !== 'string') return { ok: false, problem: new OtjError('USAGE', 'a call has a name').toProblem() };
    return (await this.backend).call(name, input);
  }

  /** Our page in our window, and no frame in it. */
  private isOurs({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
    return sender === this.window.webContents && senderFrame?.parent === null && isPage(senderFrame.url, '/');
  }

  private fence(own: Session): void {
    const mayCopy = (contents: WebContents | null, permission: string, frame: { isMainFrame: boolean }) =>
      permission === 'clipboard-sanitized-write' && contents === this.window.webContents && frame.isMainFrame;
    own.setPermissionRequestHandler((contents, permission, decide, frame) =>
      decide(mayCopy(contents, permission, frame)),
    );
    own.setPermissionCheckHandler((contents, permission, _origin, frame) => mayCopy(contents, permission, frame));
    own.setDevicePermissionHandler(() => false);
    own.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !LOCAL.test(url) }));
    own.setSpellCheckerEnabled(false);
  }

  private dialogs(): Omit<HostPorts, 'keychain'> {
    return {
      chooseFile: async (what, suggested) => {
        const where = suggested === null ? {} : { defaultPath: suggested };
        if (what === 'new-site') {
          const { filePath } = await dialog.showSaveDialog(this.window, { ...where, filters: SITE_FILES });
          return filePath || null;
        }
        const { filePaths } = await dialog.showOpenDialog(this.window, {
          ...where,
          ...(what === 'folder'
            ? { properties: ['openDirectory', 'createDirectory'] }
            : { properties: ['openFile'], filters: SITE_FILES }),
        });
        return filePaths[0] ?? null;
      },
      openPath: async (path) => {
        const words = await shell.openPath(path);
        if (words) throw new OtjError('INTERNAL', words);
      },
      openUrl: async (url) => {
        // The services have looked at the host; that it is no other kind of address is looked at here again.
        if (URL.parse(url)?.protocol !== 'https:') throw new OtjError('M365_BROWSER', 'no https address');
        await shell.openExternal(url);
      },
    };
  }

  /** The computer does not fall asleep while rooms are worked on. */
  private follow(events: readonly AppEvent[]): void {
    for (const event of events) {
      if (event.type !== 'job') continue;
      if (event.job.endedAt === null) this.working.add(event.job.id);
      else this.working.delete(event.job.id);
    }
    if (this.working.size > 0) this.blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.blocker !== null) {
      powerSaveBlocker.stop(this.blocker);
      this.blocker = null;
    }
  }

  private mayClose(): boolean {
    if (this.leave === 'free' || (this.leave === 'ask' && this.working.size === 0)) return true;
    if (this.leave === 'ask') void this.askToLeave();
    return false;
  }

  /** The window stays open until the steps under way have ended, so that what came of them can be seen. */
  private async askToLeave(): Promise<void> {
    this.leave = 'asking';
    const { response } = await dialog.showMessageBox(this.window, {
      type: 'question',
      message: 'Work is going on.',
      detail: 'Stopping waits for the steps under way. Rooms carry on later from what is true on their devices.',
      buttons: ['Keep working', 'Stop and close'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response !== 1) {
      this.leave = 'ask';
      return;
    }
    await this.close();
    this.goAway();
  }

  private pageGone(reason: string): void {
    if (reason === 'clean-exit') return;
    if (this.reloaded) {
      void this.offerRestart(new OtjError('INTERNAL', `the window ended: ${reason}`).toProblem());
      return;
    }
    this.reloaded = true;
    this.window.webContents.reload();
  }

  private async offerRestart(problem: Problem): Promise<void> {
    const buttons = ['Start again', 'Close'];
    const asked = { type: 'error', ...wordsOf(problem), buttons, defaultId: 0, cancelId: 1 } as const;
    const { response } = await dialog.showMessageBox(asked);
    if (response === 0) app.relaunch();
    this.goAway();
  }

  private goAway(): void {
    this.leave = 'free';
    if (this.window.isDestroyed()) app.quit();
    else this.window.close();
  }
}

function makeWindow(preload: string): BrowserWindow {
  return new BrowserWindow({
    // Under this name Electron remembers where the window was.
    name: 'main',
    windowStatePersistence: true,
    title: 'OTJ Migrator',
    width: 1280,
    height: 800,
    minWidth: 720,
    minHeight: 560,
    show: false,
    autoHideMenuBar: true,
    // The window's own ground (--bg in renderer/design/tokens.css), so that nothing flashes.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#181817' : '#f4f4f2',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      // Passwords are typed here.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
}

function isPage(url: string, path: '/' | '/report.html'): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === `${SCHEME}:` && parsed.host === 'app' && parsed.pathname === path;
}

function wordsOf({ happened, words, todo }: Problem): { message: string; detail: string } {
  return { message: happened, detail: words ? `${words}\n\n${todo}` : todo };
}
