/** A device with a new certificate: believed on somebody's word, once it has told the serial number that is known. */
import { expect, it, onTestFinished } from 'vitest';
import { pinKeys, proveKeys } from '../../main/services/trust.ts';
import { startPoly } from '../lab/poly/poly.ts';
import { createWorld } from '../lab/world.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';
import { ADMIN } from './lab-poly-client.ts';

const AT = '127.149.3.1';
const PORT = 18_643;
const SERIAL = '8L0000000091';
const SPEC = {
  kind: 'poly-videoos',
  mac: '00:E0:DB:00:00:91',
  model: 'StudioX50',
  software: '4.2.0',
  systemName: 'Fjord',
  admin: ADMIN,
  calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
  pollMs: 1000,
} as const;
const FORMER = 'ab'.repeat(32);
const { signal } = new AbortController();

/** A room whose device was known by another certificate, and stands there with this serial number. */
async function knownBefore(serial: string) {
  const device = await startPoly({ ...SPEC, address: AT, httpsPort: PORT, serial }, createWorld());
  onTestFinished(() => device.stop());
  const site = await tempSite({ httpsPort: PORT });
  site.saveCredential('poly-videoos', null, ADMIN.username, ADMIN.password);
  const { room, endpoint } = addRoom(site, { address: AT, family: 'poly-videoos', serial: SERIAL });
  site.rooms.pin(endpoint.id, 'tls', FORMER);
  const pin = () => site.rooms.pinOf(endpoint.id, 'tls');
  const settings = () => structuredClone(device.snapshot());
  return { device, site, room, pin, settings };
}

it('is pinned when the serial number is the known one, and nothing is changed on the device', async () => {
  const { site, room, pin, settings } = await knownBefore(SERIAL);
  const before = settings();
  const proven = await proveKeys(site, room, { shown: null, signal });
  // Seen so far, and not yet believed.
  expect(pin()).toBe(FORMER);
  expect(pinKeys(site, proven)).toEqual([{ kind: 'tls', before: FORMER, now: pin() }]);
  expect(pin()).not.toBe(FORMER);
  expect(settings()).toEqual(before);
  // The same again finds nothing new.
  expect(pinKeys(site, await proveKeys(site, room, { shown: null, signal }))).toEqual([]);
});

it('is not believed of another device, nor with another key than the one that was looked at', async () => {
  const { site, room, pin } = await knownBefore('8L0000009999');
  await expect(proveKeys(site, room, { shown: null, signal })).rejects.toMatchObject({ code: 'IDENTITY_MISMATCH' });
  await expect(proveKeys(site, room, { shown: 'cd'.repeat(32), signal })).rejects.toMatchObject({
    code: 'TRUST_CHANGED',
  });
  expect(pin()).toBe(FORMER);
});

it('is taken over from the window by one call at a time, and only the key that was seen', async () => {
  const { device, site, room, pin } = await knownBefore(SERIAL);
  const proven = await proveKeys(site, room, { shown: null, signal });
  const shown = proven.keys[0]?.now ?? '';
  const app = startApp(tempFolder());
  onTestFinished(() => app.backend.close());
  await app.call('site.open', { path: site.path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  const unseen = { roomId: room.id, shown: null } as unknown as { roomId: number; shown: string };
  expect(await codeOf(() => app.call('rooms.trust', unseen))).toBe('USAGE');
  const trust = () => app.call('rooms.trust', { roomId: room.id, shown });
  device.setFaults({ slowMs: 200 });
  const first = trust();
  // Two pages are no two logins, and no other work begins nor another site is opened beside it, here or elsewhere.
  const others = [
    trust,
    () => app.call('site.close', undefined),
    () => app.call('jobs.plan', { rooms: null, insist: false }),
    () => app.call('site.change', { name: 'x' }),
  ];
  expect(await Promise.all(others.map(codeOf))).toEqual(others.map(() => 'JOB_RUNNING'));
  expect(await codeOf(() => site.takeLock())).toBe('SITE_BUSY');
  await first;
  expect(pin()).toBe(shown);
  site.takeLock();
  expect(await codeOf(trust)).toBe('SITE_BUSY');
  site.releaseLock();
  await trust();
});

it('otj trust tells both keys; --forget leaves it to the next visit', async () => {
  const { site, room, pin } = await knownBefore(SERIAL);
  const trusted = await otj(['trust', site.path, room.mailbox, '--json', '--passphrase-fd', '3'], PASSPHRASE);
  expect(jsonLines(trusted.stdout).at(-1)).toMatchObject({
    serial: SERIAL,
    pinned: [{ kind: 'tls', before: FORMER, now: pin() }],
  });
  const odd = await otjHere(['trust', site.path, room.mailbox, '--key', 'xyz', '--passphrase-fd', '3'], PASSPHRASE);
  expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('not a SHA-256 in hex') });
  expect((await otjHere(['trust', site.path, room.mailbox, '--forget'])).code).toBe(0);
  expect(pin()).toBeNull();
});
