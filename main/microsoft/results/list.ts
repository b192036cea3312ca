/** The results list behind Graph: finding and making it, reading items, and the requests that write one. */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { ColumnMapping, ListColumn, ResultFields, ResultsTarget } from '../../contract/microsoft/results.ts';
import type { Graph, GraphAnswer, GraphRequest } from '../graph/graph.ts';
import { literal, segment, withQuery } from '../graph/odata.ts';
import * as reading from '../graph/reading.ts';
import { sitePath } from './address.ts';
import { columnIn, definitionOf, LIMITS, listBody, proposeMapping, SCOPES } from './columns.ts';
import { fromList, toList } from './fields.ts';

/** An item of the list as it was read. */
export interface ListItem {
  id: string;
  /** null = the answer did not tell it: read before the next write. */
  etag: string | null;
  /** Our columns. */
  fields: ResultFields;
}

/** A site or a list. */
const namedSchema = z.looseObject({ id: reading.id, displayName: reading.words, webUrl: reading.words });
const fieldsSchema = z.looseObject({ '@odata.etag': reading.text });

/** Matches no item: what was never read is refused, and looked at again by whoever asked. */
const NO_TAG = '"unread,0"';

type Named = ResultsTarget['site'];

/** @throws OtjError RESULTS_SITE_ADDRESS, RESULTS_SITE_MISSING, and what Graph throws */
async function findSite(graph: Graph, address: string, signal?: AbortSignal): Promise<Named> {
  const path = sitePath(address);
  try {
    const { body } = await graph.ask({ method: 'GET', path, scopes: SCOPES.write }, signal);
    return named(body);
  } catch (thrown) {
    throw codeOf(thrown) === 'M365_NOT_FOUND'
      ? new OtjError('RESULTS_SITE_MISSING', wordsOf(thrown), { cause: thrown })
      : thrown;
  }
}

/** The list of this name or id; null = there is none. */
async function findList(graph: Graph, siteId: string, name: string, signal?: AbortSignal): Promise<Named | null> {
  const request: GraphRequest = { method: 'GET', path: `/sites/${siteOf(siteId)}/lists`, scopes: SCOPES.write };
  const wanted = name.normalize('NFKC').trim().toLowerCase();
  for await (const raw of graph.pages(request, signal)) {
    const list = namedIn(raw);
    if (!list) continue;
    if (list.id === name || list.name.normalize('NFKC').trim().toLowerCase() === wanted) return list;
  }
  return null;
}

/**
 * Makes the list with its columns. One of this name that is there already is given back, so that a lost answer makes no
 * second one.
 */
export async function createList(graph: Graph, siteId: string, name: string, signal?: AbortSignal): Promise<Named> {
  const path = `/sites/${siteOf(siteId)}/lists`;
  try {
    const request: GraphRequest = {
      method: 'POST',
      path,
      body: listBody(name),
      scopes: SCOPES.create,
      repeatable: false,
    };
    return named((await graph.ask(request, signal)).body);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code !== 'M365_UNCERTAIN' && code !== 'M365_REFUSED') throw thrown;
    const there = await findList(graph, siteId, name, signal);
    if (!there) throw thrown;
    return there;
  }
}

/** Columns of a list that can be written. Throws RESULTS_LIST_MISSING, and what Graph throws. */
export async function readColumns(
  graph: Graph,
  siteId: string,
  listId: string,
  signal?: AbortSignal,
): Promise<ListColumn[]> {
  const columns: ListColumn[] = [];
  const path = `${listPath(siteId, listId)}/columns`;
  try {
    for await (const raw of graph.pages({ method: 'GET', path, scopes: SCOPES.write }, signal)) {
      const column = columnIn(raw);
      if (column) columns.push(column);
    }
  } catch (thrown) {
    throw listGone(thrown);
  }
  return columns;
}

/** What is at an address and how it fits. Writes nothing. */
export async function lookAtTarget(
  graph: Graph,
  address: string,
  listName: string,
  signal?: AbortSignal,
): Promise<ResultsTarget> {
  const site = await findSite(graph, address, signal);
  const list = await findList(graph, site.id, listName, signal);
  const columns = list ? await readColumns(graph, site.id, list.id, signal) : [];
  return { site, list, columns, proposed: proposeMapping(columns) };
}

