/** `otj poly get`, `set` and `shell` as a person or a script uses them, on a Group over its command line and a Trio. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPoly } from '../lab/poly/poly.ts';
import type { LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { jsonLines, type OtjRun, program } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { GROUP, TRIO } from './lab-poly-raw.ts';

const PASSPHRASE = 'Correct-Horse-Battery-77';
const ports = { httpsPort: 19_543, sshPort: 19_522, telnetPort: 19_524 };
const group = { ...GROUP, ...ports, address: '127.66.8.1', cli: { echo: true } };
const trio = { ...TRIO, address: '127.66.8.2', httpsPort: ports.httpsPort };

let folder: string;
let path: string;
let devices: LabDevice[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-cli-poly-'));
  path = join(folder, 'oslo.otjsite');
  devices = [await startPoly(group, createWorld()), await startPoly(trio, createWorld())];
  const list = join(folder, 'rooms.csv');
  writeFileSync(
    list,
    'room,building,floor,mailbox,address,family\n' +
      'Fjord,Oslo,1,fjord@example.com,127.66.8.1,poly-group\nHav,Oslo,1,hav@example.com,127.66.8.2,poly-trio\n',
  );
  const login = (kind: string, user: string) => ['--for', kind, '--user', user, '--password-fd', '4'];
  const set = ['credential', 'set', path, '--passphrase-fd', '3'];
  for (const run of [
    await otjHere(
      ['init', path, '--ssh-port', `${ports.sshPort}`, '--https-port', `${ports.httpsPort}`, '--passphrase-fd', '3'],
      PASSPHRASE,
    ),
    await otjHere(['import', path, list]),
    await otjHere([...set, ...login('poly-group', 'admin')], PASSPHRASE, group.admin.password),
    await otjHere([...set, ...login('poly-trio', 'Polycom')], PASSPHRASE, trio.admin.password),
  ])
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
}, 60_000);

afterAll(async () => {
  for (const device of devices) await device.stop();
  rmSync(folder, { recursive: true });
});

const call = (...args: string[]): Promise<OtjRun> => otjHere([...args, '--passphrase-fd', '3'], PASSPHRASE);

async function shell(room: string, input: string, ...flags: string[]): Promise<OtjRun> {
  const child = spawn(
    process.execPath,
    [program(['poly']), 'poly', 'shell', path, room, '--passphrase-fd', '3', ...flags],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  (child.stdio[3] as Writable).end(PASSPHRASE);
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('otj poly get and set', () => {
  it('reads, writes after a yes, and reads back', async () => {
    const got = await call('--json', 'poly', 'get', path, 'Fjord', 'cal.ews.server', 'cal.ews.password', 'no.such');
    expect(got.code).toBe(1);
    expect(jsonLines(got.stdout)).toMatchObject([
      { name: 'cal.ews.server', value: 'old.example.com', problem: null },
      { name: 'cal.ews.password', value: null, secret: true },
      { name: 'no.such', value: null, problem: expect.any(String) },
    ]);
    const unasked = await call('poly', 'set', path, 'Hav', 'exchange.auth.email', 'x@example.com');
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const set = await call('poly', 'set', path, 'Hav', 'exchange.auth.email', 'x@example.com', '--yes');
    expect(set.stderr).toBe('');
    expect(set.stdout).toContain('room@example.com → x@example.com');
    const on = await call('poly', 'set', path, 'Hav', 'feature.exchangeCalendar.enabled', 'yes', '--yes');
    expect([on.code, on.stdout]).toEqual([0, expect.stringContaining('enabled: 1')]);
    const settings = devices[1]?.snapshot().settings as Record<string, string>;
    expect(settings['exchange.auth.email']).toBe('x@example.com');
  }, 60_000);

  it('takes no password as an argument', async () => {
    const run = await call('poly', 'set', path, 'Hav', 'exchange.auth.password', 'Geheim-123', '--yes');
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('poly shell')]);
  });
});

describe('otj poly shell', () => {
  it('reads freely, writes only with a yes, tells no password, and hangs up', async () => {
    await call('device', path, 'Fjord', '--transport', 'ssh');
    const reading = await shell('Fjord', 'calendarserver get\nget cal.enabled\ncalendarserver new.example.com\n');
    expect(reading.stdout).toContain('calendarserver old.example.com');
    expect(reading.stdout).toContain('cal.enabled: False');
    expect(reading.stdout + reading.stderr).toContain('nobody who could be asked');
    expect(reading.code).toBe(1);
    const writing = await shell(
      'Fjord',
      'set cal.ews.server new.example.com\ncalendarpassword Geheim-123\nset cal.ews.password Geheim-456\n' +
        'set cal.enabled yes\nset cal.ews.secureconnectionprotocol tls\nset cal.enabled disabled\n',
      '--yes',
    );
    expect(writing.stderr).toBe('');
    expect(writing.stdout).toContain('cal.ews.server: new.example.com');
    expect(writing.stdout).toContain('cal.enabled: True');
    expect(writing.stdout).toContain('cal.ews.secureconnectionprotocol: tlsv1');
    expect(writing.stdout).toContain('cal.enabled: False');
    expect(writing.stdout).not.toContain('Geheim');
    const { settings, sessions } = (devices[0]?.snapshot() ?? {}) as {
      settings: Record<string, string>;
      sessions: number;
    };
    expect(settings['cal.ews.server']).toBe('new.example.com');
    expect(sessions).toBe(0);
  }, 60_000);

  it('uses telnet only after somebody has said so, and says that it is not safe', async () => {
    expect((await call('device', path, 'Hav', '--transport', 'telnet')).code).toBe(2);
    const set = await call('device', path, 'Fjord', '--transport', 'telnet');
    expect(set.stdout).toMatch(/TELNET only/);
  });
});
