import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../main/endpoints/transports/wait.ts';
import { pickContact } from '../../main/infinity/contact.ts';
import { backoffMs, Pace } from '../../main/infinity/pace.ts';
import { idFromLocation, isObjectPath, objectPath, sameObject } from '../../main/infinity/paths.ts';
import type { ContactRow } from '../../main/infinity/resources.ts';
import { parseTime } from '../../main/infinity/time.ts';

describe('paths', () => {
  it('lets only the path of one object be written to', () => {
    expect(objectPath('/api/admin/configuration/v1/mjx_endpoint/57/')).toBe(
      '/api/admin/configuration/v1/mjx_endpoint/57/',
    );
  });

  it.each([
    '/api/admin/configuration/v1/mjx_endpoint/',
    '/api/admin/configuration/v1/mjx_endpoint/57',
    '/api/admin/configuration/v1/mjx_endpoint/57/?x=1',
    '/api/admin/configuration/v1/mjx_endpoint/57/../',
    '/api/admin/configuration/v1/mjx_endpoint//57/',
    '/api/admin/configuration/v1/mjx_endpoint/NaN/',
    '/api/admin/configuration/v1/mjx_endpoint/1e+21/',
    '/api/admin/configuration/v1/mjx_endpoint/-1/',
    '/api/admin/configuration/v1/mjx_endpoint/57/\n',
    '/api/admin/command/v1/platform/1/',
    '/1/',
    '',
  ])('refuses %j', (path) => {
    expect(isObjectPath(path)).toBe(false);
    expect(() => objectPath(path)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it.each([
    ['/api/admin/configuration/v1/mjx_endpoint/57/', 57],
    ['https://10.1.2.3:8443/api/admin/configuration/v1/mjx_endpoint/57/', 57],
    ['/api/admin/configuration/v1/mjx_endpoint/57', 57],
    ['/api/admin/configuration/v1/mjx_endpoint/57/?format=json', 57],
    ['/api/admin/configuration/v1/mjx_endpoint/', null],
    ['https://10.1.2.3:8443/api/admin/configuration/v1/mjx_endpoint/', null],
    ['https://10.1.2.3', null],
    ['', null],
    [undefined, null],
    ['/none/', null],
    [`/${'9'.repeat(30)}/`, null],
  ])('reads the id of %j', (location, id) => expect(idFromLocation(location)).toBe(id));

  it('compares references, relative or absolute', () => {
    const uri = '/api/admin/configuration/v1/mjx_endpoint_group/3/';
    expect(sameObject(uri, `https://m${uri}`)).toBe(true);
    expect(sameObject(uri, '/api/admin/configuration/v1/mjx_endpoint_group/4/')).toBe(false);
    expect(sameObject(uri, '/api/admin/configuration/v1/mjx_endpoint/3/')).toBe(false);
    expect(sameObject(null, undefined)).toBe(false);
  });
});

describe('datetimes', () => {
  it.each([
    ['2026-05-04T09:12:31.402188', '2026-05-04T09:12:31.402Z'],
    ['2026-05-04T09:12:31', '2026-05-04T09:12:31.000Z'],
    ['2026-05-04T09:12:31Z', '2026-05-04T09:12:31.000Z'],
    ['2026-05-04T09:12:31.4z', '2026-05-04T09:12:31.400Z'],
    ['2026-05-04T09:12:31.402188+02:00', '2026-05-04T07:12:31.402Z'],
    ['2026-05-04T09:12:31-0130', '2026-05-04T10:42:31.000Z'],
    [' 2026-05-04 09:12:31 ', '2026-05-04T09:12:31.000Z'],
  ])('reads %s', (text, iso) => expect(parseTime(text)?.toISOString()).toBe(iso));

  it.each([
    null,
    undefined,
    '',
    'never',
    '2026-05-04',
    '2026-13-04T09:00:00',
    '1777885951',
    '2026-05-04T09:12:31.402188+2',
  ])('gives null for %j', (text) => expect(parseTime(text)).toBeNull());
});

describe('waiting', () => {
  it('reads Retry-After in both forms', () => {
    const now = Date.parse('2026-05-04T09:00:00Z');
    expect(retryAfterMs('7', now)).toBe(7000);
    expect(retryAfterMs('Mon, 04 May 2026 09:00:20 GMT', now)).toBe(20_000);
    expect(retryAfterMs('Mon, 04 May 2026 08:00:00 GMT', now)).toBe(0);
    for (const odd of [undefined, '', 'soon', '-3', '1.5', '99999999999']) expect(retryAfterMs(odd, now)).toBeNull();
  });

  it('doubles, with a little jitter, to 30 seconds', () => {
    for (const [retry, least] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      const wait = backoffMs(retry, 1000);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(least * 1.1);
    }
  });

  it('sends no more than 900 requests in a minute, and stops when told to', async () => {
    const pace = new Pace();
    for (let i = 0; i < 900; i++) await pace.turn();
    const stop = AbortSignal.timeout(50);
    await expect(pace.turn(stop)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('holds everything back for as long as the node asks', async () => {
    const pace = new Pace();
    pace.hold(80);
    const start = performance.now();
    await pace.turn();
    expect(performance.now() - start).toBeGreaterThanOrEqual(79);
  });
});

describe('contact of a room', () => {
  const who = { name: 'Oslo-Fjord', mailbox: 'fjord@example.com' };
  const row = (fields: ContactRow): ContactRow => ({ last_contact_time: '2026-05-04T09:12:31.402188', ...fields });
  const seen = { lastContact: new Date('2026-05-04T09:12:31.402Z') };
  const notSeen = { lastContact: null, node: null, meetings: null };

  it('is told by name and mailbox, ignoring case', () => {
    const rows = [
      row({ endpoint_name: 'Other', room_email: 'other@example.com' }),
      row({
        endpoint_name: 'OSLO-fjord',
        room_email: 'Fjord@example.com',
        last_worker: 'conf-1',
        number_of_meetings: 4,
      }),
    ];
    expect(pickContact(rows, who)).toEqual({ ...seen, node: 'conf-1', meetings: 4 });
  });

  it('is told by mailbox alone, or by name where the row has no mailbox', () => {
    expect(pickContact([row({ room_email: 'fjord@example.com' })], who)).toMatchObject(seen);
    expect(pickContact([row({ endpoint_name: 'Oslo-Fjord', room_email: '' })], who)).toMatchObject(seen);
  });

  it('is not proven by a row of another mailbox, nor by two that cannot be told apart', () => {
    expect(pickContact([row({ endpoint_name: 'Oslo-Fjord', room_email: 'old@example.com' })], who)).toEqual(notSeen);
    const twins = ['A', 'B'].map((endpoint_name) => row({ endpoint_name, room_email: who.mailbox }));
    expect(pickContact(twins, who)).toEqual(notSeen);
  });

  it('is not seen yet when absent or never contacted, and the latest counts', () => {
    expect(pickContact([], who)).toEqual(notSeen);
    const mine = { endpoint_name: who.name, room_email: who.mailbox };
    expect(pickContact([row({ ...mine, last_contact_time: null })], who)).toEqual(notSeen);
    expect(pickContact([row({ ...mine, last_contact_time: null }), row(mine)], who)).toMatchObject(seen);
  });
});
