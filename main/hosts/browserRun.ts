/** The browser host from its start to its end: the server, a window on it, and when it is time to go. */
import type { Problem } from '../contract/errors.ts';
import type { Backend } from './backend.ts';
import { type BrowserServer, serveBrowser } from './browser.ts';
import { type BrowserWindow, findBrowser, openBrowser, reasonForNoWindow, WITHOUT_SANDBOX } from './chromium.ts';

/** A page that is loaded anew is away for a moment, milliseconds. */
const RELOAD_MS = 3_000;
const ONCE_MS = 5_000;
/** On macOS a browser lives on without windows. */
const MAC_MS = 10_000;
/** Some browsers start and cannot read the file that leads to us. */
const SLOW_MS = 20_000;

export interface RunOptions {
  /** The window as it was built. */
  folder: string;
  /** Site file to open, or null. */
  site: string | null;
  /** Do not open a window: print its address. */
  print: boolean;
  /** End some seconds after the last page was closed, also without a window of our own. */
  once: boolean;
  /** Tells the person at the terminal. */
  say(line: string): void;
  /** Aborted when it should end. */
  signal: AbortSignal;
}

/** @returns the exit code; the backend is closed then. */
export async function runBrowserHost(backend: Backend, options: RunOptions): Promise<number> {
  try {
    return await new BrowserRun(backend, options).toTheEnd();
  } finally {
    await backend.close();
  }
}

class BrowserRun {
  private readonly backend: Backend;
  private readonly options: RunOptions;
  private readonly end = Promise.withResolvers<number>();
  private window: BrowserWindow | null = null;
  private windowEnded = false;
  private pages = 0;
  private seen = false;
  private readonly timers: { end?: NodeJS.Timeout; slow?: NodeJS.Timeout } = {};

  constructor(backend: Backend, options: RunOptions) {
    this.backend = backend;
    this.options = options;
  }

  async toTheEnd(): Promise<number> {
    const { signal, site, folder } = this.options;
    signal.addEventListener('abort', () => this.end.resolve(0), { once: true });
    this.backend.onCrash((error) => {
      this.tell(error.toProblem());
      this.end.resolve(1);
    });
    const server = await serveBrowser({
      backend: this.backend,
      folder,
      pagesOpen: (count) => this.pagesOpen(count),
      cameLate: () => {
        if (!server.awaited) this.print(server);
      },
    });
    try {
      if (site !== null) void this.openSite(site);
      await this.show(server);
      const code = await this.end.promise;
      // Pages are told how the work under way comes to its end.
      await this.backend.close();
      return code;
    } finally {
      for (const timer of Object.values(this.timers)) clearTimeout(timer);
      await server.close();
      await this.window?.close();
    }
  }

  private async show(server: BrowserServer): Promise<void> {
    const why = this.options.print ? null : reasonForNoWindow();
    const program = findBrowser();
    if (this.options.print || why !== null || program === null) {
      if (why !== null) this.options.say(`No window opens: ${why}.`);
      this.print(server);
      return;
    }
    if (WITHOUT_SANDBOX)
      this.options.say('You are root, so the browser runs without its sandbox. Better start it as another user.');
    this.window = await openBrowser(program, server.invite());
    void this.window.ended.then(() => {
      this.windowEnded = true;
      this.consider();
      this.offer('The browser ended before it showed the window.', server);
    });
    this.timers.slow = setTimeout(() => this.offer('If no window shows, use another browser.', server), SLOW_MS);
  }

  /** Another way in, as long as no page has come. */
  private offer(words: string, server: BrowserServer): void {
    if (this.seen || this.options.signal.aborted) return;
    this.options.say(words);
    this.print(server);
  }

  private print(server: BrowserServer): void {
    this.options.say('Open this address in a browser on this computer. It works once, within a minute:');
    this.options.say(`  ${server.invite()}`);
  }

  private pagesOpen(count: number): void {
    this.pages = count;
    if (count > 0 && !this.seen) {
      this.seen = true;
      void this.window?.forget();
    }
    this.consider();
  }

  /** Sets the clock for the end, or stops it. */
  private consider(): void {
    clearTimeout(this.timers.end);
    const patience = this.patience();
    if (patience !== null) this.timers.end = setTimeout(() => this.end.resolve(0), patience);
  }

  /** How long to wait for a page to come back, milliseconds; null = for ever. */
  private patience(): number | null {
    if (this.pages > 0 || !this.seen) return null;
    if (this.windowEnded) return RELOAD_MS;
    if (this.options.once) return ONCE_MS;
    return process.platform === 'darwin' && this.window ? MAC_MS : null;
  }

  private async openSite(path: string): Promise<void> {
    const reply = await this.backend.call('site.open', { path });
    if (!reply.ok) this.tell(reply.problem);
  }

  private tell({ happened, code, words, todo }: Problem): void {
    this.options.say(`▲ ${happened} [${code}]${words ? `\n    detail:   ${plain(words)}` : ''}\n    do:       ${todo}`);
  }
}

/** Words of devices and files are hostile: nothing in them steers the terminal. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
}
