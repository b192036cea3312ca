import { afterEach, describe, expect, it } from 'vitest';
import { startPoly } from '../lab/poly/poly.ts';
import type { LabDevice, PolyGroupSpec } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ADMIN, GROUP, loggedIn, poll, ssh, type Terminal, telnet } from './lab-poly-raw.ts';

let device: LabDevice | undefined;
afterEach(async () => {
  await device?.stop();
  device = undefined;
});

async function start(changes: Partial<PolyGroupSpec> = {}): Promise<PolyGroupSpec> {
  const spec = { ...GROUP, address: '127.31.23.1', ...changes };
  device = await startPoly(spec, createWorld());
  return spec;
}

const cli = (more: PolyGroupSpec['cli']): Pick<PolyGroupSpec, 'cli'> => ({ cli: { gapMs: 0, ...more } });
const said = async (terminal: Terminal, command: string): Promise<string> => (await terminal.run(command)).trimEnd();

describe('words', () => {
  it('come back before the answer while echo is on', async () => {
    const terminal = await loggedIn(await start(cli({ echo: true })), 'ssh');
    expect(await terminal.run('calendarserver get')).toBe(
      'calendarserver get\r\r\ncalendarserver old.example.com\r\r\necho "-mark-"\r\r\n',
    );
    await terminal.run('cmdecho off');
    expect(await terminal.run('calendarserver get')).toBe('calendarserver old.example.com\r\r\n');
    terminal.end();
  });

  it.each([
    ['never', ['old.example.com', 'Board Room']],
    ['blanks', ['old.example.com', '"Board Room"']],
    ['always', ['"old.example.com"', '"Board Room"']],
    ['mixed', ['"old.example.com"', '"Board Room"']],
  ] as const)('stand in quotes: %s', async (quotes, [server, name]) => {
    const terminal = await loggedIn(await start(cli({ quotes })), 'telnet');
    expect(await said(terminal, 'calendarserver get')).toBe(`calendarserver ${server}`);
    expect(await said(terminal, 'systemname get')).toBe(`systemname ${name}`);
    if (quotes === 'mixed') {
      await terminal.run('calendaruser get');
      expect(await said(terminal, 'calendarserver get')).toBe('calendarserver old.example.com');
    }
    terminal.end();
  });

  it('are mixed with what nobody asked for, and come in pieces', async () => {
    const spec = await start({ ...cli({ tightErrors: true }), faults: { chatter: true, splitBytes: 3 } });
    const terminal = await loggedIn(spec, 'telnet');
    const text = await terminal.run('calendarresource get');
    expect(text).toMatch(/^notification:.*\r\ncalendarresource room@example\.com\r\nControl event: /);
    expect(await terminal.run('nonsense')).toContain('error:command not found\r\n');
    terminal.end();
  });

  it('tell of the device', async () => {
    const spec = await start({ ...cli({ passwordEcho: false }), faults: { inCall: true } });
    const terminal = await loggedIn(spec, 'telnet');
    expect(await said(terminal, 'serialnum')).toBe('serialnum 82150000TEST01');
    expect(await said(terminal, 'systemsetting get model')).toBe('systemsetting model "RealPresence Group 500"');
    expect(await said(terminal, 'apiport get')).toBe('apiport 2324');
    expect(await said(terminal, 'calendarpassword new-secret')).toBe('calendarpassword');
    const status = await said(terminal, 'status');
    expect(status).toMatch(/^inacall online\r\n[\s\S]*^calendar offline\r\nstatus end$/m);
    expect(await said(terminal, 'notify calendarmeetings')).toBe('notify calendarmeetings success');
    terminal.end();
  });
});

