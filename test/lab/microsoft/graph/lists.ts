/**
 * SharePoint sites with their lists, as Graph shows them. Source: list, columnDefinition, listItem and fieldValueSet in Graph's
 * reference: `If-Match` on an item's fields, a filter only on indexed columns (beyond 5,000 items whatever is preferred),
 * fields without a value left out, pages of 200.
 */
import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import { checked, columnFrom, invalid, isReply, MOST_INDICES, told } from './columns.ts';
import { type LabItem, LabList } from './list.ts';
import { type Call, fault, type Reply, type Route } from './route.ts';

const READ = ['Sites.Read.All', 'Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.FullControl.All', 'Sites.Selected'];
const WRITE = ['Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.FullControl.All', 'Sites.Selected'];
const MANAGE = ['Sites.Manage.All', 'Sites.FullControl.All'];
const PAGE = 200;
const MOST_PAGE = 5_000;
const THRESHOLD = 5_000;

export interface LabSite {
  id: string;
  host: string;
  /** `/sites/otj`; empty for the root. */
  path: string;
  displayName: string;
  lists: LabList[];
  /** Apps that were given the role `write` here: what `Sites.Selected` is worth. Source: site-post-permissions. */
  readonly opened: Set<string>;
}

export class LabSites {
  readonly sites: LabSite[] = [];
  /** Writes that SharePoint takes in one second before it turns others away; more are free. */
  writesPerSecond = Number.POSITIVE_INFINITY;
  /** What an `If-Match` of before is answered with: 412 as documented, or the 409 that SharePoint is seen to answer as well. */
  mismatch: 409 | 412 = 412;
  /** Writes to items that meet another write in the same moment: nothing is done, also without an `If-Match`. */
  crossings = 0;
  /** Answers to writes of fields tell no etag, as the example of the documentation shows none. */
  tagless = false;
  /** Columns are told with null for what is not set. Seen of lists that other tools have made. */
  nulls = false;
  /** Writes that were done, of all lists. */
  writes = 0;
  private window = { from: 0, count: 0 };

  addSite(host: string, path: string, displayName: string): LabSite {
    const site = {
      id: `${host},${randomUUID()},${randomUUID()}`,
      host,
      path,
      displayName,
      lists: [],
      opened: new Set<string>(),
    };
    this.sites.push(site);
    return site;
  }

  get routes(): Route[] {
    const list = '/sites/{site}/lists/{list}';
    const route = (method: string, pattern: string, needs: readonly string[], handle: Route['handle']): Route => {
      const limited: Route['handle'] = (call) =>
        this.closedTo(call, needs) ?? (method === 'GET' ? null : this.turnedAway(call.behaviour)) ?? handle(call);
      return { method, pattern, workload: 'sites', needs, handle: limited };
    };
    return [
      route('GET', '/sites/{host}:/{path*}', READ, ({ params }) =>
        this.siteAt(params.host ?? '', `/${params.path ?? ''}`),
      ),
      route('GET', '/sites/{site}', READ, (call) => this.oneSite(call)),
      route('GET', '/sites/{site}/lists', READ, (call) => this.within(call, (site) => listsOf(site))),
      route('POST', '/sites/{site}/lists', MANAGE, (call) => this.within(call, (site) => createList(site, call.body))),
      route('GET', list, READ, (call) => this.inList(call, (one, site) => ok(listView(site, one)))),
      route('GET', `${list}/columns`, READ, (call) =>
        this.inList(call, ({ columns }) =>
          ok({ value: columns.map((one) => (this.nulls ? withNulls(told(one)) : told(one))) }),
        ),
      ),
      route('POST', `${list}/columns`, MANAGE, (call) => this.inList(call, (one) => addColumn(one, call.body))),
      route('GET', `${list}/items`, READ, (call) => this.inList(call, (one) => items(one, call))),
      route('POST', `${list}/items`, WRITE, (call) => this.inList(call, (one) => this.create(one, call))),
      route('GET', `${list}/items/{item}`, READ, (call) =>
        this.inItem(call, (one, item) => ok(itemView(one, item, call))),
      ),
      route('PATCH', `${list}/items/{item}/fields`, WRITE, (call) =>
        this.inItem(call, (one, item) => this.update(one, item, call)),
      ),
      route('DELETE', `${list}/items/{item}`, WRITE, (call) =>
        this.inItem(call, (one, item) => this.remove(one, item, call)),
      ),
    ];
  }

  siteOf(id: string): LabSite | undefined {
    return this.sites.find((site) => site.id === id);
  }

