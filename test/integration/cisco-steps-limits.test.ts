/** What keeps the steps of a codec from being taken, or from being taken whole: its surroundings, its rules, other people. */
import { describe, expect, it } from 'vitest';
import { provesLogin } from '../../main/endpoints/cisco/apiLogin.ts';
import { textHash } from '../../main/endpoints/cisco/otj/texts.ts';
import type { Wish } from '../../main/endpoints/driver.ts';
import { newPassword } from '../../main/services/roomLogin.ts';
import { meetingControls, neighbours, OTJ_MACRO } from '../lab/cisco/macros.ts';
import type { CodecSpec } from '../lab/types.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import {
  OTJ,
  OTJ_HOSTS,
  otjMacros,
  over,
  PAIR,
  planned,
  running,
  settingOf,
  sorted,
  start,
  TIDY,
  typed,
} from './cisco-move.ts';
import { ADMIN, account, comparable, GUEST, Memory, target, until, visit, WISH } from './cisco-visit.ts';

describe.concurrent('what surrounds the codec', () => {
  it('is told of a cloud codec: the macros go, no account is made, and Infinity wants its id', async () => {
    const device = await start({ webex: { status: 'Registered', developerId: 'DEV-1' } });
    const before = await running(device);
    const memory = new Memory();
    const { ids, manual, facts } = await planned(device);
    expect(ids).toContain('check.webex');
    expect(manual).toEqual(['webex-entry']);
    expect(facts.told).toContainEqual({ key: 'webex-id', value: 'DEV-1', warn: false });
    await visit(device, memory);
    expect(otjMacros(device)).toEqual([]);
    expect(account(device, 'otj-push')).toBeUndefined();
    await visit(device, memory, { undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it('keeps a managed codec from being changed until the technician has accepted it', async () => {
    const device = await start({ manager: { mode: 'TMS', address: '10.0.0.9' } });
    const before = comparable(device);
    const error = await errorOf(() => visit(device, new Memory()));
    expect(error).toMatchObject({ code: 'MANAGED', words: expect.stringContaining('TMS at 10.0.0.9') });
    expect(comparable(device)).toEqual(before);
    expect((await planned(device)).manual).toEqual(['manager']);
    await visit(device, new Memory(), { wish: { ...WISH, accepted: ['manager'] } });
    expect(otjMacros(device)).toEqual([]);
  });

  it.each([6, -6])(
    'keeps a codec whose clock is %d minutes off from being changed until that is accepted',
    async (minutes) => {
      const device = await start({ faults: { clockOffsetMs: minutes * 60_000 } });
      const before = comparable(device);
      expect(await codeOf(() => visit(device, new Memory()))).toBe('CLOCK_WRONG');
      expect(comparable(device)).toEqual(before);
      await visit(device, new Memory(), { wish: { ...WISH, accepted: ['clock'] } });
      expect(otjMacros(device)).toEqual([]);
    },
  );

  it('bears a clock that is four minutes off', async () => {
    const device = await start({ faults: { clockOffsetMs: 240_000 } });
    expect(await codeOf(() => visit(device, new Memory()))).toBeUndefined();
  });
});

describe.concurrent('before any change', () => {
  it.each([
    ['new software is being installed', { faults: { upgrading: true } }, 'UPGRADING'],
    [
      'clients need a certificate',
      { settings: { 'Macros Mode': 'On', 'NetworkServices HTTPS VerifyClientCertificate': 'On' } },
      'CLIENT_CERTIFICATE',
    ],
    ['the name is taken', { users: [ADMIN, { ...GUEST, username: 'otj-push' }] }, 'ACCOUNT_TAKEN'],
    [
      'a macro is not surely one',
      { macros: [{ name: 'otj-macro', content: 'console.log(1)', active: true }] },
      'MACRO_UNCERTAIN',
    ],
  ] as const)('a codec is refused when %s', async (_name, change, code) => {
    const device = await start(change as unknown as Partial<CodecSpec>);
    const before = comparable(device);
    const memory = new Memory();
    expect(await codeOf(() => visit(device, memory, over('ssh')))).toBe(code);
    expect(comparable(device)).toEqual(before);
    expect(memory.baseline).toBeNull();
  });

  it('a macro that XML cannot carry is left to SSH', async () => {
    const content = `${PAIR[1]?.content}//\u0001`;
    const device = await start({ macros: [{ name: OTJ_MACRO, content, active: true }, ...PAIR.slice(0, 1)] });
    expect(['MACRO_UNFIT', 'ODD_REPLY']).toContain(await codeOf(() => visit(device, new Memory(), over('https'))));
    expect(otjMacros(device)).toHaveLength(2);
    await visit(device, new Memory(), over('ssh'));
    expect(otjMacros(device)).toEqual([]);
  });

  it('a macro that the technician leaves stays, running as before', async () => {
    const device = await start();
    const before = await running(device);
    const memory = new Memory();
    await visit(device, memory, { wish: { ...TIDY, leaveMacros: OTJ } });
    expect(otjMacros(device)).toHaveLength(2);
    expect(comparable(device).active).toEqual(before.active);
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
  });
});

describe.concurrent('tidying', () => {
  it('leaves HttpClient and the last entry of its list to another macro that needs them', async () => {
    const device = await start({ allowedHosts: [OTJ_HOSTS], macros: [meetingControls, ...PAIR] });
    await visit(device, new Memory(), { wish: TIDY });
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
    // An empty list would open every host to that macro.
    expect(device.snapshot().allowedHosts).toEqual([OTJ_HOSTS]);
    expect(otjMacros(device)).toEqual([]);
  });

  it('is not done unasked', async () => {
    const device = await start({ allowedHosts: [OTJ_HOSTS], macros: [...PAIR] });
    await visit(device, new Memory());
    expect(settingOf(device, 'HttpClient Mode')).toBe('On');
    expect(device.snapshot().allowedHosts).toEqual([OTJ_HOSTS]);
  });

  it.each(['HttpClient Mode', 'Hostname Remove'])('is carried on with after the link broke at %s', async (dropOnce) => {
    const device = await start({ allowedHosts: ['a.example.com', OTJ_HOSTS], macros: [...PAIR] });
    const before = await running(device);
    const memory = new Memory();
    device.setFaults({ dropOnce });
    const first = await codeOf(() => visit(device, memory, { ...over('ssh'), wish: TIDY }));
    // The fault may have struck at a reading of the same name.
    expect(['CONNECTION_LOST', undefined]).toContain(first);
    await visit(device, memory, { ...over('ssh'), wish: TIDY });
    expect(settingOf(device, 'HttpClient Mode')).toBe('Off');
    expect(device.snapshot().allowedHosts).toEqual(['a.example.com']);
    await visit(device, memory, { ...over('ssh'), wish: TIDY, undo: true });
    expect(sorted(comparable(device))).toEqual(sorted(before));
  });
});

describe.concurrent('a macro of somebody else under the name of one that was taken', () => {
  const OWN = '// written anew by the customer';

  it('keeps the undo from being begun, until a technician says so; then it is in the backup', async () => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    await typed(device, `xCommand Macros Macro Save Name: "${OTJ_MACRO}" Overwrite: True Transpile: False`, OWN);
    const before = comparable(device);
    const error = await errorOf(() => visit(device, memory, { undo: true }));
    expect(error).toMatchObject({ code: 'MACRO_IN_THE_WAY', words: OTJ_MACRO });
    expect(comparable(device)).toEqual(before);
    const own = otjMacros(device).find(({ name }) => name === OTJ_MACRO)?.content ?? '';
    const seen = (text: string) => ({ ...WISH, overwriteMacros: [{ name: OTJ_MACRO, sha256: textHash(text) }] });
    // A word that was given for another text does not count for this one.
    const stale = { undo: true, wish: seen(`${own}// and a line more`) };
    expect(await codeOf(() => visit(device, memory, stale))).toBe('MACRO_IN_THE_WAY');
    expect(comparable(device)).toEqual(before);
    await visit(device, memory, { undo: true, wish: seen(own) });
    expect(otjMacros(device).map(({ content }) => content)).not.toContain(OWN);
    expect(memory.baseline?.items).toContainEqual({ kind: 'overwritten', name: OTJ_MACRO, content: OWN });
  });

  it('is not overwritten either when it was saved while the undo was going on', async () => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    const save = `xCommand Macros Macro Save Name: "${OTJ_MACRO}" Overwrite: True Transpile: False`;
    const before = async ({ plan }: { plan: { id: string } }) =>
      plan.id === `undo.macro:${OTJ_MACRO}` ? typed(device, save, OWN) : undefined;
    expect(await codeOf(() => visit(device, memory, { undo: true, before }))).toBe('MACRO_IN_THE_WAY');
    expect(otjMacros(device).some(({ content }) => content.startsWith(OWN))).toBe(true);
  });
});

describe.concurrent('the policy for passphrases', () => {
  const POLICY = 'UserManagement PasswordPolicy';
  const strict = Object.fromEntries(
    ['Digits', 'Lowercase', 'Special', 'Uppercase'].map((of) => [`${POLICY} Complexity Minimum${of}`, '4']),
  );

  it('that demands most takes the passphrases that are made for rooms', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', ...strict } });
    const login = { username: 'otj-push', password: newPassword() };
    await visit(device, new Memory(), { wish: { ...WISH, login } });
    expect(await provesLogin(target(device), login)).toContain('OK');
  });

  it('that refuses one is told before any change, with its rule', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', [`${POLICY} Complexity MinimumLength`]: '30' } });
    const before = comparable(device);
    const error = await errorOf(() => visit(device, new Memory()));
    expect(error).toMatchObject({ code: 'PASSPHRASE_POLICY', words: expect.stringContaining('MinimumLength: 30') });
    expect(comparable(device)).toEqual(before);
  });

  it('that ends them is told in the plan, with the facts, and left to a person', async () => {
    const device = await start({ settings: { 'Macros Mode': 'On', [`${POLICY} MaxLifetime`]: '30' } });
    const { facts, ids, manual, titles } = await planned(device);
    expect(ids).toContain('check.lifetime');
    expect(titles.join()).toMatch(/ends after 30 days, on \d{4}-\d\d-\d\d/);
    expect(manual).toEqual(['passphrase-end']);
    expect(facts.told).toContainEqual({ key: 'passphrase-life', value: '2592000s', warn: true });
    await visit(device, new Memory());
    expect(otjMacros(device)).toEqual([]);
  });
});

