import type { Behaviour } from './behaviour.ts';
import { CONFIGURATION, RESOURCES, type Resource, uriOf } from './fields.ts';
import { query } from './query.ts';
import type { Store } from './store.ts';
import { type FieldErrors, type Peers, type Row, validate } from './validate.ts';
import { ofVersion } from './versions.ts';
import { filterable, rootListing, schemaOf, view } from './views.ts';

export interface Call {
  method: string;
  path: string;
  parameters: URLSearchParams;
  /** Parsed body; undefined when there was none or it is not JSON. */
  body: unknown;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** A web page in place of a body. */
  page?: string;
}

export interface Configuration {
  store: Store;
  behaviour: Behaviour;
  /** Adds what only the platform knows to a new row, and to the reply that shows it once. */
  created?(resource: Resource, row: Row): { row: Row; shownOnce: unknown } | undefined;
}

export const notFound: Reply = { status: 404, body: { error: 'Not found' } };
export const notAllowed: Reply = { status: 405, headers: { Allow: 'GET' } };

/** `configuration/v1`: everything below its root. */
export function configuration(call: Call, site: Configuration): Reply {
  const [name = '', second, rest] = call.path.slice(CONFIGURATION.length).split('/').filter(Boolean);
  if (!name) {
    return call.method === 'GET' ? { status: 200, body: rootListing(CONFIGURATION, RESOURCES.keys()) } : notAllowed;
  }
  const known = RESOURCES.get(name);
  if (!known || rest !== undefined) return notFound;
  const resource = ofVersion(known, site.behaviour.schema);
  if (second === 'schema' && site.behaviour.schema === 'none') return notFound;
  if (second === 'schema') return call.method === 'GET' ? { status: 200, body: schemaOf(resource) } : notAllowed;
  if (resource.readonly && call.method !== 'GET') return notAllowed;
  if (second === undefined) return list(call, resource, site);
  if (!/^\d+$/.test(second)) return notFound;
  const row = site.store.get(resource.name, Number(second));
  return row ? one(call, resource, row, site) : notFound;
}

function list(call: Call, resource: Resource, site: Configuration): Reply {
  const { store, behaviour } = site;
  switch (call.method) {
    case 'GET': {
      const shown = (row: Row) => view(resource, row, store, behaviour);
      const rows = rowsOf(resource, call.parameters, store);
      // without filters the page is cut first: a view of ten thousand rows takes its time
      const isPlain = [...call.parameters.keys()].every((key) => ['limit', 'offset', 'format'].includes(key));
      const page = query(isPlain ? rows : rows.map(shown), call.path, call.parameters, filterable(resource));
      if ('error' in page) return { status: 400, body: page };
      const cut = isPlain ? new Set(page.objects) : null;
      return { status: 200, body: cut ? { ...page, objects: rows.filter((row) => cut.has(row)).map(shown) } : page };
    }
    case 'POST':
      return create(call, resource, site);
    case 'PATCH':
      return bulk(call.body, resource, site);
    case 'PUT':
      return replaceAll(call.body, resource, site);
    case 'DELETE': {
      // As on a real platform: a forgotten id deletes every object of the kind.
      for (const row of store.rows(resource.name)) {
        const { blockedBy } = store.remove(resource.name, row.id);
        if (blockedBy) return inUse(blockedBy);
      }
      return { status: 204 };
    }
    default:
      return { ...notAllowed, headers: { Allow: 'GET,POST,PUT,DELETE,PATCH' } };
  }
}

/** In the order of their ids; of a filter by ids only those, found without a look at ten thousand others. */
function rowsOf({ name }: Resource, parameters: URLSearchParams, store: Store): Row[] {
  const ids = parameters.get('id__in')?.split(',');
  if (!ids) return store.rows(name);
  const wanted = [...new Set(ids.map(Number))].toSorted((a, b) => a - b);
  return wanted.flatMap((id) => store.get(name, id) ?? []);
}

function create(call: Call, resource: Resource, site: Configuration): Reply {
  const checked = validate(resource, call.body, peersOf(resource, site), { partial: false });
  if ('errors' in checked) return invalid(resource, checked.errors, site);
  const refusal = licence(resource, 1, site);
  if (refusal) return refusal;
  const row = site.store.insert(resource.name, checked.row);
  const headers = { Location: uriOf(resource.name, row.id) };
  const made = site.created?.(resource, row);
  if (!made) return { status: 201, headers };
  site.store.replace(resource.name, row.id, made.row);
  return { status: 201, headers, body: made.shownOnce };
}

