/** The window's files and the report preview, as every host serves them: path in; status, headers and bytes out. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { html } from 'hono/html';
import { z } from 'zod';
import type { Reply } from '../contract/bridge.ts';
import { OtjError, type Problem } from '../contract/errors.ts';

export interface Page {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
}

/** @param path as it stands in the address, still encoded, without query. Never rejects. */
export type Pages = (method: string, path: string) => Promise<Page>;

/** Where a build puts the window, seen from the sources and from a bundle. */
export const WINDOW_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/renderer' : '../renderer', import.meta.url),
);

/**
 * Names as the build makes them, in at most one folder. What cannot be written in these letters does not exist: no dots
 * that lead upwards, no encoded letters, no other separators.
 */
const FILE = /^\/(?:assets\/)?\w[\w-]*(?:\.[\w-]+)+$/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const WINDOW_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'frame-src': "'self'",
  'frame-ancestors': "'none'",
});

/** The report brings its styles along, and runs and loads nothing, whatever its texts hold. Our own page may frame it. */
const REPORT_POLICY = policy({
  'default-src': "'none'",
  'style-src': "'unsafe-inline'",
  'frame-ancestors': "'self'",
  sandbox: '',
});

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), midi=(), payment=(), clipboard-read=(), clipboard-write=(self)',
  // Rooms and people stand on these pages: no copy stays behind in a browser's cache.
  'cache-control': 'no-store',
};

const reportSchema = z.object({ html: z.string() });

/**
 * @param folder the window as it was built
 * @param report asks the services for `report.html`
 */
export function makePages(folder: string, report: () => Promise<Reply>): Pages {
  return async (method, path) => {
    if (method !== 'GET') return textPage(405, 'Only GET is answered here.', { allow: 'GET' });
    if (path === '/report.html') return reportPage(await report());
    const name = path === '/' ? '/index.html' : path;
    const type = TYPES[extname(name)];
    if (!type || !FILE.test(name)) return textPage(404, 'There is no such page.');
    const content = await readFile(join(folder, name)).catch(() => null);
    if (content) return { status: 200, headers: ownHeaders(type), body: content };
    return name === '/index.html'
      ? textPage(503, 'The window is not built yet: run `npm run build`.')
      : textPage(404, 'There is no such page.');
  };
}

/** A page of one sentence. */
export function textPage(status: number, words: string, headers: Record<string, string> = {}): Page {
  return { status, headers: { ...ownHeaders('text/plain; charset=utf-8'), ...headers }, body: `${words}\n` };
}

/** The headers of whatever a host answers itself. @param type of its content */
export function ownHeaders(type: string): Record<string, string> {
  return { ...COMMON_HEADERS, 'content-type': type, 'content-security-policy': WINDOW_POLICY };
}

function reportPage(reply: Reply): Page {
  const given = reply.ok ? reportSchema.safeParse(reply.output) : null;
  if (given?.success) return framed(200, given.data.html);
  const problem = reply.ok ? new OtjError('INTERNAL').toProblem() : reply.problem;
  return framed(409, problemMarkup(problem));
}

function problemMarkup({ happened, words, todo, code }: Problem): string {
  return String(html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${code}</title>
<p>${happened}</p>${words ? html`<pre>${words}</pre>` : ''}<p>${todo}</p></html>`);
}

function framed(status: number, markup: string): Page {
  const headers = { ...ownHeaders('text/html; charset=utf-8'), 'content-security-policy': REPORT_POLICY };
  return { status, headers, body: markup };
}

/** Forms and another base are never wanted, and `default-src` does not cover them. */
function policy(rules: Record<string, string>): string {
  const all = { ...rules, 'base-uri': "'none'", 'form-action': "'none'" };
  return Object.entries(all)
    .map(([rule, value]) => `${rule} ${value}`.trim())
    .join('; ');
}