  /** By `Sites.Selected` alone an app reaches only what was opened to it. */
  closedTo({ params, caller }: Call, needs: readonly string[]): Reply | null {
    if (needs.some((name) => name !== 'Sites.Selected' && caller.permissions.has(name))) return null;
    const path = `/${params.path ?? ''}`.toLowerCase();
    const site = this.siteOf(params.site ?? '') ?? this.sites.find((one) => one.path.toLowerCase() === path);
    return site && !site.opened.has(caller.app) ? fault(403, 'accessDenied', 'Access denied') : null;
  }

  /** Source: the throttling page has no figure for SharePoint that holds for all; a refused request counts as well. */
  private turnedAway({ throttling, retryAfterS }: Behaviour): Reply | null {
    const now = performance.now();
    if (now - this.window.from >= 1_000) this.window = { from: now, count: 0 };
    if (!throttling || ++this.window.count <= this.writesPerSecond) return null;
    return fault(429, 'activityLimitReached', 'The request has been throttled.', {
      'Retry-After': String(retryAfterS),
    });
  }

  private siteAt(host: string, path: string): Reply {
    const site = this.sites.find(
      (one) => one.host === host.toLowerCase() && one.path.toLowerCase() === path.toLowerCase(),
    );
    return site ? ok(siteView(site)) : missing('Requested site could not be found');
  }

  private oneSite({ params }: Call): Reply {
    const id = params.site ?? '';
    const site = this.siteOf(id) ?? this.sites.find(({ host, path }) => host === id.toLowerCase() && path === '');
    return site ? ok(siteView(site)) : missing('Requested site could not be found');
  }

  private within({ params }: Call, work: (site: LabSite) => Reply): Reply {
    const site = this.siteOf(params.site ?? '');
    return site ? work(site) : missing('Requested site could not be found');
  }

  private inList(call: Call, work: (list: LabList, site: LabSite) => Reply): Reply {
    return this.within(call, (site) => {
      const wanted = call.params.list ?? '';
      const list = site.lists.find(({ id, displayName }) => id === wanted || displayName === wanted);
      return list ? work(list, site) : missing('The specified list was not found');
    });
  }

  private inItem(call: Call, work: (list: LabList, item: LabItem) => Reply): Reply {
    return this.inList(call, (list) => {
      const item = list.items.get(call.params.item ?? '');
      return item ? work(list, item) : missing('The specified item was not found');
    });
  }

  private create(list: LabList, { body, behaviour, query, ...call }: Call): Reply {
    const changes = checked(list.columns, (body as { fields?: unknown } | undefined)?.fields ?? {});
    if (isReply(changes)) return changes;
    const item = list.add(changes, behaviour.consistencyMs);
    if (isReply(item)) return item;
    this.writes++;
    const whole = itemView(list, item, { query, ...call });
    return {
      status: 201,
      headers: { ETag: list.etag(item) },
      body: { ...whole, fields: fieldsView(list, item, null) },
    };
  }

  private update(list: LabList, item: LabItem, { headers, body }: Call): Reply {
    const changed = this.isChanged(list, item, headers);
    if (changed) return changed;
    const changes = checked(list.columns, body);
    if (isReply(changes)) return changes;
    const refused = list.change(item, changes);
    if (refused) return refused;
    this.writes++;
    const { '@odata.etag': tag, ...fields } = fieldsView(list, item, null);
    if (this.tagless) return { status: 200, body: fields };
    return { status: 200, headers: { ETag: list.etag(item) }, body: { '@odata.etag': tag, ...fields } };
  }

  private remove(list: LabList, item: LabItem, { headers }: Call): Reply {
    const changed = this.isChanged(list, item, headers);
    if (changed) return changed;
    list.remove(item.id);
    this.writes++;
    return { status: 204 };
  }

  private isChanged(list: LabList, item: LabItem, headers: Call['headers']): Reply | null {
    if (this.crossings > 0) {
      this.crossings--;
      return fault(409, 'resourceModified', "ETag does not match current item's value");
    }
    const wanted = headers['if-match'];
    if (wanted === undefined || wanted === '*' || wanted === list.etag(item)) return null;
    if (!/^(?:W\/)?"[^"]+"$/.test(wanted)) return fault(400, 'invalidRequest', 'The If-Match header is not valid.');
    return fault(
      this.mismatch,
      'resourceModified',
      'The resource has changed since the caller last read it; usually an eTag mismatch',
    );
  }
}

