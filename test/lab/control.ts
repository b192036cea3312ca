import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Estate } from './estate.ts';
import { readBody } from './https-host.ts';
import type { Behaviour } from './infinity/behaviour.ts';
import { RESOURCES } from './infinity/fields.ts';
import { view } from './infinity/views.ts';
import type { Faults } from './types.ts';

export interface Control {
  readonly url: string;
  stop(): Promise<void>;
}

const FaultsBody = z.strictObject({
  hung: z.boolean().optional(),
  off: z.boolean().optional(),
  dropOnce: z.string().optional(),
  htmlInsteadOfApi: z.boolean().optional(),
  truncateAt: z.number().int().nonnegative().optional(),
  inCall: z.boolean().optional(),
  passphraseChange: z.boolean().optional(),
  expired: z.boolean().optional(),
  sessionsFull: z.boolean().optional(),
  runtimeDown: z.boolean().optional(),
  runtimeStartMs: z.number().optional(),
  upgrading: z.boolean().optional(),
  upgradePhase: z.string().optional(),
  callOnHold: z.boolean().optional(),
  starting: z.boolean().optional(),
  rebootOn: z.string().optional(),
  bootMs: z.number().int().nonnegative().optional(),
  clockOffsetMs: z.number().int().optional(),
  splitBytes: z.number().int().positive().optional(),
  chatter: z.boolean().optional(),
  expireSessionAfter: z.number().int().nonnegative().optional(),
  badHttp: z.enum(['slow', 'noise', 'too-long', 'too-short', 'unended', 'closed']).optional(),
  busyRequests: z.number().int().nonnegative().optional(),
  slowMs: z.number().int().nonnegative().optional(),
  teamsMode: z.boolean().optional(),
  dropAfterVars: z.number().int().nonnegative().optional(),
  refuse: z.record(z.string(), z.string()).optional(),
  forget: z.array(z.string()).optional(),
  webClosed: z.boolean().optional(),
  hideNames: z.array(z.string()).optional(),
  refuseUnknown: z.enum(['bare', 'with results']).optional(),
  oddReplies: z
    .record(z.string(), z.strictObject({ status: z.int(), text: z.string(), times: z.int().optional() }))
    .optional(),
  refuseCommands: z.array(z.string()).optional(),
  rebootStatus: z.int().optional(),
  refuseReboot: z.boolean().optional(),
  authErrorHidden: z.boolean().optional(),
  sessionsLeftOpen: z.number().int().nonnegative().optional(),
} satisfies Record<keyof Faults, z.ZodType>);

const count = z.number().int().nonnegative();
const BehaviourBody = z.strictObject({
  replicationMs: count.optional(),
  ratePerMinute: count.optional(),
  errorShape: z.enum(['flat', 'nested']).optional(),
  overLicence: z.enum(['refuse', 'accept']).optional(),
  duplicates: z.enum(['refuse', 'accept']).optional(),
  unavailable: count.optional(),
  loseReplies: count.optional(),
  hang: count.optional(),
  membersAs: z.enum(['objects', 'strings']).optional(),
  deploymentsAs: z.enum(['objects', 'strings']).optional(),
  secretsInReplies: z.enum(['omit', 'blank']).optional(),
  neverContacted: z.enum(['null', 'missing']).optional(),
  statusIds: z.enum(['shifted', 'same']).optional(),
  valuesAs: z.enum(['json', 'texts']).optional(),
  location: z.enum(['path', 'absolute']).optional(),
  patchStatus: z.union([z.literal(200), z.literal(202), z.literal(204)]).optional(),
  oauth: z.boolean().optional(),
  tokenSeconds: z.number().positive().nullable().optional(),
  otjTotal: count.optional(),
  clockOffsetMs: z.number().int().optional(),
  maintenance: z.boolean().optional(),
  failAfterSaving: count.optional(),
  tooMany: count.optional(),
  chaos: z.number().min(0).max(1).optional(),
  proxyPages: count.optional(),
  proxyStatus: z.union([z.literal(200), z.literal(403), z.literal(407), z.literal(502)]).optional(),
  schema: z.enum(['current', 'older', 'newer', 'stricter', 'none']).optional(),
  unreachable: z.array(z.string()).optional(),
} satisfies Record<keyof Behaviour, z.ZodType>);

