/** `otj macros`, `otj device` and what a technician decides by options, as a person or a script uses them. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { cameraPresets, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice, LabMacro } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { jsonLines, type OtjRun, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { Shell } from './lab-codec-raw.ts';

const PASSPHRASE = 'Correct-Horse-Battery-77';
const ADMIN = { username: 'admin', passphrase: 'Codec-Login-4711', roles: ['Admin' as const] };
const PORTS = { sshPort: 2267, httpsPort: 8467 };
const [SETTINGS, MAIN] = otjMacroPair({ tenant: 'fjord', token: 'token-of-fjord-4711', pollMs: 60_000 });
if (!SETTINGS || !MAIN) throw new Error('no pair');

const hidden = (name: string, extra = ''): LabMacro => ({
  name,
  active: true,
  content: MAIN.content
    .replace("import * as settings from './otj-macro-settings';", `const settings = { token: 'token-4712' };\n${extra}`)
    .replace('settings.host', "'fjord.otj.' + 'pexip.io'"),
});
const ODD = hidden('calendar');
/** Would clear the screen and turn the line round, were it printed as it is. */
const HOSTILE = hidden('evil', '// \u001b[2J\u001b]0;owned\u0007 \u202e txt\n');

let folder: string;
let path: string;
const devices: LabDevice[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-cli-macros-'));
  path = join(folder, 'oslo.otjsite');
  for (const [at, macros] of [[SETTINGS, MAIN, cameraPresets, ODD, HOSTILE], [ODD, HOSTILE], []].entries())
    devices.push(
      await startCodec(
        {
          kind: 'codec',
          address: `127.66.2.${at + 1}`,
          ...PORTS,
          serial: `FOC66CLI${at}`,
          mac: `00:50:60:00:67:0${at}`,
          model: 'Cisco Room Kit',
          systemName: `Room ${at}`,
          software: 'ce11.27.2.0.0123456789a',
          users: [ADMIN],
          macros,
          settings: { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
        },
        createWorld(),
      ),
    );
  const list = join(folder, 'rooms.csv');
  const rows = ['Fjord', 'Hav', 'Sund'].map(
    (name, at) => `${name},Oslo,1,${name}@example.com,127.66.2.${at + 1},cisco`,
  );
  writeFileSync(
    list,
    ['room,building,floor,mailbox,address,family', ...rows, 'Tom,Oslo,1,Tom@example.com,,'].join('\n'),
  );
  const ports = ['--ssh-port', `${PORTS.sshPort}`, '--https-port', `${PORTS.httpsPort}`];
  const login = ['--for', 'cisco', '--user', ADMIN.username, '--password-fd', '4'];
  for (const run of [
    await otjHere(['init', path, ...ports, '--passphrase-fd', '3'], PASSPHRASE),
    await otjHere(['import', path, list]),
    await otjHere(['credential', 'set', path, ...login, '--passphrase-fd', '3'], PASSPHRASE, ADMIN.passphrase),
    await otjHere(['settings', path, 'proofMs=0', 'proofEveryMs=50']),
  ])
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
}, 60_000);

afterAll(async () => {
  for (const device of devices) await device.stop();
  rmSync(folder, { recursive: true });
});

/** As a process of its own, once for each command. */
const started = (...args: string[]): Promise<OtjRun> => otj([...args, '--passphrase-fd', '3'], PASSPHRASE);
const call = (...args: string[]): Promise<OtjRun> => otjHere([...args, '--passphrase-fd', '3'], PASSPHRASE);
const json = async (...args: string[]) => {
  const run = await call('--json', ...args);
  return { ...run, lines: jsonLines(run.stdout) };
};

function kept(name: string) {
  const site = Site.open(path);
  try {
    const room = site.rooms.all().find((one) => one.name === name);
    if (!room) throw new Error(`no room ${name}`);
    const { accepted, takeMacros, leaveMacros, state } = room;
    return { accepted, takeMacros, leaveMacros, state };
  } finally {
    site.close();
  }
}