/** As some services tell it: what is not set is null in place of false or nothing. */
function withNulls(column: Record<string, unknown>): Record<string, unknown> {
  const blank = (value: unknown) => (value === false || value === '' ? null : value);
  return Object.fromEntries(
    Object.entries(column).map(([name, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [name, blank(value)];
      const inner = Object.entries({ textType: null, ...value }).map(([key, one]) => [key, blank(one)]);
      return [name, name === 'text' ? Object.fromEntries(inner) : value];
    }),
  );
}

function listsOf(site: LabSite): Reply {
  return ok({ value: site.lists.map((list) => listView(site, list)) });
}

function createList(site: LabSite, body: unknown): Reply {
  const {
    displayName,
    columns = [],
    list,
  } = (body ?? {}) as { displayName?: string; columns?: unknown[]; list?: { template?: string } };
  if (typeof displayName !== 'string' || displayName === '' || list?.template !== 'genericList')
    return invalid('Invalid request');
  if (site.lists.some((one) => one.displayName.toLowerCase() === displayName.toLowerCase()))
    return fault(409, 'nameAlreadyExists', 'Name already exists');
  const made = columns.map((column) => columnFrom(randomUUID(), column));
  const fit = made.filter((column) => column !== null);
  if (fit.length < made.length || fit.filter(({ indexed }) => indexed).length > MOST_INDICES)
    return invalid('Invalid column definition');
  const one = new LabList(displayName, fit);
  site.lists.push(one);
  return { status: 201, body: listView(site, one) };
}

function addColumn(list: LabList, body: unknown): Reply {
  const column = columnFrom(randomUUID(), body);
  if (!column || list.columns.some(({ name }) => name === column.name)) return invalid('Invalid column definition');
  list.columns.push(column);
  return { status: 201, body: told(column) };
}

function items(list: LabList, call: Call): Reply {
  const { query, headers, base, path } = call;
  const now = performance.now();
  let found: Iterable<LabItem> = list.items.values();
  const filter = query.get('$filter');
  if (filter !== undefined) {
    const clause = /^fields\/(\w+)\s+eq\s+'((?:[^']|'')*)'$/.exec(filter);
    const column = list.columns.find(({ name }) => name === clause?.[1]);
    if (!clause || !column) return invalid('Invalid filter clause');
    const warned = headers.prefer?.includes('HonorNonIndexedQueriesWarningMayFailRandomly') ?? false;
    if (!column.indexed && !(warned && list.items.size <= THRESHOLD))
      return invalid(`Field '${column.name}' cannot be referenced in filter or orderby as it is not indexed.`);
    const wanted = (clause[2] ?? '').replaceAll("''", "'").toLowerCase();
    found = [...found].filter(({ fields }) => String(fields[column.name] ?? '').toLowerCase() === wanted);
  }
  const seen = [...found].filter(({ seenFrom }) => seenFrom <= now);
  const top = Number(query.get('$top') ?? PAGE);
  if (!Number.isInteger(top) || top < 1) return invalid('Invalid $top');
  const after = Number(Buffer.from(query.get('$skiptoken') ?? '', 'base64url').toString() || 0);
  const rest = seen.filter(({ id }) => Number(id) > after);
  const page = rest.slice(0, Math.min(top, MOST_PAGE));
  const body: Record<string, unknown> = { value: page.map((item) => itemView(list, item, call)) };
  if (page.length < rest.length) {
    const kept = ['$expand', '$filter', '$top'].flatMap((name) => {
      const value = query.get(name);
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    const token = Buffer.from(page.at(-1)?.id ?? '').toString('base64url');
    body['@odata.nextLink'] = `${base}${path}?${[...kept, `$skiptoken=${token}`].join('&')}`;
  }
  return ok(body);
}

function itemView(list: LabList, item: LabItem, { query }: Pick<Call, 'query'>): Record<string, unknown> {
  const etag = list.etag(item);
  const view: Record<string, unknown> = { '@odata.etag': etag, id: item.id, eTag: etag, contentType: { name: 'Item' } };
  const expand = query.get('$expand');
  if (expand === undefined) return view;
  const wanted = /^fields(?:\(\$?select=([\w,]+)\))?$/.exec(expand);
  return wanted ? { ...view, fields: fieldsView(list, item, wanted[1]?.split(',') ?? null) } : view;
}

function fieldsView(list: LabList, item: LabItem, names: readonly string[] | null): Record<string, unknown> {
  const kept = Object.entries(item.fields).filter(
    ([name]) => (names === null || names.includes(name)) && list.columns.some((column) => column.name === name),
  );
  return { '@odata.etag': list.etag(item), ...(names === null ? { id: item.id } : {}), ...Object.fromEntries(kept) };
}

function siteView({ id, displayName, host, path }: LabSite): Record<string, unknown> {
  return { id, displayName, name: path.split('/').at(-1) ?? '', webUrl: `https://${host}${path}` };
}

function listView(site: LabSite, { id, displayName }: LabList): Record<string, unknown> {
  const webUrl = `https://${site.host}${site.path}/Lists/${encodeURIComponent(displayName)}`;
  return {
    id,
    name: displayName,
    displayName,
    webUrl,
    list: { template: 'genericList', hidden: false, contentTypesEnabled: false },
  };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function missing(message: string): Reply {
  return fault(404, 'itemNotFound', message);
}
