/**
 * One SSH shell on one device: pinned host key, one login try, a time limit on getting in.
 * Knows no vendor's prompt; the caller gets a stream of text.
 */
import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { type AuthHandlerMiddleware, Client } from 'ssh2';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';
import { createRedactor } from '../redact.ts';
import { NoLoginTried, tellsSessionLimit } from './loginOutcome.ts';
import { offered, PeerOffer, weaknessOf } from './ssh/algorithms.ts';
import { hearEmptyRounds } from './ssh/emptyRounds.ts';
import { holdKeys } from './ssh/heldKeys.ts';
import { hush } from './ssh/internals.ts';
import { SshLogin } from './ssh/login.ts';
import { type ClosableShell, type Shell, wrap } from './ssh/shell.ts';
import { gathering } from './ssh/socket.ts';

export type { Shell } from './ssh/shell.ts';

type Target = Pick<EndpointTarget, 'address' | 'sshPort' | 'username' | 'password' | 'trust' | 'timeoutMs' | 'legacy'>;
/** Wide enough that no line is broken. */
const TERMINAL = { term: 'vt100', cols: 1000, rows: 24 };

type SshError = Error & { level?: string; code?: string | number; reason?: unknown };

/** RFC 4253, 11.1: disconnect with "too many connections". */
const TOO_MANY_CONNECTIONS = 12;
/** RFC 4254, 5.1: a channel refused for want of resources; OpenSSH says that it could not connect (tried: MaxSessions). */
const NO_ROOM: readonly unknown[] = [2, 4];
/** The library's words. */
const NO_COMMON_ALGORITHM = /no matching/i;
const CLOSED_EARLY = /lost before handshake/i;

/**
 * Opens a shell, with a terminal only where that is asked for. Throws OtjError UNREACHABLE, TIMEOUT, HANDSHAKE, LEGACY_NEEDED, TRUST_CHANGED,
 * LOGIN_REFUSED, ACCOUNT_LOCKED, ACCOUNT_EXPIRED, PASSPHRASE_CHANGE, SESSION_LIMIT, UNSUPPORTED, ODD_REPLY,
 * CONNECTION_LOST, CANCELLED; as `NoLoginTried` as long as no login was tried.
 */
