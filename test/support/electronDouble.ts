/**
 * What stands for Electron where its program cannot be had: it records what it is told, and answers as a test wishes.
 * Only what Electron really has can be doubled; its types see to that.
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

type Method = (...given: never[]) => unknown;
type Part<T, K extends keyof T> = { [N in K]: T[N] extends Method ? (...given: Parameters<T[N]>) => unknown : T[N] };
type Question = Electron.MessageBoxOptions;
type FileQuestion = Electron.OpenDialogOptions | Electron.SaveDialogOptions;

/** What the computer is like. */
export const computer = {
  /** Which button a person presses. */
  answer: 0,
  /** What a person chooses in a file dialog. */
  files: [] as string[],
  openPathSays: '',
  opened: [] as string[],
  keychain: { available: true, backend: 'gnome_libsecret' as 'gnome_libsecret' | 'basic_text' },
  /** Whether this is the first start. */
  lock: true,
  appData: '/nowhere',
};

/** What was done. */
const nothing = () => ({
  order: [] as string[],
  schemes: [] as Electron.CustomScheme[],
  userData: '',
  windows: [] as { options: Electron.BrowserWindowConstructorOptions; window: BrowserWindow }[],
  boxes: [] as Question[],
  fileQuestions: [] as FileQuestion[],
  blockers: [] as string[],
  quits: 0,
  relaunches: 0,
  spelling: true,
});
export const told = nothing();

/** What Electron would call. */
const nobody = () => ({
  serve: null as ((request: Request) => Response | Promise<Response>) | null,
  call: null as ((event: Electron.IpcMainInvokeEvent, ...given: unknown[]) => unknown) | null,
  permissionRequest: null as Parameters<Electron.Session['setPermissionRequestHandler']>[0],
  permissionCheck: null as Parameters<Electron.Session['setPermissionCheckHandler']>[0],
  device: null as Parameters<Electron.Session['setDevicePermissionHandler']>[0],
  network: null as ((details: { url: string }, decide: (reply: { cancel?: boolean }) => void) => void) | null,
});
export const handlers = nobody();

export function reset(): void {
  Object.assign(told, nothing());
  Object.assign(handlers, nobody());
  Object.assign(computer, { opened: [], answer: 0, files: [], openPathSays: '', lock: true });
  computer.keychain = { available: true, backend: 'gnome_libsecret' };
  app.removeAllListeners();
}

/** An event as Electron's listeners get it. */
class Preventable {
  prevented = false;
  preventDefault = () => {
    this.prevented = true;
  };
}

/** @returns whether a listener prevented what the event tells of */
export function prevents(target: EventEmitter, name: string, details: object = {}): boolean {
  const event = Object.assign(new Preventable(), details);
  target.emit(name, event);
  return event.prevented;
}

class Contents extends EventEmitter {
  readonly sent: unknown[][] = [];
  reloads = 0;
  openWindow: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null;

  setWindowOpenHandler(handler: NonNullable<Contents['openWindow']>) {
    this.openWindow = handler;
  }
  send(...message: unknown[]) {
    this.sent.push(message);
  }
  reload() {
    this.reloads++;
  }
}

export class BrowserWindow
  extends EventEmitter
  implements Part<Electron.BrowserWindow, 'loadURL' | 'show' | 'focus' | 'isMinimized' | 'isDestroyed' | 'close'>
{
  readonly webContents = new Contents();
  readonly loaded: string[] = [];
  shown = 0;
  closed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    told.windows.push({ options, window: this });
    app.emit('web-contents-created', new Preventable(), this.webContents);
  }
  async loadURL(url: string) {
    this.loaded.push(url);
  }
  show() {
    this.shown++;
  }
  focus() {}
  isMinimized() {
    return false;
  }
  isDestroyed() {
    return this.closed;
  }
  close() {
    if (prevents(this, 'close')) return;
    this.closed = true;
    this.emit('closed');
  }
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: true,
  enableSandbox: () => void told.order.push('sandbox'),
  setPath(_name: string, path: string) {
    told.userData = path;
  },
  getPath: (name: string) => (name === 'userData' ? told.userData : computer.appData),
  getVersion: () => '1.2.3',
  requestSingleInstanceLock: () => computer.lock,
  whenReady: async () => void told.order.push('ready'),
  quit: () => void told.quits++,
  relaunch: () => void told.relaunches++,
}) satisfies Part<
  Electron.App,
  'isPackaged' | 'enableSandbox' | 'setPath' | 'getPath' | 'getVersion' | 'whenReady' | 'quit' | 'relaunch'
