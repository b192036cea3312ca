/** `otj record` of Poly devices: of the site's list and of no list, over each way; nothing is changed, nothing is given away. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OtjError } from '../../main/contract/errors.ts';
import { type Recording, recordingSchema } from '../../main/endpoints/record/recording.ts';
import { recordRoom } from '../../main/services/record.ts';
import { SUBJECTS, type Subject, target } from '../contract/poly/devices.ts';
import { startApp } from '../support/appClient.ts';
import { errorOf } from '../support/codeOf.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { PRIVATE, privatePoly, siteWith } from '../support/recordedPoly.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';

const { signal } = new AbortController();
const subject = (name: string): Subject => {
  const found = SUBJECTS.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};
const leaks = (text: string) => PRIVATE.filter((one) => text.toLowerCase().includes(one.toLowerCase()));
const read = (path: unknown): Recording => recordingSchema.parse(JSON.parse(readFileSync(String(path), 'utf8')));

describe('of an address that is on no list', () => {
  it.each([
    ['VideoOS', 'poly-videoos', []],
    ['Group over REST', 'poly-group', []],
    ['Group over SSH', 'poly-group', ['--transport', 'ssh']],
    ['Trio with Digest', 'poly-trio', ['--family', 'poly-trio']],
  ] as const)(
    'it is found out what it is, and its key is shown before a password: %s',
    async (name, family, more) => {
      const bench = await privatePoly(subject(name));
      const { address, httpsPort, sshPort, telnetPort, password } = target(bench, subject(name));
      const folder = tempFolder();
      const ports = ['--https-port', httpsPort, '--ssh-port', sshPort, '--telnet-port', telnetPort].map(String);
      const args = ['--json', 'record', address, ...ports, ...more, '--out', folder, '--password-fd', '3'];
      const before = bench.device.snapshot();
      const asked = await otj(args, password);
      expect(asked.code).toBe(2);
      const key = jsonLines(asked.stdout).find(({ type }) => type === 'key');
      expect(key).toMatchObject({ address, kind: name.endsWith('SSH') ? 'ssh' : 'tls' });
      expect(readdirSync(folder)).toEqual([]);

      const { code, stdout } = await otj([...args, '--pin', String(key?.sha256)], password);
      expect([code, jsonLines(stdout)[0]]).toMatchObject([0, { type: 'recording', family }]);
      const recording = read(jsonLines(stdout)[0]?.path);
      expect(recording.seen).toBeTypeOf('object');
      // What the answers show to be somebody's; of the rest no list told.
      const text = JSON.stringify(recording).toLowerCase();
      for (const one of [bench.device.spec.serial, bench.device.spec.mac, 'Skagerrak', 'svc-fjord', address, password])
        expect(text).not.toContain(one.toLowerCase());
      await expect.poll(() => bench.device.snapshot()).toEqual(before);
    },
    60_000,
  );

  it('telnet needs a word, and no key', async () => {
    const bench = await privatePoly(subject('Group over telnet'));
    const { address, telnetPort, password } = target(bench, subject('Group over telnet'));
    const folder = tempFolder();
    const ports = ['--telnet-port', String(telnetPort), '--family', 'poly-group', '--transport', 'telnet'];
    const args = ['--json', 'record', address, ...ports, '--out', folder, '--password-fd', '3'];
    expect((await otj([...args, '--pin', 'ab'.repeat(32)], password)).code).toBe(2);
    const { code, stdout } = await otj(args, password);
    expect(code).toBe(0);
    const recording = read(jsonLines(stdout)[0]?.path);
    expect(recording).toMatchObject({ transport: 'telnet', weakness: expect.stringContaining('not') });
    expect(JSON.stringify(recording)).not.toContain(password);
  }, 60_000);

  it('refuses a way that there is not, before it connects', async () => {
    const args = ['record', '127.0.0.1', '--family', 'poly-trio', '--transport', 'ssh', '--https-port', '1'];
    expect(await otj(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('do not know ssh') });
  });
});

describe('of a room', () => {
  it('goes by its family and its way, and refuses what the site file knows better', async () => {
    const group = subject('Group over SSH');
    const bench = await privatePoly(group);
    const site = await siteWith(bench, group);
    site.close();
    const folder = tempFolder();
    const args = ['--json', 'record', site.path, 'Skagerrak', '--out', folder, '--passphrase-fd', '3'];
    expect((await otj([...args, '--family', 'poly-trio'], PASSPHRASE)).code).toBe(2);
    const { code, stdout } = await otj(args, PASSPHRASE);
    expect(code).toBe(0);
    const [told] = jsonLines(stdout);
    expect(told).toMatchObject({ type: 'recording', family: 'poly-group', transport: 'ssh' });
    expect(leaks(readFileSync(String(told?.path), 'utf8'))).toEqual([]);
  }, 60_000);

  it('tries a wrong password once, and no more until somebody insists', async () => {
    const videoos = subject('VideoOS');
    const bench = await privatePoly(videoos);
    const site = await siteWith(bench, videoos);
    site.saveCredential('poly-videoos', null, 'admin', 'Wrong-Secret-1');
    const room = site.rooms.byMailbox('fjord@example.com');
    if (!room) throw new Error('no room');
    const folder = tempFolder();
    const codes: (OtjError['code'] | undefined)[] = [];
    for (let turn = 0; turn < 3; turn++)
      codes.push((await errorOf(() => recordRoom(site, { room, folder, transport: null, signal })))?.code);
    expect(codes).toEqual(['LOGIN_REFUSED', 'LOGIN_REFUSED', 'LOGIN_REFUSED']);
    expect(readdirSync(folder)).toEqual([]);
    site.saveCredential('poly-videoos', null, 'admin', target(bench, videoos).password);
    const { recording } = await recordRoom(site, { room, folder, transport: null, signal });
    // As the device counts them: one was refused.
    expect(JSON.stringify(recording.exchanges[0])).toContain('failedLogins\\":1');
  }, 60_000);

  it('is a job of the window', async () => {
    const trio = subject('Trio with Basic');
    const site = await siteWith(await privatePoly(trio), trio);
    const { id } = site.rooms.byMailbox('fjord@example.com') ?? { id: -1 };
    site.close();
    const app = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    const result = await app.done('jobs.record', { roomId: id, folder: null });
    if (result.kind !== 'record') throw new Error('another kind of job');
    expect(join(result.path, '..')).toBe(join(site.path, '..'));
    expect(read(result.path)).toMatchObject({ family: 'poly-trio', transport: 'https' });
  }, 60_000);
});