function macrosOn(at: number): string[] {
  const { macros } = (devices[at]?.snapshot() ?? { macros: [] }) as { macros: { name: string }[] };
  return macros.map(({ name }) => name).sort();
}

describe('otj macros', () => {
  it('prints what is judged of each, why, and ends with 1 while one waits for a person', async () => {
    const { code, stdout } = await started('macros', path, 'Fjord');
    expect(code).toBe(1);
    expect(stdout).toMatch(/macro\s+active\s+bytes\s+verdict\s+score\s+decided/);
    expect(stdout).toMatch(/otj-macro-settings\s+yes\s+\d+\s+● OTJ\s+\d+\s+–/);
    expect(stdout).toMatch(/calendar\s+yes\s+\d+\s+▲ uncertain\s+\d+\s+–/);
    expect(stdout).toMatch(/camera-presets\s+yes\s+\d+\s+○ other\s+0\s+–/);
    expect(stdout).toContain('    calls the One-Touch Join service of Pexip (otj.pexip.io)\n');
    expect(stdout).toContain('2 macros wait for a decision.');
  });

  it('tells a machine the same, without the texts', async () => {
    const { code, lines } = await json('macros', path, 'fjord@example.com');
    expect(code).toBe(1);
    expect(lines.map(({ type, name, verdict }) => [type, name, verdict])).toEqual([
      ['macro', SETTINGS.name, 'otj'],
      ['macro', MAIN.name, 'otj'],
      ['macro', cameraPresets.name, 'other'],
      ['macro', ODD.name, 'uncertain'],
      ['macro', HOSTILE.name, 'uncertain'],
      ['result', undefined, undefined],
    ]);
    expect(lines.at(-1)).toEqual({ type: 'result', room: 'Fjord', macros: 5, undecided: [ODD.name, HOSTILE.name] });
    expect(lines[3]).toMatchObject({ room: 'Fjord', like: { name: MAIN.name, room: 'Fjord' } });
    expect(lines.some((line) => 'content' in line)).toBe(false);
  });

  it('shows one with its signs marked, beside the one most like it', async () => {
    const { stdout } = await call('macros', path, 'Fjord', '--show', ODD.name);
    expect(stdout).toContain(`beside it: ${MAIN.name} of Fjord`);
    expect(stdout).toMatch(/^▶ +\d+ .*'fjord\.otj\.' \+ 'pexip\.io'/m);
    expect(stdout).toMatch(/^ +\^ puts a host of the Service together from pieces, or encodes it: otj\.pexip\.io$/m);
    // The same line on both sides, and one that is another.
    expect(stdout).toMatch(/import xapi from 'xapi'; +│ +1 {2}import xapi from 'xapi';/);
    expect(stdout).toMatch(/const settings = .* ≠ +\d+ {2}import \* as settings/);
  });

  it('shows one whole where there is none to compare with, as JSON too', async () => {
    const { stdout } = await call('macros', path, 'Hav', '--show', ODD.name);
    for (const line of ODD.content
      .trimEnd()
      .split('\n')
      .filter((one) => !one.includes('token-')))
      expect(stdout).toContain(line);
    const { lines } = await json('macros', path, 'Hav', '--show', ODD.name);
    expect(lines[0]).toMatchObject({ name: ODD.name, like: null, content: expect.stringContaining('Bookings.Put') });
  });

  it('lets nothing of a macro act on the terminal, and shows no secret', async () => {
    for (const name of [HOSTILE.name, ODD.name, SETTINGS.name]) {
      const { stdout } = await call('macros', path, 'Fjord', '--show', name);
      expect(stdout).toMatch(/^(?:[^\p{Cc}\u202a-\u202e\u2066-\u2069]|\n)+$/u);
      expect(stdout).not.toMatch(/token-of-fjord|token-4712/);
    }
  });

  it('refuses names that are not there', async () => {
    const macro = await json('macros', path, 'Fjord', '--show', 'nobody');
    expect([macro.code, macro.lines.at(-1)]).toEqual([
      2,
      expect.objectContaining({ code: 'USAGE', words: expect.stringContaining('camera-presets') }),
    ]);
    const room = await json('macros', path, 'Nirgends');
    expect([room.code, room.lines.at(-1)?.code]).toEqual([2, 'ROOM_UNKNOWN']);
  });

  it('says so when a codec has none', async () => {
    expect(await call('macros', path, 'Sund')).toMatchObject({ code: 0, stdout: 'Sund has no macros.\n' });
  });
});

