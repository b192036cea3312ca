import { bookingsOf, type Calendars } from '../calendars.ts';
import { answerEws } from '../ews.ts';
import { type HttpsHost, pause, startHttpsHost } from '../https-host.ts';
import type { World } from '../types.ts';
import { CodecClient, type CodecTarget } from './codec-client.ts';
import type { Contact } from './status.ts';
import type { Store } from './store.ts';
import type { Row } from './validate.ts';

export interface NodeOptions {
  world: World;
  /** The node's row in `worker_vm`. */
  row: Row;
  port: number;
  store: Store;
  calendars: Calendars;
  contacts: Map<number, Contact>;
  /** Each codec gets its meetings this often; slower when there are more codecs than `pushesPerSecond` allows. */
  pushMs: number;
  pushesPerSecond: number;
  /** Whether something on the way keeps this node from a codec. */
  unreachable(codec: string): boolean;
}

export interface ConferencingNode {
  readonly fqdn: string;
  readonly host: HttpsHost;
  stop(): Promise<void>;
}

interface Link {
  client: CodecClient;
  /** The entry and profile it was made for: a change makes a new one. */
  made: string;
  due: number;
  failures: number;
  busy: boolean;
}

const MOST_AT_ONCE = 16;

/** A Conferencing Node: pushes meetings to the Cisco codecs it serves, and answers Poly devices like an Exchange. */
export async function startNode(options: NodeOptions): Promise<ConferencingNode> {
  const { row, world } = options;
  const fqdn = `${row.hostname}.${row.domain}`;
  const address = String(row.address);
  const host = await startHttpsHost({
    address,
    port: options.port,
    certificateNames: [fqdn],
    handler: async (request, response) => {
      await pause(world.latencyMs);
      await answerEws(request, response, exchange(options, address));
    },
  });
  world.names.set(fqdn, { address, port: host.port });
  const pusher = startPusher(options, address);
  return {
    fqdn,
    host,
    async stop() {
      await pusher.stop();
      await host.stop();
    },
  };
}

function exchange(options: NodeOptions, address: string) {
  const { store, contacts } = options;
  const entries = () => [...store.replicated('mjx_endpoint').values()].filter((row) => row.endpoint_type === 'POLY');
  const named = (username: string) =>
    entries().find((row) => String(row.poly_username ?? '').toLowerCase() === username.toLowerCase());
  return {
    realm: 'Pexip One-Touch Join',
    login(username: string, password: string): string | undefined {
      const entry = named(username);
      if (!entry || !servedHere(options, entry)) return undefined;
      if (entry.poly_password === password && password !== '') return String(entry.room_resource_email);
      const text = 'the device used a wrong password';
      contacts.set(entry.id, { ...contacts.get(entry.id), failure: { at: new Date(), text, nodeAddress: address } });
      return undefined;
    },
    meetings: (mailbox: string) => options.calendars.meetings(mailbox, 'inf'),
    served(username: string, meetings: number) {
      const entry = named(username);
      if (!entry) return;
      contacts.set(entry.id, { lastContact: { at: new Date(), worker: String(options.row.name), meetings } });
    },
  };
}

/** Whether the entry's group has a profile and lies in this node's location. */
function servedHere({ store, row }: NodeOptions, entry: Row): boolean {
  const group = store.followReplicated(entry.mjx_endpoint_group);
  const here = store.replicated('worker_vm').get(row.id);
  if (!group || !here || here.maintenance_mode === true) return false;
  return group.system_location === here.system_location && store.followReplicated(group.mjx_integration) !== undefined;
}

/** Each room has one primary node: the rooms of a location are spread over its nodes. */
function primaryHere(options: NodeOptions, entry: Row): boolean {
  if (!servedHere(options, entry)) return false;
  const here = options.store.replicated('worker_vm').get(options.row.id);
  const peers = [...options.store.replicated('worker_vm').values()]
    .filter((node) => node.system_location === here?.system_location && node.maintenance_mode !== true)
    .map((node) => node.id)
    .sort((a, b) => a - b);
  return peers[entry.id % peers.length] === options.row.id;
}

