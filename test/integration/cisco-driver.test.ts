/** The Cisco driver against the lab's codec, over real SSH and HTTPS on loopback. */
import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ErrorCode, OtjError } from '../../main/contract/errors.ts';
import { provesLogin } from '../../main/endpoints/cisco/apiLogin.ts';
import { ciscoRoomOs } from '../../main/endpoints/cisco/driver.ts';
import { awkwardText, OTJ_MACRO, OTJ_MACRO_SETTINGS } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';
import { ADMIN, account, codec, comparable, GUEST, Memory, snapshot, target, visit, WISH } from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';

const never = new AbortController().signal;
const connect = (device: LabDevice, change: Parameters<typeof target>[1] = {}) =>
  ciscoRoomOs.connect(target(device, change), never);
const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
const SECRETS = [ADMIN.passphrase, GUEST.passphrase, WISH.login.password];

/** The error of some work, checked to hold no passphrase in any form. */
async function toldBy(work: () => unknown): Promise<ErrorCode | undefined> {
  const error = await errorOf(work);
  for (const secret of SECRETS)
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
      expect(`${error?.message} ${error?.words} ${JSON.stringify(error?.toProblem())}`).not.toContain(form);
  return error?.code;
}

async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { timeout: 5_000, interval: 10 }).toBe(true);
}

describe('signing in', () => {
  it('reads everything in one session and leaves none behind', async () => {
    const device = await codec();
    const session = await connect(device);
    const facts = await session.readFacts();
    expect(facts.identity).toMatchObject({
      serial: device.spec.serial,
      mac: device.spec.mac,
      model: device.spec.model,
      software: 'ce26.4.1.0.0123456789a',
      systemName: 'Fjord',
    });
    expect(facts).toMatchObject({ inCall: false, panels: [{ id: 'lights' }], bookings: { ids: [] } });
    expect(facts.macros).toEqual(snapshot(device).macros);
    expect(facts.users?.map(({ username, roles }) => [username, roles])).toEqual([
      ['admin', ['Admin']],
      ['guest', ['User']],
    ]);
    expect(facts.settings).toMatchObject({ 'Macros Mode': 'On', 'NetworkServices HTTP Mode': 'HTTPS' });
    expect(snapshot(device).sessions).toBe(1);
    await session.close();
    await until(() => snapshot(device).sessions === 0);
  });

  it.each([
    ['no macro', []],
    ['one macro', [awkwardText]],
    ['a macro of 200 kB', [{ name: 'big', active: false, content: '"{}\\é\n'.repeat(30_000) }]],
  ])('reads a codec with %s', async (_name, macros) => {
    const device = await codec({ macros, panels: [] });
    const session = await connect(device);
    expect((await session.readFacts()).macros).toEqual(macros);
    await session.close();
  });

  it.each([
    ['a short welcome', { 'NetworkServices WelcomeText': 'Off' }],
    ['the last login after the prompt', { 'Security Session ShowLastLogon': 'On' }],
  ])('copes with %s', async (_name, settings) => {
    const device = await codec({ settings });
    for (let turn = 0; turn < 2; turn++) await (await connect(device)).close();
  });

  it('tries a wrong password exactly once', async () => {
    const device = await codec();
    expect(await toldBy(() => connect(device, { password: 'Wrong-Secret-1' }))).toBe('LOGIN_REFUSED');
    expect(account(device, 'admin')?.failedLogins).toBe(1);
    expect(snapshot(device).sessions).toBe(0);
  });

  it('gives up, and on the signal, without a try', async () => {
    const device = await codec();
    const stopped = AbortSignal.abort();
    expect(await codeOf(() => ciscoRoomOs.connect(target(device), stopped))).toBe('CANCELLED');
    expect(snapshot(device).sessions).toBe(0);
  });

  it('tells a login without the Admin role before any change', async () => {
    const device = await codec();
    const before = comparable(device);
    const login = { username: GUEST.username, password: GUEST.passphrase };
    const memory = new Memory();
    expect(await toldBy(() => visit(device, memory, { target: login }))).toBe('NOT_ADMIN');
    expect(memory.baseline).toBeNull();
    expect(comparable(device)).toEqual(before);
  });

  it.each(['Audit', 'Integrator', 'RoomControl'] as const)(
    'tells a login with role %s in the same way',
    async (role) => {
      const device = await codec({ users: [ADMIN, { ...GUEST, roles: [role] }] });
      const login = { username: GUEST.username, password: GUEST.passphrase };
      expect(await toldBy(() => visit(device, new Memory(), { target: login }))).toBe('NOT_ADMIN');
    },
  );
});