export class ResultsList {
  readonly graph: Graph;
  readonly mapping: ColumnMapping;
  private readonly path: string;
  private readonly keyColumn: string;
  private column: ListColumn | null = null;

  constructor(graph: Graph, where: { siteId: string; listId: string }, mapping: ColumnMapping) {
    this.graph = graph;
    this.mapping = mapping;
    this.path = `${listPath(where.siteId, where.listId)}/items`;
    this.keyColumn = mapping.jobKey ?? definitionOf('jobKey').name;
  }

  /** What the list itself does about keys is known from here on. */
  knows(columns: readonly ListColumn[]): void {
    this.column = columns.find(({ name }) => name === this.keyColumn) ?? null;
  }

  /** Whether the list itself refuses a second item with the same key. */
  get unique(): boolean {
    return this.column?.unique ?? false;
  }

  /** Whether SharePoint finds by key however long the list is. */
  private get indexed(): boolean {
    return this.column?.indexed ?? false;
  }

  /** Every item that has a key of ours. Throws RESULTS_LIST_MISSING, and what Graph throws. */
  async *readAll(signal?: AbortSignal): AsyncIterable<ListItem> {
    const path = withQuery(this.path, { $expand: this.expand, $top: LIMITS.pageSize.value });
    try {
      for await (const raw of this.graph.pages({ method: 'GET', path, scopes: SCOPES.write }, signal)) {
        const item = this.itemIn(raw);
        if (item?.fields.jobKey) yield item;
      }
    } catch (thrown) {
      throw listGone(thrown);
    }
  }

  /**
   * Items by key, all of each. Throws RESULTS_NOT_INDEXED, and what Graph throws.
   * @returns for each key that was looked up; an error in the place of those that were not
   */
  async lookUp(keys: readonly string[], signal?: AbortSignal): Promise<Map<string, ListItem[] | OtjError>> {
    const answers = await this.graph.batch<unknown>(
      keys.map((key) => ({
        method: 'GET',
        path: withQuery(this.path, { $expand: this.expand, $filter: `fields/${this.keyColumn} eq ${literal(key)}` }),
        scopes: SCOPES.write,
        // refused without it, even in a short list
        ...(this.indexed ? {} : { headers: { Prefer: 'HonorNonIndexedQueriesWarningMayFailRandomly' } }),
      })),
      signal,
    );
    return new Map(keys.map((key, at) => [key, this.found(key, answers[at])]));
  }

