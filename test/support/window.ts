/**
 * The window as a person has it: the real program in a process of its own, in Chromium, or in Electron where that is
 * installed. Whatever a page must never do is noted meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, _electron as electron, type Page } from 'playwright-core';
import type { Bridge, Reply } from '../../main/contract/bridge.ts';
import type { Job, JobResult } from '../../main/contract/jobs.ts';
import type { Input, MethodName, Output } from '../../main/contract/methods.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { serveBrowser } from '../../main/hosts/browser.ts';
import { PLACE } from './place.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Where pictures of all screens are left for people to look at. */
const OUTPUT = join(ROOT, 'test-output', 'window');
// Empty means that the one who started the tests found no browser.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
/** A person gives up later; a test that waits longer than this has met a fault. */
const PATIENCE_MS = 30_000;

/** A browser that was built without Bluetooth says so of a policy that forbids it. Other browsers need the policy. */
const OF_THE_BROWSER = /^Error with Permissions-Policy header: Unrecognized feature: 'bluetooth'\.$/;

export const hasBrowser = existsSync(executablePath);

type Scripts = {
  chooseHost(): { host: 'browser'; why: string } | { host: 'electron'; program: string; why: string };
  buildStale(node: string, parts: ('window' | 'desktop')[], say: (line: string) => void): Promise<void>;
};

/** The scripts run before anything is installed and so are plain JavaScript, of which TypeScript knows nothing. */
async function scripts(): Promise<Scripts> {
  const parts: Scripts[] = await Promise.all(
    ['host', 'build'].map((name) => import(new URL(`../../scripts/lib/${name}.js`, import.meta.url).href)),
  );
  return Object.assign({}, ...parts);
}

/** The hosts of this computer, found as `npm start` finds them, and why it is so. */
export async function hostsHere(): Promise<{ hosts: ('browser' | 'electron')[]; why: string }> {
  const { host, why } = (await scripts()).chooseHost();
  return { hosts: host === 'electron' ? ['browser', 'electron'] : ['browser'], why };
}

/** Of this place: the files of the window share it. */
export function ownNetwork(): string[] {
  const devices = `127.${220 + PLACE}`;
  return ['--device-net', devices, '--core-net', `${devices}.250`, '--ssh-port', '2255', '--https-port', '8455'];
}

/** A home folder of nobody. @returns its path, and how to remove it */
export function freshHome(): { home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'otj-window-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

type Started = Extract<
  MethodName,
  `jobs.${'discover' | 'check' | 'drift' | 'prepare' | 'plan' | 'run' | 'undo' | 'sync'}`
>;

export interface AppWindow {
  readonly page: Page;
  /** What the page did that it must never do. Taking it empties it. */
  misdeeds(): string[];
  /** A call as the page itself would make it. Throws what it is refused with. */
  call<N extends MethodName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Starts a job and waits for its end. Throws when it does not end well. */
  done<N extends Started>(name: N, input: Input<N>): Promise<JobResult>;
  /** Waits for the end of a job that the page has started. */
  ended(kind: Job['kind']): Promise<Job>;
  rooms(): Promise<RoomRow[]>;
  /** Ends the program as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface WindowOptions {
  home: string;
  /** Site file to open. */
  site?: string;
  host?: 'browser' | 'electron';
}

/** Builds what is older than its sources, starts the program and waits for its first screen. */
export async function openWindow({ home, site, host = 'browser' }: WindowOptions): Promise<AppWindow> {
  await built(host);
  const { env, given } = { env: environment(home), given: site === undefined ? [] : [site] };
  const window = host === 'electron' ? await inElectron(env, given) : await inBrowser(env, given);
  await window.page.getByRole('heading', { level: 1 }).waitFor();
  return window;
}

/** A folder is built by one process at a time; the lock is dropped with its process, however that ends. */
async function built(host: 'browser' | 'electron'): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const lock = new DatabaseSync(join(ROOT, 'test-output', 'window-build.lock'), { timeout: 120_000 });
  lock.exec('BEGIN EXCLUSIVE');
  // The test runner's own NODE_ENV would make a page for development, and leave it for others to find.
  const { NODE_ENV: mode } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    const parts: ('window' | 'desktop')[] = host === 'electron' ? ['window', 'desktop'] : ['window'];
    await (await scripts()).buildStale(process.execPath, parts, () => undefined);
  } finally {
    if (mode === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = mode;
    lock.close();
  }
}

function environment(home: string): Record<string, string> {
  const own = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), USERPROFILE: home, APPDATA: join(home, 'AppData') };
  return { ...process.env, ...own } as Record<string, string>;
}

