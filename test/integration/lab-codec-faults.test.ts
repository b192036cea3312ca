/** Troubles of a codec that can be switched on while it runs, over plain SSH and HTTP. */
import { describe, expect, it } from 'vitest';
import { otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { ADMIN, basic, codec, cookie, http, knock, Shell, status, USER } from './lab-codec-raw.ts';

const KEYS = 'keyboard-interactive';

function failures(device: LabDevice): unknown {
  return (device.snapshot().users as { failedLogins: number }[]).map((user) => user.failedLogins);
}

async function put(spec: CodecSpec, session: Record<string, string>, document: string): Promise<string> {
  return (await http(spec, 'POST', '/putxml', session, document)).text;
}

describe('a login', () => {
  it('that must change its passphrase is asked for a new one, by both methods', async () => {
    const { spec, device } = await codec({ faults: { passphraseChange: true } });
    const old = ADMIN.passphrase;
    const refused = await knock(spec, ADMIN.username, KEYS, [[old], [old, old]]);
    expect(refused).toMatchObject({
      outcome: 'refused',
      asked: ['Password: ', expect.stringMatching(/must change/), 'New passphrase: ', expect.stringMatching(/^Retype/)],
    });
    const byPassword = await knock(spec, ADMIN.username, 'password', [[old], [old]]);
    expect(byPassword).toMatchObject({ outcome: 'refused', asked: [expect.stringMatching(/must change/)] });
    expect((await http(spec, 'GET', '/status.xml', basic(ADMIN))).status).toBe(401);
    expect(failures(device)).toEqual([0, 0]);
    const fresh = 'Quite another 1!';
    expect((await knock(spec, ADMIN.username, KEYS, [[old], [fresh, fresh]])).outcome).toBe('in');
    device.setFaults({});
    expect((await knock(spec, ADMIN.username, 'password', [[fresh]])).outcome).toBe('in');
    device.setFaults({ passphraseChange: true });
    expect((await knock(spec, ADMIN.username, 'password', [[fresh], ['Yet another 2!']])).outcome).toBe('in');
  });

  it('is refused with words when its passphrase has expired, which is no failed login', async () => {
    const { spec, device } = await codec();
    const shell = await (await Shell.open(spec, ADMIN)).json();
    device.setFaults({ expired: true });
    const right = await knock(spec, USER.username, KEYS, [[USER.passphrase]]);
    expect(right).toMatchObject({ outcome: 'refused', asked: [expect.stringMatching(/expired/), 'Password: '] });
    const wrong = await knock(spec, USER.username, KEYS, [['wrong']]);
    expect(wrong).toMatchObject({ outcome: 'refused' });
    const web = await http(spec, 'POST', '/xmlapi/session/begin', basic(ADMIN));
    expect(web).toMatchObject({ status: 401, text: expect.stringMatching(/^401 Unauthorized\n.*expired/) });
    expect(failures(device)).toEqual([0, 1]);
    expect(await shell.ask('xCommand UserManagement User Get Username: guest')).toMatchObject({
      CommandResponse: { UserGetResult: { User: [{ PassphraseExpired: { Value: 'True' } }] } },
    });
  });

  it('is refused with words when the account is blocked, by both doors', async () => {
    const { spec } = await codec({ settings: { 'Security Session MaxFailedLogins': '2' } });
    await knock(spec, USER.username, KEYS, [['wrong']]);
    expect((await http(spec, 'GET', '/status.xml', basic({ ...USER, passphrase: 'wrong' }))).text).not.toContain(
      'lock',
    );
    const ssh = await knock(spec, USER.username, KEYS, [[USER.passphrase]]);
    expect(ssh).toMatchObject({ outcome: 'refused', asked: [expect.stringMatching(/blocked/), 'Password: '] });
    const web = await http(spec, 'GET', '/status.xml', basic(USER));
    expect(web).toMatchObject({ status: 401, text: expect.stringMatching(/blocked/) });
  });

  it('succeeds and gets no session when there are too many', async () => {
    const { spec, device } = await codec({ faults: { sessionsFull: true } });
    const shell = await Shell.open(spec, ADMIN);
    await expect.poll(() => shell.closed).toBe(true);
    expect(shell.text).toMatch(/^The maximum number of sessions/);
    const web = await http(spec, 'POST', '/xmlapi/session/begin', basic(ADMIN));
    expect(web).toMatchObject({ status: 503, text: expect.stringMatching(/maximum number of sessions/) });
    device.setFaults({});
    await (await Shell.open(spec, ADMIN)).json();
    expect(device.snapshot().sessions).toBe(1);
  });
});

describe('a session', () => {
  it('counts against the limit of all users, whatever its door', async () => {
    const { spec } = await codec({ settings: { 'Security Session MaxTotalSessions': '2' } });
    const first = await (await Shell.open(spec, ADMIN)).json();
    const session = await cookie(spec);
    const third = await Shell.open(spec, USER);
    await expect.poll(() => third.closed).toBe(true);
    expect(third.text).toMatch(/maximum number of sessions/);
    expect((await http(spec, 'POST', '/xmlapi/session/end', session)).status).toBe(204);
    await (await Shell.open(spec, USER)).json();
    first.end();
  });

  it('over HTTPS is over after so many requests', async () => {
    const { spec, device } = await codec({ faults: { expireSessionAfter: 2 } });
    const session = await cookie(spec);
    const seen = [];
    for (let count = 0; count < 4; count++)
      seen.push((await http(spec, 'GET', '/status.xml', session)).text.slice(0, 9));
    expect(seen).toEqual(['<?xml ver', '<?xml ver', '<!DOCTYPE', '<!DOCTYPE']);
    expect(device.snapshot().sessions).toBe(0);
  });

  it('over HTTPS is turned away so many times, and nothing is carried out', async () => {
    const { spec, device } = await codec();
    const session = await cookie(spec);
    device.setFaults({ busyRequests: 2 });
    const set = '<Configuration><Macros><Mode>On</Mode></Macros></Configuration>';
    for (let count = 0; count < 2; count++) {
      expect((await http(spec, 'POST', '/putxml', session, set)).status).toBe(503);
      expect(device.snapshot().settings).toMatchObject({ 'Macros Mode': 'Off' });
    }
    expect(await put(spec, session, set)).toContain('<Success/>');
  });

  it('is listed, and can be ended from another one', async () => {
    const { spec } = await codec();
    const [own, other] = [await (await Shell.open(spec, ADMIN)).json(), await (await Shell.open(spec, USER)).json()];
    const list = await own.ask('xCommand Security Session List');
    expect(list).toMatchObject({
      CommandResponse: {
        SessionListResult: { Session: [{ Username: { Value: 'admin' } }, { Username: { Value: 'guest' } }] },
      },
    });
    const id = /"SessionId":\{"Value":"(\w+)"\}/g.exec(JSON.stringify(list).split('"admin"')[1] ?? '')?.[1];
    expect(await own.ask(`xCommand Security Session Terminate SessionId: ${id}`)).toMatchObject(
      status('SessionTerminateResult'),
    );
    await expect.poll(() => other.closed).toBe(true);
    expect(own.closed).toBe(false);
  });
});

describe('a shell', () => {
  it('can come in single bytes and with words of its own in between', async () => {
    const content = 'const text = "æøå 🎥 } { OK";\n.\nOK\n';
    const macros = [{ name: 'm', content, active: false }];
    const { spec, device } = await codec({ macros, faults: { splitBytes: 1 } });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const read = 'xCommand Macros Macro Get Name: m Content: True';
    const whole = { CommandResponse: { MacroGetResult: { Macro: [{ Content: { Value: content } }] } } };
    expect(await shell.ask(read)).toMatchObject(whole);
    device.setFaults({ chatter: true, splitBytes: 7 });
    const before = shell.text.length;
    for (let count = 0; count < 4; count++) expect(await shell.ask(read)).toMatchObject(whole);
    const said = shell.text.slice(before);
    expect(said).toContain('"Event": {');
    expect(said).toMatch(/\n\nOK\n/);
    expect(said.match(/"ResultId": "t\d"/g)).toHaveLength(4);
  });
});

describe('a codec', () => {
  it('that upgrades says so', async () => {
    const { spec, device } = await codec({ faults: { upgrading: true } });
    const session = await cookie(spec);
    const read = () => http(spec, 'GET', '/getxml?location=/Status/Provisioning/Software/UpgradeStatus', session);
    expect((await read()).text).toMatch(/<Phase>Installing<\/Phase>.*<Status>InProgress<\/Status>/);
    device.setFaults({});
    expect((await read()).text).toMatch(/<Phase>None<\/Phase>.*<Status>None<\/Status>/);
  });

  it('that has not started has no SSH, and 502 for everybody', async () => {
    const { spec, device } = await codec();
    const shell = await (await Shell.open(spec, ADMIN)).json();
    device.setFaults({ starting: true });
    await expect.poll(() => shell.closed).toBe(true);
    await expect(Shell.open(spec, ADMIN)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await http(spec, 'GET', '/status.xml', basic(ADMIN))).status).toBe(502);
    device.setFaults({});
    await expect.poll(() => Shell.open(spec, ADMIN).then(() => true)).toBe(true);
  });

  it('restarts at a request, over both transports, once, after the effect and without a reply', async () => {
    const macros = otjMacroPair({ tenant: 'lab', token: 't' });
    const { spec, device } = await codec({ macros, faults: { rebootOn: 'Macro Remove', bootMs: 200 } });
    const back = () => Shell.open(spec, ADMIN).then((shell) => shell.json());
    const shell = await back();
    shell.send('xCommand Macros Macro Remove Name: "otj-macro" | resultId="1"\n');
    await expect.poll(() => shell.closed).toBe(true);
    expect(shell.text).not.toContain('"ResultId": "1"');
    expect(device.snapshot()).toMatchObject({ macros: [{ name: 'otj-macro-settings' }], sessions: 0 });
    let again = shell;
    await expect.poll(async () => (again = await back())).toBeTruthy();
    const remove = 'xCommand Macros Macro Remove Name: "otj-macro-settings"';
    expect(await again.ask(remove)).toMatchObject(status('MacroRemoveResult'));
    device.setFaults({ rebootOn: 'Runtime Restart', bootMs: 200 });
    const restart = '<Command><Macros><Runtime><Restart command="True"/></Runtime></Macros></Command>';
    const session = await cookie(spec);
    await expect(put(spec, session, restart)).rejects.toThrow();
    // A cookie does not outlive a restart.
    await expect.poll(() => put(spec, session, restart).catch(() => '')).toMatch(/^<!DOCTYPE html>/);
  });

  it('goes by a clock that may be wrong', async () => {
    const { spec, device } = await codec({ faults: { clockOffsetMs: -3_600_000 }, ntp: 'NotSynced' });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const behind = async () => {
      const text = JSON.stringify(await shell.ask('xStatus Time SystemTime'));
      return Math.round((Date.now() - Date.parse(/\d{4}-[^"]+/.exec(text)?.[0] ?? '')) / 60_000);
    };
    expect(await behind()).toBe(60);
    expect(await shell.ask('xStatus NetworkServices NTP')).toMatchObject({
      Status: { NetworkServices: { NTP: { Status: { Value: 'NotSynced' }, CurrentAddress: { Value: '' } } } },
    });
    device.setFaults({});
    expect(await behind()).toBe(0);
  });

  it('tells of the cloud', async () => {
    const { spec } = await codec({ webex: { status: 'Registered', developerId: 'Y2lzY29-lab' } });
    const text = (await http(spec, 'GET', '/getxml?location=/Status/Webex', basic(ADMIN))).text;
    expect(text).toContain('<Webex><DeveloperId>Y2lzY29-lab</DeveloperId><Status>Registered</Status></Webex>');
  });

  it('has a manager who puts macros and accounts back', async () => {
    const macros = otjMacroPair({ tenant: 'lab', token: 't' });
    const manager = { mode: 'TMS', address: 'tms.lab.example', pushesBackMs: 150 };
    const { spec, device } = await codec({ macros, manager, settings: { 'Macros Mode': 'On' } });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    expect(await shell.ask('xConfiguration Provisioning')).toMatchObject({
      Configuration: {
        Provisioning: { Mode: { Value: 'TMS' }, ExternalManager: { Address: { Value: 'tms.lab.example' } } },
      },
    });
    expect(await shell.ask('xStatus Provisioning Status')).toMatchObject({
      Status: { Provisioning: { Status: { Value: 'Provisioned' } } },
    });
    await shell.ask('xCommand Macros Macro Remove Name: "otj-macro"');
    await shell.ask('xCommand Macros Runtime Restart');
    await shell.ask('xCommand UserManagement User Delete Username: guest');
    expect(device.snapshot()).toMatchObject({ macros: [{}], users: [{}], runtime: { active: ['otj-macro-settings'] } });
    await expect.poll(() => device.snapshot().macros).toHaveLength(2);
    expect(device.snapshot()).toMatchObject({
      users: [{}, { username: 'guest' }],
      runtime: { active: ['otj-macro-settings', 'otj-macro'] },
    });
  });
});