describe('otj device', () => {
  const device = async (...args: string[]) => {
    const run = await otjHere(['--json', 'device', path, ...args]);
    return { code: run.code, line: jsonLines(run.stdout).at(-1) };
  };

  it('shows how the device is spoken to, and what it told', async () => {
    expect((await device('Sund')).line).toMatchObject({ transport: 'auto', legacy: false });
    await call('plan', path, 'Sund');
    const { code, line } = await device('Sund');
    expect(code).toBe(0);
    expect(line).toMatchObject({ room: 'Sund', serial: 'FOC66CLI2', lastTransport: 'ssh', weakness: null });
    expect(line?.told).toContainEqual({ key: 'generation', value: 'RoomOS 11', warn: false });
    const { stdout } = await otj(['device', path, 'Sund']);
    expect(stdout).toMatch(/generation +RoomOS 11/);
    expect(stdout).toMatch(/spoken to over +whatever works/);
    expect(stdout).toMatch(/old algorithms +refused/);
  });

  it('sets how to speak to it, one thing at a time, and that holds', async () => {
    expect((await device('Sund', '--transport', 'https')).line).toMatchObject({ transport: 'https', legacy: false });
    expect((await device('Sund', '--legacy', 'on')).line).toMatchObject({ transport: 'https', legacy: true });
    await call('macros', path, 'Sund');
    expect((await device('Sund', '--legacy', 'off')).line).toMatchObject({ lastTransport: 'https', legacy: false });
    expect((await device('Sund', '--transport', 'auto')).line).toMatchObject({ transport: 'auto' });
  });

  it('refuses other words, and rooms without a device', async () => {
    const wrong = [
      ['Sund', '--transport', 'telnet'],
      ['Sund', '--legacy', 'maybe'],
      ['Tom', '--legacy', 'on'],
      ['Tom'],
    ];
    const runs = await Promise.all(wrong.map((args) => device(...args)));
    expect(runs.map(({ line }) => line?.code)).toEqual(['USAGE', 'USAGE', 'NO_ADDRESS', 'NO_ADDRESS']);
    expect(runs.slice(0, 2).map(({ code }) => code)).toEqual([2, 2]);
  });
});

