/** `otj cisco exec` and `otj cisco shell` as a person or a script uses them, on the practice site. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransportChoice } from '../../main/contract/device.ts';
import { Site } from '../../main/site/site.ts';
import { type LabProcess, type LabRoom, startLab } from '../support/labProcess.ts';
import { jsonLines, type OtjRun, otj, program } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';

const NETWORK = ['--device-net', '127.70', '--core-net', '127.70.250', '--ssh-port', '2270', '--https-port', '8470'];
const PASSPHRASE = 'Correct-Horse-Battery-77';
/** A line that changes something harmless, and what it sets. */
const VOLUME = { line: (to: number) => `xConfiguration Audio DefaultVolume: ${to}`, path: 'Audio DefaultVolume' };

let folder: string;
let lab: LabProcess;
let path: string;
let codecs: LabRoom[];
let poly: LabRoom;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-cli-cisco-'));
  lab = await startLab(['--rooms', '6', ...NETWORK]);
  codecs = lab.document.rooms.filter(({ family }) => family === 'cisco');
  poly = lab.document.rooms.find(({ family }) => family === 'poly') ?? oneOf(codecs);
  path = await makeSite('oslo', lab.document.logins.cisco.passphrase);
}, 120_000);

afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

function oneOf(rooms: readonly LabRoom[], at = 0): LabRoom {
  const room = rooms[at];
  if (!room) throw new Error('the lab has too few rooms');
  return room;
}

/** A site file with the lab's rooms and a login for its codecs; no Infinity, which this work never needs. */
async function makeSite(name: string, password: string): Promise<string> {
  const file = join(folder, `${name}.otjsite`);
  const { ports, roomsCsv, logins } = lab.document;
  const places = ['--ssh-port', `${ports.ssh}`, '--https-port', `${ports.https}`];
  const login = ['--for', 'cisco', '--user', logins.cisco.username, '--password-fd', '4'];
  const runs = [
    await otjHere(['init', file, ...places, '--passphrase-fd', '3'], PASSPHRASE),
    await otjHere(['import', file, roomsCsv]),
    await otjHere(['credential', 'set', file, ...login, '--passphrase-fd', '3'], PASSPHRASE, password),
  ];
  for (const { code, stdout, stderr } of runs) if (code !== 0) throw new Error(stdout + stderr);
  return file;
}

/** How the devices of rooms are spoken to from now on. */
function speakOver(transport: TransportChoice, file = path): void {
  const site = Site.open(file);
  for (const { id, family } of site.rooms.endpoints())
    if (family === 'cisco-roomos') site.rooms.setLink(id, { transport, legacy: false });
  site.close();
}

/** `otj cisco exec` without the line's own arguments. */
function exec(rooms: readonly string[], line: string, flags: readonly string[] = [], file = path): Promise<OtjRun> {
  return otjHere(['--json', 'cisco', 'exec', file, ...rooms, ...flags, '--passphrase-fd', '3', '--', line], PASSPHRASE);
}

type Answer = {
  room: string;
  device: { serial: string } | null;
  sent: boolean;
  reply: unknown;
  problem: { code: string; words?: string; effects?: { outcome: string }[] } | null;
};

function answers({ stdout }: OtjRun): Answer[] {
  return jsonLines(stdout).filter(({ type }) => type === 'answer') as unknown as Answer[];
}

function last({ stdout }: OtjRun): Record<string, unknown> | undefined {
  return jsonLines(stdout).at(-1);
}

type Codec = {
  settings: Record<string, string>;
  users: { failedLogins: number }[];
  macros: { name: string; content: string }[];
};

async function codec({ address }: LabRoom): Promise<Codec> {
  const { devices } = (await lab.state()) as { devices: Record<string, Codec> };
  const found = devices[address];
  if (!found) throw new Error(`no device at ${address}`);
  return found;
}

async function volumes(): Promise<string[]> {
  return Promise.all(codecs.map(async (room) => (await codec(room)).settings[VOLUME.path] ?? ''));
}

