/**
 * One SSH shell on one device: pinned host key, one login try, a time limit on getting in.
 * Knows no vendor's prompt; the caller gets a stream of text.
 */
import { createHash } from 'node:crypto';
import { type AuthHandlerMiddleware, Client, type ClientChannel } from 'ssh2';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';

export interface Shell {
  write(text: string): void;
  /** Text as it arrives, cut anywhere but never inside a character. */
  onText(listener: (text: string) => void): void;
  /** Called once, with the reason, when the link is gone. */
  onClose(listener: (reason: OtjError) => void): void;
  close(): void;
}

type Target = Pick<EndpointTarget, 'address' | 'sshPort' | 'username' | 'password' | 'trust' | 'timeoutMs'>;

/**
 * Opens a shell without a terminal. Throws OtjError UNREACHABLE, TIMEOUT, HANDSHAKE, TRUST_CHANGED, LOGIN_REFUSED,
 * PASSPHRASE_CHANGE, CONNECTION_LOST, CANCELLED.
 */
export function openShell(target: Target, signal: AbortSignal): Promise<Shell> {
  const { address, sshPort, username, password, trust, timeoutMs } = target;
  const client = new Client();
  const { promise, resolve, reject } = Promise.withResolvers<Shell>();
  let cause: OtjError | null = null;
  let opened: ClosableShell | null = null;

  const fail = (error: OtjError) => {
    cause ??= error;
    reject(cause);
    opened?.lost(cause);
    client.destroy();
  };
  const timer = setTimeout(() => fail(new OtjError('TIMEOUT', `${address}:${sshPort} while logging in`)), timeoutMs);
  const cancel = () => fail(new OtjError('CANCELLED'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });

  // A failed handshake emits two errors; the first tells the reason and `cause` keeps it.
  client.on('error', (error) => fail(sshError(error, `${address}:${sshPort}`)));
  client.on('close', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    fail(new OtjError('CONNECTION_LOST', `${address}:${sshPort}`));
  });

  client.on('ready', () => {
    client.shell(false, (error, channel) => {
      if (error) return fail(new OtjError('ODD_REPLY', error.message, { cause: error }));
      clearTimeout(timer);
      // From here on the caller decides where work may stop: a command under way is never cut off.
      signal.removeEventListener('abort', cancel);
      opened = wrap(client, channel);
      resolve(opened);
    });
  });

  client.connect({
    host: address,
    port: sshPort,
    username,
    readyTimeout: 0,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      try {
        trust.check('ssh', createHash('sha256').update(key).digest('hex'));
        return true;
      } catch (thrown) {
        cause = asOtjError(thrown);
        return false;
      }
    },
    authHandler: oneLoginTry(username, password, () =>
      fail(new OtjError('PASSPHRASE_CHANGE')),
    ) as AuthHandlerMiddleware,
  });
  client.setNoDelay(true);
  return promise;
}

/**
 * `none` asks which methods there are; then exactly one method is tried, because every refused one counts towards
 * the device's lock-out. Cisco's own client answers keyboard-interactive (jsxapi), so that is preferred.
 */
function oneLoginTry(username: string, password: string, passphraseChangeDemanded: () => void) {
  let tried = false;
  let asked = 0;
  const answer = (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: { echo?: boolean }[],
    finish: (answers: string[]) => void,
  ) => {
    // A second question after the password is a demand for a new one: never answered with the old one.
    asked += prompts.length;
    if (asked > 1) passphraseChangeDemanded();
    else finish(prompts.map(({ echo }) => (echo ? '' : password)));
  };
  return (methods: string[] | null, _partial: boolean, next: (auth: unknown) => void): void => {
    if (methods === null) {
      next({ type: 'none', username });
      return;
    }
    const first = !tried;
    tried = true;
    if (first && methods.includes('keyboard-interactive'))
      next({ type: 'keyboard-interactive', username, prompt: answer });
    else if (first && methods.includes('password')) next({ type: 'password', username, password });
    else next(false);
  };
}

type ClosableShell = Shell & { lost(reason: OtjError): void };

function wrap(client: Client, channel: ClientChannel): ClosableShell {
  const closeListeners: ((reason: OtjError) => void)[] = [];
  let gone: OtjError | null = null;
  const lost = (reason: OtjError) => {
    if (gone) return;
    gone = reason;
    for (const listener of closeListeners) listener(reason);
  };
  channel.setEncoding('utf8');
  channel.on('close', () => {
    lost(new OtjError('CONNECTION_LOST', 'the device closed the session'));
    client.end();
  });
  channel.on('error', (error: Error) => lost(new OtjError('CONNECTION_LOST', error.message)));
  return {
    lost,
    write: (text) => void channel.write(text),
    onText: (listener) => void channel.on('data', listener),
    onClose: (listener) => (gone ? listener(gone) : void closeListeners.push(listener)),
    close() {
      lost(new OtjError('CANCELLED', 'closed by us'));
      channel.end();
      client.end();
    },
  };
}

function sshError(error: Error & { level?: string; code?: string }, where: string): OtjError {
  const options = { cause: error };
  if (error.level === 'client-authentication') return new OtjError('LOGIN_REFUSED', where, options);
  if (error.level === 'client-timeout') return new OtjError('TIMEOUT', where, options);
  if (
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].includes(
      error.code ?? '',
    )
  )
    return new OtjError('UNREACHABLE', `${where} ${error.code}`, options);
  if (error.level === 'handshake' || error.level === 'protocol')
    return new OtjError('HANDSHAKE', error.message, options);
  return new OtjError('CONNECTION_LOST', `${where} ${error.message}`, options);
}