>;

export const Menu = {
  setApplicationMenu: () => undefined,
  buildFromTemplate: (items: Electron.MenuItemConstructorOptions[]) => items,
};

export const nativeTheme = { shouldUseDarkColors: true } satisfies Part<Electron.NativeTheme, 'shouldUseDarkColors'>;

/** With or without a window that the dialog belongs to. */
function last<T>(given: readonly unknown[]): T {
  return given.at(-1) as T;
}

export const dialog = {
  async showMessageBox(...given: unknown[]) {
    told.boxes.push(last<Question>(given));
    return { response: computer.answer, checkboxChecked: false };
  },
  async showOpenDialog(...given: unknown[]) {
    told.fileQuestions.push(last<FileQuestion>(given));
    return { canceled: computer.files.length === 0, filePaths: computer.files };
  },
  async showSaveDialog(...given: unknown[]) {
    told.fileQuestions.push(last<FileQuestion>(given));
    return { canceled: computer.files.length === 0, filePath: computer.files[0] ?? '' };
  },
} satisfies Part<Electron.Dialog, 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'>;

export const shell = {
  openPath: async () => computer.openPathSays,
  openExternal: async (url: string) => void computer.opened.push(url),
} satisfies Part<Electron.Shell, 'openPath' | 'openExternal'>;

export const ipcMain = {
  handle(channel: string, handler: NonNullable<typeof handlers.call>) {
    if (channel === 'otj:call') handlers.call = handler;
  },
} satisfies Part<Electron.IpcMain, 'handle'>;

export const protocol = {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]) {
    told.order.push('scheme');
    told.schemes.push(...schemes);
  },
  handle(scheme: string, handler: NonNullable<typeof handlers.serve>) {
    if (scheme === 'otj') handlers.serve = handler;
  },
} satisfies Part<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

export const powerSaveBlocker = {
  start: (kind: string) => told.blockers.push(kind) - 1,
  stop: (id: number) => told.blockers.splice(id, 1).length === 1,
} satisfies Part<Electron.PowerSaveBlocker, 'start' | 'stop'>;

const stirred = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));

export const safeStorage = {
  getSelectedStorageBackend: () => computer.keychain.backend,
  isAsyncEncryptionAvailable: async () => computer.keychain.available,
  encryptStringAsync: async (clear: string) => stirred(Buffer.from(clear)),
  decryptStringAsync: async (sealed: Buffer) => ({ shouldReEncrypt: false, result: stirred(sealed).toString() }),
} satisfies Part<
  Electron.SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

const defaultSession = {
  setPermissionRequestHandler(handler: typeof handlers.permissionRequest) {
    handlers.permissionRequest = handler;
  },
  setPermissionCheckHandler(handler: typeof handlers.permissionCheck) {
    handlers.permissionCheck = handler;
  },
  setDevicePermissionHandler(handler: typeof handlers.device) {
    handlers.device = handler;
  },
  setSpellCheckerEnabled(on: boolean) {
    told.spelling = on;
  },
} satisfies Part<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setSpellCheckerEnabled'
>;

const webRequest = {
  onBeforeRequest(handler: typeof handlers.network) {
    handlers.network = handler;
  },
};

export const session = { defaultSession: { ...defaultSession, webRequest } };
