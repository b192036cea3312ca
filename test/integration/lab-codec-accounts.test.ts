/** Accounts, passphrases and the few lists of a codec, over a plain shell. */
import { describe, expect, it } from 'vitest';
import { createWorld } from '../lab/world.ts';
import { ADMIN, basic, codec, cookie, http, knock, Shell, status, USER } from './lab-codec-raw.ts';

const SET = 'xCommand UserManagement User Passphrase Set Username: guest NewPassphrase:';

async function open(settings: Record<string, string> = {}) {
  const { spec, device } = await codec({ settings });
  return { spec, device, shell: await (await Shell.open(spec, ADMIN)).json() };
}

describe('passphrases', () => {
  it('follow the policy and may not come back too soon', async () => {
    const { shell } = await open({
      'UserManagement PasswordPolicy Complexity MinimumLength': '12',
      'UserManagement PasswordPolicy Complexity MinimumDigits': '2',
      'UserManagement PasswordPolicy Complexity MinimumUppercase': '1',
      'UserManagement PasswordPolicy Complexity MinimumSpecial': '1',
      'UserManagement PasswordPolicy ReuseLimit': '2',
    });
    const outcomes = [];
    const words = [
      'Short 12!',
      'Long enough 1!',
      'long enough 12!',
      'Longenough12',
      'Long enough 12!',
      'Long enough 34!',
    ];
    for (const word of [...words, 'Long enough 12!', 'Long enough 56!', 'Long enough 12!']) {
      const reply = JSON.stringify(await shell.ask(`${SET} "${word}"`));
      outcomes.push(/"Reason":\{"Value":"([^"]+)"/.exec(reply)?.[1] ?? 'OK');
    }
    expect(outcomes).toEqual([
      'Passphrase is too short',
      'Passphrase has too few digits',
      'Passphrase has too few upper case letters',
      'Passphrase has too few special characters',
      'OK',
      'OK',
      'Passphrase has been used before',
      'OK',
      'OK',
    ]);
  });

  it('of administrators change only for one who gives YourPassphrase, and can end all sessions', async () => {
    const { spec, shell } = await open();
    const mine = SET.replace('guest', 'admin');
    expect(await shell.ask(`${mine} "Another 1234!"`)).toMatchObject(status('PassphraseSetResult', 'Error'));
    expect(await shell.ask(`${SET} "Another 1234!"`)).toMatchObject(status('PassphraseSetResult'));
    const guest = await (await Shell.open(spec, { ...USER, passphrase: 'Another 1234!' })).json();
    const web = await cookie(spec);
    const change = `${mine} "Another 1234!" YourPassphrase: "${ADMIN.passphrase}"`;
    expect(await shell.ask(`${change} SecurityAction: InvalidateAllUserSessions`)).toMatchObject(
      status('PassphraseSetResult'),
    );
    await expect.poll(() => shell.closed).toBe(true);
    expect((await http(spec, 'GET', '/status.xml', web)).text).toMatch(/^<!DOCTYPE html>/);
    expect(await guest.ask('xStatus SystemUnit Uptime')).toHaveProperty('Status');
  });

  it('can be changed by their owner, whatever his role', async () => {
    const { spec } = await open();
    const shell = await (await Shell.open(spec, USER)).json();
    const change = (old: string) =>
      `xCommand UserManagement User Passphrase Change OldPassphrase: "${old}" NewPassphrase: "Another 1234!"`;
    expect(await shell.ask(change('wrong'))).toMatchObject(status('PassphraseChangeResult', 'Error'));
    expect(await shell.ask(change(USER.passphrase))).toMatchObject(status('PassphraseChangeResult'));
    expect((await knock(spec, USER.username, 'password', [['Another 1234!']])).outcome).toBe('in');
  });
});

