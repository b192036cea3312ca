/** How often a password goes out before it was once taken, counted by a scripted server: each time may count towards a lock-out. */
import type { IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EndpointTarget } from '../../main/endpoints/driver.ts';
import { openGroup } from '../../main/endpoints/poly/group/connect.ts';
import { openTrio } from '../../main/endpoints/poly/trio/session.ts';
import { type HttpsHost, readBody, startHttpsHost } from '../lab/https-host.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';

interface Heard {
  what: string;
  body: string;
  headers: IncomingHttpHeaders;
}
type Answer = { status: number; body?: string; headers?: Record<string, string> } | 'cut';

let host: HttpsHost;
let heard: Heard[];
let script: (request: Heard) => Answer;

beforeEach(async () => {
  heard = [];
  host = await startHttpsHost({
    address: '127.0.72.1',
    port: 0,
    certificateNames: ['poly'],
    async handler(request, response) {
      const what = `${request.method} ${request.url}`;
      const entry = { what, body: await readBody(request), headers: request.headers };
      heard.push(entry);
      const answer = script(entry);
      if (answer === 'cut') return void response.socket?.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body);
    },
  });
});

afterEach(() => host.stop());

function target(family: EndpointTarget['family'], change: Partial<EndpointTarget> = {}): EndpointTarget {
  return {
    family,
    address: host.address,
    sshPort: 1,
    httpsPort: host.port,
    transport: 'auto',
    lastTransport: null,
    legacy: false,
    username: 'admin',
    password: 'Hush-1234567890',
    trust: { check: () => undefined },
    timeoutMs: 5_000,
    proofMs: 2_000,
    proofEveryMs: 50,
    ...change,
  };
}

const { signal } = new AbortController();

describe('a Trio', () => {
  const INFO = '/api/v2/mgmt/device/info';
  const good = { status: 200, body: JSON.stringify({ Status: '2000', data: {} }) };
  const asks = { status: 401, headers: { 'www-authenticate': 'Digest realm="trio", nonce="n1", qop="auth"' } };
  const tries = () => heard.filter(({ headers }) => headers.authorization !== undefined);

  it('is not sent the password again when the connection was lost over it', async () => {
    script = ({ headers }) => (headers.authorization ? 'cut' : asks);
    const session = openTrio(target('poly-trio'), signal);
    expect(await codeOf(() => session.read('GET', INFO))).toBe('CONNECTION_LOST');
    await session.close();
    expect(tries()).toHaveLength(1);
  });

  it('is asked again what got lost before the password went out, or after it was taken', async () => {
    script = ({ headers }) => {
      if (headers.authorization) return heard.length === 4 ? 'cut' : good;
      return heard.length === 1 ? 'cut' : asks;
    };
    const session = openTrio(target('poly-trio'), signal);
    await session.read('GET', INFO);
    expect(tries()).toHaveLength(1);
    await session.read('GET', INFO);
    expect(tries()).toHaveLength(3);
    await session.close();
  });
});

describe('a Group', () => {
  const logins = () => heard.filter(({ body }) => body.includes('"Login"'));

  it('is sent no password where a question without it shows that there is no REST API', async () => {
    script = () => ({ status: 404 });
    const error = await errorOf(() => openGroup(target('poly-group'), signal));
    expect([error?.code, error?.words]).toEqual(['UNKNOWN_DEVICE', expect.stringContaining('SSH: UNREACHABLE')]);
    expect([heard.map(({ what }) => what), logins()]).toEqual([['GET /rest/system'], []]);
  });

  it('is not sent the password over SSH as well, once REST had it', async () => {
    script = ({ what }) => ({ status: what === 'GET /rest/system' ? 403 : 404 });
    let sshSeen = 0;
    const ssh = createServer((socket) => {
      sshSeen++;
      socket.destroy();
    });
    await new Promise<void>((ready) => void ssh.listen(0, host.address, ready));
    const { port: sshPort } = ssh.address() as AddressInfo;
    const error = await errorOf(() => openGroup(target('poly-group', { sshPort }), signal));
    await new Promise((closed) => void ssh.close(closed));
    expect([error?.code, logins().length, sshSeen]).toEqual(['UNKNOWN_DEVICE', 1, 0]);
  });
});
