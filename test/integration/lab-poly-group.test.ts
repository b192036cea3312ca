import { afterEach, describe, expect, it } from 'vitest';
import { startPoly } from '../lab/poly/poly.ts';
import type { LabDevice, PolyGroupSpec } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ADMIN, ask, GROUP, loggedIn, ssh, telnet } from './lab-poly-raw.ts';

let device: LabDevice | undefined;
afterEach(async () => {
  await device?.stop();
  device = undefined;
});

async function start(changes: Partial<PolyGroupSpec> = {}): Promise<PolyGroupSpec> {
  const spec = { ...GROUP, ...changes };
  device = await startPoly(spec, createWorld());
  return spec;
}

const settings = (): unknown => device?.snapshot().settings;

describe('the command line of a Group', () => {
  it('asks for a password only over telnet, and greets with who it is', async () => {
    const spec = await start();
    const terminal = await telnet(spec);
    await terminal.until(/^Password:$/);
    terminal.send('wrong\r');
    await terminal.until(/password failed\r\nPassword:$/);
    terminal.send(`${ADMIN.password}\r`);
    await terminal.until(/my name is : Board Room\r\n/);
    await terminal.until(/Model: +RealPresence Group 500\r\n/);
    await terminal.until(/Serial Number: +82150000TEST01\r\n/);
    await terminal.until(/SNMP Enabled:/);
    terminal.end();
  });

  it('has a returned return over SSH, and the same settings', async () => {
    const spec = await start();
    const terminal = await loggedIn(spec, 'ssh');
    expect(await terminal.run('calendarserver node.example.com')).toBe('calendarserver node.example.com\r\r\n');
    expect(settings()).toMatchObject({ 'cal.ews.server': 'node.example.com' });
    terminal.end();
    await expect(ssh(spec, { ...ADMIN, password: 'wrong' })).rejects.toThrow('authentication');
  });

  it('reads and writes all calendar settings', async () => {
    const spec = await start();
    const terminal = await loggedIn(spec, 'telnet');
    const said = async (command: string): Promise<string> => (await terminal.run(command)).trimEnd();
    expect(await said('calendarregisterwithserver get')).toBe('calendarregisterwithserver no');
    expect(await said('calendarresource get')).toBe('calendarresource room@example.com');
    for (const command of [
      'calendarresource new@example.com',
      'calendaruser new-user',
      'calendarprotocol tls',
      'calendarremindertime none',
      'calendarplaytone no',
      'calendarshowpvtmeetings yes',
      'calendarregisterwithserver yes',
    ]) {
      expect(await said(command)).toBe(command);
      const [root = ''] = command.split(' ');
      expect(await said(`${root} get`)).toBe(command);
    }
    expect(await said('calendardomain set CORP')).toBe('calendardomain CORP');
    expect(await said('calendardomain get')).toBe('calendardomain CORP');
    expect(await said('calendardomain OTHER')).toBe(' error: sub command "OTHER" not found');
    expect(await said('calendarpassword "new secret"')).toBe('calendarpassword "new secret"');
    expect(await said('calendarpassword get')).toBe('calendarpassword get');
    expect(settings()).toMatchObject({
      'cal.enabled': 'True',
      'cal.ews.secureconnectionprotocol': 'tlsv1',
      'cal.remindertime': 'None',
      'cal.ews.domain': 'CORP',
      'cal.ews.password': expect.stringMatching(/^sha256:/),
    });
    terminal.end();
  });

  it('refuses in its own words', async () => {
    const spec = await start({ cli: { gapMs: 0, user: { username: 'user', password: 'looker-1' } } });
    const terminal = await loggedIn(spec, 'telnet');
    const said = async (command: string): Promise<string> => (await terminal.run(command)).trimEnd();
    expect(await said('nonsense')).toBe('error: command not found');
    expect(await said('calendarserver')).toBe('error: command needs more parameters to execute successfully');
    expect(await said('calendarserver https://node/EWS')).toBe('error: command has illegal parameters');
    expect(await said('calendarserver two words')).toBe('error: command has illegal parameters');
    expect(await said('calendarserver "open')).toBe('error: command contains unterminated quoted string');
    expect(await said('calendardiscovery a b')).toBe('error: this command is not supported');
    expect(await said(`calendaruser ${'u'.repeat(65)}`)).toBe('error: command has illegal parameters');
    expect(settings()).toMatchObject({ 'cal.ews.server': 'old.example.com' });
    terminal.end();
    const looker = await ssh(spec, { username: 'user', password: 'looker-1' });
    await looker.until(/SNMP Enabled:[^\n]*\n/);
    expect(await looker.run('calendarserver get')).toContain('calendarserver old.example.com');
    expect(await looker.run('calendarserver x.example.com')).toContain('error: Permission Denied');
    looker.end();
  });
});

describe('REST of a Group', () => {
  it('logs in without a token, and shows what the command line set', async () => {
    const spec = await start();
    expect((await ask(spec, 'GET', '/rest/system')).status).toBe(401);
    const login = await ask(spec, 'POST', '/rest/session', {
      body: { user: ADMIN.username, password: ADMIN.password, action: 'Login' },
    });
    const { sessionId } = (login.json as { session: { sessionId: string } }).session;
    const headers = { cookie: `session_id=${sessionId}` };
    expect((await ask(spec, 'GET', '/rest/system', { headers })).json).toMatchObject({
      model: 'RealPresence Group 500',
      softwareVersion: 'Release - 6.2.2.8-670021',
      serialNumber: '82150000TEST01',
    });
    const rows = (await ask(spec, 'GET', '/rest/system/status', { headers })).json;
    // As recorded: fourteen rows, none of them for the calendar, and no other word on it.
    expect(rows).toHaveLength(14);
    expect(rows).toContainEqual({ name: 'system.status.provisioning', languageTag: 'PROVISIONING', state: ['down'] });
    expect((await ask(spec, 'GET', '/rest/calendar', { headers })).status).toBe(404);
    const terminal = await loggedIn(spec, 'telnet');
    await terminal.run('calendarserver by-cli.example.com');
    terminal.end();
    const read = await ask(spec, 'POST', '/rest/config', {
      headers,
      body: { names: ['cal.ews.server', 'exchange.enable'] },
    });
    expect(read.json).toMatchObject({
      vars: [{ value: 'by-cli.example.com', result: 'NOERROR' }, { result: 'INVALIDNAME' }],
    });
    const verify = { action: 'VerifyIdentity', passwordType: 'Admin', password: ADMIN.password };
    expect((await ask(spec, 'POST', '/rest/session', { headers, body: verify })).json).toEqual({ verified: true });
    expect((await ask(spec, 'POST', '/rest/session', { headers, body: { action: 'Logout' } })).status).toBe(200);
    expect((await ask(spec, 'GET', '/rest/system', { headers })).status).toBe(401);
  });
});
