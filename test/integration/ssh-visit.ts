/** Logins to a scripted SSH server, as the Cisco driver makes them. */
import { afterEach } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { Tsh } from '../../main/endpoints/cisco/ssh/tsh.ts';
import { openShell } from '../../main/endpoints/transports/ssh.ts';
import { PLACE } from '../support/place.ts';
import { codecLine, type Script, sshServer } from './ssh-server.ts';

/** Loopback addresses of this process: test files beside each other do not meet. */
const NET = `127.61.${PLACE}`;
export const PASSWORD = 'Right "pass" \\ 1234';
let hosts = 0;
export const nextAddress = () => `${NET}.${++hosts}`;
const sessions: Tsh[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

type Options = {
  legacy?: boolean;
  timeoutMs?: number;
  password?: string;
  check?: (kind: string, sha256: string) => void;
};

export function shell(address: string, options: Options = {}, signal = new AbortController().signal) {
  const { legacy = false, timeoutMs = 4_000, password = PASSWORD, check = () => undefined } = options;
  return openShell(
    { address, sshPort: 3022, username: 'admin', password, trust: { check }, timeoutMs, legacy },
    signal,
  );
}

export async function tsh(address: string, options: Options = {}): Promise<Tsh> {
  const { timeoutMs = 4_000 } = options;
  const session = await Tsh.start(await shell(address, options), timeoutMs);
  sessions.push(session);
  return session;
}

/** A server with this script, and a login to it. @returns what the server saw, and the session or the error */
export async function meet(script: Omit<Script, 'address'>, options: Options = {}) {
  const address = nextAddress();
  const seen = await sshServer({ address, ...script });
  const end = await tsh(address, options).catch((thrown: unknown) => thrown);
  return { address, seen, end };
}

export const told = (end: unknown) => (end instanceof OtjError ? { code: end.code, words: end.words ?? '' } : end);
export const PRODUCT = { Value: 'Cisco Room Kit' };

/** A session whose replies the test gives: called with the line and its tag. */
export async function answering(
  reply: (line: string, id: string, say: (words: string | Buffer) => void) => void,
  options: Options = {},
) {
  const { end, seen } = await meet(
    {
      line: (line, say, channel) => {
        const id = /resultId="([^"]*)"/.exec(line)?.[1];
        if (id) reply(line, id, say);
        else codecLine(line, say, channel);
      },
    },
    options,
  );
  if (!(end instanceof Tsh)) throw end;
  return { session: end, seen };
}