describe.concurrent('our account', () => {
  const user = `Username: "otj-push" YourPassphrase: ${JSON.stringify(ADMIN.passphrase)}`;

  it.each([
    ['inactive', 'Active: False'],
    ['without its role', 'RemoveRole: Admin AddRole: User'],
    ['asked for a new passphrase', 'PassphraseChangeRequired: True'],
  ])('is mended in place when it is %s', async (_name, change) => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    // Only an account that was not made anew has kept this.
    await typed(device, `xCommand UserManagement User Modify ${user} ShellLogin: True ${change}`);
    expect((await visit(device, memory)).done).toContain('account');
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    expect(account(device, 'otj-push')).toMatchObject({ shellLogin: true, active: true });
  });

  it.each([
    ['alone', ''],
    ['and made it inactive', 'Active: False'],
  ])('is made anew when somebody else has set its passphrase %s', async (_name, change) => {
    const device = await start();
    const memory = new Memory();
    await visit(device, memory);
    await typed(device, `xCommand UserManagement User Modify ${user} ShellLogin: True ${change}`);
    await typed(device, `xCommand UserManagement User Passphrase Set ${user} NewPassphrase: "Somebody-Changed-1"`);
    expect((await visit(device, memory)).done).toContain('account');
    expect(await provesLogin(target(device), WISH.login)).toContain('OK');
    expect(account(device, 'otj-push')).toMatchObject({ shellLogin: false });
  });
});

describe.concurrent('a manager that puts things back', () => {
  it('is found out by the proof that follows, or by the next look', async () => {
    const device = await start({ macros: [...neighbours, ...PAIR], manager: { mode: 'TMS', pushesBackMs: 1 } });
    const wish: Wish = { ...WISH, accepted: ['manager'] };
    const code = await codeOf(() => visit(device, new Memory(), { wish }));
    expect(code === undefined || code === 'NOT_CONFIRMED').toBe(true);
    await until(() => expect(otjMacros(device)).toHaveLength(2));
    expect((await planned(device, wish)).ids).toContain(`macro.remove:${OTJ_MACRO}`);
  });
});