function targetOf({ store, world }: NodeOptions, entry: Row): CodecTarget {
  const group = store.followReplicated(entry.mjx_endpoint_group);
  const profile = store.followReplicated(group?.mjx_integration);
  const secure = entry.use_https === 'GLOBAL' ? profile?.ep_use_https !== false : entry.use_https === 'YES';
  const verify = entry.verify_cert === 'GLOBAL' ? profile?.ep_verify_certificate === true : entry.verify_cert === 'YES';
  const address = String(entry.api_address ?? '');
  return {
    address: world.names.resolve(address)?.address ?? address,
    port: typeof entry.api_port === 'number' ? entry.api_port : secure ? 443 : 80,
    secure,
    verifyCertificate: verify,
    username: String(entry.api_username || profile?.ep_username || ''),
    password: String(entry.api_password || profile?.ep_password || ''),
  };
}

function startPusher(options: NodeOptions, address: string) {
  const { store, contacts, calendars, world } = options;
  const links = new Map<number, Link>();
  const inFlight = new Set<Promise<void>>();
  let stopped = false;

  async function push(entry: Row, link: Link): Promise<void> {
    const meetings = calendars.meetings(String(entry.room_resource_email), 'inf');
    const outcome = options.unreachable(String(entry.api_address ?? ''))
      ? ({ ok: false, text: 'connection timed out' } as const)
      : await link.client.put(bookingsOf(meetings));
    const at = new Date();
    if (outcome.ok) {
      if (link.failures > 0 || !contacts.has(entry.id)) world.log(`infinity: reached ${String(entry.name)}`);
      link.failures = 0;
      contacts.set(entry.id, { lastContact: { at, worker: String(options.row.name), meetings: meetings.length } });
    } else {
      link.failures += 1;
      const failure = { at, text: outcome.text, nodeAddress: address };
      contacts.set(entry.id, { ...contacts.get(entry.id), failure });
    }
    // A codec that cannot be reached is tried less and less often, down to every eighth time.
    link.due = Date.now() + options.pushMs * Math.min(8, 2 ** Math.max(0, link.failures - 1)) - 20;
  }

  function due(): { entry: Row; link: Link }[] {
    const now = Date.now();
    const entries = store.replicated('mjx_endpoint');
    for (const [id, link] of links) {
      const entry = entries.get(id);
      if (entry?.endpoint_type === 'CISCO' && primaryHere(options, entry)) continue;
      links.delete(id);
      if (!entry) contacts.delete(id);
      void link.client.close();
    }
    const ready: { entry: Row; link: Link }[] = [];
    for (const entry of entries.values()) {
      if (entry.endpoint_type !== 'CISCO' || !primaryHere(options, entry)) continue;
      const target = targetOf(options, entry);
      const made = JSON.stringify([target, entry.room_resource_email]);
      let link = links.get(entry.id);
      if (link?.made !== made) {
        if (link) void link.client.close();
        link = { client: new CodecClient(target), made, due: 0, failures: 0, busy: false };
        links.set(entry.id, link);
      }
      if (!link.busy && link.due <= now) ready.push({ entry, link });
    }
    // New and changed entries first: they are what somebody waits for.
    return ready.sort((a, b) => a.link.due - b.link.due);
  }

  const tickMs = Math.min(options.pushMs, 200);
  const budget = Math.max(1, Math.ceil((options.pushesPerSecond * tickMs) / 1000));
  const timer = setInterval(() => {
    if (stopped) return;
    for (const { entry, link } of due().slice(0, Math.min(budget, MOST_AT_ONCE - inFlight.size))) {
      link.busy = true;
      const work = push(entry, link).finally(() => {
        link.busy = false;
        inFlight.delete(work);
      });
      inFlight.add(work);
    }
  }, tickMs);

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.allSettled(inFlight);
      await Promise.allSettled([...links.values()].map((link) => link.client.close()));
    },
  };
}