describe('the host key', () => {
  it('is told once and accepted again', async () => {
    const device = await codec();
    const keys: string[] = [];
    const trust = { check: (kind: string, sha256: string) => void keys.push(`${kind} ${sha256}`) };
    for (let turn = 0; turn < 2; turn++) await (await connect(device, { trust })).close();
    expect(keys[0]).toMatch(/^ssh [0-9a-f]{64}$/);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it('stops everything when it has changed, and no password is sent', async () => {
    const device = await codec();
    const trust = {
      check() {
        throw new OtjError('TRUST_CHANGED', 'ssh: known aa, shown bb');
      },
    };
    const wrong = { trust, password: 'Wrong-Secret-1' };
    const error = await errorOf(() => connect(device, wrong));
    expect(error).toMatchObject({ code: 'TRUST_CHANGED', words: 'ssh: known aa, shown bb' });
    // A password that was sent would have been counted.
    expect(account(device, 'admin')?.failedLogins).toBe(0);
  });

  it('of the web server stops the proof of the account, and no password is sent', async () => {
    const device = await codec();
    const trust = {
      check() {
        throw new OtjError('TRUST_CHANGED', 'tls');
      },
    };
    const login = { username: 'admin', password: 'Wrong-Secret-1' };
    expect(await toldBy(() => provesLogin(target(device, { trust }), login))).toBe('TRUST_CHANGED');
    expect(account(device, 'admin')?.failedLogins).toBe(0);
  });
});

describe('a codec that does not answer well', () => {
  it('is unreachable when it is off', async () => {
    const device = await codec({ faults: { off: true } });
    expect(await toldBy(() => connect(device))).toBe('UNREACHABLE');
  });

  it('is timed out when it hangs before the login', async () => {
    const device = await codec({ faults: { hung: true } });
    expect(await toldBy(() => connect(device, { timeoutMs: 300 }))).toBe('TIMEOUT');
  });

  it('is timed out when it hangs in the middle, and the session is not used again', async () => {
    const device = await codec();
    const session = await connect(device, { timeoutMs: 300 });
    device.setFaults({ hung: true });
    expect(await toldBy(() => session.readFacts())).toBe('TIMEOUT');
    device.setFaults({});
    expect(await toldBy(() => session.readFacts())).toBe('TIMEOUT');
    await session.close();
  });

  it.each([0, 1, 10, 40, 100, 300])('ends with a code when every reply is cut after %d bytes', async (truncateAt) => {
    const device = await codec({ faults: { truncateAt } });
    const code = await toldBy(() => visit(device, new Memory(), { target: { timeoutMs: 1_000 } }));
    expect(['CONNECTION_LOST', 'TIMEOUT']).toContain(code);
  });

  it('ends with a code when it reboots in the middle', async () => {
    const device = await codec();
    const session = await connect(device);
    device.setFaults({ off: true });
    expect(await toldBy(() => session.readFacts())).toBe('CONNECTION_LOST');
  });

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', ['HANDSHAKE', 'CONNECTION_LOST']],
    ['nothing and closes', '', ['HANDSHAKE', 'CONNECTION_LOST']],
    ['noise', '\0\u0001\u0002'.repeat(400), ['HANDSHAKE', 'CONNECTION_LOST']],
  ])('ends with a code when something there speaks %s', async (_name, text, codes) => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.77.99.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const sshPort = typeof address === 'object' && address ? address.port : 0;
    const device = await codec({ faults: { off: true } });
    const at = { ...target(device), address: '127.77.99.1', sshPort };
    expect(codes).toContain(await toldBy(() => ciscoRoomOs.connect(at, never)));
  });
});

