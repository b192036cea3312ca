import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { Agent, request } from 'undici';
import { polyVideoOs, type Timing } from '../lab/poly/videoos.ts';
import type { LabDevice, PolySpec, World } from '../lab/types.ts';

/** What the tests of the simulated Poly device use: a tiny Exchange and a raw client, none of them the product's. */
export const ADMIN = { username: 'admin', password: 'correct-horse-1' };
export const ROOM = { username: 'room-poly', password: 'Aa1-generated-pass' };
const agent = new Agent({ connect: { rejectUnauthorized: false }, headersTimeout: 3000, bodyTimeout: 3000 });

/** One account, one meeting. */
export const exchange = {
  port: 0,
  givesCalendar: true,
  seen: [] as { host: string; servername: string | false | null; body: string }[],
};

function serveEws(incoming: IncomingMessage, response: ServerResponse): void {
  const expected = `Basic ${Buffer.from(`${ROOM.username}:${ROOM.password}`).toString('base64')}`;
  let body = '';
  incoming.on('data', (chunk: Buffer) => {
    body += chunk.toString('utf8');
  });
  incoming.on('end', () => {
    const socket = incoming.socket as unknown as { servername: string | false | null };
    exchange.seen.push({ host: incoming.headers.host ?? '', servername: socket.servername, body });
    if (incoming.url !== '/EWS/Exchange.asmx' || incoming.headers.authorization !== expected) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const start = new Date(Date.now() + 600_000).toISOString();
    const end = new Date(Date.now() + 2_400_000).toISOString();
    const found = `<m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>
      <m:RootFolder TotalItemsInView="1"><t:Items><t:CalendarItem><t:ItemId Id="AAMk=1" ChangeKey="x"/>
      <t:Subject>Budget &amp; plans</t:Subject><t:Start>${start}</t:Start><t:End>${end}</t:End>
      <t:Organizer><t:Mailbox><t:Name>Ann Example</t:Name></t:Mailbox></t:Organizer>
      </t:CalendarItem></t:Items></m:RootFolder></m:FindItemResponseMessage>`;
    const refused = `<m:FindItemResponseMessage ResponseClass="Error">
      <m:ResponseCode>ErrorNonExistentMailbox</m:ResponseCode></m:FindItemResponseMessage>`;
    response.writeHead(200, { 'Content-Type': 'text/xml' }).end(`<?xml version="1.0"?>
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
        xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
        xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body><m:FindItemResponse>
      <m:ResponseMessages>${exchange.givesCalendar ? found : refused}</m:ResponseMessages>
      </m:FindItemResponse></s:Body></s:Envelope>`);
  });
}

/** Returns what stops it. */
export async function startExchange(): Promise<() => Promise<void>> {
  const pem = await generate([{ name: 'commonName', value: 'ews.test' }], { keyType: 'ec', algorithm: 'sha256' });
  const server = createServer({ key: pem.private, cert: pem.cert }, serveEws);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound && typeof bound === 'object') exchange.port = bound.port;
  return async () => {
    server.closeAllConnections();
    server.close();
    await agent.close();
  };
}

export async function startDevice(
  changes: Partial<PolySpec> = {},
  timing: Partial<Timing> = {},
  latencyMs = 0,
): Promise<LabDevice> {
  const world: World = {
    names: {
      set: () => {},
      resolve: (host) =>
        host === 'node.example.com'
          ? { address: '127.0.0.1', port: exchange.port }
          : host === 'dead.example.com'
            ? { address: '127.0.0.1', port: 1 }
            : undefined,
    },
    latencyMs,
    log: () => {},
  };
  return polyVideoOs(timing)(
    {
      kind: 'poly-videoos',
      address: '127.0.0.1',
      httpsPort: 0,
      serial: '8G00000000TEST',
      mac: '00:E0:DB:00:00:01',
      model: 'StudioX50',
      systemName: 'Room One',
      software: '4.2.0',
      admin: ADMIN,
      calendar: { enabled: false, server: '', mailbox: 'room@example.com', domain: '', ...ROOM },
      pollMs: 200,
      ...changes,
    },
    world,
  );
}

interface Answer {
  status: number;
  text: string;
  body: unknown;
  token: string | undefined;
}

export async function raw(
  device: LabDevice,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const reply = await request(`https://${device.spec.address}:${device.spec.httpsPort}${path}`, {
    method,
    dispatcher: agent,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.body.text();
  const token = /XSRF-TOKEN=([^;]+)/.exec(String(reply.headers['set-cookie'] ?? ''))?.[1];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: reply.statusCode, text, body: parsed, token };
}

export const tryLogin = (device: LabDevice, password: string): Promise<Answer> =>
  raw(device, 'POST', '/rest/session', { user: ADMIN.username, password, action: 'Login' });

/** A client that keeps the rules. */
export async function client(device: LabDevice) {
  const login = await tryLogin(device, ADMIN.password);
  const { session } = login.body as { session: { sessionId: string } };
  let token = login.token ?? '';
  const headers = (): Record<string, string> => ({
    cookie: `session_id=${session.sessionId}; XSRF-TOKEN=${token}`,
    'x-xsrf-token': token,
  });
  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> => {
    const answer = await raw(device, method, path, body, headers());
    token = answer.token ?? token;
    return answer;
  };
  const write = (values: Record<string, unknown>): Promise<Answer> =>
    call('POST', '/rest/config', { vars: Object.entries(values).map(([name, value]) => ({ name, value })) });
  const calendar = async (): Promise<{ status: unknown; row: unknown }> => {
    const status = (await call('GET', '/rest/calendar')).body as { status: string };
    const rows = (await call('GET', '/rest/system/status')).body as { name: string; stateList: string[] }[];
    return { ...status, row: rows.find((row) => row.name === 'system.status.calendar')?.stateList[0] };
  };
  return { id: session.sessionId, headers, call, write, calendar };
}

export function fingerprint(device: LabDevice): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: device.spec.address, port: device.spec.httpsPort, rejectUnauthorized: false },
      () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}