describe('what a technician decides', () => {
  it('is refused without the rooms it is for, or when it goes both ways', async () => {
    const wrong = [
      ['plan', path, '--accept', 'manager'],
      ['run', path, '--accept', 'clock'],
      ['run', path, '--take-macro', 'x'],
      ['run', path, '--leave-macro', 'x'],
      ['run', path, 'Fjord', '--leave-macro', 'x', '--take-macro', 'x'],
      ['run', path, 'Fjord', '--accept', 'everything'],
    ];
    const runs = await Promise.all(wrong.map((args) => json(...args)));
    expect(runs.map(({ code, lines }) => [code, lines.at(-1)?.code])).toEqual(wrong.map(() => [2, 'USAGE']));
    expect(kept('Fjord')).toEqual({ accepted: [], takeMacros: [], leaveMacros: [], state: 'not started' });
  });

  it('is kept with the rooms, but for a call', async () => {
    await call('plan', path, 'Sund', 'Hav', '--accept', 'manager', '--accept', 'call');
    expect([kept('Sund').accepted, kept('Hav').accepted, kept('Fjord').accepted]).toEqual([
      ['manager'],
      ['manager'],
      [],
    ]);
    await call('plan', path, 'Sund', '--accept', 'clock');
    expect(kept('Sund').accepted).toEqual(['manager', 'clock']);
  });

  it('lets a room in a call through, this time only', async () => {
    devices[2]?.setFaults({ inCall: true });
    const codes = async (...args: string[]) =>
      (await json('plan', path, 'Sund', ...args)).lines.map(
        ({ problem }) => (problem as { code: string } | null)?.code,
      );
    expect(await codes()).toContain('IN_CALL');
    expect(await codes('--accept', 'call')).not.toContain('IN_CALL');
    expect(await codes()).toContain('IN_CALL');
    devices[2]?.setFaults({});
  });

  it('takes the one macro and leaves the other, and the newer word holds', async () => {
    await call('plan', path, 'Fjord');
    expect(kept('Fjord').state).toBe('needs attention');
    const wrong = ['--leave-macro', ODD.name, '--leave-macro', HOSTILE.name];
    devices[0]?.setFaults({ inCall: true });
    await call('run', path, 'Fjord', ...wrong);
    expect(kept('Fjord')).toMatchObject({ takeMacros: [], leaveMacros: [ODD.name, HOSTILE.name] });
    devices[0]?.setFaults({});
    await call('run', path, 'Fjord', '--take-macro', ODD.name);
    // A word to take one is used up with the macro it was given for; one that is there still is left from now on too.
    expect(kept('Fjord')).toMatchObject({ takeMacros: [], leaveMacros: [HOSTILE.name] });
    expect(macrosOn(0)).toEqual([cameraPresets.name, HOSTILE.name]);
    // Somebody saves a macro of their own where one must go back: it is shown, and only what was shown is agreed to.
    const save = async (text: string) => {
      const shell = await (await Shell.open(devices[0]?.spec as CodecSpec, ADMIN)).json();
      await shell.ask(`xCommand Macros Macro Save Name: "${MAIN.name}" Overwrite: True Transpile: False`, text);
      shell.end();
    };
    await save('console.log("ours");\n');
    const shown = await json('undo', path, 'Fjord', '--overwrite-macro', MAIN.name);
    expect([shown.code, shown.lines.at(-1)?.code]).toEqual([2, 'USAGE']);
    const seen = shown.lines.find(({ type }) => type === 'macro');
    expect(seen).toMatchObject({ name: MAIN.name, content: expect.stringContaining('"ours"') });
    await save('console.log("changed meanwhile");\n');
    const agreed = ['--overwrite-macro', `${MAIN.name}=${seen?.sha256}`];
    expect((await call('undo', path, 'Fjord', ...agreed)).stdout).toContain('[MACRO_IN_THE_WAY]');
    await save('console.log("ours");\n');
    expect((await call('undo', path, 'Fjord', ...agreed)).stdout).not.toContain('MACRO_IN_THE_WAY');
    expect(macrosOn(0)).toEqual([SETTINGS, MAIN, cameraPresets, ODD, HOSTILE].map(({ name }) => name).sort());
  });
});

describe('otj backup', () => {
  it('lists what is saved, shows a text without its secrets, and writes one as it is to a new file', async () => {
    // As the test before this one leaves it.
    const { lines } = await json('backup', path, 'Fjord');
    expect(lines.map(({ kind, name }) => [kind, name])).toContainEqual(['taken', SETTINGS.name]);
    const shown = await started('backup', path, 'Fjord', '--show', SETTINGS.name);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('export const host') });
    expect(shown.stdout).not.toContain('token-of-fjord-4711');
    const out = join(folder, 'settings.js');
    expect((await call('backup', path, 'Fjord', '--show', SETTINGS.name, '--out', out)).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(SETTINGS.content);
    expect(statSync(out).mode & 0o077).toBe(0);
    const again = await json('backup', path, 'Fjord', '--show', SETTINGS.name, '--out', out);
    expect([again.code, again.lines.at(-1)?.code]).toEqual([2, 'USAGE']);
    const none = await json('backup', path, 'Fjord', '--show', 'nobody');
    expect([none.code, none.lines.at(-1)?.code]).toEqual([2, 'USAGE']);
  });
});