describe('the proof of the account', () => {
  it('signs in over HTTPS, reads the bookings and ends its session', async () => {
    const device = await codec();
    const words = await provesLogin(target(device), { username: 'admin', password: ADMIN.passphrase });
    expect(words).toContain('BookingsListResult status OK');
    expect(words).not.toContain(ADMIN.passphrase);
    expect(snapshot(device).sessions).toBe(0);
  });

  it('tells a refused login after one try, and one that may not read bookings', async () => {
    const device = await codec({ users: [ADMIN, { ...GUEST, roles: ['Audit'] }] });
    const guest = { username: 'guest', password: GUEST.passphrase };
    expect(await toldBy(() => provesLogin(target(device), { ...guest, password: 'no' }))).toBe('LOGIN_REFUSED');
    expect(account(device, 'guest')?.failedLogins).toBe(1);
    expect(await toldBy(() => provesLogin(target(device), guest))).toBe('NOT_ADMIN');
    expect(snapshot(device).sessions).toBe(0);
  });

  it.each([
    ['a page in place of the API', { htmlInsteadOfApi: true }, ['ODD_REPLY']],
    ['half a reply', { truncateAt: 60 }, ['CONNECTION_LOST']],
    ['no reply', { hung: true }, ['TIMEOUT']],
    ['no web server', { off: true }, ['UNREACHABLE']],
  ])('is none with %s', async (_name, faults, codes) => {
    const device = await codec({ faults });
    const login = { username: 'admin', password: ADMIN.passphrase };
    expect(codes).toContain(await toldBy(() => provesLogin(target(device, { timeoutMs: 1_500 }), login)));
  });

  it('keeps the account from counting as done while the API is a page', async () => {
    const device = await codec({ faults: { htmlInsteadOfApi: true } });
    const memory = new Memory();
    expect(await toldBy(() => visit(device, memory))).toBe('ODD_REPLY');
    // The old service was not cut off.
    expect(snapshot(device).macros.filter(({ name }) => OTJ.includes(name))).toHaveLength(2);
    device.setFaults({});
    expect((await visit(device, memory)).done).not.toContain('account');
  });
});

