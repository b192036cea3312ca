/** Recording a codec of the lab over real sockets: nothing is changed, nothing private is left, nothing is half written. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { isReadOnlyCommand } from '../../main/endpoints/cisco/readOnlyCommands.ts';
import { READS, UNKNOWN_COMMANDS } from '../../main/endpoints/cisco/record/reads.ts';
import { type Recording, recordingSchema } from '../../main/endpoints/record/recording.ts';
import { recordRoom } from '../../main/services/record.ts';
import type { Site } from '../../main/site/site.ts';
import type { LabDevice } from '../lab/types.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { PLACE } from '../support/place.ts';
import { PORTS, PRIVATE, privateCodec, record, siteWith, USER, wordsOf } from '../support/recordedCodec.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';

const NET = `127.67.${100 + PLACE}`;
let devices = 200;
const running: LabDevice[] = [];
afterEach(async () => {
  for (const device of running.splice(0)) await device.stop();
});

async function codec(change: Parameters<typeof privateCodec>[0] | object = {}): Promise<LabDevice> {
  const device = await privateCodec({ address: `${NET}.${++devices}`, ...change });
  running.push(device);
  return device;
}

function roomOf(site: Site) {
  const room = site.rooms.all().find(({ name }) => name === 'Skagerrak');
  if (!room) throw new Error('the room is missing');
  return room;
}

const leaks = (text: string) => PRIVATE.filter((one) => text.toLowerCase().includes(one.toLowerCase()));
const { signal } = new AbortController();

it('asks nothing but what only reads, and what no codec has', () => {
  const commands = READS.flatMap((read) => (read.kind === 'command' ? read.path : []));
  expect(commands.filter((path) => !isReadOnlyCommand(path) && !UNKNOWN_COMMANDS.includes(path))).toEqual([]);
});

describe.each(['ssh', 'https'] as const)('a recording over %s', (transport) => {
  it('changes nothing, leaves no session open and gives nothing private away', async () => {
    const device = await codec();
    const before = device.snapshot();
    const { path, recording } = await record(device, { transport });
    // the device hears of the end of the session a moment later
    await expect.poll(() => device.snapshot()).toEqual({ ...before, sessions: 0 });
    expect(leaks(wordsOf(recording))).toEqual([]);
    expect(wordsOf(recording)).not.toContain(device.spec.address);
    expect(recordingSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).toEqual(recording);
    expect(path).not.toMatch(/skagerrak/i);
    expect(recording.outcomes.filter(({ outcome }) => outcome !== 'ok').length).toBeGreaterThan(3);
    expect(Object.keys(recording.replaced)).toEqual(
      expect.arrayContaining(['name', 'user', 'serial', 'mac', 'address']),
    );
    // Each has its own stand-in, the same everywhere, of the same form.
    const said = recording.exchanges
      .map((one) => (one.over !== 'https' ? one.said : (one.reply?.said ?? '')))
      .join('\n');
    const find = (pattern: RegExp) => [...new Set([...said.matchAll(pattern)].map((match) => match[1]))];
    const leaf = (name: string) => new RegExp(`"${name}":\\{"Value":"([^"]+)"|<${name}>([^<]+)<`, 'g');
    const values = (name: string) => [...new Set([...said.matchAll(leaf(name))].map((match) => match[1] ?? match[2]))];
    expect(values('SerialNumber')).toEqual([expect.stringMatching(/^[A-Z]{3}\d{4}[A-Z]{4}$/)]);
    expect(values('MacAddress')).toEqual([expect.stringMatching(/^00:50:60(:[0-9A-F]{2}){3}$/)]);
    const [name = ''] = values('BroadcastName');
    expect(name).toMatch(/^[A-Z][a-z]{8}$/);
    // In the macro's name, its comment and its code, and in the banner.
    expect(find(/(?:Name>|"Name":\{"Value":")[a-z]+-([A-Z][a-z]{8})-/g)).toEqual([name]);
    expect(said).toContain(`for ${name}, `);
    expect(said).toContain(`const ${name.toLowerCase()}Lights`);
    if (transport === 'ssh') expect(said).toContain(`Welcome to ${name}\n`);
  });

  it('is kept as far as it came when the connection breaks', async () => {
    const device = await codec({ faults: { rebootOn: 'Provisioning', bootMs: 60_000 } });
    const { path, recording } = await record(device, { transport });
    expect(recording.outcomes.at(-1)).toMatchObject({ outcome: 'CONNECTION_LOST' });
    expect(recording.outcomes.length).toBeLessThan(READS.length - 5);
    expect(recording.seen).toBe('CONNECTION_LOST');
    expect(leaks(readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('writes nothing when a secret would be left in it', async () => {
    // A model is no customer's word, and stays as it is.
    const device = await codec({ model: 'Cisco Kveldsmat "7" <&> øl 9911' });
    const site = await siteWith(device);
    const folder = tempFolder();
    const error = await errorOf(() => recordRoom(site, { room: roomOf(site), folder, transport, signal }));
    expect(error?.code).toBe('RECORD_UNCLEAN');
    expect(leaks(`${error?.message} ${error?.words}`)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stops between two readings, and writes nothing', async () => {
    const device = await codec();
    const site = await siteWith(device);
    const folder = tempFolder();
    const stop = new AbortController();
    const told = (done: number) => done === 3 && stop.abort();
    const options = { room: roomOf(site), folder, transport, signal: stop.signal, told };
    expect(await codeOf(() => recordRoom(site, options))).toBe('CANCELLED');
    expect(readdirSync(folder)).toEqual([]);
    await expect.poll(() => device.snapshot().sessions).toBe(0);
  });
});

describe('a recording that cannot be made', () => {
  it('tries a wrong password once, and no more until somebody insists', async () => {
    const device = await codec();
    const site = await siteWith(device);
    site.saveCredential('cisco-roomos', null, 'avadmin', 'Wrong-Secret-1');
    const options = { room: roomOf(site), folder: tempFolder(), transport: null, signal };
    for (let turn = 0; turn < 3; turn++)
      expect(await codeOf(() => recordRoom(site, options))).toMatch(/^(LOGIN_REFUSED|CREDENTIAL_PAUSED)$/);
    expect(device.snapshot().users).toMatchObject([{ failedLogins: 1 }, {}]);
  });

  it('says so of a folder that is none, and leaves nothing there', async () => {
    const site = await siteWith(await codec());
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const options = { room: roomOf(site), folder: join(file, 'below'), transport: 'ssh' as const, signal };
    expect(await codeOf(() => recordRoom(site, options))).toBe('DISK');
    expect(readdirSync(join(file, '..'))).toEqual(['file']);
  });
});

describe('otj record', () => {
  it('takes an address or a name, says what was replaced, and that a person must read it', async () => {
    const device = await codec();
    const site = await siteWith(device);
    site.close();
    const folder = tempFolder();
    const args = ['record', site.path, device.spec.address, '--out', folder, '--passphrase-fd', '3'];
    const { code, stdout, stderr } = await otj(args, PASSPHRASE);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Replaced by stand-ins: .*1 serial numbers.*Read it before you pass it on/s);
    const [file = ''] = readdirSync(folder);
    expect(stdout).toContain(join(folder, file));
    expect(leaks(readFileSync(join(folder, file), 'utf8'))).toEqual([]);

    const named = ['--json', 'record', site.path, 'skagerrak', '--out', folder, '--transport', 'https'];
    const json = await otjHere([...named, '--passphrase-fd', '3'], PASSPHRASE);
    expect(json.code).toBe(0);
    const [told] = jsonLines(json.stdout);
    expect(told).toMatchObject({ type: 'recording', transport: 'https', device: { model: 'Cisco Room Kit Pro' } });
    const recording: Recording = recordingSchema.parse(JSON.parse(readFileSync(String(told?.path), 'utf8')));
    expect(recording.exchanges).toHaveLength(Number(told?.exchanges));
  });

  it.each(['ssh', 'https'])('takes an address without a site, once its key is known: %s', async (way) => {
    const device = await codec();
    const { address } = device.spec;
    const folder = tempFolder();
    const ports = ['--ssh-port', String(PORTS.sshPort), '--https-port', String(PORTS.httpsPort)];
    const args = ['--json', 'record', address, ...ports, '--transport', way, '--user', USER.username, '--out', folder];
    // Nobody can be asked here: the key is shown, and nothing is sent, not even the password that is at hand.
    const asked = await otjHere([...args, '--password-fd', '3'], USER.passphrase);
    expect(asked.code).toBe(2);
    const key = jsonLines(asked.stdout).find(({ type }) => type === 'key');
    expect(key).toMatchObject({ address, kind: way === 'ssh' ? 'ssh' : 'tls' });
    const wrong = await otjHere([...args, '--password-fd', '3', '--pin', 'ab'.repeat(32)], USER.passphrase);
    expect(wrong.stdout + wrong.stderr).toContain('TRUST_CHANGED');
    expect(readdirSync(folder)).toEqual([]);
    expect(device.snapshot().users).toMatchObject([{ failedLogins: 0 }, {}]);

    const { code, stdout } = await otjHere(
      [...args, '--password-fd', '3', '--pin', String(key?.sha256)],
      USER.passphrase,
    );
    expect(code).toBe(0);
    const [told] = jsonLines(stdout);
    expect(told).toMatchObject({ type: 'recording', transport: way });
    const text = readFileSync(String(told?.path), 'utf8');
    // One reading is of the shell alone.
    expect(recordingSchema.parse(JSON.parse(text)).outcomes.length).toBeGreaterThanOrEqual(READS.length - 1);
    const certain = [USER.passphrase, USER.username, device.spec.serial, device.spec.mac, address];
    expect(certain.filter((one) => text.toLowerCase().includes(String(one).toLowerCase()))).toEqual([]);
    await expect.poll(() => device.snapshot().sessions).toBe(0);
  });

  it('needs a room with a site, and an address that can be one', async () => {
    const site = await siteWith(await codec());
    site.close();
    expect(await otjHere(['record', site.path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('which room'),
    });
    expect(await otjHere(['record', 'not an address'])).toMatchObject({ code: 2 });
    expect(await otjHere(['record', site.path, 'Skagerrak', '--user', 'admin'])).toMatchObject({ code: 2 });
  });

  it('refuses a room that is not on the list and a way that there is not, before it asks for anything', async () => {
    const site = await siteWith(await codec());
    site.close();
    expect((await otjHere(['record', site.path, 'Nowhere'])).code).toBe(2);
    expect((await otjHere(['record', site.path, 'Skagerrak', '--transport', 'telnet'])).code).toBe(2);
  });
});

it('is a job of the window: it tells how far it is, and its file lies beside the site', async () => {
  const device = await codec();
  const site = await siteWith(device);
  const { id } = roomOf(site);
  site.close();
  const app = startApp(tempFolder());
  onTestFinished(() => app.backend.close());
  await app.call('site.open', { path: site.path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  const result = await app.done('jobs.record', { roomId: id, folder: null });
  if (result.kind !== 'record') throw new Error('another kind of job');
  expect(join(result.path, '..')).toBe(join(site.path, '..'));
  expect(recordingSchema.parse(JSON.parse(readFileSync(result.path, 'utf8'))).exchanges).toHaveLength(result.exchanges);
  const told = app.events.flatMap((event) => (event.type === 'job' ? [event.job] : []));
  expect(told.at(-1)).toMatchObject({ kind: 'record', status: 'done', total: READS.length, done: READS.length });
  expect(PORTS.sshPort).toBe(3267);
});