const ServiceBody = z.strictObject({ mailbox: z.string(), enabled: z.boolean() });

/**
 * The lab's remote control on 127.0.0.1, for tests and people: what there is, what state it is in, faults on and off.
 * It hands out every login, so it answers only requests that name its own address (no page can rebind a name to it).
 */
export async function startControl(options: {
  estate: Estate;
  /** The answer to GET /estate. */
  document: Record<string, unknown>;
  onStop(): void;
}): Promise<Control> {
  const { estate } = options;
  const server = createServer((request, response) => {
    handle(request)
      .then((reply) => send(response, reply.status, reply.body))
      .catch((error: unknown) => {
        const body = error instanceof z.ZodError ? { error: z.prettifyError(error) } : { error: String(error) };
        send(response, error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 500, body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const host = `127.0.0.1:${bound && typeof bound === 'object' ? bound.port : 0}`;
  const url = `http://${host}`;

  async function handle(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (request.headers.host !== host || request.headers.origin !== undefined) return { status: 403, body: {} };
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const text = await readBody(request, 100_000);
    const json = (): unknown => JSON.parse(text === '' ? '{}' : text);
    switch (`${request.method} ${pathname}`) {
      case 'GET /estate':
        return ok({ control: url, ...options.document });
      case 'GET /state':
        return ok(stateOf(estate, searchParams.has('raw')));
      case 'POST /infinity/stop':
        await estate.infinity.management.stop();
        return ok({ running: false });
      case 'POST /infinity/start':
        await estate.infinity.management.start();
        return ok({ running: true });
      case 'POST /infinity/behaviour':
        Object.assign(estate.infinity.behaviour, BehaviourBody.parse(json()));
        return ok(estate.infinity.behaviour);
      case 'POST /service/endpoint': {
        const { mailbox, enabled } = ServiceBody.parse(json());
        return estate.service.setEnabled(mailbox, enabled) ? ok({ mailbox, enabled }) : missing;
      }
      case 'POST /stop':
        setImmediate(options.onStop);
        return ok({ stopping: true });
    }
    const address = /^\/device\/([^/]+)\/faults$/.exec(pathname)?.[1];
    const device = address && request.method === 'POST' ? estate.devices.get(address) : undefined;
    if (!device) return missing;
    const faults = FaultsBody.parse(json()) as Faults;
    device.setFaults(faults);
    return ok({ address, faults });
  }

  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const ok = (body: unknown) => ({ status: 200, body });
const missing = { status: 404, body: { error: 'no such thing' } };

/**
 * Every device and Infinity's entries, comparable between runs: moments are replaced by a word, ids that depend on
 * the order of creation are left out. `raw` keeps all.
 */
function stateOf(estate: Estate, raw = false): Record<string, unknown> {
  const { infinity, service } = estate;
  const endpoint = RESOURCES.get('mjx_endpoint');
  const entries = infinity.store.rows('mjx_endpoint').flatMap((row) => {
    if (!endpoint) return [];
    const { id, resource_uri, ...entry } = view(endpoint, row, infinity.store, infinity.behaviour);
    return [raw ? { id, resource_uri, ...entry, contact: infinity.contacts.get(row.id) ?? null } : entry];
  });
  const state = {
    devices: Object.fromEntries(
      [...estate.devices]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([address, device]) => [address, device.snapshot()]),
    ),
    infinity: {
      running: infinity.management.running,
      endpoints: entries.toSorted((a, b) => String(a.name).localeCompare(String(b.name))),
    },
    ...(raw ? { service: Object.fromEntries(service.requests) } : {}),
  };
  return raw ? state : (withoutMoments(state) as Record<string, unknown>);
}

/** Depend on who is connected right now: nodes keep a session on each codec. */
const OF_THE_MOMENT = new Set(['sessions']);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function withoutMoments(value: unknown): unknown {
  if (typeof value === 'string') return MOMENT.test(value) ? '<moment>' : value;
  if (value instanceof Date) return '<moment>';
  if (Array.isArray(value)) return value.map(withoutMoments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OF_THE_MOMENT.has(key))
      .map(([key, inner]) => [key, withoutMoments(inner)]),
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
