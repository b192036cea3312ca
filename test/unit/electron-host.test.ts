/** The desktop app's window and fences, against a double of Electron that records what it is told. */
import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandlerDetails, IpcMainInvokeEvent, PermissionRequest, WebContents } from 'electron';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Job } from '../../main/contract/jobs.ts';
import type { HostPorts } from '../../main/services/openSite.ts';
import { TestBackend } from '../support/testBackend.ts';

const electron = await vi.hoisted(() => import('../support/electronDouble.ts'));
vi.mock('electron', () => electron);
const { app, computer, handlers, prevents, told } = electron;

const PAGE = 'otj://app/';
/** The services start in a thread of their own, on a machine that may be busy. */
const LONG = { timeout: 50_000 };
let folder: string;
let backend: TestBackend;
let ports: HostPorts | null;

beforeEach(({ onTestFinished: finished }) => {
  // Registered first and so done last, after a test has ended what it began.
  finished(() => rmSync(folder, { recursive: true, force: true }));
  folder = mkdtempSync(join(tmpdir(), 'otj-electron-'));
  mkdirSync(join(folder, 'window/assets'), { recursive: true });
  writeFileSync(join(folder, 'window/index.html'), '<p>the window</p>');
  writeFileSync(join(folder, 'window/assets/index-abc.js'), 'export {};');
  writeFileSync(join(folder, 'secret.html'), 'not for the window');
  backend = new TestBackend();
  ports = null;
  electron.reset();
});

async function openHost() {
  const { ElectronHost, guardContents } = await import('../../main/hosts/electron.ts');
  // As main/app.ts does it.
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  new ElectronHost({
    start: (given) => {
      ports = given;
      return backend;
    },
    folder: join(folder, 'window'),
    preload: '/app/preload.cjs',
  });
  // A call is answered when the services have started.
  await call();
  backend.calls.length = 0;
  const window = windowNow();
  return { window, contents: window.webContents };
}

function windowNow() {
  const newest = told.windows.at(-1)?.window;
  if (!newest) throw new Error('there is no window');
  return newest;
}

/** A call as it comes from our page, but for what is said otherwise. */
async function call(event: object = {}, ...given: unknown[]): Promise<unknown> {
  if (!handlers.call) throw new Error('nobody answers calls');
  const ours = { sender: windowNow().webContents, senderFrame: { url: PAGE, parent: null }, ...event };
  const known = ours as object as IpcMainInvokeEvent;
  return handlers.call(known, ...(given.length > 0 ? given : ['app.state', undefined]));
}

async function get(path: string, init: RequestInit = {}): Promise<Response> {
  if (!handlers.serve) throw new Error('nobody serves pages');
  return handlers.serve(new Request(path.startsWith('otj:') ? path : `otj://app${path}`, init));
}

function job(change: Partial<Job>): AppEvent {
  const fixed = { id: 1, kind: 'run', status: 'running', startedAt: '', endedAt: null, total: 1, done: 0, failed: 0 };
  const rest = { waiting: null, pausable: true, held: null, problem: null, result: null };
  return { type: 'job', job: { ...fixed, ...rest, ...change } as Job };
}

