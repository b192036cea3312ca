import { describe, expect, it } from 'vitest';
import { AddressSet } from '../../main/discovery/ranges.ts';
import { newPassword } from '../../main/services/roomLogin.ts';
import { codeOf } from '../support/codeOf.ts';

const addressesOf = (...texts: string[]) => [...AddressSet.of(texts).each()];

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

  it('takes exceptions out, joins what overlaps, and counts without writing all out', () => {
    expect(addressesOf('10.0.0.1-6', '10.0.0.4-8', '!10.0.0.2', '!10.0.0.6-7')).toEqual(
      ['1', '3', '4', '5', '8'].map((last) => `10.0.0.${last}`),
    );
    expect(addressesOf('!10.0.0.0/8', '10.20.3.0/24')).toEqual([]);
    expect(AddressSet.of(['10.20.0.0/16', '10.20.3.7']).size).toBe(65_534);
    expect(AddressSet.of(['10.20.3.0/24', '10.20.5.0/24']).has('10.20.4.1')).toBe(false);
  });

  it('goes on from any place', () => {
    const set = AddressSet.of(['10.0.0.1-3', '10.0.9.1-2', '10.1.0.1']);
    const all = [...set.each()];
    for (let from = 0; from <= all.length; from++) expect([...set.each(from)]).toEqual(all.slice(from));
  });

  it('tells which addresses may be others’', () => {
    const odd = (...texts: string[]) => AddressSet.of(texts).publicOnes();
    expect(odd('10.0.0.1', '172.16.0.0/17', '192.168.1.0/24', '127.0.0.1', '169.254.1.1', '100.64.0.1')).toEqual([]);
    expect(odd('10.255.255.250-11.0.0.3')).toEqual(['11.0.0.3']);
    expect(odd('192.0.1.0/24', '8.8.8.8')).toEqual(['8.8.8.8', '192.0.1.1']);
    expect(odd('172.32.0.1')).toEqual(['172.32.0.1']);
  });

  it.each([
    ['RANGE_UNFIT', ['', '-', '/', 'codec-1', '10.20.3', '10.20.3.256', '10.20.3.-1', '10.20.3.1.5', '10.20.3.41-']],
    ['RANGE_UNFIT', ['-10.20.3.41', '10.20.3.10-300', '10.20.3.10-20-30', '10.20.3.1-10.20.3.5-7', '10.20.3.0/33']],
    ['RANGE_UNFIT', ['10.20.3.0/', '10.20.3.0/-1', '10.20.3.0/24/8', '10.20.3.0/24-30', '0x0a.1.1.1', '010.20.3.1']],
    ['RANGE_UNFIT', ['10.20.3.1,10.20.3.2', '10.20.3.*', '!', '!!10.20.3.1', 'https://10.20.3.1', ':::']],
    ['RANGE_REVERSED', ['10.20.3.41-40', '10.20.4.1-10.20.3.1', '!10.20.3.41-40']],
    ['RANGE_TOO_LARGE', ['10.0.0.0/8', '0.0.0.0/0', '10.0.0.0-10.1.0.0']],
    ['RANGE_IPV6', ['fe80::1', 'fe80::/120', '::1', '2001:db8::1-2001:db8::9', 'fe80::1%eth0', '::ffff:10.0.0.1']],
  ])('refuses with %s: %s', async (code, texts) => {
    for (const text of texts) expect(`${text} ${await codeOf(() => addressesOf(text))}`).toBe(`${text} ${code}`);
  });

  it('refuses many that are too large together', async () => {
    expect(await codeOf(() => addressesOf('10.1.0.0/16', '10.2.0.0/16'))).toBe('RANGE_TOO_LARGE');
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
