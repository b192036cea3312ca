import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { bulkValues, differences, formulaIn, LAYOUT, readBulk, renderBulk } from '../../main/infinity/bulk.ts';
import type { EntryWish } from '../../main/infinity/entry.ts';
import { renderSheet } from '../../main/report/sheet.ts';

const wish: EntryWish = {
  name: 'Fjord; "stor", 3. etg',
  description: 'Oslo',
  family: 'CISCO',
  mailbox: 'Fjord@example.com',
  groupUri: '',
  address: '10.20.3.41',
  port: null,
  username: 'otj-push',
  password: 'Sealed-0815-Secret',
};
const values = bulkValues(wish, 'Oslo rooms', false);

describe('the table for a bulk import', () => {
  it('has the columns of the data file, and comes back as it went out', () => {
    const text = renderBulk([
      values,
      bulkValues({ ...wish, family: 'POLY', username: 'otj-fjord-1' }, 'Oslo rooms', true),
    ]);
    const { data, meta } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    expect(meta.fields).toEqual(LAYOUT.columns.map(({ heading }) => heading));
    expect(data).toMatchObject([
      { name: wish.name, endpoint_type: 'CISCO', api_username: 'otj-push', api_password: '', poly_password: '' },
      { endpoint_type: 'POLY', poly_username: 'otj-fjord-1', poly_password: wish.password, api_address: wish.address },
    ]);
    expect(readBulk(text).map((row) => differences(row, values))[0]).toEqual([]);
  });

  it('is marked as assumed until somebody has confirmed it', () => {
    expect(LAYOUT.assumed).toBe(true);
  });

  it.each(['=1+1', '+47 22', '-3', '@sum', '  =x', 'a;=cmd', 'ok;\t-1', '＝1', '\t=1'])(
    'holds no value that a spreadsheet would run, and changes none either: %j',
    (name) => {
      expect(formulaIn(bulkValues({ ...wish, name }, 'g', false))).toBe('name');
    },
  );

  it('lets pass what only looks like one', () => {
    expect(formulaIn(values)).toBeNull();
    expect(formulaIn(bulkValues({ ...wish, name: 'A-1 + B=2 @ noon; b' }, 'Oslo-rooms', true))).toBeNull();
  });
});

describe('an export that is read back', () => {
  const row = (part: Record<string, string>) => readBulk(Papa.unparse([{ ...cells(), ...part }]))[0];
  const cells = () => Papa.parse<Record<string, string>>(renderBulk([values]).trim(), { header: true }).data[0] ?? {};
  const diff = (part: Record<string, string>) => {
    const one = row(part);
    return one ? differences(one, values).map(({ field }) => field) : null;
  };

  it('is compared without case and outer blanks of a mailbox, and takes a blank cell for the default', () => {
    expect(diff({ room_resource_email: ' FJORD@EXAMPLE.COM ' })).toEqual([]);
    expect(diff({ api_port: '443', verify_cert: 'YES' })).toEqual([]);
    expect(diff({ use_https: '', api_address: '10.0.0.1' })).toEqual(['api_address', 'use_https']);
  });

  it('may lack columns that prove little, and has others in any order', () => {
    const [one] = readBulk(
      'x,NAME,room_resource_email,poly_username,api_username,api_address,endpoint_type\n1,Other,fjord@example.com,,otj-push,10.20.3.41,CISCO',
    );
    expect(one && differences(one, values).map(({ field }) => field)).toContain('name');
    expect(one && differences(one, values).map(({ field }) => field)).not.toContain('description');
  });

  it('proves nothing without the device and its account', () => {
    expect(() => readBulk('name,room_resource_email\nFjord,fjord@example.com')).toThrow(
      expect.objectContaining({ code: 'EXPORT_UNREADABLE', words: expect.stringContaining('api_address') }),
    );
  });

  it('never takes a password from the file', () => {
    expect(row({ api_password: 'leaked' })?.values.has('api_password')).toBe(false);
  });

  it.each(['', 'name\nFjord', '\0\0', '{"a":1}', '<html></html>'])('is refused when it is none: %j', (text) => {
    expect(() => readBulk(text)).toThrow(expect.objectContaining({ code: 'EXPORT_UNREADABLE' }));
  });
});

describe('the sheet of values to type', () => {
  it('lets no text of a site become markup, and says that it holds passwords', () => {
    const sheet = (withPasswords: boolean) =>
      renderSheet({
        site: '<b>x</b>',
        madeAt: 'now',
        where: ['One-Touch Join', 'OTJ Endpoints'],
        withPasswords,
        rooms: [{ name: '<img src=x>', place: '"&', values: [{ field: 'name', value: '<script>' }], note: null }],
      });
    expect(sheet(true)).not.toMatch(/<img|<script|<b>x/);
    expect(sheet(true)).toContain('This page holds passwords');
    expect(sheet(false)).not.toContain('This page holds passwords');
  });
});
