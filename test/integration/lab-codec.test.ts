import { createServer } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { generate } from 'selfsigned';
import { Client as SshClient } from 'ssh2';
import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { startCodec } from '../lab/cisco/codec.ts';
import { awkwardText, neighbours, OTJ_MACRO, OTJ_MACRO_SETTINGS, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice, World } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { ADMIN, basic, cleanups, codec, cookie, getMacro, http, Shell, status, USER } from './lab-codec-raw.ts';

describe('the shell', () => {
  it('greets, answers in JSON and says bye', async () => {
    const { spec } = await codec({ settings: { 'SystemUnit Name': 'boardroom' } });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    expect(shell.text).toMatch(
      /^Welcome to boardroom\nCisco Codec Release RoomOS 11.27.2.0 .*\n.*\n\*r Login successful\n\nOK\n/,
    );
    expect(await shell.ask('xStatus SystemUnit ProductId')).toEqual({
      Status: { SystemUnit: { ProductId: { Value: 'Cisco Room Kit Pro' } } },
      ResultId: 't1',
    });
    expect(await shell.ask('xstatus network 1 ipv4 address')).toMatchObject({
      Status: { Network: [{ id: '1', IPv4: { Address: { Value: spec.address } } }] },
    });
    expect(await shell.ask('xStatus SystemUnit')).toMatchObject({
      Status: {
        SystemUnit: {
          Software: { Version: { Value: spec.software } },
          Hardware: { Module: { SerialNumber: { Value: spec.serial } } },
        },
      },
    });
    expect(await shell.ask('xConfiguration Macros Mode: On')).toEqual({ ResultId: 't4' });
    expect(await shell.ask('xConfiguration Macros Mode')).toMatchObject({
      Configuration: { Macros: { Mode: { Value: 'On' } } },
    });
    shell.send('bye\n');
    await expect.poll(() => shell.closed).toBe(true);
  });

  it('has the error shapes of the reference', async () => {
    const { spec } = await codec();
    const shell = await (await Shell.open(spec, ADMIN)).json();
    expect(await shell.ask('xCommand Dila')).toMatchObject({
      CommandResponse: { Result: { status: 'Error', Reason: { Value: 'Unknown command' }, XPath: { Value: '/Dila' } } },
    });
    expect(await shell.ask('xCommand Macros Macro Remove')).toMatchObject(
      status('MacroRemoveResult', 'ParameterError'),
    );
    expect(await shell.ask('xCommand Macros Macro Remove Name: none')).toMatchObject(
      status('MacroRemoveResult', 'Error'),
    );
    expect(await shell.ask('xConfiguration Audio Foo')).toMatchObject({
      CommandResponse: {
        Configuration: {
          status: 'Error',
          Reason: { Value: 'No match on address expression' },
          XPath: { Value: 'Configuration/Audio/Foo' },
        },
      },
    });
    expect(await shell.ask('xConfiguration Audio DefaultVolume: loud')).toMatchObject({
      Configuration: { Audio: { DefaultVolume: { error: 'True', Value: 'Illegal value' } } },
    });
    shell.send('reboot please\n');
    await shell.until(/^Command not recognized\.$/m);
  });

  it('keeps both body forms byte for byte', async () => {
    const { spec, device } = await codec();
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const save = 'xCommand Macros Macro Save Name: "framed" Transpile: False';
    expect(await shell.ask(save, awkwardText.content)).toMatchObject(status('MacroSaveResult'));
    const withoutLoneDot = awkwardText.content.replace('\n.\n', '\n..\n');
    shell.send(`xCommand Macros Macro Save Name: "dotted" | resultId="dot"\n${withoutLoneDot}\n.\n`);
    expect(await shell.reply('dot')).toMatchObject(status('MacroSaveResult'));
    const big = `const text = '${'æ<&>"'.repeat(40_000)}';`;
    expect(await shell.ask('xCommand Macros Macro Save Name: "big"', big)).toMatchObject(status('MacroSaveResult'));
    expect(await shell.ask('xCommand Macros Macro Save Name: "empty"', '')).toMatchObject(status('MacroSaveResult'));
    const contents = { framed: awkwardText.content, dotted: withoutLoneDot, big, empty: '' };
    for (const [name, content] of Object.entries(contents)) {
      const got = await shell.ask(`xCommand Macros Macro Get Name: "${name}" Content: True`);
      const Macro = [{ id: '1', Name: { Value: name }, Active: { Value: 'False' }, Content: { Value: content } }];
      // Not toEqual: a difference would print 200 kB.
      expect(isDeepStrictEqual(got.CommandResponse, { MacroGetResult: { status: 'OK', Macro } }), name).toBe(true);
    }
    const got = await http(spec, 'POST', '/putxml', basic(ADMIN), getMacro('framed'));
    expect(got.text).toContain('&amp;lt;a b=&apos;1&apos;&amp;gt;');
    expect(got.text).toContain('&#13;');
    expect(device.snapshot().macros).toHaveLength(4);
  });

  it('prints for people when they ask for a terminal', async () => {
    const { spec } = await codec();
    const shell = await Shell.open(spec, ADMIN, { pty: true });
    await shell.until(/^OK\r$/m);
    shell.send('xstatus systemunit productid\r');
    await shell.until(
      /xstatus systemunit productid\r\n\*s SystemUnit ProductId: "Cisco Room Kit Pro"\r\n\*\* end\r\n\r\nOK\r\n/,
    );
    shell.send('xcommand macros macro get\r');
    await shell.until(/\r\nOK\r\n\*r MacroGetResult \(status=OK\):\r\n\*\* end/);
  });

  it('locks a user out after five failures from 26.2 on, and an administrator can free him', async () => {
    const { spec } = await codec({ software: 'ce26.2.1.6.0123456789a' });
    const wrong = { ...USER, passphrase: 'wrong' };
    for (let attempt = 0; attempt < 5; attempt++)
      await expect(Shell.open(spec, wrong)).rejects.toThrow(/authentication/);
    await expect(Shell.open(spec, USER)).rejects.toThrow(/authentication/);
    const admin = await (await Shell.open(spec, ADMIN)).json();
    expect(await admin.ask('xCommand UserManagement User Get Username: guest')).toMatchObject({
      CommandResponse: { UserGetResult: { User: [{ Blocked: { Value: 'True' } }] } },
    });
    await admin.ask(`xCommand UserManagement User Unblock Username: guest`);
    await (await Shell.open(spec, USER)).json();
  });

  it('does not lock out before 26.2', async () => {
    const { spec } = await codec({ software: 'ce26.1.1.4.0123456789a' });
    for (let attempt = 0; attempt < 6; attempt++) {
      await expect(Shell.open(spec, { ...USER, passphrase: 'wrong' })).rejects.toThrow(/authentication/);
    }
    await Shell.open(spec, USER);
  });

  it('refuses what a role may not do', async () => {
    const { spec, device } = await codec({ macros: otjMacroPair({ tenant: 'lab', token: 't' }) });
    const shell = await (await Shell.open(spec, USER)).json();
    expect(await shell.ask('xCommand Macros Macro Remove Name: otj-macro')).toMatchObject(status('Result', 'Error'));
    expect(await shell.ask('xCommand UserManagement User List')).toMatchObject(status('Result', 'Error'));
    expect(await shell.ask('xCommand Bookings List')).toMatchObject(status('BookingsListResult'));
    expect(await shell.ask('xConfiguration Macros Mode: On')).toMatchObject(status('Configuration', 'Error'));
    expect(device.snapshot().macros).toHaveLength(2);
  });

  it('makes administrators only for one who gives YourPassphrase', async () => {
    const { spec } = await codec();
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const add =
      'xCommand UserManagement User Add Username: "mjx" Passphrase: "Long enough 1!" Role: "Admin" Role: "User"';
    expect(await shell.ask(add)).toMatchObject(status('UserAddResult', 'Error'));
    expect(await shell.ask(`${add} YourPassphrase: "wrong"`)).toMatchObject(status('UserAddResult', 'Error'));
    const changed = `${add} YourPassphrase: "${ADMIN.passphrase}" PassphraseChangeRequired: True`;
    expect(await shell.ask(changed)).toMatchObject(status('UserAddResult'));
    const mjx = { username: 'mjx', passphrase: 'Long enough 1!' };
    await expect(Shell.open(spec, mjx)).rejects.toThrow(/authentication/);
    const modify = 'xCommand UserManagement User Modify Username: "mjx" PassphraseChangeRequired: False';
    expect(await shell.ask(modify)).toMatchObject(status('UserModifyResult', 'Error'));
    expect(await shell.ask(`${modify} YourPassphrase: "${ADMIN.passphrase}"`)).toMatchObject(
      status('UserModifyResult'),
    );
    await Shell.open(spec, mjx);
    expect(await shell.ask('xCommand UserManagement User List')).toMatchObject({
      CommandResponse: {
        UserListResult: {
          status: 'OK',
          User: [
            {},
            {},
            { Username: { Value: 'mjx' }, Roles: [{ Role: { Value: 'Admin' } }, { Role: { Value: 'User' } }] },
          ],
        },
      },
    });
  });

  it('has a key of its own per device, the same after a restart', async () => {
    const key = (spec: CodecSpec) =>
      new Promise<string>((resolve) => {
        const client = new SshClient();
        client.on('error', () => {});
        const hostVerifier = (bytes: Buffer) => {
          resolve(bytes.toString('base64'));
          return false;
        };
        client.connect({ host: spec.address, port: spec.sshPort, username: 'x', hostVerifier });
      });
    const [first, second] = [await codec(), await codec()];
    const before = await key(first.spec);
    expect(await key(second.spec)).not.toBe(before);
    await first.device.stop();
    const again = await startCodec(first.spec, createWorld());
    cleanups.push(() => again.stop());
    expect(await key(first.spec)).toBe(before);
  });
});

