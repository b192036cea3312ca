import { randomUUID } from 'node:crypto';
import type { Calendars } from '../calendars.ts';
import type { HttpsHost } from '../https-host.ts';
import type { World } from '../types.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { RESOURCES, uriOf, type Value } from './fields.ts';
import { type AdminAccount, READ_ONLY, startManagement } from './management.ts';
import { type ConferencingNode, startNode } from './node.ts';
import type { Contact } from './status.ts';
import { Store } from './store.ts';
import { type Row, validate } from './validate.ts';

export interface InfinityOptions {
  world: World;
  calendars: Calendars;
  address: string;
  port: number;
  domain: string;
  accounts: AdminAccount[];
  nodes: { hostname: string; address: string; port: number; location: string }[];
  profile: { name: string; epUsername?: string; epPassword?: string };
  groups: { name: string; location: string; withProfile: boolean }[];
  graphSecret: string;
  /** Entries of rooms that were on Infinity before. */
  existing?: Record<string, Value>[];
  behaviour?: Partial<Behaviour>;
  pushMs?: number;
  pushesPerSecond?: number;
  version?: string;
}

export interface Infinity {
  readonly management: HttpsHost;
  readonly url: string;
  readonly nodes: ConferencingNode[];
  readonly store: Store;
  /** Change its members to change what the platform does. */
  readonly behaviour: Behaviour;
  readonly contacts: Map<number, Contact>;
  /** To the management API, since it started. */
  readonly requests: { all: number; token: number };
  stop(): Promise<void>;
}

/** A Management Node with its Conferencing Nodes, one OTJ profile on Graph, and its endpoint groups. */
export async function startInfinity(options: InfinityOptions): Promise<Infinity> {
  const behaviour: Behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  const store = new Store(() => behaviour.replicationMs);
  const contacts = new Map<number, Contact>();
  const requests = { all: 0, token: 0 };
  const { world, calendars } = options;
  const workers = furnish(store, options);
  store.replicateAll();

  const managerName = `manager.${options.domain}`;
  const management = await startManagement({
    ...options,
    certificateNames: [managerName],
    store,
    behaviour,
    contacts,
    requests,
    version: options.version ?? '41 (82100.0.0)',
  });
  world.names.set(managerName, { address: options.address, port: management.port });

  const nodes: ConferencingNode[] = [];
  for (const [index, row] of workers.entries()) {
    const port = options.nodes[index]?.port ?? 443;
    const pushMs = options.pushMs ?? 1000;
    const pushesPerSecond = options.pushesPerSecond ?? 40;
    const unreachable = (codec: string) => behaviour.unreachable.includes(codec);
    nodes.push(await startNode({ world, row, port, store, calendars, contacts, pushMs, pushesPerSecond, unreachable }));
  }
  return {
    management,
    url: `https://${options.address}:${management.port}`,
    nodes,
    store,
    behaviour,
    contacts,
    requests,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await management.stop();
    },
  };
}

/** The platform as its administrator left it before anybody migrates. Returns the rows of the nodes. */
function furnish(store: Store, options: InfinityOptions): Row[] {
  const add = (name: string, values: Record<string, Value>): string => {
    const resource = RESOURCES.get(name);
    if (!resource) throw new Error(`no resource ${name}`);
    const checked = validate(resource, values, store.peers(name), { partial: false });
    if ('errors' in checked) throw new Error(`${name}: ${JSON.stringify(checked.errors)}`);
    return uriOf(name, store.insert(name, checked.row).id);
  };
  const locations = new Map<string, string>();
  for (const { location } of [...options.nodes, ...options.groups]) {
    if (!locations.has(location)) locations.set(location, add('system_location', { name: location }));
  }
  for (const node of options.nodes) {
    add('worker_vm', {
      name: node.hostname,
      hostname: node.hostname,
      domain: options.domain,
      address: node.address,
      system_location: locations.get(node.location) ?? null,
    });
  }
  add('role', { name: 'Read-write' });
  add('role', { name: READ_ONLY });
  const graph = add('mjx_graph_deployment', {
    name: `${options.profile.name} calendars`,
    client_id: randomUUID(),
    client_secret: options.graphSecret,
    oauth_token_url: `https://login.microsoftonline.com/${randomUUID()}/oauth2/v2.0/token`,
  });
  const profile = add('mjx_integration', {
    name: options.profile.name,
    graph_deployment: graph,
    ep_username: options.profile.epUsername ?? '',
    ep_password: options.profile.epPassword ?? '',
  });
  add('mjx_meeting_processing_rule', {
    name: 'Pexip meetings',
    priority: 1,
    mjx_integration: profile,
    meeting_type: 'pexipinfinity',
  });
  for (const group of options.groups) {
    add('mjx_endpoint_group', {
      name: group.name,
      system_location: locations.get(group.location) ?? null,
      mjx_integration: group.withProfile ? profile : null,
    });
  }
  for (const entry of options.existing ?? []) add('mjx_endpoint', entry);
  return store.rows('worker_vm');
}
