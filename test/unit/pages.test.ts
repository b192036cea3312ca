/** What every host serves as the window: only what was built, and with what policy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../main/contract/bridge.ts';
import { OtjError } from '../../main/contract/errors.ts';
import { makePages } from '../../main/hosts/pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'otj-pages-'));
mkdirSync(join(folder, 'window/assets/deep'), { recursive: true });
writeFileSync(join(folder, 'window/index.html'), '<p>the window</p>');
writeFileSync(join(folder, 'window/assets/Menu--a_B-1.js'), 'export {};');
writeFileSync(join(folder, 'window/assets/notes.txt'), 'of no type that a window needs');
writeFileSync(join(folder, 'window/assets/deep/file.js'), 'deeper than a build puts anything');
writeFileSync(join(folder, 'window/.hidden.html'), 'not for the window');
writeFileSync(join(folder, 'secret.html'), 'not for the window');
afterAll(() => rmSync(folder, { recursive: true }));

const pages = (report: Reply = { ok: true, output: { html: '<p>report</p>' } }) =>
  makePages(join(folder, 'window'), async () => report);

describe('pages', () => {
  it('are the files of the build, each with its type and a strict policy', async () => {
    const page = await pages()('GET', '/');
    expect(page.status).toBe(200);
    expect(String(page.body)).toBe('<p>the window</p>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(page.headers['permissions-policy']).toContain('camera=()');
    const script = await pages()('GET', '/assets/Menu--a_B-1.js');
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/../../secret.html',
    '/assets/..%5c..%5csecret.html',
    '/assets\\..\\..\\secret.html',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.html',
    '//secret.html',
    '/./index.html',
    '/assets//Menu--a_B-1.js',
    '/assets/deep/file.js',
    '/assets/notes.txt',
    '/.hidden.html',
    '/index.html%00.js',
    '/index.html\0.js',
    '/index.html\n',
    '/nothing.html',
    '/assets',
    '/assets/',
    '',
  ])('are nothing else: %j', async (path) => {
    expect(await pages()('GET', path)).toMatchObject({ status: 404, body: 'There is no such page.\n' });
  });

  it.each(['POST', 'HEAD', 'PUT', 'get'])('are not to be had by %s', async (method) => {
    expect(await pages()(method, '/')).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  it('say so when the window is not built', async () => {
    const unbuilt = makePages(join(folder, 'nowhere'), async () => ({ ok: true, output: undefined }));
    expect(await unbuilt('GET', '/')).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') });
  });
});

describe('the report', () => {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox; base-uri 'none'; form-action 'none'";

  it('may do nothing but look good', async () => {
    const page = await pages()('GET', '/report.html');
    expect(page).toMatchObject({ status: 200, body: '<p>report</p>' });
    expect(page.headers['content-security-policy']).toBe(policy);
  });

  it('is a sentence when there is none, and hostile words stay words', async () => {
    const problem = new OtjError('SITE_NONE', '<script>alert(1)</script>').toProblem();
    const page = await pages({ ok: false, problem })('GET', '/report.html');
    expect(page.status).toBe(409);
    expect(page.headers['content-security-policy']).toBe(policy);
    expect(page.body).toContain(problem.happened);
    expect(page.body).toContain('&lt;script&gt;');
    expect(page.body).not.toContain('<script>');
  });

  it('is nothing that has another shape', async () => {
    expect(await pages({ ok: true, output: { html: 7 } })('GET', '/report.html')).toMatchObject({ status: 409 });
  });
});