describe('accounts', () => {
  it('can be switched off, lose a role and be found by name', async () => {
    const { spec, shell } = await open();
    const get = () => shell.ask('xCommand UserManagement User Get Username: guest');
    const modify = (words: string) => shell.ask(`xCommand UserManagement User Modify Username: guest ${words}`);
    const guest = await (await Shell.open(spec, USER)).json();
    expect(await modify('Active: False')).toMatchObject(status('UserModifyResult'));
    await expect.poll(() => guest.closed).toBe(true);
    expect((await knock(spec, USER.username, 'password', [[USER.passphrase]])).outcome).toBe('refused');
    expect(await modify('Active: True AddRole: Integrator RemoveRole: User ShellLogin: False')).toMatchObject(
      status('UserModifyResult'),
    );
    expect(await get()).toMatchObject({
      CommandResponse: {
        UserGetResult: {
          User: [
            {
              Active: { Value: 'True' },
              Blocked: { Value: 'False' },
              PassphraseExpired: { Value: 'False' },
              Roles: [{ id: '1', Role: { Value: 'Integrator' } }],
              ShellLogin: { Value: 'False' },
            },
          ],
        },
      },
    });
    expect((await knock(spec, USER.username, 'password', [[USER.passphrase]])).outcome).toBe('refused');
    expect((await http(spec, 'GET', '/getxml?location=/Status/Time', basic(USER))).status).toBe(200);
    expect(await modify('Role: Admin')).toMatchObject(status('UserModifyResult', 'ParameterError'));
    expect(await shell.ask('xCommand UserManagement User Get Username: nobody')).toMatchObject({
      CommandResponse: { UserGetResult: { status: 'Error', Reason: { Value: "User 'nobody' does not exist" } } },
    });
    expect(
      await shell.ask('xCommand UserManagement User Add Username: guest Passphrase: "Another 1234!" Role: User'),
    ).toMatchObject(status('UserAddResult', 'Error'));
    expect(await shell.ask('xCommand UserManagement User Delete Username: guest')).toMatchObject(
      status('UserDeleteResult'),
    );
    expect(
      await shell.ask(`xCommand UserManagement User Delete Username: admin YourPassphrase: "${ADMIN.passphrase}"`),
    ).toMatchObject(status('UserDeleteResult', 'Error'));
  });

  it('are listed page by page', async () => {
    const { shell } = await open();
    const names = async (words: string) =>
      [
        ...JSON.stringify(await shell.ask(`xCommand UserManagement User List ${words}`)).matchAll(
          /"Username":\{"Value":"(\w+)"/g,
        ),
      ].map(([, name]) => name);
    expect(await names('')).toEqual(['admin', 'guest']);
    expect(await names('Limit: 0')).toEqual(['admin', 'guest']);
    expect(await names('Limit: 1 Offset: 1')).toEqual(['guest']);
    expect(await names('Offset: 2')).toEqual([]);
  });
});

describe('lists and texts', () => {
  it('holds at most ten hosts, numbered from 0, and reuses a number that is free', async () => {
    const { spec, device } = await codec({ allowedHosts: ['a\\.lab\\.example', 'b\\.lab\\.example'] });
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const add = (host: string) => shell.ask(`xCommand HttpClient Allow Hostname Add Expression: "${host}"`);
    expect(await shell.ask('xCommand HttpClient Allow Hostname List')).toMatchObject({
      CommandResponse: {
        HostnameListResult: {
          HostName: [{ Id: { Value: '0' }, Expression: { Value: 'a\\.lab\\.example' } }, { Id: { Value: '1' } }],
        },
      },
    });
    expect(await shell.ask('xCommand HttpClient Allow Hostname Remove Id: 0')).toMatchObject(
      status('HostnameRemoveResult'),
    );
    expect(await shell.ask('xCommand HttpClient Allow Hostname Remove Id: 0')).toMatchObject(
      status('HostnameRemoveResult', 'Error'),
    );
    for (let number = 0; number < 9; number++)
      expect(await add(`h${number}`)).toMatchObject(status('HostnameAddResult'));
    expect(await add('more')).toMatchObject(status('HostnameAddResult', 'Error'));
    expect(await add('x')).toMatchObject(status('HostnameAddResult', 'ParameterError'));
    expect(device.snapshot().allowedHosts).toHaveLength(10);
    await shell.ask('xCommand HttpClient Allow Hostname Clear');
    expect(await shell.ask('xCommand HttpClient Allow Hostname List')).toMatchObject(status('HostnameListResult'));
    expect(device.snapshot().allowedHosts).toEqual([]);
  });

  it('keeps what macros say, in order, until it is cleared', async () => {
    const macros = [{ name: 'talk', active: true, content: "console.log('one'); console.warn('two', { a: 1 });" }];
    const { spec } = await codec({ macros, settings: { 'Macros Mode': 'On' } }, createWorld());
    const shell = await (await Shell.open(spec, ADMIN)).json();
    const log = async (words = '') => JSON.stringify(await shell.ask(`xCommand Macros Log Get ${words}`));
    expect(await log()).toMatch(/"Message":\{"Value":"one"\}.*"Level":\{"Value":"Warning"\},"Message":\{"Value":"two/);
    expect(await log('Offset: 1')).not.toContain('one');
    expect(await shell.ask('xCommand Macros Runtime Status')).toMatchObject({
      CommandResponse: {
        RuntimeStatusResult: { Running: { Value: 'True' }, ActiveMacros: { Value: '1' }, Crashes: { Value: '0' } },
      },
    });
    await shell.ask('xCommand Macros Log Clear');
    expect(await log()).not.toContain('Message');
  });

  it("shows the owner's texts before and after the login", async () => {
    const { spec, shell } = await open();
    expect(await shell.ask('xCommand SystemUnit SignInBanner Set', 'Keep out')).toMatchObject(
      status('SignInBannerSetResult'),
    );
    expect(await shell.ask('xCommand SystemUnit WelcomeBanner Set', 'Come in\n{')).toMatchObject(
      status('WelcomeBannerSetResult'),
    );
    expect((await knock(spec, ADMIN.username, 'password', [[ADMIN.passphrase]])).banner).toMatch(/^Keep out/);
    const guest = await Shell.open(spec, USER);
    await guest.until(/^Come in\n\{\nWelcome to [\s\S]*\nOK\n/);
    expect(await shell.ask('xCommand SystemUnit SignInBanner Clear')).toMatchObject(status('SignInBannerClearResult'));
    expect((await knock(spec, ADMIN.username, 'password', [[ADMIN.passphrase]])).banner).toBe('');
  });
});
