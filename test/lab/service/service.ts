import { bookingsOf, type Calendars } from '../calendars.ts';
import { answerEws } from '../ews.ts';
import { type HttpsHost, pause, startHttpsHost } from '../https-host.ts';
import type { World } from '../types.ts';

/** One endpoint with One-Touch Join on the Pexip Service. */
export interface ServiceEndpoint {
  mailbox: string;
  /** Cisco: in the settings macro of the codec. */
  token?: string;
  /** Poly: on the device. */
  username?: string;
  password?: string;
}

export interface PexipService {
  readonly host: HttpsHost;
  /** The step that a person does in Pexip Control Center: the endpoint's One-Touch Join off, or on again. */
  setEnabled(mailbox: string, enabled: boolean): boolean;
  /** How often each mailbox was asked for, in all. */
  readonly requests: Map<string, number>;
  stop(): Promise<void>;
}

/** The Service side under `*.otj.pexip.io`: meetings for macros by token, and an imitation of Exchange for Poly. */
export async function startService(options: {
  world: World;
  calendars: Calendars;
  address: string;
  port: number;
  endpoints: ServiceEndpoint[];
}): Promise<PexipService> {
  const { world, calendars } = options;
  const byToken = new Map<string, ServiceEndpoint>();
  const byUser = new Map<string, ServiceEndpoint>();
  for (const endpoint of options.endpoints) {
    if (endpoint.token) byToken.set(endpoint.token, endpoint);
    if (endpoint.username) byUser.set(endpoint.username.toLowerCase(), endpoint);
  }
  const off = new Set<string>();
  const requests = new Map<string, number>();
  const count = (mailbox: string) => requests.set(mailbox, (requests.get(mailbox) ?? 0) + 1);

  const exchange = {
    realm: 'Pexip Service',
    login(username: string, password: string): string | undefined {
      const endpoint = byUser.get(username.toLowerCase());
      if (!endpoint || endpoint.password !== password || off.has(endpoint.mailbox)) return undefined;
      return endpoint.mailbox;
    },
    meetings: (mailbox: string) => calendars.meetings(mailbox, 'svc'),
    served: (username: string) => count(byUser.get(username.toLowerCase())?.mailbox ?? ''),
  };

  const host = await startHttpsHost({
    address: options.address,
    port: options.port,
    certificateNames: ['*.otj.pexip.io'],
    handler: async (request, response) => {
      await pause(world.latencyMs);
      const token = /^\/v1\/meetings\/([^/?]+)$/.exec(request.url ?? '')?.[1];
      if (token === undefined || request.method !== 'GET') return answerEws(request, response, exchange);
      const endpoint = byToken.get(decodeURIComponent(token));
      if (!endpoint || off.has(endpoint.mailbox)) {
        response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":"unknown endpoint"}');
        return;
      }
      count(endpoint.mailbox);
      const bookings = bookingsOf(calendars.meetings(endpoint.mailbox, 'svc'));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ bookings }));
    },
  });
  world.names.set('*.otj.pexip.io', { address: options.address, port: host.port });
  return {
    host,
    requests,
    setEnabled(mailbox, enabled) {
      if (!options.endpoints.some((endpoint) => endpoint.mailbox === mailbox)) return false;
      if (enabled) off.delete(mailbox);
      else off.add(mailbox);
      return true;
    },
    stop: () => host.stop(),
  };
}
