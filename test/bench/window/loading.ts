/** Opening the window: moments until it can be used, and what had to be loaded for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bar, rounded, say, sayTable } from '../bars.ts';
import { type BenchPage, openPage } from './browser.ts';
import { blocked, median, sum } from './figures.ts';
import type { Part, Setting } from './part.ts';

/** A person stays in the flow of thought up to a second; a list of 10,000 may take two. */
const LIMIT = { paintMs: 1000, answeredMs: 2000, blockedMs: 200, bundleKb: 300 };

interface Load {
  paint: number;
  rows: number;
  answered: number;
  longTasks: number[];
}

/** Each time in a browser that has kept nothing. @returns the window that was opened last, still open */
export async function measureLoading(
  { browser, host, sizes, signal }: Setting,
  folder: string,
): Promise<{ page: BenchPage; part: Part }> {
  const loads: Load[] = [];
  let page: BenchPage | null = null;
  let first: string[] | null = null;
  for (let round = 0; round < sizes.loads; round++) {
    signal.throwIfAborted();
    await page?.close();
    page = await openPage(browser);
    const { address } = await host.ask('invite');
    const { load, paths } = await page.enter(address);
    loads.push({ ...load, longTasks: await page.longTasks() });
    first ??= paths;
  }
  if (!page || !first) throw new Error('the window was never opened');
  const bundle = bundleOf(first, folder);
  const middle = {
    paint: median(loads.map(({ paint }) => paint)),
    rows: median(loads.map(({ rows }) => rows)),
    answered: median(loads.map(({ answered }) => answered)),
    blocked: median(loads.map(({ longTasks }) => blocked(longTasks))),
  };
  const part: Part = {
    show() {
      say(`\nOpening the window, ${loads.length} times with nothing kept, milliseconds`);
      sayTable(
        ['', 'first paint', '10,000 rooms', 'a key answered', 'long tasks', 'longest', 'blocked'],
        [
          ...loads.map(({ paint, rows, answered, longTasks }, at) => [
            `${at + 1}`,
            ...[paint, rows, answered].map(rounded),
            longTasks.length,
            rounded(Math.max(0, ...longTasks)),
            rounded(blocked(longTasks)),
          ]),
          ['median', ...[middle.paint, middle.rows, middle.answered].map(rounded), null, null, rounded(middle.blocked)],
        ],
      );
      showBundle(bundle);
    },
    bars: [
      bar('first paint, ms', middle.paint, 'lower', LIMIT.paintMs),
      bar('10,000 rooms loaded and a key answered, ms', middle.answered, 'lower', LIMIT.answeredMs),
      bar('page blocked while loading, ms', middle.blocked, 'lower', LIMIT.blockedMs),
      bar('loaded before the first key, gzip kB', kb(bundle.entry) + kb(bundle.atOnce), 'lower', LIMIT.bundleKb),
    ],
  };
  return { page, part };
}

interface File {
  path: string;
  bytes: number;
  gzipped: number;
}

/** `entry`: what the page itself names. `atOnce`: parts that the first screen asks for. `later`: all others. */
type Bundle = Record<'entry' | 'atOnce' | 'later', File[]>;

/** @param came paths of what the page was given; @param folder the window as it is served */
function bundleOf(came: readonly string[], folder: string): Bundle {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = new Set(['/', ...[...html.matchAll(/(?:src|href)="\.?(\/[^"]+)"/g)].map(([, path]) => path)]);
  const files = ['/', ...readdirSync(join(folder, 'assets')).map((name) => `/assets/${name}`)]
    .filter((path) => path === '/' || /\.(?:js|css)$/.test(path))
    .map((path) => fileAt(path, readFileSync(join(folder, path === '/' ? 'index.html' : path))));
  return {
    entry: files.filter(({ path }) => came.includes(path) && named.has(path)),
    atOnce: files.filter(({ path }) => came.includes(path) && !named.has(path)),
    later: files.filter(({ path }) => !came.includes(path)),
  };
}

function fileAt(path: string, content: Uint8Array): File {
  return { path, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length };
}

function kb(files: readonly File[]): number {
  return sum(files.map(({ gzipped }) => gzipped)) / 1000;
}

const SHOWN = 8;

function showBundle({ entry, atOnce, later }: Bundle): void {
  const line = (name: string, files: readonly File[]) => [
    name,
    files.length,
    rounded(sum(files.map(({ bytes }) => bytes)) / 1000),
    rounded(kb(files)),
  ];
  const largest = (files: readonly File[]) =>
    files
      .toSorted((a, b) => b.gzipped - a.gzipped)
      .slice(0, SHOWN)
      .map((file) => line(`  ${file.path}`, [file]));
  say(`\nFiles of the window, kB; of each kind the ${SHOWN} largest`);
  sayTable(
    ['', 'files', 'plain', 'gzip -9'],
    [
      line('the page, its scripts and styles', entry),
      ...largest(entry),
      line('parts that the first screen loads', atOnce),
      ...largest(atOnce),
      line('parts that are loaded when they are needed', later),
      ...largest(later),
    ],
  );
}
