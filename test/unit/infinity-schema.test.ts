/** Keys of OAuth2 clients, the schema page of a version, and the payloads that fit it. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { fitKey } from '../../main/infinity/login.ts';
import { fitFields, readSchema } from '../../main/infinity/schema.ts';
import { readAuthorities } from '../../main/services/authorities.ts';
import { codeOf } from '../support/codeOf.ts';

const field = (more: Record<string, unknown> = {}) => ({
  blank: true,
  default: '',
  help_text: '',
  nullable: false,
  readonly: false,
  type: 'string',
  unique: false,
  ...more,
});
const page = (fields: Record<string, unknown>) => readSchema(JSON.stringify({ default_limit: 20, fields }));
const fit = { creating: true, needed: ['name'] };

describe('a private key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each([
    ['PKCS #8', pem],
    ['SEC 1', privateKey.export({ type: 'sec1', format: 'pem' }).toString()],
    ['JWK', JSON.stringify(privateKey.export({ format: 'jwk' }))],
    ['on one line, as a form field leaves it', pem.replaceAll('\n', ' ')],
    ['with its breaks written out', pem.replaceAll('\n', '\\n')],
    ['with text around it and Windows line ends', `Client key:\r\n${pem.replaceAll('\n', '\r\n')}\r\n`],
  ])('is taken as %s', (_, text) => expect(fitKey(text)).toBe(pem));

  it.each([
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['a public JWK', JSON.stringify(publicKey.export({ format: 'jwk' }))],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 1024 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    [
      'one with a passphrase',
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    ],
    ['half of it', `${pem.slice(0, 80)}\n-----END PRIVATE KEY-----`],
    ['a password', 'hunter2'],
    ['too much', 'x'.repeat(20_000)],
    ['nothing', ''],
  ])('is not %s', async (_, text) => {
    expect(await codeOf(() => fitKey(text))).toBe('KEY_UNFIT');
  });

  it('is never repeated in what is said of it', () => {
    const words = (text: string) => {
      try {
        return fitKey(text);
      } catch (thrown) {
        return thrown instanceof OtjError ? JSON.stringify(thrown.toProblem()) : 'another error';
      }
    };
    expect(words(pem.slice(0, 100))).not.toContain(pem.slice(30, 60));
  });
});

describe('the schema page', () => {
  it('is read whatever it holds, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify({ fields: value })),
        ),
        (text) => {
          const schema = readSchema(text);
          expect(schema === null || schema.size > 0).toBe(true);
        },
      ),
    );
  });

  it('tells what is required as Tastypie decides it, choices in both forms, and a length from its help', () => {
    const schema = page({
      name: field({
        blank: false,
        default: 'No default provided.',
        help_text: 'The name. Maximum length: 80 characters.',
      }),
      kind: field({
        valid_choices: [
          ['CISCO', 'Cisco'],
          ['POLY', 'Poly'],
        ],
      }),
      use: field({ valid_choices: ['YES', 'NO'] }),
      id: field({ readonly: true, blank: false, default: 'No default provided.' }),
    });
    expect(schema?.get('name')).toMatchObject({ required: true, longest: 80 });
    expect(schema?.get('kind')).toMatchObject({ required: false, choices: ['CISCO', 'POLY'] });
    expect(schema?.get('use')?.choices).toEqual(['YES', 'NO']);
    expect(schema?.get('id')).toMatchObject({ required: false, readonly: true });
  });
});

describe('a payload', () => {
  const schema = page({
    name: field({ blank: false, default: 'No default provided.' }),
    use_https: field({ valid_choices: ['yes', 'no'] }),
    api_port: field({ nullable: true }),
    api_username: field(),
  });

  it('loses what the version does not know, keeps the rest, and writes choices as it does', () => {
    const fields = { name: 'a', use_https: 'YES', verify_cert: 'NO', api_port: null, api_username: null };
    expect(fitFields(schema, fields, fit)).toEqual({ name: 'a', use_https: 'yes', api_port: null });
  });

  it('is as given where there is no schema', () => {
    expect(fitFields(null, { name: 'a', verify_cert: 'NO' }, fit)).toEqual({ name: 'a', verify_cert: 'NO' });
  });

  it.each([
    ['a needed field is not there', { name: 'a', gone: 1 }, { creating: false, needed: ['gone'] }],
    ['a choice is not there', { name: 'a', use_https: 'GLOBAL' }, fit],
    ['a required field is missing', { api_port: 1 }, fit],
    ['a field cannot be emptied', { api_username: null }, { creating: false, needed: [] }],
  ] as const)('is refused when %s', async (_, fields, how) => {
    expect(await codeOf(() => fitFields(schema, fields, how))).toBe('INFINITY_VERSION');
  });

  it('is sent where a field is described by less, or in texts', () => {
    const bare = page({
      name: { blank: 'true', readonly: 'false', type: 'string' },
      api_port: {},
      id: { readonly: 'true' },
      endpoint_type: { valid_choices: [{ value: 'cisco', display: 'Cisco' }, { value: 'poly' }] },
      use_https: { valid_choices: [{ label: 'Yes' }, 'NO'] },
    });
    expect(fitFields(bare, { name: 'x', endpoint_type: 'POLY', use_https: 'YES', id: 1 }, fit)).toEqual({
      name: 'x',
      endpoint_type: 'poly',
      // one choice cannot be read, so it may be this one
      use_https: 'YES',
    });
    // the node itself will say whether it can be emptied
    expect(fitFields(bare, { api_port: null }, { creating: false, needed: [] })).toEqual({ api_port: null });
    expect(fitFields(bare, { name: 'x', api_port: null }, fit)).toEqual({ name: 'x' });
  });

  it('takes only a choice that there is, also where choices are objects', async () => {
    const two = page({ name: field(), endpoint_type: field({ valid_choices: [{ value: 'CISCO' }] }) });
    expect(await codeOf(() => fitFields(two, { endpoint_type: 'POLY' }, fit))).toBe('INFINITY_VERSION');
  });

  it('keeps to the smaller of the documented length and the one that the version tells', async () => {
    const short = page({ name: field({ max_length: 10 }), description: field({ max_length: 4000 }) });
    expect(await codeOf(() => fitFields(short, { name: 'x'.repeat(11) }, fit))).toBe('VALUE_TOO_LONG');
    expect(await codeOf(() => fitFields(short, { description: 'x'.repeat(251) }, fit))).toBe('VALUE_TOO_LONG');
    // letters are counted, not bytes
    expect(fitFields(short, { name: 'Ærlighet' }, fit)).toEqual({ name: 'Ærlighet' });
  });
});

describe('a file of authorities', () => {
  it.each([
    ['text', 'no certificate'],
    ['a key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['nothing', ''],
    ['damaged PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
  ])('is not %s', async (_, text) => {
    expect(await codeOf(() => readAuthorities(Buffer.from(text)))).toBe('CA_UNFIT');
  });
});