function one(call: Call, resource: Resource, row: Row, site: Configuration): Reply {
  const { store, behaviour } = site;
  switch (call.method) {
    case 'GET':
      return { status: 200, body: view(resource, row, store, behaviour) };
    case 'PATCH':
    case 'PUT': {
      const partial = call.method === 'PATCH';
      const checked = validate(resource, call.body, peersOf(resource, site), { before: row, partial });
      if ('errors' in checked) return invalid(resource, checked.errors, site);
      store.replace(resource.name, row.id, checked.row);
      if (!partial) return { status: 204 };
      return behaviour.patchStatus === 200
        ? { status: 200, body: view(resource, { ...row, ...checked.row }, store, behaviour) }
        : { status: behaviour.patchStatus };
    }
    case 'DELETE': {
      const { blockedBy } = store.remove(resource.name, row.id);
      return blockedBy ? inUse(blockedBy) : { status: 204 };
    }
    default:
      return { ...notAllowed, headers: { Allow: 'GET,PUT,DELETE,PATCH' } };
  }
}

/** PATCH of a list: objects with a `resource_uri` are changed, others created, `deleted_objects` deleted; all or none. */
function bulk(body: unknown, resource: Resource, site: Configuration): Reply {
  const { store } = site;
  const given = body as { objects?: unknown; deleted_objects?: unknown } | null | undefined;
  if (!given || !Array.isArray(given.objects))
    return { status: 400, body: { error: "Invalid data sent: no 'objects'." } };
  const doomed = Array.isArray(given.deleted_objects) ? given.deleted_objects : [];
  const undo = store.rows(resource.name);
  const known = new Set(undo.map((row) => row.id));
  let failure: Reply | undefined;
  for (const item of given.objects) {
    const uri = typeof item === 'object' && item !== null && 'resource_uri' in item ? String(item.resource_uri) : '';
    const before = uri ? store.follow(uri) : undefined;
    if (uri && (!before || uri !== uriOf(resource.name, before.id))) {
      failure = notFound;
      break;
    }
    const how = before ? { before, partial: true } : { partial: false };
    const checked = validate(resource, item, peersOf(resource, site), how);
    failure =
      'errors' in checked ? invalid(resource, checked.errors, site) : before ? undefined : licence(resource, 1, site);
    if (failure || 'errors' in checked) break;
    if (before) store.replace(resource.name, before.id, checked.row);
    else store.insert(resource.name, checked.row);
  }
  if (failure) {
    for (const row of store.rows(resource.name)) if (!known.has(row.id)) store.remove(resource.name, row.id);
    for (const row of undo) if (store.get(resource.name, row.id) !== row) store.replace(resource.name, row.id, row);
    return failure;
  }
  for (const uri of doomed) {
    const row = store.follow(String(uri));
    const outcome = row && uriOf(resource.name, row.id) === uri ? store.remove(resource.name, row.id) : {};
    if (outcome.blockedBy) return inUse(outcome.blockedBy);
  }
  return { status: 202 };
}

/** PUT of a list: the collection becomes what was sent. */
function replaceAll(body: unknown, resource: Resource, site: Configuration): Reply {
  const old = site.store.rows(resource.name);
  const objects = (body as { objects?: unknown } | undefined)?.objects;
  if (!Array.isArray(objects)) return { status: 400, body: { error: "Invalid data sent: no 'objects'." } };
  for (const row of old) {
    const { blockedBy } = site.store.remove(resource.name, row.id);
    if (blockedBy) return inUse(blockedBy);
  }
  const reply = bulk({ objects: objects.map(withoutUri) }, resource, site);
  if (reply.status >= 300) for (const row of old) site.store.replace(resource.name, row.id, row);
  return reply.status < 300 ? { status: 204 } : reply;
}

function withoutUri(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'resource_uri' && name !== 'id'));
}

/** Which constraints a real node has is not documented. */
function peersOf({ name }: Resource, { store, behaviour }: Configuration): Peers {
  const peers = store.peers(name);
  return behaviour.duplicates === 'accept' ? { ...peers, holder: () => undefined } : peers;
}

function licence(resource: Resource, more: number, site: Configuration): Reply | undefined {
  const { behaviour, store } = site;
  if (resource.name !== 'mjx_endpoint' || behaviour.overLicence === 'accept') return undefined;
  if (store.count('mjx_endpoint') + more <= behaviour.otjTotal) return undefined;
  return invalid(resource, { __all__: ['There are not enough One-Touch Join licenses.'] }, site);
}

function invalid(resource: Resource, errors: FieldErrors, { behaviour }: Configuration): Reply {
  return { status: 400, body: behaviour.errorShape === 'nested' ? { [resource.name]: errors } : errors };
}

const inUse = (uri: string): Reply => ({ status: 400, body: { error: 'Object in use', details: uri } });
