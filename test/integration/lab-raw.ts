import { Agent, request } from 'undici';
import { type Calendars, createCalendars } from '../lab/calendars.ts';
import { type Infinity as Platform, startInfinity } from '../lab/infinity/infinity.ts';
import type { World } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';

// Raw requests on purpose: the lab is checked against the reference, not against the product's own client.
export const ENDPOINTS = '/api/admin/configuration/v1/mjx_endpoint/';
export const GROUPS = '/api/admin/configuration/v1/mjx_endpoint_group/';
export const BEHAVIOUR = { replicationMs: 300, otjTotal: 60 };
export const ROOMS = Array.from({ length: 40 }, (_, index) => `room-${index}@lab.example`);
const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, pipelining: 1 });

export interface Body {
  [key: string]: unknown;
  meta: { limit: number; offset: number; total_count: number; next: string | null; previous: string | null };
  objects: Record<string, unknown>[];
}

export interface Seen {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Body;
}

export type Call = (method: string, path: string, body?: unknown, login?: string) => Promise<Seen>;

export const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

export async function raw(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Seen> {
  const options = { method: method as 'GET', dispatcher, headers, ...(body === undefined ? {} : { body }) };
  const answer = await request(url, options);
  const text = await answer.body.text();
  let json: Body = { meta: { limit: -1, offset: -1, total_count: -1, next: null, previous: null }, objects: [] };
  try {
    json = JSON.parse(text) as Body;
  } catch {
    // Not every reply has a body, and some are XML.
  }
  return { status: answer.statusCode, headers: answer.headers, text, json };
}

/** A small platform: two nodes in one location, one group with a profile and one without. */
export async function startPlatform(
  network: string,
): Promise<{ world: World; calendars: Calendars; platform: Platform; call: Call }> {
  const world = createWorld();
  const calendars = createCalendars(ROOMS);
  const platform = await startInfinity({
    world,
    calendars,
    address: `${network}.10`,
    port: 0,
    domain: 'lab.example',
    accounts: [
      { username: 'admin', password: 'secret', mayWrite: true },
      { username: 'reader', password: 'secret', mayWrite: false },
      { username: 'blind', password: 'secret', mayWrite: true, mayRead: false },
      { username: 'expired', password: 'secret', mayWrite: true, expired: 'refused' },
      { username: 'sent-away', password: 'secret', mayWrite: true, expired: 'redirected' },
    ],
    nodes: [
      { hostname: 'conf-1', address: `${network}.11`, port: 0, location: 'Oslo' },
      { hostname: 'conf-2', address: `${network}.12`, port: 0, location: 'Oslo' },
    ],
    profile: { name: 'Profile', epUsername: 'otj', epPassword: 'from-profile' },
    groups: [
      { name: 'Oslo', location: 'Oslo', withProfile: true },
      { name: 'Idle', location: 'Oslo', withProfile: false },
    ],
    graphSecret: 'graph-secret',
    pushMs: 100,
    behaviour: BEHAVIOUR,
  });
  const call: Call = (method, path, body, login = 'admin:secret') => {
    const headers: Record<string, string> = login ? { authorization: login.includes(' ') ? login : basic(login) } : {};
    if (body === undefined) return raw(method, new URL(path, platform.url).href, headers);
    headers['content-type'] = 'application/json';
    return raw(method, new URL(path, platform.url).href, headers, JSON.stringify(body));
  };
  return { world, calendars, platform, call };
}

export const cisco = (index: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: `Room ${index}`,
  room_resource_email: ROOMS[index],
  api_address: '127.0.0.1',
  ...more,
});

export const poly = (index: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: `Room ${index}`,
  endpoint_type: 'POLY',
  room_resource_email: ROOMS[index],
  mjx_endpoint_group: `${GROUPS}1/`,
  poly_username: `poly-${index}`,
  poly_password: 'poly-secret',
  ...more,
});

/** What a Poly device asks of its Exchange server. */
export function findItem(at: { address: string; port: number } | undefined, login: string): Promise<Seen> {
  const now = Date.now();
  const view = `StartDate="${new Date(now).toISOString()}" EndDate="${new Date(now + 86_400_000).toISOString()}"`;
  return raw(
    'POST',
    `https://${at?.address}:${at?.port}/EWS/Exchange.asmx`,
    { authorization: basic(login), 'content-type': 'text/xml; charset=utf-8' },
    `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
      xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
      xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><soap:Body>
      <m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>
      <m:CalendarView ${view}/><m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds>
      </m:FindItem></soap:Body></soap:Envelope>`,
  );
}

export async function until(what: () => Promise<boolean> | boolean, ms = 5000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not happen in time');
}
