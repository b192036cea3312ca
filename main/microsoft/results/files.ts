/** Files in the library of a SharePoint site, by path: the same path is the same file, so that repeating is harmless. */
import { z } from 'zod';
import { OtjError } from '../../contract/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { type Link, openLink } from '../graph/link.ts';
import { segment } from '../graph/odata.ts';
import { LIMITS, SCOPES } from './columns.ts';

export interface Upload {
  siteId: string;
  /** Below the library's root, such as `OTJ migration/oslo-report.html`. */
  path: string;
  bytes: Uint8Array;
  type: string;
  /** Bytes that go in one request; more go by an upload session. */
  putMost?: number;
  /** Authorities in PEM that are trusted besides the system's, for the address of a session. */
  ca: string | null;
}

/** Tries of one fragment; between them the session is asked what it has. */
const TRIES = 4;

const fileSchema = z.looseObject({ webUrl: z.string().nullish() });
const sessionSchema = z.looseObject({ uploadUrl: z.string() });
const expectingSchema = z.looseObject({ nextExpectedRanges: z.array(z.string()) });

/**
 * @returns where people find it; null where the answer did not tell
 * @throws OtjError RESULTS_SITE_MISSING, and what Graph throws
 */
export async function uploadFile(graph: Graph, upload: Upload, signal?: AbortSignal): Promise<string | null> {
  const { siteId, path, bytes, type, putMost = LIMITS.putMost.value } = upload;
  const at = `/sites/${siteId.split(',').map(segment).join(',')}/drive/root:/${path.split('/').map(segment).join('/')}:`;
  try {
    if (bytes.length > putMost) return await bySession(graph, at, upload, signal);
    const headers = { 'Content-Type': type };
    const { body } = await graph.ask(
      { method: 'PUT', path: `${at}/content`, body: bytes, headers, scopes: SCOPES.files },
      signal,
    );
    return urlIn(body);
  } catch (thrown) {
    if (thrown instanceof OtjError && thrown.code === 'M365_NOT_FOUND')
      throw new OtjError('RESULTS_SITE_MISSING', thrown.words, { cause: thrown });
    throw thrown;
  }
}

async function bySession(
  graph: Graph,
  at: string,
  { bytes, ca }: Upload,
  signal?: AbortSignal,
): Promise<string | null> {
  const { body } = await graph.ask(
    {
      method: 'POST',
      path: `${at}/createUploadSession`,
      body: { item: { '@microsoft.graph.conflictBehavior': 'replace' } },
      scopes: SCOPES.files,
      // A session that nobody uses ends by itself.
      repeatable: true,
    },
    signal,
  );
  const session = sessionSchema.safeParse(body);
  const url = session.success ? URL.parse(session.data.uploadUrl) : null;
  if (url?.protocol !== 'https:') throw new OtjError('M365_ODD', 'no address for the upload');
  const link = openLink(ca);
  try {
    return await sendAll(link, url, bytes, signal);
  } finally {
    await link.close();
  }
}

/** The address of a session is a secret of its own: it takes no token, and whoever has it may write. It is in no message. */
async function sendAll(link: Link, url: URL, bytes: Uint8Array, signal?: AbortSignal): Promise<string | null> {
  let tries = 0;
  for (let from = 0; ; ) {
    if (signal?.aborted) throw new OtjError('CANCELLED');
    const to = Math.min(from + LIMITS.sliceBytes.value, bytes.length);
    const slice = bytes.subarray(from, to);
    const range = `bytes ${from}-${to - 1}/${bytes.length}`;
    const headers = { 'content-range': range, 'content-type': 'application/octet-stream' };
    const reply = await link.send(url, { method: 'PUT', headers, body: slice }).catch((thrown: unknown) => {
      if (++tries >= TRIES) throw lost(thrown);
      return null;
    });
    if (reply && (reply.status === 200 || reply.status === 201)) return urlIn(jsonOf(reply.text));
    if (reply && reply.status !== 202 && reply.status !== 416 && reply.status < 500 && reply.status !== 429)
      throw new OtjError('M365_REFUSED', `HTTP ${reply.status} to a fragment of an upload`);
    if (reply?.status === 202) tries = 0;
    else if (reply && ++tries >= TRIES)
      throw new OtjError('M365_UNREACHABLE', `HTTP ${reply.status} to a fragment of an upload`);
    const next = reply?.status === 202 ? expectedIn(reply.text) : await expected(link, url, bytes.length);
    if (next === 'whole') return null;
    from = next ?? from;
  }
}

/** Where a session goes on after a lost answer; `whole` = it has ended, as it does with its last fragment. */
async function expected(link: Link, url: URL, length: number): Promise<number | 'whole' | null> {
  const reply = await link.send(url, { method: 'GET' }).catch(() => null);
  if (reply?.status === 404) return 'whole';
  const next = reply && expectedIn(reply.text);
  return next !== null && next >= length ? 'whole' : next;
}

function expectedIn(text: string): number | null {
  const read = expectingSchema.safeParse(jsonOf(text)).data;
  const from = Number.parseInt(read?.nextExpectedRanges[0] ?? '', 10);
  return Number.isSafeInteger(from) && from >= 0 ? from : null;
}

function urlIn(body: unknown): string | null {
  const url = fileSchema.safeParse(body).data?.webUrl;
  return url?.startsWith('https://') ? url : null;
}

function lost(thrown: unknown): OtjError {
  const words = thrown instanceof OtjError ? thrown.code : '';
  return new OtjError('M365_UNREACHABLE', `an upload was cut off: ${words}`, { cause: thrown });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