describe('haste', () => {
  it('loses what comes too soon', async () => {
    const terminal = await loggedIn(await start({ cli: { gapMs: 60_000, tooQuick: 'lost' } }), 'telnet');
    terminal.send('calendaruser first\r');
    terminal.send('calendaruser second\r');
    await terminal.until(/calendaruser first\r\n$/);
    expect(device?.snapshot()).toMatchObject({ settings: { 'cal.ews.username': 'first' } });
    terminal.end();
  });

  it('garbles it', async () => {
    const terminal = await loggedIn(await start({ cli: { gapMs: 60_000, tooQuick: 'garbled' } }), 'telnet');
    terminal.send('calendaruser first\rcalendaruser second\r');
    await terminal.until(/calendaruser first\r\nerror: command not found\r\n$/);
    terminal.end();
  });
});

describe('faults', () => {
  it('cut one answer after its effect', async () => {
    const terminal = await loggedIn(await start({ faults: { dropOnce: 'calendarserver' } }), 'ssh');
    terminal.send('calendarserver node.example.com\r');
    await poll(() => terminal.closed).toBe(true);
    expect(terminal.text).not.toContain('calendarserver node.example.com');
    expect(device?.snapshot()).toMatchObject({ settings: { 'cal.ews.server': 'node.example.com' } });
  });

  it('cut the connection between two settings', async () => {
    const terminal = await loggedIn(await start({ faults: { dropAfterVars: 1 } }), 'telnet');
    terminal.send('calendarserver node.example.com\r');
    await terminal.until(/calendarserver node/);
    terminal.send('calendaruser new-user\r');
    await poll(() => terminal.closed).toBe(true);
    expect(device?.snapshot()).toMatchObject({
      settings: { 'cal.ews.server': 'node.example.com', 'cal.ews.username': 'old-user' },
    });
  });

  it('refuse and forget', async () => {
    const faults = { refuse: { 'cal.ews.server': 'X' }, forget: ['cal.ews.username'] };
    const terminal = await loggedIn(await start({ faults }), 'telnet');
    expect(await said(terminal, 'calendarserver node.example.com')).toBe('error: command has illegal parameters');
    expect(await said(terminal, 'calendaruser new-user')).toBe('calendaruser new-user');
    expect(await said(terminal, 'calendaruser get')).toBe('calendaruser old-user');
    terminal.end();
  });
});

describe('logins', () => {
  it('over SSH can be refused in words', async () => {
    const spec = await start(cli({ sshRefusal: 'text' }));
    const terminal = await ssh(spec, { ...ADMIN, password: 'wrong' });
    await poll(() => terminal.closed).toBe(true);
    expect(terminal.text).toBe('password failed\r\r\n');
  });

  it('lock after five tries over telnet, and SSH with them', async () => {
    const spec = await start();
    for (let connection = 0; connection < 2; connection++) {
      const terminal = await telnet(spec);
      await terminal.until(/Password:/);
      terminal.send('wrong\rwrong\rwrong\r');
      await poll(() => terminal.closed).toBe(true);
    }
    await expect(ssh(spec, ADMIN)).rejects.toThrow('authentication');
  });

  it('find no place when all sessions are taken', async () => {
    const spec = await start({ faults: { sessionsFull: true } });
    const terminal = await telnet(spec);
    await terminal.until(/Password:/);
    terminal.send(`${ADMIN.password}\r`);
    await terminal.until(/maximum number of sessions/);
    await expect(ssh(spec, ADMIN)).rejects.toThrow('authentication');
  });

  it('have old algorithms only, where the device knows no others', async () => {
    await expect(ssh(await start(cli({ legacyOnly: true })), ADMIN)).rejects.toThrow('Handshake');
  });
});

it('restarts, and is away for a time', async () => {
  const spec = await start({ pace: { outageMs: 300 } });
  const terminal = await loggedIn(spec, 'ssh');
  terminal.send('reboot now\r');
  await poll(() => terminal.closed).toBe(true);
  await expect(telnet(spec)).rejects.toThrow('ECONNREFUSED');
  await poll(() =>
    telnet(spec).then(
      () => 'up',
      () => 'down',
    ),
  ).toBe('up');
});