describe.each<TransportChoice>(['ssh', 'https'])('otj cisco exec over %s', (transport) => {
  const to = transport === 'ssh' ? 41 : 42;
  beforeAll(() => speakOver(transport));

  it('asks every codec and tells who answered what', async () => {
    const run = await exec(['--all'], 'xStatus SystemUnit ProductId');
    const found = answers(run).map(({ room, device, reply }) => [room, device?.serial, reply]);
    expect(found.sort()).toEqual(codecs.map(({ room, serial, model }) => [room, serial, model]).sort());
    expect([run.code, last(run)]).toEqual([
      0,
      { type: 'result', line: 'xStatus SystemUnit ProductId', ok: codecs.length, failed: 0, skipped: 0, sent: true },
    ]);
  });

  it('gives a branch as names and values, and a list as a list', async () => {
    const run = await exec([oneOf(codecs).room], 'xCommand Macros Macro Get');
    const [{ reply } = { reply: null }] = answers(run);
    const { macros } = await codec(oneOf(codecs));
    const names = (reply as { Macro: { Name: string; Active: string }[] }).Macro.map(({ Name, Active }) => [
      Name,
      Active,
    ]);
    expect(names.sort()).toEqual(macros.map(({ name }) => [name, 'True']).sort());
    const network = await exec([oneOf(codecs).room], 'xStatus Network[1] Ethernet');
    expect(answers(network)[0]?.reply).toMatchObject({
      MacAddress: expect.stringMatching(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/),
    });
  });

  it('shows where a line would go that may change something, and sends it nowhere', async () => {
    const before = await volumes();
    const run = await exec(['--all'], VOLUME.line(to));
    expect(answers(run).map(({ device, sent, reply, problem }) => [device?.serial, sent, reply, problem])).toEqual(
      expect.arrayContaining(codecs.map(({ serial }) => [serial, false, null, null])),
    );
    expect([run.code, last(run)?.sent, await volumes()]).toEqual([0, false, before]);
  });

  it('sends it with --apply, and reads back', async () => {
    const run = await exec(['--all'], VOLUME.line(to), ['--apply']);
    expect([run.code, answers(run).map(({ reply }) => reply)]).toEqual([0, codecs.map(() => `${to}`)]);
    expect(await volumes()).toEqual(codecs.map(() => `${to}`));
  });

  it('goes no further when the first codec does not take it', async () => {
    const run = await exec(['--all'], 'xCommand Macros Macro Remove Name: "not there"', ['--apply']);
    const [first, ...rest] = answers(run).map(({ sent, problem }) => [
      sent,
      problem?.code,
      problem?.effects?.[0]?.outcome,
    ]);
    expect(first).toEqual([true, 'REFUSED', 'refused']);
    expect(rest).toEqual(codecs.slice(1).map(() => [false, 'FIRST_DID_NOT', undefined]));
    expect([run.code, last(run)]).toMatchObject([1, { ok: 0, failed: 1, skipped: codecs.length - 1 }]);
  });

  it('sends the text of a file with a line, and shows none of the secrets in it', async () => {
    const { passphrase } = lab.document.logins.cisco;
    const macro = `// one\n.\nconst login = ${JSON.stringify(passphrase)};\nconst apiToken = 'abc-def-123';\n`;
    const file = join(folder, 'macro.js');
    writeFileSync(file, macro);
    const room = oneOf(codecs, 1);
    const name = `from-file-${transport}`;
    const save = await exec([room.room], `xCommand Macros Macro Save Name: ${name} Overwrite: False Transpile: False`, [
      '--apply',
      '--body-file',
      file,
    ]);
    expect([save.code, answers(save)[0]?.problem]).toEqual([0, null]);
    expect((await codec(room)).macros.find((one) => one.name === name)?.content).toBe(macro);
    const get = await exec([room.room], `xCommand Macros Macro Get Name: ${name} Content: True`);
    expect(get.stdout).toContain('const login');
    for (const secret of [passphrase, 'abc-def-123'])
      expect(get.stdout + save.stdout + get.stderr).not.toContain(secret);
  });
});

