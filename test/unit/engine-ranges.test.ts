import { describe, expect, it } from 'vitest';
import { addressesOf } from '../../main/discovery/ranges.ts';
import { newPassword } from '../../main/services/roomLogin.ts';
import { codeOf } from '../support/codeOf.ts';

describe('address ranges', () => {
  it.each([
    ['10.20.3.41', ['10.20.3.41']],
    [' 10.20.3.41 ', ['10.20.3.41']],
    ['10.20.3.0/30', ['10.20.3.1', '10.20.3.2']],
    ['10.20.3.2/30', ['10.20.3.1', '10.20.3.2']],
    ['10.20.3.4/31', ['10.20.3.4', '10.20.3.5']],
    ['10.20.3.4/32', ['10.20.3.4']],
    ['10.20.3.254-10.20.4.1', ['10.20.3.254', '10.20.3.255', '10.20.4.0', '10.20.4.1']],
    ['10.20.3.10-12', ['10.20.3.10', '10.20.3.11', '10.20.3.12']],
    ['10.20.3.10-10', ['10.20.3.10']],
    ['10.20.3.10 - 10.20.3.11', ['10.20.3.10', '10.20.3.11']],
    ['255.255.255.254-255', ['255.255.255.254', '255.255.255.255']],
  ])('reads %s', (text, addresses) => {
    expect(addressesOf(text)).toEqual(addresses);
  });

  it('reads big ones whole, without network and broadcast address', () => {
    const addresses = addressesOf('10.20.0.0/16');
    expect(addresses).toHaveLength(65_534);
    expect(addresses.at(0)).toBe('10.20.0.1');
    expect(addresses.at(-1)).toBe('10.20.255.254');
    expect(new Set(addresses).size).toBe(65_534);
  });

  it.each([
    '',
    '-',
    '/',
    'codec-1',
    '10.20.3',
    '10.20.3.256',
    '10.20.3.-1',
    '10.20.3.1.5',
    '10.20.3.41-',
    '-10.20.3.41',
    '10.20.3.41-40',
    '10.20.3.10-300',
    '10.20.4.1-10.20.3.1',
    '10.20.3.10-20-30',
    '10.20.3.1-10.20.3.5-7',
    '10.20.3.0/33',
    '10.20.3.0/',
    '10.20.3.0/-1',
    '10.20.3.0/24/8',
    '10.20.3.0/24-30',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '10.0.0.0-10.1.0.0',
    '0x0a.1.1.1',
    '010.20.3.1',
    'fe80::1',
    'fe80::/120',
    '10.20.3.1,10.20.3.2',
    '10.20.3.*',
  ])('refuses %s', async (text) => {
    expect(await codeOf(() => addressesOf(text))).toBe('USAGE');
  });
});

describe('generated passwords', () => {
  const passwords = Array.from({ length: 2_000 }, newPassword);

  it('hold four capitals, small letters, digits and special characters each, and fit every target', () => {
    for (const password of passwords) {
      expect(password).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]{22}[A-Za-z0-9]$/);
      for (const set of [/[A-Z]/g, /[a-z]/g, /[0-9]/g, /[-.]/g])
        expect(password.match(set)?.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('hold nothing that people mistake, and are never the same twice', () => {
    expect(passwords.some((password) => /[IOlo01]/.test(password))).toBe(false);
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('use the whole of their alphabet', () => {
    expect(new Set(passwords.join('')).size).toBe(24 + 24 + 8 + 2);
  });
});
