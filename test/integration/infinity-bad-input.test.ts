/** What goes wrong in the office: each is told by its code with a reason, and nothing is written. */
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../main/services/checks.ts';
import { readDrift } from '../../main/services/drift.ts';
import { assertMayDeliver } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { setupOffer } from '../../main/services/setupInfinity.ts';
import type { Site } from '../../main/site/site.ts';
import { type HttpsHost, startHttpsHost } from '../lab/https-host.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { placeOf, prepareAll, siteOn, syncAll } from '../support/infinitySite.ts';
import { addRoom } from '../support/siteFile.ts';
import { BEHAVIOUR, type Call, ENDPOINTS, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;
let router: HttpsHost;
/** What the router was asked, by method. */
const asked: string[] = [];
let routerStatus = 200;

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.12'));
  router = await startHttpsHost({
    address: '127.31.12.1',
    port: 0,
    certificateNames: ['router.local'],
    handler: (request, response) => {
      asked.push(request.method ?? '');
      const headers = { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="RT-1200 setup"' };
      response.writeHead(routerStatus, headers).end('<html><head><title>RT-1200 sign in</title></head></html>');
    },
  });
});
afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR);
  await call('DELETE', ENDPOINTS);
});
afterAll(async () => {
  await router.stop();
  await platform.stop();
});

const entries = async () => (await call('GET', `${ENDPOINTS}?limit=0`)).json.objects;
const why = (site: Site) => site.outbox.owed()[0]?.problem?.words;
const pinOf = (certificate: string) =>
  new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();