async function inBrowser(env: Record<string, string>, given: string[]): Promise<AppWindow> {
  const main = join(ROOT, 'main', 'hosts', 'browserMain.ts');
  const program = spawn(process.execPath, [main, '--no-open', ...given], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const { origin, browser, context, page, misdeeds } = await browse(invitation(program));
  const ask = async (name: string, input: unknown): Promise<Reply> => {
    const key = (await page.evaluate("sessionStorage.getItem('otj-key')")) as string;
    const headers = { origin, 'x-otj-key': key };
    const reply = await context.request.post(`${origin}/call`, { headers, data: { name, input } });
    return (await reply.json()) as Reply;
  };
  return windowOf(page, misdeeds, ask, program, browser);
}

/** A browser that was let in. */
async function browse(invited: Promise<string> | string) {
  const [address, browser] = await Promise.all([invited, chromium.launch({ executablePath, args: ARGS.split(' ') })]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
  const { origin } = new URL(address);
  const misdeeds = await watched(context, origin);
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForURL(`${origin}/**`);
  return { origin, browser, context, page, misdeeds };
}

/** The same pages over services that answer as a test tells them, for what no simulated device does on demand. */
export async function openScripted(backend: Bridge): Promise<Pick<AppWindow, 'page' | 'misdeeds' | 'close'>> {
  await built('browser');
  const server = await serveBrowser({ backend, folder: join(ROOT, 'dist', 'renderer') });
  const { browser, page, misdeeds } = await browse(server.invite());
  await page.getByRole('heading', { level: 1 }).waitFor();
  return {
    page,
    misdeeds: () => [...new Set(misdeeds.splice(0))],
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function inElectron(env: Record<string, string>, given: string[]): Promise<AppWindow> {
  const choice = (await scripts()).chooseHost();
  if (choice.host !== 'electron') throw new Error(`Electron cannot be started: ${choice.why}`);
  const app = await electron.launch({ executablePath: choice.program, args: [ROOT, ...given], env });
  const misdeeds = await watched(app.context(), 'otj://app');
  const page = await app.firstWindow();
  const ask = async (name: string, input: unknown) =>
    (await page.evaluate(`otj.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`)) as Reply;
  return windowOf(page, misdeeds, ask, app.process(), app);
}

/** The line with the address that opens the window once. */
async function invitation(program: ChildProcess): Promise<string> {
  if (!program.stdout) throw new Error('the program has no output');
  const said: string[] = [];
  for await (const line of createInterface({ input: program.stdout })) {
    said.push(line);
    const address = /^\s+(http:\S+)$/.exec(line)?.[1];
    if (!address) continue;
    // Whatever else it says must not fill the pipe.
    program.stdout.resume();
    return address;
  }
  throw new Error(`the program ended before it gave an address: ${said.join(' ')}`);
}

/** Faults of scripts, whatever the page's own policy refuses, and everything that leaves this computer. */
async function watched(context: BrowserContext, origin: string): Promise<string[]> {
  const misdeeds: string[] = [];
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(
    "document.addEventListener('securitypolicyviolation', (e) => console.error('policy', e.violatedDirective, e.blockedURI))",
  );
  context.on('console', (message) => {
    const isFault = ['error', 'warning'].includes(message.type()) && !OF_THE_BROWSER.test(message.text());
    if (isFault) misdeeds.push(`console ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => misdeeds.push(`error ${error.error().message}`));
  context.on('dialog', (dialog) => {
    misdeeds.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:'))
      misdeeds.push(`request ${request.url()}`);
  });
  return misdeeds;
}

function windowOf(
  page: Page,
  misdeeds: string[],
  ask: (name: string, input: unknown) => Promise<Reply>,
  program: ChildProcess,
  shell: Pick<Browser, 'close'>,
): AppWindow {
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (program.exitCode !== null || program.signalCode !== null) return;
    const ended = once(program, 'exit');
    program.kill(signal);
    await ended;
  };
  const window: AppWindow = {
    page,
    misdeeds: () => [...new Set(misdeeds.splice(0))],
    async call(name, input) {
      const reply = await ask(name, input);
      if (!reply.ok) throw new Error(`${name}: ${reply.problem.code} ${reply.problem.words ?? ''}`);
      return reply.output as Output<typeof name>;
    },
    async done(name, input) {
      const { job } = await window.call<Started>(name, input);
      const { status, result, problem } = await over(job);
      if (status !== 'done' || !result) throw new Error(`${name} ended ${status}: ${JSON.stringify(problem)}`);
      return result;
    },
    async ended(kind) {
      const { jobs } = await window.call('app.state', undefined);
      const newest = jobs.findLast((job) => job.kind === kind);
      if (!newest) throw new Error(`no job of the kind ${kind} was started`);
      return over(newest.id);
    },
    rooms: () => window.call('rooms.list', undefined),
    kill: () => end('SIGKILL'),
    async close() {
      await shell.close();
      await end('SIGTERM');
    },
  };
  const over = async (id: number): Promise<Job> => {
    for (;;) {
      const { job } = await window.call('jobs.detail', { job: id });
      if (job.endedAt !== null) return job;
      await page.waitForTimeout(50);
    }
  };
  return window;
}

/** Leaves a picture of what the window shows, as light and as dark. */
export async function picture(page: Page, name: string, schemes: readonly ('light' | 'dark')[] = ['light', 'dark']) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({
      path: join(OUTPUT, `${name}-${colorScheme}.png`),
      animations: 'disabled',
      caret: 'initial',
    });
  }
  await page.emulateMedia({ colorScheme: null });
}