  /** Items by id; an empty list where one is not there any more. */
  async readSome(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, ListItem[] | OtjError>> {
    if (ids.length === 0) return new Map();
    const answers = await this.graph.batch<unknown>(
      ids.map((id) => ({
        method: 'GET',
        path: withQuery(`${this.path}/${segment(id)}`, { $expand: this.expand }),
        scopes: SCOPES.write,
      })),
      signal,
    );
    return new Map(ids.map((id, at) => [id, this.oneOf(answers[at])]));
  }

  create(fields: ResultFields): GraphRequest {
    return {
      method: 'POST',
      path: this.path,
      body: { fields: toList(fields, this.mapping) },
      scopes: SCOPES.write,
      repeatable: false,
    };
  }

  /** Fails with M365_CHANGED when the item is not as it was when it had this tag. */
  update({ id, etag }: Pick<ListItem, 'id' | 'etag'>, fields: ResultFields): GraphRequest {
    return {
      method: 'PATCH',
      path: `${this.path}/${segment(id)}/fields`,
      body: toList(fields, this.mapping),
      headers: { 'If-Match': etag ?? NO_TAG },
      scopes: SCOPES.write,
      repeatable: false,
    };
  }

  remove({ id, etag }: Pick<ListItem, 'id' | 'etag'>): GraphRequest {
    const headers = { 'If-Match': etag ?? NO_TAG };
    return { method: 'DELETE', path: `${this.path}/${segment(id)}`, headers, scopes: SCOPES.write, repeatable: false };
  }

  /** The item as the answer to a `create` has it. Throws M365_ODD. */
  created({ body, etag }: GraphAnswer, sent: ResultFields): ListItem {
    const item = itemIn(body);
    if (!item) throw new OtjError('M365_ODD', 'no item in the answer');
    return { id: item.id, etag: item.etag ?? etag, fields: item.fields ? fromList(item.fields, this.mapping) : sent };
  }

  /** The item as it is after an `update`. */
  updated({ body, etag }: GraphAnswer, before: ListItem, sent: ResultFields): ListItem {
    const read = fieldsSchema.safeParse(body).data;
    // An answer that tells only some columns says nothing of the others.
    const told =
      read && Object.fromEntries(Object.entries(this.mapping).filter(([, name]) => Object.hasOwn(read, name)));
    const fields = { ...before.fields, ...sent, ...(read && told ? fromList(read, told) : {}) };
    return { id: before.id, etag: read?.['@odata.etag'] ?? etag, fields };
  }

  private oneOf(answer: GraphAnswer<unknown> | OtjError | undefined): ListItem[] | OtjError {
    if (!answer) return new OtjError('M365_ODD', 'no answer');
    if (answer instanceof OtjError) return answer.code === 'M365_NOT_FOUND' ? [] : answer;
    const item = this.itemIn(answer.body);
    return item ? [item] : new OtjError('M365_ODD', 'no item in the answer');
  }

  private found(key: string, answer: GraphAnswer<unknown> | OtjError | undefined): ListItem[] | OtjError {
    if (!answer) return new OtjError('M365_ODD', 'no answer');
    if (answer instanceof OtjError) {
      if (answer.code === 'M365_REFUSED' && !this.indexed) return new OtjError('RESULTS_NOT_INDEXED', answer.words);
      return asOtjError(listGone(answer));
    }
    const page = z.looseObject({ value: z.array(z.unknown()) }).safeParse(answer.body);
    if (!page.success) return new OtjError('M365_ODD', 'no list of items');
    // Lists compare without regard to case; a filter that was not understood gives all.
    return page.data.value.flatMap((raw) => this.itemIn(raw) ?? []).filter(({ fields }) => fields.jobKey === key);
  }

  private get expand(): string {
    return `fields($select=${Object.values(this.mapping).join(',')})`;
  }

  private itemIn(raw: unknown): ListItem | null {
    const item = itemIn(raw);
    return item && { ...item, fields: fromList(item.fields ?? {}, this.mapping) };
  }
}

/** As a reply has it; null = it is none. Read by hand: there are thousands of them. */
function itemIn(raw: unknown): { id: string; etag: string | null; fields: Record<string, unknown> | null } | null {
  const { id, eTag, '@odata.etag': tag, fields } = objectIn(raw) ?? {};
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return null;
  const etag = [eTag, tag].find((one) => typeof one === 'string') ?? null;
  return { id: String(id), etag, fields: objectIn(fields) };
}

function objectIn(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function named(body: unknown): Named {
  const read = namedIn(body);
  if (!read) throw new OtjError('M365_ODD', 'neither a site nor a list');
  return read;
}

function namedIn(body: unknown): Named | null {
  const read = namedSchema.safeParse(body);
  if (!read.success) return null;
  const { id, displayName, webUrl } = read.data;
  return { id, name: displayName, url: webUrl.startsWith('https://') ? webUrl : '' };
}

function listPath(siteId: string, listId: string): string {
  return `/sites/${siteOf(siteId)}/lists/${segment(listId)}`;
}

/** Ids of sites are a host and two ids with commas between; Graph takes the commas as they are. */
function siteOf(id: string): string {
  return id.split(',').map(segment).join(',');
}

function listGone(thrown: unknown): unknown {
  return codeOf(thrown) === 'M365_NOT_FOUND'
    ? new OtjError('RESULTS_LIST_MISSING', wordsOf(thrown), { cause: thrown })
    : thrown;
}

function codeOf(thrown: unknown): string {
  return thrown instanceof OtjError ? thrown.code : '';
}

function wordsOf(thrown: unknown): string | undefined {
  return thrown instanceof OtjError ? thrown.words : undefined;
}