/** A web service that gives meetings to macros, and its name in the lab. */
async function meetingService(world: World, host: string) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  const seen: string[] = [];
  const meeting = {
    Id: '1',
    Title: 'Weekly',
    Number: 'weekly@lab.example',
    Protocol: 'SIP',
    Organizer: { Name: 'Kari' },
    Time: { StartTime: '2026-01-01T10:00:00Z', Duration: 30 },
  };
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    seen.push(`${incoming.headers.host}${incoming.url}`);
    outgoing.end(JSON.stringify({ bookings: [meeting] }));
  });
  const address = '127.65.0.1';
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  cleanups.push(() => server.close());
  const at = server.address();
  world.names.set(host, { address, port: typeof at === 'object' && at ? at.port : 0 });
  return seen;
}

describe('macros', () => {
  const on = { 'Macros Mode': 'On', 'HttpClient Mode': 'On' };

  function bookingsOf(device: LabDevice) {
    return device.snapshot().bookings;
  }

  it('push bookings, and go on after removal until the runtime restarts', async () => {
    const world = createWorld();
    const seen = await meetingService(world, 'lab.otj.pexip.io');
    const macros = [...neighbours, ...otjMacroPair({ tenant: 'lab', token: 'room-7', pollMs: 20 })];
    const { spec, device } = await codec({ macros, settings: on }, world);
    await expect.poll(() => bookingsOf(device)).toMatchObject([{ title: 'Weekly', number: 'weekly@lab.example' }]);
    expect(seen[0]).toBe('lab.otj.pexip.io/v1/meetings/room-7');
    expect(device.snapshot().runtime).toMatchObject({ crashes: 0 });

    const shell = await (await Shell.open(spec, ADMIN)).json();
    for (const name of [OTJ_MACRO, OTJ_MACRO_SETTINGS]) {
      expect(await shell.ask(`xCommand Macros Macro Remove Name: "${name}"`)).toMatchObject(
        status('MacroRemoveResult'),
      );
    }
    const count = seen.length;
    await expect.poll(() => seen.length).toBeGreaterThan(count + 2);
    expect(await shell.ask('xCommand Macros Runtime Restart')).toMatchObject(status('RuntimeRestartResult'));
    await shell.ask('xCommand Bookings Clear');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen.length).toBe(after);
    expect(bookingsOf(device)).toEqual([]);
    expect(device.snapshot().runtime).toMatchObject({
      active: neighbours.filter((one) => one.active).map((one) => one.name),
    });
  });

  it('do not reach the web while HttpClient is Off, and one that crashes leaves the others alone', async () => {
    const world = createWorld();
    const seen = await meetingService(world, 'lab.otj.pexip.io');
    const crash = { name: 'crash', active: true, content: "import xapi from 'xapi';\nthrow new Error('oops');" };
    const late = { name: 'late', active: true, content: "setTimeout(() => { throw new Error('late'); }, 5);" };
    const broken = { name: 'broken', active: true, content: 'const = ;' };
    const macros = [crash, late, broken, ...otjMacroPair({ tenant: 'lab', token: 'x', pollMs: 20 })];
    const { spec, device } = await codec({ macros, settings: { ...on, 'HttpClient Mode': 'Off' } }, world);
    const shell = await (await Shell.open(spec, ADMIN)).json();
    await expect.poll(() => device.snapshot().runtime).toMatchObject({ running: true, crashes: 3 });
    expect(JSON.stringify(await shell.ask('xCommand Macros Log Get'))).toContain('oops');
    expect(seen).toEqual([]);
    await shell.ask('xConfiguration HttpClient Mode: On');
    await expect.poll(() => bookingsOf(device)).toHaveLength(1);
  });
});

