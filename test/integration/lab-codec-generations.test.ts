/** What each generation of software has and has not, asked over plain SSH, TLS and HTTP. */
import { connect, type SecureVersion } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { startCodec } from '../lab/cisco/codec.ts';
import { GENERATIONS, type GenerationName, TC7 } from '../lab/cisco/generations.ts';
import type { CodecSpec, LabUser } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ADMIN, basic, cleanups, codec, http, knock, LEGACY, Shell, status } from './lab-codec-raw.ts';

const ALL = { ...GENERATIONS, tc7: TC7 };
const names = Object.keys(ALL) as (GenerationName | 'tc7')[];

async function open(change: Partial<CodecSpec>) {
  const { spec, device } = await codec(change);
  const shell = await Shell.open(spec, ADMIN, { algorithms: spec.ssh?.legacyOnly ? LEGACY : {} });
  return { spec, device, shell: await shell.json() };
}

function has(reply: Record<string, unknown>): boolean {
  return !JSON.stringify(reply).includes('Error');
}

/** The version of TLS agreed on, or the code of the error; `stay` waits for one that comes after the handshake. */
function tls(spec: CodecSpec, version: SecureVersion, stay = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({
      host: spec.address,
      port: spec.httpsPort,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT:@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    socket.on('secureConnect', () => {
      if (stay) return;
      resolve(String(socket.getProtocol()));
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
  });
}

describe('over SSH', () => {
  it('greets in the forms of its time', async () => {
    const greetings = new Map<string, string>();
    for (const name of names) {
      const { shell } = await open(ALL[name]);
      expect(await shell.ask('xStatus SystemUnit Software Version')).toMatchObject({
        Status: { SystemUnit: { Software: { Version: { Value: ALL[name].software } } } },
      });
      greetings.set(name, shell.text.slice(0, shell.text.indexOf('{\n  "Status"')));
    }
    expect(greetings.get('tc7')).toMatch(/^Welcome to boardroom-2\n.* TC7\.3\.3\.c84180a\n/);
    expect(greetings.get('ce8')).toMatch(/\nCisco Codec Release ce 8\.3\.7 Final \w+ [\d-]+\n/);
    expect(greetings.get('ce9')).toMatch(/successful\n\nOK\n\nLast login from [\d.]+ at [\d-]+ [\d:]+\n/);
    expect(greetings.get('roomos10')).toMatch(/^\*r Login successful\n\nOK\n/);
    expect(greetings.get('roomos11')).toMatch(/\nCisco Codec Release RoomOS 11\.27\.2\.0 \w+\n/);
    expect(greetings.get('roomos26')).toMatch(/^House rules:\nOK\n\{\n[\s\S]*Welcome to [\s\S]*successful\n\nOK\n/);
  });

  it('offers the ways to log in of its time, and judges no passphrase by a way that it does not offer', async () => {
    const offered = new Map<string, string[]>();
    for (const name of names) {
      const { spec, device } = await codec(ALL[name]);
      const algorithms = spec.ssh?.legacyOnly ? LEGACY : {};
      const other = spec.ssh?.auth === 'password' ? 'keyboard-interactive' : 'password';
      const { methods, outcome } = await knock(spec, ADMIN.username, other, [['wrong']], algorithms);
      offered.set(name, methods);
      expect([name, outcome]).toEqual([name, 'refused']);
      expect(device.snapshot().users).toMatchObject([{ failedLogins: spec.ssh?.auth === 'both' ? 1 : 0 }, {}]);
      const right = spec.ssh?.auth === 'password' ? 'password' : 'keyboard-interactive';
      const entered = await knock(spec, ADMIN.username, right, [[ADMIN.passphrase]], algorithms);
      expect([name, entered.outcome]).toEqual([name, 'in']);
      expect([name, entered.banner.startsWith('Property of the owner')]).toEqual([name, name === 'roomos26']);
    }
    expect(Object.fromEntries(offered)).toEqual({
      tc7: ['password'],
      ce8: ['password'],
      ce9: ['keyboard-interactive', 'password'],
      roomos10: ['keyboard-interactive'],
      roomos11: ['keyboard-interactive'],
      roomos26: ['keyboard-interactive'],
    });
  });

  it('speaks only old algorithms where nothing else is known, with a key that stays', async () => {
    const { spec, device } = await codec(GENERATIONS.ce8);
    const modern = await knock(spec, ADMIN.username, 'password', [[ADMIN.passphrase]]);
    expect(modern.outcome).toMatchObject({ message: expect.stringMatching(/no matching/) });
    const group14 = { ...LEGACY, kex: ['diffie-hellman-group14-sha1' as const], cipher: ['aes128-cbc' as const] };
    const old = await knock(spec, ADMIN.username, 'password', [[ADMIN.passphrase]], group14);
    expect(old.outcome).toBe('in');
    expect(Buffer.from(old.hostKey, 'base64').toString('latin1')).toContain('ssh-rsa');
    await device.stop();
    const again = await startCodec(spec, createWorld());
    cleanups.push(() => again.stop());
    const after = await knock(spec, ADMIN.username, 'password', [[ADMIN.passphrase]], group14);
    expect(after.hostKey).toBe(old.hostKey);
    const { spec: other } = await codec(GENERATIONS.ce8);
    expect((await knock(other, ADMIN.username, 'password', [[]], group14)).hostKey).not.toBe(old.hostKey);
  });

  it('takes back an old key exchange when it is told to', async () => {
    const { spec, shell } = await open(GENERATIONS.roomos11);
    const old = { kex: ['diffie-hellman-group14-sha1' as const] };
    const enter = () => knock(spec, ADMIN.username, 'keyboard-interactive', [[ADMIN.passphrase]], old);
    expect((await enter()).outcome).toBe('in');
    await shell.ask('xConfiguration NetworkServices SSH KeyExchangeAlgorithms AllowLegacy: Off');
    expect((await enter()).outcome).toMatchObject({ message: expect.stringMatching(/no matching/) });
  });
});

describe('over HTTPS', () => {
  it('speaks the TLS of its time', async () => {
    const spoken: Record<string, string> = {};
    for (const name of names) {
      const { spec } = await codec(ALL[name]);
      const agreed = [];
      for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
        if ((await tls(spec, version)) === version) agreed.push(version.slice(4));
      }
      spoken[name] = agreed.join(' ');
    }
    expect(spoken).toEqual({
      tc7: '1',
      ce8: '1 1.1',
      ce9: '1.1 1.2',
      roomos10: '1.1 1.2',
      roomos11: '1.2 1.3',
      roomos26: '1.2 1.3',
    });
  });

  it('raises the least version at once when it is told to', async () => {
    const { spec, shell } = await open({ software: GENERATIONS.ce9.software });
    expect(await tls(spec, 'TLSv1.1')).toBe('TLSv1.1');
    await shell.ask('xConfiguration NetworkServices HTTPS Server MinimumTLSVersion: TLSv1.2');
    expect(await tls(spec, 'TLSv1.1')).not.toBe('TLSv1.1');
    expect(await tls(spec, 'TLSv1.2')).toBe('TLSv1.2');
  });

  it('demands a certificate in the handshake or on a page', async () => {
    const settings = { 'NetworkServices HTTPS VerifyClientCertificate': 'On' };
    for (const change of [{ settings }, { tls: { clientCertificate: true } }]) {
      const { spec } = await codec(change);
      // Before TLS 1.3 there is no word for it; since then the client learns it only after its own handshake.
      expect(await tls(spec, 'TLSv1.2')).toBe('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE');
      expect(await tls(spec, 'TLSv1.3', true)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
      await expect(http(spec, 'GET', '/status.xml', basic(ADMIN))).rejects.toThrow();
    }
    const { spec } = await codec({ tls: { clientCertificate: 'page' } });
    const page = await http(spec, 'GET', '/status.xml', basic(ADMIN));
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('No required SSL certificate was sent') });
  });

  it('has no cookies before CE 8, and counts requests from RoomOS 10 on', async () => {
    // The TLS of today, so that any client can ask.
    const { spec: tc } = await codec({ software: TC7.software });
    const begun = await http(tc, 'POST', '/xmlapi/session/begin', basic(ADMIN));
    expect(begun).toMatchObject({ status: 200, text: '' });
    expect(begun.headers).not.toHaveProperty('set-cookie');
    const { spec: ce8 } = await codec({ software: GENERATIONS.ce8.software });
    expect((await http(ce8, 'POST', '/xmlapi/session/begin', basic(ADMIN))).status).toBe(204);
    const crowd = Array.from({ length: 40 }, () => http(ce8, 'GET', '/status.xml', basic(ADMIN)));
    expect((await Promise.all(crowd)).map((reply) => reply.status)).toEqual(Array(40).fill(200));
  });
});

describe('commands and settings', () => {
  it('come with their version', async () => {
    const questions = {
      macros: 'xCommand Macros Macro Get',
      panels: 'xCommand UserInterface Extensions List',
      hosts: 'xCommand HttpClient Allow Hostname List',
      engine: 'xConfiguration Macros EvaluateTranspiled',
      legacy: 'xConfiguration NetworkServices SSH KeyExchangeAlgorithms AllowLegacy',
      policy: 'xConfiguration UserManagement PasswordPolicy Complexity MinimumLength',
      entropy: 'xConfiguration UserManagement PasswordPolicy Complexity MinimumEntropy',
      cloud: 'xStatus Webex Status',
      state: 'xStatus SystemUnit State System',
    };
    const found: Record<string, string> = {};
    for (const name of names) {
      const { shell } = await open(ALL[name]);
      const replies = await Promise.all(
        Object.entries(questions).map(async ([word, line]) => (has(await shell.ask(line)) ? word : '')),
      );
      found[name] = replies.filter((word) => word !== '').join(' ');
    }
    expect(found).toEqual({
      tc7: '',
      ce8: '',
      ce9: 'macros panels hosts policy cloud',
      roomos10: 'macros panels hosts policy cloud',
      roomos11: 'macros panels hosts engine legacy policy cloud state',
      roomos26: 'macros panels hosts engine legacy policy entropy cloud state',
    });
  });

  it('start with the defaults of their version', async () => {
    const paths = {
      transpiled: 'Macros EvaluateTranspiled',
      tls: 'NetworkServices HTTPS Server MinimumTLSVersion',
      websocket: 'NetworkServices Websocket',
      sessions: 'Security Session MaxTotalSessions',
      failures: 'Security Session MaxFailedLogins',
      lockout: 'Security Session FailedLoginsLockoutTime',
    };
    const defaults = async (name: GenerationName) => {
      const { device } = await codec({ software: GENERATIONS[name].software });
      const settings = device.snapshot().settings as Record<string, string>;
      return Object.values(paths).map((path) => settings[path]);
    };
    expect(await defaults('ce9')).toEqual([undefined, 'TLSv1.1', 'Off', '20', '0', '60']);
    expect(await defaults('roomos10')).toEqual([undefined, 'TLSv1.1', 'FollowHTTPService', '20', '0', '60']);
    expect(await defaults('roomos11')).toEqual(['True', 'TLSv1.2', 'FollowHTTPService', '30', '0', '60']);
    expect(await defaults('roomos26')).toEqual(['False', 'TLSv1.2', 'FollowHTTPService', '30', '5', '5']);
  });

  it('name a booking by Id, by MeetingId or by either', async () => {
    const put = {
      Bookings: [
        {
          Id: '7',
          Title: 'Weekly',
          Number: 'weekly@lab.example',
          Protocol: 'SIP',
          Organizer: { Name: 'Kari' },
          Time: { StartTime: '2026-01-01T10:00:00Z', Duration: 30 },
        },
      ],
    };
    const taken: Record<string, string[]> = {};
    for (const name of ['ce9', 'roomos10', 'roomos11', 'roomos26'] as const) {
      const { shell } = await open(ALL[name]);
      taken[name] = [];
      for (const word of ['Id', 'MeetingId']) {
        expect(await shell.ask('xCommand Bookings Put', JSON.stringify(put))).toMatchObject(
          status('BookingsPutResult'),
        );
        const reply = await shell.ask(`xCommand Bookings Delete ${word}: 7`);
        if (has(reply)) taken[name].push(word);
        else expect(reply).toMatchObject(status('BookingsDeleteResult', 'ParameterError'));
      }
    }
    expect(taken).toEqual({
      ce9: ['Id'],
      roomos10: ['MeetingId'],
      roomos11: ['Id', 'MeetingId'],
      roomos26: ['Id', 'MeetingId'],
    });
  });

  it('know the parameters of their version and the bounds of values', async () => {
    const { shell } = await open(GENERATIONS.ce9);
    const force = 'xCommand SystemUnit Boot Action: Restart Force: False';
    expect(await shell.ask(force)).toMatchObject(status('SystemUnitBootResult', 'ParameterError'));
    const end = 'xCommand UserManagement User Passphrase Set Username: guest NewPassphrase: "Long enough 2!"';
    expect(await shell.ask(`${end} SecurityAction: None`)).toMatchObject(
      status('PassphraseSetResult', 'ParameterError'),
    );
    expect(await shell.ask(end)).toMatchObject(status('PassphraseSetResult'));
    const long = 'x'.repeat(251);
    expect(await shell.ask(`xCommand Macros Macro Activate Name: ${long}`)).toMatchObject(
      status('MacroActivateResult', 'ParameterError'),
    );
    expect(await shell.ask('xCommand Bookings List Days: 0')).toMatchObject(
      status('BookingsListResult', 'ParameterError'),
    );
    expect(await shell.ask('xConfiguration Security Session MaxFailedLogins: 11')).toMatchObject({
      Configuration: { Security: { Session: { MaxFailedLogins: { error: 'True', Value: 'Illegal value' } } } },
    });
  });
});

describe('rights', () => {
  const people = (['User', 'Integrator', 'RoomControl', 'Audit'] as const).map(
    (role): LabUser => ({ username: role, passphrase: `passphrase of ${role}`, roles: [role] }),
  );

  it('are those of the schemas', async () => {
    const { spec } = await codec({ users: [{ ...ADMIN, roles: ['Admin'] }, ...people] });
    const questions = {
      product: 'xStatus SystemUnit ProductId',
      version: 'xStatus SystemUnit Software Version',
      calls: 'xStatus SystemUnit State NumberOfActiveCalls',
      mode: 'xConfiguration Macros Mode',
      switch: 'xConfiguration Macros Mode: On',
      zone: 'xConfiguration Time Zone: "Europe/Oslo"',
      manager: 'xConfiguration Provisioning Mode: Off',
      macros: 'xCommand Macros Macro Get',
      users: 'xCommand UserManagement User List',
      bookings: 'xCommand Bookings List',
      clear: 'xCommand Bookings Clear',
      panels: 'xCommand UserInterface Extensions List',
      export: 'xCommand UserInterface Extensions Export',
      hosts: 'xCommand HttpClient Allow Hostname List',
      session: 'xCommand Security Session Get',
      sessions: 'xCommand Security Session List',
    };
    const may: Record<string, string> = {};
    for (const person of people) {
      const shell = await (await Shell.open(spec, person)).json();
      const words = [];
      for (const [word, line] of Object.entries(questions)) if (has(await shell.ask(line))) words.push(word);
      may[person.username] = words.join(' ');
    }
    expect(may).toEqual({
      User: 'product version calls mode zone manager bookings clear panels session',
      Integrator: 'product calls zone panels export session',
      RoomControl: 'calls panels export session',
      Audit: 'session',
    });
  });
});
