/** Getting into a codec over SSH: against servers that do what devices do on bad days. */
import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { Tsh } from '../../main/endpoints/cisco/ssh/tsh.ts';
import { NoLoginTried } from '../../main/endpoints/transports/loginOutcome.ts';
import { openShell } from '../../main/endpoints/transports/ssh.ts';
import { ask, otherKey, RSA, sshServer } from './ssh-server.ts';
import { meet, nextAddress, PASSWORD, PRODUCT, shell, told, tsh } from './ssh-visit.ts';

/** For tests that do not look at the answers. */
const seen0 = { answers: [] };

describe('logging in', () => {
  it('asks which methods there are and uses keyboard-interactive once', async () => {
    const { seen, end } = await meet({});
    expect(end).toBeInstanceOf(Tsh);
    expect(seen).toMatchObject({ methods: ['none', 'keyboard-interactive'], answers: [PASSWORD], pty: false });
  });

  it('uses the password method where there is no other', async () => {
    const { seen, end } = await meet({ methods: ['publickey', 'password'] });
    expect(end).toBeInstanceOf(Tsh);
    expect(seen).toMatchObject({ methods: ['none', 'password'], answers: [PASSWORD] });
  });

  it.each([['keyboard-interactive'], ['password']] as const)('tries once only when refused: %s', async (method) => {
    const { seen, end } = await meet({
      methods: [method],
      auth: (context) => {
        if (context.method === 'keyboard-interactive')
          ask(context, { answers: [] }, ['Password: '], () => context.reject(['keyboard-interactive', 'password']));
        else context.reject(['keyboard-interactive', 'password']);
      },
    });
    expect(told(end)).toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(end).not.toBeInstanceOf(NoLoginTried);
    expect(seen.methods).toEqual(['none', method]);
    expect(seen.connections).toBe(1);
  });

  it.each([
    ['Account locked due to 5 failed logins', 'ACCOUNT_LOCKED'],
    ['User is blocked', 'ACCOUNT_LOCKED'],
    ['Your password has expired', 'ACCOUNT_EXPIRED'],
    ['The clock is wrong', 'LOGIN_REFUSED'],
    [`You said ${PASSWORD}\u0007\r\n`, 'LOGIN_REFUSED'],
  ])('tells why it was refused: %s', async (words, code) => {
    const { seen, end } = await meet({
      auth: (context) => ask(context, seen0, ['Password: '], () => context.reject(), words),
    });
    expect(told(end)).toMatchObject({ code });
    expect(told(end)).toMatchObject({ words: expect.stringMatching(/^[^\p{Cc}]*$/u) });
    expect(JSON.stringify(told(end))).not.toContain('1234');
    expect(seen.methods).toEqual(['none', 'keyboard-interactive']);
  });

  it("does not take an owner's warning before the login for the reason", async () => {
    const { end } = await meet({
      banner: 'Authorised staff only. Accounts are locked after 5 failed logins.\nOK\n',
      auth: (context) => ask(context, seen0, ['Password: '], () => context.reject()),
    });
    expect(told(end)).toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it('takes a hang-up for want of more methods for a refusal', async () => {
    const { end } = await meet({
      auth: (context, connection) => ask(context, seen0, ['Password: '], () => disconnect(connection, 14)),
    });
    expect(told(end)).toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it('takes a hang-up without a word after the password for a refusal, and one before it for a lost link', async () => {
    const after = await meet({
      auth: (context, connection) => ask(context, seen0, ['Password: '], () => connection.end()),
    });
    expect(told(after.end)).toMatchObject({ code: 'LOGIN_REFUSED', words: expect.stringContaining('hung up') });
    const before = await meet({ auth: (_context, connection) => connection.end() });
    expect(told(before.end)).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('takes a line that breaks after the password for a lost link', async () => {
    const { end } = await meet({
      auth: (context, connection) => ask(context, seen0, ['Password: '], () => reset(connection)),
    });
    expect(told(end)).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(end).not.toBeInstanceOf(NoLoginTried);
  });

  it('takes a hang-up for too many connections for the limit that it is', async () => {
    const { end } = await meet({
      auth: (context, connection) => ask(context, seen0, ['Password: '], () => disconnect(connection, 12)),
    });
    expect(told(end)).toMatchObject({ code: 'SESSION_LIMIT' });
  });

  it.each([
    ['a second question', [['Password: '], ['New password: ']], 1],
    ['a second question with new words before it', [['Password: '], ['Old password: ']], 1],
    ['several questions at once', [['Current password: ', 'New password: ', 'Again: ']], 0],
    ['a first question for a new one', [['New password: ']], 0],
    ['a second question that shows what is typed', [['Password: '], [{ prompt: 'Continue?', echo: true }]], 1],
  ])('never answers a demand for a new passphrase: %s', async (_name, rounds, answered) => {
    const answers: string[] = [];
    const { end } = await meet({
      auth: (context) => {
        const next = (index: number) => {
          const prompts = rounds[index];
          if (prompts) ask(context, { answers }, prompts, () => next(index + 1));
          else context.accept();
        };
        next(0);
      },
    });
    expect(told(end)).toMatchObject({ code: 'PASSPHRASE_CHANGE' });
    expect(answers).toEqual(Array.from({ length: answered }, () => PASSWORD));
  });

  it('never answers it in the password method either', async () => {
    let changed = false;
    const { end } = await meet({
      methods: ['password'],
      auth: (context) => {
        if (context.method !== 'password') return context.reject();
        context.requestChange('Your password has expired', () => {
          changed = true;
          context.accept();
        });
      },
    });
    expect(told(end)).toMatchObject({ code: 'PASSPHRASE_CHANGE' });
    expect(changed).toBe(false);
  });

  it('takes the same question once more for a refusal', async () => {
    const answers: string[] = [];
    const { end } = await meet({
      auth: (context) =>
        ask(context, { answers }, ['Password: '], () =>
          ask(context, { answers }, ['Password: '], () => context.reject()),
        ),
    });
    expect(told(end)).toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(answers).toEqual([PASSWORD]);
  });

  it('does not type the password where it would be shown', async () => {
    const answers: string[] = [];
    const { end } = await meet({
      auth: (context) => ask(context, { answers }, [{ prompt: 'Your name?', echo: true }], () => context.accept()),
    });
    expect(told(end)).toMatchObject({ code: 'ODD_REPLY', words: expect.stringContaining('Your name?') });
    expect(answers).toEqual([]);
  });

  it('answers a round without questions', async () => {
    const { end, seen } = await meet({
      auth: (context) =>
        ask(context, seen0, [], () => ask(context, seen0, ['Password: '], () => context.accept()), 'Welcome'),
    });
    expect(end).toBeInstanceOf(Tsh);
    expect(seen.methods).toEqual(['none', 'keyboard-interactive']);
  });

  it('says so when more than a password is asked for', async () => {
    const { end, seen } = await meet({
      auth: (context) => ask(context, seen0, ['Password: '], () => context.reject(['publickey', 'password'], true)),
    });
    expect(told(end)).toMatchObject({ code: 'ODD_REPLY', words: expect.stringContaining('publickey') });
    expect(seen.methods).toEqual(['none', 'keyboard-interactive']);
  });

  it('tries none where no password is taken', async () => {
    const { end, seen } = await meet({ methods: ['publickey', 'hostbased'] });
    expect(told(end)).toMatchObject({ code: 'UNSUPPORTED', words: expect.stringContaining('publickey') });
    expect(end).toBeInstanceOf(NoLoginTried);
    expect(seen.methods).toEqual(['none']);
  });
});

describe('the host key', () => {
  it('is asked for before the password goes out, and a changed one is refused', async () => {
    const known = new Set<string>();
    const check = (kind: string, sha256: string) => {
      expect(kind).toBe('ssh');
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      if (known.size > 0 && !known.has(sha256)) throw new OtjError('TRUST_CHANGED', sha256);
      known.add(sha256);
    };
    expect((await meet({}, { check })).end).toBeInstanceOf(Tsh);
    const { end, seen } = await meet({ hostKey: otherKey() }, { check });
    expect(told(end)).toMatchObject({ code: 'TRUST_CHANGED' });
    expect(end).not.toBeInstanceOf(NoLoginTried);
    expect(seen.methods).toEqual([]);
  });
});

describe('encryption', () => {
  it('is safe by default, and then there is nothing to tell', async () => {
    const { end } = await meet({ hostKey: RSA });
    expect(end).toMatchObject({ link: { transport: 'ssh', weakness: null } });
  });

  it.each([
    ['key exchange', { kex: ['diffie-hellman-group14-sha1'] }, 'diffie-hellman-group14-sha1'],
    ['older key exchange', { kex: ['diffie-hellman-group1-sha1'] }, 'diffie-hellman-group1-sha1'],
    ['cipher', { cipher: ['aes128-cbc'] }, 'aes128-cbc'],
    ['oldest cipher', { cipher: ['3des-cbc'] }, '3des-cbc'],
  ] as const)('that is old needs to be allowed: %s', async (_name, lists, name) => {
    const algorithms = Object.fromEntries(Object.entries(lists).map(([list, names]) => [list, [...names]]));
    const { address, end, seen } = await meet({ algorithms, hostKey: RSA });
    expect(told(end)).toMatchObject({ code: 'LEGACY_NEEDED', words: expect.stringContaining(name) });
    expect(end).toBeInstanceOf(NoLoginTried);
    expect(seen.methods).toEqual([]);
    const session = await tsh(address, { legacy: true });
    expect(session.link).toEqual({ transport: 'ssh', weakness: `agreed ${name}` });
    expect(await session.get('Status', 'SystemUnit ProductId')).toEqual(PRODUCT);
  });

  it('is the best there is, even where old one is allowed', async () => {
    const kex = ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1', 'ecdh-sha2-nistp256'] as const;
    const { end } = await meet(
      { algorithms: { kex: [...kex], cipher: ['3des-cbc', 'aes256-ctr'] }, hostKey: RSA },
      { legacy: true },
    );
    expect(end).toMatchObject({ link: { weakness: null } });
  });

  it('with SHA-1 in the signature of the host key is agreed and told', async () => {
    const { end } = await meet({ algorithms: { serverHostKey: ['ssh-rsa'] }, hostKey: RSA });
    expect(end).toMatchObject({ link: { weakness: 'agreed ssh-rsa' } });
  });

  it('that nobody should use is not agreed even where old one is allowed', async () => {
    const { address, end } = await meet({ algorithms: { hmac: ['hmac-md5'], cipher: ['aes128-ctr'] } });
    expect(told(end)).toMatchObject({ code: 'HANDSHAKE', words: expect.stringContaining('hmac-md5') });
    await expect(tsh(address, { legacy: true })).rejects.toMatchObject({ code: 'HANDSHAKE' });
  });
});

describe('a session that does not come about', () => {
  it.each([
    ['a refused channel', { refuse: 'session' as const }, 'SESSION_LIMIT'],
    ['a refused shell', { refuse: 'shell' as const }, 'ODD_REPLY'],
    ['words and a hang-up', { greeting: ['Maximum number of sessions reached\n', null] }, 'SESSION_LIMIT'],
    ['words about a second session', { greeting: ['Duplicate session\n', null] }, 'DUPLICATE_SESSION'],
    ['other words and a hang-up', { greeting: ['Too many sessions\n', null] }, 'SESSION_LIMIT'],
    [
      'a passphrase to be changed first',
      { greeting: ['Password change required but no TTY available.\n', null] },
      'PASSPHRASE_CHANGE',
    ],
    ['a hang-up without a word', { greeting: [null] }, 'CONNECTION_LOST'],
    ['a hang-up after the login', { greeting: ['*r Login successful\n', null] }, 'CONNECTION_LOST'],
    ['nothing at all', { greeting: [] }, 'TIMEOUT'],
    ['another shell', { greeting: ['user@host:~$ '] }, 'TIMEOUT'],
    ['no OK', { greeting: ['Welcome\n*r Login successful\n'] }, 'TIMEOUT'],
    ['words about sessions and silence', { greeting: ['The session limit is reached. '] }, 'SESSION_LIMIT'],
    ['text without end', { greeting: Array.from({ length: 200 }, () => 'x'.repeat(4_000)) }, 'TIMEOUT'],
  ])('has a code: %s', async (_name, script, code) => {
    const { end } = await meet(script, { timeoutMs: 700 });
    expect(told(end)).toMatchObject({ code: expect.stringMatching(`^(${code})$`) });
    expect(end).not.toBeInstanceOf(NoLoginTried);
  });

  it('is told without the password, even where the device repeats it', async () => {
    const { end } = await meet({ greeting: [`Too many sessions for ${PASSWORD}\n`, null] });
    expect(told(end)).toMatchObject({ code: 'SESSION_LIMIT', words: expect.not.stringContaining('1234') });
  });

  it('is cancelled at any time before', async () => {
    const address = nextAddress();
    const gone = AbortSignal.abort();
    await expect(shell(address, {}, gone)).rejects.toMatchObject({ code: 'CANCELLED' });
    const seen = await sshServer({ address, auth: () => undefined });
    const stop = new AbortController();
    const open = shell(address, {}, stop.signal);
    await expect.poll(() => seen.methods.length).toBe(2);
    stop.abort();
    await expect(open).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says whether a login was tried when time is up', async () => {
    const { end } = await meet({ auth: () => undefined }, { timeoutMs: 500 });
    expect(told(end)).toMatchObject({ code: 'TIMEOUT' });
    expect(end).not.toBeInstanceOf(NoLoginTried);
  });

  it('is UNREACHABLE where nothing listens, and where the port is none', async () => {
    for (const sshPort of [3022, 99_999]) {
      const target = {
        address: nextAddress(),
        sshPort,
        username: 'a',
        password: 'b',
        trust: { check: () => undefined },
        timeoutMs: 2_000,
        legacy: false,
      };
      const error = await openShell(target, new AbortController().signal).catch((thrown: unknown) => thrown);
      expect(told(error)).toMatchObject({ code: expect.stringMatching(/^(UNREACHABLE|CONNECTION_LOST)$/) });
      expect(error).toBeInstanceOf(NoLoginTried);
    }
  });
});

/** Ends a connection with a reason of RFC 4253, 11.1; the library offers no way to it. */
function disconnect(connection: Connection, reason: number): void {
  const protocol: { disconnect(reason: number): void } = Reflect.get(connection, '_protocol');
  protocol.disconnect(reason);
  connection.end();
}

/** Breaks a connection, as when a cable is pulled and the other side has started anew. */
function reset(connection: Connection): void {
  const socket: Socket = Reflect.get(connection, '_sock');
  socket.resetAndDestroy();
}