describe('a visit', () => {
  it('moves the codec and its undo puts it back byte for byte', async () => {
    const device = await codec();
    await until(() => snapshot(device).runtime.active.includes(OTJ_MACRO));
    const before = comparable(device);
    const memory = new Memory();
    const moved = await visit(device, memory);
    expect(moved.done).toEqual([
      'account',
      `macro.remove:${OTJ_MACRO}`,
      `macro.remove:${OTJ_MACRO_SETTINGS}`,
      'macro.runtime',
    ]);
    expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
    const { macros, runtime } = snapshot(device);
    expect([...macros.map(({ name }) => name), ...runtime.active].filter((name) => OTJ.includes(name))).toEqual([]);
    expect((await visit(device, memory)).done).toEqual(['macro.runtime']);

    const back = await visit(device, memory, { undo: true });
    expect(comparable(device)).toEqual(before);
    expect(back.words.join()).not.toContain(WISH.login.password);
    expect((await visit(device, memory, { undo: true })).done).toEqual(['undo.runtime']);
    await until(() => snapshot(device).sessions === 0);
  });

  it('restores a macro with the nastiest text, active or not, byte for byte', async () => {
    const nasty = [true, false].map((active) => ({
      name: `otj-macro-${active}`,
      active,
      content: `${awkwardText.content}// fjord.otj.pexip.io\n.\n\n{7} \nbye\n"| resultId=\\"9\\"\u2028\ufeff\t\u0001 end without newline`,
    }));
    const device = await codec({ macros: [...nasty, awkwardText] });
    const before = comparable(device);
    const memory = new Memory();
    // No program that can be read: a technician has judged it.
    const wish = { ...WISH, takeMacros: nasty.map(({ name }) => name) };
    await visit(device, memory, { wish });
    expect(snapshot(device).macros).toEqual([awkwardText]);
    const back = await visit(device, memory, { undo: true, wish });
    expect(comparable(device).macros).toEqual(before.macros);
    // Nobody could ever run it, so it is back as it was; what the codec says of it is told.
    expect(back.words.join()).toContain('Macros Log: otj-macro-true: SyntaxError');
  });

  it('is done where macros are switched off, and so is its undo', async () => {
    const device = await codec({ settings: { 'Macros Mode': 'Off' } });
    const before = comparable(device);
    const memory = new Memory();
    await visit(device, memory);
    expect(snapshot(device).macros.some(({ name }) => OTJ.includes(name))).toBe(false);
    await visit(device, memory, { undo: true });
    expect(comparable(device)).toEqual(before);
  });

  it.each(['User Add', 'Macro Remove', 'Runtime Restart'])(
    'is carried on after the link broke at %s',
    async (dropOnce) => {
      const device = await codec({ faults: { dropOnce } });
      await until(() => snapshot(device).runtime.active.includes(OTJ_MACRO));
      const before = comparable(device);
      const memory = new Memory();
      expect(await toldBy(() => visit(device, memory))).toBe('CONNECTION_LOST');
      await visit(device, memory);
      expect(snapshot(device).runtime.active).not.toContain(OTJ_MACRO);
      expect(snapshot(device).macros.some(({ name }) => OTJ.includes(name))).toBe(false);
      await visit(device, memory, { undo: true });
      expect(comparable(device)).toEqual(before);
    },
  );

  it.each(['Macro Save', 'Macro Activate', 'User Delete', 'Runtime Restart'])(
    'back is carried on after the link broke at %s',
    async (dropOnce) => {
      const device = await codec();
      await until(() => snapshot(device).runtime.active.includes(OTJ_MACRO));
      const before = comparable(device);
      const memory = new Memory();
      await visit(device, memory);
      device.setFaults({ dropOnce });
      expect(await toldBy(() => visit(device, memory, { undo: true }))).toBe('CONNECTION_LOST');
      await visit(device, memory, { undo: true });
      expect(comparable(device)).toEqual(before);
    },
  );

  it('lets a command under way end when the work is cancelled', async () => {
    const device = await codec();
    const stop = new AbortController();
    const memory = new Memory();
    const before = ({ plan: { id } }: { plan: { id: string } }) => {
      if (id === `macro.remove:${OTJ_MACRO}`) stop.abort();
    };
    await visit(device, memory, { signal: stop.signal, before });
    expect(snapshot(device).macros.some(({ name }) => OTJ.includes(name))).toBe(false);
  });

  it.each([
    ['a call', { faults: { inCall: true } }, 'IN_CALL'],
    ['a user of that name', { users: [ADMIN, { ...GUEST, username: 'otj-push' }] }, 'ACCOUNT_TAKEN'],
    [
      'a macro that only looks like it',
      { macros: [{ name: 'otj-macro', content: 'console.log(1)', active: true }] },
      'MACRO_UNCERTAIN',
    ],
  ])('is refused before any change with %s', async (_name, change, code) => {
    const device = await codec(change);
    const before = comparable(device);
    expect(await toldBy(() => visit(device, new Memory()))).toBe(code);
    expect(comparable(device)).toEqual(before);
  });

  it('is refused before any change where the passphrase breaks the policy, and the passphrase is not told', async () => {
    const device = await codec({ settings: { 'UserManagement PasswordPolicy Complexity MinimumLength': '64' } });
    expect(await toldBy(() => visit(device, new Memory()))).toBe('PASSPHRASE_POLICY');
    expect(account(device, 'otj-push')).toBeUndefined();
  });

  it.each([
    ['blocked', { failures: 5 }],
    ['with another passphrase', { passphrase: 'Somebody-Changed-1' }],
    ['inactive', { modify: 'Active: False' }],
    ['without its role', { modify: 'RemoveRole: Admin AddRole: User' }],
  ])('mends our account when it is found %s', async (_name, trouble) => {
    const device = await codec();
    const memory = new Memory();
    await visit(device, memory);
    await spoil(device, trouble);
    expect((await visit(device, memory)).done).toContain('account');
    const words = await provesLogin(target(device), WISH.login);
    expect(words).toContain('OK');
    expect(account(device, 'otj-push')?.roles).toContain('Admin');
  });
});

/** What others may do to our account between two visits. */
async function spoil(
  device: LabDevice,
  { failures = 0, passphrase, modify }: { failures?: number; passphrase?: string; modify?: string },
): Promise<void> {
  const wrong = { username: 'otj-push', password: 'Wrong-Secret-1' };
  for (let turn = 0; turn < failures; turn++) expect(await codeOf(() => connect(device, wrong))).toBe('LOGIN_REFUSED');
  const shell = await (await Shell.open(device.spec as CodecSpec, ADMIN)).json();
  const user = `Username: "otj-push" YourPassphrase: ${JSON.stringify(ADMIN.passphrase)}`;
  if (passphrase)
    await shell.ask(`xCommand UserManagement User Passphrase Set ${user} NewPassphrase: ${JSON.stringify(passphrase)}`);
  if (modify) await shell.ask(`xCommand UserManagement User Modify ${user} ${modify}`);
  shell.end();
}
