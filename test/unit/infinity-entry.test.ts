import { describe, expect, it } from 'vitest';
import {
  checkWish,
  describeRivals,
  diffEntry,
  type EntryWish,
  entryFields,
  findEntry,
  passwordField,
  readableFields,
} from '../../main/infinity/entry.ts';
import { type Entry, EntrySchema } from '../../main/infinity/resources.ts';

const group = '/api/admin/configuration/v1/mjx_endpoint_group/3/';
const cisco: EntryWish = {
  name: 'Oslo-Fjord',
  description: '3rd floor',
  family: 'CISCO',
  mailbox: 'fjord@example.com',
  groupUri: group,
  address: '10.20.3.41',
  port: 443,
  username: 'otj-push',
  password: 'secret-of-the-codec!',
};
const poly: EntryWish = { ...cisco, name: 'Oslo-Skog', family: 'POLY', mailbox: 'skog@example.com', username: 'skog' };

function entry(id: number, fields: Record<string, unknown> = {}): Entry {
  return EntrySchema.parse({ id, ...fields });
}
const asWished = (id: number, wish: EntryWish, more = {}) => entry(id, { ...entryFields(wish), ...more });

describe('what is sent', () => {
  it('is a Cisco entry without Poly fields', () => {
    expect({ ...entryFields(cisco), ...passwordField(cisco) }).toEqual({
      name: 'Oslo-Fjord',
      description: '3rd floor',
      endpoint_type: 'CISCO',
      room_resource_email: 'fjord@example.com',
      mjx_endpoint_group: group,
      api_address: '10.20.3.41',
      api_port: null,
      api_username: 'otj-push',
      api_password: 'secret-of-the-codec!',
      use_https: 'YES',
      verify_cert: 'NO',
    });
    expect(entryFields({ ...cisco, port: 8443 })).toMatchObject({ api_port: 8443 });
  });

  it('is a Poly entry without API fields but the address, where it is known', () => {
    expect({ ...entryFields(poly), ...passwordField(poly) }).toEqual({
      name: 'Oslo-Skog',
      description: '3rd floor',
      endpoint_type: 'POLY',
      room_resource_email: 'skog@example.com',
      mjx_endpoint_group: group,
      api_address: '10.20.3.41',
      poly_username: 'skog',
      poly_password: 'secret-of-the-codec!',
      poly_raise_alarms_for_this_endpoint: true,
    });
    expect(entryFields({ ...poly, address: ' ' })).not.toHaveProperty('api_address');
  });

  it.each<[string, Partial<EntryWish>, string]>([
    ['a long name', { name: 'x'.repeat(101) }, 'VALUE_TOO_LONG'],
    ['a long description', { description: 'x'.repeat(251) }, 'VALUE_TOO_LONG'],
    ['a long mailbox', { mailbox: `${'x'.repeat(150)}@example.com` }, 'VALUE_TOO_LONG'],
    ['a long address', { address: 'x'.repeat(101) }, 'VALUE_TOO_LONG'],
    ['a long Webex id', { family: 'WEBEX', webexDeviceId: 'x'.repeat(101) }, 'VALUE_TOO_LONG'],
    ['no name', { name: ' ' }, 'INFINITY_REFUSED'],
    ['no mailbox', { mailbox: '' }, 'INFINITY_REFUSED'],
    ['no address', { address: ' ' }, 'NO_ADDRESS'],
    ['a port out of range', { port: 65_536 }, 'INFINITY_REFUSED'],
    ['no group', { groupUri: '' }, 'INFINITY_SETUP'],
    ['a collection for a group', { groupUri: '/api/admin/configuration/v1/mjx_endpoint_group/' }, 'INFINITY_SETUP'],
  ])('refuses %s', (_, change, code) => {
    expect(() => checkWish({ ...cisco, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it('counts characters, not code units, and needs no address for Poly', () => {
    checkWish({ ...poly, address: '', name: '🏔'.repeat(100) });
  });
});

describe('findEntry', () => {
  it('finds nothing among other rooms', () => {
    expect(findEntry([], cisco)).toEqual({ kind: 'none' });
    expect(findEntry([asWished(1, poly), entry(2)], cisco)).toEqual({ kind: 'none' });
  });

  it('finds by mailbox, whatever its case, spaces, name or address', () => {
    const mine = entry(7, { room_resource_email: ' Fjord@EXAMPLE.com ', name: 'Old', api_address: '10.9.9.9' });
    expect(findEntry([asWished(1, poly), mine], cisco)).toEqual({ kind: 'one', entry: mine, by: 'mailbox' });
    expect(findEntry([mine], { ...cisco, mailbox: ' fjord@example.COM' }).kind).toBe('one');
  });

  it('lets the mailbox decide over the address and name of other rooms', () => {
    const mine = asWished(7, { ...cisco, address: '10.9.9.9' });
    const other = asWished(8, { ...cisco, mailbox: 'other@example.com' });
    expect(findEntry([other, mine], cisco)).toMatchObject({ kind: 'one', entry: { id: 7 } });
  });

  it('sees a conflict in two entries of one mailbox, also when one is the known one', () => {
    const two = [asWished(7, cisco), asWished(8, { ...cisco, name: 'Twin', mailbox: 'FJORD@example.com' })];
    expect(findEntry(two, cisco)).toMatchObject({ kind: 'conflict', entries: [{ id: 7 }, { id: 8 }] });
    expect(findEntry(two, cisco, 7).kind).toBe('conflict');
  });

  it('takes an entry of another mailbox when both address and name agree', () => {
    const typo = asWished(7, { ...cisco, mailbox: 'fjrod@example.com' });
    expect(findEntry([typo], cisco)).toMatchObject({ kind: 'one', by: 'address and name' });
  });

  it('does not take over an entry of another mailbox for its address or its name alone', () => {
    const sameAddress = asWished(7, { ...cisco, name: 'Other', mailbox: 'other@example.com' });
    const sameName = asWished(8, { ...cisco, address: '10.9.9.9', mailbox: 'other@example.com' });
    expect(findEntry([sameAddress], cisco)).toMatchObject({ kind: 'conflict', entries: [{ id: 7 }] });
    expect(findEntry([sameName], cisco)).toMatchObject({ kind: 'conflict', entries: [{ id: 8 }] });
    expect(findEntry([sameName], cisco, 8)).toMatchObject({ kind: 'one', by: 'id' });
  });

  it('says of a rival that it has another mailbox only where it has one', () => {
    const rival = (mailbox: string) => entry(7, { name: 'oslo-fjord', room_resource_email: mailbox });
    expect(describeRivals([rival('other@example.com')], cisco)).toMatch(/ has this name but another mailbox$/);
    expect(describeRivals([rival(' ')], cisco)).toMatch(/ has this name$/);
  });

  it('takes an entry without a mailbox for its address, then its name', () => {
    expect(findEntry([entry(7, { api_address: '10.20.3.41' })], cisco)).toMatchObject({ by: 'address' });
    expect(findEntry([entry(7, { name: 'oslo-fjord' })], cisco)).toMatchObject({ by: 'name' });
    expect(findEntry([entry(7, { api_address: '10.20.3.41' }), entry(8, { name: 'Oslo-Fjord' })], cisco).kind).toBe(
      'conflict',
    );
  });

  it('tells codecs behind one address by their ports', () => {
    const neighbour = entry(7, {
      name: 'B',
      room_resource_email: 'b@example.com',
      api_address: '10.20.3.41',
      api_port: 8443,
    });
    expect(findEntry([neighbour], cisco)).toEqual({ kind: 'none' });
    expect(findEntry([neighbour], { ...cisco, port: 8443 }).kind).toBe('conflict');
    expect(findEntry([{ ...neighbour, api_port: null }], cisco).kind).toBe('conflict');
  });

  it('ignores a known id that has become something else', () => {
    expect(findEntry([asWished(7, { ...poly, address: '10.9.9.9' })], cisco, 7)).toEqual({ kind: 'none' });
  });
});

describe('diffEntry', () => {
  it('is empty for what was wished, whatever the form', () => {
    expect(diffEntry(asWished(7, cisco), cisco)).toEqual([]);
    expect(diffEntry(asWished(7, poly), poly)).toEqual([]);
    const form = {
      room_resource_email: 'FJORD@example.com',
      api_port: 443,
      endpoint_type: 'cisco',
      mjx_endpoint_group: { resource_uri: `https://manager.example.com${group}` },
      api_password: '********',
      new_in_v99: { a: 1 },
    };
    expect(diffEntry(asWished(7, cisco, form), cisco)).toEqual([]);
  });

  it('names each difference with before and after, and never a password', () => {
    const old = asWished(7, cisco, { api_address: '10.1.1.1', api_username: null, use_https: undefined });
    expect(diffEntry(old, { ...cisco, port: 8443 })).toEqual([
      { field: 'api_address', before: '10.1.1.1', after: '10.20.3.41' },
      { field: 'api_port', before: null, after: 8443 },
      { field: 'api_username', before: null, after: 'otj-push' },
      { field: 'use_https', before: 'GLOBAL', after: 'YES' },
    ]);
    expect(JSON.stringify(diffEntry(entry(7), cisco))).not.toContain('secret');
  });

  it('takes a field that the reply leaves out for its documented default', () => {
    const bare = asWished(7, poly, { poly_raise_alarms_for_this_endpoint: undefined });
    expect(diffEntry(bare, poly)).toEqual([]);
    expect(diffEntry({ ...bare, endpoint_type: undefined }, poly)).toEqual([
      { field: 'endpoint_type', before: 'CISCO', after: 'POLY' },
    ]);
  });

  it('leaves the verification of certificates on where somebody has switched it on', () => {
    expect(diffEntry(asWished(7, cisco, { verify_cert: 'YES' }), cisco)).toEqual([]);
    expect(diffEntry(asWished(7, cisco, { verify_cert: 'GLOBAL' }), cisco)).toEqual([
      { field: 'verify_cert', before: 'GLOBAL', after: 'NO' },
    ]);
  });
});

describe('entries as evidence', () => {
  it('never hold a password, even when a server sends one', () => {
    const read = EntrySchema.parse({ id: 7, api_password: 'p1', poly_password: 'p2', unknown: true });
    expect(read).toEqual({ id: 7, unknown: true });
  });

  it('give back what can be written, and only that', () => {
    expect(readableFields(asWished(7, cisco, { resource_uri: '/x/7/', unknown: 1, webex_device_id: null }))).toEqual({
      ...entryFields(cisco),
      webex_device_id: null,
    });
  });
});