describe('faults', () => {
  it('loses the reply but not the effect, once', async () => {
    const macros = otjMacroPair({ tenant: 'lab', token: 't' });
    const { spec, device } = await codec({ macros, faults: { dropOnce: 'Macro Remove' } });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    shell.send(`xCommand Macros Macro Remove Name: "${OTJ_MACRO}" | resultId="1"\n`);
    await expect.poll(() => shell.closed).toBe(true);
    expect(shell.text).not.toContain('"ResultId": "1"');
    expect(device.snapshot().macros).toMatchObject([{ name: OTJ_MACRO_SETTINGS }]);
    const again = await (await Shell.open(spec, ADMIN)).json();
    const remove = `xCommand Macros Macro Remove Name: "${OTJ_MACRO_SETTINGS}"`;
    expect(await again.ask(remove)).toMatchObject(status('MacroRemoveResult'));
    device.setFaults({ dropOnce: 'Runtime Restart' });
    const restart = '<Command><Macros><Runtime><Restart command="True"/></Runtime></Macros></Command>';
    const session = await cookie(spec);
    await expect(http(spec, 'POST', '/putxml', session, restart)).rejects.toThrow();
    expect((await http(spec, 'POST', '/putxml', session, restart)).status).toBe(200);
  });

  it('hangs, refuses, cuts, shows a page, is in a call', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    device.setFaults({ truncateAt: 60 });
    await expect(http(spec, 'GET', '/status.xml', session)).rejects.toThrow();
    device.setFaults({ htmlInsteadOfApi: true });
    expect((await http(spec, 'GET', '/status.xml', session)).text).toMatch(/^<!DOCTYPE html>/);
    device.setFaults({ inCall: true });
    const calls = await http(spec, 'GET', '/getxml?location=/Status/SystemUnit/State/NumberOfActiveCalls', session);
    expect(calls.text).toContain('<NumberOfActiveCalls>1</NumberOfActiveCalls>');
    device.setFaults({ hung: true });
    const impatient = new Agent({ connect: { rejectUnauthorized: false, timeout: 300 } });
    const url = `https://${spec.address}:${spec.httpsPort}/status.xml`;
    await expect(request(url, { dispatcher: impatient })).rejects.toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
    device.setFaults({ off: true });
    await expect(Shell.open(spec, ADMIN)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    device.setFaults({});
    await expect.poll(() => Shell.open(spec, ADMIN).then(() => true)).toBe(true);
  });

  it('delays replies side by side', async () => {
    const { spec } = await codec({}, { ...createWorld(), latencyMs: 100 });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const start = performance.now();
    const reads = Array.from({ length: 10 }, () => shell.ask('xStatus SystemUnit Uptime'));
    await Promise.all(reads);
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(95);
    // One after the other they would take a second.
    expect(took).toBeLessThan(900);
  });

  it('boots: refuses, answers 502, and is back', async () => {
    const { spec } = await codec();
    const session = await cookie(spec);
    const boot = '<Command><SystemUnit><Boot command="True"><Action>Restart</Action></Boot></SystemUnit></Command>';
    expect((await http(spec, 'POST', '/putxml', session, boot)).text).toContain('status="OK"');
    const seen = () =>
      http(spec, 'GET', '/status.xml', session).then(
        (reply) => reply.status,
        () => 0,
      );
    await expect.poll(seen, { timeout: 3000 }).toBe(0);
    await expect.poll(seen, { timeout: 3000 }).toBe(502);
    await expect.poll(seen, { timeout: 3000 }).toBe(200);
  });
});
