/** The browser host from start to end, with a real Chromium where there is one. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { type RunOptions, runBrowserHost } from '../../main/hosts/browserRun.ts';
import { TestBackend } from '../support/testBackend.ts';

// Empty means that the one who started the tests found no browser.
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const LONG = { timeout: 50_000 };

let folder: string;
let backend: TestBackend;
let said: string[];
let stop: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'otj-browser-run-'));
  for (const name of ['window/assets', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, 'window/index.html'),
    '<!doctype html><script type="module" src="./assets/page-1.js"></script>',
  );
  writeFileSync(
    join(folder, 'window/assets/page-1.js'),
    "new EventSource('./events?key=' + sessionStorage.getItem('otj-key'));",
  );
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
  vi.stubEnv('DISPLAY', ':99');
  backend = new TestBackend();
  said = [];
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function start(change: Partial<RunOptions> = {}): Promise<number> {
  const say = (line: string) => void said.push(line);
  const options = { folder: join(folder, 'window'), site: null, print: false, once: false, say, signal: stop.signal };
  return runBrowserHost(backend, { ...options, ...change });
}

const addresses = () => said.flatMap((line) => /http:\/\/127\.0\.0\.1:\d+\/enter\/\S+/.exec(line)?.[0] ?? []);

/** A page that listens until it is left. @returns how to leave */
async function openPage(cookie: string, address: string): Promise<() => void> {
  const leave = new AbortController();
  await fetch(new URL(`/events?key=${key}`, address), { headers: { cookie }, signal: leave.signal });
  return () => leave.abort();
}

/** What the page keeps for itself; of the last one that came in. */
let key = '';

async function enter(address: string): Promise<string> {
  const welcome = await fetch(address);
  key = /<meta name="key" content="([\w-]{43})">/.exec(await welcome.text())?.[1] ?? '';
  return welcome.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** A program in the place of the browser. */
function browser(script: string): void {
  const path = join(folder, 'browser');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('CHROMIUM', path);
}

/** What everybody on this computer can read of all programs. */
function commandLines(): string {
  const lines = readdirSync('/proc').map((pid) => {
    try {
      return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
    } catch {
      // It ended meanwhile.
      return '';
    }
  });
  return lines.join('\n');
}

describe.skipIf(!existsSync(CHROMIUM) || process.platform !== 'linux')('a window in Chromium', () => {
  /** As it is on a screen, and keeps a copy of what only the browser is given. */
  const watched = () =>
    browser(`echo $$ > '${folder}/pid'
for arg in "$@"; do case "$arg" in --app=file://*)
  cp "\${arg#--app=file://}" '${folder}/given'
  stat -c '%a %n' "\${arg#--app=file://}" > '${folder}/mode'
esac; done
exec '${CHROMIUM}' --headless --disable-gpu "$@"`);
  const pid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const window = () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('otj-window-'));

  it('shows the page, tells its address to nobody else, and the program ends with it', async () => {
    watched();
    const run = start();
    await vi.waitFor(() => expect(backend.heard).toBe(1), LONG);

    const token = /\/enter\/([\w-]+)/.exec(readFileSync(join(folder, 'given'), 'utf8'))?.[1] ?? '';
    expect(token).toHaveLength(43);
    const [mode, file = ''] = readFileSync(join(folder, 'mode'), 'utf8').trim().split(' ');
    expect(mode).toBe('600');
    await vi.waitFor(() => expect(existsSync(file)).toBe(false), LONG);
    const lines = commandLines();
    expect(lines).toContain(join(folder, 'tmp'));
    expect(lines).toContain('--disable-background-networking');
    expect(lines).not.toContain(token);
    expect(said.join('\n')).not.toContain(token);

    expect(window()).toHaveLength(1);
    process.kill(pid());
    expect(await run).toBe(0);
    expect(backend.closed).toBe(true);
    expect(window()).toEqual([]);
  });

  it('is closed when the program is stopped', async () => {
    watched();
    const run = start();
    await vi.waitFor(() => expect(backend.heard).toBe(1), LONG);
    const browserPid = pid();
    stop.abort();
    expect(await run).toBe(0);
    expect(() => process.kill(browserPid, 0)).toThrow('ESRCH');
    expect(window()).toEqual([]);
  });
});

describe('without a window of its own', () => {
  it.runIf(process.platform === 'linux')('an address is told where there is no display', async () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', '');
    const run = start();
    await vi.waitFor(() => expect(addresses()).toHaveLength(1), LONG);
    expect(said[0]).toBe('No window opens: there is no display here.');
    stop.abort();
    expect(await run).toBe(0);
  });

  it('an address is told when the browser ends at once', async () => {
    browser('exit 1');
    const run = start();
    await vi.waitFor(() => expect(addresses()).toHaveLength(1), LONG);
    expect(await (await fetch(addresses()[0] ?? '')).text()).toContain('/welcome.js');
    stop.abort();
    expect(await run).toBe(0);
  });

  it('who comes late finds a new address at the program', async () => {
    const run = start({ print: true });
    await vi.waitFor(() => expect(addresses()).toHaveLength(1), LONG);
    const [first = ''] = addresses();
    await enter(first);
    expect((await fetch(first)).status).toBe(401);
    expect(addresses()).toHaveLength(2);
    // One that waits is enough.
    expect((await fetch(first)).status).toBe(401);
    expect(addresses()).toHaveLength(2);
    expect(await enter(addresses()[1] ?? '')).toMatch(/^otj-/);
    stop.abort();
    expect(await run).toBe(0);
  });

  it('a page that is loaded anew ends nothing; the last one that is closed does, when that was asked for', async () => {
    const run = start({ print: true, once: true });
    await vi.waitFor(() => expect(addresses()).toHaveLength(1), LONG);
    const [address = ''] = addresses();
    const cookie = await enter(address);
    const leave = await openPage(cookie, address);
    leave();
    await vi.waitFor(() => expect(backend.heard).toBe(0), LONG);
    const leaveAgain = await openPage(cookie, address);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(backend.closed).toBe(false);
    leaveAgain();
    expect(await run).toBe(0);
    expect(backend.closed).toBe(true);
  });
});

describe('the terminal is told', () => {
  it('why a site cannot be opened, in words that cannot steer it', async () => {
    const problem = new OtjError('SITE_NOT_OURS', 'a\u001b[2Jb').toProblem();
    backend.replies.set('site.open', { ok: false, problem });
    const run = start({ print: true, site: '/sites/oslo.otjsite' });
    await vi.waitFor(() => expect(said.join('\n')).toContain(problem.happened), LONG);
    expect(backend.calls).toEqual([['site.open', { path: '/sites/oslo.otjsite' }]]);
    expect(said.join('\n')).toContain('a [2Jb');
    stop.abort();
    await run;
  });

  it('that the services have ended, and the program ends as a fault', async () => {
    const run = start({ print: true });
    await vi.waitFor(() => expect(addresses()).toHaveLength(1), LONG);
    backend.crash();
    expect(await run).toBe(1);
    expect(said.join('\n')).toContain('the thread is gone');
  });
});
