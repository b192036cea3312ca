import { describe, expect, it } from 'vitest';
import { textRedactor } from '../../main/services/redactTexts.ts';

const SECRET = 'Correct-Horse/Battery "77"';

describe('a text of a device for a person to read', () => {
  it('has no known secret in it, in whatever spelling', () => {
    const redact = textRedactor([SECRET]);
    const text = [SECRET, JSON.stringify(SECRET), encodeURIComponent(SECRET), btoa(SECRET)].join('\n  x = ');
    const clean = redact(text);
    for (const part of ['Correct', 'Battery', btoa(SECRET)]) expect(clean).not.toContain(part);
    expect(clean.split('\n')).toHaveLength(4);
  });

  it.each([
    ["const password = 'abc def';", "const password = '•••';"],
    ['const otjToken = "abc\\"def";', 'const otjToken = "•••";'],
    ['apiKey: `abc\ndef`,', 'apiKey: `•••`,'],
    ['{"client_secret": "abc", "name": "Fjord"}', '{"client_secret": "•••", "name": "Fjord"}'],
    ["headers['authorization'] = 'abc'", "headers['authorization'] = '•••'"],
    ['X: Bearer abcdef123456', 'X: Bearer •••'],
    ['<Password>abc</Password>', '<Password>•••</Password>'],
    ['<P name="calendar.password" value="abc"/>', '<P name="calendar.password" value="•••"/>'],
    ['passphrase="abc', 'passphrase="•••'],
  ])('hides what the text itself calls a secret: %s', (text, clean) => {
    expect(textRedactor([])(text)).toBe(clean);
  });

  it('is otherwise as it is, to the last blank', () => {
    const text = "import xapi from 'xapi';\n\n  if (a  ===\tb) {\n    // the password is asked for\n  }\n";
    expect(textRedactor([SECRET, 'the'])(text)).toBe(text.replaceAll('the', '•••').replace('// •••', '// •••'));
    expect(textRedactor([SECRET])(text)).toBe(text);
  });

  it('takes no line end for the beginning of a secret that was cut off', () => {
    expect(textRedactor(['admin-2024'])('user: admin\nrole: admin')).toBe('user: admin\nrole: admin');
  });

  it('has no control characters', () => {
    expect(textRedactor([])('a\u001b[31mb\u0000c\td')).toBe('a [31mb c\td');
  });

  it.each([
    ['words of one letter', 'a'.repeat(1_000_000)],
    ['keys without values', 'password'.repeat(125_000)],
    ['values that never close', 'password="'.repeat(100_000)],
    ['tags that never close', '<password '.repeat(100_000)],
    ['blanks', `password${' '.repeat(1_000_000)}=`],
    ['lines', '\n'.repeat(1_000_000)],
  ])('is ready soon, also of a megabyte of %s', (_name, text) => {
    expect(textRedactor([SECRET])(text).split('\n')).toHaveLength(text.split('\n').length);
  });
});