describe('the window', () => {
  it('is a sandboxed page without Node', async () => {
    await openHost();
    expect(told.windows).toHaveLength(1);
    expect(told.windows[0]?.options).toMatchObject({
      show: false,
      minWidth: 720,
      minHeight: 560,
      windowStatePersistence: true,
    });
    expect(told.windows[0]?.options.webPreferences).toEqual({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
    expect(told.spelling).toBe(false);
    expect(windowNow().loaded).toEqual([PAGE]);
  });

  it('goes nowhere', async () => {
    const { contents } = await openHost();
    const elsewhere = ['https://example.com/', 'file:///etc/passwd', 'otj://other/', `${PAGE}report.html`, 'nonsense'];
    for (const url of elsewhere) {
      expect(prevents(contents, 'will-navigate', { url }), url).toBe(true);
      expect(prevents(contents, 'will-frame-navigate', { url, isMainFrame: true }), url).toBe(true);
    }
    expect(prevents(contents, 'will-navigate', { url: PAGE })).toBe(false);
    expect(prevents(contents, 'will-frame-navigate', { url: `${PAGE}report.html`, isMainFrame: false })).toBe(false);
    expect(prevents(contents, 'will-frame-navigate', { url: PAGE, isMainFrame: false })).toBe(true);
    expect(prevents(contents, 'will-redirect', { url: PAGE })).toBe(true);
    expect(prevents(contents, 'will-attach-webview')).toBe(true);
    expect(contents.openWindow?.({ url: PAGE } as HandlerDetails)).toEqual({ action: 'deny' });
  });

  it('reaches no network', async () => {
    await openHost();
    const cancelled = (url: string) => {
      let cancel: boolean | undefined;
      handlers.network?.({ url }, (reply) => {
        cancel = reply.cancel;
      });
      return cancel;
    };
    for (const url of ['https://a.example/', 'http://127.0.0.1:80/', 'wss://a.example/', 'file:///etc/passwd'])
      expect(cancelled(url), url).toBe(true);
    expect(cancelled(`${PAGE}assets/index-abc.js`)).toBe(false);
  });

  it('may copy text, and nothing else', async () => {
    const { contents } = await openHost();
    const asked = (permission: string, from: object | null = contents, isMainFrame = true) => {
      const answers: (boolean | undefined)[] = [];
      const frame = { isMainFrame, requestingUrl: PAGE } satisfies PermissionRequest;
      const [who, what] = [from as WebContents, permission as 'unknown'];
      handlers.permissionRequest?.(who, what, (yes) => answers.push(yes), frame);
      answers.push(handlers.permissionCheck?.(who, what, PAGE, frame));
      return answers;
    };
    expect(asked('clipboard-sanitized-write')).toEqual([true, true]);
    expect(asked('clipboard-sanitized-write', contents, false)).toEqual([false, false]);
    expect(asked('clipboard-sanitized-write', null)).toEqual([false, false]);
    for (const other of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'usb',
    ])
      expect(asked(other), other).toEqual([false, false]);
    expect(handlers.device?.({ deviceType: 'usb', origin: PAGE, device: {} as never })).toBe(false);
  });

  it('is loaded again once when its process dies; then a person decides', async () => {
    const { contents, window } = await openHost();
    contents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    expect(contents).toMatchObject({ reloads: 1 });
    expect(told.boxes).toEqual([]);
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    await vi.waitFor(() => expect(window.isDestroyed()).toBe(true));
    expect(contents).toMatchObject({ reloads: 1 });
    expect(told.boxes[0]?.detail).toContain('crashed');
    expect(told.relaunches).toBe(1);
  });
});

describe('pages', () => {
  it('come from the built folder, with a strict policy', async () => {
    await openHost();
    const page = await get('/');
    expect([page.status, await page.text()]).toEqual([200, '<p>the window</p>']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
  });

  it.each(['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', 'otj://other/', 'otj://other/index.html'])(
    'are nowhere else: %s',
    async (path) => {
      await openHost();
      expect((await get(path)).status).toBe(404);
    },
  );

  it('include the report, as the services give it', async () => {
    await openHost();
    backend.replies.set('report.html', { ok: true, output: { html: '<p>report</p>' } });
    const page = await get('/report.html');
    expect([page.status, await page.text()]).toEqual([200, '<p>report</p>']);
    expect(page.headers.get('content-security-policy')).toContain('; sandbox;');
  });
});

describe('calls and events', () => {
  it('pass between the page and the services', async () => {
    const { contents } = await openHost();
    expect(await call({}, 'rooms.list', undefined)).toEqual({ ok: true, output: 'did rooms.list' });
    expect(backend.calls).toEqual([['rooms.list', undefined]]);
    backend.tell({ type: 'list' });
    expect(contents.sent).toEqual([['otj:events', [{ type: 'list' }]]]);
    expect(await call({}, 7)).toMatchObject({ ok: false, problem: { code: 'USAGE' } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another window', { sender: new EventEmitter() }],
    ['a frame in the page', { senderFrame: { url: PAGE, parent: {} } }],
    ['another address', { senderFrame: { url: 'https://example.com/', parent: null } }],
    ['the report', { senderFrame: { url: `${PAGE}report.html`, parent: null } }],
    ['another host of our scheme', { senderFrame: { url: 'otj://evil/', parent: null } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('are refused from %s', async (_who, event) => {
    await openHost();
    await expect(call(event)).rejects.toThrow('refused');
    expect(backend.calls).toEqual([]);
  });
});

describe('what the computer offers', () => {
  it('is its keychain', async () => {
    await openHost();
    const key = Buffer.from([0, 255, 128, 10]);
    const wrapped = await ports?.keychain?.wrap(key);
    expect(wrapped).toBeInstanceOf(Buffer);
    expect(wrapped?.includes(key)).toBe(false);
    expect(await ports?.keychain?.unwrap(wrapped ?? Buffer.alloc(0))).toEqual(key);
  });

  it('is no keychain where none can be had', async () => {
    computer.keychain.available = false;
    await openHost();
    expect(ports?.keychain).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is no keychain where it would be plain text', async () => {
    computer.keychain.backend = 'basic_text';
    await openHost();
    expect(ports?.keychain).toBeNull();
  });

  it('are its file dialogs', async () => {
    await openHost();
    computer.files = ['/sites/oslo.otjsite'];
    expect(await ports?.chooseFile('open-site', null)).toBe('/sites/oslo.otjsite');
    expect(await ports?.chooseFile('new-site', '/sites/new.otjsite')).toBe('/sites/oslo.otjsite');
    computer.files = [];
    expect(await ports?.chooseFile('folder', '/sites')).toBeNull();
    expect(await ports?.chooseFile('new-site', null)).toBeNull();
    expect(told.fileQuestions.slice(0, 3)).toMatchObject([
      { properties: ['openFile'] },
      { defaultPath: '/sites/new.otjsite' },
      { properties: ['openDirectory', 'createDirectory'], defaultPath: '/sites' },
    ]);
  });

  it('are programs that open files; their failure is told', async () => {
    await openHost();
    await ports?.openPath('/sites/report.html');
    computer.openPathSays = 'no program for it';
    await expect(ports?.openPath('/sites/report.html')).rejects.toThrow('no program for it');
    await ports?.openUrl('https://login.microsoftonline.com/x');
    await expect(ports?.openUrl('file:///etc/passwd')).rejects.toThrow('no https address');
    expect(computer.opened).toEqual(['https://login.microsoftonline.com/x']);
  });
});

describe('while work goes on', () => {
  it('the computer stays awake', async () => {
    await openHost();
    backend.tell(job({ id: 1 }), job({ id: 2 }));
    expect(told.blockers).toEqual(['prevent-app-suspension']);
    backend.tell(job({ id: 1, status: 'done', endedAt: '2026-01-01T00:00:00Z' }));
    expect(told.blockers).toEqual(['prevent-app-suspension']);
    backend.tell(job({ id: 2, status: 'failed', endedAt: '2026-01-01T00:00:00Z' }));
    expect(told.blockers).toEqual([]);
  });

  it('closing asks; keeping on is the answer of a hasty Enter', async () => {
    const { window } = await openHost();
    backend.tell(job({}));
    window.close();
    window.close();
    await vi.waitFor(() => expect(told.boxes).toHaveLength(1));
    expect(told.boxes[0]).toMatchObject({ buttons: ['Keep working', 'Stop and close'], defaultId: 0, cancelId: 0 });
    expect(window.isDestroyed()).toBe(false);
    expect(backend.closed).toBe(false);
  });

  it('closing after all stops the work first', async () => {
    const { window } = await openHost();
    backend.tell(job({}));
    computer.answer = 1;
    const closed = once(window, 'closed');
    window.close();
    await closed;
    expect(backend.closed).toBe(true);
  });

  it('nothing is asked when nothing goes on', async () => {
    const { window } = await openHost();
    window.close();
    expect(window.isDestroyed()).toBe(true);
    expect(told.boxes).toEqual([]);
  });

  it('the end of the services is told', async () => {
    const { window } = await openHost();
    computer.answer = 1;
    backend.crash();
    await vi.waitFor(() => expect(window.isDestroyed()).toBe(true));
    expect(told.boxes[0]?.detail).toContain('the thread is gone');
    expect(told.relaunches).toBe(0);
  });
});

describe('the app', () => {
  /** Runs main/app.ts with real services. */
  async function startApp(...args: string[]) {
    computer.appData = folder;
    const argv = process.argv;
    process.argv = ['/opt/otj-migrator', ...args];
    onTestFinished(async () => {
      process.argv = argv;
      const before = told.quits;
      if (prevents(app, 'will-quit')) await vi.waitFor(() => expect(told.quits).toBe(before + 1), LONG);
    });
    vi.resetModules();
    await import('../../main/app.ts');
  }

  it('fences itself in before it is ready', async () => {
    await startApp();
    expect(told.order).toEqual(['sandbox', 'scheme', 'ready']);
    expect(told.schemes).toEqual([
      { scheme: 'otj', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(told.userData).toBe(join(folder, 'OTJ Migrator'));
    const state = await vi.waitFor(() => call(), LONG);
    expect(state).toMatchObject({ ok: true, output: { host: 'electron', version: '1.2.3', fileDialogs: true } });
    expect(prevents(windowNow().webContents, 'will-navigate', { url: 'https://example.com/' })).toBe(true);
  });

  it('opens the site that it is started with, or told of later, and tells when it cannot', async () => {
    await startApp('--flag', join(folder, 'missing.otjsite'));
    await vi.waitFor(() => expect(told.boxes).toHaveLength(1), LONG);
    expect(told.boxes[0]?.message).toBe('The site file does not exist.');
    app.emit('second-instance', {}, ['/opt/otj-migrator', 'other.otjsite'], folder);
    await vi.waitFor(() => expect(told.boxes).toHaveLength(2), LONG);
    expect(told.boxes[1]?.detail).toContain(join(folder, 'other.otjsite'));
    app.emit('open-file', { preventDefault() {} }, join(folder, 'third.otjsite'));
    await vi.waitFor(() => expect(told.boxes).toHaveLength(3), LONG);
    expect(windowNow().shown).toBe(1);
  });

  it('leaves the work to the one that runs already', async () => {
    computer.lock = false;
    await startApp();
    expect(told.quits).toBe(1);
    expect(told.windows).toEqual([]);
  });

  it('ends when the services have ended', async () => {
    await startApp();
    await vi.waitFor(() => call(), LONG);
    app.emit('window-all-closed');
    expect(told.quits).toBe(1);
    expect(prevents(app, 'will-quit')).toBe(true);
    await vi.waitFor(() => expect(told.quits).toBe(2), LONG);
    expect(prevents(app, 'will-quit')).toBe(false);
    expect(await call()).toMatchObject({ ok: false, problem: { code: 'INTERNAL' } });
  });
});