describe('prepare', () => {
  it.each([
    [200, 'INFINITY_ODD', /RT-1200 sign in/],
    [401, 'INFINITY_LOGIN', /RT-1200 setup/],
    [302, 'INFINITY_ODD', /redirected/],
  ] as const)('on a router (%i) names the page and sends it nothing but a look', async (status, code, words) => {
    routerStatus = status;
    asked.length = 0;
    const site = await siteOn(platform, 1);
    const { address, port, certificate } = router;
    site.saveSettings({ infinity: { address, port, group: 'Oslo', pin: pinOf(certificate) } });
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code, words: expect.stringMatching(words) });
    expect(new Set(asked)).toEqual(new Set(['GET']));
    // a password that a stranger refused is not sent to it twice
    if (status === 401) expect(asked).toHaveLength(1);
  });

  it('sends a refused login nowhere again, whatever is done, until it is stored anew or another node is set', async () => {
    routerStatus = 401;
    asked.length = 0;
    const site = await siteOn(platform, 1);
    const { address, port, certificate } = router;
    const there = { address, port, group: 'Oslo', pin: pinOf(certificate) };
    site.saveSettings({ infinity: there });
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN' });
    const login = async () => {
      const checks = await runChecks(site, { signal: new AbortController().signal, checked: () => undefined });
      return checks.find(({ id }) => id === 'infinity.login');
    };
    for (let again = 0; again < 2; again++)
      expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN_PAUSED' });
    expect(await errorOf(() => setupOffer(site, new AbortController().signal))).toMatchObject({
      code: 'INFINITY_LOGIN_PAUSED',
    });
    site.outbox.owe(site.rooms.all()[0]?.id ?? 0, 'entry');
    expect(await errorOf(() => syncAll(site))).toMatchObject({ code: 'INFINITY_LOGIN_PAUSED' });
    site.releaseLock();
    expect(await login()).toMatchObject({ status: 'fail', problem: { code: 'INFINITY_LOGIN_PAUSED' } });
    expect(asked).toHaveLength(1);
    expect(site.credentials()).toMatchObject([{ refused: true, proven: false }]);

    // the address was wrong, not the login
    site.saveSettings({ infinity: placeOf(platform) });
    expect(await login()).toMatchObject({ status: 'pass' });
    expect(site.credentials()).toMatchObject([{ refused: false, proven: true }]);
    site.saveSettings({ infinity: there });
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN_PAUSED' });
    site.saveCredential('infinity', null, 'admin', 'secret');
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN' });
    expect(asked).toHaveLength(2);
  });

  it('keeps a refusal also of a login that was accepted before', async () => {
    const site = await siteOn(platform, 1);
    site.saveCredential('infinity', null, 'expired', 'secret');
    site.proveCredential(site.credential('infinity').id);
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN' });
    expect(await errorOf(() => prepareAll(site))).toMatchObject({ code: 'INFINITY_LOGIN_PAUSED' });
    expect(site.credentials()).toMatchObject([{ refused: true, proven: false }]);
  });

  it('believes no certificate that nobody vouches for', async () => {
    const site = await siteOn(platform, 1);
    site.saveSettings({ infinity: { ...placeOf(platform), pin: null } });
    expect((await errorOf(() => prepareAll(site)))?.code).toBe('HANDSHAKE');
  });

  it('sends no login to a node whose certificate is not the trusted one, and does not speak of a device', async () => {
    const site = await siteOn(platform, 1);
    const before = platform.requests.all;
    site.saveSettings({ infinity: { ...placeOf(platform), pin: 'ab'.repeat(32) } });
    const error = await errorOf(() => prepareAll(site));
    expect(error).toMatchObject({
      code: 'INFINITY_TRUST',
      words: expect.stringMatching(/^known abab.*, shown [0-9a-f]{64}$/),
    });
    expect(error?.toProblem().todo).toContain('otj infinity set');
    expect(platform.requests.all).toBe(before);
  });

  it.each([
    ['expired', 'INFINITY_LOGIN', /has expired/],
    ['sent-away', 'INFINITY_ODD', /password_change/],
    ['blind', 'INFINITY_FORBIDDEN', /Permission denied/],
  ])('with the account "%s" says what is wrong with it', async (username, code, words) => {
    const site = await siteOn(platform, 1);
    site.saveCredential('infinity', null, username, 'secret');
    const error = await errorOf(() => prepareAll(site));
    expect(error).toMatchObject({ code, words: expect.stringMatching(words) });
    expect(error?.toProblem().todo).toBeTruthy();
    expect(await entries()).toEqual([]);
    // And a visit to a device hears of it before it changes anything, while nothing is owed for it.
    const [room] = site.rooms.all();
    if (!room) throw new Error('no room');
    const link = new InfinityLink(site, new AbortController().signal);
    const early = await codeOf(() => assertMayDeliver(site, link, { room, keep: true }));
    expect(early).toBe(code === 'INFINITY_LOGIN' ? 'INFINITY_LOGIN_PAUSED' : code);
    expect(site.outbox.owed()).toEqual([]);
    await link.close();
  });

  it('with a role that may only look tells it of each room, and keeps what is owed', async () => {
    const site = await siteOn(platform, 2);
    site.saveCredential('infinity', null, 'reader', 'secret');
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_FORBIDDEN', 'Room 2': 'INFINITY_FORBIDDEN' });
    expect(await entries()).toEqual([]);
    expect(site.outbox.owedCount()).toBe(2);
  });

  it('that was refused makes an entry that somebody types afterwards nobody’s but theirs', async () => {
    const site = await siteOn(platform, 1);
    const [room] = site.rooms.all();
    site.saveCredential('infinity', null, 'reader', 'secret');
    await prepareAll(site);
    const theirs = { name: 'Room 1', room_resource_email: 'room-1@lab.example', api_address: '10.1.0.1' };
    platform.store.insert('mjx_endpoint', theirs);
    site.saveCredential('infinity', null, 'admin', 'secret');
    // not even looked at as ours
    expect(await syncAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED' });
    expect(await prepareAll(site)).toEqual({});
    expect(site.outbox.entry(room?.id ?? 0)).toMatchObject({ createdByUs: false, before: theirs });
  });

  it('does not take over an entry of the same name for another mailbox', async () => {
    const theirs = { name: 'ROOM 1 ', room_resource_email: 'other@lab.example', api_address: '10.200.0.1' };
    platform.store.insert('mjx_endpoint', theirs);
    const site = await siteOn(platform, 1);
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CONFLICT' });
    expect(why(site)).toMatch(/"ROOM 1 " \(other@lab\.example\) has this name but another mailbox$/);
    expect(await entries()).toMatchObject([theirs]);
  });

  it('does not choose between two entries of one mailbox', async () => {
    const two = ['room-1@lab.example', ' ROOM-1@LAB.EXAMPLE '];
    for (const [at, mail] of two.entries())
      platform.store.insert('mjx_endpoint', { name: `by hand ${at}`, room_resource_email: mail });
    const site = await siteOn(platform, 1);
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CONFLICT' });
    expect(why(site)).toMatch(/"by hand 0" .* has this mailbox; .*"by hand 1" .* has this mailbox$/);
    expect((await entries()).map((entry) => entry.room_resource_email)).toEqual(two);
  });

  it('knows a mailbox again whatever its case and the spaces around it', async () => {
    platform.store.insert('mjx_endpoint', {
      name: 'by hand',
      endpoint_type: 'CISCO',
      room_resource_email: ' Room-1@LAB.Example ',
      api_address: '10.1.0.1',
    });
    const site = await siteOn(platform, 1);
    expect(await prepareAll(site)).toEqual({});
    expect(await entries()).toMatchObject([{ name: 'Room 1' }]);
  });

  it('writes names of every script, and knows them again however they were typed', async () => {
    const site = await siteOn(platform, 0);
    const names = ['Møterom Ærlighet', '会議室 🙂', 'غرفة', 'Zu\u0308rich'];
    for (const [at, name] of names.entries())
      addRoom(site, { name, mailbox: `name-${at}@lab.example`, address: `10.3.0.${at + 1}` });
    expect(await prepareAll(site)).toEqual({});
    expect(new Set((await entries()).map(({ name }) => name))).toEqual(new Set(names));
    expect(await prepareAll(site)).toEqual({});
    const other = await siteOn(platform, 0);
    addRoom(other, { name: 'Z\u00fcrich', mailbox: 'another@lab.example', address: '10.3.0.99' });
    expect(await prepareAll(other)).toEqual({ Zürich: 'INFINITY_CONFLICT' });
    expect(await entries()).toHaveLength(names.length);
  });

  it('refuses a name over the smaller documented limit, and the others go on', async () => {
    const site = await siteOn(platform, 1);
    const long = `Å${'x'.repeat(100)}`;
    addRoom(site, { name: long, mailbox: 'long@lab.example', address: '10.3.0.1' });
    addRoom(site, { name: 'x'.repeat(100), mailbox: 'fits@lab.example', address: '10.3.0.2' });
    expect(await prepareAll(site)).toEqual({ [long]: 'VALUE_TOO_LONG' });
    expect(await entries()).toHaveLength(2);
  });

  it('stops at the licences that are there', async () => {
    platform.behaviour.otjTotal = 2;
    const site = await siteOn(platform, 4);
    const look = async () =>
      (await readDrift(site, { rooms: site.rooms.all(), signal: new AbortController().signal })).short;
    expect(await look()).toBe(2);
    expect(Object.values(await prepareAll(site))).toEqual(['LICENCES', 'LICENCES']);
    expect(await entries()).toHaveLength(2);
    platform.behaviour.otjTotal = 4;
    expect(await look()).toBeUndefined();
    expect(await prepareAll(site)).toEqual({});
    expect(await entries()).toHaveLength(4);
  });
});
