import { describe, expect, it } from 'vitest';
import { isHtml, parseErrorBody } from '../../main/infinity/errorBody.ts';
import { redact, secretsIn, wordsOf } from '../../main/infinity/redact.ts';

const words = (text: string, secrets: string[] = []) => wordsOf(parseErrorBody(text), secrets);

describe('error bodies of the Management API', () => {
  it.each([
    ['flat, per field', '{"name": ["This value is already in use."]}', 'name: This value is already in use.'],
    [
      'nested under the resource',
      '{"mjx_endpoint": {"room_resource_email": ["Enter a valid address.", "Too odd."]}}',
      'room_resource_email: Enter a valid address.; room_resource_email: Too odd.',
    ],
    ['error', '{"error": "Text"}', 'Text'],
    ['error and details', '{"error": "Text", "details": "More"}', 'Text; More'],
    ['message and detail', '{"message": "Text", "detail": "More"}', 'Text; More'],
    ['error_message without its traceback', '{"error_message": "Oops", "traceback": "File x, line 3"}', 'Oops'],
    ['errors inside error', '{"error": {"api_port": ["Not a number."]}}', 'api_port: Not a number.'],
    ['not tied to a field', '{"__all__": ["Both are set."]}', 'Both are set.'],
    ['a bare list', '["One", "Two"]', 'One; Two'],
    ['a bare string', '"One"', 'One'],
    ['plain text', 'Sorry,\r\n  no.\u001b[31m', 'Sorry, no. [31m'],
    ['a cut-off object', '{"name": ["This', '{"name": ["This'],
    ['nothing', '  \n', ''],
    ['an empty object', '{}', ''],
    ['null', 'null', ''],
  ])('reads %s', (_, body, expected) => expect(words(body)).toBe(expected));

  it.each([
    '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>',
    '\uFEFF \n<html><h1>502 Bad Gateway</h1>',
    '<?xml version="1.0"?><!-- proxy --><!doctype html><title>502 Bad Gateway</title>',
  ])('knows a web page and its title: %s', (page) => {
    expect(isHtml(page)).toBe(true);
    expect(parseErrorBody(page)).toEqual({ kind: 'html', items: [{ field: null, text: '502 Bad Gateway' }] });
  });

  it('does not take angle brackets in plain text for a web page', () => {
    expect(parseErrorBody('<api_port> must be a number').kind).toBe('text');
  });

  it('stays bounded and total on anything', () => {
    const deep = `${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, ['no']])));
    for (const body of [deep, wide, '<'.repeat(3_000_000), 'x'.repeat(3_000_000), '{"__proto__": {"a": ["b"]}}']) {
      expect(parseErrorBody(body).items.length).toBeLessThanOrEqual(20);
      expect(words(body).length).toBeLessThanOrEqual(500);
    }
    let seed = 1;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const alphabet = ['{', '}', '[', ']', '"', ':', ',', '<', 'html', '>', 'é', '\u0000', '\ud800', '1', 'null', ' '];
    for (let i = 0; i < 5000; i++) {
      const body = Array.from({ length: next(30) }, () => alphabet[next(alphabet.length)]).join('');
      expect(() => words(body, ['{'])).not.toThrow();
    }
  });
});

describe('redaction', () => {
  const secret = `a"b\\c  <&>'d`;

  it('finds a secret in every form in which a server may echo it', () => {
    const body = JSON.stringify({ api_password: [`'${secret}' is too weak`], [secret]: ['as a field'] });
    expect(words(body, [secret])).toBe("api_password: '***' is too weak; ***: as a field");
    expect(words(`plain ${JSON.stringify(secret)}`, [secret])).toBe('plain "***"');
    expect(words(`url ?p=${encodeURIComponent(secret)}`, [secret])).toBe('url ?p=***');
    expect(words(`html a&quot;b\\c  &lt;&amp;&gt;&#x27;d`, [secret])).toBe('html ***');
  });

  it('redacts before it shortens, and the longest first', () => {
    expect(words(`${'x'.repeat(495)}longsecret`, ['longsecret'])).not.toContain('longs');
    expect(redact('secret-and-more', ['secret', 'secret-and-more', ''])).toBe('***');
  });

  it('knows which fields of a body are secret', () => {
    expect(secretsIn({ name: 'a', api_password: 'b', poly_password: 'c', client_secret: 'd', api_port: 1 })).toEqual([
      'b',
      'c',
      'd',
    ]);
  });
});