describe('otj cisco exec', () => {
  it('leaves rooms, plans and states as they are', async () => {
    const site = Site.open(path);
    const states = site.rooms.all().map(({ state, problem }) => [state, problem]);
    const plans = site.rooms.all().map(({ id }) => site.plan(id));
    site.close();
    expect([states, plans]).toEqual([states.map(() => ['not started', null]), plans.map(() => null)]);
  });

  it('has nothing to say to other devices, and stops at a wrong device', async () => {
    const run = await exec([poly.room, oneOf(codecs).room], 'xStatus SystemUnit Uptime');
    expect([run.code, answers(run).map(({ problem }) => problem?.code)]).toEqual([1, ['USAGE', undefined]]);
    const site = Site.open(path);
    const endpoint = site.rooms.endpointAt(oneOf(codecs, 2).address);
    if (endpoint) site.rooms.expectSerial(endpoint.id, 'FOC0000OTHER');
    site.close();
    const wrong = await exec([oneOf(codecs, 2).room], VOLUME.line(77), ['--apply']);
    expect(answers(wrong)).toMatchObject([
      { sent: false, problem: { code: 'IDENTITY_MISMATCH', effects: [{ outcome: 'not tried' }] } },
    ]);
    const dry = await otjHere(
      ['--passphrase-fd', '3', 'cisco', 'exec', path, oneOf(codecs).room, oneOf(codecs, 2).room, VOLUME.line(77)],
      PASSPHRASE,
    );
    expect(dry.stdout).toContain('With --apply it goes to 1 room, and not to the 1 with trouble: xConfiguration Audio');
    expect(await volumes()).not.toContain('77');
  });

  it('tries a login that no codec has taken yet on one of them', async () => {
    const file = await makeSite('wrong', 'not the passphrase');
    const run = await exec(['--all'], 'xStatus SystemUnit Uptime', [], file);
    const codes = answers(run).map(({ problem }) => problem?.code);
    expect(codes.toSorted()).toEqual([...codecs.slice(1).map(() => 'CREDENTIAL_PAUSED'), 'LOGIN_REFUSED']);
    const failed = await Promise.all(
      codecs.map(async (room) => (await codec(room)).users.map((user) => user.failedLogins)),
    );
    expect(failed.flat().reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('takes names in any case over SSH, as a codec does', async () => {
    speakOver('ssh');
    const run = await exec([oneOf(codecs).room], 'xstatus systemunit productId');
    expect(answers(run)).toMatchObject([{ reply: oneOf(codecs).model, problem: null }]);
  });

  it('tells what became of a line when the connection drops', async () => {
    const room = oneOf(codecs);
    speakOver('ssh');
    await lab.post(`/device/${room.address}/faults`, { dropOnce: 'Audio DefaultVolume' });
    const run = await exec([room.room], VOLUME.line(55), ['--apply']);
    await lab.post(`/device/${room.address}/faults`, {});
    expect(answers(run)).toMatchObject([
      { sent: true, problem: { code: 'CONNECTION_LOST', effects: [{ outcome: 'unknown' }] } },
    ]);
  });

  it('refuses what is no line before it asks for anything', async () => {
    const wrong = await otjHere(['--json', 'cisco', 'exec', path, 'Fjord', '--', 'xFeedback list']);
    expect([wrong.code, jsonLines(wrong.stdout)]).toMatchObject([2, [{ type: 'error', code: 'XAPI_LINE' }]]);
    for (const args of [
      ['--', 'xConfiguration Audio'],
      ['Fjord', '--all', '--', 'xConfiguration Audio'],
      ['Fjord', '--'],
    ])
      expect((await otjHere(['cisco', 'exec', path, ...args])).code).toBe(2);
    const secret = 'xCommand UserManagement User Passphrase Set Username: x NewPassphrase: geheim-4711';
    const told = await otjHere(['cisco', 'exec', path, 'Fjord', '--apply', '--', secret]);
    expect([told.code, told.stderr]).toEqual([2, expect.stringContaining('otj cisco shell')]);
    expect(told.stdout + told.stderr).not.toContain('geheim');
  });

  it('takes a line of several words without quotes, and speaks to people', async () => {
    const args = ['cisco', 'exec', path, oneOf(codecs).room, '--passphrase-fd', '3', '--', 'xConfiguration', 'Audio'];
    const { code, stdout } = await otj(args, PASSPHRASE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^● Fjord {2}Cisco .*\n {4}\{\n {6}"DefaultVolume": "\d+"/);
    expect(stdout.trim().split('\n').at(-1)).toBe('1 of 1 room took: xConfiguration Audio');
  });
});

describe('otj cisco shell', () => {
  function start(...flags: string[]): { child: ChildProcess; stdin: Writable; stdout: Readable } {
    const args = ['cisco', 'shell', path, oneOf(codecs).room, '--passphrase-fd', '3', ...flags];
    const child = spawn(process.execPath, [program(args), ...args], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    (child.stdio[3] as Writable).end(PASSPHRASE);
    return { child, stdin: child.stdin as Writable, stdout: child.stdout as Readable };
  }

  async function shell(input: string, ...flags: string[]): Promise<OtjRun> {
    const { child, stdin } = start(...flags);
    stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout as Readable),
      text(child.stderr as Readable),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  it.each<TransportChoice>(['ssh', 'https'])(
    'takes lines from a pipe over %s, one after the other',
    async (transport) => {
      speakOver(transport);
      const { code, stdout } = await shell(
        'xStatus SystemUnit ProductId\n\nxConfiguration Audio DefaultVolume: 33\nxConfiguration Audio DefaultVolume\nexit\nnever read\n',
        '--yes',
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: `"${oneOf(codecs).model}"\n"33"\n"33"\n` });
    },
  );

  it('changes nothing unasked, goes on after a slip, and tells of it at the end', async () => {
    const before = await volumes();
    const { code, stdout } = await shell(
      'xConfiguration Audio DefaultVolume: 99\nreboot\nxConfiguration Audio\n',
      '--json',
    );
    expect(jsonLines(stdout)).toMatchObject([
      { type: 'error', code: 'YES_NEEDED' },
      { type: 'error', code: 'XAPI_LINE' },
      { type: 'answer', line: 'xConfiguration Audio' },
    ]);
    expect([code, await volumes()]).toEqual([1, before]);
  });

  it('ends when the connection is gone', async () => {
    speakOver('ssh');
    await lab.post(`/device/${oneOf(codecs).address}/faults`, { dropOnce: 'xStatus Time' });
    const { code, stdout } = await shell('xConfiguration Audio\nxStatus Time\nxConfiguration Audio\n', '--json');
    expect(jsonLines(stdout)).toMatchObject([{ type: 'answer' }, { type: 'error', code: 'CONNECTION_LOST' }]);
    expect(code).toBe(1);
  });

  it('leaves the site file to others while it waits for a line', async () => {
    const { child, stdin, stdout } = start('--yes', '--json');
    const lines = createInterface({ input: stdout });
    const answerTo = async (line: string) => {
      stdin.write(`${line}\n`);
      return JSON.parse(String((await once(lines, 'line'))[0]));
    };
    await answerTo('xStatus SystemUnit ProductId');
    expect((await exec([oneOf(codecs, 1).room], 'xConfiguration Audio')).code).toBe(0);
    const site = Site.open(path);
    site.takeLock();
    expect(await answerTo('xConfiguration Audio DefaultVolume: 12')).toMatchObject({ code: 'SITE_BUSY' });
    site.close();
    expect(await answerTo('xConfiguration Audio DefaultVolume: 12')).toMatchObject({ type: 'answer', reply: '12' });
    stdin.end();
    await once(child, 'close');
  });
});