export function openShell(target: Target, signal: AbortSignal, { terminal = false } = {}): Promise<Shell> {
  const { address, sshPort, username, password, trust, timeoutMs, legacy } = target;
  const where = `${address}:${sshPort}`;
  const client = new Client();
  const socket = new Socket();
  const { promise, resolve, reject } = Promise.withResolvers<Shell>();
  const offer = new PeerOffer();
  const redactor = createRedactor();
  redactor.add(password);
  const clean = (words: string) => redactor.clean(words);
  let cause: OtjError | null = null;
  let opened: ClosableShell | null = null;
  let weakness: string | null = null;
  let connected = false;
  let accepted = false;
  let deaf = false;

  const fail = (error: OtjError) => {
    cause ??= error;
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    reject(cause);
    opened?.lost(cause);
    client.destroy();
  };
  const login = new SshLogin({ username, password, where, clean, stop: fail });
  /** As `new OtjError`, but says so where another way into the device may still be tried. */
  const failure = (code: OtjError['code'], words: string, thrown?: unknown) =>
    new (login.tried ? OtjError : NoLoginTried)(code, words, { cause: thrown });
  const timer = setTimeout(() => fail(failure('TIMEOUT', `${where} while logging in`)), timeoutMs);
  const cancel = () => fail(new OtjError('CANCELLED'));
  signal.addEventListener('abort', cancel, { once: true });

  const judge = (error: SshError): OtjError => {
    const words = `${where} ${clean(error.message)}`;
    if (error.level === 'client-timeout') return failure('TIMEOUT', words, error);
    if (opened || CLOSED_EARLY.test(error.message)) return failure('CONNECTION_LOST', words, error);
    if (error.level === 'client-authentication') return login.refused();
    if (!connected) return failure('UNREACHABLE', `${where} ${error.code ?? ''}`.trim(), error);
    if (error.level === 'handshake' && NO_COMMON_ALGORITHM.test(error.message)) {
      const code = offer.hasOld && !legacy ? 'LEGACY_NEEDED' : 'HANDSHAKE';
      return failure(code, `${words}; it offers ${offer}`, error);
    }
    if (error.level === 'handshake' || error.level === 'protocol') return failure('HANDSHAKE', words, error);
    if (error.code === TOO_MANY_CONNECTIONS || tellsSessionLimit(error.message))
      return failure('SESSION_LIMIT', words, error);
    // A number is the reason of a disconnect by the device: after the password it means that this was refused.
    if (typeof error.code === 'number' && login.tried) {
      login.hear(error.message);
      return login.refused();
    }
    return failure('CONNECTION_LOST', words, error);
  };

  /** Nothing is received after a disconnect (RFC 4253, 11.1): to decrypt the device's farewell would be for nobody. */
  const deafen = () => {
    deaf = true;
    socket.removeAllListeners('data').resume();
  };

  /** A link that breaks brings an error before; without one the device hung up in good order. */
  const closed = (): OtjError => {
    if (opened || accepted || !login.hasAnswered) return failure('CONNECTION_LOST', where);
    // OpenSSH does this to accounts that are over. To try again might count as one more failed login.
    login.hear('hung up after the password');
    return login.refused();
  };

  client.on('connect', () => {
    connected = true;
  });
  client.on('handshake', (negotiated) => {
    weakness = weaknessOf(negotiated);
    holdKeys(client);
    hush(client);
  });
  client.on('banner', (text) => login.hear(text));
  client.on('change password', () => fail(login.changeDemanded()));
  // A failed handshake emits two errors; the first tells the reason and `cause` keeps it.
  client.on('error', (error) => fail(judge(error)));
  client.on('close', () => {
    if (!deaf) fail(closed());
  });
  client.on('ready', () => {
    accepted = true;
    attempt(() =>
      client.shell(terminal ? TERMINAL : false, (error, channel) => {
        if (error) return fail(shellRefused(error, `${where} ${clean(error.message)}`));
        clearTimeout(timer);
        // From here on the caller decides where work may stop: a command under way is never cut off.
        signal.removeEventListener('abort', cancel);
        opened = wrap(client, channel, { weakness, clean, deafen });
        resolve(opened);
      }),
    );
  });
  /** The library throws for what it finds out at once, such as a port that is none. */
  const attempt = (call: () => void) => {
    try {
      call();
    } catch (thrown) {
      fail(failure('CONNECTION_LOST', `${where} ${clean(asOtjError(thrown).words ?? '')}`, thrown));
      socket.destroy();
    }
  };

  if (signal.aborted) {
    cancel();
    return promise;
  }
  attempt(() => {
    // Before the library gets it, which takes a socket that is not connecting for one that is connected.
    socket.connect({ host: address, port: sshPort });
    client.connect({
      sock: gathering(socket),
      username,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
      algorithms: offered(legacy),
      debug: (line) => offer.note(line),
      hostVerifier: (key: Buffer) => {
        try {
          trust.check('ssh', createHash('sha256').update(key).digest('hex'));
          return true;
        } catch (thrown) {
          cause ??= asOtjError(thrown);
          return false;
        }
      },
      authHandler: ((methods, partial) => login.next(methods, partial)) as AuthHandlerMiddleware,
    });
  });
  hearEmptyRounds(client, (words) => login.hear(words));
  client.setNoDelay(true);
  return promise;
}

/** Logged in, but no shell: no room for one more session, or a device that works in another way than known. */
function shellRefused(error: SshError, words: string): OtjError {
  const full = NO_ROOM.includes(error.reason) || tellsSessionLimit(error.message);
  return new OtjError(full ? 'SESSION_LIMIT' : 'ODD_REPLY', words, { cause: error });
}
